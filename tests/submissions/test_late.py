"""Time after the deadline: given by an organizer to one submission, for a reason, and labelled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jam.errors import Refused
from jam.models import Act, Message
from submissions import freezing, services, tasks
from submissions.models import LateGrant, Revision, Submission
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    RATINGS_OPEN,
    RESULTS,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    UserFactory,
)
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db

CLOSED = SUBMISSIONS_CLOSE + timedelta(minutes=2)
UNTIL = SUBMISSIONS_CLOSE + timedelta(hours=12)
REASON = "The hall lost its power."


@pytest.fixture
def jam():
    return JamFactory()


@pytest.fixture
def organizer(jam):
    organizer = UserFactory()
    jam.organizers.add(organizer)
    return organizer


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def draft(jam, person) -> Submission:
    """An incomplete draft."""
    return SubmissionFactory(jam=jam, by=person, abstract="")


def give(draft, organizer, until=UNTIL, moment=MOMENTS["closing"], reason=REASON) -> LateGrant:
    return services.grant_time(
        submission=draft, by=organizer, expires_at=until, reason=reason, moment=moment
    )


def complete(draft, person, moment, abstract="At last.") -> Submission:
    draft.refresh_from_db()
    return services.save_draft(
        submission=draft, by=person, fields={"abstract": abstract}, links=None,
        version=draft.version, moment=moment,
    )  # fmt: skip


def test_without_a_grant_nothing_is_taken(jam, draft, person):
    freezing.close(jam, CLOSED)
    with pytest.raises(Refused, match="closed"):
        complete(draft, person, CLOSED)


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (SUBMISSIONS_CLOSE, "closing"),
        (CLOSED - TICK, "closing"),
        (CLOSED, None),
        (UNTIL - TICK, None),
        (UNTIL, "grant_over"),
    ],
)
def test_it_opens_when_the_jam_is_closed_and_ends_when_it_says(
    jam, draft, person, organizer, moment, refusal
):
    give(draft, organizer, moment=MOMENTS["making"])
    freezing.close(jam, moment)
    if refusal:
        with pytest.raises(Refused, match=refusal):
            complete(draft, person, moment)
    else:
        assert complete(draft, person, moment).abstract == "At last."


def test_what_is_handed_in_late_is_labelled_and_goes_to_the_raters(jam, draft, person, organizer):
    give(draft, organizer)
    freezing.close(jam, CLOSED)
    moment = RATINGS_OPEN + timedelta(hours=1)
    complete(draft, person, moment)
    revision = services.hand_in(submission=draft, by=person, moment=moment)
    draft.refresh_from_db()
    assert (revision.origin, revision.arrived_at) == (Revision.Origin.LATE, moment)
    assert draft.frozen == revision
    assert draft.is_late
    assert draft in Submission.objects.in_the_running()
    assert "labelled late" in Message.objects.get(key=f"receipt:{revision.pk}").text
    # Now it is being rated.
    complete(draft, person, moment, "More.")
    with pytest.raises(Refused, match="in_rating"):
        services.hand_in(submission=draft, by=person, moment=moment)


def test_until_rating_opens_late_work_replaces_what_was_in_time(jam, person, organizer):
    draft = SubmissionFactory(jam=jam, by=person, abstract="In time.")
    give(draft, organizer)
    freezing.close(jam, CLOSED)
    draft.refresh_from_db()
    in_time = draft.frozen
    complete(draft, person, RATINGS_OPEN - TICK, "Better.")
    draft.refresh_from_db()
    assert draft.frozen == in_time
    services.hand_in(submission=draft, by=person, moment=RATINGS_OPEN - TICK)
    draft.refresh_from_db()
    assert draft.frozen.content["abstract"] == "Better."
    assert draft.is_late
    complete(draft, person, RATINGS_OPEN, "Best.")
    with pytest.raises(Refused, match="in_rating"):
        services.hand_in(submission=draft, by=person, moment=RATINGS_OPEN)


def test_handing_in_unchanged_what_was_in_time_makes_nothing_late(jam, person, organizer):
    draft = SubmissionFactory(jam=jam, by=person)
    give(draft, organizer)
    freezing.close(jam, CLOSED)
    services.hand_in(submission=draft, by=person, moment=CLOSED)
    draft.refresh_from_db()
    assert not draft.is_late
    assert draft.revisions.count() == 1


@pytest.mark.parametrize("by_visit", [False, True], ids=["sweep", "visit"])
def test_a_draft_that_is_complete_when_the_time_is_over_counts(
    jam, draft, person, organizer, at, by_visit
):
    grant = give(draft, organizer)
    freezing.close(jam, CLOSED)
    complete(draft, person, UNTIL - TICK)

    def come() -> None:
        Client().get(jam.get_absolute_url()) if by_visit else tasks.close_due()

    at(UNTIL + timedelta(minutes=2) - TICK)
    come()
    draft.refresh_from_db()
    assert not draft.is_frozen
    at(UNTIL + timedelta(minutes=2))
    come()
    come()
    draft.refresh_from_db()
    grant.refresh_from_db()
    assert draft.is_late
    assert draft.frozen.arrived_at == UNTIL
    assert draft.frozen.handed_in_by is None
    assert grant.settled_at is not None
    assert draft.revisions.count() == 1


def test_an_incomplete_draft_is_not_in_when_the_time_is_over(jam, draft, organizer, at):
    give(draft, organizer)
    freezing.close(jam, CLOSED)
    at(UNTIL + timedelta(minutes=2))
    tasks.close_due()
    draft.refresh_from_db()
    assert not draft.is_frozen
    assert not LateGrant.objects.live().exists()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"reason": "  "}, "no_reason"),
        ({"until": SUBMISSIONS_CLOSE - TICK}, "bad_time"),
        ({"until": MOMENTS["closing"] - TICK}, "bad_time"),
        ({"until": RATINGS_CLOSE}, "bad_time"),
    ],
)
def test_a_grant_wants_a_reason_and_a_time_that_makes_sense(draft, organizer, change, refusal):
    with pytest.raises(Refused, match=refusal):
        give(draft, organizer, **change)
    assert not LateGrant.objects.exists()


def test_only_organizers_give_time_and_not_to_what_is_out_or_being_rated(
    jam, draft, person, organizer
):
    for someone in (person, UserFactory(is_staff=True)):
        with pytest.raises(Refused, match="not_organizer"):
            give(draft, someone)
    draft.withdrawn_at = MOMENTS["making"]
    draft.save()
    with pytest.raises(Refused, match="withdrawn"):
        give(draft, organizer)
    whole = SubmissionFactory(jam=jam)
    freezing.close(jam, CLOSED)
    with pytest.raises(Refused, match="in_rating"):
        give(whole, organizer, moment=RATINGS_OPEN, until=RATINGS_OPEN + timedelta(hours=1))


def test_another_grant_takes_the_place_of_the_first_and_each_is_told_and_logged(draft, organizer):
    first = give(draft, organizer)
    second = give(draft, organizer, until=UNTIL + timedelta(hours=1))
    first.refresh_from_db()
    assert first.revoked_at
    assert list(LateGrant.objects.live()) == [second]
    assert Message.objects.filter(key__startswith="granted:").count() == 2
    assert all(REASON in message.text for message in Message.objects.all())
    assert Act.objects.filter(verb="granted more time", reason=REASON).count() == 2


def test_time_that_is_taken_back_is_over(jam, draft, person, organizer):
    give(draft, organizer)
    freezing.close(jam, CLOSED)
    services.revoke_time(submission=draft, by=organizer, reason="Not needed.", moment=CLOSED)
    with pytest.raises(Refused, match="closed"):
        complete(draft, person, CLOSED)
    with pytest.raises(Refused, match="nothing_to_do"):
        services.revoke_time(submission=draft, by=organizer, reason="", moment=CLOSED)


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"expires_at": MOMENTS["making"]}, {"second": True}],
    ids=["no reason", "ends before it begins", "two live ones"],
)
def test_the_database_keeps_the_rules_of_grants(draft, organizer, wrong):
    fields = {
        "submission": draft, "given_by": organizer, "given_at": MOMENTS["making"],
        "expires_at": UNTIL, "reason": REASON,
    }  # fmt: skip
    if wrong.pop("second", False):
        LateGrant.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        LateGrant.objects.create(**{**fields, **wrong})


# -- pages ---------------------------------------------------------------------------------


def page_of(draft) -> str:
    return f"/jams/{draft.jam.slug}/submissions/{draft.pk}/organize/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_organizer_gives_time_on_a_page_and_the_team_goes_on(jam, draft, person, organizer, at):
    at(MOMENTS["closing"])
    client = signed_in(organizer)
    assert "Still missing" in client.get(page_of(draft)).content.decode()
    empty = client.post(page_of(draft), {"act": "grant", "reason": "A reason that was typed."})
    assert empty.status_code == 422
    assert "A reason that was typed." in empty.content.decode()
    early = client.post(
        page_of(draft), {"act": "grant", "reason": REASON, "expires_at": "2030-05-01T10:00"}
    )
    assert early.status_code == 422
    assert "Choose a time" in early.content.decode()
    given = client.post(
        page_of(draft), {"act": "grant", "reason": REASON, "expires_at": f"{UNTIL:%Y-%m-%dT%H:%M}"}
    )
    assert given.status_code == 302
    assert LateGrant.objects.get().expires_at == UNTIL
    assert REASON in client.get(page_of(draft)).content.decode()

    at(MOMENTS["rating"].replace(day=6, hour=4))
    team = signed_in(person)
    assert "You have more time" in team.get(jam.get_absolute_url()).content.decode()
    edit = f"/jams/{jam.slug}/submissions/{draft.pk}/edit/"
    assert "Hand in" in team.get(edit).content.decode()


def test_disqualifying_and_reinstating_on_the_page(jam, organizer, at):
    at(MOMENTS["rating"])
    whole = SubmissionFactory(jam=jam)
    freezing.close(jam, MOMENTS["rating"])
    client = signed_in(organizer)
    assert client.post(page_of(whole), {"act": "disqualify", "reason": " "}).status_code == 422
    assert client.post(page_of(whole), {"act": "disqualify", "reason": "Copied"}).status_code == 302
    whole.refresh_from_db()
    assert whole.disqualification_reason == "Copied"
    assert "Copied" in client.get(page_of(whole)).content.decode()
    assert client.post(page_of(whole), {"act": "reinstate", "reason": "Ours"}).status_code == 302
    whole.refresh_from_db()
    assert whole.disqualified_at is None
    assert client.post(page_of(whole), {"act": "reinstate", "reason": "x"}).status_code == 422
    assert client.post(page_of(whole), {"act": "something"}).status_code == 302


def test_others_may_not_and_do_not_learn_of_drafts(jam, draft, person, at):
    at(MOMENTS["rating"])
    whole = SubmissionFactory(jam=jam)
    freezing.close(jam, MOMENTS["rating"])
    stranger = signed_in(UserFactory())
    assert stranger.get(page_of(whole)).status_code == 403
    assert stranger.get(page_of(draft)).status_code == 404
    assert signed_in(person).post(page_of(draft), {"act": "grant"}).status_code == 403
    assert Client().get(page_of(whole)).status_code == 302


def test_late_work_says_so_wherever_it_is_shown(jam, draft, person, organizer, at):
    give(draft, organizer)
    freezing.close(jam, CLOSED)
    complete(draft, person, CLOSED)
    revision = services.hand_in(submission=draft, by=person, moment=CLOSED)
    at(RESULTS)
    client = signed_in(person)
    for path in ("", f"{draft.pk}/", f"{draft.pk}/receipts/{revision.number}/"):
        page = client.get(f"/jams/{jam.slug}/submissions/{path}").content.decode()
        assert "late" in page.split("<main", 1)[1]
