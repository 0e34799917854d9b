"""One person sets a jam up at night, by keyboard alone, and moves its dates, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from jam.models import Jam
from jam.timeline import Phase
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import HostFactory, ScheduleItemFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)


class Keyboard:
    """Somebody without a mouse. A step is a key that is pressed, or a text that is typed."""

    def __init__(self, page: Page):
        self.page, self.steps = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.steps += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.steps += 1

    def reach(self, where: Locator) -> None:
        for _n in range(60):
            if where.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"No way leads to {where}")

    def follow(self, where: Locator, to: str) -> None:
        self.reach(where)
        self.press("Enter")
        self.page.wait_for_url(to)


def test_from_my_jams_to_a_published_jam_by_keyboard(visit):
    organizer = UserFactory(is_staff=True)
    page = visit()
    log_in(page, organizer)
    hands = Keyboard(page)
    hands.follow(page.get_by_role("link", name="Begin a jam"), "**/jams/new/")
    hands.follow(page.get_by_role("link", name="Weekend hackathon"), "**template=weekend")
    hands.reach(page.get_by_label("Name"))
    hands.type("Night of Circuits")
    hands.press("Enter")
    page.wait_for_url("**/jams/night-of-circuits/set-up/")
    hands.follow(page.get_by_role("link", name="Pitch"), "**/set-up/texts/")
    hands.reach(page.get_by_label("Pitch"))
    hands.type("Two nights of looking inside, for whoever is curious.")
    hands.press("Enter")
    page.wait_for_url("**/set-up/")
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    hands.follow(page.get_by_role("button", name="Publish"), "**/jams/night-of-circuits/")
    expect(page.get_by_text("Everybody can see it now.")).to_be_visible()
    jam = Jam.objects.get()
    assert jam.is_published
    assert jam.schedule.count() == 5
    # At two seconds a step, with time to think of a name and a sentence, within ten minutes.
    assert hands.steps == 84


@LOOKS
def test_a_jam_is_begun_from_an_earlier_one_and_filled(visit, is_accessible, viewport, scheme):
    organizer = UserFactory(is_staff=True)
    source = JamFactory(title="First", tagline="Two days.", description="## What")
    source.organizers.add(organizer)
    HostFactory(jam=source, name="Ada")
    ScheduleItemFactory(jam=source)
    move(source, Phase.FINISHED)
    page = visit(viewport, color_scheme=scheme)
    log_in(page, organizer)
    page.goto("/jams/new/")
    is_accessible(page)
    page.get_by_role("link", name="First").click()
    page.get_by_label("Name").fill("Second")
    page.get_by_text("The other four dates").click()
    is_accessible(page)
    # A close before the start: what is wrong is said, and what was typed is there.
    page.get_by_label("Submissions close").fill("2026-01-01T10:00")
    page.get_by_role("button", name="Make a draft").click()
    expect(page.get_by_text("Choose a time that is still to come").first).to_be_visible()
    is_accessible(page)
    expect(page.get_by_label("Name")).to_have_value("Second")
    page.get_by_label("Submissions close").fill("")
    page.get_by_role("button", name="Make a draft").click()
    expect(page.get_by_text("Here is your draft.")).to_be_visible()
    is_accessible(page)

    page.get_by_role("link", name="Hosts", exact=True).last.click()
    is_accessible(page)
    page.get_by_role("group", name="New").first.get_by_label("Name").fill("Grace")
    page.get_by_role("group", name="New").first.get_by_label("Place").fill("1")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("2 are named.")).to_be_visible()
    jam = Jam.objects.get(slug="second")
    assert [host.name for host in jam.hosts.all()] == ["Grace", "Ada"]

    for name in ("texts", "questions", "submissions", "tracks", "submission-questions", "rating",
                 "criteria", "prizes"):  # fmt: skip
        page.goto(f"/jams/second/set-up/{name}/")
        is_accessible(page)
    page.goto("/jams/second/set-up/preview/")
    expect(page.get_by_role("link", name="Sign up to join")).to_be_visible()
    is_accessible(page)


@LOOKS
def test_dates_are_moved_once_it_is_clear_what_that_means(visit, is_accessible, viewport, scheme):
    organizer = UserFactory()
    jam = JamFactory(slug="night")
    jam.organizers.add(organizer)
    move(jam, Phase.MAKING)
    ParticipationFactory.create_batch(2, jam=jam, joined_at=timezone.now() - timedelta(days=1))
    page = visit(viewport, color_scheme=scheme)
    log_in(page, organizer)
    page.goto("/jams/night/dates/")
    is_accessible(page)
    expect(page.get_by_label("Start")).to_be_disabled()
    later = jam.results_at + timedelta(days=2)
    page.get_by_label("Results").fill(f"{later:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="See what that means").click()
    expect(page.get_by_role("heading", name="Results: 1 day")).to_be_visible()
    expect(page.get_by_text("2 people will be told.")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Move them").click()
    expect(page.get_by_text("Say why")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Reason").fill("The hall is taken")
    page.get_by_role("button", name="Move them").click()
    expect(page.get_by_text("Moved. People are told")).to_be_visible()
    before = jam.results_at
    jam.refresh_from_db()
    assert timedelta(days=1) < jam.results_at - before <= timedelta(days=2)


@LOOKS
def test_a_jam_is_seen_as_somebody_else(visit, is_accessible, viewport, scheme):
    organizer = UserFactory()
    jam = JamFactory(slug="night", title="Night")
    jam.organizers.add(organizer)
    move(jam, Phase.MAKING)
    page = visit(viewport, color_scheme=scheme)
    log_in(page, organizer)
    page.goto("/jams/night/see-as/")
    is_accessible(page)
    page.locator("[name=role]").select_option("contributor")
    page.locator("[name=when]").select_option("before-submissions_close_at")
    page.get_by_role("button", name="See it so").click()
    expect(page.get_by_text("You see “Night” as somebody who hands something in")).to_be_visible()
    expect(page.get_by_text("What you made").first).to_be_visible()
    is_accessible(page)
    # A button does nothing, and says so.
    page.get_by_role("button", name="Cancel my participation").click()
    expect(page.get_by_role("heading", name="This cannot be seen so")).to_be_visible()
    is_accessible(page)
    page.get_by_role("link", name="Stop, or see it otherwise").first.click()
    is_accessible(page)
    page.get_by_role("button", name="Stop").click()
    page.goto("/jams/night/")
    expect(page.get_by_text("You see “Night”")).to_have_count(0)
    expect(page.get_by_role("button", name="Join")).to_be_visible()
