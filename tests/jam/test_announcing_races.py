"""Sweeps of several workers that come to one announcement at once, on real PostgreSQL."""

from __future__ import annotations

import pytest

from jam import announcing
from jam.models import Announcement, Message
from jam.models.announcements import EVERYONE
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.ratings.test_races import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = MOMENTS["making"]


def test_of_ten_sweeps_at_once_each_person_has_one_mail():
    jam = JamFactory()
    people = [ParticipationFactory(jam=jam, joined_at=START).user for _ in range(8)]
    told = Announcement.objects.create(
        jam=jam, author=UserFactory(), title="The doors are open", text="Come in.",
        audience=EVERYONE, written_at=START, confirmed_at=NOW, send_at=NOW,
    )  # fmt: skip
    outcomes = race(*[lambda: announcing.send_due(NOW)] * 10)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert sum(outcomes) == len(people)
    assert sorted(Message.objects.values_list("to", flat=True)) == sorted(
        user.email for user in people
    )
    told.refresh_from_db()
    assert told.sent_at == NOW
