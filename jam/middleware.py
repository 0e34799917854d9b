"""One moment a request, and the reader's time zone."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jam.timeline import SETTLING

_STAMP = re.compile(r"^\d{9,11}\.\d{1,6}$")


def arrival(request: HttpRequest, now: datetime) -> datetime:
    """When `request` arrived: the stamp of our own front server, else `now`.

    The front server stamps ``X-Arrived`` (Unix time in seconds) once it has the last byte. It is
    believed from a trusted address only, at most two minutes old, and never from the future.
    """
    stamp = request.headers.get("X-Arrived", "")
    if request.META.get("REMOTE_ADDR") not in settings.TRUSTED_PROXIES or not _STAMP.match(stamp):
        return now
    arrived = datetime.fromtimestamp(float(stamp), UTC)
    return arrived if now - SETTLING <= arrived <= now else now


def moment(get_response: Callable[[HttpRequest], HttpResponse]):
    """Set ``request.moment``, the one instant by which all of a request is judged."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.moment = arrival(request, timezone.now())
        return get_response(request)

    return middleware


def reader_zone(get_response: Callable[[HttpRequest], HttpResponse]):
    """Show times in the zone of a signed-in reader; the browser turns them where it can."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
                return get_response(request)
        return get_response(request)

    return middleware
