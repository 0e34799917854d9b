"""A team answers, declares, says who did what and agrees on an order, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jam.questions import Kind
from submissions import services
from submissions.models import Question, Submission
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, UserFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft() -> Submission:
    now = timezone.now()
    jam = JamFactory(
        slug="credit",
        starts_at=now - timedelta(days=1),
        submissions_close_at=now + timedelta(days=1),
        ratings_open_at=now + timedelta(days=1, hours=1),
        ratings_close_at=now + timedelta(days=15),
        results_at=now + timedelta(days=15, hours=2),
    )
    Question.objects.create(jam=jam, text="Is it new?", kind=Kind.YES_NO, is_required=True)
    draft = SubmissionFactory(jam=jam, by=UserFactory(display_name="Ada"))
    services.join_team(submission=draft, user=UserFactory(display_name="Grace"), moment=now)
    return draft


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_a_team_says_who_did_what(visit, is_accessible, draft, viewport, scheme):
    edit = f"/jams/credit/submissions/{draft.pk}/edit/"
    ada, grace = (contributor.user for contributor in draft.contributors.all())
    page = visit(viewport, color_scheme=scheme)
    log_in(page, ada)
    page.goto(edit)
    expect(page.locator("#checklist .is-missing")).to_have_count(1)
    page.get_by_label("Is it new?").select_option("Yes")
    page.get_by_label("Which, and what for").fill("An assistant, for the plots.")
    page.get_by_label("Your affiliation").fill("Analytical Engines")
    page.get_by_label("Software", exact=True).check()
    expect(page.locator("#checklist .is-missing")).to_have_count(0)
    expect(page.locator("[data-autosave-state]")).to_contain_text("Saved")
    page.get_by_role("button", name="Later Ada").click()
    expect(page.get_by_text("Not agreed yet: Grace.")).to_be_visible()
    expect(page.get_by_label("Software", exact=True)).to_be_checked()
    is_accessible(page)

    # Without JavaScript, what was typed is saved by the button that agrees.
    page = visit(viewport, color_scheme=scheme, java_script_enabled=False)
    log_in(page, grace)
    page.goto(edit)
    page.get_by_label("Your affiliation").fill("Navy")
    page.get_by_role("button", name="Agree").click()
    expect(page.locator(".team li").first).to_contain_text("Grace")
    expect(page.get_by_text("Another order is proposed.")).to_have_count(0)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("It is in.")).to_be_visible()
    content = draft.revisions.get().content
    assert [(p["name"], p["affiliation"]) for p in content["contributors"]] == [
        ("Grace", "Navy"), ("Ada", "Analytical Engines")
    ]  # fmt: skip
    assert content["contributors"][1]["roles"] == ["software"]
    assert content["answers"] == [{"question": "Is it new?", "answer": "Yes"}]
    assert content["ai_tools"] == "An assistant, for the plots."
