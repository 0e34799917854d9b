from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache, caches
from django.db import connection


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL")
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(skip)


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """On SQLite the tables are made from the models at once, which `makemigrations --check` holds
    equal to the migrations; on PostgreSQL by the migrations, which bring functions of their own."""
    return connection.vendor == "postgresql"


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; skipped where there is none, unless REQUIRE_ALL. One for all tests: a second one in
    the same process does not start."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path or path == "none":
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail("There is no Chromium, and REQUIRE_ALL is set.")
        pytest.skip("needs Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        yield browser
        browser.close()
