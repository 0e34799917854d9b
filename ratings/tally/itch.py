"""The rule `itch`, of the games jams: the mean, marked down below the median number of ratings.

``score = raw · sqrt(min(n, m) / m)``, with m the median number of ratings over all submissions.
Source: the administrator of itch.io, in jam/gmtk-2019/topic/531516 and post/8993133.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from ratings.tally.table import OVERALL, Line, Table, ranks


def median(counts: Sequence[int]) -> Fraction:
    """The ordinary median, with halves; 0 of nothing."""
    ordered = sorted(int(count) for count in counts)
    middle = len(ordered) // 2
    if not ordered:
        return Fraction(0)
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def factor_squared(n: int, m: Fraction) -> Fraction:
    """The square of the factor that marks down, exactly; 1 where m is 0."""
    return min(Fraction(n), m) / m if m else Fraction(1)


def standings(table: Table, m: Fraction | int | None = None, least: int = 1) -> list[Line]:
    """A line for each submission on each criterion, then overall.

    `m` is for published tables that leave the unrated out; else it is each criterion's own median.
    Below `least` ratings there is no rank; without any rating there is no score either. Ranks
    order the exact square of the score, so that ties are ties.
    """
    places = range(len(table.submissions))
    columns = [
        (criterion.key, table.counts[number], [table.mean(number, place) for place in places])
        for number, criterion in enumerate(table.criteria)
    ]
    columns.append((OVERALL, table.ratings, [table.overall(place) for place in places]))
    lines = []
    for key, counts, means in columns:
        middle = median(counts) if m is None else Fraction(m)
        squares = [factor_squared(int(n), middle) for n in counts]
        keys = [
            mean * mean * square if mean is not None and n >= least else None
            for mean, square, n in zip(means, squares, counts, strict=True)
        ]
        for place, rank in enumerate(ranks(keys)):
            raw = score = None
            if means[place] is not None:
                raw = float(means[place])
                score = raw * math.sqrt(squares[place])
            lines.append(Line(table.submissions[place], key, int(counts[place]), raw, score, rank))
    return lines
