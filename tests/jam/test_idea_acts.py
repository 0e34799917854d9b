"""What people do with an idea: being interested, pinning, joining two and parting them again."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from jam import blocking, proposing, services
from jam.errors import Refused
from jam.models import Act, Idea, Interest, Message
from jam.permissions import IdeaRefusal, change_idea_refusal, interest_refusal
from submissions.models import Origin
from tests.factories import (
    MOMENTS,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import IdeaFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(at):
    at(MOMENTS["announced"])


@pytest.fixture
def jam():
    return JamFactory()


@pytest.fixture
def organizer(jam):
    user = UserFactory(display_name="Olga")
    jam.organizers.add(user)
    return user


# -- interest --------------------------------------------------------------------------------


def test_interest_is_counted_once_a_person_and_named_only_to_those_who_take_part(jam, client):
    idea = IdeaFactory(jam=jam)
    shy = ParticipationFactory(jam=jam, user__display_name="Shy").user
    open_one = ParticipationFactory(jam=jam, user__display_name="Open").user
    mark = f"{idea.get_absolute_url()}interest/"
    client.force_login(shy)
    client.post(mark)
    client.post(mark)
    client.force_login(open_one)
    client.post(mark, {"shown": "yes"})
    page = client.get(idea.get_absolute_url())
    assert "2 people would like" in page.content.decode()
    assert page.context["people"] == [open_one]
    client.force_login(UserFactory(display_name="Outside"))
    assert "Open" not in client.get(idea.get_absolute_url()).content.decode()
    client.logout()
    outside = client.get(idea.get_absolute_url()).content.decode()
    assert ("Open" in outside, "2 people would like" in outside) == (False, True)
    client.force_login(open_one)
    client.post(mark, {"act": "undo"})
    client.post(mark, {"act": "undo"})
    assert Interest.objects.count() == 1
    assert Act.objects.filter(verb__contains="interest").count() == 3


@pytest.mark.parametrize(
    ("is_in", "fields", "after", "refusal"),
    [
        (True, {}, -TICK, None),
        (True, {}, 0 * TICK, IdeaRefusal.CLOSED),
        (False, {}, -TICK, IdeaRefusal.OUTSIDE),
        (True, {"withdrawn_at": MOMENTS["announced"]}, -TICK, IdeaRefusal.WITHDRAWN),
        (True, {"hidden_at": MOMENTS["making"], "hidden_reason": "?"}, -TICK, IdeaRefusal.HIDDEN),
    ],
)
def test_who_may_be_interested(jam, is_in, fields, after, refusal):
    participation = ParticipationFactory(jam=jam) if is_in else None
    idea = IdeaFactory(jam=jam, **fields)
    assert interest_refusal(participation, idea, SUBMISSIONS_CLOSE + after) == refusal


def test_who_cancels_is_counted_no_more(jam):
    idea = IdeaFactory(jam=jam)
    user = ParticipationFactory(jam=jam).user
    proposing.mark_interest(idea=idea, by=user, is_shown=True, moment=MOMENTS["making"])
    services.cancel(jam=jam, user=user, moment=MOMENTS["making"])
    assert not Interest.objects.exists()


def test_a_name_is_not_shown_to_whom_its_owner_has_blocked(jam, client):
    idea = IdeaFactory(jam=jam)
    named, reader = (ParticipationFactory(jam=jam).user for _n in range(2))
    proposing.mark_interest(idea=idea, by=named, is_shown=True, moment=MOMENTS["announced"])
    client.force_login(reader)
    assert client.get(idea.get_absolute_url()).context["people"] == [named]
    blocking.block(user=named, whom=reader, moment=MOMENTS["announced"])
    assert client.get(idea.get_absolute_url()).context["people"] == []


# -- pinning and joining ---------------------------------------------------------------------


def merged(jam, organizer, *, into: Idea, **fields) -> Idea:
    idea = IdeaFactory(jam=jam, **fields)
    proposing.merge(idea=idea, into=into, by=organizer, moment=MOMENTS["making"])
    return Idea.objects.get(pk=idea.pk)


def test_organizers_pin_and_others_do_not(jam, organizer, client):
    idea = IdeaFactory(jam=jam)
    pin = f"{idea.get_absolute_url()}pin/"
    client.force_login(idea.author)
    assert client.post(pin).status_code == 403
    client.force_login(organizer)
    client.post(pin)
    assert Idea.objects.get().pinned_at == MOMENTS["announced"]
    client.post(pin, {"act": "undo"})
    assert Idea.objects.get().pinned_at is None
    assert Act.objects.filter(verb__contains="pinned").count() == 2


def test_a_joined_idea_leads_to_the_other_and_takes_its_interest_along_until_they_are_parted(
    jam, organizer, client
):
    into = IdeaFactory(jam=jam, title="Heads that copy")
    other = IdeaFactory(jam=jam, title="Copying heads", text="My *own* words")
    both, one = UserFactory(), UserFactory()
    for idea, user in [(into, both), (other, both), (other, one)]:
        Interest.objects.create(idea=idea, user=user, marked_at=MOMENTS["announced"])
    draft = SubmissionFactory(jam=jam)
    Origin.objects.create(submission=draft, idea=other, claimed_at=MOMENTS["making"])
    client.force_login(organizer)
    page = f"{other.get_absolute_url()}merge/"
    assert "Heads that copy" in client.get(page).content.decode()
    assert client.post(page, {"into": "999"}).status_code == 422
    assert client.post(page, {"into": into.pk}).headers["Location"] == into.get_absolute_url()
    assert "part of another" in Message.objects.get(user=other.author).subject
    client.logout()
    assert client.get(other.get_absolute_url()).headers["Location"] == into.get_absolute_url()
    [listed] = client.get(reverse("jam:ideas", args=[jam.slug])).context["page"]
    assert (listed, listed.interested, listed.teams) == (into, 2, 1)
    shown = client.get(into.get_absolute_url()).content.decode()
    assert "<em>own</em>" in shown
    client.force_login(organizer)
    client.post(f"{other.get_absolute_url()}part/")
    assert client.get(other.get_absolute_url()).context["idea"].interested == 2
    assert client.get(into.get_absolute_url()).context["idea"].interested == 1
    assert Act.objects.filter(verb="parted ideas").get().before == {"into": into.pk}


def test_what_was_joined_moves_along_and_is_let_go(jam, organizer):
    last, middle = IdeaFactory.create_batch(2, jam=jam)
    first = merged(jam, organizer, into=middle)
    proposing.merge(idea=middle, into=last, by=organizer, moment=MOMENTS["making"])
    first.refresh_from_db()
    assert first.merged_into == last
    proposing.withdraw(idea=last, by=last.author, moment=MOMENTS["making"])
    assert set(Idea.objects.listed()) == {first, middle}


def test_an_idea_that_was_joined_is_changed_no_more_but_may_be_taken_back(jam, organizer, client):
    into = IdeaFactory(jam=jam)
    idea = merged(jam, organizer, into=into, title="Mine")
    assert change_idea_refusal(idea.author, idea, MOMENTS["making"]) == IdeaRefusal.MERGED
    client.force_login(idea.author)
    client.post(f"{idea.get_absolute_url()}withdraw/")
    assert "Mine" not in client.get(into.get_absolute_url()).content.decode()


def test_what_cannot_be_joined(jam, organizer):
    idea, other = IdeaFactory.create_batch(2, jam=jam)
    gone = IdeaFactory(jam=jam, withdrawn_at=MOMENTS["announced"])
    joined = merged(jam, organizer, into=other)
    for by, one, into, refusal in [
        (UserFactory(), idea, other, IdeaRefusal.NOT_ORGANIZER),
        (organizer, idea, idea, IdeaRefusal.NOT_THERE),
        (organizer, idea, gone, IdeaRefusal.NOT_THERE),
        (organizer, idea, joined, IdeaRefusal.NOT_THERE),
        (organizer, idea, IdeaFactory(), IdeaRefusal.NOT_THERE),
        (organizer, joined, idea, IdeaRefusal.MERGED),
        (organizer, gone, idea, IdeaRefusal.WITHDRAWN),
    ]:
        with pytest.raises(Refused) as refused:
            proposing.merge(idea=one, into=into, by=by, moment=MOMENTS["making"])
        assert refused.value.refusal == refusal
    for fields in ({"merged_into": idea}, {"pinned_at": MOMENTS["making"], "merged_into": other}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Idea.objects.filter(pk=idea.pk).update(**fields)
