"""Teams ask for more time, and organizers give it or decline."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jam import services as jam_services
from jam.errors import Refused
from jam.models import Act, Message
from submissions import services
from submissions.models import TimeRequest
from submissions.permissions import OrganizerRefusal, TimeRefusal
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    SUBMISSIONS_CLOSE,
    JamFactory,
    UserFactory,
)
from tests.submissions.factories import SubmissionFactory, frozen_submission

pytestmark = pytest.mark.django_db
NOW = MOMENTS["closing"]


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer")


@pytest.fixture
def jam(organizer):
    jam = JamFactory(slug="inside")
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def draft(jam):
    return SubmissionFactory(jam=jam, title="Our work", by=UserFactory())


def ask_time(submission, by=None, text="The power is out", moment=NOW):
    by = by or submission.contributors.get().user
    return services.ask_time(submission=submission, by=by, text=text, moment=moment)


def decline(submission, by, reason="It is not", moment=NOW):
    services.decline_time(submission=submission, by=by, reason=reason, moment=moment)


def grant(submission, by, moment=NOW):
    services.grant_time(
        submission=submission, by=by, expires_at=SUBMISSIONS_CLOSE + timedelta(hours=3),
        reason="The power is out", moment=moment,
    )  # fmt: skip


def refusal_of(act, *args, **values):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(*args, **values)
    return refused.value.refusal


def mails_to(user) -> list[str]:
    return [mail.subject for mail in Message.objects.filter(user=user).order_by("pk")]


def test_what_is_asked_is_told_to_organizers_and_given(draft, organizer):
    asked = ask_time(draft)
    [mail] = Message.objects.filter(user=organizer)
    assert mail.subject == "“Our work” asks for more time"
    assert "The power is out" in mail.text
    assert f"/submissions/{draft.pk}/organize/" in mail.text
    grant(draft, organizer)
    asked.refresh_from_db()
    assert (asked.settled_at, asked.settled_by, asked.declined_because) == (NOW, organizer, "")
    assert refusal_of(ask_time, draft) == TimeRefusal.HAS_TIME


def test_what_is_declined_is_told_to_the_team_which_may_ask_again(draft, organizer):
    asked = ask_time(draft)
    decline(draft, organizer)
    asked.refresh_from_db()
    assert (asked.settled_by, asked.declined_because) == (organizer, "It is not")
    assert mails_to(draft.contributors.get().user) == ["No more time for “Our work”"]
    ask_time(draft, text="But it is")
    assert TimeRequest.objects.open().count() == 1
    acts = Act.objects.order_by("pk").values_list("verb", "reason")
    # Not why they asked: the log outlives an account.
    assert list(acts) == [
        ("asked for more time", ""), ("declined more time", "It is not"),
        ("asked for more time", ""),
    ]  # fmt: skip


def test_why_a_team_may_not_ask(jam, draft):
    assert refusal_of(ask_time, draft, by=UserFactory()) == TimeRefusal.NOT_TEAM
    early = {"moment": MOMENTS["announced"]}
    assert refusal_of(ask_time, draft, **early) == TimeRefusal.NOT_STARTED
    assert refusal_of(ask_time, draft, moment=RATINGS_CLOSE) == TimeRefusal.CLOSED
    assert refusal_of(ask_time, draft, text=" ") == TimeRefusal.NO_WORDS
    rated = frozen_submission(jam)
    during = {"moment": MOMENTS["rating"]}
    assert refusal_of(ask_time, rated, **during) == TimeRefusal.IN_RATING
    gone = SubmissionFactory(jam=jam, withdrawn_at=NOW)
    assert refusal_of(ask_time, gone) == TimeRefusal.OUT
    ask_time(draft, moment=MOMENTS["making"])
    assert refusal_of(ask_time, draft) == TimeRefusal.ASKED


def test_why_somebody_may_not_decline(draft, organizer):
    assert refusal_of(decline, draft, organizer) == OrganizerRefusal.NOTHING_TO_DO
    ask_time(draft)
    assert refusal_of(decline, draft, UserFactory()) == OrganizerRefusal.NOT_ORGANIZER
    assert refusal_of(decline, draft, organizer, reason=" ") == OrganizerRefusal.NO_REASON


def test_the_database_keeps_requests_in_order(draft, organizer):
    ask_time(draft)
    given = {"submission": draft, "by": organizer, "text": "x", "asked_at": NOW}
    done = {"settled_at": NOW, "settled_by": organizer}
    for wrong in (
        {},
        {"text": "", **done},
        {"settled_at": NOW},
        {"declined_because": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            TimeRequest.objects.create(**{**given, **wrong})


def test_the_pages(client, at, draft, organizer):
    at(NOW)
    team = draft.contributors.get().user
    here = f"/jams/inside/submissions/{draft.pk}/more-time/"
    client.force_login(UserFactory())
    assert client.get(here).status_code == 404
    client.force_login(team)
    assert here in client.get(f"/jams/inside/submissions/{draft.pk}/edit/").content.decode()
    assert client.post(here, {"text": " "}).status_code == 422
    assert client.post(here, {"text": "The power is out"}).status_code == 302
    again = client.post(here, {"text": "Still out"})
    assert again.status_code == 422
    assert "Still out" in again.content.decode()
    client.force_login(organizer)
    desk = client.get("/jams/inside/desk/")
    [decision] = desk.context["decisions"]
    assert decision.text == "1 team asks for more time."
    assert "The power is out" in client.get(decision.url).content.decode()
    assert client.post(decision.url, {"act": "decline", "reason": "No"}).status_code == 302
    assert client.get("/jams/inside/desk/").context["decisions"] == []
    client.force_login(team)
    page = client.get(here).content.decode()
    assert "declined" in page
    assert "Ask the organizers" in page


def test_who_leaves_takes_what_they_asked_along(draft):
    user = ask_time(draft).by
    jam_services.close_account(user=user, by=user, moment=NOW)
    assert not TimeRequest.objects.exists()
