"""Scripts in every text that the product stores: none runs, with the security policy and without.

Each text field of each row is given what its validators let through, so the pages are asked to
print what a form, or somebody at the admin, could have stored.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.safestring import mark_safe
from playwright.sync_api import Browser, Page

from jam import markdown
from jam.models import Message
from jam.timeline import Phase
from submissions import services
from submissions.models import Revision
from tests import trials
from tests.browser.conftest import move
from tests.world import World, addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAYLOADS = [
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    '"><img src=x onerror=hit()>',
    "' autofocus onfocus=hit() x='",
    "</title><script>hit()</script>",
    "</textarea><script>hit()</script>",
    "--><script>hit()</script>",
    "\u202e<script>hit()</script>\u2066",
    "<a href='jav&#9;ascript:hit()'>a</a>",
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;javascript:hit()'>",
    "<form><button formaction=javascript:hit()>",
    "<math><mtext><img src=x onerror=hit()>",
    "<style>*{background:url(javascript:hit())}</style>",
    "<div style='background:url(javascript:hit())'>",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "&lt;script&gt;hit()&lt;/script&gt;",
    "%3Cscript%3Ehit()%3C/script%3E",
    r"\u003cscript\u003ehit()",
    "[a](javascript:hit())",
    "[a](JaVaScRiPt&colon;hit())",
    "![a](javascript:hit())",
    "[a](data:text/html,<script>hit()</script>)",
    "[a](/x 'x\" onmouseover=\"hit()')",
    "[a][1]\n\n[1]: javascript:hit()",
    "<javascript:hit()>",
    '```x" onload="hit()\n```',
    "|a|\n|-|\n|<script>hit()</script>|",
    "[^1]\n\n[^1]: <script>hit()</script>",
    r"$\href{javascript:hit()}{x}$",
    r"$\htmlData{x=y}{\htmlStyle{a:b}{z}}$",
    r"$\includegraphics{javascript:hit()}$",
    "$</span><img src=x onerror=hit()>$",
    r"$$\text{<img src=x onerror=hit()>}$$",
    "{{constructor.constructor('hit()')()}}",
    "{% debug %}${hit()}#{hit()}",
    "javascript:hit()",
    "https://example.org/\"onmouseover='hit()'",
    "https://example.org/'><script>hit()</script>",
    "https://youtu.be/\"onload='hit()'",
]
# Where what was asked for is printed again.
ASKED = ("?q=", "?tag=", "?site=", "?next=", "?when=", "?criterion=", "?page=")
# What nobody types, and the product goes by.
OURS = {"password", "content_type", "key", "kind", "target_type", "target_id", "target_path", "to"}

# Everything in a page that could run, but for the scripts of our own.
AUDIT = """() => [...document.querySelectorAll("*")].flatMap((element) => {
  const found = [];
  for (const { name, value } of element.attributes) {
    const address = value.replace(/[\\u0000-\\u0020]/g, "").toLowerCase();
    if (name.startsWith("on")) found.push(name);
    if (/^(href|src|action|formaction|data|xlink:href)$/.test(name)
        && /^(javascript|vbscript|data:text)/.test(address)) found.push(address);
    if (name === "srcdoc") found.push(name);
  }
  // Data, which no browser runs: what is kept for a script of ours, and what tells of the work.
  if (element.tagName === "SCRIPT" && !/^application\\/(ld\\+)?json$/.test(element.type)
      && !(element.src && new URL(element.src).origin === location.origin)) found.push("script");
  if (/^(BASE|OBJECT|EMBED)$/.test(element.tagName)) found.push(element.tagName);
  if (element.tagName === "META" && element.httpEquiv) found.push("meta");
  return found.map((what) => `${what} in ${element.outerHTML.slice(0, 120)}`);
})"""


def accepted(field: models.Field) -> list[str]:
    """The payloads that the field lets through."""

    def fits(payload: str) -> bool:
        try:
            field.run_validators(payload)
        except ValidationError:
            return False
        return True

    return [payload for payload in PAYLOADS if fits(payload)]


def poison(world: World, turn: int) -> int:
    """Put payloads into every text of every row; how many were put."""
    put = 0
    for model in apps.get_models():
        if model._meta.app_label not in ("jam", "local_sites", "submissions", "ratings"):
            continue
        texts = [
            (field, payloads)
            for field in model._meta.fields
            if isinstance(field, (models.CharField, models.TextField))
            and not (field.choices or field.unique or field.name in OURS)
            and (payloads := accepted(field))
        ]
        for number, row in enumerate(model._default_manager.all()):
            values: dict[str, Any] = {}
            for place, (field, payloads) in enumerate(texts):
                one = payloads[(turn * 17 + number * 5 + place) % len(payloads)]
                is_long = isinstance(field, models.TextField) and field.name != "links"
                values[field.name] = "\n\n".join(payloads) if is_long else one
            if model is Revision:
                values["content"] = poisoned(row.content, itertools.count(turn + number))
            if not may_hold(row, values):
                # What has to be empty as the row is, such as the reason for what was not done.
                values = {name: text for name, text in values.items() if getattr(row, name)}
            if values:
                # The log of acts lets nobody change it by its own manager.
                models.QuerySet(model).filter(pk=row.pk).update(**values)
                put += len(values)
    world.jam.refresh_from_db()
    return put


def may_hold(row: models.Model, values: dict[str, Any]) -> bool:
    """Whether the database's constraints let the row have these texts."""
    changed = type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
    for name, text in values.items():
        setattr(changed, name, text)
    checks = [c for c in row._meta.constraints if isinstance(c, models.CheckConstraint)]
    try:
        for check in checks:
            check.validate(type(row), changed)
    except ValidationError:
        return False
    return True


