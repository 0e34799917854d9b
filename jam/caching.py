"""Pages for readers who are signed out are kept for a few seconds, and never past a boundary.

A page says by `share` until when it holds; the middleware keeps the answer as a whole. What must
be gone at once (a submission that was withdrawn, say) makes all kept pages void by `forget`.

What only organizers change, and every page of the jam shows, each process keeps by `kept`, for all
readers, until the same `forget`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache, caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

from jam import alone, timeline
from jam.models import Jam

_GENERATION = "pages-generation"
# Longer ones are somebody's game, not a page that many ask for.
_LONGEST_QUERY = 200
_KEPT_SECONDS = 60

Made = TypeVar("Made")


def share(request: HttpRequest, jams: Iterable[Jam]) -> None:
    """Let the answer be shown to others who are signed out, as long as none of the published
    `jams` that it tells of reaches a boundary."""
    longest = request.moment + timedelta(seconds=settings.PAGE_CACHE_SECONDS)
    ends = [timeline.unchanged_until(jam, request.moment) for jam in jams]
    request.shared_until = min([longest, *(end for end in ends if end)])


def forget() -> None:
    """Have no kept page shown any more, once what is being done is done."""
    transaction.on_commit(lambda: cache.set(_GENERATION, uuid.uuid4().hex, None), robust=True)


def kept(jam: Jam, name: str, make: Callable[[], Made]) -> Made:
    """What `make` gives of `jam`, made once by each process until something of a jam changes.

    Only for what changes by `forget` alone. Where the shared cache does not answer, nobody would
    be told of a change, so nothing is kept; and nothing longer than a minute.
    """
    if settings.PAGE_CACHE_SECONDS <= 0 or not alone.keeps():
        return make()
    # Once a request, which has its own row of the jam.
    if not hasattr(jam, "kept_generation"):
        jam.kept_generation = cache.get(_GENERATION) or _first_generation()
    if jam.kept_generation is None:
        return make()
    key = f"kept:{jam.pk}:{name}:{jam.kept_generation}"
    found = caches["process"].get(key)
    if found is None:
        found = (make(),)
        caches["process"].set(key, found, _KEPT_SECONDS)
    return found[0]


def _first_generation() -> str | None:
    """A name for what is kept from now on; None while the cache is away."""
    cache.add(_GENERATION, uuid.uuid4().hex, None)
    return cache.get(_GENERATION)


def _may_be_shared(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and settings.PAGE_CACHE_SECONDS > 0
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and len(request.META.get("QUERY_STRING", "")) <= _LONGEST_QUERY
    )


def _key(request: HttpRequest) -> str:
    language = get_language_from_request(request)
    address = f"{request.scheme}://{request.get_host()}{request.get_full_path()} {language}"
    return f"page:{hashlib.sha256(address.encode()).hexdigest()}"


def shared_pages(get_response: Callable[[HttpRequest], HttpResponse]):
    """Answer with what was kept for this address, or keep what may be."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _may_be_shared(request):
            return get_response(request)
        key = _key(request)
        found = cache.get_many([key, _GENERATION])
        generation = found.get(_GENERATION) or _first_generation()
        if key in found:
            until, kept_generation, headers, content = found[key]
            if request.moment < until and generation == kept_generation:
                return HttpResponse(content, headers=headers)
        response = get_response(request)
        until: datetime | None = getattr(request, "shared_until", None)
        if until and response.status_code == 200 and not (response.streaming or response.cookies):
            kept = (until, generation, dict(response.items()), response.content)
            cache.set(key, kept, settings.PAGE_CACHE_SECONDS)
        return response

    return middleware
