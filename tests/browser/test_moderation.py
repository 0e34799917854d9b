"""What organizers do about people and their words, and what those see of it, in a browser."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from playwright.sync_api import Page, expect

from jam.models import Act, Ban, Jam, Message
from jam.timeline import Phase
from sites.models import Place
from submissions.models import Submission
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_roles import is_kept_out
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory
from tests.sites.factories import LocalSiteFactory, PlaceFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jam() -> Jam:
    jam = JamFactory(slug="night", title="Night of Circuits")
    jam.organizers.add(UserFactory(display_name="Olga"))
    move(jam, Phase.MAKING)
    return jam


def give_reason(page: Page, act: str, reason: str) -> None:
    page.locator(f"#{act}_reason").fill(reason)


def test_somebody_is_asked_again_moved_taken_out_banned_and_let_in_without_scripts(
    visit_as, fits, jam
):
    bob = UserFactory(display_name="Bob", verified=False)
    there = ParticipationFactory(jam=jam, user=bob, joined_at=timezone.now() - timedelta(hours=1))
    attic = LocalSiteFactory(jam=jam, name="The Attic")
    PlaceFactory(site=attic, participation=there, taken_at=there.joined_at)
    LocalSiteFactory(jam=jam, name="The Loft")
    here = f"people/{bob.pk}/"
    page = visit_as(jam.organizers.get(), PHONE, java_script_enabled=False)
    page.goto("/jams/night/people/")
    page.get_by_role("link", name="Bob").click()
    page.get_by_role("button", name="Ask them once more").click()
    expect(page.get_by_text("They are asked once more")).to_be_visible()
    assert Message.objects.filter(to=bob.email).exists()

    page.get_by_text("Move them to another local site").click()
    page.get_by_label("To", exact=True).select_option(label="The Loft (0 of 20)")
    give_reason(page, "move", "It is quieter there.")
    page.get_by_role("button", name="Move them").click()
    expect(page.get_by_text("They are moved, and told why.")).to_be_visible()
    assert Place.objects.unreleased().get().site.name == "The Loft"

    page.get_by_text("Take them out of the jam").click()
    page.get_by_role("button", name="Take them out", exact=True).click()
    expect(page.get_by_text("Nothing was done yet. See below why.")).to_be_visible()
    give_reason(page, "remove", "They asked us to.")
    page.get_by_role("button", name="Take them out", exact=True).click()
    expect(page.get_by_text("They do not take part any more.")).to_be_visible()
    page.get_by_text("Ban them from the jam").click()
    give_reason(page, "ban", "They shouted.")
    page.get_by_role("button", name="Ban them", exact=True).click()
    expect(page.get_by_role("button", name="Lift the ban")).to_be_visible()
    assert (Ban.objects.in_force().count(), Place.objects.unreleased().count()) == (1, 0)

    EmailAddress.objects.update(verified=True)
    theirs = visit_as(bob, PHONE)
    theirs.goto("/jams/night/")
    expect(theirs.get_by_text("The organizers keep you out of this jam.").first).to_be_visible()
    fits(theirs)
    is_kept_out(theirs, "people/", here)
    # With scripts, as others have it.
    desk = visit_as(jam.organizers.get())
    desk.goto("/jams/night/people/?state=banned")
    fits(desk)
    desk.get_by_role("link", name="Bob").click()
    fits(desk)
    desk.get_by_role("button", name="Lift the ban").click()
    expect(desk.get_by_text("They may take part again.")).to_be_visible()
    theirs.goto("/jams/night/")
    theirs.get_by_role("button", name="Join").first.click()
    expect(theirs.get_by_text("You take part in this jam.")).to_be_visible()


def test_what_was_hidden_is_answered_and_shown_again(visit_as, fits, jam):
    olga, ida = jam.organizers.get(), UserFactory(display_name="Ida")
    idea = IdeaFactory(jam=jam, title="Odd heads", author=ida, proposed_at=timezone.now())
    here = f"/jams/night/ideas/{idea.pk}/"
    desk = visit_as(olga)
    desk.goto(f"{here}hide/")
    desk.get_by_label("Reason").fill("It is told twice.")
    desk.get_by_role("button", name="Hide it").click()
    expect(desk.get_by_text("The organizers have hidden this idea.")).to_be_visible()

    page = visit_as(ida, PHONE)
    page.goto(here)
    fits(page)
    page.get_by_role("link", name="Answer the organizers").click()
    page.get_by_label("What happened?").fill("About “Odd heads”: It is not.")
    fits(page)
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("The organizers are told.")).to_be_visible()

    desk.goto("/jams/night/desk/")
    desk.get_by_role("link", name="See the reports").click()
    expect(desk.get_by_text("About “Odd heads”: It is not")).to_be_visible()
    desk.get_by_role("link", name="Write to whoever reported it").click()
    desk.get_by_label("Write to whoever reported it").fill("You are right.")
    desk.get_by_role("button", name="Send").click()
    desk.get_by_role("button", name="Close the report").click()
    desk.goto(f"{here}hide/")
    fits(desk)
    desk.get_by_role("button", name="Show it again").click()
    expect(desk.get_by_text("The organizers have hidden this idea.")).to_have_count(0)

    page.goto("/account/reports/")
    fits(page)
    page.get_by_role("link", name="Night of Circuits").click()
    expect(page.get_by_text("You are right.")).to_be_visible()
    other = visit_as(ParticipationFactory(jam=jam).user)
    other.goto(here)
    expect(other.get_by_role("heading", name="Odd heads")).to_be_visible()
    is_kept_out(other, f"ideas/{idea.pk}/hide/", "reports/", "spam/")


def test_signs_of_spam_are_looked_at_and_the_log_is_sifted_and_taken_away(visit_as, fits, jam):
    spammer = ParticipationFactory(jam=jam).user
    IdeaFactory(
        jam=jam, title="Cheap followers", author=spammer, proposed_at=timezone.now(),
        text="https://a.example/ https://b.example/ https://c.example/ https://d.example/",
    )  # fmt: skip
    page = visit_as(jam.organizers.get(), DESKTOP)
    page.goto("/jams/night/spam/")
    expect(page.get_by_text("mostly addresses")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="It is no spam").click()
    expect(page.get_by_text("Nothing looks like spam")).to_be_visible()
    fits(page)

    page.goto("/jams/night/exports/")
    fits(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").first.click()
    assert taken.value.path().stat().st_size
    page.goto("/jams/night/log/")
    page.get_by_label("What").select_option("took a table away")
    page.get_by_label("Name").fill("Olga")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("1 line, the newest first.")).to_be_visible()
    fits(page)
    with page.expect_download() as log:
        page.get_by_role("link", name="table (CSV)").click()
    lines = list(csv.reader(log.value.path().read_text().splitlines()))
    assert [line for line in lines[1:] if "took a table away" in line] == lines[1:] != []
    page.get_by_label("Name").fill("Nobody of that name")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("No line fits")).to_be_visible()
    fits(page)
    is_kept_out(visit_as(spammer, PHONE), "spam/", "log/", "exports/")


def test_several_submissions_are_disqualified_answered_for_and_put_back(visit_as, fits, jam):
    ada = UserFactory(display_name="Ada")
    SubmissionFactory(jam=jam, title="First work", by=ada)
    SubmissionFactory(jam=jam, title="Second work")
    page = visit_as(jam.organizers.get())
    page.goto("/jams/night/submissions/organize/")
    page.get_by_text("Write to their teams …").click()
    page.get_by_role("button", name="Send it").click()
    fits(page)
    page.get_by_label("all 2 that were found").check()
    page.get_by_label("Subject").fill("The door")
    page.get_by_label("Text").fill("It is open.")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Nothing was done yet")).to_have_count(0)
    assert Message.objects.filter(subject__contains="The door").count() == 2

    page.get_by_label("Choose “First work”").check()
    page.get_by_label("Choose “Second work”").check()
    page.get_by_text("Disqualify …").click()
    page.locator("#id_disqualify-reason").fill("Made before the start.")
    page.get_by_role("button", name="Disqualify them").click()
    expect(page.get_by_text("2 submissions are disqualified.")).to_be_visible()

    team = visit_as(ada, PHONE)
    team.goto(Submission.objects.get(title="First work").get_absolute_url())
    expect(team.get_by_text("Made before the start.")).to_be_visible()
    fits(team)
    team.get_by_role("link", name="Answer the organizers").click()
    expect(team.get_by_label("What happened?")).to_have_value("About “First work”: ")
    is_kept_out(team, "submissions/organize/")

    page.goto("/jams/night/submissions/organize/?state=disqualified")
    fits(page)
    page.get_by_label("Choose “First work”").check()
    page.get_by_text("Reinstate …").click()
    page.locator("#id_reinstate-reason").fill("It was not.")
    page.get_by_role("button", name="Put them back").click()
    expect(page.get_by_text("1 submission is back in the running.")).to_be_visible()
    page.goto(f"/jams/night/submissions/{Submission.objects.get(title='Second work').pk}/organize/")
    page.locator("#reinstate_reason").fill("This neither.")
    page.get_by_role("button", name="Put it back into the running").click()
    expect(page.get_by_text("The submission is back in the running.")).to_be_visible()
    fits(page)
    assert Act.objects.filter(verb="reinstated").count() == 2


def test_a_team_asks_for_more_time_and_hands_in_late(visit_as, fits, jam):
    ada = UserFactory(display_name="Ada")
    draft = SubmissionFactory(jam=jam, title="Nearly done", licence="", by=ada)
    move(jam, Phase.RATING)
    here = f"/jams/night/submissions/{draft.pk}/"
    team = visit_as(ada, PHONE)
    team.goto(here)
    team.get_by_role("link", name="Ask for more time").click()
    fits(team)
    team.get_by_label("What happened").fill("The power went. Two hours.")
    team.get_by_role("button", name="Ask the organizers").click()
    expect(team.get_by_text("The organizers are asked.")).to_be_visible()
    fits(team)

    page = visit_as(jam.organizers.get())
    page.goto("/jams/night/desk/")
    page.get_by_text("asks for more time").locator("..").get_by_role("link").click()
    fits(page)
    page.get_by_label("Until").fill("2020-01-01T10:00")
    page.locator("#grant_reason").fill("The power went.")
    page.get_by_role("button", name="Give this time").click()
    expect(page.get_by_text("Choose a time that is still to come").first).to_be_visible()
    until = timezone.now() + timedelta(days=1)
    page.get_by_label("Until").fill(f"{until:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Give this time").click()
    expect(page.get_by_text("The team has more time.")).to_be_visible()
    fits(page)

    team.goto(f"{here}edit/")
    fits(team)
    team.locator("#id_licence").select_option("MIT")
    team.get_by_role("button", name="Hand in").click()
    team.wait_for_url("**/receipts/1/")
    expect(team.get_by_text("late").first).to_be_visible()
    fits(team)
    is_kept_out(team, f"submissions/{draft.pk}/organize/")
    draft.refresh_from_db()
    assert draft.is_late
