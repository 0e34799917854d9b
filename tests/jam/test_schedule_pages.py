"""A schedule as a calendar, and the zone that it is shown in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from jam.schedule import LANES, Entry, grid_of
from jam.timeline import Window
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.jam.factories import ScheduleItemFactory

DAY = date(2030, 5, 6)


def entry(start: str, end: str = "", day: date = DAY, zone: str = "UTC") -> Entry:
    """Something from `start` to `end`, by the clock of `zone`."""
    at, until = (
        datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone))
        for clock in (start, end or start)
    )
    item = SimpleNamespace(ends_at=until) if end else None
    return Entry(f"{start}-{end}", start, "talk", Window(at, until), item)


def column_of(*entries: Entry, day: date = DAY, zone: str = "UTC"):
    (column,) = grid_of(entries, day, 1, ZoneInfo(zone), datetime(2030, 1, 1, tzinfo=UTC)).columns
    return column


def lanes(column) -> dict[str, tuple[int, int]]:
    return {block.entry.title: (block.lane, block.wide) for block in column.blocks}


def test_what_meets_stands_side_by_side_and_what_does_not_has_all_the_room():
    column = column_of(entry("09:00", "11:00"), entry("10:00", "12:00"), entry("12:00", "13:00"))
    assert column.lanes == 2
    assert lanes(column) == {"09:00": (1, 1), "10:00": (2, 1), "12:00": (1, 2)}


def test_an_instant_is_an_hour_high():
    column = column_of(entry("09:00"), entry("09:30", "10:30"), entry("23:59"))
    assert lanes(column) == {"09:00": (1, 1), "09:30": (2, 1), "23:59": (1, 2)}
    assert [block.span for block in column.blocks] == [2, 2, 2]


def test_more_than_fit_are_counted():
    column = column_of(*[entry("09:00", f"1{n}:00") for n in range(LANES + 2)])
    assert (column.lanes, column.more, len(column.blocks)) == (LANES, 2, LANES)


@pytest.mark.parametrize(
    ("day", "start", "end", "rows"),
    [
        # In Copenhagen the clock goes from two to three, and in October from three to two.
        (date(2030, 3, 31), "01:00", "04:00", 6),
        (date(2030, 10, 27), "01:00", "04:00", 6),
    ],
)
def test_on_the_days_on_which_clocks_change_it_goes_by_what_they_show(day, start, end, rows):
    zone = "Europe/Copenhagen"
    (block,) = column_of(entry(start, end, day, zone), day=day, zone=zone).blocks
    assert (block.row, block.span) == (1, rows)


def test_what_goes_on_past_midnight_stands_in_both_days():
    late = Entry("x", "late", "social", Window(at := datetime(2030, 5, 6, 22, tzinfo=UTC), at))
    late.item = SimpleNamespace(ends_at=datetime(2030, 5, 7, 2, tzinfo=UTC))
    grid = grid_of([late], DAY, 2, ZoneInfo("UTC"), at)
    assert [[(b.span, b.goes_on) for b in c.blocks] for c in grid.columns] == [
        [(4, False)],
        [(4, True)],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", "Asia/Tokyo"),
        ("utc", "UTC"),
        ("jam", "Europe/London"),
        ("America/New_York", "America/New York"),
        ("Nowhere/Atlantis", "Asia/Tokyo"),
        ("../etc/passwd", "Asia/Tokyo"),
        ("\x00", "Asia/Tokyo"),
    ],
)
@pytest.mark.parametrize("view", ["list", "week", "day"])
def test_a_schedule_is_shown_in_the_zone_that_is_asked_for(client, at, asked, shown, view):
    at(MOMENTS["making"])
    jam = JamFactory(time_zone="Europe/London")
    ScheduleItemFactory(jam=jam, title="Keynote")
    client.force_login(UserFactory(time_zone="Asia/Tokyo"))
    response = client.get(reverse("jam:schedule", args=[jam.slug]), {"zone": asked, "view": view})
    assert response.status_code == 200
    assert str(response.context["zone"].info) == shown.replace(" ", "_")
