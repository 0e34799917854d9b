"""An organizer's night at the desk, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jam import reporting
from jam.models import Ban, Jam
from sites.models import Place
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.sites.factories import LocalSiteFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jam() -> Jam:
    now = timezone.now()
    times = {
        "starts_at": now - timedelta(days=1),
        "submissions_close_at": now + timedelta(days=1),
        "ratings_open_at": now + timedelta(days=1, hours=1),
        "ratings_close_at": now + timedelta(days=15),
        "results_at": now + timedelta(days=15, hours=2),
        "published_at": now - timedelta(days=20),
    }
    jam = JamFactory(slug="night", title="This one", **times)
    year = timedelta(days=365)
    before = JamFactory(title="The first one", **{name: at - year for name, at in times.items()})
    for one in (jam, before):
        one.organizers.add(UserFactory(display_name="Olga") if one is jam else jam.organizers.get())
        ParticipationFactory(jam=one, joined_at=one.starts_at - timedelta(days=3))
    spammer = UserFactory(display_name="Spam Sender")
    ParticipationFactory(jam=jam, user=spammer)
    LocalSiteFactory(jam=jam, name="The Loft")
    SubmissionFactory(jam=jam, title="Buy now", by=spammer)
    reporting.report(
        target=spammer, jam=jam, by=UserFactory(), reason="They sell things", moment=now
    )
    return jam


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_what_waits_is_found_and_done(visit, is_accessible, jam, viewport, scheme):
    page = visit(viewport, color_scheme=scheme)
    log_in(page, jam.organizers.get())
    page.goto("/jams/night/")
    page.get_by_role("link", name="Desk", exact=True).click()
    expect(page.get_by_text("1 report is open.")).to_be_visible()
    expect(page.get_by_text("At this point “The first one” had 1.")).to_be_visible()
    page.get_by_text("As a table: Sign-ups").click()
    is_accessible(page)

    page.get_by_role("link", name="Everybody").click()
    page.get_by_label("Search").fill("spam")
    page.get_by_role("button", name="Find").click()
    is_accessible(page)
    page.get_by_role("link", name="Spam Sender").click()
    page.get_by_role("link", name="Give them a place at a local site").click()
    page.get_by_label("To", exact=True).select_option(label="The Loft (0 of 20)")
    page.locator("#move_reason").fill("It is quieter there.")
    is_accessible(page)
    page.get_by_role("button", name="Give them the place").click()
    expect(page.get_by_text("They are moved, and told why.")).to_be_visible()
    assert Place.objects.unreleased().get().site.name == "The Loft"

    page.get_by_text("Ban them from the jam").click()
    page.locator("#ban_reason").fill("They sell things.")
    is_accessible(page)
    page.get_by_role("button", name="Ban them", exact=True).click()
    expect(page.get_by_role("button", name="Lift the ban")).to_be_visible()
    is_accessible(page)
    assert Ban.objects.in_force().count() == 1
    assert not Place.objects.unreleased().exists()

    page.goto("/jams/night/submissions/organize/?state=withdrawn")
    page.get_by_label("Choose “Buy now”").check()
    page.get_by_text("Disqualify …").click()
    page.locator("#id_disqualify-reason").fill("Spam")
    is_accessible(page)
    page.get_by_role("button", name="Disqualify them").click()
    expect(page.get_by_text("1 submission is disqualified.")).to_be_visible()
    page.goto("/jams/night/reports/")
    page.get_by_text("For organizers · Reports").click()
    is_accessible(page)
    page.get_by_role("link", name="To the desk").click()
    expect(page.get_by_role("heading", name="What needs a decision now")).to_be_visible()
