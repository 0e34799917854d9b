"""Digests: what waits for a person is told in one mail a day, at an hour of theirs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam import choices, hours, outbox, timeline
from jam.models import Jam, Message, User

logger = logging.getLogger(__name__)
# People whose digests one sweep writes, and what one digest holds; the rest is for the next.
PORTION = 1_000
LARGEST = 200


@dataclass(frozen=True)
class Item:
    """One thing that a digest tells."""

    title: str
    paragraphs: list[str]
    label: str
    url: str


@dataclass(frozen=True)
class Sheaf:
    """What a digest tells of one jam, or of none."""

    jam: Jam | None
    items: list[Item]


def gather_due(moment: datetime) -> int:
    """Write the digests whose hour has come; how many."""
    waiting = Message.objects.waiting().filter(
        timeline.reached("due_at", moment), is_daily=True, user__is_active=True
    )
    people = waiting.order_by("user").values_list("user", flat=True).distinct()
    written = 0
    for pk in list(people[:PORTION]):
        try:
            written += gather(pk, moment)
        except Exception:
            # What cannot be told to one person must not keep the others from theirs.
            logger.exception("the digest of person %s could not be written", pk)
    return written


@transaction.atomic
def gather(person: int, moment: datetime) -> bool:
    """Write the digest of a person and note in the same transaction what is in it; whether there
    was anything to tell. Every mail is in one digest at most, whatever dies."""
    # Of two workers, the second finds nothing left.
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=person)
    waiting = Message.objects.waiting().filter(
        timeline.reached("due_at", moment), user=user, is_daily=True
    )
    due = list(waiting.select_related("jam").order_by("created_at", "pk")[:LARGEST])
    of_use = [message for message in due if outbox.is_of_use(message, moment)]
    useless = [message.pk for message in due if message not in of_use]
    Message.objects.filter(pk__in=useless).update(left_out_at=moment)
    if not of_use:
        return False
    later = choices.delivery(user, choices.How.NOW, None, moment).due_at
    local = timezone.localtime(moment, hours.zone_of(user.time_zone))
    digest = None if later else _write(user, of_use, f"digest:{user.pk}:{local:%Y-%m-%d}", moment)
    told = Message.objects.filter(pk__in=[message.pk for message in of_use])
    if digest is None:
        # In quiet hours, after a sweep that was held up; or theirs of today is written already.
        own = choices.hours_of(user)
        next_day = hours.next_at(moment, user.time_zone, own.digest_at)
        told.update(due_at=later or next_day)
        return False
    told.update(digest=digest)
    return True


def _write(user: User, told: list[Message], key: str, moment: datetime) -> Message | None:
    by_jam = sorted(told, key=lambda message: (message.jam is None, message.jam_id or 0))
    sheaves = [
        Sheaf(group[0].jam, [_item(message) for message in group])
        for _jam, messages in groupby(by_jam, key=lambda message: message.jam_id)
        for group in [list(messages)]
    ]
    first, more = told[0].subject, len(told) - 1
    with outbox.spoken_to(user):
        letter = outbox.Letter(
            subject=ngettext("%(first)s, and %(n)s more", "%(first)s, and %(n)s more", more)
            % {"first": first, "n": more}
            if more
            else first,
            paragraphs=[],
            action_label=_("Choose which mails come, and when"),
            action_path=reverse("jam:mail_choices"),
            footer=_("You chose to have these in one mail a day."),
        )
    jam = sheaves[0].jam if len(sheaves) == 1 else None
    text, html = outbox.drawn(letter, user=user, jam=jam, kind=choices.DIGEST.name, sheaves=sheaves)
    return outbox.put(
        to=user.email,
        user=user,
        key=key,
        subject=letter.subject,
        text=text,
        html=html,
        kind=choices.DIGEST.name,
        moment=moment,
    )


def _item(message: Message) -> Item:
    gist = message.gist
    url = settings.SITE_URL + gist["path"] if gist["path"] else ""
    return Item(message.subject, gist["paragraphs"], gist["label"], url)
