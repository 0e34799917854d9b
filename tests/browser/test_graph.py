"""From an idea to a submission, to what is said of it and what became of it, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from jam.models import Idea
from jam.timeline import Phase
from submissions.models import Comment, Origin
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page, world: World, role: str, server: str) -> None:
    cookie = world.clients[role].cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": server}])


def test_an_idea_is_proposed_and_taken_up(visit, live_server, is_accessible):
    world = World("making", lambda moment: None)
    move(world.jam, Phase.MAKING)
    page = visit(PHONE)
    sign_in(page, world, "contributor", live_server.url)
    page.goto(f"/jams/{world.jam.slug}/ideas/")
    is_accessible(page)
    page.get_by_role("link", name="Propose an idea").click()
    page.get_by_label("Title").fill("Which heads copy?")
    page.get_by_label("What it is about").fill("Look at the *heads*.")
    is_accessible(page)
    page.get_by_role("button", name="Propose this idea").click()
    expect(page.get_by_role("heading", name="Which heads copy?")).to_be_visible()
    is_accessible(page)
    page.set_viewport_size(DESKTOP)
    page.goto(f"/jams/{world.jam.slug}/submissions/{world.submission.pk}/edit/")
    page.get_by_role("link", name="See and change them").click()
    page.get_by_label("Words of a title, or an address").fill("heads copy")
    page.get_by_role("button", name="Find").click()
    page.get_by_label(re.compile("Which heads copy")).check()
    # Ticked is stored, without a click.
    expect(page.locator("[data-autosave-state]")).to_contain_text("Saved")
    is_accessible(page)
    assert Origin.objects.filter(idea=Idea.objects.get(title="Which heads copy?")).exists()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_said_answered_and_continued(visit, live_server, is_accessible, viewport):
    world = World("finished", lambda moment: None)
    move(world.jam, Phase.FINISHED)
    here = f"/jams/{world.jam.slug}/submissions/{world.submission.pk}/"
    page = visit(viewport)
    sign_in(page, world, "contributor", live_server.url)
    page.goto(here)
    expect(page.get_by_role("heading", name="Where it comes from")).to_be_visible()
    expect(page.get_by_role("link", name="A paper")).to_be_visible()
    is_accessible(page)
    page.get_by_role("link", name="Read all, or comment").click()
    page.get_by_label("What do you say to it?").fill("Thank you **all**")
    is_accessible(page)
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".comment strong")).to_have_text("all")
    page.get_by_label("Your answer").fill("And one more thing")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("And one more thing")).to_be_visible()
    is_accessible(page)
    assert Comment.objects.filter(answers_to__text="Thank you **all**").count() == 1
    page.goto(f"{here}continued/")
    page.get_by_label("Title").fill("What we did next")
    page.get_by_label("Address").fill("https://example.org/next")
    is_accessible(page)
    page.get_by_role("button", name="Show it with the submission").click()
    page.get_by_role("button", name="Ask me by mail").click()
    expect(page.get_by_role("button", name="Do not ask me")).to_be_visible()
    page.goto("/account/mails/")
    is_accessible(page)
