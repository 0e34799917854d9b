"""How allauth is made ours: its mails are written in our words and go through the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import css_inline
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from jam import outbox


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


class AccountAdapter(DefaultAccountAdapter):
    """Sends the mails about accounts through the outbox, like every other mail."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        request = allauth_context.request
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
        request = allauth_context.request
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
