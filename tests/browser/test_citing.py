"""Citing a submission and checking a certificate, on a desktop and on a phone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from jam.timeline import Phase
from ratings import freezing
from ratings.models import Prize
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.factories import RESULTS, UserFactory
from tests.ratings.factories import frozen_submission, rate, small_jam

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def winner():
    """A submission by Ada that has won."""
    jam = small_jam(criteria=1, rule="mean")
    ada = UserFactory(email="ada@example.org", display_name="Ada </script> Lovelace")
    ada.set_password("correct horse battery")
    ada.save()
    submission = frozen_submission(jam, title="Inside <script>alert(1)</script>", by=ada)
    rate(submission, 5)
    Prize.objects.create(jam=jam, title="The golden probe")
    freezing.results_of(jam, RESULTS)
    move(jam, Phase.FINISHED)
    return submission


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_cited_certified_and_checked_by_somebody_else(visit, is_accessible, winner, viewport):
    page = visit(viewport, permissions=["clipboard-read", "clipboard-write"])
    page.goto(winner.get_absolute_url())
    # Linked data is read as data under the strict policy, whatever is in it.
    told = json.loads(page.locator('script[type="application/ld+json"]').text_content())
    assert told["author"][0]["name"] == "Ada </script> Lovelace"
    section = page.locator("section.cite")
    section.get_by_role("button", name="Copy as BibTeX").click()
    expect(section.get_by_role("button", name="Copied")).to_be_visible()
    assert "@inproceedings{" in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        section.get_by_role("link", name="RIS").click()
    assert download.value.suggested_filename == "citation.ris"
    is_accessible(page)

    page.goto(f"/accounts/login/?next=/jams/{winner.jam.slug}/certificates/")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".certificates > li")).to_have_count(3)
    is_accessible(page)
    page.get_by_role("button", name="Issue it · Certificate of winning").click()
    expect(page.get_by_role("heading", name="It holds")).to_be_visible()
    is_accessible(page)

    other = visit(viewport)
    other.goto(page.url)
    expect(other.get_by_text("won “The golden probe”").first).to_be_visible()
    with other.expect_download() as download:
        other.get_by_role("link", name="Download the PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
