"""A full local site in a real browser: the line, the desk, the door, by phone and desktop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sites import services
from sites.models import LocalSite
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.sites.factories import LocalSiteFactory, PlaceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site() -> LocalSite:
    """Full, in a jam that has begun; nobody waits yet."""
    now = timezone.now()
    jam = JamFactory(
        slug="rooms",
        starts_at=now - timedelta(hours=3),
        submissions_close_at=now + timedelta(days=2),
        ratings_open_at=now + timedelta(days=2, hours=1),
        ratings_close_at=now + timedelta(days=16),
        results_at=now + timedelta(days=16, hours=2),
    )
    site = LocalSiteFactory(
        jam=jam, name="Harbour Hall", capacity=1, organizer=UserFactory(display_name="Sita")
    )
    before = now - timedelta(hours=2)
    PlaceFactory(site=site, taken_at=before, participation__user__display_name="Bob")
    return site


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"]
)
def test_from_the_line_to_the_door(visit, is_accessible, site, viewport, scheme):
    ada = ParticipationFactory(jam=site.jam, user__display_name="Ada").user
    here = site.get_absolute_url()

    # A participant stands in line, and takes the place that is given back.
    page = visit(viewport, color_scheme=scheme)
    log_in(page, ada)
    page.goto(here)
    is_accessible(page)
    page.get_by_role("button", name="Wait for a place").click()
    expect(page.get_by_role("heading", name="You are number 1 in line")).to_be_visible()
    bob = site.places.get().participation.user
    services.leave(site=site, user=bob, moment=timezone.now())
    page.reload()
    expect(page.get_by_role("heading", name="A place is yours to take")).to_be_visible()
    page.get_by_label("Show my name on this page").check()
    is_accessible(page)
    page.get_by_role("button", name="Take a place").click()
    page.get_by_role("link", name="Show my code").click()
    expect(page.get_by_alt_text("Your code")).to_be_visible()
    is_accessible(page)

    # Its organizer checks her in, by her code and by the list, and asks somebody to help.
    place = site.places.get(released_at=None)
    page = visit(viewport, color_scheme=scheme, java_script_enabled=False)
    log_in(page, site.organizers.get())
    page.goto(f"{here}in/{place.code}/")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_text("Ada is checked in.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("Search").fill("ada")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Check in Ada").click()
    expect(page.get_by_text("checked in", exact=True)).to_be_visible()

    page = visit(viewport, color_scheme=scheme)
    log_in(page, site.organizers.get())
    for name in ("desk", "door", "day", "pictures", "organizers"):
        page.goto(f"{here}{name}/")
        is_accessible(page)
    helper = UserFactory(display_name="Hal")
    page.get_by_label("E-mail address").fill(helper.email)
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("Hal is asked by mail.")).to_be_visible()

    # An organizer of the jam asks something about it.
    organizer = UserFactory(display_name="Olga")
    site.jam.organizers.add(organizer)
    page = visit(viewport, color_scheme=scheme)
    log_in(page, organizer)
    page.goto(here)
    page.get_by_label("Write to them").fill("Is there a lift?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("listitem").filter(has_text="Is there a lift?")).to_be_visible()
    is_accessible(page)
