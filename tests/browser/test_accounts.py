"""Accounts in a browser: the proof of work is done while one types, a passkey opens the door."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from jam import guarding
from jam.models import Message, User
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "look-inside-2030"


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"]
)
def test_signing_up_with_a_proof(visit, is_accessible, monkeypatch, viewport, scheme):
    # Nobody comes in without one here.
    monkeypatch.setattr(guarding, "WITHOUT_PROOF_AN_HOUR", 0)
    page = visit(viewport, color_scheme=scheme)
    page.goto("/accounts/signup/")
    is_accessible(page)
    assert not page.get_by_label("Leave this empty").is_visible() or (
        page.get_by_label("Leave this empty").bounding_box()["x"] < 0
    )
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    expect(page.locator("[name=proof]")).not_to_have_value("")
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/confirm-email/")
    assert User.objects.get().display_name == "Ada Lovelace"
    assert Message.objects.get().to == "ada@example.org"


def test_a_passkey_is_added_and_opens_the_door(visit, is_accessible, live_server):
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    # Passkeys belong to a name, not to a number.
    home = live_server.url.replace("127.0.0.1", "localhost")
    page = visit(PHONE)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    page.goto(f"{home}/accounts/login/")
    is_accessible(page)
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/my-jams/")

    page.goto(f"{home}/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/webauthn/add/")
    is_accessible(page)
    page.get_by_label("Name").fill("My phone")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1
    is_accessible(page)
    page.goto(f"{home}/accounts/2fa/webauthn/")
    is_accessible(page)
    page.goto(f"{home}/account/data/")
    is_accessible(page)
    page.goto(f"{home}/account/leave/")
    is_accessible(page)

    page.context.clear_cookies()
    page.goto(f"{home}/accounts/login/")
    page.get_by_role("button", name="passkey").click()
    page.wait_for_url("**/my-jams/")
    assert person.display_name in page.content()
