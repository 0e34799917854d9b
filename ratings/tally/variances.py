"""How much submissions, raters and chance each contribute to the scores of one criterion.

The model is ``y = μ + q[e] + s[r] + ε`` with q ~ N(0, τq²), s ~ N(0, τs²), ε ~ N(0, σ²).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

# Up to so many submissions or raters, whichever are fewer, REML is quick.
MOST_FOR_REML = 500
# A variance so small beside chance is none; so large a one leaves nothing to chance.
NONE, SMALL, ALL = 1e-9, 1e-3, 1e9
# Newton's method doubles the digits with each step; it ends when nothing is off by so much.
CONVERGED, MOST_STEPS = 1e-12, 60
FEW = 300
# Scores that submissions and raters explain to the last digit leave so much to chance.
LEAST_REST = 1e-9
STARTS = ((1.0, 1.0), (0.01, 1.0), (1.0, 0.01), (10.0, 1.0), (1.0, 10.0), (100.0, 100.0))


@dataclass(frozen=True, eq=False)
class Design:
    """Who rated what: `e` and `r` number submissions and raters from 0, none without a score."""

    e: np.ndarray
    r: np.ndarray
    n_e: np.ndarray
    n_r: np.ndarray

    @classmethod
    def of(cls, e: np.ndarray, r: np.ndarray) -> Design:
        return cls(e, r, np.bincount(e), np.bincount(r))

    @property
    def is_separable(self) -> bool:
        """Whether anybody rated twice and anything was rated twice."""
        return len(self.e) > max(len(self.n_e), len(self.n_r))


@dataclass(frozen=True)
class Variances:
    """τq², τs² and σ², in squared stars."""

    submissions: float
    raters: float
    chance: float


def variances(y: np.ndarray, design: Design) -> Variances | None:
    """The variances of scores `y`, centred and scaled to about 1; None where they cannot be told
    apart: where all scores are equal, or each submission or each rater has only one."""
    if not design.is_separable or np.ptp(y) == 0:
        return None
    if min(len(design.n_e), len(design.n_r)) <= MOST_FOR_REML:
        return reml(y, design)
    return moments(y, design)


def moments(y: np.ndarray, design: Design) -> Variances:
    """By the method of moments, for any size: Gao & Owen, arXiv 1610.08088."""
    e, r, n_e, n_r = design.e, design.r, design.n_e.astype(float), design.n_r.astype(float)
    size, mean_e, mean_r = float(len(y)), np.bincount(e, y) / n_e, np.bincount(r, y) / n_r
    squares = [
        np.square(y - mean_e[e]).sum(),
        np.square(y - mean_r[r]).sum(),
        size * np.square(y - y.mean()).sum(),
    ]
    within_e, within_r = size - len(n_e), size - len(n_r)
    expected = [
        [0.0, within_e, within_e],
        [within_r, 0.0, within_r],
        [size**2 - np.square(n_e).sum(), size**2 - np.square(n_r).sum(), size**2 - size],
    ]
    found = np.linalg.solve(np.array(expected), np.array(squares))
    submissions, raters, chance = np.maximum(found, 0.0).tolist()
    return Variances(submissions, raters, max(chance, NONE * float(y.var())))


def reml(y: np.ndarray, design: Design) -> Variances:
    """By restricted maximum likelihood (Patterson & Thompson 1971), over λ = τ² / σ².

    By Newton's method, which may find that one of the ratios, or both, is 0. With few ratings there
    may be more than one maximum, so that it begins at several places; with many, at the moments.
    """
    system, start = System(y, design), moments(y, design)
    starts = [np.array([start.submissions, start.raters]) / start.chance]
    if len(y) < FEW:
        starts += [
            np.array(pair) for pair in ((1.0, 1.0), (0.01, 1.0), (1.0, 0.01), (100.0, 100.0))
        ]
    found = min((minimum(system, ratios) for ratios in starts), key=lambda s: s.deviance)
    q, s = np.where(found.ratios <= NONE, 0.0, found.ratios)
    chance = found.rest / (len(y) - 1)
    return Variances(float(q * chance), float(s * chance), float(chance))


def minimum(system: System, start: np.ndarray) -> Solution:
    """The nearest minimum of the deviance."""
    found = system.solve(np.clip(start, SMALL, 1 / SMALL))
    for _ in range(MOST_STEPS):
        ratios = found.ratios
        # Where a ratio is at the edge and would go further, it stays.
        held = ((ratios <= NONE) & (found.slope >= 0)) | ((ratios >= ALL) & (found.slope <= 0))
        if np.abs(found.off[~held]).max(initial=0.0) < CONVERGED:
            break
        ahead = system.solve(system.newton(ratios, found, ~held))
        if not ahead.is_better_than(found, ~held):
            ahead = system.solve(np.clip(ratios * np.exp(found.off * ~held), NONE, ALL))
            if not ahead.is_better_than(found, ~held):
                # Nothing is better, to the last digit that can be told.
                break
        found = ahead
    return found


@dataclass(frozen=True, eq=False)
class Solution:
    """What the mixed-model equations say at some ratios λ of the submissions and the raters.

    The deviance is −2 log of the restricted likelihood but for a constant; `slope` is its slope
    over λ, ``tr(Z'PZ) − (N−1)·Σt² / rest``, where t sums residuals by level and `rest` is what is
    left of the squares; `off` is the logarithm of the two terms' quotient, 0 at the maximum.
    """

    ratios: np.ndarray
    deviance: float
    slope: np.ndarray
    off: np.ndarray
    rest: float

    def is_better_than(self, other: Solution, free: np.ndarray) -> bool:
        """Whether it is nearer to the maximum; near it the deviance has too few digits to tell."""
        mine, others = (np.abs(s.off[free]).max(initial=0.0) for s in (self, other))
        return mine < others if others < 1e-4 else self.deviance < other.deviance


class System:
    """The mixed-model equations in units of σ², with the larger side eliminated.

    Its blocks are diagonal but for the table of who rated what, so that a dense matrix of the
    smaller side is all that has to be factored. Levels with equal numbers of ratings weigh the
    same in it, so their products are added up once.
    """

    def __init__(self, y: np.ndarray, design: Design):
        self.y, self.mean = y, float(y.mean())
        self.swapped = len(design.n_e) < len(design.n_r)
        # "Many" is the larger side, "few" the smaller.
        self.many, self.few = (design.r, design.e) if self.swapped else (design.e, design.r)
        counts = (design.n_r, design.n_e) if self.swapped else (design.n_e, design.n_r)
        self.n_many, self.n_few = (n.astype(float) for n in counts)
        self.sum_many = np.bincount(self.many, y)
        self.sum_few = np.bincount(self.few, y)
        width = len(self.n_few)
        self.sizes, group = np.unique(self.n_many, return_inverse=True)
        self.products = np.zeros((len(self.sizes), width + 1, width + 1))
        order = np.argsort(self.many, kind="stable")
        starts = np.concatenate([[0], np.cumsum(self.n_many.astype(int))])
        few = self.few[order]
        for k in range(len(self.sizes)):
            levels = np.flatnonzero(group == k)
            table = np.zeros((len(levels), width + 1))
            for row, level in enumerate(levels):
                # Twice, should a pair ever come twice, counts twice.
                np.add.at(table[row], few[starts[level] : starts[level + 1]], 1.0)
            table[:, -1] = self.sizes[k]
            self.products[k] = table.T @ table
        self.size_of = group

    def solve(self, ratios: np.ndarray) -> Solution:
        """The equations at these ratios τq² / σ² and τs² / σ²."""
        many, few = ratios[::-1].tolist() if self.swapped else ratios.tolist()
        width = len(self.n_few)
        # I + Λ½ Z'Z Λ½, the mean last; D is its diagonal on the larger side.
        diagonal = 1 + many * self.sizes
        by_level = diagonal[self.size_of]
        scale = np.append(np.full(width, math.sqrt(few)), 1.0)
        cross = np.outer(scale, scale)
        matrix = -many * cross * np.tensordot(1 / diagonal, self.products, axes=1)
        matrix[np.diag_indices(width + 1)] += np.append(1 + few * self.n_few, len(self.y))
        matrix[-1, :-1] += math.sqrt(few) * self.n_few
        matrix[:-1, -1] += math.sqrt(few) * self.n_few
        lean = self.sum_many / by_level
        told = np.bincount(self.few, lean[self.many], minlength=width)
        right = scale * np.append(self.sum_few, self.y.sum())
        right -= many * scale * np.append(told, (lean * self.n_many).sum())
        inverse = np.linalg.inv(matrix)
        found = inverse @ right
        effect_few = math.sqrt(few) * found[:-1]
        told = np.bincount(self.many, effect_few[self.few], minlength=len(self.n_many))
        effect_many = many * (self.sum_many - told - found[-1] * self.n_many) / by_level
        residual = self.y - found[-1] - effect_many[self.many] - effect_few[self.few]
        rest = max(float((self.y * residual).sum()), LEAST_REST * len(self.y))
        sums_many = np.bincount(self.many, residual, minlength=len(self.n_many))
        sums_few = np.bincount(self.few, residual, minlength=width)
        # tr(Z'PZ) = (levels − trace of the inverse's block) / λ.
        squared = cross * np.tensordot(1 / diagonal**2, self.products, axes=1)
        block_many = (1 / by_level).sum() + many * (inverse * squared).sum()
        traces = np.array([
            (len(self.n_many) - block_many) / many,
            (width - np.trace(inverse[:-1, :-1])) / few,
        ])  # fmt: skip
        freedom = len(self.y) - 1
        squares = np.array([np.square(sums_many).sum(), np.square(sums_few).sum()])
        if self.swapped:
            traces, squares = traces[::-1], squares[::-1]
        traces, pull = np.maximum(traces, 1e-300), np.maximum(freedom * squares / rest, 1e-300)
        deviance = np.log(by_level).sum() + np.linalg.slogdet(matrix)[1] + freedom * math.log(rest)
        return Solution(
            ratios, float(deviance), traces - pull, np.clip(np.log(pull / traces), -3, 3), rest
        )

    def newton(self, ratios: np.ndarray, found: Solution, free: np.ndarray) -> np.ndarray:
        """Where Newton's step leads, over the ratios that are free; none is cut to less than a
        tenth, save to nothing, or made more than ten times as large. Where the deviance is not
        curved as near its minimum, a long step downhill."""
        axes = np.flatnonzero(free)
        curve = np.empty((len(axes), len(axes)))
        for column, axis in enumerate(axes):
            width = 1e-4 * max(ratios[axis], 1e-2)
            ahead = self.solve(ratios + width * np.eye(2)[axis])
            curve[:, column] = ((ahead.slope - found.slope) / width)[axes]
        step = np.zeros(2)
        try:
            step[axes] = -np.linalg.solve(curve, found.slope[axes])
        except np.linalg.LinAlgError:
            step[axes] = np.nan
        if not (np.isfinite(step).all() and step @ found.slope < 0):
            step = np.where(found.slope > 0, -ratios, 2 * ratios + SMALL) * free
        ahead, most = ratios + step, np.clip(10 * ratios, 10 * SMALL, ALL)
        return np.where(ahead <= 0, NONE, np.clip(ahead, np.maximum(ratios / 10, NONE), most))
