"""What was handed in, what came later, and a blind jam, on a phone and on a desktop."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from jam.timeline import Phase
from submissions import freezing
from submissions.models import Revision, SubmissionRules
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, UserFactory
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def submission():
    """Frozen and being rated; Ada Author is on its team."""
    author = UserFactory(display_name="Ada Author")
    submission = SubmissionFactory(
        jam=JamFactory(), by=author, title="Our work", body="We asked 12 people.\n\nThey agreed."
    )
    hand_in(submission)
    move(submission.jam, Phase.RATING)
    freezing.close(submission.jam, submission.jam.ratings_open_at)
    return submission


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_team_adds_a_later_revision_and_everybody_reads_what_changed(
    visit, is_accessible, submission, viewport
):
    page = visit(viewport)
    log_in(page, submission.contributors.get().user)
    page.goto(submission.get_absolute_url())
    page.get_by_role("link", name="Write a later revision").click()
    text = page.get_by_label("Report", exact=True)
    text.fill("We asked 21 people.\n\nThey agreed.")
    page.get_by_role("button", name="Save, and see what changes").click()
    expect(page.locator("del")).to_contain_text("12")
    is_accessible(page)
    page.get_by_label("What changed").fill("Nine more people.")
    page.get_by_role("button", name="Add this revision").click()
    expect(page.get_by_text("added later: not what is rated")).to_be_visible()
    assert Revision.objects.count() == 2

    reader = visit(viewport)
    reader.goto(submission.get_absolute_url())
    expect(reader.get_by_text("We asked 12 people.")).to_be_visible()
    reader.get_by_role("link", name="See what changed since").click()
    expect(reader.locator("ins")).to_contain_text("21")
    # Without colours and lines, in words alone.
    assert "[removed: 12]" in " ".join(reader.locator(".is-changed").all_text_contents())
    is_accessible(reader)
    reader.get_by_role("link", name="Revision 1", exact=True).first.click()
    expect(reader.get_by_text("Raters rate exactly this.")).to_be_visible()
    reader.get_by_text("Commands that fetch and check everything").click()
    is_accessible(reader)
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Download SHA256SUMS").click()
    sums = download.value.path().read_text()
    assert sums.startswith(Revision.objects.get(number=1).digest)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_blind_jam_names_nobody(visit, is_accessible, submission, viewport):
    SubmissionRules.objects.update(blind=True)
    page = visit(viewport)
    for path in ("submissions/", f"submissions/{submission.pk}/",
                 f"submissions/{submission.pk}/revisions/1/"):  # fmt: skip
        page.goto(f"{submission.jam.get_absolute_url()}{path}")
        expect(page.get_by_text("Our work").first).to_be_visible()
        assert "Ada Author" not in page.content()
        is_accessible(page)
    team = visit(viewport)
    log_in(team, submission.contributors.get().user)
    team.goto(submission.get_absolute_url())
    expect(team.get_by_text("Ada Author").first).to_be_visible()
    expect(team.get_by_text("Only its team and the organizers see this")).to_be_visible()
    is_accessible(team)
