"""Audiences: to whom something may be announced, by the parts of a jam."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from jam import parts
from jam.models import Jam, User
from jam.models.announcements import EVERYONE


@dataclass(frozen=True)
class Audience:
    """People to whom something is announced; `of` is the number of what it is about, where there
    are several of a `name`."""

    name: str
    label: Any
    of: int | None = None

    @property
    def key(self) -> str:
        return self.name if self.of is None else f"{self.name}-{self.of}"


def audiences_of(jam: Jam, by: User) -> list[Audience]:
    """All to whom `by` may announce something."""
    return [audience for part in parts.all_parts() for audience in part.audiences(jam, by)]


def people_in(jam: Jam, name: str, of: int | None, moment: datetime) -> QuerySet[User]:
    """The people of an audience as it is at `moment`; nobody where there is none of the name."""
    found = (part.people_in(jam, name, of, moment) for part in parts.all_parts())
    people = next((people for people in found if people is not None), User.objects.none())
    return people.filter(is_active=True)


def everyone(jam: Jam) -> QuerySet[User]:
    """Everybody who has to do with `jam`: takes part, made something, rates, runs a place."""
    involved = [Q(pk__in=people) for part in parts.all_parts() for people in part.involved(jam)]
    return User.objects.filter(reduce(or_, involved))


def announced_to(jam: Jam, user: Any, moment: datetime) -> Q:
    """A filter for announcements of `jam` that go to `user`, or to everybody."""
    asked = []
    if user.is_authenticated:
        asked = [part.announced_to(jam, user, moment) for part in parts.all_parts()]
    return reduce(or_, [q for q in asked if q is not None], Q(audience=EVERYONE))
