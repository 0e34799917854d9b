"""Words of every script come out as they went in: through forms, pages, mails, calendars, exports
and the names of files."""

from __future__ import annotations

import json
from urllib.parse import quote

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.html import escape

from jam import outbox
from jam.config.demo import files
from jam.models import Idea, Message
from submissions.models import File
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import ScheduleItemFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db

WORDS = {
    "emoji": "👩🏽‍🔬🏳️‍🌈 🚀",
    "accents": "x̂ q̃ ǭ̈ é",
    "Arabic": "مَرْحَبًا بالعالم ١٢٣",
    "Hebrew": "שָׁלוֹם, עולם",
    "Thai": "เป็นมนุษย์",
    "Devanagari": "क्षत्रिय नमस्ते",
    "ideographs": "𠮷野家 \ufa19谷 日本語",
    "Turkish": "ılık İstanbul ıI iİ",
    "Spanish": "¿Qué tal, ñandú?",
}
every_script = pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())


@pytest.fixture
def writer(client, at):
    """Somebody who takes part, signed in, while the jam is being made."""
    at(MOMENTS["making"])
    user = UserFactory()
    client.force_login(user)
    return user


@every_script
def test_forms_and_pages(client, writer, words):
    jam = JamFactory()
    ParticipationFactory(jam=jam, user=writer)
    page = f"/jams/{jam.slug}/ideas/"
    client.post(f"{page}propose/", {"title": words, "text": f"{words}\n\n* {words}"})
    idea = Idea.objects.get()
    assert idea.title == words
    shown = client.get(idea.get_absolute_url()).content.decode()
    assert shown.count(escape(words)) >= 3
    assert escape(words) in client.get(page, {"q": words}).content.decode()


@every_script
def test_mails(words):
    outbox.post(user=UserFactory(), key="a", subject=words, paragraphs=[words], moment=START)
    message = Message.objects.get()
    assert message.subject == words
    assert words in message.text
    assert escape(words) in message.html or words in message.html


@every_script
def test_calendars(client, words):
    jam = JamFactory(title=words)
    # Lines of a calendar are folded after 75 bytes, between two signs or within one.
    ScheduleItemFactory(jam=jam, title=words * 6)
    told = client.get(f"/jams/{jam.slug}/calendar.ics").content
    calendar = icalendar.Calendar.from_ical(told)
    assert words * 6 in [str(event["summary"]) for event in calendar.walk("VEVENT")]


@every_script
def test_exports(client, writer, words):
    client.post("/profile/", {"display_name": words, "time_zone": "UTC", "bio": words})
    client.force_login(writer)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 4_000_000_000}]
    session.save()
    held = json.loads(client.get("/account/data/download/").content)
    assert held["account"]["display_name"] == words
    assert held["account"]["bio"] == words


@every_script
def test_names_of_files(client, writer, words):
    draft = SubmissionFactory(by=writer)
    page = f"/jams/{draft.jam.slug}/submissions/{draft.pk}/files/"
    content = files.report("Work", ["A"], "We asked", "We")
    # Django takes signs that join others out of the names that forms bring.
    words = words.replace("\u200d", "")
    client.post(page, {"file": SimpleUploadedFile(f"{words}.pdf", content)})
    file = File.objects.get()
    assert file.name == f"{words}.pdf"
    header = client.get(f"{page}{file.pk}/")["Content-Disposition"]
    assert f"filename*=utf-8''{quote(words)}" in header


def test_files_and_feeds_are_the_same_in_every_language(client, at):
    """What machines read has a point in its numbers, and dates by the standard."""
    jam = JamFactory()
    at(MOMENTS["making"])
    page = f"/jams/{jam.slug}/"
    for address in (f"{page}theme.css", f"{page}calendar.ics"):
        answers = []
        for language in ("en", "es"):
            with translation.override("en"):
                answer = client.get(address, headers={"Accept-Language": language})
            text = b"".join(answer).decode()
            answers.append([line for line in text.splitlines() if "SUMMARY" not in line])
        kept = [
            [line for line in lines if line.startswith(("DT", "UID", ":root", "  --", "SEQ"))]
            for lines in answers
        ]
        assert kept[0] == kept[1]
        assert kept[0]
