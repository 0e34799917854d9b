"""The counted scores of a jam, and what every rule needs to know of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np

OVERALL = "overall"
THREE_DECIMALS = Decimal("0.001")


@dataclass(frozen=True)
class Criterion:
    """A criterion by its key, with its weight in the overall score."""

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


@dataclass(frozen=True)
class Table:
    """Sums of stars and counts of ratings, exact integers of shape (criteria, submissions).

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

        `submissions` are all that count, the unrated ones as well. Stars of None mean "not
        applicable". Raises KeyError for a submission or criterion that is not listed.
        """
        submissions, criteria = list(submissions), list(criteria)
        submission_at = {submission: place for place, submission in enumerate(submissions)}
        criterion_at = {criterion.key: place for place, criterion in enumerate(criteria)}
        width = len(submissions)
        cells, stars, ratings = [], [], set()
        for submission, rater, criterion, given in rows:
            place = submission_at[submission]
            ratings.add((place, rater))
            if given is not None:
                cells.append(criterion_at[criterion] * width + place)
                stars.append(given)
        shape = (len(criteria), width)
        # Floats hold integers exactly up to 2**53, far beyond any sum of stars.
        sums = np.bincount(cells, weights=stars, minlength=shape[0] * width)
        counts = np.bincount(cells, minlength=shape[0] * width)
        return cls(
            submissions,
            criteria,
            sums.astype(np.int64).reshape(shape),
            counts.astype(np.int64).reshape(shape),
            np.bincount([place for place, _rater in ratings], minlength=width),
        )

    def mean(self, criterion: int, submission: int) -> Fraction | None:
        """The exact mean of the stars, by places in the table; None without any."""
        n = int(self.counts[criterion, submission])
        return Fraction(int(self.sums[criterion, submission]), n) if n else None

    def overall(self, submission: int) -> Fraction | None:
        """The exact weighted mean of the means of those criteria that have one."""
        total = weights = Fraction(0)
        for place, criterion in enumerate(self.criteria):
            mean = self.mean(place, submission)
            if mean is not None:
                weight = Fraction(criterion.weight)
                total += weight * mean
                weights += weight
        return total / weights if weights else None


def ranks(keys: Sequence[Fraction | None]) -> list[int | None]:
    """Competition ranks (1, 1, 3) by exact keys, the greatest first; None has no rank."""
    first_of: dict[Fraction, int] = {}
    for rank, key in enumerate(sorted((k for k in keys if k is not None), reverse=True), start=1):
        first_of.setdefault(key, rank)
    return [None if key is None else first_of[key] for key in keys]


def show(value: float | None) -> str:
    """Three decimals, half away from zero on the exact value of the double; "–" for None."""
    if value is None:
        return "–"
    return str(Decimal(value).quantize(THREE_DECIMALS, ROUND_HALF_UP))
