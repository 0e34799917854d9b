"""How sure places are: draws from what the scores may be, and groups that cannot be told apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# Draws are ranked so many at a time, so that memory does not grow with the jam.
AT_ONCE = 2_000_000


class Chances(NamedTuple):
    """Where a submission's place lies with 90 %, and its chances of the first 1, 3 and 10."""

    low: int
    high: int
    top1: float
    top3: float
    top10: float


def draw(
    scores: np.ndarray,
    errors: np.ndarray,
    covariance: np.ndarray | None,
    ranked: np.ndarray,
    *,
    seed: int,
    draws: int,
) -> list[Chances | None]:
    """The chances of those that are ranked, from `draws` joint draws of all their scores.

    By numpy's RandomState, whose stream is frozen, from `seed`. Without a covariance each score is
    drawn by itself.
    """
    which = np.flatnonzero(ranked)
    found: list[Chances | None] = [None] * len(scores)
    size = len(which)
    if not size:
        return found
    random = np.random.RandomState(seed)
    if covariance is None:
        factor = None
        # Nothing is known of differences where nothing differs.
        flat = not errors[which].any()
    else:
        block = covariance[np.ix_(which, which)]
        # What all scores share moves no place; without it the rest is well-conditioned.
        block = block - block.mean(axis=0) - block.mean(axis=1)[:, None] + block.mean()
        values, vectors = np.linalg.eigh(block)
        flat = values.max() <= 1e-12 * float(np.trace(covariance))
        # The symmetric root, which is one and the same whatever basis was found.
        factor = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    if flat:
        for place in which:
            found[place] = Chances(1, size, 1 / size, min(3 / size, 1.0), min(10 / size, 1.0))
        return found
    taken = np.empty((draws, size), dtype=np.int32)
    step = max(1, AT_ONCE // size)
    for start in range(0, draws, step):
        noise = random.standard_normal((min(step, draws - start), size))
        drawn = scores[which] + (noise * errors[which] if factor is None else noise @ factor)
        order = np.argsort(-drawn, axis=1, kind="stable")
        np.put_along_axis(
            taken[start : start + len(noise)], order, np.arange(1, size + 1, dtype=np.int32), axis=1
        )
    tops = [(taken <= most).mean(axis=0) for most in (1, 3, 10)]
    first, last = int(0.05 * draws), draws - 1 - int(0.05 * draws)
    ends = np.partition(taken, (first, last), axis=0)[[first, last]]
    cells = zip(ends[0].tolist(), ends[1].tolist(), *(t.tolist() for t in tops), strict=True)
    for place, cell in zip(which.tolist(), cells, strict=True):
        found[place] = Chances(*cell)
    return found


def levels(scores: np.ndarray, reach: np.ndarray, ranked: np.ndarray) -> list[int | None]:
    """The first place of the group that each one is in: from the top, a group goes on as long as
    the difference to its first is within error, the root of both squared reaches."""
    found: list[int | None] = [None] * len(scores)
    order = [int(k) for k in np.lexsort((np.arange(len(scores)), -scores)) if ranked[k]]
    head, place = None, 0
    for turn, k in enumerate(order, start=1):
        if head is None or scores[head] - scores[k] > np.hypot(reach[head], reach[k]):
            head, place = k, turn
        found[k] = place
    return found
