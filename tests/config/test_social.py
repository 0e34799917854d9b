"""The doors of other houses: each is there where its keys are, and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin

from jam.accounts import SocialAccountAdapter
from jam.models import User

ROOT = Path(__file__).resolve().parents[2]
DOORS = {
    "github": "https://github.com/login/oauth/authorize",
    "google": "https://accounts.google.com/o/oauth2/v2/auth",
    "discord": "https://discord.com/api/oauth2/authorize",
    "orcid": "https://orcid.org/oauth/authorize",
}

# What is installed is read once, so each set of keys wants a process of its own.
KNOCK = """
import json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
page = Client().get("/accounts/login/")
told = {"page": page.content.decode(), "csp": page["Content-Security-Policy"]}
for door in ("github", "google", "discord", "orcid"):
    client = Client(raise_request_exception=False)
    asked = client.get(f"/accounts/{door}/login/").status_code
    answer = client.post(f"/accounts/{door}/login/")
    told[door] = [asked, answer.status_code, answer.headers.get("Location", "")]
print(json.dumps(told))
"""


def knock(tmp_path: Path, **keys: str) -> dict:
    environment = {name: value for name, value in os.environ.items() if "CLIENT" not in name}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "jam.config.settings",
        "DEBUG": "1",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "VAR_DIR": str(tmp_path),
        "ALLOWED_HOSTS": "testserver",
        **keys,
    }
    done = subprocess.run(
        [sys.executable, "-c", KNOCK], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=True, timeout=120,
    )  # fmt: skip
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_without_keys_there_are_none(tmp_path):
    told = knock(tmp_path)
    for door, address in DOORS.items():
        assert told[door] == [404, 404, ""]
        assert address.split("/")[2] not in told["csp"]
    assert "github" not in told["page"].lower()


def test_with_keys_each_leads_to_its_house(tmp_path):
    keys = {}
    for door in DOORS:
        keys[f"{door.upper()}_CLIENT_ID"] = f"id-of-{door}"
        keys[f"{door.upper()}_CLIENT_SECRET"] = "secret"
    told = knock(tmp_path, **keys)
    [form_action] = [part for part in told["csp"].split("; ") if part.startswith("form-action")]
    for door, address in DOORS.items():
        asked, answered, location = told[door]
        # A question first: nobody is led there by a link.
        assert (asked, answered) == (200, 302), door
        assert location.startswith(address), location
        assert f"client_id=id-of-{door}" in location
        assert "https://" + address.split("/")[2] in form_action
        assert f"/accounts/{door}/login/" in told["page"]
    assert "secret" not in told["page"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"name": "Ada Lovelace", "username": "ada"}, "Ada Lovelace"),
        ({"first_name": "Ada", "last_name": "Lovelace"}, "Ada Lovelace"),
        ({"username": "ada"}, "ada"),
        ({"email": "Ada@Example.org"}, "ada"),
        ({"name": "A" * 300}, "A" * 80),
        ({}, ""),
    ],
)
def test_people_bring_their_name_along(rf, said, name):
    login = SocialLogin(user=User(), account=SocialAccount(provider="github"))
    user = SocialAccountAdapter().populate_user(rf.get("/"), login, said)
    assert user.display_name == name
    assert user.email == said.get("email", "").lower()


@pytest.mark.django_db
def test_only_addresses_that_were_confirmed_are_believed(rf):
    told = [
        EmailAddress(email="old@example.org", verified=True),
        EmailAddress(email="boss@example.org", verified=False, primary=True),
        EmailAddress(email="ada@example.org", verified=True, primary=True),
    ]
    login = SocialLogin(
        user=User(email="boss@example.org", display_name="Ada"),
        account=SocialAccount(provider="github"),
        email_addresses=told,
    )
    adapter = SocialAccountAdapter()
    adapter.pre_social_login(rf.get("/"), login)
    assert [address.email for address in login.email_addresses] == ["ada@example.org"]
    assert login.user.email == "ada@example.org"
    assert adapter.is_auto_signup_allowed(rf.get("/"), login)

    login.email_addresses = told[1:2]
    adapter.pre_social_login(rf.get("/"), login)
    assert login.user.email == ""
    assert not adapter.is_auto_signup_allowed(rf.get("/"), login)