def poisoned(content: Any, turns: Iterator[int], key: str = "") -> Any:
    """What a revision keeps, with payloads for its texts."""
    if isinstance(content, dict):
        return {name: poisoned(value, turns, name) for name, value in content.items()}
    if isinstance(content, list):
        return [poisoned(value, turns, key) for value in content]
    if key == "body":
        return "\n\n".join(PAYLOADS)
    if not isinstance(content, str) or key in ("kind", "sha256"):
        return content
    among = [p for p in PAYLOADS if p.startswith("https:")] if key == "url" else PAYLOADS
    return among[next(turns) % len(among)]


# The pages of the admin that show texts; the others, of all models alike, by `make trial`.
SHOWING = trials.asked(full="", usual=("_changelist", "_change"), sample=("_changelist",))


def pages_of(world: World, role: str) -> list[str]:
    """The addresses at which someone is given a page, and those that print what they are asked."""
    found = []
    for address in addresses():
        if address.route.startswith("accounts/") or address.is_admin != (role == "superuser"):
            continue
        if address.is_admin and not address.name.endswith(SHOWING):
            continue
        path = world.path(address)
        response = world.clients[role].get(path)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            found.append(path)
    home = world.jam.get_absolute_url()
    if role != "superuser":
        asked = itertools.product(
            (f"{home}submissions/", f"{home}sites/", "/accounts/login/"), ASKED
        )
        found += [path + q + quote(PAYLOADS[n % 5]) for n, (path, q) in enumerate(asked)]
    return found


class Watch:
    """Visits pages in a browser as `role`, and keeps what ran or could run."""

    def __init__(self, browser: Browser, server: str, world: World, role: str, bypass_csp: bool):
        self.found: list[str] = []
        self.context = browser.new_context(base_url=server, bypass_csp=bypass_csp)
        self.context.expose_function("hit", lambda: self.found.append(f"ran: {self.page.url}"))
        if cookie := world.clients[role].cookies.get("sessionid"):
            self.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": server}])
        self.page: Page = self.context.new_page()
        self.page.on("dialog", lambda dialog: (self.found.append("dialog"), dialog.dismiss()))

    def look(self) -> None:
        # Maths is set when it is near.
        self.page.keyboard.press("End")
        self.page.wait_for_timeout(50)
        self.found += [f"{self.page.url}: {what}" for what in self.page.evaluate(AUDIT)]

    def visit(self, paths: list[str]) -> list[str]:
        for path in paths:
            self.page.goto(path)
            self.look()
        self.context.close()
        return self.found


@pytest.mark.parametrize(
    ("phase", "role", "bypass_csp"),
    [
        ("making", "contributor", True),
        ("rating", "rater", True),
        ("finished", "contributor", True),
        ("finished", "superuser", True),
        ("finished", "visitor", False),
    ],
)
def test_no_text_runs_as_a_script(browser, live_server, without_log, phase, role, bypass_csp):
    world = World(phase, lambda moment: None)
    assert poison(world, turn=len(phase) + len(role)) > 150
    move(world.jam, Phase(phase))
    paths = pages_of(world, role)
    assert len(paths) > 15
    assert Watch(browser, live_server.url, world, role, bypass_csp).visit(paths) == []


def test_nor_in_a_mail(browser, live_server, without_log):
    world = World("rating", lambda moment: None)
    poison(world, turn=0)
    services.disqualify(submission=world.submission, by=world.people["organizer"],
                        reason="\n\n".join(PAYLOADS), moment=world.moment)  # fmt: skip
    mail = Message.objects.filter(key__startswith="disqualified").get()
    watch = Watch(browser, live_server.url, world, "visitor", bypass_csp=True)
    watch.page.set_content(mail.html)
    assert "hit()" in mail.html
    assert watch.visit([]) == []


@pytest.mark.parametrize("bypass_csp", [True, False])
def test_a_planted_script_is_noticed(browser, live_server, monkeypatch, bypass_csp):
    world = World("finished", lambda moment: None)
    poison(world, turn=0)
    move(world.jam, Phase.FINISHED)
    monkeypatch.setattr(markdown, "render", mark_safe)
    watch = Watch(browser, live_server.url, world, "visitor", bypass_csp)
    found = json.dumps(watch.visit([world.jam.get_absolute_url()]))
    assert "onerror" in found
    # The policy alone keeps it from running.
    assert ("ran: " in found) is bypass_csp
