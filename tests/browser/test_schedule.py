"""A schedule as those who come see it, and as its organizers change it, by phone and desktop."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from jam.models import ScheduleItem
from jam.timeline import Phase
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import ScheduleItemFactory
from tests.sites.factories import LocalSiteFactory, SiteItemFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_schedule_is_seen_and_changed(visit, is_accessible, viewport):
    jam = JamFactory()
    move(jam, Phase.MAKING)
    organizer, host = UserFactory(), UserFactory()
    jam.organizers.add(organizer)
    ScheduleItemFactory(jam=jam, title="Keynote", starts_at=jam.starts_at, stream_url="https://s.example",
                        ends_at=jam.submissions_close_at)  # fmt: skip
    site = LocalSiteFactory(jam=jam, organizer=host)
    SiteItemFactory(site=site, title="Dinner", starts_at=jam.submissions_close_at, ends_at=None)

    page = visit(viewport)
    log_in(page, organizer)
    page.goto(jam.schedule_path)
    is_accessible(page)
    page.get_by_role("link", name="Cancel Keynote").click()
    page.get_by_role("button", name="Cancel it").click()
    expect(page.get_by_text("Say why")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Reason").fill("Flu")
    page.get_by_role("button", name="Cancel it").click()
    expect(page.get_by_text("Cancelled: Flu")).to_be_visible()
    assert ScheduleItem.objects.get().sequence == 1
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_role("link", name="Watch live")).to_be_visible()

    page = visit(viewport)
    log_in(page, host)
    page.goto(site.schedule_path)
    page.get_by_role("link", name="Add an item").click()
    is_accessible(page)
    page.get_by_label("Title").fill("Breakfast 🥐")
    page.get_by_label("Kind").select_option("social")
    page.get_by_label("Starts").fill(jam.submissions_close_at.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Add it to the schedule").click()
    expect(page.get_by_role("heading", name="Breakfast 🥐")).to_be_visible()
    page.get_by_role("link", name="Week").click()
    is_accessible(page)

    page = visit(viewport)
    log_in(page, ParticipationFactory(jam=jam).user)
    page.goto("/account/calendar/")
    page.get_by_role("button", name="Make the address").click()
    expect(page.get_by_role("link", name="Subscribe")).to_be_visible()
    is_accessible(page)
