"""Races of those who change a schedule, and of the sweeps that tell of it, on real PostgreSQL."""

from __future__ import annotations

import pytest

from jam import schedule_news, scheduling
from jam.errors import Refused
from jam.models import Act, Message, ScheduleChange, ScheduleItem
from jam.schedule_news import GATHERING
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import ScheduleItemFactory
from tests.ratings.test_races import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = MOMENTS["announced"]


@pytest.fixture
def item():
    jam = JamFactory()
    jam.organizers.add(UserFactory())
    return ScheduleItemFactory(jam=jam)


def test_each_of_ten_changes_at_once_counts(item):
    by = item.jam.organizers.get()

    def changing(n):
        return lambda: scheduling.change(
            item=item, by=by, fields={"title": f"Talk of {n}"}, moment=NOW
        )

    race(*[changing(n) for n in range(10)])
    item.refresh_from_db()
    assert item.sequence == Act.objects.filter(verb="changed").count() == 10


def test_cancelling_ten_times_at_once_is_cancelling_once(item):
    by = item.jam.organizers.get()
    cancel = lambda: scheduling.cancel(item=item, by=by, reason="Flu", moment=NOW)  # noqa: E731
    outcomes = race(*[cancel] * 10)
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 9
    assert ScheduleChange.objects.count() == 1


def test_the_last_free_line_is_given_once(item, monkeypatch):
    monkeypatch.setattr(scheduling, "MOST_ITEMS", 2)
    by = item.jam.organizers.get()
    new = [ScheduleItem(jam=item.jam, kind="talk", title="New", starts_at=START) for _ in range(5)]
    race(*[lambda line=line: scheduling.add(item=line, by=by, moment=NOW) for line in new])
    assert item.jam.schedule.count() == 2


def test_ten_sweeps_at_once_write_each_mail_once(item):
    people = [ParticipationFactory(jam=item.jam).user for _ in range(6)]
    scheduling.cancel(item=item, by=item.jam.organizers.get(), reason="Flu", moment=NOW)
    sweep = lambda: schedule_news.tell_due(  # noqa: E731
        ScheduleChange, schedule_news.participants_of, NOW + GATHERING
    )
    outcomes = race(*[sweep] * 10)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert sorted(Message.objects.values_list("to", flat=True)) == sorted(
        user.email for user in people
    )
