"""Signing up, confirming, resetting, changing: each mail in our words, through the outbox."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client

from jam import accounts, outbox
from jam.models import Message, User
from tests.factories import START, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "look-inside-2030"


@pytest.fixture(autouse=True)
def _now(at):
    at(START)


def words(response) -> str:
    return " ".join(response.content.decode().split())


def link_in(message: Message) -> str:
    """The path of the button, the same in text and HTML."""
    (link,) = re.findall(r"^http://testserver(/\S+)$", message.text, re.MULTILINE)
    assert f'href="http://testserver{link}"' in message.html
    return link


def sign_up(client, **fields):
    told = {"display_name": "Ada Lovelace", "email": "ada@example.org", "password1": PASSWORD}
    return client.post("/accounts/signup/", told | fields)


def with_password(**fields) -> User:
    user = UserFactory(**fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def test_signing_up_confirming_and_signing_in(client):
    assert 'name="display_name"' in words(client.get("/accounts/signup/?next=/jams/"))
    assert sign_up(client).status_code == 302
    user = User.objects.get()
    assert (user.email, user.display_name) == ("ada@example.org", "Ada Lovelace")
    message = Message.objects.get()
    assert (message.to, message.subject) == ("ada@example.org", "Confirm your e-mail address")
    assert message.created_at == START
    assert not mail.outbox
    path = link_in(message)
    # Mail programs that look at links confirm nothing.
    assert client.get(path).status_code == 200
    assert not EmailAddress.objects.get().verified
    client.post(path)
    assert EmailAddress.objects.get().verified
    client.logout()
    response = client.post("/accounts/login/", {"login": "Ada@Example.org", "password": PASSWORD})
    assert response.headers["Location"] == "/my-jams/"


def test_nobody_comes_in_unconfirmed(client):
    sign_up(client)
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert client.get("/my-jams/").status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("display_name", "", "required"),
        ("email", "nobody", "valid email"),
        ("password1", "short", "too short"),
        ("password1", "1234567890123", "entirely numeric"),
        ("password1", "password123", "too common"),
    ],
)
def test_a_refused_signup_says_why_and_keeps_the_name(client, field, value, error):
    response = sign_up(client, **{field: value})
    assert response.status_code == 200
    assert error in words(response)
    if field != "display_name":
        assert "Ada Lovelace" in words(response)
    assert not User.objects.exists()


def test_an_address_that_is_taken_is_told_by_mail_alone(client):
    """The page of a stranger looks the same, whether or not there is an account."""
    UserFactory(email="ada@example.org")
    taken = sign_up(client, email="Ada@example.org")
    free = sign_up(client, email="free@example.org")
    assert (taken.status_code, taken.headers["Location"]) == (
        free.status_code,
        free.headers["Location"],
    )
    message = Message.objects.get(to="ada@example.org")
    assert message.subject == "You have an account already"
    assert link_in(message) == "/accounts/password/reset/"


def test_a_forgotten_password_is_chosen_anew(client):
    user = with_password(email="ada@example.org")
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    message = Message.objects.get()
    assert (message.to, message.subject) == (user.email, "Choose a new password")
    form = client.get(link_in(message), follow=True)
    action = form.redirect_chain[-1][0]
    client.post(action, {"password1": "another-one-2031", "password2": "another-one-2031"})
    user.refresh_from_db()
    assert user.check_password("another-one-2031")


def test_an_unknown_address_is_told_so_by_mail_alone(client):
    with_password(email="ada@example.org")
    known = client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"]
    message = Message.objects.get(to="nobody@example.org")
    assert message.subject == "There is no account with this address"
    assert link_in(message) == "/accounts/signup/"


def test_an_address_changes_once_the_new_one_is_confirmed(client):
    user = with_password(email="old@example.org")
    client.post("/accounts/login/", {"login": "old@example.org", "password": PASSWORD})
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    message = Message.objects.get()
    assert (message.to, message.subject) == ("new@example.org", "Confirm your e-mail address")
    user.refresh_from_db()
    assert user.email == "old@example.org"
    client.post(link_in(message))
    user.refresh_from_db()
    assert user.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [
        ("new@example.org", True)
    ]


def change_password(client) -> Message:
    """Change the password of a new account; the mail that tells of it."""
    with_password(email="ada@example.org")
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another-one-2031", "password2": "another-one-2031"},
        headers={"User-Agent": "Lynx <b>"},
    )
    message = Message.objects.get()
    assert message.to == "ada@example.org"
    return message


def test_what_changes_an_account_is_told_by_mail(client):
    message = change_password(client)
    assert message.subject == "Your password was changed"
    assert "127.0.0.1" in message.text
    assert "Lynx &lt;b&gt;" in message.html
    assert link_in(message) == "/accounts/password/reset/"


def test_mails_that_we_have_no_words_for_go_the_same_way(client, monkeypatch):
    monkeypatch.setattr(accounts, "NOTICES", {})
    message = change_password(client)
    assert "password" in message.subject.lower()
    assert "127.0.0.1" in message.text
    assert "<h1" in message.html


def sign_in(client, email: str = "ada@example.org", **more):
    return client.post("/accounts/login/", {"login": email, "password": PASSWORD}, **more)


def code_for(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()) + 1))


def test_an_authenticator_app_is_set_up_and_asked_for(
    client, at, django_capture_on_commit_callbacks
):
    with_password(email="ada@example.org")
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "data:image/svg+xml" in words(client.get("/accounts/2fa/totp/activate/"))
    secret = client.session["mfa.totp.secret"]
    typed = {"code": code_for(secret)}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/accounts/2fa/totp/activate/", typed, follow=True)
    assert "Recovery" in words(response)
    codes = response.context["unused_codes"]
    subjects = set(Message.objects.values_list("subject", flat=True))
    assert "An authenticator app was set up for your account" in subjects
    client.logout()

    assert sign_in(client).headers["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    at(START + timedelta(minutes=1))
    response = client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert response.headers["Location"] == "/my-jams/"
    client.logout()

    # A recovery code opens once.
    for opens in (True, False):
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert ("_auth_user_id" in client.session) == opens
        client.logout()


def test_sessions_are_listed_and_ended_elsewhere(client):
    with_password(email="ada@example.org")
    others = [Client(headers={"User-Agent": f"Browser {n}"}) for n in range(3)]
    for other in others:
        sign_in(other)
    sign_in(client)
    page = words(client.get("/accounts/sessions/"))
    for n in range(3):
        assert f"Browser {n}" in page
    client.post("/accounts/sessions/")
    assert client.get("/account/data/").status_code == 200
    assert [other.get("/account/data/").status_code for other in others] == [302, 302, 302]


@pytest.mark.parametrize(
    "url", ["2fa", "2fa/totp/activate", "2fa/webauthn", "2fa/webauthn/add", "3rdparty"]
)
def test_no_page_has_a_script_of_its_own(client, url):
    """The policy forbids them; what remains are scripts from files, and data."""
    with_password(email="ada@example.org")
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = words(client.get(f"/accounts/{url}/", follow=True))
    for script in re.findall(r"<script\b[^>]*>", page):
        assert "src=" in script or 'type="application/json"' in script
    assert " style=" not in page
    assert not re.search(r" on[a-z]+=", page)


def test_what_is_posted_goes_out_with_the_sweep(client):
    sign_up(client)
    assert outbox.send_due(START) == 1
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert sent.alternatives


def test_the_html_of_a_mail_is_safe(client):
    client.post("/accounts/password/reset/", {"email": '"<b>x</b>"@example.org'})
    sign_up(client, display_name="<script>alert(1)</script>")
    for message in Message.objects.all():
        assert "<script" not in message.html
        assert "<b>x" not in message.html


@pytest.mark.parametrize(
    "url",
    ["login", "signup", "password/reset", "password/reset/done", "confirm-email", "inactive"],
)
def test_pages_for_visitors_open(client, url):
    assert client.get(f"/accounts/{url}/").status_code == 200


@pytest.mark.parametrize(
    "url", ["email", "password/change", "logout", "2fa", "sessions", "reauthenticate"]
)
def test_pages_for_people_open(client, url):
    with_password(email="ada@example.org")
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    response = client.get(f"/accounts/{url}/")
    assert response.status_code in (200, 302)
    assert client.session.get("_auth_user_id")


def test_guessing_passwords_ends_soon(client):
    with_password(email="ada@example.org")
    for _ in range(8):
        response = client.post(
            "/accounts/login/", {"login": "ada@example.org", "password": "wrong-wrong"}
        )
    assert "Too many" in words(response) or response.status_code == 429
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("email", ["Ada@Example.org", "ada@example.org"])
def test_an_address_has_one_account_however_it_is_written(email):
    from django.db import IntegrityError, transaction

    User.objects.create_user("ada@example.org", display_name="Ada")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email=email, display_name="Eve").save()
    assert User.objects.get_by_natural_key("ADA@example.org").display_name == "Ada"
