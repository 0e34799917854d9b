"""Ratings that organizers may want to look at: found by comparing, never judged here.

What a score has beyond the submission's and the rater's own is its residual. The bounds are in
units of the residuals' own spread, by the median of their sizes, so that a few odd ratings do not
widen them; a least difference in stars keeps quarters of a star from being suspicious.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ratings.tally.table import Table

# Three spreads and a whole star: one honest rating in about 400 lies so far up by chance.
FAR, LEAST_STARS = 3.0, 1.0
# Reciprocal praise is two coincidences at once, so that half as far is enough.
MUTUAL, MUTUAL_STARS = 1.5, 0.5
# So many sign-ups that rated one submission are a group; so many ratings say something of a rater.
GROUP, ENOUGH = 3, 4
# A rater whose mean distance from others is so many times that of the median rater.
OFF = 2.0
# What is found, in the order in which it is shown.
KINDS = ("hour", "address", "mutual", "favour", "off", "same")


@dataclass(frozen=True)
class Finding:
    """Ratings that stand out: pairs of submission and rater, and the numbers that tell of them."""

    kind: str
    ratings: tuple[tuple[Hashable, Hashable], ...]
    # How far: in stars, and in spreads or as a share, by the kind.
    stars: float
    measure: float

    @property
    def raters(self) -> tuple[Hashable, ...]:
        return tuple(dict.fromkeys(rater for _submission, rater in self.ratings))

    @property
    def submissions(self) -> tuple[Hashable, ...]:
        return tuple(dict.fromkeys(submission for submission, _rater in self.ratings))


@dataclass(frozen=True, eq=False)
class Residuals:
    """Of each rating: by how many stars it lies above what others gave the submission, the rater's
    leaning on other submissions taken off; NaN where there is nobody to compare with."""

    values: np.ndarray
    spread: float


def residuals(table: Table) -> Residuals:
    """Each rating's overall stars against those of others, itself left out on both sides."""
    y, e, r = table.overall, table.place, table.rater
    given = ~np.isnan(y)
    sizes = len(table.submissions), len(table.raters)
    value = np.where(given, y, 0.0)
    n_e = np.bincount(e[given], minlength=sizes[0])
    sum_e = np.bincount(e, value, minlength=sizes[0])
    with np.errstate(all="ignore"):
        above = y - (sum_e[e] - y) / (n_e[e] - 1)
        above[~np.isfinite(above)] = np.nan
        known = ~np.isnan(above)
        n_r = np.bincount(r[known], minlength=sizes[1])
        sum_r = np.bincount(r, np.where(known, above, 0.0), minlength=sizes[1])
        # With one rating alone nothing is known of a rater's leaning.
        leaning = np.where(n_r[r] > 1, (sum_r[r] - above) / np.maximum(n_r[r] - 1, 1), 0.0)
    found = above - leaning
    sizes_of = np.abs(found[~np.isnan(found)])
    spread = 1.4826 * float(np.median(sizes_of)) if len(sizes_of) else 0.0
    return Residuals(found, spread)


def favours(table: Table, found: Residuals) -> list[Finding]:
    """Single ratings far above what others gave, beyond the rater's own mildness."""
    bound = max(FAR * found.spread, LEAST_STARS)
    return [
        finding("favour", table, [k], found)
        for k in np.flatnonzero(found.values > bound).tolist()
    ]  # fmt: skip


def mutual(
    table: Table, found: Residuals, own: Mapping[Hashable, Sequence[Hashable]]
) -> list[Finding]:
    """Praise that went both ways: `own` names the submissions of raters who have some."""
    team_of: dict[Hashable, set[Hashable]] = {}
    for rater, submissions in own.items():
        for submission in submissions:
            team_of.setdefault(submission, set()).add(rater)
    bound = max(MUTUAL * found.spread, MUTUAL_STARS)
    praised: dict[tuple[Hashable, Hashable], int] = {}
    for k in np.flatnonzero(found.values > bound).tolist():
        praised[table.submissions[table.place[k]], table.raters[table.rater[k]]] = k
    pairs = []
    for (submission, rater), k in praised.items():
        for mine in own.get(rater, ()):
            for other in team_of.get(submission, ()):
                back = praised.get((mine, other))
                if back is not None and k < back:
                    pairs.append(finding("mutual", table, [k, back], found))
    return pairs


