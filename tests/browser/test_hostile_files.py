"""Every awkward notebook and report in a real browser: shown, or said to be unreadable; nothing in
it runs or reaches out, with the security policy and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from jam.timeline import Phase
from tests.browser.conftest import move
from tests.browser.test_hostile_text import AUDIT
from tests.submissions.corpus import Awkward
from tests.submissions.test_awkward_reading import READ, path_of, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPORTS = [awkward for awkward in READ if awkward.name.endswith(".pdf")]
ACTING = [awkward for awkward in READ if awkward.name in
          ("scripts.ipynb", "texts.ipynb", "pictures.ipynb", "old.ipynb")]  # fmt: skip


def read_all(browser: Browser, server: str, awkward: list[Awkward], bypass_csp: bool) -> list[str]:
    """What ran, or could run, or was asked of other servers."""
    files = stored(*awkward)
    jam = files[0].submission.jam
    move(jam, Phase.RATING)
    found: list[str] = []
    context = browser.new_context(base_url=server, bypass_csp=bypass_csp, accept_downloads=False)
    context.expose_function("hit", lambda: found.append(f"ran: {page.url}"))
    page = context.new_page()
    page.on("dialog", lambda dialog: (found.append("dialog"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((server, "data:", "blob:"))
            else found.append(f"asked: {request.url}")
        ),
    )
    for one, file in zip(awkward, files, strict=True):
        page.goto(path_of(file))
        if one.name.endswith(".pdf"):
            told = page.locator(".pdf-text, .pdf .message").filter(has_text=one.shows).first
            expect(told, one.name).to_be_attached(timeout=20_000)
        else:
            page.keyboard.press("End")
            page.wait_for_timeout(50)
            for picture in page.locator(".output img").all():
                picture.scroll_into_view_if_needed()
                expect(picture).to_have_js_property("complete", True)
                assert picture.evaluate("image => image.naturalWidth") > 0, one.name
        found += [f"{one.name}: {what}" for what in page.evaluate(AUDIT)]
        assert page.title() != "run"
    if "links.pdf" in [one.name for one in awkward]:
        page.goto(path_of(next(file for file in files if file.name == "links.pdf")))
        expect(page.locator(".pdf-links a").first).to_be_attached()
        links = page.locator(".pdf-links a")
        addresses = {link.get_attribute("href") for link in links.all()}
        assert addresses == {"https://example.org/paper", "#page-2"}
        assert links.first.get_attribute("rel") == "nofollow noopener noreferrer"
    context.close()
    return found


def test_no_awkward_file_runs_or_reaches_out_even_without_the_policy(browser, live_server):
    assert read_all(browser, live_server.url, READ, bypass_csp=True) == []


def test_reports_and_notebooks_are_shown_under_the_policy(browser, live_server):
    assert read_all(browser, live_server.url, REPORTS + ACTING, bypass_csp=False) == []
