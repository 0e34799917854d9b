"""How allauth is made ours: its mails are written in our words and go through the outbox."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import css_inline
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam import giving_roles, limits, log, outbox
from jam.errors import refuse
from jam.middleware import client_address
from jam.models import Jam, User
from jam.permissions import resend_refusal

logger = logging.getLogger(__name__)

MAILS_AN_HOUR = 10


@dataclass(frozen=True)
class Letter:
    """What a mail about an account says; `url` is the name that allauth gives the address."""

    subject: Any
    paragraphs: tuple[Any, ...]
    button: Any = ""
    url: str = ""


_IGNORE = _("If that was not you, you need do nothing: without this link nothing happens.")

LETTERS = {
    "account/email/email_confirmation_signup": Letter(
        _("Confirm your e-mail address"),
        (
            _("Welcome. One click confirms that this address is yours, and your account is ready."),
            _IGNORE,
        ),
        _("Confirm my address"),
        "activate_url",
    ),
    "account/email/email_confirmation": Letter(
        _("Confirm your e-mail address"),
        (_("One click confirms that this address is yours."), _IGNORE),
        _("Confirm my address"),
        "activate_url",
    ),
    "account/email/password_reset_key": Letter(
        _("Choose a new password"),
        (_("Somebody, we hope you, asked for a new password for this account."), _IGNORE),
        _("Choose a new password"),
        "password_reset_url",
    ),
    "account/email/unknown_account": Letter(
        _("There is no account with this address"),
        (
            _("Somebody, we hope you, asked for a new password. No account here has this address."),
            _("Perhaps you signed up with another one. If you never did, you are welcome to."),
        ),
        _("Sign up"),
        "signup_url",
    ),
    "account/email/account_already_exists": Letter(
        _("You have an account already"),
        (
            _("Somebody, we hope you, tried to sign up with this address. It has an account."),
            _("If you do not remember the password, choose a new one."),
        ),
        _("Choose a new password"),
        "password_reset_url",
    ),
}


# What happened to an account, told to its owner.
NOTICES = {
    "account/email/password_changed": _("Your password was changed"),
    "account/email/password_set": _("A password was set for your account"),
    "account/email/password_reset": _("Your password was chosen anew"),
    "account/email/email_changed": _("Your e-mail address was changed"),
    "account/email/email_deleted": _("An e-mail address was taken off your account"),
    "mfa/email/totp_activated": _("An authenticator app was set up for your account"),
    "mfa/email/totp_deactivated": _("The authenticator app was taken off your account"),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account"),
    "mfa/email/webauthn_added": _("A passkey was added to your account"),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account"),
    "socialaccount/email/account_connected": _("An account elsewhere was connected to yours"),
    "socialaccount/email/account_disconnected": _("An account elsewhere is no longer connected"),
}


def notice(template_prefix: str, context: dict[str, Any]) -> Letter:
    """A mail that tells what happened, from where, and what to do if it was somebody else."""
    what = NOTICES[template_prefix]
    told = _("%(what)s, from the network address %(ip)s, with this browser: %(browser)s")
    names = {"what": what, "ip": context["ip"], "browser": context["user_agent"]}
    return Letter(
        what,
        (
            told % names,
            _("If it was not you, choose a new password at once, and see where you are signed in."),
        ),
        _("Choose a new password"),
        "password_reset_url",
    )


class AccountAdapter(DefaultAccountAdapter):
    """Sends the mails about accounts through the outbox, like every other mail."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        request = self.request
        if template_prefix in NOTICES:
            letter = notice(template_prefix, context)
            url = request.build_absolute_uri(reverse("account_reset_password"))
            context = {**context, "password_reset_url": url}
        # Nobody fills somebody else's mailbox by way of us.
        elif not limits.within(f"mail:{email.lower()}", MAILS_AN_HOUR, 3600, request.moment):
            logger.warning("no more mails about accounts to one address this hour")
            return
        else:
            letter = LETTERS.get(template_prefix) or self._letter_of_allauth(
                template_prefix, email, context
            )
        shown = {
            "subject": letter.subject,
            "preheader": letter.paragraphs[0],
            "paragraphs": letter.paragraphs,
            "action_label": letter.button,
            "action_url": context[letter.url] if letter.url else "",
            "hue_hex": outbox.hue_hex(265),
            "site_url": settings.SITE_URL,
        }
        outbox.put(
            to=email,
            subject=str(letter.subject),
            text=render_to_string("mail/base.txt", shown),
            html=css_inline.inline(render_to_string("mail/base.html", shown)),
            moment=request.moment,
        )

    def _letter_of_allauth(self, template_prefix: str, email: str, context: dict) -> Letter:
        """A mail that we have no words for yet, in those of allauth."""
        request = self.request
        mail = self.render_mail(
            template_prefix,
            email,
            {
                "request": request,
                "email": email,
                "current_site": get_current_site(request),
                **context,
            },
        )
        paragraphs = [part.strip() for part in mail.body.split("\n\n") if part.strip()]
        return Letter(mail.subject, tuple(paragraphs))

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            giving_roles.take_up(user=email_address.user, moment=request.moment)
        return confirmed


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """People who come by way of another house bring their name along."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict) -> User:
        email = (data.get("email") or "").strip().lower()
        full = " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        name = data.get("name") or full or data.get("username") or email.partition("@")[0]
        user = sociallogin.user
        user.email, user.display_name = email, name.strip()[:80]
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing:
            return
        confirmed = [address for address in sociallogin.email_addresses if address.verified]
        confirmed.sort(key=lambda address: not address.primary)
        # One, as everybody has here; what the other house did not confirm is not even suggested.
        sociallogin.email_addresses = confirmed[:1]
        sociallogin.user.email = confirmed[0].email if confirmed else ""

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        user = super().save_user(request, sociallogin, form)
        # Confirmed by the other house, so that no mail of ours is answered.
        giving_roles.take_up(user=user, moment=request.moment)
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        # Whoever comes without a name or a confirmed address is asked for them.
        return bool(sociallogin.user.display_name and sociallogin.email_addresses)

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        initial = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "display_name": sociallogin.user.display_name}


@transaction.atomic
def ask_to_confirm(
    *, request: HttpRequest, jam: Jam, user: User, by: User, moment: datetime
) -> None:
    """Have `user`, who has to do with `jam`, asked once more to confirm their address, in their
    language; no more often than mails about accounts go to one address. Raises Refused."""
    refuse(resend_refusal(by, jam, user))
    address = EmailAddress.objects.filter(user=user).order_by("-primary", "pk").first()
    if address is None:
        address = EmailAddress.objects.create(user=user, email=user.email, primary=True)
    with outbox.spoken_to(user):
        address.send_confirmation(request)
    log.record("asked to confirm the address", user, by=by, jam=jam, moment=moment)
