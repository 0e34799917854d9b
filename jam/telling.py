"""Telling many people something: each once, a portion at a time, whatever dies in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from jam import choices, outbox
from jam.models import Message, User

# So many are held in memory, and written in one transaction.
PORTION = 500
# A sweep that takes longer goes on with the next.
AT_MOST = timedelta(seconds=40)


def waiting(people: QuerySet[User], *, key: str, kind: str) -> QuerySet[User]:
    """Those of `people` who want mails of this kind and have none of this key yet."""
    told = Message.objects.filter(user=OuterRef("pk"), key=key)
    return people.filter(choices.wanted(kind, "pk"), ~Exists(told), is_active=True)


def tell(
    people: QuerySet[User],
    *,
    key: str,
    kind: str,
    moment: datetime,
    write: Callable[[User], dict[str, Any] | None],
) -> int:
    """Post what `write` says to each of `people` who has no mail of this `key`, save where it says
    nothing; how many mails."""
    began, last, written = time.monotonic(), 0, 0
    left = waiting(people, key=key, kind=kind).select_related("mail_hours").order_by("pk")
    while time.monotonic() - began < AT_MOST.total_seconds():
        with transaction.atomic():
            portion = list(left.filter(pk__gt=last)[:PORTION])
            for user in portion:
                words = write(user)
                if words is not None:
                    mail = outbox.post(user=user, key=key, kind=kind, moment=moment, **words)
                    written += mail is not None
        if len(portion) < PORTION:
            break
        last = portion[-1].pk
    return written
