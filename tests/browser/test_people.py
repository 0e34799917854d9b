"""Joining with answers, finding a team, and telling organizers, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jam.models import Jam, Report, SignUpQuestion
from submissions import services
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, UserFactory
from tests.sites.factories import LocalSiteFactory, PlaceFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = {"text": "We plot, and look for somebody who writes.", "skills": "plots",
        "interests": "", "languages": " en ", "time_zone": "Europe/Lisbon", "wakes_at": 8,
        "sleeps_at": 23}  # fmt: skip


@pytest.fixture
def jam() -> Jam:
    now = timezone.now()
    jam = JamFactory(
        slug="people",
        starts_at=now - timedelta(days=1),
        submissions_close_at=now + timedelta(days=1),
        ratings_open_at=now + timedelta(days=1, hours=1),
        ratings_close_at=now + timedelta(days=15),
        results_at=now + timedelta(days=15, hours=2),
    )
    SignUpQuestion.objects.create(jam=jam, text="Your field?", is_required=True, is_public=True)
    jam.organizers.add(UserFactory(display_name="Olga"))
    draft = SubmissionFactory(jam=jam, by=UserFactory(display_name="Ada"))
    ada = draft.contributors.get().user
    services.show_card(jam=jam, by=ada, said=SAID, submission=draft, moment=now)
    return jam


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_somebody_joins_finds_a_team_and_is_heard(visit, is_accessible, jam, viewport, scheme):
    page, grace = visit(viewport, color_scheme=scheme), UserFactory(display_name="Grace")
    log_in(page, grace)
    page.goto("/jams/people/conduct/")
    is_accessible(page)
    page.goto("/jams/people/")
    page.get_by_role("link", name="Join", exact=True).click()
    is_accessible(page)
    page.get_by_label("Your field?").fill("Compilers")
    page.get_by_label("Put me on the list").check()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("You take part in this jam.")).to_be_visible()

    page.goto("/jams/people/participants/")
    expect(page.get_by_text("Compilers")).to_be_visible()
    is_accessible(page)
    page.goto("/jams/people/teams/")
    page.get_by_role("link", name="Put up my card").click()
    page.get_by_label("in a few words").fill("I write, and I like deadlines.")
    is_accessible(page)
    page.get_by_role("button", name="Put it on the board").click()
    page.goto("/jams/people/teams/?kind=teams")
    is_accessible(page)
    page.get_by_role("link", name="Team of Ada").click()
    page.get_by_label("A few words").fill("I could write.")
    is_accessible(page)
    page.get_by_role("button", name="Ask to join").click()
    expect(page.get_by_text("You ask to join a team")).to_be_visible()

    ada = visit(viewport, color_scheme=scheme)
    log_in(ada, jam.submissions.get().contributors.get().user)
    ada.goto("/jams/people/teams/asks/")
    is_accessible(ada)
    ada.get_by_role("button", name="Accept").click()
    expect(ada.get_by_text("You are a team now.")).to_be_visible()
    assert jam.submissions.get().contributors.count() == 2

    page.goto("/jams/people/reports/new/")
    page.get_by_label("What happened?").fill("The door was locked.")
    is_accessible(page)
    page.get_by_role("button", name="Report it").click()
    olga = visit(viewport, color_scheme=scheme)
    log_in(olga, jam.organizers.get())
    olga.goto("/jams/people/reports/")
    olga.get_by_role("link", name="Write to whoever reported it").click()
    olga.get_by_label("Write to whoever reported it").fill("It is open now.")
    olga.get_by_role("button", name="Send").click()
    is_accessible(olga)
    page.goto(f"/jams/people/reports/{Report.objects.get().pk}/")
    expect(page.get_by_text("It is open now.")).to_be_visible()


def test_who_runs_a_site_reads_what_its_people_answered(visit, is_accessible, jam):
    host = UserFactory(display_name="Hanne")
    site = LocalSiteFactory(jam=jam, organizer=host)
    there = jam.participations.first()
    PlaceFactory(site=site, participation=there)
    there.answers.create(question=jam.sign_up_questions.get(), text="Looms")
    page = visit(PHONE)
    log_in(page, host)
    page.goto("/jams/people/answers/")
    expect(page.get_by_text("Looms")).to_be_visible()
    is_accessible(page)
