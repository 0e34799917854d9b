"""Rows that are set up with a jam: its rules, of which it has one each, and its lists, in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, TextChoices

from jam import caching, log, meanwhile
from jam.errors import refuse
from jam.meanwhile import Seen
from jam.models import Jam, User
from jam.permissions import SetUpRefusal, set_up_refusal
from jam.set_up import values_of

# Why rows of a kind may not be changed at a moment, by whomever.
WhyNot = Callable[[Jam, datetime], TextChoices | None]


def always(jam: Jam, moment: datetime) -> TextChoices | None:
    """For rows that may be changed whenever it is."""
    return None


@transaction.atomic
def change(
    *, jam: Jam, row: Model, said: dict[str, Any], seen: Seen | None = None, by: User,
    why_not: WhyNot = always, moment: datetime,
) -> None:  # fmt: skip
    """Have the one `row` of its kind that `jam` has, or is to have, say what is `said` by field,
    all of it valid. Raises Refused, and Changed unless it is as it was `seen`."""
    jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    refuse(set_up_refusal(by, jam))
    row = type(row).objects.filter(jam=jam).first() or type(row)(jam=jam)
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    if not changed:
        return
    refuse(why_not(jam, moment))
    meanwhile.check(seen, meanwhile.of_row(row))
    before = {name: getattr(row, name) for name in changed}
    for name in changed:
        setattr(row, name, said[name])
    row.save()
    caching.forget()
    log.record("changed", row, by=by, jam=jam, before=before,
               after={name: said[name] for name in changed}, moment=moment)  # fmt: skip


def change_list(
    *, jam: Jam, rows: list[Model], gone: list[Model], seen: Seen | None = None, by: User,
    why_not: WhyNot = always, moment: datetime,
) -> None:  # fmt: skip
    """Have a list of `jam` hold `rows`, all of them valid, in this order; those that are `gone` are
    deleted. Raises Refused, and Changed unless the list is as it was `seen`."""
    try:
        with transaction.atomic():
            _change_list(jam, rows, gone, seen, by, why_not, moment)
    except ProtectedError:
        refuse(SetUpRefusal.IN_USE)
    except IntegrityError:
        refuse(SetUpRefusal.ALIKE)


def _change_list(
    jam: Jam, rows: list[Model], gone: list[Model], seen: Seen | None, by: User, why_not: WhyNot,
    moment: datetime,
) -> None:  # fmt: skip
    jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    refuse(set_up_refusal(by, jam))
    model = type((rows or gone)[0]) if rows or gone else None
    if model is None:
        return
    stored = list(model.objects.filter(jam=jam))
    there = {row.pk: values_of(row) for row in stored}
    acts: list[tuple[str, Model, dict, dict]] = []
    for row in gone:
        if row.pk in there:
            acts.append(("removed", row, _plain(there[row.pk]), {}))
    for order, row in enumerate(rows):
        row.jam, row.order = jam, order
        now = values_of(row)
        if row.pk is None:
            acts.append(("added", row, {}, _plain(now)))
        elif row.pk in there and (changed := _unlike(there[row.pk], now)):
            before = {name: there[row.pk][name] for name in changed}
            acts.append(("changed", row, before, {name: now[name] for name in changed}))
    if acts:
        refuse(why_not(jam, moment))
        meanwhile.check(seen, meanwhile.of_list(stored))
    for verb, row, before, after in acts:
        if verb == "removed":
            log.record(verb, row, by=by, jam=jam, before=before, moment=moment)
            row.delete()
            continue
        row.save()
        log.record(verb, row, by=by, jam=jam, before=before, after=after, moment=moment)
    caching.forget()


def _unlike(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return [name for name, value in now.items() if before[name] != value]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """What the log keeps of a whole row: what it says, not where it belongs."""
    return {name: value for name, value in values.items() if name != "jam_id" and value != ""}
