"""Changing a schedule, a jam's or a local site's alike.

Every change has calendar programs hear of it (`sequence`). What people have to know, that
something was moved, cancelled or brought back, is noted as a `Change`, which pages show for a day
and `jam.schedule_news` mails.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from jam import caching, log, meanwhile
from jam.errors import refuse
from jam.meanwhile import Seen
from jam.models import Jam, ScheduleChange, ScheduleItem, User
from jam.models.schedule import Happening
from jam.permissions import (
    ScheduleRefusal,
    bring_back_item_refusal,
    cancel_item_refusal,
    change_item_refusal,
)

# Of one jam or one local site.
MOST_ITEMS = 400
# What those who come are told of.
_TOLD = ("starts_at", "ends_at", "place")


@transaction.atomic
def add(*, item: Happening, by: User, moment: datetime) -> Happening:
    """Put an item that is not saved yet into the schedule of its owner. Raises Refused."""
    # Two at once count one after the other.
    owner = item.owner
    type(owner).objects.select_for_update().get(pk=owner.pk)
    refuse(change_item_refusal(by, item))
    if owner.schedule.count() >= MOST_ITEMS:
        refuse(ScheduleRefusal.FULL)
    item.save(force_insert=True)
    caching.forget()
    log.record("added", item, by=by, jam=item.of_jam(), after=_told(item), moment=moment)
    return item


@transaction.atomic
def change(
    *, item: Happening, by: User, fields: dict[str, Any], seen: Seen | None = None, moment: datetime
) -> Happening:
    """Change what is said of an item; `fields` holds valid values. Raises Refused, and Changed
    unless it is as it was `seen`."""
    item = _locked(item)
    refuse(change_item_refusal(by, item))
    changed = {name: value for name, value in fields.items() if getattr(item, name) != value}
    if not changed:
        return item
    meanwhile.check(seen, meanwhile.of_row(item))
    before = {name: str(getattr(item, name)) for name in changed}
    if changed.keys() & set(_TOLD):
        _note(item, moment)
    for name, value in changed.items():
        setattr(item, name, value)
    _save(item, *changed)
    after = {name: str(value) for name, value in changed.items()}
    log.record("changed", item, by=by, jam=item.of_jam(), before=before, after=after, moment=moment)
    return item


@transaction.atomic
def cancel(*, item: Happening, by: User, reason: str, moment: datetime) -> Happening:
    """Say that an item does not take place. It stays in the schedule. Raises Refused."""
    item = _locked(item)
    refuse(cancel_item_refusal(by, item, reason))
    _note(item, moment)
    item.cancelled_at, item.cancel_reason = moment, reason.strip()
    _save(item, "cancelled_at", "cancel_reason")
    log.record("cancelled", item, by=by, jam=item.of_jam(), reason=reason.strip(), moment=moment)
    return item


@transaction.atomic
def bring_back(*, item: Happening, by: User, moment: datetime) -> Happening:
    """Have an item that was cancelled take place after all. Raises Refused."""
    item = _locked(item)
    refuse(bring_back_item_refusal(by, item))
    _note(item, moment)
    item.cancelled_at, item.cancel_reason = None, ""
    _save(item, "cancelled_at", "cancel_reason")
    log.record("brought back", item, by=by, jam=item.of_jam(), moment=moment)
    return item


@transaction.atomic
def boundaries_moved(*, jam: Jam, before: dict[str, datetime], moment: datetime) -> None:
    """Note that instants of `jam`, which has been saved, lay elsewhere `before` (by field).
    Deadlines in the schedule that told of them go along."""
    moved = {name: at for name, at in before.items() if at != getattr(jam, name)}
    if not (moved and jam.is_published):
        return
    ScheduleChange.objects.bulk_create(
        ScheduleChange(jam=jam, boundary=name, was_at=at, made_at=moment)
        for name, at in moved.items()
    )
    for name, at in moved.items():
        telling = jam.schedule.taking_place().filter(
            kind=ScheduleItem.Kind.DEADLINE, starts_at=at, ends_at=None
        )
        for item in telling.select_for_update():
            # The boundary is what the mail tells of.
            item.starts_at = getattr(jam, name)
            _save(item, "starts_at")
    caching.forget()


def _locked(item: Happening) -> Happening:
    """The item as it is now, locked, with the owner that has been loaded with it."""
    found = type(item).objects.select_for_update().get(pk=item.pk)
    setattr(found, item.owner_field, item.owner)
    return found


def _save(item: Happening, *names: str) -> None:
    item.sequence += 1
    item.save(update_fields=[*names, "sequence", "changed_at"])
    caching.forget()


def _told(item: Happening) -> dict[str, str]:
    return {name: str(getattr(item, name)) for name in ("title", *_TOLD)}


def _note(item: Happening, moment: datetime) -> None:
    """Keep how an item stands before it is changed, where anybody can have seen it."""
    if item.of_jam().is_published:
        item.changes.create(
            **{item.owner_field: item.owner},
            was_at=item.starts_at,
            was_until=item.ends_at,
            was_place=item.place,
            was_cancelled=item.is_cancelled,
            made_at=moment,
        )
