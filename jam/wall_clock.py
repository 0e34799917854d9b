"""Time by the clock on the wall, for planning: a day later it is the same hour, though clocks may
have changed in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from jam.timeline import BOUNDARIES, HasTimes


def later_by_the_clock(at: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """`at` and `by` later as the clock of `zone` shows it: three days after ten it is ten, though
    clocks have changed in between. What is less than a day is time that passes."""
    if by < timedelta(days=1):
        return at + by
    return _on_the_wall(_wall(at, zone) + by, zone)


def gaps_of(jam: HasTimes, zone: ZoneInfo) -> tuple[timedelta, ...]:
    """How far apart the instants of `jam` lie, for `later_by_the_clock`."""
    instants = [getattr(jam, boundary.field) for boundary in BOUNDARIES]
    gaps = []
    for earlier, later in zip(instants, instants[1:], strict=False):
        by_the_clock = _wall(later, zone) - _wall(earlier, zone)
        is_short = min(by_the_clock, later - earlier) < timedelta(days=1)
        gaps.append(later - earlier if is_short else by_the_clock)
    return tuple(gaps)


def again_after(jam: HasTimes, zone: ZoneInfo, moment: datetime) -> datetime:
    """A start for a jam like `jam`, which is thought of at `moment`: on the same day of the week at
    the same hour, four weeks ahead or more."""
    start = _wall(jam.starts_at, zone)
    earliest = _wall(moment, zone) + timedelta(days=28)
    weeks = max(-((start - earliest) // timedelta(weeks=1)), 0)
    return _on_the_wall(start + timedelta(weeks=weeks), zone)


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _on_the_wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.replace(tzinfo=zone, fold=0).astimezone(UTC)


@dataclass(frozen=True)
class Shift:
    """Moves what was planned for one jam to where it lies in another, by the clock on the wall:
    what began at ten in the zone of the one begins at ten in that of the other."""

    by: timedelta
    before: ZoneInfo
    after: ZoneInfo

    @classmethod
    def between(cls, old: datetime, before: ZoneInfo, new: datetime, after: ZoneInfo) -> Shift:
        """The shift that has what was `old`, by the clock of `before`, be `new` by `after`'s."""
        return cls(_wall(new, after) - _wall(old, before), before, after)

    def moved(self, at: datetime, zone: ZoneInfo | None = None) -> datetime:
        """`at`, moved; with `zone`, what keeps to a clock of its own."""
        return _on_the_wall(_wall(at, zone or self.before) + self.by, zone or self.after)

    def stretch(
        self, opens: datetime | None, closes: datetime | None, zone: ZoneInfo | None = None
    ) -> tuple[datetime | None, datetime | None]:
        """The two, moved; the second stays after the first, whatever clocks do in between."""
        begin = opens and self.moved(opens, zone)
        end = closes and self.moved(closes, zone)
        if begin and end and end <= begin:
            end = begin + (closes - opens)
        return begin, end
