"""The shared cache, which is never worth an error."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# After a failure Redis is let alone for so long, so that requests do not queue for its time-outs.
PAUSE_SECONDS = 3.0


def _forgiving(name: str, otherwise: Any) -> Callable[..., Any]:
    method = getattr(RedisCache, name)

    def forgiving(self: ForgivingRedisCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= ForgivingRedisCache.away_until:
            try:
                return method(self, *args, **kwargs)
            except RedisError as error:
                ForgivingRedisCache.away_until = time.monotonic() + PAUSE_SECONDS
                logger.warning("the cache does not answer: %s", error)
        if name == "get":
            return kwargs.get("default", args[1] if len(args) > 1 else None)
        return otherwise

    return forgiving


class OneClient(RedisCacheClient):
    """Django makes a client anew for each command, which takes longer than the command; one does
    for all threads, since its pool holds the connections."""

    @cached_property
    def client(self) -> Redis:
        return super().get_client()

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        return self.client


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; while Redis is away, nothing is kept and nothing is found."""

    away_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient

    get = _forgiving("get", None)
    get_many = _forgiving("get_many", {})
    has_key = _forgiving("has_key", False)
    # As if it had been kept: a limit that cannot be counted does not shut the door.
    add = _forgiving("add", True)
    set = _forgiving("set", None)
    set_many = _forgiving("set_many", [])
    touch = _forgiving("touch", False)
    incr = _forgiving("incr", 0)
    delete = _forgiving("delete", False)
    delete_many = _forgiving("delete_many", None)
