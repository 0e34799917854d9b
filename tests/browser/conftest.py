"""A real browser against a live server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from jam.models import Jam
from jam.timeline import BOUNDARIES, Phase

# Playwright's own loop makes Django think that it runs in one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture
def visit(browser, live_server) -> Iterator[Callable[..., Page]]:
    """Open a page as a person of one's own: ``visit(PHONE)``. Errors on the console fail."""
    contexts = []
    complaints: list[str] = []

    def open_page(viewport: dict[str, int] = DESKTOP, **options) -> Page:
        context = browser.new_context(viewport=viewport, base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )
        page.set_default_timeout(10_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def is_accessible() -> Callable[[Page], None]:
    """axe finds nothing on the page, and nothing sticks out sideways."""
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{page.url} is {width} px too wide"

    return check


def move(jam: Jam, phase: Phase) -> None:
    """Shift all of a jam's instants, so that it is just inside `phase` now."""
    opening = next((b.field for b in BOUNDARIES if b.opens == phase), None)
    now = timezone.now()
    begin = getattr(jam, opening) if opening else jam.starts_at - timedelta(days=2)
    # Five minutes in: whatever settles for two minutes has settled.
    shift = now - begin - timedelta(minutes=5)
    for boundary in BOUNDARIES:
        setattr(jam, boundary.field, getattr(jam, boundary.field) + shift)
    jam.save()
