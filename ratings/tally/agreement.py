"""How well raters agreed, and whether all of it hangs together."""

from __future__ import annotations

import numpy as np

from ratings.tally.variances import Design, Variances


def alpha(y: np.ndarray, design: Design) -> float | None:
    """Krippendorff's alpha for intervals: 1 is perfect agreement, 0 what chance would give.

    In closed form, in one pass. None where nothing is rated twice, or all scores are equal.
    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), metric (c − k)².
    """
    paired = (design.n_e > 1)[design.e]
    z, e = y[paired], design.e[paired]
    if not len(z) or np.ptp(z) == 0:
        return None
    # Centred, so that squares do not drown the differences.
    z = z - z.mean()
    if (most := np.abs(z).max()) < 1e-100:
        # Squares of less are none.
        z = z / most
    sizes = design.n_e.astype(float)
    sums = np.bincount(e, z, minlength=len(sizes))
    squares = np.bincount(e, z * z, minlength=len(sizes))
    many = sizes > 1
    within = 2 * ((sizes * squares - sums**2)[many] / (sizes[many] - 1)).sum() / len(z)
    between = 2 * (len(z) * squares.sum() - z.sum() ** 2) / (len(z) * (len(z) - 1))
    return float(1 - within / between)


def reliability(v: Variances | None, counts: np.ndarray) -> list[float | None]:
    """Of each submission's mean: the share of its variance that is the submission's own,
    ``τq² / (τq² + (τs² + σ²) / k)``; None where it is 0/0."""
    if v is None:
        return [None] * len(counts)
    whole = v.submissions + (v.raters + v.chance) / counts
    return [v.submissions / each if each else None for each in whole.tolist()]


def pieces(design: Design) -> np.ndarray:
    """Which connected piece of the graph of raters and submissions each submission is in.

    Numbered in the order of their first submissions. Each round hands the least label on from
    submissions to raters and back, then lets labels follow their own labels, so that long chains
    take few rounds.
    """
    label = np.arange(len(design.n_e))
    while True:
        at_rater = np.full(len(design.n_r), len(label))
        np.minimum.at(at_rater, design.r, label[design.e])
        new = label.copy()
        np.minimum.at(new, design.e, at_rater[design.r])
        # What a submission heard is true of its label as well.
        np.minimum.at(new, label, new.copy())
        new = new[new]
        if (new == label).all():
            break
        label = new
    return np.unique(label, return_inverse=True)[1]


def largest(piece: np.ndarray) -> int:
    """The piece with the most submissions; of equals, the one with the first submission."""
    return int(np.bincount(piece).argmax())
