"""Mail goes through an outbox: posted in the transaction that decides, sent once, retried."""

from __future__ import annotations

import contextlib
import logging
import time
import uuid
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import css_inline
from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from jam import choices, parts, timeline
from jam.choices import How
from jam.languages import Later, language_of
from jam.models import Jam, Message, User
from jam.timeline import Window

logger = logging.getLogger(__name__)

# How long a claim holds: a worker that died while sending is taken to have failed by then.
CLAIM = timedelta(minutes=10)
MOST_ATTEMPTS = 8
# So many are held in memory at once, and so long a sweep goes on, which beat asks for each minute.
BATCH = 200
SWEEP = timedelta(seconds=50)
MOST_SUBJECT = 300


def post(
    *,
    user: User,
    key: str,
    subject: Any,
    paragraphs: list[Any],
    moment: datetime,
    jam: Jam | None = None,
    action_label: Any = "",
    action_path: str = "",
    footer: Any = "",
    kind: str = "",
    markdown: str = "",
    until: datetime | None = None,
    boundary: str = "",
) -> Message | None:
    """Write a mail to `user`, once for each `key`; None if it was written before, if they left, or
    if it is of a `kind` that they do not want.

    It is written in their language and zone: give it texts that are translated later
    (`jam.languages.gettext_later`).

    A mail without a `kind` always comes, and at once. One of a kind keeps to the person's quiet
    hours, or waits for their digest, unless it is of use only `until` sooner; it is left out once
    that has come, or once the `boundary` of `jam` that it tells of (the name of a field) has been
    moved. `markdown` follows the paragraphs, as people wrote it.
    """
    chosen = choices.how(user, kind) if kind else How.NOW
    if not (user.is_active and user.is_reachable) or chosen == How.NEVER:
        return None
    letter = letter_to(
        user,
        subject=subject,
        paragraphs=paragraphs,
        action_label=action_label,
        action_path=action_path,
        footer=footer,
        markdown=markdown,
    )
    text, html = drawn(letter, user=user, jam=jam, kind=kind)
    told = choices.delivery(user, chosen, until, moment) if kind else choices.Delivery(False, None)
    return put(
        to=user.email,
        user=user,
        key=key,
        subject=letter.subject,
        text=text,
        html=html,
        kind=kind,
        moment=moment,
        jam=jam,
        boundary=boundary,
        boundary_at=getattr(jam, boundary) if boundary else None,
        until=until,
        is_daily=told.is_daily,
        due_at=told.due_at,
        gist=letter.gist if kind else None,
    )


def write_to(
    *,
    email: str,
    key: str,
    subject: Any,
    paragraphs: list[Any],
    action_label: Any,
    action_path: str,
    moment: datetime,
    jam: Jam | None = None,
) -> Message | None:
    """Write a mail to an address of which nobody may learn whether it has an account, once for each
    `key`; it is in the language of whoever has it written."""
    letter = Letter(
        subject=str(subject),
        paragraphs=[str(paragraph) for paragraph in paragraphs],
        action_label=str(action_label),
        action_path=action_path,
    )
    context = context_of(letter, jam)
    html = css_inline.inline(render_to_string("mail/base.html", context))
    text = render_to_string("mail/base.txt", context)
    return put(to=email, key=key, subject=letter.subject, text=text, html=html, jam=jam,
               moment=moment)  # fmt: skip


@contextlib.contextmanager
def spoken_to(user: User) -> Iterator[None]:
    """Texts and times are those of `user`."""
    with timezone.override(user.time_zone), translation.override(language_of(user)):
        yield


@dataclass(frozen=True)
class Letter:
    """What a mail says, before it is drawn as text and as HTML."""

    subject: str
    paragraphs: list[str]
    action_label: str = ""
    action_path: str = ""
    footer: str = ""
    markdown: str = ""

    @property
    def gist(self) -> dict[str, Any]:
        """What a digest says of it."""
        return {
            "paragraphs": [*self.paragraphs, *([self.markdown] if self.markdown else [])],
            "label": self.action_label,
            "path": self.action_path,
        }


def letter_to(user: User, **words: Any) -> Letter:
    """A letter in the language of `user`; its fields may be texts that are translated later."""
    with spoken_to(user):
        paragraphs = [str(paragraph) for paragraph in words.pop("paragraphs")]
        said = {name: str(value) for name, value in words.items()}
    return Letter(paragraphs=paragraphs, **said)


def drawn(letter: Letter, *, user: User, jam: Jam | None, kind: str = "",
          sheaves: Any = None) -> tuple[str, str]:  # fmt: skip
    """The text and the HTML of a mail to `user`; `sheaves` are the contents of a digest."""
    context = context_of(letter, jam) | {
        "sheaves": sheaves,
        "stop_url": settings.SITE_URL + choices.stopping_path(user, kind) if kind else "",
        "choices_url": settings.SITE_URL + reverse("jam:mail_choices"),
    }
    with spoken_to(user):
        # Text, which is not safe as HTML: the template of a text escapes nothing.
        text = render_to_string("mail/base.txt", context) + ""
        return text, css_inline.inline(render_to_string("mail/base.html", context))


def context_of(letter: Letter, jam: Jam | None) -> dict[str, Any]:
    """What the templates of a mail print, whoever it goes to."""
    return {
        "subject": letter.subject,
        "preheader": next(iter(letter.paragraphs), "") or letter.markdown[:120],
        "paragraphs": letter.paragraphs,
        "markdown": letter.markdown,
        "action_label": letter.action_label,
        "action_url": settings.SITE_URL + letter.action_path if letter.action_path else "",
        "footer": letter.footer,
        "jam": jam,
        "hue_hex": hue_hex(jam.hue if jam else 265),
        "site_url": settings.SITE_URL,
    }


