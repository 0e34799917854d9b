"""Ideas and what there is to start from, in a real browser: proposing, taking up, arranging."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from jam.models import Idea, Interest, Jam, Resource, Worked
from jam.timeline import Phase
from submissions.models import Origin
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory, ResourceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jam() -> Jam:
    jam = JamFactory(slug="ideas")
    move(jam, Phase.MAKING)
    jam.organizers.add(UserFactory(display_name="Olga"))
    IdeaFactory(jam=jam, title="Which attention heads copy names?")
    ResourceFactory(jam=jam, title="First notebook", starts_here=True)
    return jam


SEEN = pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)


@SEEN
def test_an_idea_is_proposed_wanted_and_taken_up(visit, is_accessible, jam, viewport, scheme):
    page, ada = visit(viewport, color_scheme=scheme), ParticipationFactory(jam=jam).user
    log_in(page, ada)
    page.goto("/jams/ideas/ideas/propose/")
    page.get_by_label("Title").fill("Which attention heads copy the names?")
    alike = page.get_by_role("link", name="Which attention heads copy names?")
    expect(alike).to_be_in_viewport()
    is_accessible(page)
    alike.click()
    page.get_by_label("Show my name").check()
    page.get_by_role("button", name="I am interested").click()
    expect(page.get_by_text("You are one of them, with your name.")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Begin a draft from it").click()
    page.wait_for_url("**/edit/")
    page.goto("/jams/ideas/ideas/")
    expect(page.get_by_text("1 interested: you")).to_be_visible()
    expect(page.get_by_text("one team is on it")).to_be_visible()
    is_accessible(page)
    assert (Interest.objects.get().user, Origin.objects.get().claimed_at is None) == (ada, False)


@SEEN
def test_organizers_pin_and_join_and_arrange(visit, is_accessible, jam, viewport, scheme):
    IdeaFactory(jam=jam, title="Heads that copy names")
    page = visit(viewport, color_scheme=scheme)
    log_in(page, jam.organizers.get())
    page.goto("/jams/ideas/ideas/")
    page.get_by_role("link", name="Heads that copy names").click()
    page.get_by_role("link", name="Join it to another").click()
    page.get_by_label("Which attention heads copy names?").check()
    is_accessible(page)
    page.get_by_role("button", name="Join it to this one").click()
    page.get_by_text("Joined with it:").click()
    expect(page.get_by_role("button", name="Part them again")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Pin to the top").click()
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    assert Idea.objects.listed().get().pinned_at is not None

    page.goto("/jams/ideas/resources/")
    page.get_by_role("link", name="Arrange the resources").click()
    page.get_by_role("link", name="Add a resource").click()
    is_accessible(page)
    page.get_by_label("Title").fill("Second notebook 📓")
    page.get_by_label("Address").fill("https://example.org/second")
    page.get_by_label("Kind").select_option("notebook")
    page.get_by_role("button", name="Add it").click()
    up = page.get_by_role("listitem").filter(has_text="Second notebook 📓")
    up = up.get_by_role("button", name="Up")
    up.click()
    expect(up).to_be_disabled()
    is_accessible(page)
    assert [r.title for r in Resource.objects.all()] == ["Second notebook 📓", "First notebook"]

    reader = visit(viewport, color_scheme=scheme)
    log_in(reader, ParticipationFactory(jam=jam).user)
    reader.goto("/jams/ideas/resources/")
    is_accessible(reader)
    reader.get_by_role("button", name="It worked for me").last.click()
    expect(reader.get_by_text("worked for 1 person")).to_be_visible()
    assert Worked.objects.get().resource.title == "First notebook"
