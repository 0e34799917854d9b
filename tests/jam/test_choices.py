"""Mails by choice: who gets which, and the one click that stops a kind of them."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from jam import choices, outbox
from jam.choices import How
from jam.models import MailChoice, MailHours, Message, User
from jam.part import JamPart
from jam.parts import MailKind
from tests.factories import MOMENTS, START, UserFactory

pytestmark = pytest.mark.django_db
KINDS = [MailKind("news", "news"), MailKind("asked", "questions", default=False)]


@pytest.fixture(autouse=True)
def _kinds(monkeypatch, at):
    at(MOMENTS["making"])
    monkeypatch.setattr(JamPart, "mail_kinds", lambda part: KINDS)


def post(user: User, kind: str) -> Message | None:
    return outbox.post(user=user, key=kind, kind=kind, subject="Hello", paragraphs=["Words."],
                       moment=START)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "chosen", "is_written"),
    [
        ("news", None, True),
        ("news", How.NEVER, False),
        ("news", How.NOW, True),
        ("news", How.DAILY, True),
        ("asked", None, False),
        ("asked", How.NEVER, False),
        ("asked", How.NOW, True),
        ("asked", How.DAILY, True),
    ],
)
def test_a_kind_is_mailed_as_chosen_and_else_by_its_default(kind, chosen, is_written):
    user = UserFactory()
    if chosen is not None:
        choices.choose(user=user, chosen={kind: chosen}, moment=START)
    assert list(User.objects.filter(choices.wanted(kind, "pk"))) == [user] * is_written
    assert (post(user, kind) is not None) is is_written


def test_one_click_stops_a_kind_without_signing_in():
    user = UserFactory()
    assert post(user, "news")
    assert outbox.send_due(START) == 1
    (sent,) = mail.outbox
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/" + link.split("/", 3)[3]
    assert path in sent.body
    strict = Client(enforce_csrf_checks=True)
    # Whatever opens links to look at them stops nothing.
    assert b"Stop these mails" in strict.get(path).content
    assert choices.wants(user, "news")
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not choices.wants(user, "news")
    assert post(user, "news") is None


@pytest.mark.parametrize("token", ["x", "1:news", "1:news:x", "1:none"])
def test_a_link_that_is_not_ours_leads_nowhere(client, token):
    assert client.get(f"/mails/stop/{token}/").status_code == 404
    assert client.post(f"/mails/stop/{token}/").status_code == 404


def test_all_kinds_on_one_page(client):
    user = UserFactory(time_zone="Asia/Tokyo")
    client.force_login(user)
    page = client.get("/account/mails/").content.decode()
    assert len(re.findall(r'name="how-[^>]* checked', page)) == len(choices.kinds())
    assert "Asia/Tokyo" in page
    answers = {f"how-{name}": "never" for name in choices.kinds()}
    answers |= {"how-news": "daily", "how-asked": "now", "is_quiet": "on", "quiet_from": "23",
               "quiet_until": "7", "digest_at": "18"}  # fmt: skip
    assert client.post("/account/mails/", answers).status_code == 302
    chosen = choices.how_all(user)
    assert (chosen.pop("news"), chosen.pop("asked")) == (How.DAILY, How.NOW)
    assert set(chosen.values()) == {How.NEVER}
    own = MailHours.objects.get()
    assert (own.quiet_from, own.quiet_until, own.digest_at) == (23, 7, 18)
    wrong = client.post("/account/mails/", answers | {"quiet_until": "23", "how-news": "often"})
    assert wrong.status_code == 422
    assert "Quiet hours end at another hour" in wrong.content.decode()
    assert choices.how_all(user)["news"] == How.DAILY
    del answers["is_quiet"]
    client.post("/account/mails/", answers)
    assert MailHours.objects.get().quiet_from is None


def test_the_database_keeps_one_choice_of_each_kind():
    choice = {"user": UserFactory(), "kind": "news", "chosen_at": START}
    MailChoice.objects.create(how=How.NOW, **choice)
    with pytest.raises(IntegrityError), transaction.atomic():
        MailChoice.objects.create(how=How.NEVER, **choice)
