"""The rule `adjusted`: scores corrected for how strict each rater was, with their uncertainty.

Crossed random effects, ``y = μ + q[e] + s[r] + ε``, for each criterion, and overall on each
rating's weighted mean of its criteria; the score of a submission is ``μ + q[e]``. The family by
which NIPS calibrated its reviewers (Platt & Burges; Ge, Welling & Ghahramani; Lawrence & Cortes
2014), and the additive core of ITU-T P.913. Scores and intervals are kept at six decimals.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

import numpy as np

from ratings.tally import agreement, places
from ratings.tally.table import EXACT, Column, Line, Ranking, Table
from ratings.tally.variances import Design, Variances, variances

# Up to so many submissions and raters together, uncertainty is computed exactly.
MOST_FOR_EXACT = 1_500
# Draws take longer than all else where there are many, whose places are less than digits.
DRAWS, DRAWS_OF_MANY = 1_000, 250
# Of a normal distribution, 90 % lies within so many standard deviations.
WITHIN = 1.6448536269514722
DECIMALS = 6
# Backfitting ends when nothing moves by more than this share of the scores' spread.
STILL, MOST_SWEEPS = 1e-11, 20_000


@dataclass(frozen=True)
class Summary:
    """What the rule found on a criterion, in stars; variances are None where they cannot be told
    apart, and alpha where nothing varies."""

    mean: float | None
    submissions: float | None
    raters: float | None
    chance: float | None
    alpha: float | None
    pieces: int
    # How many raters lean by so much, in quarters of a star from −2 to 2.
    leanings: list[int]


@dataclass(frozen=True, eq=False)
class Adjusted:
    """A column's standings by this rule, with all that is told beside them.

    Lists as long as the submissions. Without variances there are no intervals and chances.
    """

    ranking: Ranking
    summary: Summary
    reliability: list[float | None]
    is_apart: list[bool]
    levels: list[int | None]
    # The mean leaning of each submission's raters, and every one of them, sorted.
    strictness: list[float | None]
    leanings: list[list[float]]
    chances: list[places.Chances | None]


@dataclass(frozen=True, eq=False)
class Fit:
    """The model fitted: effects of submissions and raters, and, where the variances could be told
    apart, the standard errors of the scores; of few, their covariance."""

    mean: float
    q: np.ndarray
    s: np.ndarray
    variances: Variances | None
    errors: np.ndarray | None
    covariance: np.ndarray | None


def fit(y: np.ndarray, design: Design, known: Variances | None = None) -> Fit:
    """Fit the model to scores `y`; by `known` variances, in squared stars, where they are given."""
    middle, spread = float(y.mean()), float(y.std())
    if not math.isfinite(spread) or spread == 0:
        spread = float(np.abs(y - middle).max()) or 1.0
    z = (y - middle) / spread
    if known is None:
        found = variances(z, design)
    else:
        found = Variances(*(v / spread / spread for v in vars(known).values()))
    if found is None:
        q = np.bincount(design.e, z) / design.n_e
        return Fit(middle, q * spread, np.zeros(len(design.n_r)), None, None, None)
    few = len(design.n_e) + len(design.n_r) <= MOST_FOR_EXACT
    mean, q, s = backfit(z, design, found)
    covariance = exact_covariance(design, found) if few else None
    errors = np.sqrt(np.diag(covariance) if few else approximate_variances(design, found))
    return Fit(
        middle + spread * mean,
        spread * q,
        spread * s,
        Variances(*(v * spread * spread for v in vars(found).values())),
        spread * errors,
        covariance * spread * spread if few else None,
    )


def backfit(y: np.ndarray, design: Design, v: Variances) -> tuple[float, np.ndarray, np.ndarray]:
    """The mean and both effects: Ghosh, Hastie & Owen, arXiv 2007.10612, centred in each sweep."""
    e, r = design.e, design.r
    hold_q = design.n_e + (v.chance / v.submissions if v.submissions else math.inf)
    hold_s = design.n_r + (v.chance / v.raters if v.raters else math.inf)
    mean, q, s = float(y.mean()), np.zeros(len(design.n_e)), np.zeros(len(design.n_r))
    for _ in range(MOST_SWEEPS):
        new_q = np.bincount(e, y - mean - s[r]) / hold_q
        new_q -= new_q.mean()
        rest = y - new_q[e]
        new_s = np.bincount(r, rest - mean) / hold_s
        new_s -= new_s.mean()
        new_mean = float((rest - new_s[r]).mean())
        moved = max(
            np.abs(new_q - q).max(), np.abs(new_s - s).max(), abs(new_mean - mean)
        )  # fmt: skip
        mean, q, s = new_mean, new_q, new_s
        if moved < STILL:
            break
    return mean, q, s


def exact_covariance(design: Design, v: Variances) -> np.ndarray:
    """The posterior covariance of the scores μ + q: from the inverse of the mixed-model matrix,
    μ included, with the raters eliminated."""
    size = len(design.n_e)
    if not v.submissions:
        # All scores are the mean.
        weights = 1 / (v.chance + v.raters * design.n_r)
        return np.full((size, size), 1 / float((weights * design.n_r).sum()))
    table = np.zeros((size, len(design.n_r)))
    np.add.at(table, (design.e, design.r), 1.0)
    hold = v.raters / (v.chance + v.raters * design.n_r)
    matrix = np.zeros((size + 1, size + 1))
    matrix[:-1, :-1] = np.diag(design.n_e + v.chance / v.submissions)
    matrix[-1, :-1] = matrix[:-1, -1] = design.n_e
    matrix[-1, -1] = len(design.e)
    with_mean = np.vstack([table, design.n_r])
    inverse = np.linalg.inv(matrix - (with_mean * hold) @ with_mean.T) * v.chance
    shared = inverse[:-1, -1]
    return inverse[:-1, :-1] + shared[:, None] + shared[None, :] + inverse[-1, -1]


def approximate_variances(design: Design, v: Variances) -> np.ndarray:
    """The scores' variances for many submissions: each rater's leaning is known by that rater's
    other ratings."""
    if not v.submissions:
        return np.zeros(len(design.n_e))
    leaning = v.chance / (design.n_r + v.chance / v.raters) if v.raters else np.zeros(1)
    told = np.bincount(
        design.e, 1 / (v.chance + np.broadcast_to(leaning, design.n_r.shape)[design.r])
    )
    return 1 / (1 / v.submissions + told)


def adjusted(
    table: Table, column: Column, *, least: int = 1, seed: int = 0, draws: int | None = None
) -> Adjusted:
    """The standings on one column; rank intervals from so many draws, by default as many as are
    published."""
    if draws is None:
        few = len(table.submissions) + len(table.raters) <= MOST_FOR_EXACT
        draws = DRAWS if few else DRAWS_OF_MANY
    scored = table.scores_of(column)
    given = ~np.isnan(scored)
    rated, e = np.unique(table.place[given], return_inverse=True)
    _raters, r = np.unique(table.rater[given], return_inverse=True)
    size = len(table.submissions)
    if not len(rated):
        nothing = [None] * size
        return Adjusted(
            column.ranked(nothing, nothing, least, low=nothing, high=nothing),
            Summary(None, None, None, None, None, 0, []),
            nothing, [False] * size, nothing, nothing, [[]] * size, nothing,
        )  # fmt: skip
    y, design = scored[given], Design.of(e, r)
    fitted = fit(y, design)
    piece = agreement.pieces(design)
    apart = piece != agreement.largest(piece)

    if fitted.variances is None:
        # The mean, to the last digit as the rule `mean` has it.
        scores = np.array([column.raw[place] for place in rated]) / table.unit
    else:
        scores = fitted.mean + fitted.q
    kept = at_decimals(scores, table.unit)
    scores = kept / table.unit
    ranked = np.array([column.counts[place] >= least for place in rated])
    if fitted.variances is not None:
        # Without variances nothing is compared across raters, and pieces do not matter.
        ranked &= ~apart
    # What is equal at six decimals is a tie.
    turns = np.unique(kept, return_inverse=True)[1].tolist()
    keys = [turn if ok else None for turn, ok in zip(turns, ranked, strict=True)]

    def spread(values, missing=None) -> list:
        """A list over all submissions of what there is for those rated."""
        found = [missing] * size
        for place, value in zip(rated.tolist(), values, strict=True):
            found[place] = value
        return found

    low = high = [None] * size
    levels, chances = spread([None] * len(rated)), [None] * size
    if fitted.errors is not None:
        reach = WITHIN * fitted.errors
        low, high = (
            spread(at_decimals(scores + end, table.unit).tolist()) for end in (-reach, reach)
        )
        levels = spread(places.levels(scores, reach, ranked))
        if draws:
            drawn = places.draw(
                scores, fitted.errors, fitted.covariance, ranked, seed=seed, draws=draws
            )
            chances = spread(drawn)
    ranking = column.ranked(spread(kept.tolist()), spread(keys), least, low=low, high=high)
    leaning = at_decimals(fitted.s, table.unit)
    order = np.lexsort((leaning[r], e))
    leanings = np.split(leaning[r][order], np.cumsum(design.n_e)[:-1])
    v = fitted.variances
    parts = (v.submissions, v.raters, v.chance) if v else (None, None, None)
    return Adjusted(
        ranking=ranking,
        summary=Summary(
            fitted.mean * table.unit,
            *(part and finite(part * table.unit * table.unit) for part in parts),
            alpha=agreement.alpha(y, design),
            pieces=int(piece.max()) + 1,
            leanings=np.histogram(np.clip(leaning, -2, 2), 17, (-2.125, 2.125))[0].tolist(),
        ),
        reliability=spread(rounded(agreement.reliability(v, design.n_e))),
        is_apart=spread(apart.tolist(), False),
        levels=levels,
        strictness=spread(
            at_decimals(np.bincount(e, fitted.s[r]) / design.n_e, table.unit).tolist()
        ),
        leanings=[x.tolist() for x in spread(leanings, np.array([]))],
        chances=chances,
    )  # fmt: skip


def at_decimals(values: np.ndarray, unit: float) -> np.ndarray:
    """Values in units of `unit`, rounded to the decimals that are kept, without a negative zero;
    what is so large that it has none stays as it is, and beyond the doubles is the last of them."""
    with np.errstate(over="ignore"):
        values = values * unit
        rounded = np.where(
            np.abs(values) < EXACT / 10**DECIMALS, np.round(values, DECIMALS), values
        )
    return np.clip(rounded, -sys.float_info.max, sys.float_info.max) + 0.0


def finite(value: float) -> float | None:
    """None for what is beyond the doubles."""
    return value if math.isfinite(value) else None


def rounded(values: list[float | None]) -> list[float | None]:
    """At the decimals that are kept, so that every machine has the same."""
    return [None if value is None else round(value, DECIMALS) for value in values]


def rankings(table: Table, least: int = 1) -> list[Ranking]:
    """The standings on each criterion, then overall, with the ends of their intervals."""
    return [adjusted(table, column, least=least, draws=0).ranking for column in table.columns]


def standings(table: Table, least: int = 1) -> list[Line]:
    """A line for each submission on each criterion, then overall."""
    return [line for ranking in rankings(table, least) for line in ranking.lines()]
