"""A cache that does not answer is as if it were empty, and costs no time."""

from __future__ import annotations

import time

import pytest
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisAway

from jam.config import cache as module
from jam.config.cache import ForgivingRedisCache


@pytest.fixture
def away(monkeypatch):
    """A cache whose Redis refuses, and how often it was asked."""
    asked = []

    def refuse(self, *args, **kwargs):
        asked.append(args)
        raise RedisAway("refused")

    client = type("Client", (), {"__getattr__": lambda self, name: lambda *a, **k: refuse(self)})()
    monkeypatch.setattr(RedisCache, "_cache", client, raising=False)
    monkeypatch.setattr(ForgivingRedisCache, "away_until", 0.0)
    return ForgivingRedisCache("redis://nowhere.invalid/0", {}), asked


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        (lambda c: c.get("a"), None),
        (lambda c: c.get("a", 5), 5),
        (lambda c: c.get("a", default=5), 5),
        (lambda c: c.get_many(["a"]), {}),
        (lambda c: c.get_or_set("a", lambda: 7), 7),
        (lambda c: c.has_key("a"), False),
        (lambda c: c.set("a", 1), None),
        (lambda c: c.set_many({"a": 1}), []),
        (lambda c: c.add("a", 1), True),
        (lambda c: c.touch("a"), False),
        (lambda c: c.incr("a"), 0),
        (lambda c: c.delete("a"), False),
        (lambda c: c.delete_many(["a"]), None),
    ],
)
def test_whatever_is_asked_is_answered(away, act, answer):
    cache, _asked = away
    assert act(cache) == answer


def test_after_a_failure_it_is_let_alone_for_a_while(away, monkeypatch):
    cache, asked = away
    for _ in range(20):
        cache.get("a")
    assert len(asked) == 1
    later = time.monotonic() + module.PAUSE_SECONDS
    monkeypatch.setattr(module.time, "monotonic", lambda: later)
    cache.get("a")
    assert len(asked) == 2
