"""The counted scores of a jam, added up exactly, and what all rules do with them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import chain

import numpy as np

OVERALL = "overall"
THREE_DECIMALS = Decimal("0.001")
NOT_APPLICABLE = 0
STARS = {None: NOT_APPLICABLE, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5}


@dataclass(frozen=True)
class Criterion:
    """A criterion by its key, with its weight in the overall score.

    One that is ranked by hand has no stars to add up and no part in overall: leave it out.
    """

    key: Hashable
    weight: Fraction | Decimal | int = 1


@dataclass(frozen=True)
class Line:
    """A submission's standing on a criterion, or overall. Unrated: no raw, score and rank."""

    submission: Hashable
    criterion: Hashable
    n: int
    raw: float | None
    score: float | None
    rank: int | None


@dataclass(frozen=True, eq=False)
class Column:
    """A criterion's means, or the overall ones, exactly: `tops / bottoms`, in Python's integers.

    Lists as long as the submissions; a bottom of 0 stands for no mean.
    """

    key: Hashable
    submissions: Sequence[Hashable]
    counts: list[int]
    tops: list[int]
    bottoms: list[int]

    @property
    def raw(self) -> list[float | None]:
        """The means as the doubles next to them."""
        pairs = zip(self.tops, self.bottoms, strict=True)
        return [top / bottom if bottom else None for top, bottom in pairs]

    def lines(
        self, scores: Sequence[float | None], keys: Sequence[int | None], least: int
    ) -> list[Line]:
        """The standings by exact `keys`; no rank with fewer than `least` ratings."""
        counted = zip(keys, self.counts, strict=True)
        places = ranks([key if n >= least else None for key, n in counted])
        cells = zip(self.submissions, self.counts, self.raw, scores, places, strict=True)
        return [Line(submission, self.key, *cell) for submission, *cell in cells]


@dataclass(frozen=True, eq=False)
class Table:
    """Sums of stars and counts of scores, exact integers of shape (criteria, submissions).

    `ratings` is the number of ratings of each submission; a criterion that a rater marked as not
    applicable is missing in `counts` and not in `ratings`.
    """

    submissions: Sequence[Hashable]
    criteria: Sequence[Criterion]
    sums: np.ndarray
    counts: np.ndarray
    ratings: np.ndarray

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[Hashable, Hashable, Hashable, int | None]],
        submissions: Iterable[Hashable],
        criteria: Iterable[Criterion],
    ) -> Table:
        """Add up `rows` of submission, rater, criterion and stars, in any order.

        `submissions` are all that count, the unrated ones as well. Stars are 1 to 5; None means
        "not applicable". Raises KeyError for other stars and for a submission or criterion that is
        not listed, ValueError where something is listed, or scored by one rater, twice.
        """
        submissions, criteria = tuple(submissions), tuple(criteria)
        place_of = {submission: place for place, submission in enumerate(submissions)}
        number_of = {criterion.key: number for number, criterion in enumerate(criteria)}
        if len(place_of) < len(submissions) or len(number_of) < len(criteria):
            raise ValueError("a submission or criterion is listed twice")
        rater_of: dict[Hashable, int] = {}
        numbers = (
            (place_of[s], rater_of.setdefault(r, len(rater_of)), number_of[c], STARS[stars])
            for s, r, c, stars in rows
        )
        scores = np.fromiter(chain.from_iterable(numbers), dtype=np.int64).reshape(-1, 4)
        place, rater, number, stars = scores.T
        # One integer for each score, in sorted order; np.unique would take ten times as long.
        scored = np.sort((place * len(rater_of) + rater) * len(criteria) + number)
        if (scored[1:] == scored[:-1]).any():
            raise ValueError("a rater scored a submission twice on one criterion")
        rated = scored // max(len(criteria), 1)
        rated = rated[np.diff(rated, prepend=-1) > 0] // max(len(rater_of), 1)
        ratings = np.bincount(rated, minlength=len(submissions))
        shape = len(criteria), len(submissions)
        cell, size = number * len(submissions) + place, math.prod(shape)
        # Doubles hold integers exactly up to 2**53, far beyond any sum of stars.
        sums = np.bincount(cell, weights=stars, minlength=size).astype(np.int64)
        counts = np.bincount(cell[stars != NOT_APPLICABLE], minlength=size)
        return cls(submissions, criteria, sums.reshape(shape), counts.reshape(shape), ratings)

    def columns(self) -> list[Column]:
        """Every criterion, then overall: the weighted mean of those means that there are.

        Where all weights of these are 0 there is no overall mean.
        """
        sums, counts = self.sums.tolist(), self.counts.tolist()
        columns = [
            Column(criterion.key, self.submissions, counts[number], sums[number], counts[number])
            for number, criterion in enumerate(self.criteria)
        ]
        weights = [Fraction(criterion.weight) for criterion in self.criteria]
        whole = math.lcm(*(weight.denominator for weight in weights))
        weights = [int(weight * whole) for weight in weights]
        tops, bottoms = [], []
        for place in range(len(self.submissions)):
            means = [
                (weight, column.tops[place], column.bottoms[place])
                for weight, column in zip(weights, columns, strict=True)
                if column.bottoms[place]
            ]
            common = math.lcm(*(n for _, _, n in means))
            tops.append(sum(weight * total * (common // n) for weight, total, n in means))
            bottoms.append(common * sum(weight for weight, _, _ in means))
        return [*columns, Column(OVERALL, self.submissions, self.ratings.tolist(), tops, bottoms)]


def exact_keys(tops: Sequence[int], bottoms: Sequence[int]) -> list[int | None]:
    """Integers that order as the fractions do and are equal where these are; None over 0.

    Different fractions are at least 1 / widest² apart, so their multiples by widest² lie at least
    1 apart and keep apart when rounded down.
    """
    widest = max(bottoms, default=0)
    return [
        top * widest**2 // bottom if bottom else None
        for top, bottom in zip(tops, bottoms, strict=True)
    ]


def ranks(keys: Sequence[int | None]) -> list[int | None]:
    """Competition ranks (1, 1, 3) by exact keys, the greatest first; None has no rank."""
    first_of: dict[int, int] = {}
    for rank, key in enumerate(sorted((k for k in keys if k is not None), reverse=True), start=1):
        first_of.setdefault(key, rank)
    return [None if key is None else first_of[key] for key in keys]


def show(value: float | None) -> str:
    """Three decimals, half away from zero on the exact value of the double; "–" for None."""
    if value is None:
        return "–"
    return str(Decimal(value).quantize(THREE_DECIMALS, ROUND_HALF_UP))
