"""Standings as a drawing: a dot for each score, a line for where it lies with 90 %."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.showing import shown

# In units of the drawing, which are pixels where there is room.
HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 300, 34, 10, 34, 10
WIDTH, NARROWEST, WIDEST = 1000, 5.4, 72.0
# Dots, and smaller ones where they stand close.
DOT, SMALL_DOT, CLOSE = 3.5, 2.5, 8.0
# A band so narrow has no words in it.
WORDS = 26


@dataclass(frozen=True)
class Standing:
    """What the drawing wants of a submission; the ends are None where there is no interval."""

    rank: int
    title: str
    url: str
    score: float
    low: float | None = None
    high: float | None = None
    # The first place of its group, if that is told.
    level: int | None = None
    judges: float | None = None


@dataclass(frozen=True)
class Mark:
    """A standing drawn: its dot, the ends of its line, what is told of it."""

    x: float
    y: float
    top: float
    bottom: float
    url: str
    label: str
    is_first: bool
    judges_y: float | None


@dataclass(frozen=True)
class Band:
    """A group that cannot be told apart, drawn behind its marks."""

    x: float
    width: float
    words: str
    is_odd: bool


@dataclass(frozen=True)
class Plot:
    """A drawing: all that its template prints."""

    width: int
    height: int
    left: int
    top: int
    floor: int
    right: float
    step: float
    dot: float
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Scale:
    """From scores to heights, or widths: `low` is drawn at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, score: float) -> float:
        share = (score - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def ends_of(standings: Sequence[Standing]) -> tuple[float, float]:
    """From half a star to half a star, or from star to star where they lie far apart, so that
    everything is between."""
    values = [
        value
        for s in standings
        for value in (s.score, s.low, s.high, s.judges)
        if value is not None
    ]
    parts = 1 if max(values) - min(values) > 2 else 2
    low, high = math.floor(parts * min(values)) / parts, math.ceil(parts * max(values)) / parts
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def plot_of(standings: Sequence[Standing]) -> Plot | None:
    """The drawing of ranked standings, in their order; None of nothing."""
    if not standings:
        return None
    low, high = ends_of(standings)
    height = Scale(low, high, HEIGHT - BOTTOM, TOP)
    step = round(min(max(WIDTH / len(standings), NARROWEST), WIDEST), 2)
    marks = []
    for place, s in enumerate(standings):
        y = height(s.score)
        marks.append(
            Mark(
                x=round(LEFT + (place + 0.5) * step, 1),
                y=y,
                top=y if s.high is None else height(s.high),
                bottom=y if s.low is None else height(s.low),
                url=s.url,
                label=label_of(s),
                is_first=s.rank == 1,
                judges_y=None if s.judges is None else height(s.judges),
            )
        )
    tick = 0.5 if high - low <= 3 else 1.0
    count = int((high - low) / tick)
    return Plot(
        width=math.ceil(LEFT + step * len(standings) + RIGHT),
        height=HEIGHT,
        left=LEFT,
        top=TOP,
        floor=HEIGHT - BOTTOM,
        right=round(LEFT + step * len(standings), 1),
        step=step,
        dot=DOT if step >= CLOSE else SMALL_DOT,
        ticks=tuple((height(low + n * tick), f"{low + n * tick:g}") for n in range(count + 1)),
        marks=tuple(marks),
        bands=tuple(bands_of(standings, step)),
    )


def label_of(standing: Standing) -> str:
    """A standing in words, for a tooltip and for screen readers."""
    words = _("Place %(rank)s: %(title)s, %(score)s") % {
        "rank": standing.rank, "title": standing.title, "score": shown(standing.score)
    }  # fmt: skip
    if standing.low is not None:
        words += _(", between %(low)s and %(high)s") % {
            "low": shown(standing.low), "high": shown(standing.high)
        }  # fmt: skip
    if standing.judges is not None:
        words += _(", judges %(mean)s") % {"mean": shown(standing.judges)}
    return words


def bands_of(standings: Sequence[Standing], step: float) -> list[Band]:
    """The groups that cannot be told apart, of two or more."""
    bands, start = [], 0
    for number, (level, group) in enumerate(groupby(standings, key=lambda s: s.level)):
        members = list(group)
        width = step * len(members)
        if level is not None and len(members) > 1:
            words = f"{members[0].rank}–{members[-1].rank}" if width >= WORDS else ""
            x = round(LEFT + start * step, 1)
            bands.append(Band(x, round(width, 1), words, bool(number % 2)))
        start += len(members)
    return bands


def level_in_words(first: int, last: int, count: int) -> str:
    """That places cannot be told apart."""
    if first == last:
        return ngettext(
            "%(count)s shares place %(first)s", "%(count)s share place %(first)s", count
        ) % {"count": count, "first": first}
    return _("Places %(first)s–%(last)s are within error") % {"first": first, "last": last}
