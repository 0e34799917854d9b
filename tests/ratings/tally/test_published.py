"""The published results of two jams of a games site come out digit by digit.

`data/` holds their public tables: per submission its number of ratings, per criterion rank, score
and raw score as printed. Sums of stars are taken back from the raw scores. Unrated submissions are
not in the tables, so the median that the published factor implies is handed over.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from ratings.tally import itch
from ratings.tally.table import OVERALL, Criterion, Line, Table, show


@dataclass
class Published:
    name: str
    median: int
    submissions: int
    overall_is_voted: bool
    # Exact ties that the source itself split.
    split_ties: dict[str, int]

    def rows(self) -> list[dict[str, str]]:
        path = Path(__file__).parent / "data" / f"{self.name}.csv"
        with path.open(newline="") as file:
            return list(csv.DictReader(file))

    def key(self, row: dict[str, str]) -> str:
        """The key of the row's criterion; a voted "overall" is a criterion like others."""
        if row["criterion"] == "overall":
            return "voted overall" if self.overall_is_voted else OVERALL
        return row["criterion"]


KENNEY = Published("kenney-jam-2022", 9, 298, False, {"overall": 22, "theme": 1})
GAME_OFF = Published("game-off-2017", 10, 194, True, {})
BOTH = pytest.mark.parametrize("jam", [KENNEY, GAME_OFF], ids=lambda jam: jam.name)


def star_sum(row: dict[str, str]) -> int:
    """The whole number of stars that the row's raw score, rounded to 3 digits, stands for."""
    n = int(row["rating_count"])
    total = round(float(row["raw_score"]) * n)
    assert show(total / n) == row["raw_score"], "the sum of stars does not come out whole"
    return total


def lines_of(jam: Published) -> dict[tuple[str, str], Line]:
    scores = []
    submissions: dict[str, None] = {}
    criteria: dict[str, None] = {}
    for row in jam.rows():
        submissions[row["submission"]] = None
        if jam.key(row) == OVERALL:
            continue
        criteria[jam.key(row)] = None
        n = int(row["rating_count"])
        stars, one_more = divmod(star_sum(row), n)
        scores += [
            (row["submission"], rater, jam.key(row), stars + (rater < one_more))
            for rater in range(n)
        ]
    table = Table.of(scores, submissions, [Criterion(key) for key in criteria])
    assert len(submissions) == jam.submissions
    return {(line.submission, line.criterion): line for line in itch.standings(table, jam.median)}


@BOTH
def test_every_raw_and_every_marked_down_score_is_the_published_string(jam):
    lines = lines_of(jam)
    rows = jam.rows()
    shown = [lines[row["submission"], jam.key(row)] for row in rows]
    assert [show(line.raw) for line in shown] == [row["raw_score"] for row in rows]
    assert [show(line.score) for line in shown] == [row["score"] for row in rows]
    assert [line.n for line in shown] == [int(row["rating_count"]) for row in rows]


@BOTH
def test_the_tables_tell_these_scores_from_others_near_them(jam):
    """Half to even, and factors on rounded scores, would each get published cells wrong."""
    lines = lines_of(jam)
    pairs = [(lines[row["submission"], jam.key(row)], row) for row in jam.rows()]
    assert any(f"{line.raw:.3f}" != row["raw_score"] for line, row in pairs)
    assert any(f"{line.score:.3f}" != row["score"] for line, row in pairs)
    rounded_twice = [
        (float(row["raw_score"]) * math.sqrt(min(line.n, jam.median) / jam.median), row)
        for line, row in pairs
    ]
    assert any(show(score) != row["score"] for score, row in rounded_twice)


@BOTH
def test_the_published_order_is_ours_and_only_the_source_split_exact_ties(jam):
    lines = lines_of(jam)
    by_criterion = defaultdict(list)
    for row in jam.rows():
        line = lines[row["submission"], jam.key(row)]
        by_criterion[row["criterion"]].append((int(row["rank"]), line.rank))
    split = {}
    for criterion, pairs in by_criterion.items():
        ours = [rank for _published, rank in sorted(pairs)]
        assert ours == sorted(ours), criterion
        # The source never put unequal keys on one rank; its ranks only skip, for rows withdrawn.
        assert len(set(pairs)) == len({published for published, _rank in pairs}), criterion
        assert all(published >= rank for published, rank in pairs), criterion
        published_of = defaultdict(set)
        for published, rank in pairs:
            published_of[rank].add(published)
        if places := sum(len(ranks) - 1 for ranks in published_of.values()):
            split[criterion] = places
    assert split == jam.split_ties
