"""What is kept of people: they read it, take it along and close their account; organizers shorten
how long it is kept. In a browser."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from jam.models import Jam, Retention, User
from jam.timeline import Phase
from tests.browser.conftest import PHONE, move
from tests.browser.test_life_of_a_jam import PASSWORD
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jam() -> Jam:
    jam = JamFactory(slug="night", title="Night of Circuits")
    jam.organizers.add(UserFactory(display_name="Olga"))
    move(jam, Phase.MAKING)
    return jam


def test_organizers_shorten_how_long_things_are_kept(visit_as, visit, fits, jam):
    page = visit_as(jam.organizers.get(), PHONE)
    page.goto("/jams/night/privacy/")
    fits(page)
    answers = page.get_by_label("Answers at sign-up")
    answers.fill("9000")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").or_(page.locator(".invalid-feedback")).first).to_be_visible()
    fits(page)
    answers.fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. The page below says so to everybody.")).to_be_visible()
    assert Retention.objects.get(jam=jam)

    reader = visit(PHONE)
    reader.goto("/jams/night/privacy/")
    expect(reader.get_by_text("30 days after the results")).to_be_visible()
    expect(reader.get_by_role("button", name="Save")).to_have_count(0)
    fits(reader)


def test_somebody_takes_their_data_along_and_closes_their_account(visit_as, fits, jam):
    ida = UserFactory(display_name="Ida Leaves")
    ida.set_password(PASSWORD)
    ida.save()
    SubmissionFactory(jam=jam, title="Alone", by=ida)
    page = visit_as(ida, PHONE)
    page.goto("/jams/night/privacy/")
    page.get_by_role("link", name="Your data").click()
    fits(page)
    page.get_by_role("link", name="Close my account").click()
    # Whoever finds an open browser closes nothing.
    page.get_by_label("Password").fill("not-the-password")
    page.get_by_role("button", name="Confirm").click()
    fits(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="What goes")).to_be_visible()
    fits(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download my data first").click()
    assert "Ida Leaves" in json.dumps(json.loads(taken.value.path().read_text()))

    page.get_by_label("I want to close my account for good.").check()
    page.get_by_role("button", name="Close my account").click()
    expect(page.get_by_text("Your account is closed.")).to_be_visible()
    fits(page)
    page.goto("/my-jams/")
    page.get_by_label("Email").fill(ida.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("are not correct")).to_be_visible()
    assert not User.objects.get(pk=ida.pk).is_active

    other = visit_as(ParticipationFactory(jam=jam).user, PHONE)
    other.goto(f"/people/{ida.pk}/")
    expect(other.get_by_text("Ida Leaves")).to_have_count(0)
    fits(other)
