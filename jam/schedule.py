"""What happens when: a schedule, the jam's own instants among it, by day and as a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from jam.models.schedule import Change, Happening
from jam.timeline import BOUNDARIES, Boundary, Window

DEADLINE, MILESTONE = _("deadline"), _("the jam")


@dataclass
class Entry:
    """A line of a schedule: an item, or a boundary of the jam where `item` is None."""

    uid: str
    title: Any
    kind: Any
    window: Window
    item: Happening | None = None
    # "over", "now", "next", "later" or "cancelled".
    state: str = "later"
    moved_from: datetime | None = None
    # The local site that it is at, if not for the whole jam.
    site: Any = None
    may_change: bool = False

    @property
    def starts_at(self) -> datetime:
        return self.window.opens_at

    @property
    def ends_at(self) -> datetime | None:
        return self.item.ends_at if self.item else None

    @property
    def edit_path(self) -> str:
        return self.item.path_to("edit")

    @property
    def cancel_path(self) -> str:
        return self.item.path_to("cancel")

    @property
    def bring_back_path(self) -> str:
        return self.item.path_to("bring_back")

    @property
    def is_live(self) -> bool:
        return self.state == "now" and bool(self.item and self.item.stream_url)

    @property
    def shows_stream(self) -> bool:
        """What is over, or does not take place, is not to be watched live."""
        return bool(self.item and self.item.stream_url) and self.state in ("now", "next", "later")


@dataclass(frozen=True)
class Zone:
    """A time zone to show a schedule in, by what stands in the address."""

    key: str
    label: Any
    info: ZoneInfo


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def known_zone(name: str) -> ZoneInfo | None:
    """The zone of this name of the time zone database."""
    return ZoneInfo(name) if name in _known_zones() else None


def untold_boundaries(jam: Jam, items: Iterable[Happening]) -> list[Boundary]:
    """The boundaries of `jam` that no deadline among `items` tells of in the organizers' words."""
    told = {item.starts_at for item in items if item.is_deadline and not item.is_cancelled}
    return [boundary for boundary in BOUNDARIES if getattr(jam, boundary.field) not in told]


def entries_of(
    jam: Jam,
    items: Sequence[Happening],
    moment: datetime,
    changes: Iterable[Change] = (),
) -> list[Entry]:
    """The schedule and the boundaries of `jam` in order; what `changes` of the last day moved says
    from when."""
    entries = [
        Entry(item.uid, item.title, item.get_kind_display(), item.window, item) for item in items
    ]
    for boundary in untold_boundaries(jam, items):
        at = getattr(jam, boundary.field)
        kind = DEADLINE if boundary.is_deadline else MILESTONE
        entries.append(Entry(boundary.field, boundary.label, kind, Window(at, at)))
    entries.sort(key=lambda entry: entry.starts_at)
    before: dict[str, datetime] = {}
    for change in changes:
        before.setdefault(change.of, change.was_at)
    coming: datetime | None = None
    for entry in entries:
        was_at = before.get(entry.uid, entry.starts_at)
        entry.moved_from = was_at if was_at != entry.starts_at else None
        if entry.item and entry.item.is_cancelled:
            entry.state = "cancelled"
        elif moment in entry.window:
            entry.state = "now"
        elif entry.window.is_over(moment):
            entry.state = "over"
        elif entry.starts_at == (coming := coming or entry.starts_at):
            entry.state = "next"
    return entries


def by_day(entries: Iterable[Entry], zone: ZoneInfo) -> list[tuple[date, list[Entry]]]:
    """The entries by day, in `zone`."""
    days: dict[date, list[Entry]] = {}
    for entry in entries:
        days.setdefault(entry.starts_at.astimezone(zone).date(), []).append(entry)
    return list(days.items())


# -- as a calendar -------------------------------------------------------------------------------

# A row is half an hour. What is shorter, or an instant, is drawn an hour high, to be read.
ROWS_A_DAY = 48
SHORTEST = 2
# Side by side in one day; what does not fit is counted.
LANES = 4


