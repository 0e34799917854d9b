"""The ceremony on a projector: nothing can be read before it is revealed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from jam.timeline import Phase
from ratings import freezing
from ratings.models import Prize
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.factories import RESULTS
from tests.ratings.factories import frozen_submission, rate, small_jam

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLES = ["Alpha", "Beta", "Gamma"]


@pytest.fixture
def ceremony() -> str:
    """The address of a ceremony: Alpha is first and wins a prize, then Beta, then Gamma."""
    jam = small_jam(criteria=1, rule="mean")
    for title, stars in zip(TITLES, (5, 4, 3), strict=True):
        rate(frozen_submission(jam, title=title), stars)
    Prize.objects.create(jam=jam, title="The golden probe")
    results = freezing.results_of(jam, RESULTS)
    move(jam, Phase.FINISHED)
    assert results.awards.count() == 1
    return f"/jams/{jam.slug}/results/ceremony/"


def readable(page: Page) -> list[str]:
    text = page.locator("body").inner_text()
    return [title for title in TITLES if title in text]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_by_keys_one_after_the_other_and_back(visit, is_accessible, ceremony, viewport):
    page = visit(viewport, reduced_motion="reduce")
    page.goto(ceremony)
    status = page.locator("[data-status]")
    expect(page.locator("[data-position]")).to_have_text("0 / 4")
    expect(page.get_by_role("button", name="Back")).to_be_disabled()
    assert readable(page) == []
    is_accessible(page)

    page.keyboard.press("Space")
    assert readable(page) == ["Gamma"]
    expect(status).to_contain_text("Place 3: Gamma")
    is_accessible(page)
    page.keyboard.press("ArrowRight")
    assert readable(page) == ["Beta"]
    page.keyboard.press("ArrowLeft")
    assert readable(page) == ["Gamma"]
    page.keyboard.press("PageDown")
    page.keyboard.press("PageUp")
    page.keyboard.press("PageDown")
    assert readable(page) == ["Beta"]

    # A moment of its own before the first place.
    page.keyboard.press("Space")
    assert readable(page) == []
    assert "The first place goes to" in page.locator("body").inner_text()
    is_accessible(page)
    page.keyboard.press("Space")
    assert readable(page) == ["Alpha"]
    assert "The golden probe" in page.locator("body").inner_text()
    expect(status).to_contain_text("Place 1: Alpha")
    expect(page.get_by_role("button", name="Reveal")).to_be_disabled()
    is_accessible(page)
    page.keyboard.press("Space")
    assert readable(page) == ["Alpha"]


def test_by_taps_and_a_reload_goes_on_where_it_was(visit, ceremony):
    page = visit(PHONE, has_touch=True)
    page.goto(ceremony)
    page.get_by_role("button", name="Reveal").tap()
    page.get_by_role("button", name="Reveal").tap()
    assert readable(page) == ["Beta"]
    # The button that was tapped leaves the space bar to the ceremony.
    page.get_by_role("button", name="Back").tap()
    page.keyboard.press("Space")
    assert readable(page) == ["Beta"]
    page.reload()
    expect(page.locator("[data-position]")).to_have_text("2 / 4")
    assert readable(page) == ["Beta"]
    other = visit(DESKTOP)
    other.goto(ceremony)
    assert readable(other) == []


def test_it_is_dark_whatever_was_chosen_and_still_for_who_wants_no_motion(visit, ceremony):
    page = visit(DESKTOP, color_scheme="light", reduced_motion="reduce")
    page.goto(ceremony)
    scheme = "getComputedStyle(document.documentElement).colorScheme"
    page.evaluate("localStorage.setItem('theme', 'light')")
    page.reload()
    assert page.evaluate(scheme) == "dark"
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.getAnimations().length") == 0
    moving = visit(DESKTOP, reduced_motion="no-preference")
    moving.goto(ceremony)
    moving.keyboard.press("ArrowRight")
    assert moving.evaluate("document.getAnimations().length") > 0


def test_without_scripts_it_is_a_list_to_be_opened(visit, ceremony):
    page = visit(DESKTOP, java_script_enabled=False)
    page.goto(ceremony)
    assert page.locator("summary").all_inner_texts() == ["Place 3", "Place 2", "Place 1"]
    assert not page.locator("h2").first.is_visible()
    page.locator("summary").last.click()
    expect(page.get_by_role("heading", name="Alpha")).to_be_visible()
    assert page.locator("nav button").count() == page.locator("nav button:not(:visible)").count()
