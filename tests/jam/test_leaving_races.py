"""Races of those who close their accounts, on real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jam import services
from jam.errors import Refused
from jam.models import Act, User
from submissions import services as submissions_services
from submissions.models import Contributor
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.ratings.test_races import race
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = MOMENTS["making"]


def closing(user: User) -> Callable[[], object]:
    return lambda: services.close_account(user=user, by=user, moment=NOW)


def test_of_two_organizers_who_leave_at_once_one_stays():
    jam, pair = JamFactory(), [UserFactory(), UserFactory()]
    jam.organizers.add(*pair)
    outcomes = race(*map(closing, pair))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refused"]
    assert User.objects.filter(is_active=True).count() == 1


def test_leaving_ten_times_at_once_is_leaving_once():
    user = ParticipationFactory().user
    assert race(*[closing(user)] * 10) == [None] * 10
    assert Act.objects.filter(verb="closed the account").count() == 1


@pytest.mark.parametrize("attempt", range(5))
def test_leaving_while_the_team_hands_in_dead_locks_nobody(attempt):
    ada, grace = UserFactory(), UserFactory()
    submission = SubmissionFactory(by=ada)
    ParticipationFactory(jam=submission.jam, user=grace)
    Contributor.objects.create(submission=submission, user=grace, confirmed_at=NOW)

    def hand_in(by: User) -> Callable[[], object]:
        def attempt() -> object:
            try:
                return submissions_services.hand_in(submission=submission, by=by, moment=NOW)
            except Refused:
                # Off the team by then.
                return None

        return attempt

    outcomes = race(closing(ada), hand_in(ada), hand_in(grace))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [c.user for c in submission.contributors.all()] == [grace]
