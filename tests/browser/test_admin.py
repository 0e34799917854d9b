"""The lists of the admin, as somebody who runs the site and as somebody who organizes one jam."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import expect

from jam.models import Jam
from jam.timeline import Phase
from tests.browser.conftest import DESKTOP, PHONE, is_narrow_enough, move
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory
from tests.sites.factories import LocalSiteFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OURS = ("jam", "local_sites", "submissions", "ratings")


@pytest.fixture
def jam() -> Jam:
    jam, other = JamFactory(slug="night", title="Night of Circuits"), JamFactory(title="Theirs")
    jam.organizers.add(UserFactory(display_name="Stan", is_staff=True))
    for each in (jam, other):
        move(each, Phase.MAKING)
        ParticipationFactory(jam=each)
        SubmissionFactory(jam=each, title=f"Work of {each.title}")
        LocalSiteFactory(jam=each, name=f"Loft of {each.title}")
        IdeaFactory(jam=each, title=f"Idea of {each.title}")
    return jam


def lists() -> list[str]:
    """The address of each list of ours."""
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in apps.get_models()
        if model in admin.site._registry and model._meta.app_label in OURS
    ]


def test_an_operator_sees_every_list(visit_as, jam):
    page = visit_as(UserFactory(is_staff=True, is_superuser=True), PHONE)
    page.goto("/admin/")
    links = page.locator("#content th a").evaluate_all("all => all.map(a => a.pathname)")
    assert set(lists()) <= set(links)
    for address in lists():
        assert page.goto(address).ok
        expect(page.locator("#changelist")).to_be_visible()
        is_narrow_enough(page)
    page.goto("/admin/submissions/submission/")
    expect(page.get_by_role("link", name="Work of Theirs")).to_be_visible()
    page.locator("#searchbar").fill("Night")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Work of Theirs")).to_have_count(0)


def test_staff_see_their_own_jams_alone(visit_as, jam):
    page = visit_as(jam.organizers.get(), DESKTOP)
    page.goto("/jams/night/desk/")
    page.get_by_role("link", name="As a table, in the admin").click()
    expect(page.get_by_role("link", name="Work of Night of Circuits")).to_be_visible()
    page.goto("/admin/")
    links = page.locator("#content th a").evaluate_all("all => all.map(a => a.pathname)")
    assert links
    for address in lists():
        answer = page.goto(address)
        assert answer.status == (200 if address in links or "/user/" in address else 403), address
        assert "Theirs" not in page.locator("#content").inner_text()
        is_narrow_enough(page)
    page.goto("/jams/night/desk/")
    page.get_by_role("link", name="All settings").click()
    heading = page.get_by_role("heading", name="Night of Circuits", exact=True).bounding_box()
    tool = page.get_by_role("link", name="Move the dates").bounding_box()
    # What one can do does not lie on the title.
    assert tool["y"] >= heading["y"] + heading["height"]
    is_narrow_enough(page)


def test_nobody_else_comes_in(visit_as, jam):
    page = visit_as(UserFactory())
    page.goto("/admin/jam/jam/")
    expect(page).to_have_url(re.compile(r"/accounts/|/admin/login/"))
    expect(page.locator("#changelist")).to_have_count(0)
