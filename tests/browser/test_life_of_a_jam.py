"""The whole life of a jam, from signing up to reading one's results, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from jam.config.demo import files
from jam.models import Jam, Message, User
from jam.timeline import Phase
from ratings.models import Rating, Results
from submissions.models import Closing, Submission
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.factories import JamFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-enough-password"


def a_jam() -> Jam:
    now = timezone.now()
    return JamFactory(
        title="Night of Circuits 🔬",
        slug="night-of-circuits",
        description="## What it is\n\nLook inside, with $e^{i\\pi}$ and 🧑‍🔬.\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |",
        starts_at=now + timedelta(days=2),
        submissions_close_at=now + timedelta(days=4),
        ratings_open_at=now + timedelta(days=4, hours=1),
        ratings_close_at=now + timedelta(days=18),
        results_at=now + timedelta(days=18, hours=2),
        published_at=now - timedelta(days=1),
    )


def sign_up(page: Page, name: str, email: str, check) -> None:
    page.goto("/accounts/signup/")
    check(page)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/confirm-email/")
    check(page)
    path = re.search(r"/accounts/confirm-email/[^\s]+", Message.objects.get(to=email).text).group()
    page.goto(path)
    check(page)
    page.locator("main form button").click()
    page.wait_for_load_state()


def log_in(page: Page, user: User) -> None:
    user.set_password(PASSWORD)
    user.save()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/my-jams/")


def show_verdict(page: Page) -> None:
    """On a phone the form is behind a tab."""
    tab = page.get_by_role("button", name="Your rating")
    if tab.is_visible():
        tab.click()


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_the_whole_life_of_a_jam(visit, is_accessible, viewport, scheme, tmp_path):
    jam = a_jam()
    home = f"/jams/{jam.slug}/"
    look = {"viewport": viewport, "color_scheme": scheme}
    ada, bob, organizer = visit(**look), visit(**look), visit(**look)
    owner = UserFactory(display_name="Olive Owner")
    jam.organizers.add(owner)
    log_in(organizer, owner)

    # Announced: look, sign up, join, offer a room, take a place.
    for path in ("/", "/jams/", home, f"{home}schedule/", f"{home}sites/", f"{home}submissions/"):
        ada.goto(path)
        is_accessible(ada)
    sign_up(ada, "Ada Ångström", f"ada-{scheme}@example.org", is_accessible)
    ada.goto(home)
    ada.get_by_role("button", name="Join").first.click()
    ada.wait_for_load_state()
    is_accessible(ada)
    ada.goto(f"{home}sites/propose/")
    is_accessible(ada)
    for label, text in {"Name": "Reading Room", "Venue": "Old Library", "Address": "1 Long Street",
                        "City": "Aarhus", "Time zone": "Europe/Copenhagen",
                        "Places": "5"}.items():  # fmt: skip
        ada.get_by_label(label, exact=False).first.fill(text)
    ada.get_by_label("Country").select_option("DK")
    ada.get_by_label("I agree to the code of conduct", exact=False).check()
    ada.locator("main form [type=submit]").last.click()
    # Where the town lies was filled in, to be looked at before it counts.
    expect(ada.get_by_role("alert")).to_contain_text("Århus, Denmark: position")
    ada.locator("main form [type=submit]").last.click()
    expect(ada.get_by_role("heading", name="Reading Room")).to_be_visible()
    site_path = ada.url
    organizer.goto(site_path)
    is_accessible(organizer)
    organizer.get_by_role("button", name="Approve").click()
    organizer.wait_for_load_state()
    ada.goto(site_path)
    ada.get_by_role("button", name="Open").first.click()
    ada.get_by_role("button", name="Take a place").click()
    expect(ada.get_by_text("You have a place here").first).to_be_visible()
    is_accessible(ada)

    # Making: a draft, saved while it is typed, a file, a team mate, handed in.
    jam.refresh_from_db()
    move(jam, Phase.MAKING)
    ada.goto(home)
    is_accessible(ada)
    ada.get_by_role("button", name="Start a submission").click()
    ada.wait_for_url("**/edit/")
    is_accessible(ada)
    ada.get_by_label("title").first.fill("Heads that look away 🫣")
    ada.get_by_label("abstract").fill("We asked where attention goes when it has nowhere to go.")
    expect(ada.locator("[data-autosave-state]")).to_contain_text("Saved", timeout=15_000)
    expect(ada.locator("#checklist .is-missing")).to_have_count(2, timeout=15_000)
    ada.get_by_label("Report", exact=True).fill("## Method\n\nWe looked, at $x^2$ and **more**.")
    ada.locator("#id_licence").select_option("MIT")
    expect(ada.locator("#checklist .is-missing")).to_have_count(0, timeout=15_000)
    report = tmp_path / "Übersicht 🧪.pdf"
    report.write_bytes(files.report("Heads that look away", ["Ada"], "We asked", "We looked"))
    ada.get_by_label("Add files").set_input_files(report)
    expect(ada.get_by_text("is stored").first).to_be_visible()
    invitation = ada.get_by_label("Invitation link").input_value()
    sign_up(bob, "Боб Билдер", f"bob-{scheme}@example.org", is_accessible)
    bob.goto(invitation)
    is_accessible(bob)
    bob.get_by_role("button", name="Join this team").click()
    bob.wait_for_url("**/edit/")
    ada.reload()
    expect(ada.get_by_label("title").first).to_have_value("Heads that look away 🫣")
    ada.get_by_role("button", name="Hand in").click()
    ada.wait_for_url("**/receipts/1/")
    is_accessible(ada)
    ada.goto(home)
    expect(ada.get_by_role("heading", name="It is handed in")).to_be_visible()
    submission = Submission.objects.get()
    ada.goto(f"{home}submissions/{submission.pk}/preview/")
    is_accessible(ada)

    # Closing, with no worker anywhere: the first visitor freezes it.
    move(jam, Phase.CLOSING)
    bob.goto(f"{home}submissions/")
    expect(bob.get_by_role("link", name="Heads that look away 🫣").first).to_be_visible()
    is_accessible(bob)
    assert Closing.objects.get().handed_in == 1

    # Rating: from the queue, by someone who is on no team; never one's own.
    move(jam, Phase.RATING)
    rater_user = UserFactory(display_name="Rita Rater")
    rater = visit(**look)
    log_in(rater, rater_user)
    for path in (home, f"{home}rate/", f"{home}submissions/{submission.pk}/"):
        rater.goto(path)
        is_accessible(rater)
    rater.goto(f"{home}rate/")
    rater.get_by_role("button", name="Rate the next one").click()
    expect(rater.get_by_role("heading", name="Heads that look away 🫣")).to_be_visible()
    is_accessible(rater)
    show_verdict(rater)
    is_accessible(rater)
    criteria = rater.locator("fieldset.stars")
    expect(criteria).to_have_count(5)
    # By keyboard: a digit gives stars, the arrow goes on.
    criteria.nth(0).locator("input").first.focus()
    for place in range(4):
        rater.keyboard.press(str(5 - place % 2))
        if place < 3:
            rater.keyboard.press("ArrowDown")
    saved = rater.locator("[data-autosave-state][data-tone=good]")
    expect(saved).to_contain_text("Saved", timeout=15_000)
    assert not Rating.objects.get().is_complete
    rater.reload()
    show_verdict(rater)
    expect(criteria.nth(1).locator("input:checked")).to_have_value("4")
    criteria.nth(4).locator("input[value='3']").check()
    rater.get_by_label("What is strong").fill("Clear question 👏")
    rater.get_by_role("button", name="Save and next").click()
    rater.wait_for_url("**/rate/")
    is_accessible(rater)
    assert Rating.objects.get().is_complete
    ada.goto(f"{home}rate/")
    is_accessible(ada)

    # Counting, then the results: frozen by whoever comes first.
    move(jam, Phase.COUNTING)
    ada.goto(home)
    is_accessible(ada)
    assert not Results.objects.exists()
    move(jam, Phase.FINISHED)
    ada.goto(home)
    is_accessible(ada)
    ada.get_by_role("link", name="See yours").click()
    expect(ada.get_by_text("Clear question 👏")).to_be_visible()
    is_accessible(ada)
    results = Results.objects.get()
    assert (results.submissions, results.ratings) == (1, 1)
    visitor = visit(**look)
    visitor.goto(f"{home}results/")
    expect(visitor.get_by_role("heading", name="Heads that look away 🫣").first).to_be_visible()
    is_accessible(visitor)
    visitor.goto(f"{home}results/{submission.pk}/")
    assert "Clear question" not in visitor.content()
    is_accessible(visitor)


def test_an_organizer_sets_a_jam_up_in_the_admin_and_publishes_it(visit, is_accessible):
    owner = UserFactory(is_staff=True, is_superuser=True)
    page = visit()
    log_in(page, owner)
    page.goto("/admin/jam/jam/add/")
    page.get_by_label("Title").first.fill("Brand-new Jam")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()
    jam = Jam.objects.get()
    assert jam.criteria.count() == 5
    assert not jam.is_published
    page.goto(jam.get_absolute_url())
    is_accessible(page)
    page.get_by_role("button", name="Publish").click()
    page.wait_for_load_state()
    jam.refresh_from_db()
    assert jam.is_published


@pytest.mark.parametrize(
    "path", ["/profile/", "/my-jams/", "/accounts/email/", "/accounts/password/change/",
             "/accounts/sessions/", "/accounts/2fa/", "/accounts/3rdparty/", "/nowhere/"]
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ones_own_pages_are_accessible(visit, is_accessible, path, scheme):
    page = visit(PHONE, color_scheme=scheme)
    log_in(page, UserFactory())
    page.goto(path)
    is_accessible(page)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/",
                                  "/accounts/password/reset/"])  # fmt: skip
def test_the_doors_are_accessible(visit, is_accessible, path):
    page = visit(PHONE)
    page.goto(path)
    is_accessible(page)
