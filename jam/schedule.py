"""What happens when: a jam's schedule, the jam's own deadlines among it, by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Jam, ScheduleItem
from jam.timeline import BOUNDARIES, Boundary


@dataclass
class Entry:
    """A line of the schedule: an item, or a boundary of the jam where `item` is None."""

    starts_at: datetime
    title: Any
    kind: Any
    window: timeline.Window
    item: ScheduleItem | None = None
    # "over", "now", "next" or "later".
    state: str = "later"


def untold_boundaries(jam: Jam, items: Iterable[ScheduleItem]) -> list[Boundary]:
    """The boundaries of `jam` that no deadline among `items` tells of in the organizers' words."""
    told = {item.starts_at for item in items if item.kind == ScheduleItem.Kind.DEADLINE}
    return [boundary for boundary in BOUNDARIES if getattr(jam, boundary.field) not in told]


def entries_of(jam: Jam, items: Sequence[ScheduleItem], moment: datetime) -> list[Entry]:
    """The schedule and the boundaries of `jam` in order."""
    entries = [
        Entry(item.starts_at, item.title, item.get_kind_display(), item.window, item)
        for item in items
    ]
    for boundary in untold_boundaries(jam, items):
        at = getattr(jam, boundary.field)
        entries.append(Entry(at, boundary.label, _("deadline"), timeline.Window(at, at)))
    entries.sort(key=lambda entry: entry.starts_at)
    upcoming = [entry for entry in entries if entry.window.is_before(moment)]
    for entry in entries:
        if moment in entry.window:
            entry.state = "now"
        elif entry.window.is_over(moment):
            entry.state = "over"
        elif entry.starts_at == upcoming[0].starts_at:
            entry.state = "next"
    return entries


def by_day(entries: Iterable[Entry]) -> list[tuple[date, list[Entry]]]:
    """The entries by day, in the current time zone."""
    days: dict[date, list[Entry]] = {}
    for entry in entries:
        days.setdefault(timezone.localdate(entry.starts_at), []).append(entry)
    return list(days.items())
