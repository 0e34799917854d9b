"""Ratings that should not count are voided, counted again, and voided after the results, which are
then corrected for everybody to see, in a browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from jam.models import Jam, User
from jam.timeline import Phase
from ratings.models import Rating, Results
from tests.browser.conftest import PHONE, move
from tests.browser.test_roles import is_kept_out
from tests.factories import START, UserFactory
from tests.ratings.factories import frozen_submission, rate, small_jam

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_up(when) -> User:
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(date_joined=when)
    return user


@pytest.fixture
def jam() -> Jam:
    """Three who signed up together lift one submission to the first place."""
    jam = small_jam(criteria=1, rule="mean")
    jam.slug = "night"
    made = [frozen_submission(jam, title=title) for title in ("Good", "Fair", "Lifted")]
    for number in range(6):
        rater = signed_up(START - timedelta(days=30 - number))
        for submission, stars in zip(made, (4, 3, 2), strict=True):
            rate(submission, stars + number % 2, by=rater)
    for minute in range(3):
        ring = signed_up(START + timedelta(minutes=minute))
        rate(made[2], 5, by=ring)
        rate(made[1], 1, by=ring)
    jam.organizers.add(UserFactory(display_name="Olga"), made[0].contributors.get().user)
    move(jam, Phase.COUNTING)
    return jam


def test_ratings_are_voided_restored_and_voided_after_the_results(visit_as, fits, jam):
    page = visit_as(jam.organizers.get(display_name="Olga"), PHONE)
    page.goto("/jams/night/desk/")
    page.get_by_role("link", name="Look into the ratings").click()
    fits(page)
    finding = page.locator("article", has_text="Signed up within one hour").first
    finding.locator("summary").click()
    fits(page)
    finding.get_by_label("Why these ratings should not count").fill("One person’s accounts.")
    finding.get_by_role("button", name="Void").click()
    expect(page.get_by_role("heading", name="Voided")).to_be_visible()
    n = Rating.objects.filter(voided_at__isnull=False).count()
    assert n
    restore = page.locator("details", has_text="Restore").first
    restore.locator("summary").click()
    fits(page)
    restore.get_by_label("Why it should count again").fill("It was another.")
    restore.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_be_visible()
    assert Rating.objects.filter(voided_at__isnull=False).count() == n - 1

    # Whoever organizes and contributed leaves it to the others until then, as do all else.
    theirs = visit_as(jam.organizers.exclude(display_name="Olga").get(), PHONE)
    is_kept_out(theirs, "rate/integrity/")
    fits(theirs)
    is_kept_out(visit_as(UserFactory(), PHONE), "rate/integrity/", "rate/appeals/")

    # With the results out, what is voided is told to everybody as a correction.
    move(jam, Phase.FINISHED)
    page.goto("/jams/night/results/")
    page.goto("/jams/night/rate/integrity/")
    finding = page.locator("article").first
    finding.locator("summary").click()
    finding.get_by_label("Why these ratings should not count").fill("It was none other.")
    finding.get_by_role("button", name="Void").click()
    expect(page.get_by_role("heading", name="Publish a correction")).to_be_visible()
    fits(page)
    page.get_by_label("Why, for everybody to read").fill("Three accounts were one person’s.")
    page.get_by_role("button", name="Publish the correction").click()
    page.goto("/jams/night/results/changes/")
    expect(page.get_by_text("Three accounts were one person’s.")).to_be_visible()
    fits(page)
    assert Results.objects.filter(jam=jam).count() == 2
