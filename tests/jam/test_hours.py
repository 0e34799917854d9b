"""Quiet hours and the hour of the digest, in zones and over changes of the clock."""

from __future__ import annotations

from datetime import datetime

import pytest

from jam import hours


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


@pytest.mark.parametrize(
    ("moment", "zone", "quiet", "end"),
    [
        ("2030-05-03T21:59:59.999999", "UTC", (22, 8), None),
        ("2030-05-03T22:00", "UTC", (22, 8), "2030-05-04T08:00"),
        ("2030-05-04T07:59:59.999999", "UTC", (22, 8), "2030-05-04T08:00"),
        ("2030-05-04T08:00", "UTC", (22, 8), None),
        ("2030-05-04T12:30", "UTC", (12, 14), "2030-05-04T14:00"),
        ("2030-05-04T11:59", "UTC", (12, 14), None),
        # Half past one at night in Tokyo, and three in the afternoon in Los Angeles.
        ("2030-05-03T16:30", "Asia/Tokyo", (22, 8), "2030-05-03T23:00"),
        ("2030-05-03T22:00", "America/Los_Angeles", (22, 8), None),
        # The night in which the clocks go forward is an hour shorter, the other an hour longer.
        ("2030-03-31T00:30", "Europe/Copenhagen", (22, 8), "2030-03-31T06:00"),
        ("2030-10-27T00:30", "Europe/Copenhagen", (22, 8), "2030-10-27T07:00"),
        # An hour that there is not that night.
        ("2030-03-31T00:30", "Europe/Copenhagen", (22, 2), "2030-03-31T01:00"),
    ],
)
def test_quiet_hours_end(moment, zone, quiet, end):
    assert hours.end_of_quiet(utc(moment), zone, *quiet) == (end and utc(end))


@pytest.mark.parametrize(
    ("moment", "zone", "hour", "at"),
    [
        ("2030-05-03T07:59", "UTC", 8, "2030-05-03T08:00"),
        ("2030-05-03T08:00", "UTC", 8, "2030-05-04T08:00"),
        ("2030-05-03T16:30", "Asia/Tokyo", 8, "2030-05-03T23:00"),
        ("2030-10-26T07:00", "Europe/Copenhagen", 8, "2030-10-27T07:00"),
        ("2030-12-31T11:00", "Pacific/Kiritimati", 0, "2031-01-01T10:00"),
    ],
)
def test_the_hour_comes_once_a_day(moment, zone, hour, at):
    assert hours.next_at(utc(moment), zone, hour) == utc(at)
