"""From an owner who asks somebody to coordinate, to a judge without an account, and what the log
tells of it, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from jam import services
from jam.models import Act
from jam.timeline import Phase
from ratings.models import Rating
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import START, UserFactory
from tests.ratings.factories import frozen_submission, small_jam

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_a_judge_without_an_account(visit, is_accessible, viewport, scheme):
    jam = small_jam(criteria=1)
    owner = UserFactory(display_name="Olga Owner")
    services.set_up(jam=jam, by=owner, moment=START)
    for title in ("First work", "Second work"):
        frozen_submission(jam, title=title)
    move(jam, Phase.RATING)
    coordinator = UserFactory(email="cora@example.org", display_name="Cora")
    here = f"/jams/{jam.slug}"

    page = visit(viewport, color_scheme=scheme)
    log_in(page, owner)
    page.goto(f"{here}/roles/")
    page.get_by_label("E-mail address").fill("cora@example.org")
    page.get_by_label("Role").select_option("coordinator")
    is_accessible(page)
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("They are asked by mail.")).to_be_visible()
    is_accessible(page)

    asked = visit(viewport, color_scheme=scheme)
    log_in(asked, coordinator)
    asked.goto("/account/roles/")
    is_accessible(asked)
    asked.get_by_role("button", name="Say yes").click()
    expect(asked.get_by_role("heading", name="You help with this jam")).to_be_visible()
    asked.goto(f"{here}/rate/judges/")
    asked.get_by_label("Their name").fill("Ada Judge")
    is_accessible(asked)
    asked.get_by_role("button", name="Make the link").click()
    link = asked.get_by_role("textbox", name="The link").input_value()
    is_accessible(asked)
    asked.get_by_role("link", name="Ada Judge").click()
    asked.get_by_label("Second work").check()
    is_accessible(asked)
    asked.get_by_role("button", name="Give these to them").click()
    expect(asked.get_by_text("1 submission is given to them.")).to_be_visible()

    judge = visit(viewport, color_scheme=scheme)
    judge.goto(re.sub(r"^https?://[^/]+", "", link))
    is_accessible(judge)
    judge.get_by_role("button", name="Begin to judge").click()
    expect(judge.get_by_role("heading", name="Given to you")).to_be_visible()
    is_accessible(judge)
    judge.get_by_role("button", name="Rate the next one").click()
    expect(judge.get_by_role("heading", name="Second work")).to_be_visible()
    judge.goto("/profile/")
    expect(judge.get_by_text("and nothing else")).to_be_visible()
    is_accessible(judge)
    judge.get_by_role("link", name="Back to rating").click()
    expect(judge.get_by_role("heading", name="Given to you")).to_be_visible()
    assert Rating.objects.get().submission.frozen.title == "Second work"

    asked.goto(f"{here}/rate/judges/")
    asked.locator("summary", has_text="Ada Judge").click()
    is_accessible(asked)
    asked.get_by_role("button", name="End the link").click()
    expect(asked.get_by_text("The link has ended")).to_be_visible()
    judge.goto(f"{here}/rate/")
    expect(judge.get_by_text("Ada Judge")).to_have_count(0)

    page.goto(f"{here}/log/")
    page.get_by_label("What").select_option("revoked a judge’s link")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("rowheader", name="revoked a judge’s link")).to_be_visible()
    is_accessible(page)
    assert Act.objects.filter(jam=jam, verb="gave to a judge", actor=coordinator).count() == 1
