"""Whoever helps with a jam without running it: what each finds, does, and is kept from."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from jam import giving_roles, reporting
from jam.models import Act, Jam, Message, User
from jam.roles import Role
from jam.timeline import Phase
from ratings import judging
from ratings.models import Rating
from tests.browser.conftest import PHONE, move
from tests.factories import UserFactory
from tests.jam.factories import IdeaFactory
from tests.ratings.factories import frozen_submission, small_jam
from tests.sites.factories import LocalSiteFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jam() -> Jam:
    jam = small_jam(criteria=2)
    jam.slug = "night"
    jam.organizers.add(UserFactory(display_name="Olga"))
    move(jam, Phase.MAKING)
    return jam


def is_kept_out(page: Page, *addresses: str) -> None:
    """Of each it says why, and how to go on."""
    for address in addresses:
        page.goto(f"/jams/night/{address}")
        expect(page.get_by_role("heading", name="This is not open to you")).to_be_visible()
        expect(page.get_by_role("link", name="Back to the jam")).to_be_visible()


def test_a_moderator_hides_what_was_reported(visit_as, fits, jam):
    olga, mona = jam.organizers.get(), UserFactory(email="mona@example.org", display_name="Mona")
    idea = IdeaFactory(jam=jam, title="Cheap followers", text="Buy them now!")
    reporting.report(
        target=idea, jam=jam, by=UserFactory(), reason="An advert.", moment=timezone.now()
    )
    giving_roles.invite(
        jam=jam, by=olga, role=Role.MODERATOR, email="mona@example.org", moment=timezone.now()
    )
    page = visit_as(mona, PHONE)
    mail = Message.objects.get(to="mona@example.org")
    page.goto(re.search(r"https?://[^/\s]+(/\S+)", mail.text).group(1))
    fits(page)
    page.get_by_role("button", name="Say yes").click()
    page.goto("/my-jams/")
    page.get_by_role("link", name=jam.title).first.click()
    page.get_by_role("link", name="See the reports").click()
    fits(page)
    page.get_by_role("link", name="Cheap followers", exact=True).click()
    page.get_by_role("link", name="Hide it …").click()
    expect(page.get_by_text("Cheap followers")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Hide it").click()
    expect(page.locator("#id_reason_error")).to_be_visible()
    page.get_by_label("Reason").fill("Nobody sells anything here.")
    page.get_by_role("button", name="Hide it").click()
    expect(page.get_by_text("Done. Its author is told.")).to_be_visible()
    fits(page)
    page.goto("/jams/night/reports/")
    # What is hidden needs no second click here.
    expect(page.get_by_text("Nothing is reported")).to_be_visible()
    page.get_by_role("link", name="Signs of spam").click()
    fits(page)
    is_kept_out(page, "desk/", "people/", "log/", "set-up/", "rate/judges/", "exports/")

    author = visit_as(idea.author, PHONE)
    author.goto(idea.get_absolute_url())
    expect(author.get_by_text("Nobody sells anything here.")).to_be_visible()
    author.get_by_role("link", name="Answer the organizers").click()
    expect(author.get_by_label("What happened?")).to_have_value("About “Cheap followers”: ")
    is_kept_out(author, "reports/", "spam/", f"ideas/{idea.pk}/hide/")
    assert Act.objects.filter(verb="hid", actor=mona).count() == 1


def test_a_coordinator_sees_how_far_judges_are_and_nothing_else(visit_as, fits, jam):
    cora = UserFactory(display_name="Cora")
    olga = jam.organizers.get()
    giving_roles.give(jam=jam, user=cora, role=Role.COORDINATOR, by=olga, moment=timezone.now())
    page = visit_as(cora, PHONE)
    page.goto("/jams/night/")
    page.get_by_role("link", name="What you may do").click()
    expect(page.get_by_role("heading", name="Invite somebody")).to_have_count(0)
    fits(page)
    page.goto("/jams/night/")
    page.locator("#judges").get_by_role("link", name="Judges").click()
    page.get_by_label("E-mail address").fill("judge@example.org")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", name="Asked by mail")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Nobody judges yet")).to_be_visible()
    page.goto("/jams/night/rate/coverage/")
    fits(page)
    is_kept_out(page, "desk/", "people/", "log/", "reports/", "rate/integrity/", "set-up/")
    # Their role they may give back, and nobody else's.
    page.goto("/jams/night/roles/")
    page.get_by_text("Change", exact=False).first.click()
    page.get_by_role("button", name="Give it back").click()
    assert not jam.is_helped_by(User.objects.get(pk=cora.pk), Role.COORDINATOR)
    is_kept_out(page, "rate/judges/", "roles/")


def test_a_judge_by_link_needs_no_script_and_is_stopped_at_once(visit, visit_as, jam):
    frozen_submission(jam, title="First work")
    frozen_submission(jam, title="Second work")
    move(jam, Phase.RATING)
    olga = jam.organizers.get()
    link, secret = judging.invite_by_link(
        jam=jam, by=olga, name="Jude", days=9, moment=timezone.now()
    )
    page = visit(PHONE, java_script_enabled=False)
    page.goto(f"/judge/{secret}/")
    page.get_by_role("button", name="Begin to judge").click()
    page.get_by_role("button", name="Rate the next one").click()
    for criterion in jam.criteria.all():
        page.locator(f"[name=stars_{criterion.pk}][value='4']").check(force=True)
    page.get_by_label("What is strong").fill("The question.")
    page.get_by_role("button", name="Save and next").click()
    rated = Rating.objects.get(completed_at__isnull=False)
    assert (rated.rater, rated.strong) == (link.judge.user, "The question.")

    desk = visit_as(olga)
    desk.goto("/jams/night/rate/judges/")
    desk.locator("summary", has_text="Jude").click()
    desk.get_by_role("button", name="End the link").click()
    expect(desk.get_by_text("The link has ended")).to_be_visible()
    page.goto("/jams/night/rate/")
    expect(page.get_by_text("What you rated is kept.")).to_be_visible()
    page.goto(f"/judge/{secret}/")
    expect(page.get_by_role("button", name="Begin to judge")).to_have_count(0)


def test_a_site_is_run_by_somebody_who_was_asked_by_mail(visit_as, fits, jam):
    host, sam = UserFactory(display_name="Hanne"), UserFactory(display_name="Sam")
    site = LocalSiteFactory(jam=jam, name="The Loft", organizer=host)
    here = site.get_absolute_url()
    page = visit_as(host, PHONE)
    page.goto(here)
    page.get_by_role("link", name="Organizers", exact=True).click()
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_role("button", name="Ask them").click()
    fits(page)
    page.get_by_label("E-mail address").fill(sam.email)
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("Sam is asked by mail.")).to_be_visible()
    fits(page)

    asked = visit_as(sam, PHONE)
    is_kept_out(asked, f"sites/{site.pk}/desk/")
    mail = Message.objects.get(to=sam.email)
    asked.goto(re.search(r"https?://[^/\s]+(/\S+)", mail.text).group(1))
    fits(asked)
    asked.get_by_role("button", name="Organize it").click()
    expect(asked.get_by_text("You organize this local site.")).to_be_visible()
    fits(asked)
    asked.get_by_role("button", name="Close for joining").click()
    asked.goto(f"{here}desk/")
    fits(asked)
    is_kept_out(asked, "desk/", "people/", "log/", "reports/")
    site.refresh_from_db()
    assert (site.is_open, site.is_organized_by(sam)) == (False, True)
