"""Robots at the door, and people who are told apart behind a proxy."""

from __future__ import annotations

import base64
import html
import json
from datetime import timedelta

import pytest
from altcha.v1 import create_challenge, solve_challenge
from django.core.cache import cache
from django.test import Client

from jam import guarding, limits
from jam.models import Message, User
from tests.factories import START, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "look-inside-2030"


@pytest.fixture(autouse=True)
def _now(at, monkeypatch):
    at(START)
    monkeypatch.setattr(guarding, "NUMBERS", 500)


def solve(task: str) -> str:
    told = json.loads(task)
    solution = solve_challenge(
        challenge=told["challenge"],
        salt=told["salt"],
        algorithm=told["algorithm"],
        max_number=told["maxNumber"],
    )
    answer = {name: told[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps(answer | {"number": solution.number}).encode()).decode()


def sign_up(number: int = 0, client: Client | None = None, **fields):
    told = {
        "display_name": "Ada Lovelace",
        "email": f"ada{number}@example.org",
        "password1": PASSWORD,
    }
    return (client or Client()).post("/accounts/signup/", told | fields)


def test_a_task_is_solved_once_within_its_time():
    answer = solve(guarding.challenge(START))
    assert guarding.is_solved(answer, START + guarding.HOLDS - timedelta(seconds=1))
    assert not guarding.is_solved(answer, START)
    late = solve(guarding.challenge(START))
    assert not guarding.is_solved(late, START + guarding.HOLDS + timedelta(seconds=1))


def test_what_is_not_an_answer_is_none():
    foreign = create_challenge(max_number=100, hmac_key="another", expires=START + guarding.HOLDS)
    for answer in (
        "",
        "nonsense",
        "é",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b'{"salt": 5}').decode(),
        base64.b64encode(b"{}").decode(),
        solve(json.dumps(foreign.to_dict())),
        solve(guarding.challenge(START)).replace("A", "B"),
    ):
        assert not guarding.is_solved(answer, START), answer


def test_the_page_brings_a_task_and_takes_its_answer():
    page = Client().get("/accounts/signup/").content.decode()
    task = html.unescape(page.split('data-challenge="')[1].split('"')[0])
    answer = solve(task)
    # An attempt that failed for another reason does not use it up.
    assert sign_up(proof=answer, email="nobody").status_code == 200
    assert sign_up(proof=answer).status_code == 302
    again = sign_up(1, proof=answer)
    assert "was sent twice" in again.content.decode()
    assert "ada1@example.org" in again.content.decode()
    assert User.objects.count() == 1


def test_without_a_proof_few_sign_up_from_one_address():
    for number in range(guarding.WITHOUT_PROOF_AN_HOUR):
        assert sign_up(number).status_code == 302
    refused = sign_up(99)
    assert "Many people sign up" in refused.content.decode()
    assert "Ada Lovelace" in refused.content.decode()
    # With one they do, and from elsewhere as well.
    assert sign_up(99, proof=solve(guarding.challenge(START))).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_up(100, elsewhere).status_code == 302


def test_who_fills_in_the_hidden_field_is_told_and_keeps_what_was_typed():
    page = sign_up(website="https://spam.example").content.decode()
    assert "Leave this empty" in page
    assert "ada0@example.org" in page
    assert not User.objects.exists()


def test_limits_count_by_stretches_of_time():
    assert [limits.within("x", 2, 60, START) for _ in range(3)] == [True, True, False]
    assert limits.within("y", 2, 60, START)
    assert limits.within("x", 2, 60, START + timedelta(seconds=60))
    cache.clear()
    assert limits.within("x", 2, 60, START)


def attempts(client: Client, **headers: str) -> list[bool]:
    """Whether each of many attempts at many accounts was still looked at."""
    words = {"password": "x"}
    return [
        "Too many failed"
        not in client.post(
            "/accounts/login/", {"login": f"n{n}@example.org", **words}, headers=headers
        ).content.decode()
        for n in range(31)
    ]


def test_people_behind_the_proxy_are_told_apart_and_nobody_else_speaks_for_others(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    behind = Client(REMOTE_ADDR="10.1.2.3")
    assert attempts(behind, **{"X-Real-IP": "192.0.2.1"}) == [True] * 30 + [False]
    assert attempts(behind, **{"X-Real-IP": "192.0.2.2"})[0]
    direct = Client(REMOTE_ADDR="203.0.113.5")
    assert not attempts(direct, **{"X-Real-IP": "192.0.2.3"})[-1]
    assert not attempts(direct, **{"X-Real-IP": "192.0.2.4"})[0]


def test_one_account_is_guessed_at_five_times_from_wherever(settings):
    person = UserFactory()
    statuses = [
        Client(REMOTE_ADDR=f"192.0.2.{n}")
        .post("/accounts/login/", {"login": person.email, "password": "wrong"})
        .content.decode()
        for n in range(6)
    ]
    assert "Too many failed" in statuses[-1]
    assert "Too many failed" not in statuses[4]


def test_nobodys_mailbox_is_filled_by_way_of_us():
    person = UserFactory()
    for n in range(30):
        Client(REMOTE_ADDR=f"192.0.2.{n}").post(
            "/accounts/password/reset/", {"email": person.email}
        )
    assert Message.objects.filter(to=person.email).count() <= 10
