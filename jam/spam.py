"""What bears signs of spam, by signs that anybody can check. Nothing is hidden by itself: a person
looks at it, and hides it where it stands or says that it is none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from jam import log, parts
from jam.errors import refuse
from jam.models import Cleared, Jam, User
from jam.roles import Right, may
from jam.words import folded

# Of each kind of texts the latest are looked at, and so much of each.
LATEST, LONGEST = 300, 2_000
# Shorter texts may well be the same.
LONG_ENOUGH = 25
_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_SELLING = re.compile(
    r"\b(?:casinos?|viagra|cialis|forex|backlinks?|seo services?|crypto (?:giveaway|signals)"
    r"|betting|escorts?|porn|loan offers?|payday loans?|followers for sale|cheap essays?"
    r"|buy (?:now|cheap)|t\.me/\S+|whatsapp\W{0,3}\+?\d{6,})\b",
    re.IGNORECASE,
)


class Sign(TextChoices):
    """What makes a text look like spam."""

    LINKS = "links", _("mostly addresses")
    SELLING = "selling", _("words of advertising")
    REPEATED = "repeated", _("the same words elsewhere")


class SpamRefusal(TextChoices):
    """Why someone may not look for spam, or clear something of it."""

    NOT_MODERATOR = "not_moderator", _("Only organizers and moderators may do that.")


@dataclass(frozen=True)
class Written:
    """Something that somebody wrote in a jam: the row, its words, and where it stands; by whom,
    where the reader may know."""

    target: Model
    kind: Any
    text: str
    by: User | None
    at: datetime
    url: str

    @property
    def key(self) -> tuple[str, str]:
        return self.target._meta.label_lower, str(self.target.pk)


@dataclass(frozen=True)
class Suspect:
    """Something written that bears signs of spam."""

    written: Written
    signs: tuple[Sign, ...]

    @property
    def key(self) -> str:
        """What a button posts."""
        return ":".join(self.written.key)


def spam_refusal(user: Any, jam: Jam) -> SpamRefusal | None:
    """Why `user` may not look for spam in `jam`."""
    return None if may(user, jam, Right.MODERATE) else SpamRefusal.NOT_MODERATOR


def suspects_of(jam: Jam, reader: parts.Reader) -> list[Suspect]:
    """What bears signs of spam among the latest that `reader` may see, the newest first, without
    what was cleared of it."""
    cleared = set(jam.cleared.values_list("target_type", "target_id"))
    every = [one for part in parts.all_parts() for one in part.written(jam, reader)]
    found = [
        Suspect(one, signs) for one, signs in with_signs(every) if signs and one.key not in cleared
    ]
    return sorted(found, key=lambda suspect: suspect.written.at, reverse=True)


def with_signs(every: Iterable[Written]) -> list[tuple[Written, tuple[Sign, ...]]]:
    """Texts with the signs of spam that each bears."""
    every = list(every)
    alike: dict[str, list[Written]] = defaultdict(list)
    for one in every:
        words = folded(one.text)
        if len(words) >= LONG_ENOUGH:
            alike[words].append(one)
    repeated = {one.key for same in alike.values() if len(same) > 1 for one in same}
    return [
        (one, (*signs_of(one.text), *([Sign.REPEATED] if one.key in repeated else [])))
        for one in every
    ]


def signs_of(text: str) -> list[Sign]:
    """The signs that a text bears by itself."""
    found = []
    if 3 * sum(map(len, _LINK.findall(text))) > len(text.strip()) > 0:
        found.append(Sign.LINKS)
    if _SELLING.search(text):
        found.append(Sign.SELLING)
    return found


@transaction.atomic
def clear(*, jam: Jam, suspect: Suspect, by: User, moment: datetime) -> None:
    """Note that something is no spam, so that it is not found again; twice is as once. Raises
    Refused."""
    refuse(spam_refusal(by, jam))
    kind, key = suspect.written.key
    row, is_new = Cleared.objects.get_or_create(
        jam=jam, target_type=kind, target_id=key, defaults={"by": by, "made_at": moment}
    )
    if is_new:
        # Not its words, which the log would outlive.
        log.record("found no spam in", row, by=by, jam=jam, moment=moment)
