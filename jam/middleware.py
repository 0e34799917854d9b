"""One moment a request, and the reader's time zone."""

from __future__ import annotations

import ipaddress
import re
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jam import clock
from jam.timeline import SETTLING

_STAMP = re.compile(r"^\d{9,11}\.\d{1,6}$")
# Clocks that are kept in step differ by less.
_TOLERANCE = timedelta(seconds=2)


@lru_cache
def _networks(proxies: tuple[str, ...]) -> tuple:
    return tuple(ipaddress.ip_network(proxy) for proxy in proxies)


def is_from_front_server(request: HttpRequest) -> bool:
    """Whether our own front server sent this request on, so that what it says can be believed."""
    sender = request.META.get("REMOTE_ADDR")
    if not sender or not settings.TRUSTED_PROXIES:
        return False
    address = ipaddress.ip_address(sender)
    return any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: as our own front server says, else as it is."""
    address = request.META.get("REMOTE_ADDR", "")
    return request.headers.get("X-Real-IP", address) if is_from_front_server(request) else address


def arrival(request: HttpRequest, now: datetime) -> datetime:
    """When `request` arrived: the stamp of our own front server, else `now`.

    The front server stamps ``X-Arrived`` (Unix time in seconds) once it has the last byte. It is
    believed from a trusted address only, at most two minutes old, and never from the future. A
    stamp that does not fit this machine's clock is held against the database's, which then counts.
    """
    stamp = request.headers.get("X-Arrived", "")
    if not (is_from_front_server(request) and _STAMP.match(stamp)):
        return now
    arrived = datetime.fromtimestamp(float(stamp), UTC)
    if now - SETTLING <= arrived <= now:
        return arrived
    try:
        shared = clock.shared()
    except DatabaseError:
        shared = None
    if shared is None:
        return now
    return arrived if shared - SETTLING <= arrived <= shared + _TOLERANCE else shared


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
