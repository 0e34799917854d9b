"""What time a request has: the stamp of our own front server, where it can be believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from jam import middleware

NOW = datetime(2030, 5, 5, 17, 0, 0, 500_000, tzinfo=UTC)
PROXY = "10.0.0.1"


def stamp(at: datetime) -> str:
    return f"{at.timestamp():.3f}"


@pytest.mark.parametrize(
    ("header", "sender", "expected"),
    [
        (None, PROXY, NOW),
        ("", PROXY, NOW),
        (stamp(NOW - timedelta(seconds=1)), PROXY, NOW - timedelta(seconds=1)),
        (stamp(NOW), PROXY, NOW),
        (stamp(NOW - timedelta(seconds=120)), PROXY, NOW - timedelta(seconds=120)),
        # Too old, and from the future.
        (stamp(NOW - timedelta(seconds=120, milliseconds=1)), PROXY, NOW),
        (stamp(NOW + timedelta(milliseconds=1)), PROXY, NOW),
        # Not from our front server.
        (stamp(NOW - timedelta(seconds=1)), "10.0.0.2", NOW),
        (stamp(NOW - timedelta(seconds=1)), "", NOW),
        # Not a stamp.
        ("yesterday", PROXY, NOW),
        ("nan", PROXY, NOW),
        ("1e10", PROXY, NOW),
        ("-1.000", PROXY, NOW),
        ("99999999999.000", PROXY, NOW),
        ("1904230800", PROXY, NOW),
        (stamp(NOW - timedelta(seconds=1)) + ", " + stamp(NOW), PROXY, NOW),
    ],
)
def test_the_stamp_is_believed_from_the_front_server_only(settings, header, sender, expected):
    settings.TRUSTED_PROXIES = [PROXY]
    headers = {} if header is None else {"X-Arrived": header}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=sender)
    assert middleware.arrival(request, NOW) == expected


def test_without_a_front_server_no_stamp_is_believed(settings):
    settings.TRUSTED_PROXIES = []
    request = RequestFactory().get("/", headers={"X-Arrived": stamp(NOW - timedelta(seconds=1))})
    assert middleware.arrival(request, NOW) == NOW


def test_a_request_has_one_moment(at):
    at(NOW)
    seen = []
    middleware.moment(lambda request: seen.append(request.moment) or HttpResponse())(
        RequestFactory().get("/")
    )
    assert seen == [NOW]
