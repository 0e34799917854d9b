"""The address of a person's own calendar: unguessable, kept as a digest, and revocable."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from jam import log
from jam.models import CalendarKey, User


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


@transaction.atomic
def make(*, user: User, moment: datetime) -> str:
    """Give `user` a key, in place of the one before; it is known this once."""
    key = secrets.token_urlsafe(32)
    CalendarKey.objects.update_or_create(
        user=user, defaults={"digest": _digest(key), "made_at": moment}
    )
    log.record("made a calendar address", user, by=user, moment=moment)
    return key


@transaction.atomic
def revoke(*, user: User, moment: datetime) -> None:
    """Have the key of `user`, if there is one, open nothing any more."""
    deleted, _of_each = CalendarKey.objects.filter(user=user).delete()
    if deleted:
        log.record("stopped the calendar address", user, by=user, moment=moment)


def user_of(key: str) -> User | None:
    """Whose calendar `key` opens."""
    return User.objects.filter(calendar_key__digest=_digest(key), is_active=True).first()
