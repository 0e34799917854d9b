"""Everybody reads in their own language: pages by choice, cookie or browser, mails by choice."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from jam import languages, outbox
from jam.models import Message
from tests.factories import START, JamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_again():
    yield
    translation.activate("en")


def language_of(response) -> str:
    """The language of a page; its header and its text agree."""
    language = response["Content-Language"]
    assert f'<html lang="{language}">' in response.content.decode()
    assert "Accept-Language" in response["Vary"]
    assert "Cookie" in response["Vary"]
    return language


@pytest.mark.parametrize(
    ("asked", "given"),
    [("es-MX,en;q=0.5", "es"), ("de,en;q=0.5", "en"), ("tlh", "en"), ("", "en")],
)
def test_the_language_that_the_browser_asks_for(client, asked, given):
    assert language_of(client.get("/", headers={"Accept-Language": asked})) == given


def test_a_choice_at_the_foot_of_a_page_holds_and_leads_back_to_it(client):
    jam = JamFactory()
    page = f"/jams/{jam.slug}/?x=1"
    answer = client.post(
        "/language/", {"language": "es"}, headers={"Referer": f"http://testserver{page}"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"http://testserver{page}")
    assert language_of(client.get(page)) == "es"
    assert language_of(client.get(page, headers={"Accept-Language": "en"})) == "es"


@pytest.mark.parametrize("referer", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_a_choice_leads_nowhere_else(client, referer):
    answer = client.post("/language/", {"language": "es"}, headers={"Referer": referer})
    assert answer["Location"] == "/"


def test_a_language_that_is_not_spoken_changes_nothing(client):
    user = UserFactory()
    client.force_login(user)
    answer = client.post("/language/", {"language": "tlh"})
    assert answer.status_code == 302
    assert not answer.cookies
    user.refresh_from_db()
    assert user.language == ""


def test_another_site_cannot_choose_for_somebody(client):
    user = UserFactory()
    client.force_login(user)
    form = {"language": "es"}
    answer = client.post("/language/", form, headers={"Origin": "https://elsewhere.example"})
    user.refresh_from_db()
    assert (answer.status_code, user.language) == (403, "")


def test_who_is_signed_in_has_their_language_on_every_machine():
    user = UserFactory()
    here, elsewhere = Client(), Client(headers={"Accept-Language": "en"})
    here.force_login(user)
    elsewhere.force_login(user)
    here.post("/language/", {"language": "es"})
    assert language_of(elsewhere.get("/")) == "es"
    user.refresh_from_db()
    assert user.language == "es"


def test_the_profile_offers_each_language_by_its_own_name(client):
    user = UserFactory(language="es")
    client.force_login(user)
    page = client.get("/profile/").content.decode()
    assert '<option value="es" selected>Español</option>' in page
    assert '<option value="en">English</option>' in page


def test_a_language_that_is_gone_is_that_of_the_site(client):
    user = UserFactory(language="eo")
    client.force_login(user)
    assert language_of(client.get("/", headers={"Accept-Language": "es"})) == "es"
    assert languages.language_of(user) == "en"


def test_kept_pages_are_kept_for_each_language(client, settings):
    settings.PAGE_CACHE_SECONDS = 10
    jam = JamFactory()
    page = f"/jams/{jam.slug}/"
    for asked in ("en", "es", "en", "es"):
        assert language_of(client.get(page, headers={"Accept-Language": asked})) == asked
    client.cookies["django_language"] = "es"
    assert language_of(client.get(page, headers={"Accept-Language": "en"})) == "es"


def test_a_mail_is_in_the_language_of_its_reader_whoever_caused_it():
    reader = UserFactory(language="es", time_zone="Europe/Madrid")
    with translation.override("en"):
        text = languages.gettext_later("Please enter a correct date, %(when)s") % {
            "when": outbox.tell(START, reader.time_zone)
        }
        outbox.post(user=reader, key="a", subject=text, paragraphs=[text], moment=START)
    message = Message.objects.get()
    assert "viernes 3" in message.subject
    assert "viernes 3" in message.text
    assert '<html lang="es">' in message.html


def test_a_text_for_later_says_what_it_is_given_when_it_is_read():
    one = languages.ngettext_later("%(n)s year", "%(n)s years", 1) % {"n": 1}
    many = languages.ngettext_later("%(n)s year", "%(n)s years", 3) % {"n": 3}
    text = languages.gettext_later("Yes") + "\n– " + languages.gettext_later("No")
    assert (str(one), str(many), str(text)) == ("1 year", "3 years", "Yes\n– No")
    with translation.override("es"):
        assert str(text) == "Sí\n– No"


SIDED = re.compile(
    r"(?<![-\w])((margin|padding|border|inset-inline)-(left|right)[\w-]*|left|right|float)\s*:"
    r"(?!\s*none)|text-align\s*:\s*(left|right)|border-(top|bottom)-(left|right)-radius"
)


@pytest.mark.parametrize(
    "path", sorted((settings.BASE_DIR / "static/css").glob("*.css")), ids=lambda path: path.name
)
def test_a_stylesheet_knows_start_and_end_but_not_left_and_right(path):
    """Else it is the wrong way round where lines run from right to left."""
    lines = path.read_text().splitlines()
    assert [line.strip()[:80] for line in lines if SIDED.search(line)] == []


APPS = ("jam", "sites", "submissions", "ratings")


@pytest.mark.parametrize(
    "path",
    [
        path
        for app in APPS
        for path in sorted((settings.BASE_DIR / app).rglob("*.py"))
        if "outbox.post(" in (text := path.read_text()) and '_("' in text
    ],
    ids=lambda path: path.name,
)
def test_whoever_posts_mails_has_them_translated_for_their_reader(path):
    text = path.read_text()
    if "outbox.spoken_to(" not in text:
        assert "import gettext_later as _" in text
        assert "import gettext as _" not in text