def groups(
    table: Table, found: Residuals, together: Mapping[str, Sequence[Sequence[Hashable]]]
) -> list[Finding]:
    """Raters who came together, by the kind of what they share, and rated one submission higher
    than others did."""
    number = {rater: n for n, rater in enumerate(table.raters)}
    findings = []
    for kind, all_groups in together.items():
        for members in all_groups:
            ours = np.isin(table.rater, [number[m] for m in members if m in number])
            for place in np.unique(table.place[ours]).tolist():
                rows = np.flatnonzero(ours & (table.place == place))
                theirs = table.overall[rows]
                others = table.overall[(table.place == place) & ~ours]
                if len(rows) < GROUP or np.isnan(theirs).all():
                    continue
                above = np.nanmean(theirs) - (np.nanmean(others) if len(others) else 0)
                if not len(others) or above > 0:
                    findings.append(
                        finding(
                            kind, table, rows.tolist(), found, float(above) if len(others) else 0.0
                        )
                    )
    return findings


def off(table: Table, found: Residuals) -> list[Finding]:
    """Raters far off from everyone: whose stars lie far from what others gave, or who gave all
    submissions the same."""
    findings, known = [], ~np.isnan(found.values)
    sizes = np.bincount(table.rater[known], minlength=len(table.raters))
    sums = np.bincount(
        table.rater, np.where(known, np.abs(found.values), 0.0), minlength=len(table.raters)
    )
    enough = np.flatnonzero(sizes >= ENOUGH)
    mean = np.divide(sums, sizes, out=np.zeros(len(sizes)), where=sizes > 0)
    middle = float(np.median(mean[enough])) if len(enough) else 0.0
    for rater in enough.tolist():
        rows = np.flatnonzero(table.rater == rater)
        stars = table.values[:, rows]
        if np.nanmin(stars) == np.nanmax(stars):
            findings.append(finding("same", table, rows.tolist(), found))
        elif mean[rater] > max(OFF * middle, LEAST_STARS):
            measure = float(mean[rater] / middle) if middle else 0.0
            findings.append(
                finding("off", table, rows.tolist(), found, float(mean[rater]), measure)
            )
    return findings


def finding(
    kind: str,
    table: Table,
    rows: list[int],
    found: Residuals,
    stars: float | None = None,
    measure: float | None = None,
) -> Finding:
    """A finding over these ratings; stars and measure are those of the residuals unless told."""
    above = found.values[rows]
    if stars is None:
        stars = 0.0 if np.isnan(above).all() else float(np.nanmean(above))
    if measure is None:
        measure = stars / found.spread if found.spread else 0.0
    keys = tuple((table.submissions[table.place[k]], table.raters[table.rater[k]]) for k in rows)
    return Finding(kind, keys, round(stars, 3), round(measure, 2))


def suspicions(
    table: Table,
    own: Mapping[Hashable, Sequence[Hashable]],
    together: Mapping[str, Sequence[Sequence[Hashable]]],
) -> list[Finding]:
    """All findings: by kind, those that lie farthest off first."""
    found = residuals(table)
    findings = [
        *groups(table, found, together),
        *mutual(table, found, own),
        *favours(table, found),
        *off(table, found),
    ]
    return sorted(findings, key=lambda f: (KINDS.index(f.kind), -f.stars, str(f.ratings)))


def without(table: Table, ratings: Sequence[tuple[Hashable, Hashable]]) -> Table:
    """The table with these ratings left out."""
    places = {submission: n for n, submission in enumerate(table.submissions)}
    numbers = {rater: n for n, rater in enumerate(table.raters)}
    out = {(places[s], numbers[r]) for s, r in ratings if s in places and r in numbers}
    pairs = zip(table.place.tolist(), table.rater.tolist(), strict=True)
    kept = np.array([pair not in out for pair in pairs], dtype=bool)
    return Table(
        table.submissions, table.raters, table.criteria,
        table.place[kept], table.rater[kept], table.values[:, kept],
    )  # fmt: skip
