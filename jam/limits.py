"""How often something may be done in a stretch of time, counted in the shared cache."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache


def within(name: str, most: int, seconds: int, moment: datetime) -> bool:
    """Count once more `name` in this stretch of `seconds`; whether it was `most` times at most.

    While the cache is away nothing is counted, and everything allowed.
    """
    key = f"limit:{name}:{int(moment.timestamp()) // seconds}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:
        # It was dropped in between.
        return True
