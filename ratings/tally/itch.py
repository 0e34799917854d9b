"""The rule `itch`, of the games jams: the mean, marked down below the median number of ratings.

``score = raw · sqrt(min(n, m) / m)``, with m the median number of ratings over all submissions.
Source: the administrator of itch.io, in jam/gmtk-2019/topic/531516 and post/8993133.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from fractions import Fraction

from ratings.tally.table import Column, Line, Ranking, Table, exact_keys


def median(counts: Sequence[int]) -> Fraction:
    """The ordinary median, with halves; 0 of nothing."""
    return Fraction(statistics.median(map(int, counts))) if len(counts) else Fraction(0)


def rankings(table: Table, m: Fraction | int | None = None, least: int = 1) -> list[Ranking]:
    """The standings on each criterion, then overall.

    `m` is for published tables that leave the unrated out; else it is each criterion's own median.
    Below `least` ratings there is no rank; without any rating there is no score either.
    """
    return [ranked(column, m, least) for column in table.columns]


def ranked(column: Column, m: Fraction | int | None, least: int) -> Ranking:
    """A column's standings. Ranks order the exact square of the score, with its sign, so that ties
    are ties."""
    middle = median(column.counts) if m is None else Fraction(m)
    # The square of the factor is share / full: min(n, m) / m, or 1 where m is 0.
    full = middle.numerator or 1
    shares = [min(n * middle.denominator, full) if middle else full for n in column.counts]
    scores = [
        None if raw is None else raw * math.sqrt(share / full)
        for raw, share in zip(column.raw, shares, strict=True)
    ]
    squares = [top * abs(top) * share for top, share in zip(column.tops, shares, strict=True)]
    keys = exact_keys(squares, [bottom**2 for bottom in column.bottoms])
    return column.ranked(scores, keys, least)


def standings(table: Table, m: Fraction | int | None = None, least: int = 1) -> list[Line]:
    """A line for each submission on each criterion, then overall."""
    return [line for ranking in rankings(table, m, least) for line in ranking.lines()]