@dataclass
class Block:
    """An entry in one day of a calendar, or the part of it in that day; rows count from 1."""

    entry: Entry
    row: int
    span: int
    lane: int = 1
    wide: int = 1
    goes_on: bool = False


@dataclass
class Column:
    """A day of a calendar."""

    day: date
    blocks: list[Block] = field(default_factory=list)
    lanes: int = 1
    more: int = 0
    is_today: bool = False


@dataclass(frozen=True)
class Grid:
    """Days side by side, from the first hour that is in use to the last."""

    columns: list[Column]
    hours: list[str]
    rows: int

    @property
    def first(self) -> date:
        return self.columns[0].day

    @property
    def last(self) -> date:
        return self.columns[-1].day

    @property
    def earlier(self) -> date:
        return self.first - timedelta(days=len(self.columns))

    @property
    def later(self) -> date:
        return self.last + timedelta(days=1)


def grid_of(
    entries: Iterable[Entry], first: date, days: int, zone: ZoneInfo, moment: datetime
) -> Grid:
    """The entries that fall into the `days` from `first`, by the clock of `zone`. On the days on
    which clocks change it goes by what they show."""
    entries = list(entries)
    columns = [Column(first + timedelta(days=n)) for n in range(days)]
    for column in columns:
        column.is_today = column.day == moment.astimezone(zone).date()
        for entry in entries:
            if block := _block(entry, column.day, zone):
                column.blocks.append(block)
    blocks = [block for column in columns for block in column.blocks]
    top = min((block.row for block in blocks), default=18) // 2 * 2
    bottom = max((block.row + block.span for block in blocks), default=36)
    bottom += bottom % 2
    for column in columns:
        _into_lanes(column)
        for block in column.blocks:
            block.row += 1 - top
    hours = [f"{hour:02d}:00" for hour in range(top // 2, bottom // 2)]
    return Grid(columns, hours, bottom - top)


def _block(entry: Entry, day: date, zone: ZoneInfo) -> Block | None:
    """The part of `entry` that falls into `day`; rows count from 0, at midnight."""
    start = entry.starts_at.astimezone(zone)
    end = (entry.ends_at or entry.starts_at).astimezone(zone)
    if not start.date() <= day <= end.date():
        return None
    row = _row(start) if start.date() == day else 0
    # Midnight belongs to the day that it ends.
    if end.date() == day and start.date() != day and _row(end, up=True) == 0:
        return None
    until = _row(end, up=True) if end.date() == day else ROWS_A_DAY
    row = min(row, ROWS_A_DAY - SHORTEST)
    return Block(entry, row, max(until - row, SHORTEST), goes_on=start.date() != day)


def _row(at: datetime, up: bool = False) -> int:
    minutes = at.hour * 60 + at.minute
    return -(-minutes // 30) if up else minutes // 30


def _into_lanes(column: Column) -> None:
    ends: list[int] = []
    shown = []
    for block in sorted(column.blocks, key=lambda block: (block.row, -block.span)):
        free = [n for n, end in enumerate(ends) if end <= block.row]
        if not free and len(ends) == LANES:
            column.more += 1
            continue
        lane = free[0] if free else len(ends)
        ends[lane : lane + 1] = [block.row + block.span]
        block.lane = lane + 1
        shown.append(block)
    column.blocks, column.lanes = shown, max(len(ends), 1)
    for block in shown:
        beside = [other.lane for other in shown if other.lane > block.lane and _meet(block, other)]
        block.wide = min(beside, default=column.lanes + 1) - block.lane


def _meet(one: Block, other: Block) -> bool:
    return one.row < other.row + other.span and other.row < one.row + one.span


def day_to_show(entries: Sequence[Entry], zone: ZoneInfo, moment: datetime) -> date:
    """Where to open a calendar: today, while the jam lasts, else at the first or the last day."""
    days = [entry.starts_at.astimezone(zone).date() for entry in entries]
    today = moment.astimezone(zone).date()
    return min(max(today, min(days)), max(days)) if days else today


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
