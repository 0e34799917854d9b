"""Counting: the counted ratings of a jam as a table, and its standings by all three rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from django.db.models import QuerySet

from jam import bulk
from jam.models import Jam
from ratings.models import Criterion, Rating, RatingRules, Score
from ratings.tally import adjusted, itch, mean
from ratings.tally.adjusted import Adjusted
from ratings.tally.table import OVERALL, Ranking, Table, in_order
from ratings.tally.table import Criterion as Counted

Rule = RatingRules.Rule


@dataclass(frozen=True, eq=False)
class Ballot:
    """What is counted: ratings of the peers, with the criteria they rated on; and the judges'."""

    rules: RatingRules
    submissions: list[int]
    criteria: list[Criterion]
    table: Table
    judges: Table | None


def peers_criteria(rules: RatingRules, criteria: list[Criterion]) -> list[Criterion]:
    """The criteria that peers give stars on; where only judges rate, all of them."""
    if rules.eligibility == RatingRules.Eligibility.JUDGES:
        return criteria
    return [criterion for criterion in criteria if not criterion.judges_only]


def ballot_of(
    jam: Jam, rules: RatingRules, submissions: list[int], ratings: QuerySet[Rating]
) -> Ballot:
    """The `ratings` of those `submissions`, arranged for counting; judges' apart from peers'."""
    criteria = list(jam.criteria.all())
    judges = None
    if rules.eligibility != RatingRules.Eligibility.JUDGES:
        of_judges = ratings.of_judges(rules)
        if of_judges.exists():
            judges = table_of(of_judges, submissions, criteria, rules)
    peers = peers_criteria(rules, criteria)
    table = table_of(ratings.of_counted_raters(rules), submissions, peers, rules)
    return Ballot(rules, submissions, peers, table, judges)


def table_of(
    ratings: QuerySet[Rating], submissions: list[int], criteria: list[Criterion], rules: RatingRules
) -> Table:
    """The scores of `ratings` as a table: submissions by their ids, raters by pseudonyms."""
    submissions = in_order(submissions)
    criteria = sorted(criteria, key=lambda criterion: criterion.name)
    given = bulk.fetch(ratings.values_list("pk", "submission_id", "rater_id"))
    # Whom the ratings are by: pseudonyms sorted, so that their order tells nothing.
    people, rater = np.unique(given[:, 2], return_inverse=True)
    names = [rules.pseudonym_of(person) for person in people.tolist()]
    order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
    turn = np.empty_like(order)
    turn[order] = np.arange(len(order))
    ids = np.array(submissions, dtype=np.int64)
    # Sorted by value, as `in_order` sorts whole numbers.
    place, rater = np.searchsorted(ids, given[:, 1]), turn[rater]
    sorting = np.lexsort((rater, place))
    keys, place, rater = given[sorting, 0], place[sorting], rater[sorting]

    values = np.full((len(criteria), len(keys)), np.nan)
    scores = bulk.fetch(
        Score.objects.filter(rating__in=ratings, criterion__in=criteria).values_list(
            "rating_id", "criterion_id", "stars"
        )
    )
    by_key = np.argsort(keys)
    column = by_key[np.searchsorted(keys, scores[:, 0], sorter=by_key)]
    numbers = np.array([criterion.pk for criterion in criteria], dtype=np.int64)
    by_number = np.argsort(numbers)
    row = by_number[np.searchsorted(numbers, scores[:, 1], sorter=by_number)]
    has_stars = scores[:, 2] > 0
    values[row[has_stars], column[has_stars]] = scores[has_stars, 2]
    return Table(
        [str(pk) for pk in submissions],
        [names[n] for n in order],
        [Counted(criterion.name, criterion.weight) for criterion in criteria],
        place,
        rater,
        values,
    )


@dataclass(frozen=True, eq=False)
class Counts:
    """A column counted by all rules, beside the judges'; lists as long as the submissions."""

    name: str
    mean: Ranking | None
    itch: Ranking | None
    adjusted: Adjusted | None
    histogram: list[list[int]]
    median: float
    judges: Ranking | None = None

    def by(self, rule: str) -> Ranking | None:
        return (
            self.adjusted and self.adjusted.ranking
            if rule == Rule.ADJUSTED
            else getattr(self, rule)
        )

    @property
    def summary(self) -> dict[str, Any]:
        """What is kept of the column as a whole."""
        rated = sum(n > 0 for n in self.mean.column.counts)
        return {"median": self.median, "rated": rated, **asdict(self.adjusted.summary)}


