"""The counted scores of a jam, as arrays, and what all rules do with them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

OVERALL = "overall"
THREE_DECIMALS = Decimal("0.001")
# Doubles hold whole numbers exactly up to here.
EXACT = 2**53
# Scores beyond the first are computed with in units of the second, so that sums and squares fit.
HUGE, UNIT = 2.0**400, 2.0**600


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
    low: float | None = None
    high: float | None = None


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

    @cached_property
    def raw(self) -> list[float | None]:
        """The means as the doubles next to them."""
        pairs = zip(self.tops, self.bottoms, strict=True)
        return [top / bottom if bottom else None for top, bottom in pairs]

    def ranked(
        self, scores: Sequence[float | None], keys: Sequence[int | None], least: int, **ends
    ) -> Ranking:
        """The standings by exact `keys`; no rank with fewer than `least` ratings."""
        counted = zip(keys, self.counts, strict=True)
        return Ranking(self, scores, ranks([k if n >= least else None for k, n in counted]), **ends)


@dataclass(frozen=True, eq=False)
class Ranking:
    """A column's standings by one rule: lists as long as the submissions."""

    column: Column
    scores: Sequence[float | None]
    ranks: Sequence[int | None]
    # The ends of the 90 % intervals of the scores, from the rule that has them.
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()

    def lines(self) -> list[Line]:
        """A line for each submission."""
        column, none = self.column, [None] * len(self.scores)
        cells = zip(
            column.submissions, column.counts, column.raw, self.scores, self.ranks,
            self.low or none, self.high or none, strict=True,
        )  # fmt: skip
        return [Line(submission, column.key, *rest) for submission, *rest in cells]


@dataclass(frozen=True, eq=False)
class Table:
    """The counted scores of a jam: what results are computed from, and nothing else is.

    `place` and `rater` say of each rating which submission and which rater it belongs to;
    `values`, of shape (criteria, ratings), holds its scores, NaN where a criterion is not
    applicable. Ratings are sorted by submission and rater, criteria by key. Where scores are no
    whole numbers, `exact` holds them as Python's integers, in units of 1 / `scale`. Where they are
    huge, `values` are in units of `unit`, a power of two, so that nothing is rounded.
    """

    submissions: Sequence[Hashable]
    raters: Sequence[Hashable]
    criteria: Sequence[Criterion]
    place: np.ndarray
    rater: np.ndarray
    values: np.ndarray
    exact: np.ndarray | None = field(default=None)
    scale: int = 1
    unit: float = 1.0

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[Hashable, Hashable, Hashable, Fraction | int | None]],
        submissions: Iterable[Hashable],
        criteria: Iterable[Criterion],
    ) -> Table:
        """Arrange `rows` of submission, rater, criterion and score, in any order.

        `submissions` are all that count, the unrated ones as well. A score of None means "not
        applicable". Raises KeyError for a submission or criterion that is not listed, ValueError
        where something is listed, or scored by one rater, twice.
        """
        submissions = in_order(submissions)
        criteria = sorted(criteria, key=lambda criterion: str(criterion.key))
        place_of = {submission: place for place, submission in enumerate(submissions)}
        number_of = {criterion.key: number for number, criterion in enumerate(criteria)}
        if len(place_of) < len(submissions) or len(number_of) < len(criteria):
            raise ValueError("a submission or criterion is listed twice")
        ratings: dict[tuple[int, Hashable], dict[int, Fraction | int | None]] = {}
        for submission, rater, criterion, score in rows:
            scores = ratings.setdefault((place_of[submission], rater), {})
            if number_of[criterion] in scores:
                raise ValueError("a rater scored a submission twice on one criterion")
            scores[number_of[criterion]] = score
        raters = in_order({rater for _place, rater in ratings})
        turn = {rater: number for number, rater in enumerate(raters)}
        keys = sorted((place, turn[rater]) for place, rater in ratings)

        shape = len(criteria), len(keys)
        given = {
            (row, column): score
            for column, (place, number) in enumerate(keys)
            for row, score in ratings[place, raters[number]].items()
            if score is not None
        }
        unit = UNIT if any(abs(score) > HUGE for score in given.values()) else 1.0
        values = np.full(shape, np.nan)
        for cell, score in given.items():
            values[cell] = float(score) / unit
        pairs = np.array(keys, dtype=np.int64).reshape(-1, 2)
        exact, scale = None, math.lcm(*{Fraction(score).denominator for score in given.values()})
        if scale > 1 or sum(abs(score) for score in given.values()) >= EXACT:
            exact = np.zeros(shape, dtype=object)
            for cell, score in given.items():
                exact[cell] = int(score * scale)
        return cls(
            submissions, raters, criteria, pairs[:, 0], pairs[:, 1], values, exact, scale, unit
        )

    @cached_property
    def ratings(self) -> np.ndarray:
        """The number of ratings of each submission."""
        return np.bincount(self.place, minlength=len(self.submissions))

    @cached_property
    def overall(self) -> np.ndarray:
        """Each rating's weighted mean of its criteria, in units of `unit`; NaN where none
        applies."""
        weights = np.array([float(criterion.weight) for criterion in self.criteria])
        given = ~np.isnan(self.values)
        total = (weights[:, None] * np.where(given, self.values, 0.0)).sum(axis=0)
        weight = (weights[:, None] * given).sum(axis=0)
        return np.divide(total, weight, out=np.full(len(self.place), np.nan), where=weight > 0)

    def scores_of(self, column: Column) -> np.ndarray:
        """The scores, one for each rating, that a column is made of, in units of `unit`."""
        if column is self.columns[-1]:
            return self.overall
        return self.values[self.columns.index(column)]

    def sums_of(self, number: int) -> tuple[list[int], list[int]]:
        """A criterion's sums, in units of 1 / `scale`, and counts, by submission."""
        given = ~np.isnan(self.values[number])
        place, size = self.place[given], len(self.submissions)
        counts = np.bincount(place, minlength=size).tolist()
        if self.exact is None:
            sums = np.bincount(place, weights=self.values[number][given], minlength=size)
            return sums.astype(np.int64).tolist(), counts
        sums = [0] * size
        for where, score in zip(place.tolist(), self.exact[number][given], strict=True):
            sums[where] += score
        return sums, counts

    @cached_property
    def columns(self) -> list[Column]:
        """Every criterion, then overall: the weighted mean of those means that there are.

        Where all weights of these are 0 there is no overall mean.
        """
        columns = []
        for number, criterion in enumerate(self.criteria):
            sums, counts = self.sums_of(number)
            bottoms = [n * self.scale for n in counts]
            columns.append(Column(criterion.key, self.submissions, counts, sums, bottoms))
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
        overall = Column(OVERALL, self.submissions, self.ratings.tolist(), tops, bottoms)
        return [*columns, overall]


def in_order(keys: Iterable[Hashable]) -> list[Hashable]:
    """Keys in one order for everybody: whole numbers by their value, then the others as text."""

    def turn(key: Hashable) -> tuple[int, int, str]:
        text = str(key)
        whole = text.isascii() and text.isdigit() and len(text) < 19
        return (0, int(text), text) if whole else (1, 0, text)

    return sorted(keys, key=turn)


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
