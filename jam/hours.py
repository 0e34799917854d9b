"""Hours of a person's day: quiet ones, in which mails wait, and that of the digest."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

from jam.timeline import Window

DAY = timedelta(days=1)


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The time zone of this name."""
    return zoneinfo.ZoneInfo(name)


def _at(day: date, hour: int, zone: zoneinfo.ZoneInfo) -> datetime:
    """The instant at which clocks in `zone` show `hour`; where they skip it, as if they did not."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def end_of_quiet(moment: datetime, zone: str, start: int, end: int) -> datetime | None:
    """The end of the quiet hours in which `moment` lies, or None if it lies in none. They go from
    the hour `start` to the hour `end`, of the next day if that comes no later."""
    place = zone_of(zone)
    today = moment.astimezone(place).date()
    for day in (today - DAY, today):
        ends = _at(day if start < end else day + DAY, end, place)
        if moment in Window(_at(day, start, place), ends):
            return ends
    return None


def next_at(moment: datetime, zone: str, hour: int) -> datetime:
    """The first instant after `moment` at which clocks in `zone` show `hour`."""
    place = zone_of(zone)
    today = moment.astimezone(place).date()
    instants = (_at(today + n * DAY, hour, place) for n in range(3))
    return next(at for at in instants if not Window(None, at).is_over(moment))
