"""Teams that take up an idea: who may, what others see of it, and how it ends."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from jam.errors import Refused
from submissions import services
from submissions.models import Origin, Submission
from tests.factories import MOMENTS, SUBMISSIONS_CLOSE, ParticipationFactory
from tests.jam.factories import IdeaFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(at):
    at(MOMENTS["making"])


@pytest.fixture
def draft():
    return SubmissionFactory(title="A hidden title")


@pytest.fixture
def idea(draft):
    return IdeaFactory(jam=draft.jam, title="Look twice")


def author_of(submission: Submission):
    return submission.contributors.get().user


def take_up(idea, draft, moment=MOMENTS["making"]):
    return services.take_up(idea=idea, submission=draft, by=author_of(draft), moment=moment)


def test_a_draft_takes_an_idea_up_and_gives_it_up(draft, idea, client):
    client.force_login(author_of(draft))
    button = reverse("submissions:take_up", args=[idea.jam.slug, idea.pk])
    for _n in range(2):
        client.post(button, {"draft": draft.pk})
    assert Origin.objects.get().claimed_at == MOMENTS["making"]
    assert "your team is on it" in client.get(idea.get_absolute_url()).content.decode()
    client.logout()
    shown = client.get(idea.get_absolute_url()).content.decode()
    assert ("One team is on it." in shown, "A hidden title" in shown) == (True, False)
    client.force_login(author_of(draft))
    client.post(button, {"draft": draft.pk, "act": "undo"})
    # The draft goes on naming it, of which nobody else is told.
    assert Origin.objects.get().claimed_at is None
    assert "No team is on it yet." in client.get(idea.get_absolute_url()).content.decode()


def test_a_draft_begins_with_an_idea(idea, client):
    client.force_login(ParticipationFactory(jam=idea.jam).user)
    assert "Begin a draft from it" in client.get(idea.get_absolute_url()).content.decode()
    response = client.post(reverse("submissions:take_up", args=[idea.jam.slug, idea.pk]))
    begun = Origin.objects.get().submission
    assert response.headers["Location"].endswith(f"/submissions/{begun.pk}/edit/")


def test_naming_an_idea_is_no_claim_and_a_claim_ends_with_it(draft, idea):
    key = [("idea", idea.pk)]
    own = {"submission": draft, "by": author_of(draft), "moment": MOMENTS["making"]}
    services.choose_origins(add=key, **own)
    assert Origin.objects.get().claimed_at is None
    take_up(idea, draft)
    services.choose_origins(add=[], remove=key, **own)
    assert not Origin.objects.exists()


@pytest.mark.parametrize("n", [1, 3])
def test_teams_are_counted_without_those_who_withdrew(draft, idea, client, n):
    for _n in range(n):
        take_up(idea, SubmissionFactory(jam=idea.jam))
    take_up(idea, draft)
    services.withdraw(submission=draft, by=author_of(draft), moment=MOMENTS["making"])
    assert client.get(idea.get_absolute_url()).context["idea"].teams == n


def test_who_may_not_and_when_not(draft, idea, client):
    with pytest.raises(Refused):
        take_up(idea, draft, moment=SUBMISSIONS_CLOSE)
    stranger = ParticipationFactory(jam=idea.jam).user
    with pytest.raises(Refused):
        services.take_up(idea=idea, submission=draft, by=stranger, moment=MOMENTS["making"])
    client.force_login(stranger)
    button = reverse("submissions:take_up", args=[idea.jam.slug, idea.pk])
    for of_others in (draft.pk, "9" * 40, "x"):
        assert client.post(button, {"draft": of_others}).status_code == 404
    gone = IdeaFactory(jam=idea.jam, withdrawn_at=MOMENTS["making"])
    with pytest.raises(Refused):
        take_up(gone, draft)
    assert not Origin.objects.exists()


def test_only_an_idea_is_taken_up(draft):
    earlier = SubmissionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Origin.objects.create(submission=draft, earlier=earlier, claimed_at=MOMENTS["making"])
