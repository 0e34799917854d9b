"""What parts say of trust: roles of their own, what the log hides from whom, what is kept of
people and when it is forgotten, and what moves when two accounts are made one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from jam.models import Jam, User


class Period(TextChoices):
    """What is forgotten so many days after the results, as each jam has it."""

    ANSWERS = "answers", _("answers at sign-up")
    ATTENDANCE = "attendance", _("lists of who came to local sites")
    CONTACTS = "contacts", _("how people and places were reached")


@dataclass(frozen=True)
class Kept:
    """Something that is kept of people, and why; `until` is the period at whose end it is
    forgotten, or None where it stays."""

    what: Any
    why: Any
    until: Period | None = None


@dataclass(frozen=True)
class Moves:
    """Rows that name a person in `field`, and go along when their account is merged into another,
    save those that the database would have twice then, and those that `but` finds of the account
    to keep and the other one. `why` says of what is left behind why that is."""

    model: type[Model]
    field: str
    label: Any
    why: Any = ""
    but: Callable[[User, User], Q] | None = None


@dataclass(frozen=True)
class Stays:
    """Rows that name a person in `field` and stay with their account when it is merged into
    another; `why` is for whoever reads the code."""

    model: type[Model]
    field: str
    why: str


class Trust:
    """What one app has to say of it."""

    def role_refusal(self, jam: Jam, role: str, moment: datetime) -> TextChoices | None:
        """Why nobody may be given `role` now, where it is one of this part."""
        return None

    def role_given(self, jam: Jam, user: User, role: str, by: User, moment: datetime) -> None:
        """Write down that `user` has `role`, where it is one of this part, and log it; in the same
        transaction. Twice is as once."""

    def acts_hidden(self, user: User, moment: datetime) -> Q | None:
        """A filter for lines of the log that `user`, whichever jams they run, is not to see; None
        if there are none such."""
        return None

    def kept(self) -> list[Kept]:
        """What this part keeps of people."""
        return []

    def forget(self, jam: Jam, period: Period, moment: datetime) -> int:
        """Delete, or make anonymous, what is to be forgotten of `jam` now that `period` has ended,
        in one transaction with the log; how many rows. Asked again and again."""
        return 0

    def belongings(self) -> list[Moves | Stays]:
        """Every reference of this part to a person, and what becomes of it when two accounts of one
        person are merged."""
        return []

    def merge_notes(self, user: User, other: User) -> list[str]:
        """What else comes of merging the account `other` into that of `user`, to be read before."""
        return []

    def people_merged(self, user: User, other: User, by: User, moment: datetime) -> None:
        """What moves has moved from `other` to `user`: do what else belongs to it, in the same
        transaction, before the account of `other` is closed."""
