"""Mail goes through an outbox: posted in the transaction that decides, sent once, retried."""

from __future__ import annotations

import logging
import uuid
import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import Any

import css_inline
from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from jam.models import Jam, Message, User

logger = logging.getLogger(__name__)

# How long a claim holds: a worker that died while sending is taken to have failed by then.
CLAIM = timedelta(minutes=10)
MOST_ATTEMPTS = 8
# One sweep sends at most so many, so that a worker is never busy for long.
BATCH = 200


def post(
    *,
    user: User,
    key: str,
    subject: str,
    paragraphs: list[str],
    moment: datetime,
    jam: Jam | None = None,
    action_label: str = "",
    action_path: str = "",
    footer: str = "",
) -> Message | None:
    """Write a mail to `user`, once for each `key`; None if it was written before, or they left."""
    if not user.is_active:
        return None
    context: dict[str, Any] = {
        "subject": subject,
        "preheader": paragraphs[0],
        "paragraphs": paragraphs,
        "action_label": action_label,
        "action_url": settings.SITE_URL + action_path if action_path else "",
        "footer": footer,
        "jam": jam,
        "hue_hex": hue_hex(jam.hue if jam else 265),
        "site_url": settings.SITE_URL,
    }
    with timezone.override(user.time_zone), translation.override(settings.LANGUAGE_CODE):
        text = render_to_string("mail/base.txt", context)
        html = css_inline.inline(render_to_string("mail/base.html", context))
    return put(
        to=user.email, user=user, key=key, subject=subject, text=text, html=html, moment=moment
    )


def put(
    *,
    to: str,
    subject: str,
    text: str,
    moment: datetime,
    html: str = "",
    key: str = "",
    user: User | None = None,
) -> Message | None:
    """Put a finished mail into the outbox; without a `key` it is one of its own."""
    message, is_new = Message.objects.get_or_create(
        to=to,
        key=key or uuid.uuid4().hex,
        defaults={
            "user": user,
            "subject": " ".join(subject.split()),
            "text": text,
            "html": html,
            "created_at": moment,
        },
    )
    if not is_new:
        return None
    # Sooner, if the broker answers; the sweep each minute sends it in any case. One request is
    # enough for all the mails of a transaction.
    if _ask_for_sending not in [function for _, function, _ in connection.run_on_commit]:
        transaction.on_commit(_ask_for_sending, robust=True)
    return message


def _ask_for_sending() -> None:
    # By name, since the task imports this module.
    current_app.send_task("jam.send_mail_due")


def send_due(moment: datetime) -> int:
    """Send what is waiting, each mail claimed first by a conditional update; how many went."""
    waiting = Message.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lte=moment - CLAIM),
        sent_at=None,
        attempts__lt=MOST_ATTEMPTS,
    ).order_by("created_at", "pk")
    sent = 0
    for message in list(waiting[:BATCH]):
        still_free = Message.objects.filter(
            pk=message.pk, sent_at=None, claimed_at=message.claimed_at
        )
        if not still_free.update(claimed_at=moment, attempts=message.attempts + 1):
            continue
        try:
            provider_id = _send(message)
        except Exception as error:  # noqa: BLE001 -- whatever the mail server says, try again later
            logger.warning("mail %s was not sent: %s", message.pk, error)
            Message.objects.filter(pk=message.pk).update(error=str(error)[:2000])
        else:
            Message.objects.filter(pk=message.pk).update(
                sent_at=moment, error="", provider_id=provider_id
            )
            sent += 1
    return sent


def _send(message: Message) -> str:
    """Send it; the id by which a provider will speak of it, if there is one."""
    mail = EmailMultiAlternatives(message.subject, message.text, to=[message.to])
    # The same mail twice, should a worker die between sending and noting it, is seen as one.
    mail.extra_headers["Message-ID"] = f"<peerjam-{message.pk}@{settings.ALLOWED_HOSTS[0]}>"
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    mail.send()
    status = getattr(mail, "anymail_status", None)
    return (status and status.message_id) or ""


def note_bounce(*, to: str, provider_id: str, reason: str, moment: datetime) -> int:
    """Note that a mail came back, as the provider tells; how many mails it can be."""
    if not provider_id:
        return 0
    return Message.objects.filter(provider_id=provider_id, to__iexact=to, bounced_at=None).update(
        bounced_at=moment, bounce=reason[:2000]
    )


def hue_hex(hue: int) -> str:
    """A mid tone of a jam's hue as #rrggbb, since mail programs know no OKLCH."""
    import colorsys

    red, green, blue = colorsys.hls_to_rgb(((hue - 25) % 360) / 360, 0.42, 0.55)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def tell(at: datetime, zone: str) -> str:
    """A time in words for a mail: weekday, date, time and zone, with UTC beside it."""
    local = timezone.localtime(at, zoneinfo.ZoneInfo(zone))
    universal = timezone.localtime(at, UTC)
    told = f"{date_format(local, 'l j F Y, H:i')} {local.tzname()}"
    return told if zone == "UTC" else f"{told} ({date_format(universal, 'D H:i')} UTC)"
