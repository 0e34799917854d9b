from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache, caches
from django.db import connection


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL")
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def _media_in_a_temporary_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _caches_begin_anew() -> None:
    cache.clear()
    caches["process"].clear()


@pytest.fixture
def without_log() -> Iterator[None]:
    """Thousands of refused requests are not worth a line each."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def at():
    """Set the clock: ``at(moment)`` moves it there until the test ends."""
    travellers: list[time_machine.travel] = []

    def travel(moment) -> None:
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travellers.append(traveller)

    yield travel
    while travellers:
        travellers.pop().stop()
