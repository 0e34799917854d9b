"""No log has an address that opens something for whoever has it."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse

from jam.config.secret_paths import without_secrets

SECRET = "s3cret-s3cret_s3cret"
SECRETS = {
    "jam:own_calendar": reverse("jam:own_calendar", args=[SECRET]),
    "jam:stop_mails": reverse("jam:stop_mails", args=[SECRET]),
    "ratings:judge_link": reverse("ratings:judge_link", args=[SECRET]),
    "sites:scan": reverse("sites:scan", args=["jam", 3, SECRET]),
    "submissions:invitation": reverse("submissions:invitation", args=["jam", 3, SECRET]),
    "account_confirm_email": reverse("account_confirm_email", args=[SECRET]),
    "account_reset_password_from_key": reverse(
        "account_reset_password_from_key", kwargs={"uidb36": "2s", "key": SECRET}
    ),
}
# The name of a file, and those of a table and of its form.
HARMLESS = {"submissions:cite", "admin_take"}


def names_with_a_text(resolver=None, space=""):
    """The names of our addresses that have a part which is any text."""
    for entry in (resolver or get_resolver()).url_patterns:
        if not isinstance(entry, URLPattern):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            if inner != "admin:":
                yield from names_with_a_text(entry, inner)
        elif re.search(r"<str:|P<key>", str(entry.pattern)):
            yield f"{space}{entry.name}"


def nginx_logs(path: str) -> str:
    """What the map in nginx's settings makes of a path."""
    text = (Path(settings.BASE_DIR) / "deploy/nginx/common.inc.template").read_text()
    assert '"path":"$logged_path"' in text
    (pattern,) = re.findall(r'"~(\^.+)" "\$shown\*";', text)
    found = re.match(pattern, path)
    return found["shown"] + "*" if found else path


def test_every_address_with_a_text_in_it_is_known_here():
    assert set(names_with_a_text()) == {*SECRETS, *HARMLESS}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("logs", [without_secrets, nginx_logs])
def test_secrets_are_left_out(name, logs):
    path = SECRETS[name]
    assert SECRET in path
    assert "s3cret" not in logs(path)
    assert logs(path).startswith(path[:5])


@pytest.mark.parametrize("logs", [without_secrets, nginx_logs])
@pytest.mark.parametrize("path", ["/", "/jams/calendar/", "/account/calendar/", "/accounts/login/",
                                  "/jams/in/sites/3/", "/jams/x/calendar.ics"])  # fmt: skip
def test_other_addresses_are_logged_whole(logs, path):
    assert logs(path) == path


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["jam:own_calendar", "jam:stop_mails"])
def test_an_address_that_opens_nothing_is_not_logged_either(client, name, monkeypatch):
    lines = []
    (handler,) = logging.getLogger().handlers[:1] or [logging.NullHandler()]
    formatter = settings.LOGGING["formatters"]["line"]
    made = formatter["()"](
        processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
    )

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(made.format(record))

    keep = Keep()
    logging.getLogger().addHandler(keep)
    try:
        assert client.get(SECRETS[name] + "?next=" + SECRETS[name]).status_code in (404, 410)
        logging.getLogger("django.request").error("Internal Server Error: %s", SECRETS[name])
    finally:
        logging.getLogger().removeHandler(keep)
    told = "\n".join(lines)
    assert "request_finished" in told
    assert "Internal Server Error" in told
    assert SECRET not in json.dumps(told)
