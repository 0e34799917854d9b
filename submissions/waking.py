"""Hours in which people are awake, as the 24 bits of a number: bit n is the UTC hour from n.

Whoever looks for a team says when they get up and go to bed by their own clock; what two people
share is counted from these bits. Zones that are half an hour off go by the half of each hour.
"""

from __future__ import annotations

import zoneinfo
from datetime import datetime

# What is assumed of whoever has not said.
WAKES, SLEEPS = 8, 23


def waking_hours(time_zone: str, wakes: int, sleeps: int, day: datetime) -> int:
    """The hours between `wakes` and `sleeps` (whole hours, 0 to 23; all day if they are the same)
    by the clock of `time_zone` around `day`."""
    offset = day.astimezone(zoneinfo.ZoneInfo(time_zone)).utcoffset()
    minutes = int(offset.total_seconds()) // 60
    length = (sleeps - wakes) % 24 or 24
    return sum(
        1 << hour for hour in range(24) if ((hour * 60 + 30 + minutes) // 60 - wakes) % 24 < length
    )


def shared(one: int, other: int) -> int:
    """How many hours of a day both are awake."""
    return (one & other).bit_count()


def sharing(hours: int, at_least: int) -> list[int]:
    """Every stretch of hours that shares `at_least` so many with `hours`."""
    stretches = {
        sum(1 << (start + n) % 24 for n in range(length))
        for start in range(24)
        for length in range(1, 25)
    }
    return sorted(stretch for stretch in stretches if shared(stretch, hours) >= at_least)
