"""Numbers of a jam as drawings: bars, and lines that grow. Drawn for whoever sees no colour, with
the table behind each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# In units of a drawing, which are pixels where there is room.
WIDTH, HEIGHT = 420, 210
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 14, 30
# So many lines a table has at most, without those between.
MOST_ROWS = 16
# How lines are dashed, the one of the jam itself first.
DASHES = ("", "7 4", "2 4", "11 4 2 4")


@dataclass(frozen=True)
class Bar:
    """A number as a part of another, which the whole bar stands for."""

    label: Any
    value: int
    whole: int
    note: Any = ""
    url: str = ""

    @property
    def percent(self) -> int:
        """How much of the bar is filled; more than the whole is the whole."""
        return min(round(100 * self.value / self.whole), 100) if self.whole else 0


@dataclass(frozen=True)
class Bars:
    """A table whose numbers are drawn beside them."""

    name: str
    title: Any
    head: tuple[Any, Any]
    bars: tuple[Bar, ...]
    note: Any = ""
    # Whether each bar is a part of a whole of its own, which is told.
    of_whole: bool = False
    template: str = "jam/charts/bars.html"


@dataclass(frozen=True)
class Growth:
    """A count that grows: what it came to at each `x`, as far as it has come."""

    label: str
    steps: tuple[tuple[int, int], ...]

    @property
    def last(self) -> int:
        return self.steps[-1][1]

    def at(self, x: int) -> int | None:
        """What it had come to at `x`; None before it began, and beyond where it is known."""
        if not self.steps[0][0] <= x <= self.steps[-1][0]:
            return None
        return next(total for step, total in reversed(self.steps) if step <= x)


def growth(label: str, counts: Mapping[int, int], first: int, last: int) -> Growth:
    """The count of what came at each x of `counts`, from `first` to `last`. What came earlier or
    later is counted at the ends."""
    steps = {first: 0, last: 0}
    for x, count in counts.items():
        place = min(max(x, first), last)
        steps[place] = steps.get(place, 0) + count
    total, found = 0, []
    for x in sorted(steps):
        total += steps[x]
        found.append((x, total))
    return Growth(label, tuple(found))


@dataclass(frozen=True)
class Line:
    """A growth drawn."""

    label: str
    path: str
    dash: str
    total: int
    end: tuple[float, float]


@dataclass(frozen=True)
class Lines:
    """Growths in one drawing: all that its template prints."""

    name: str
    title: Any
    head: Any
    lines: tuple[Line, ...]
    ups: tuple[tuple[float, int], ...]
    alongs: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    summary: Any
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM
    template: str = "jam/charts/lines.html"


def lines(
    name: str,
    title: Any,
    growths: Sequence[Growth],
    *,
    first: int,
    last: int,
    head: Any,
    summary: Any = "",
) -> Lines:
    """Growths from `first` to `last` as a drawing; `head` says what x is."""
    top = nice(max(growth.last for growth in growths))
    across = (WIDTH - RIGHT - LEFT) / max(last - first, 1)
    up = (HEIGHT - BOTTOM - TOP) / top

    def placed(x: int, total: int) -> tuple[float, float]:
        return round(LEFT + (x - first) * across, 1), round(HEIGHT - BOTTOM - total * up, 1)

    drawn = []
    for growth, dash in zip(growths, DASHES, strict=False):
        (x, y), *rest = [placed(*step) for step in growth.steps]
        path = f"M{x:g} {y:g}" + "".join(f"H{right:g}V{high:g}" for right, high in rest)
        drawn.append(Line(growth.label, path, dash, growth.last, placed(*growth.steps[-1])))
    ticks = spread(first, last, 4)
    return Lines(
        name,
        title,
        head,
        tuple(drawn),
        tuple((placed(first, total)[1], total) for total in (0, top // 2, top)),
        tuple((placed(x, 0)[0], signed(x)) for x in ticks),
        tuple(
            (signed(x), tuple(growth.at(x) for growth in growths))
            # Among them where the first one stands now.
            for x in sorted({*spread(first, last, MOST_ROWS), growths[0].steps[-1][0]})
        ),
        summary,
    )


def signed(x: int) -> str:
    """A whole number as it is printed, with a minus that is one."""
    return f"{x}".replace("-", "−")


def nice(most: int) -> int:
    """The top of an axis: an even number that is easy to read, `most` or above."""
    if most <= 2:
        return 2
    unit = 10 ** math.floor(math.log10(most))
    return next(
        top for step in (1, 2, 4, 6, 8, 10) if (top := step * unit) >= most and top % 2 == 0
    )


def spread(first: int, last: int, most: int) -> list[int]:
    """At most so many whole numbers from `first` to `last`, evenly apart, and both of these."""
    step = max(math.ceil((last - first) / max(most - 1, 1)), 1)
    found = list(range(first, last + 1, step))
    if found[-1] != last:
        # Too near to the last one to stand beside it.
        if len(found) > 1 and last - found[-1] < step / 2 or len(found) == most:
            found.pop()
        found.append(last)
    return found
