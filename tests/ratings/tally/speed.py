"""How long the rules take for 10,000 submissions × 30 ratings × 5 criteria.

Printed, not asserted; run by name: ``python -m tests.ratings.tally.speed``.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from ratings.tally import itch, mean
from ratings.tally.table import Criterion, Table

SUBMISSIONS, EACH, CRITERIA = 10_000, 30, 5


def main() -> None:
    stars = np.random.RandomState(0).randint(1, 6, (SUBMISSIONS, EACH, CRITERIA)).tolist()
    rows = [
        (submission, (submission + rater * 331) % SUBMISSIONS, criterion, given)
        for submission, verdicts in enumerate(stars)
        for rater, verdict in enumerate(verdicts)
        for criterion, given in enumerate(verdict)
    ]
    started = perf_counter()
    table = Table.of(rows, range(SUBMISSIONS), [Criterion(key) for key in range(CRITERIA)])
    print(f"{len(rows):,} scores added up: {perf_counter() - started:.2f} s")
    for rule in (mean, itch):
        started = perf_counter()
        rule.standings(table)
        print(f"{rule.__name__}: {perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
