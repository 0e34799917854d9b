"""Making one of two accounts that belong to one person: what moves, what cannot, and doing it.

What moves is found from each part's list of its references to people; what the database would have
twice then, from its own constraints. It is planned whole before anything is written, so that what
is shown beforehand is what is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import (
    Exists,
    Model,
    OneToOneField,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    UniqueConstraint,
)
from django.utils.translation import gettext_lazy

from jam import caching, log, outbox, parts, services
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Ban, Jam, Message, Participation, User
from jam.trust import Moves


class MergeRefusal(TextChoices):
    """Why two accounts may not be merged."""

    NOT_OPERATOR = "not_operator", gettext_lazy("Only operators merge accounts.")
    SAME = "same", gettext_lazy("These are not two accounts, but one.")
    CLOSED = "closed", gettext_lazy("One of the two accounts is closed.")
    OPERATOR = (
        "operator",
        gettext_lazy("The other account runs this site. Keep that one, or end its rights first."),
    )
    BY_LINK = (
        "by_link",
        gettext_lazy("One of the two is a judge who came by a link and has no account."),
    )
    BANNED = (
        "banned",
        gettext_lazy(
            "One of the two is banned from a jam in which the other takes part. Its organizers "
            "decide about that first."
        ),
    )
    LEFT = (
        "left",
        gettext_lazy(
            "The account to keep has left a jam in which the other takes part. Keep the other "
            "account, or have them join again first."
        ),
    )


@dataclass
class Line:
    """How many things of a kind move, how many stay behind, and why those do."""

    label: Any
    moving: int = 0
    staying: int = 0
    reasons: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """What `moves` says, for two people: the keys of the rows that do, and how many do not."""

    moves: Moves
    keys: list[Any]
    staying: int


def merge_refusal(by: User, user: User, other: User, moment: datetime) -> TextChoices | None:
    """Why `by` may not merge the account `other` into that of `user`."""
    if not by.is_superuser:
        return MergeRefusal.NOT_OPERATOR
    if user.pk == other.pk:
        return MergeRefusal.SAME
    if not (user.is_active and other.is_active):
        return MergeRefusal.CLOSED
    if other.is_superuser:
        return MergeRefusal.OPERATOR
    if not (user.is_reachable and other.is_reachable):
        return MergeRefusal.BY_LINK
    active = Participation.objects.active()
    for banned, there in ((user, other), (other, user)):
        bans = Ban.objects.in_force().filter(user=banned)
        if active.filter(user=there, jam__in=bans.values("jam")).exists():
            return MergeRefusal.BANNED
    left = Participation.objects.filter(user=user, cancelled_at__isnull=False).values("jam")
    under_way = Jam.objects.under_way(moment).filter(pk__in=left)
    if active.filter(user=other, jam__in=under_way.order_by().values("pk")).exists():
        return MergeRefusal.LEFT
    return None


def notes(user: User, other: User) -> list[str]:
    """What else comes of it, in sentences."""
    return [note for part in parts.all_parts() for note in part.merge_notes(user, other)]


def plan(user: User, other: User) -> list[Step]:
    """What moves from `other` to `user`, and how much cannot."""
    steps = []
    for part in parts.all_parts():
        for each in part.belongings():
            if isinstance(each, Moves):
                rows = each.model._base_manager.filter(**{each.field: other.pk})
                keys = list(_free(rows, each, user, other).values_list("pk", flat=True))
                steps.append(Step(each, keys, rows.count() - len(keys)))
    return steps


def lines(steps: list[Step]) -> list[Line]:
    """What people read of a plan: what there is none of is left out."""
    found: dict[str, Line] = {}
    for step in steps:
        line = found.setdefault(str(step.moves.label), Line(step.moves.label))
        line.moving += len(step.keys)
        line.staying += step.staying
        if step.staying and step.moves.why not in line.reasons:
            line.reasons.append(step.moves.why)
    return [line for line in found.values() if line.moving or line.staying]


def _free(rows: QuerySet, moves: Moves, user: User, other: User) -> QuerySet:
    """Those of the `rows` of `other` that `user` may have as well."""
    for fields, condition in _unique_with(moves.model, moves.field):
        same = {name: OuterRef(name) for name in fields} | {moves.field: user.pk}
        twins = moves.model._base_manager.filter(condition, **same)
        rows = rows.exclude(condition & Q(Exists(twins)))
    return rows.exclude(moves.but(user, other)) if moves.but else rows


def _unique_with(model: type[Model], name: str) -> Iterator[tuple[list[str], Q]]:
    """With which other fields, and in which rows, `name` is unique."""
    if isinstance(model._meta.get_field(name), OneToOneField):
        yield [], Q()
    sets = [(fields, Q()) for fields in model._meta.unique_together]
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            sets.append((constraint.fields, constraint.condition or Q()))
    for fields, condition in sets:
        if name in fields:
            yield [other for other in fields if other != name], condition


@transaction.atomic
def merge(*, user: User, other: User, by: User, moment: datetime) -> None:
    """Give `user` what `other` has, as planned, and close the account of `other`, for good; both
    addresses are told. Raises Refused."""
    # In the order of their keys, so that two merges at once do not wait for each other; and not
    # against references, as in closing an account.
    keys = sorted({user.pk, other.pk})
    people = User.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    found = {person.pk: person for person in people}
    user, other = found[user.pk], found[other.pk]
    refuse(merge_refusal(by, user, other, moment))
    steps = plan(user, other)
    for step in steps:
        rows = step.moves.model._base_manager.filter(pk__in=step.keys)
        rows.update(**{step.moves.field: user.pk})
    User.objects.filter(pk=other.pk).update(merged_into=user)
    for part in parts.all_parts():
        part.people_merged(user, other, by, moment)
    _tell(user, other, moment)
    counts = {"moved": sum(len(step.keys) for step in steps),
              "left": sum(step.staying for step in steps)}  # fmt: skip
    for verb, whom, its in (
        ("took over an account", user, other),
        ("was merged into an account", other, user),
    ):
        log.record(verb, whom, by=by, after={"account": its.name_in_log, **counts}, moment=moment)
    services.close_account(user=other, by=by, moment=moment)
    caching.forget()


def _tell(user: User, other: User, moment: datetime) -> None:
    said = {"kept": user.email, "other": other.email}
    for person in (user, other):
        mail = outbox.post(
            user=person,
            key=f"merged:{other.pk}",
            subject=_("Your two accounts are one now"),
            paragraphs=[
                _("The account %(other)s is closed. What it had is in %(kept)s.") % said,
                _("You can sign in with either address, if it was confirmed. Tell the operators of "
                  "this site if this is not right."),
            ],
            moment=moment,
        )  # fmt: skip
        if mail is not None:
            # Mails of an account go with it.
            Message.objects.filter(pk=mail.pk).update(user=user)
