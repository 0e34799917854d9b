"""A real browser against a live server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from jam.models import Jam, User
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
def sign_in(live_server) -> Callable[[Page, User], None]:
    """Have whoever is at a page be somebody, without the form."""

    def sign_in(page: Page, user: User) -> None:
        # A client of its own: one that becomes somebody else ends the session that it had.
        client, name = Client(), settings.SESSION_COOKIE_NAME
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.add_cookies([cookie])

    return sign_in


@pytest.fixture
def visit_as(visit, sign_in) -> Callable[..., Page]:
    """Open pages as somebody who is signed in already: ``visit_as(user, PHONE)``."""

    def open_page(user: User, viewport: dict[str, int] = DESKTOP, **options) -> Page:
        page = visit(viewport, **options)
        sign_in(page, user)
        return page

    return open_page


def is_narrow_enough(page: Page) -> None:
    # What was just clicked on may still be on its way.
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{page.url} is {width} px too wide"


@pytest.fixture
def is_accessible() -> Callable[[Page], None]:
    """axe finds nothing on the page, and nothing sticks out sideways."""
    axe = Axe()

    def check(page: Page) -> None:
        # Fetching style sheets anew, it asks for what Django's admin imports at the wrong address.
        found = axe.run(page, options={"preload": False})
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        is_narrow_enough(page)

    return check


@pytest.fixture
def fits(is_accessible) -> Callable[[Page], None]:
    """The same, and nothing sticks out on a screen of the other width either."""

    def check(page: Page) -> None:
        own = page.viewport_size
        page.set_viewport_size(DESKTOP if own == PHONE else PHONE)
        is_narrow_enough(page)
        page.set_viewport_size(own)
        is_accessible(page)

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