def count(ballot: Ballot, *, seed: int, draws: int | None = None) -> list[Counts]:
    """Every criterion of the peers, those of the judges alone, and overall at the end."""
    table, least = ballot.table, ballot.rules.least
    judged = {r.column.key: r for r in mean.rankings(ballot.judges)} if ballot.judges else {}
    counted = []
    rankings = zip(mean.rankings(table, least), itch.rankings(table, least=least), strict=True)
    for number, (by_mean, by_itch) in enumerate(rankings):
        column = by_mean.column
        counted.append(
            Counts(
                name=str(column.key),
                mean=by_mean,
                itch=by_itch,
                adjusted=adjusted.adjusted(table, column, least=least, seed=seed, draws=draws),
                histogram=histogram_of(table, number),
                median=float(itch.median(column.counts)),
                judges=judged.get(column.key),
            )
        )
    apart = [
        Counts(str(key), None, None, None, [], 0.0, ranking)
        for key, ranking in judged.items()
        if key not in {column.key for column in table.columns}
    ]
    return [*counted[:-1], *apart, counted[-1]]


def histogram_of(table: Table, number: int) -> list[list[int]]:
    """How often each submission was given one to five stars on a criterion; overall, nothing."""
    if number == len(table.criteria):
        return [[]] * len(table.submissions)
    stars = table.values[number]
    given = ~np.isnan(stars)
    cells = table.place[given] * 5 + stars[given].astype(np.int64) - 1
    return np.bincount(cells, minlength=5 * len(table.submissions)).reshape(-1, 5).tolist()


# The fields of a standing, as `rows` gives them.
FIELDS = (
    "results_id", "submission_id", "criterion_id", "n", "raw", "rank", "mean_rank", "itch_score",
    "itch_rank", "adjusted_score", "adjusted_rank", "low", "high", "rank_low", "rank_high", "top1",
    "top3", "top10", "reliability", "level", "is_apart", "histogram", "strictness", "leanings",
    "track_id", "track_rank", "judges_n", "judges_mean", "judges_rank",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Sheet:
    """Where the rows of standings come from: the counts, and what is not arithmetic."""

    counts: list[Counts]
    rule: str
    criteria: dict[str, int]
    tracks: dict[int, int | None] = field(default_factory=dict)

    def rows(self, results: int) -> Iterator[tuple[Any, ...]]:
        """The standings, in the order of `FIELDS`."""
        for counted in self.counts:
            yield from self.rows_of(counted, results)

    def rows_of(self, counted: Counts, results: int) -> Iterator[tuple[Any, ...]]:
        judges, found = counted.judges, counted.adjusted
        submissions = (judges or counted.mean).column.submissions
        size = len(submissions)
        none, is_overall = [None] * size, counted.name == OVERALL
        criterion = None if is_overall else self.criteria[counted.name]
        if counted.mean is None:
            peers = [[0] * size, *[none] * 16, [False] * size, [[]] * size, none, [[]] * size]
        else:
            chances = [chance or (None,) * 5 for chance in found.chances]
            peers = [
                counted.mean.column.counts, counted.mean.column.raw,
                counted.by(self.rule).ranks, counted.mean.ranks,
                counted.itch.scores, counted.itch.ranks,
                found.ranking.scores, found.ranking.ranks, found.ranking.low, found.ranking.high,
                *zip(*chances, strict=True), found.reliability, found.levels,
                found.is_apart, counted.histogram, found.strictness,
                found.leanings if is_overall else [[]] * size,
            ]  # fmt: skip
        ids = [int(submission) for submission in submissions]
        track = [self.tracks.get(pk) for pk in ids] if is_overall else none
        judged = (
            [judges.column.counts, judges.scores, judges.ranks]
            if judges
            else [[0] * size, none, none]
        )
        yield from zip(
            [results] * size, ids, [criterion] * size, *peers,
            track, ranks_within(track, peers[2]), *judged, strict=True,
        )  # fmt: skip


def ranks_within(groups: list[int | None], ranks: list[int | None]) -> list[int | None]:
    """Places among those of the same group, by their places among all; equal ones stay equal."""
    turn = sorted(
        (rank, place) for place, rank in enumerate(ranks) if rank is not None and groups[place]
    )
    seen: dict[int, list[int]] = {}
    found: list[int | None] = [None] * len(ranks)
    for rank, place in turn:
        before = seen.setdefault(groups[place], [])
        found[place] = (
            found[before[-1]] if before and ranks[before[-1]] == rank else len(before) + 1
        )
        before.append(place)
    return found
