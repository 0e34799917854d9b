"""Blocks: two people of whom one wants nothing to do with the other do not meet here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from jam import parts
from jam.errors import refuse
from jam.models import Block, User

MOST = 500


class BlockRefusal(TextChoices):
    """Why somebody may not be blocked."""

    SELF = "self", _("This is you.")
    TOO_MANY = "too_many", _("You have blocked very many people. Write to the organizers.")


def block_refusal(user: User, whom: User) -> BlockRefusal | None:
    """Why `user` may not block `whom`."""
    if user.pk == whom.pk:
        return BlockRefusal.SELF
    return BlockRefusal.TOO_MANY if user.blocks.count() >= MOST else None


def between(user: Any, path: str) -> Q:
    """A filter for rows at whose `path` is a person whom `user` blocked, or who blocked them."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    blocked = Block.objects.filter(by=user.pk).values("whom")
    blocking = Block.objects.filter(whom=user.pk).values("by")
    return Q(**{f"{path}__in": blocked}) | Q(**{f"{path}__in": blocking})


def is_between(user: User, others: list[int]) -> bool:
    """Whether there is a block between `user` and one of the people with these keys."""
    return Block.objects.filter(
        Q(by=user.pk, whom__in=others) | Q(by__in=others, whom=user.pk)
    ).exists()


@transaction.atomic
def block(*, user: User, whom: User, moment: datetime) -> None:
    """Have `user` not meet `whom` any more; twice is as once. Nobody else learns of it, the log of
    acts included. Raises Refused."""
    refuse(block_refusal(user, whom))
    _block, is_new = Block.objects.get_or_create(by=user, whom=whom, defaults={"made_at": moment})
    if is_new:
        for part in parts.all_parts():
            part.people_parted(user, whom, moment)


def unblock(*, user: User, whom: User, moment: datetime) -> None:
    """Take a block back; twice is as once."""
    Block.objects.filter(by=user, whom=whom).delete()
