"""What several people do with the same ideas at once, on real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jam import proposing
from jam.errors import Refused
from jam.models import Act, Idea, Interest
from submissions import services
from submissions.models import Origin
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory
from tests.ratings.test_races import race
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = MOMENTS["making"]


def trying(act: Callable[..., object], **values: object) -> Callable[[], object]:
    def attempt() -> object:
        try:
            return act(**values, moment=NOW)
        except Refused as refused:
            return refused

    return attempt


@pytest.mark.parametrize("attempt", range(3))
def test_interest_a_claim_and_joining_at_once_all_hold(attempt):
    jam, organizer = JamFactory(), UserFactory()
    jam.organizers.add(organizer)
    one, two = IdeaFactory(jam=jam), IdeaFactory(jam=jam)
    ada, grace = ParticipationFactory(jam=jam).user, ParticipationFactory(jam=jam).user
    draft = SubmissionFactory(jam=jam)
    author = draft.contributors.get().user

    outcomes = race(
        trying(proposing.mark_interest, idea=one, by=ada, is_shown=True),
        trying(proposing.mark_interest, idea=one, by=ada, is_shown=True),
        trying(proposing.mark_interest, idea=two, by=grace, is_shown=False),
        trying(services.take_up, idea=one, submission=draft, by=author),
        trying(services.take_up, idea=one, submission=draft, by=author),
        trying(proposing.merge, idea=one, into=two, by=organizer),
    )
    assert not [each for each in outcomes if isinstance(each, Exception)
                and not isinstance(each, Refused)]  # fmt: skip
    assert outcomes[-1] is None
    one.refresh_from_db()
    assert one.merged_into == two
    # Whoever came after the joining was told so; whoever came before is counted with the other.
    marks = Interest.objects.filter(user=ada).count()
    assert marks == (not all(isinstance(each, Refused) for each in outcomes[:2]))
    claims = Origin.objects.filter(claimed_at=NOW).count()
    assert claims == (not all(isinstance(each, Refused) for each in outcomes[3:5]))
    told = Idea.objects.with_interest().get(pk=two.pk)
    assert told.interested == marks + 1
    assert Act.objects.filter(verb="marked interest").count() == marks + 1
    assert Act.objects.filter(verb="took up an idea").count() == claims


def test_two_organizers_who_join_ideas_to_each_other_make_no_circle():
    jam, pair = JamFactory(), [UserFactory(), UserFactory()]
    jam.organizers.add(*pair)
    one, two = IdeaFactory(jam=jam), IdeaFactory(jam=jam)
    outcomes = race(
        trying(proposing.merge, idea=one, into=two, by=pair[0]),
        trying(proposing.merge, idea=two, into=one, by=pair[1]),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refused"]
    assert Idea.objects.listed().count() == 1
