"""When things are: the phases to the microsecond, in Python, SQL and the database's constraints."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jam import timeline
from jam.models import Jam
from jam.timeline import BOUNDARIES, SETTLING, Phase, Window
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    RATINGS_OPEN,
    RESULTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
)
from tests.jam.factories import TIMES

EDGES = [
    (START, Phase.ANNOUNCED, Phase.MAKING),
    (SUBMISSIONS_CLOSE, Phase.MAKING, Phase.CLOSING),
    (RATINGS_OPEN, Phase.CLOSING, Phase.RATING),
    (RATINGS_CLOSE, Phase.RATING, Phase.COUNTING),
    (RESULTS, Phase.COUNTING, Phase.FINISHED),
]
AROUND_EDGES = [
    (at + shift, before if shift < timedelta(0) else after)
    for at, before, after in EDGES
    for shift in (-TICK, timedelta(0), TICK)
]


@pytest.fixture
def jam():
    """A jam that was never saved: phases need no database."""
    return Jam(**TIMES)


@pytest.mark.parametrize(("moment", "phase"), AROUND_EDGES)
def test_the_opening_instant_belongs_to_the_phase_that_it_opens(jam, moment, phase):
    assert jam.phase_at(moment) == phase


@pytest.mark.django_db
@pytest.mark.parametrize(("moment", "phase"), AROUND_EDGES)
def test_sql_says_what_python_says(moment, phase):
    jam = JamFactory()
    told = [p for p in Phase if Jam.objects.in_phase(p, moment=moment).filter(pk=jam.pk).exists()]
    assert told == [phase] == [jam.phase_at(moment)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "shelf"),
    [
        (START - TICK, "upcoming"),
        (START, "running"),
        (RESULTS - TICK, "running"),
        (RESULTS, "past"),
    ],
)
def test_a_jam_stands_on_one_shelf(moment, shelf):
    jam = JamFactory()
    shelves = {
        "upcoming": Jam.objects.upcoming(moment),
        "running": Jam.objects.running(moment),
        "past": Jam.objects.past(moment),
    }
    assert [name for name, jams in shelves.items() if jam in jams] == [shelf]
    assert (jam in Jam.objects.under_way(moment)) == (shelf != "past")


@pytest.mark.parametrize(
    ("window", "opens", "closes"),
    [
        (timeline.joining_window, None, SUBMISSIONS_CLOSE),
        (timeline.making_window, START, SUBMISSIONS_CLOSE),
        (timeline.rating_window, RATINGS_OPEN, RATINGS_CLOSE),
    ],
)
def test_windows_are_half_open(jam, window, opens, closes):
    if opens is not None:
        assert opens - TICK not in window(jam)
        assert opens in window(jam)
        assert opens + TICK in window(jam)
    assert closes - TICK in window(jam)
    assert closes not in window(jam)
    assert closes + TICK not in window(jam)


def test_a_window_without_ends_is_always_open():
    assert START in Window(None, None)


@pytest.mark.parametrize(
    ("due", "at"),
    [
        (timeline.closing_due, SUBMISSIONS_CLOSE + SETTLING),
        (timeline.results_due, RESULTS),
    ],
)
def test_nothing_is_due_before_what_arrived_in_time_is_in(jam, due, at):
    assert not due(jam, at - TICK)
    assert due(jam, at)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "at"),
    [("closing_due", SUBMISSIONS_CLOSE + SETTLING), ("results_due", RESULTS)],
)
def test_the_sweeps_find_what_is_due(due, at):
    jam, draft = JamFactory(), JamFactory(published_at=None)
    assert jam not in getattr(Jam.objects, due)(at - TICK)
    assert jam in getattr(Jam.objects, due)(at)
    assert draft not in getattr(Jam.objects, due)(at)


GAPS = list(zip(BOUNDARIES, BOUNDARIES[1:], strict=False))


@pytest.mark.django_db
@pytest.mark.parametrize(("earlier", "later"), GAPS, ids=lambda b: b.field)
def test_the_database_keeps_the_instants_in_order_and_apart(earlier, later):
    """Two minutes of settling are enough and a microsecond less is not; elsewhere, equal is not."""
    jam = JamFactory()
    row = Jam.objects.filter(pk=jam.pk)
    least = later.at_least_after or TICK
    at = getattr(jam, later.field) - least
    assert row.update(**{earlier.field: at}) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(**{earlier.field: at + TICK})


def test_both_settlings_are_two_minutes():
    assert [b.opens for b in BOUNDARIES if b.at_least_after == timedelta(minutes=2)] == [
        Phase.RATING,
        Phase.FINISHED,
    ]


@pytest.mark.django_db
def test_a_form_says_which_instants_are_out_of_order():
    jam = JamFactory()
    jam.ratings_open_at = jam.submissions_close_at + SETTLING - TICK
    with pytest.raises(ValidationError, match="at least two minutes after “Submissions close”"):
        jam.full_clean()


@pytest.mark.parametrize(
    ("phase", "following"),
    [
        ("announced", "starts_at"),
        ("making", "submissions_close_at"),
        ("closing", "ratings_open_at"),
        ("rating", "ratings_close_at"),
        ("counting", "results_at"),
        ("finished", None),
    ],
)
def test_the_line_leads_to_the_next_boundary(jam, phase, following):
    line = timeline.jam_line(jam, MOMENTS[phase])
    assert line.phase == phase
    assert (line.next.name if line.next else None) == following
    states = [stop.state for stop in line.stops]
    assert states == sorted(states, key=["past", "next", "future"].index)
    fills = [stop.segment.fill for stop in line.stops if stop.segment]
    assert fills == sorted(fills, reverse=True)
    assert all(0 <= fill <= 100 for fill in fills)


def test_half_way_is_half_filled(jam):
    line = timeline.jam_line(jam, START + (SUBMISSIONS_CLOSE - START) / 2)
    assert line.stops[0].segment.fill == 50
