"""Peerjam in Spanish, and in a language from right to left that nobody speaks, in a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from jam import services
from jam.models import Idea, Jam
from jam.timeline import Phase
from submissions.models import Submission
from tests import pseudo
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.factories import JamFactory, UserFactory
from tests.jam.factories import IdeaFactory, ScheduleItemFactory
from tests.ratings.factories import frozen_submission, small_jam
from tests.sites.factories import LocalSiteFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Text of the page that stands between no marks, though it is no time, code, address or name.
UNMARKED = """(elsewhere) => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!/[A-Za-z]{3}/.test(node.textContent)) continue;
    if (parent.closest(elsewhere)) continue;
    if (!parent.checkVisibility()) continue;
    let box = parent, marked = false;
    for (let up = 0; up < 2 && box && box !== document.body; up++, box = box.parentElement)
      if (box.textContent.includes("⟦")) { marked = true; break; }
    if (!marked) found.push(node.textContent.trim());
  }
  return found;
}"""

# What is no text of ours: code, times, zones, countries, languages by their names.
ELSEWHERE = (
    "script, style, time, code, svg, .utc, [lang]:not(html), select[name=time_zone],"
    "select[name=zone], select[name=country], select[name=languages]"
)


@pytest.fixture
def jam() -> Jam:
    now = timezone.now()
    jam = JamFactory(
        slug="words",
        title="NAME",
        tagline="NAME",
        starts_at=now - timedelta(days=1),
        submissions_close_at=now + timedelta(days=1),
        ratings_open_at=now + timedelta(days=1, hours=1),
        ratings_close_at=now + timedelta(days=15),
        results_at=now + timedelta(days=15, hours=2),
    )
    ScheduleItemFactory(jam=jam, title="NAME", starts_at=now, ends_at=now + timedelta(hours=1))
    return jam


@pytest.fixture
def rated() -> Submission:
    """What waits to be rated, in another jam."""
    jam = small_jam(criteria=1)
    jam.title = jam.tagline = "NAME"
    jam.criteria.update(name="NAME", question="NAME", guidance_1="NAME")
    author = UserFactory(display_name="NAME")
    submission = frozen_submission(jam, by=author, title="NAME", abstract="NAME", body="NAME")
    move(jam, Phase.RATING)
    return submission


@pytest.fixture
def people(jam):
    """A participant with a draft, who runs a local site, and an organizer."""
    sita, olga = UserFactory(display_name="NAME"), UserFactory(display_name="NAME")
    jam.organizers.add(olga)
    services.join(jam=jam, user=sita, moment=timezone.now())
    IdeaFactory(jam=jam, title="NAME", text="NAME", author=sita)
    LocalSiteFactory(jam=jam, name="NAME", organizer=sita)
    SubmissionFactory(jam=jam, by=sita, title="NAME", abstract="NAME", body="NAME")
    return {"sita": sita, "olga": olga}


def test_a_choice_of_language_is_kept_and_everything_follows_it(
    visit, is_accessible, sign_in, jam, people
):
    page = visit(PHONE)
    page.set_default_timeout(30_000)
    page.goto(f"/jams/{jam.slug}/")
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page).to_have_url(re.compile(f"/jams/{jam.slug}/$"))
    expect(page.get_by_role("link", name="Iniciar sesión").first).to_be_visible()
    is_accessible(page)
    for name, address in (
        ("sita", reverse("submissions:edit", args=[jam.slug, jam.submissions.get().pk])),
        ("sita", jam.local_sites.get().get_absolute_url()),
        ("olga", f"/jams/{jam.slug}/"),
    ):
        sign_in(page, people[name])
        assert page.goto(address).ok
        assert "/accounts/" not in page.url
        expect(page.locator("html")).to_have_attribute("lang", "es")
        is_accessible(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_from_right_to_left_two_fifths_longer_and_nothing_untranslated(
    visit,
    is_accessible,
    live_server,
    sign_in,
    jam,
    people,
    rated,
    settings,
    tmp_path,
    viewport,
    scheme,
):
    pseudo.build(tmp_path)
    settings.LOCALE_PATHS = [tmp_path, *settings.LOCALE_PATHS]
    settings.LANGUAGES = [*settings.LANGUAGES, (pseudo.CODE, "Pseudo")]
    page = visit(viewport, color_scheme=scheme)
    page.set_default_timeout(30_000)
    page.context.add_cookies(
        [{"name": "django_language", "value": pseudo.CODE, "url": live_server.url}]
    )
    draft = jam.submissions.get()
    base = f"/jams/{jam.slug}/"
    as_visitor = ["/", "/jams/", base, f"{base}schedule/", f"{base}submissions/"]
    as_sita = [
        "/my-jams/", "/profile/", "/account/mails/", "/account/data/",
        f"{base}ideas/", Idea.objects.get().get_absolute_url(), f"{base}sites/",
        jam.local_sites.get().get_absolute_url(),
        reverse("submissions:edit", args=[jam.slug, draft.pk]),
        reverse("submissions:preview", args=[jam.slug, draft.pk]),
        reverse("ratings:rate", args=[rated.jam.slug]),
        reverse("ratings:submission", args=[rated.jam.slug, rated.pk]),
    ]  # fmt: skip
    as_olga = [base, *(f"{base}{page}/" for page in ("desk", "people", "roles", "log", "spam"))]
    bare: dict[str, list[str]] = {}
    for name, addresses in (("", as_visitor), ("sita", as_sita), ("olga", as_olga)):
        if name:
            sign_in(page, people[name])
        for address in addresses:
            assert page.goto(address).ok
            assert "/accounts/" not in page.url
            expect(page.locator("html")).to_have_attribute("dir", "rtl")
            is_accessible(page)
            known = {"NAME", "Peerjam", "English", "Español"}
            if found := [text for text in page.evaluate(UNMARKED, ELSEWHERE) if text not in known]:
                bare[address] = found
    assert bare == {}