def put(
    *,
    to: str,
    subject: str,
    text: str,
    moment: datetime,
    html: str = "",
    key: str = "",
    kind: str = "",
    user: User | None = None,
    **more: Any,
) -> Message | None:
    """Put a finished mail into the outbox; without a `key` it is one of its own. `more` are
    further fields of `Message`."""
    subject = " ".join(subject.split())
    # Only what is too long: cutting also replaces variants of ideographs.
    if len(subject) > MOST_SUBJECT:
        subject = Truncator(subject).chars(MOST_SUBJECT)
    message, is_new = Message.objects.get_or_create(
        to=to,
        key=key or uuid.uuid4().hex,
        defaults={
            "user": user,
            "subject": subject,
            "text": text,
            "html": html,
            "kind": kind,
            "created_at": moment,
            **more,
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
    """Send what is due, each mail claimed first by a conditional update; how many went.

    A worker that dies before the mail server has taken a mail leaves a claim that runs out, and
    the mail is sent then. If it dies in the instant between the server's yes and our note of it,
    nobody can know; the mail goes again under the same Message-ID, by which it is seen as one.
    """
    began = time.monotonic()
    sent = 0
    with _mail_server() as server:
        # What is claimed here is not found again, so this ends.
        while messages := list(_due(moment)[:BATCH]):
            for message in messages:
                # A sweep is over long before its first claims run out: none is taken twice.
                if time.monotonic() - began > SWEEP.total_seconds():
                    return sent
                sent += _send_one(message, server, moment)
    return sent


def _due(moment: datetime) -> QuerySet[Message]:
    free = Q(claimed_at=None) | timeline.reached("claimed_at", moment, after=CLAIM)
    come = Q(due_at=None) | timeline.reached("due_at", moment)
    waiting = Message.objects.waiting().select_related("user__mail_hours", "jam")
    return waiting.filter(free, come, is_daily=False, attempts__lt=MOST_ATTEMPTS).order_by(
        "created_at", "pk"
    )


def _send_one(message: Message, server: Any, moment: datetime) -> bool:
    """Claim and send a mail, unless it is of no use any more, or for a quieter hour; whether it
    went."""
    still_free = Message.objects.waiting().filter(
        pk=message.pk, is_daily=False, claimed_at=message.claimed_at, due_at=message.due_at
    )
    if not is_of_use(message, moment):
        still_free.update(left_out_at=moment)
        return False
    if message.kind:
        # A sweep that was held up may have come to it only now.
        told = choices.delivery(message.user, How.NOW, message.until, moment)
        if told.due_at is not None:
            still_free.update(due_at=told.due_at)
            return False
    if not still_free.update(claimed_at=moment, attempts=message.attempts + 1):
        return False
    try:
        provider_id = _send(message, server)
    except Exception as error:  # noqa: BLE001 -- whatever the mail server says, try again later
        logger.warning("mail %s was not sent: %s", message.pk, error)
        # A connection on which something went wrong is not used again.
        with contextlib.suppress(Exception):
            server.close()
        Message.objects.filter(pk=message.pk).update(error=str(error)[:2000])
        return False
    Message.objects.filter(pk=message.pk).update(sent_at=moment, error="", provider_id=provider_id)
    return True


def is_of_use(message: Message, moment: datetime) -> bool:
    """Whether a mail, fetched with its jam, says at `moment` what is so, and to good purpose. One
    that has waited is put right where it is."""
    if Window(None, message.until).is_over(moment):
        return False
    if message.boundary and (
        message.jam is None or getattr(message.jam, message.boundary) != message.boundary_at
    ):
        return False
    # What did not wait was written just now.
    has_waited = message.due_at is not None
    return not has_waited or all(part.look_again(message) for part in parts.all_parts())


def reword(message: Message, **words: Any) -> None:
    """Have a mail that was not sent yet say something else."""
    letter = letter_to(message.user, **words)
    drawn_anew = drawn(letter, user=message.user, jam=message.jam, kind=message.kind)
    message.subject, message.gist = letter.subject, letter.gist
    message.text, message.html = drawn_anew
    message.save(update_fields=["subject", "gist", "text", "html"])


@contextlib.contextmanager
def _mail_server() -> Iterator[Any]:
    """One connection for many mails; each opens it anew where it is closed."""
    server = get_connection()
    try:
        yield server
    finally:
        with contextlib.suppress(Exception):
            server.close()


def _send(message: Message, server: Any) -> str:
    """Send it; the id by which a provider will speak of it, if there is one."""
    server.open()
    mail = EmailMultiAlternatives(message.subject, message.text, to=[message.to], connection=server)
    # The same mail twice, should a worker die between sending and noting it, is seen as one.
    mail.extra_headers["Message-ID"] = f"<peerjam-{message.pk}@{settings.ALLOWED_HOSTS[0]}>"
    if message.kind:
        # One click in the mail program itself (RFC 8058).
        stop = settings.SITE_URL + choices.stopping_path(message.user, message.kind)
        mail.extra_headers["List-Unsubscribe"] = f"<{stop}>"
        mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
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


def tell(at: datetime, zone: str) -> Later:
    """A time in words for a mail: weekday, date, time and zone, with UTC beside it."""
    return Later(lambda: _told(at, zone))


def _told(at: datetime, zone: str) -> str:
    local = timezone.localtime(at, zoneinfo.ZoneInfo(zone))
    universal = timezone.localtime(at, UTC)
    told = f"{date_format(local, _('l j F Y, H:i'))} {local.tzname()}"
    beside = f"{date_format(universal, _('D H:i'))} UTC"
    return told if zone == "UTC" else f"{told} ({beside})"
