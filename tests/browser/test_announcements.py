"""An organizer, a site organizer and a participant tell and are told, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.sites.factories import LocalSiteFactory, PlaceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_people_are_told(visit, is_accessible, viewport, scheme):
    now = timezone.now()
    jam = JamFactory(
        slug="told",
        starts_at=now - timedelta(days=1),
        submissions_close_at=now + timedelta(days=1),
        ratings_open_at=now + timedelta(days=1, hours=1),
        ratings_close_at=now + timedelta(days=15),
        results_at=now + timedelta(days=15, hours=2),
    )
    organizer, host, reader = (UserFactory(display_name=n) for n in ("Org", "Host", "Ada"))
    jam.organizers.add(organizer)
    site = LocalSiteFactory(jam=jam, name="Loft")
    site.organizers.add(host)
    joined = ParticipationFactory(jam=jam, user=reader, joined_at=now - timedelta(days=2))
    PlaceFactory(site=site, participation=joined)

    page = visit(viewport, color_scheme=scheme)
    log_in(page, organizer)
    page.goto("/jams/told/announcements/")
    is_accessible(page)
    page.get_by_role("link", name="Write an announcement").click()
    page.get_by_label("Title").fill("Pizza 🍕")
    page.get_by_label("Text").fill("In the *kitchen*")
    page.get_by_label("Goes to").select_option("participants")
    is_accessible(page)
    page.get_by_role("button", name="Save and preview").click()
    expect(page.get_by_role("heading", name="Goes to 1 person")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Send to 1 person").click()
    expect(page.get_by_text("Confirmed. It goes out at its time")).to_be_visible()

    page = visit(viewport, color_scheme=scheme)
    log_in(page, host)
    page.goto(site.get_absolute_url())
    page.get_by_role("link", name="Write to these people").click()
    page.get_by_label("Title").fill("Doors")
    page.get_by_label("Text").fill("Ring twice")
    page.get_by_role("button", name="Save and preview").click()
    page.get_by_role("button", name="Send to 1 person").click()

    page = visit(viewport, color_scheme=scheme)
    log_in(page, reader)
    page.goto("/jams/told/announcements/")
    expect(page.get_by_role("link", name="Doors")).to_be_visible()
    page.get_by_role("link", name="Pizza").click()
    expect(page.locator("article em")).to_have_text("kitchen")
    is_accessible(page)
    page.goto("/account/mails/")
    kind = page.get_by_role("group", name="What organizers announce")
    kind.get_by_label("In one mail a day").check()
    page.get_by_label("Keep quiet").check()
    is_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(kind.get_by_label("In one mail a day")).to_be_checked()
