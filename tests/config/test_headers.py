"""The headers of every kind of answer under the settings of production, scored by `RULES`.

The rules are those by which Mozilla's Observatory gives an A+.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from http.cookies import Morsel

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse

from tests.world import Person, World

pytestmark = pytest.mark.django_db

HALF_A_YEAR = 15_768_000
Rule = Callable[[HttpResponse], bool]


def policy(answer: HttpResponse) -> dict[str, list[str]]:
    """The content security policy: the sources of each directive."""
    directives = answer.get("Content-Security-Policy", "").split(";")
    return {name: sources for name, *sources in (d.split() for d in directives if d.strip())}


def is_strict(answer: HttpResponse) -> bool:
    """Nothing inline, nothing evaluated, nothing from anywhere, and an end to all that is not
    named."""
    csp = policy(answer)
    loose = {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:", "blob:"}
    scripts = csp.get("script-src", csp.get("default-src", ["*"]))
    styles = csp.get("style-src", csp.get("default-src", ["*"]))
    return "default-src" in csp and not loose & {*scripts, *styles}


def closes(*directives: str) -> Rule:
    """Whether each directive allows nothing, or this site alone."""
    return lambda answer: all(policy(answer).get(d) in (["'none'"], ["'self'"]) for d in directives)


def cookies(answer: HttpResponse) -> list[Morsel]:
    return list(answer.cookies.values())


def seconds_of_https(answer: HttpResponse) -> int:
    found = re.search(r"max-age=(\d+)", answer.get("Strict-Transport-Security", ""))
    return int(found[1]) if found else 0


# What a page is scored by; every answer has to keep to those of EVERYWHERE.
EVERYWHERE: dict[str, Rule] = {
    "https for half a year and more": lambda a: seconds_of_https(a) >= HALF_A_YEAR,
    "https for names below, and for browsers' own lists": lambda a: (
        {"includeSubDomains", "preload"} <= set(a["Strict-Transport-Security"].split("; "))
    ),
    "types are not guessed": lambda a: a.get("X-Content-Type-Options") == "nosniff",
    "other sites learn no addresses": lambda a: (
        a.get("Referrer-Policy")
        in ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
    ),
    "other sites may not read it": lambda a: not [h for h in a.headers if "Access-Control" in h],
    "other windows are kept apart": lambda a: a.get("Cross-Origin-Opener-Policy") == "same-origin",
    "cookies go by https alone": lambda a: all(c["secure"] for c in cookies(a)),
    "scripts do not see cookies": lambda a: all(c["httponly"] for c in cookies(a)),
    "other sites do not send cookies": lambda a: all(
        c["samesite"] in ("Lax", "Strict") for c in cookies(a)
    ),
}
RULES: dict[str, Rule] = EVERYWHERE | {
    "the policy is strict": is_strict,
    "no plugins, no other base, no forms to elsewhere": closes(
        "object-src", "base-uri", "form-action"
    ),
    "in no frame": lambda a: policy(a).get("frame-ancestors") == ["'none'"],
    "in no frame, for old browsers": lambda a: a.get("X-Frame-Options") == "DENY",
}


@pytest.fixture
def production(settings, monkeypatch, tmp_path):
    """What the settings say about security, when the environment is that of production."""
    for name, value in {
        "DEBUG": "0",
        "LOCAL": "0",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "testserver",
        "VAR_DIR": str(tmp_path),
        "SECURE_TLS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    given = runpy.run_path(str(django_settings.BASE_DIR / "jam" / "config" / "settings.py"))
    about = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "X_FRAME", "CONTENT_SEC", "PERMISSIONS_",
             "MIDDLEWARE", "WHITENOISE_ALLOW")  # fmt: skip
    for name, value in given.items():
        if name.startswith(about):
            setattr(settings, name, value)


@pytest.fixture
def answers(production, at, without_log) -> dict[str, HttpResponse]:
    """An answer of each kind, asked by https."""
    world = World("rating", at)
    home = f"/jams/{world.jam.slug}/"

    def ask(role: str, path: str, method: str = "GET") -> HttpResponse:
        client = Person(enforce_csrf_checks=True) if role == "forger" else world.clients[role]
        return client.generic(method, path, secure=True)

    return {
        "page": ask("visitor", home),
        "page with a form": ask("visitor", "/accounts/login/"),
        "page of one's own": ask("contributor", f"{home}submissions/{world.submission.pk}/edit/"),
        "admin": ask("superuser", "/admin/"),
        "redirect": ask("visitor", "/my-jams/"),
        "permanent redirect": ask("visitor", "/jams"),
        "not found": ask("visitor", "/nowhere/"),
        "not allowed": ask("stranger", f"{home}publish/", "POST"),
        "forged": ask("forger", f"{home}join/", "POST"),
        "wrong method": ask("visitor", home, "DELETE"),
        "not understood": ask("visitor", "/?" + "a&" * 2000),
        "JSON": ask("visitor", "/readyz"),
        "calendar": ask("visitor", f"{home}calendar.ics"),
        "style": ask("visitor", f"{home}theme.css"),
        "file": ask("visitor", f"{home}submissions/{world.submission.pk}/files/{world.file.pk}/"),
        "static": ask("visitor", "/static/css/site.css"),
    }


def test_every_kind_of_answer_keeps_the_rules(answers):
    broken = [
        f"{kind} ({answer.status_code}): {rule}"
        for kind, answer in answers.items()
        for rule, holds in (EVERYWHERE if kind in ("static", "file") else RULES).items()
        if not holds(answer)
    ]
    assert broken == []
    # Each kind is what it is called.
    assert [answers[kind].status_code for kind in ("redirect", "not found", "forged", "static")] \
        == [302, 404, 403, 200]  # fmt: skip


def test_a_file_is_in_a_sandbox(answers):
    assert answers["file"]["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answers["file"]["Content-Disposition"].startswith("attachment")


def test_cookies_are_seen(answers):
    assert {name for answer in answers.values() for name in answer.cookies} >= {"csrftoken"}


def test_http_is_led_to_https(production):
    answer = Person().get("/jams/?when=past")
    assert answer.status_code == 301
    assert answer["Location"] == "https://testserver/jams/?when=past"


def test_a_worse_policy_is_noticed(answers):
    page = answers["page"]
    page["Content-Security-Policy"] = "default-src 'self' 'unsafe-inline'"
    page["Strict-Transport-Security"] = "max-age=60"
    page.set_cookie("seen", "1")
    broken = {rule for rule, holds in RULES.items() if not holds(page)}
    assert {"the policy is strict", "in no frame", "cookies go by https alone"} <= broken
