from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.tally import itch, mean
from ratings.tally.table import OVERALL, Criterion, Table, ranks, show

RULES = pytest.mark.parametrize("rule", [mean, itch], ids=["mean", "itch"])
CRITERIA = [Criterion("depth"), Criterion("clarity", 2)]


def by_key(lines) -> dict:
    return {(line.submission, line.criterion): line for line in lines}


def table_of(stars: dict[str, list[int]], criterion: str = "depth") -> Table:
    """One criterion; for each submission the stars of raters 0, 1, 2 …"""
    rows = [
        (submission, rater, criterion, given)
        for submission, all_given in stars.items()
        for rater, given in enumerate(all_given)
    ]
    return Table.of(rows, stars, [Criterion(criterion)])


# -- the rules by hand -------------------------------------------------------------------------


def test_mean_by_hand():
    rows = [
        ("a", "x", "depth", 5), ("a", "x", "clarity", 2),
        ("a", "y", "depth", 4), ("a", "y", "clarity", 3),
    ]  # fmt: skip
    lines = by_key(mean.standings(Table.of(rows, ["a"], CRITERIA)))
    assert lines["a", "depth"].score == 4.5
    assert lines["a", "clarity"].score == 2.5
    # Clarity weighs twice: (4.5 + 2 · 2.5) / 3.
    assert lines["a", OVERALL].score == pytest.approx(9.5 / 3)
    assert lines["a", OVERALL].n == 2


def test_itch_marks_down_below_the_median_by_the_root_of_the_share():
    lines = by_key(itch.standings(table_of({"a": [4], "b": [4] * 4, "c": [4] * 9})))
    assert lines["a", "depth"].score == 4 * 0.5
    assert lines["b", "depth"].score == 4
    assert lines["c", "depth"].score == 4
    assert [lines[s, "depth"].rank for s in "abc"] == [3, 1, 1]


def test_the_median_counts_the_unrated_and_may_be_a_half():
    assert itch.median([]) == 0
    assert itch.median([3]) == 3
    assert itch.median([0, 1, 2, 9]) == Fraction(3, 2)
    lines = by_key(itch.standings(table_of({"a": [5, 5, 5], "b": []})))
    # m = 1.5 and n = 3, so nothing is marked down.
    assert lines["a", "depth"].score == 5


def test_where_the_median_is_zero_nothing_is_marked_down():
    lines = by_key(itch.standings(table_of({"a": [3], "b": [], "c": []})))
    assert lines["a", "depth"].score == 3


def test_not_applicable_is_missing_and_not_zero():
    rows = [
        ("a", "x", "depth", 4), ("a", "x", "clarity", None),
        ("a", "y", "depth", 2), ("a", "y", "clarity", None),
    ]  # fmt: skip
    for rule in (mean, itch):
        lines = by_key(rule.standings(Table.of(rows, ["a"], CRITERIA)))
        assert lines["a", "clarity"].n == 0
        assert lines["a", "clarity"].score is None
        assert lines["a", OVERALL].n == 2
        assert lines["a", OVERALL].score == 3


def test_near_ties_are_told_apart_where_floats_are_not():
    # 1/3 of a star apart in 10**16: equal as doubles.
    close = [Fraction(10**16, 3), Fraction(10**16, 3) + Fraction(1, 10**4)]
    assert float(close[0]) == float(close[1])
    assert ranks(close) == [2, 1]


def test_an_exact_tie_of_different_ways_to_it_is_a_tie():
    # By itch, 4 stars at a quarter of the median and 2 stars at the median are both 2 exactly.
    lines = by_key(itch.standings(table_of({"a": [4], "b": [2] * 4, "c": [1] * 4})))
    assert lines["a", "depth"].rank == lines["b", "depth"].rank == 1
    assert lines["c", "depth"].rank == 3


@RULES
def test_below_the_least_number_there_is_a_score_and_no_rank(rule):
    lines = by_key(rule.standings(table_of({"a": [5], "b": [3, 3]}), least=2))
    assert lines["a", "depth"].score is not None
    assert lines["a", "depth"].rank is None
    assert lines["b", "depth"].rank == 1


# -- degenerate jams ---------------------------------------------------------------------------


@RULES
@pytest.mark.parametrize(
    ("stars", "expected"),
    [
        ({}, []),
        ({"a": []}, [None]),
        ({"a": [], "b": []}, [None, None]),
        ({"a": [1]}, [1]),
        ({"a": [3, 3], "b": [3, 3]}, [1, 1]),
        ({"a": [2], "b": [4], "c": [3]}, [3, 1, 2]),
    ],
    ids=["no submissions", "one unrated", "none rated", "one rating", "all equal", "one each"],
)
def test_degenerate_jams_have_sensible_ranks(rule, stars, expected):
    lines = rule.standings(table_of(stars))
    for criterion in ("depth", OVERALL):
        assert [line.rank for line in lines if line.criterion == criterion] == expected


@RULES
def test_a_jam_without_criteria_ranks_nobody(rule):
    (line,) = rule.standings(Table.of([], ["a"], []))
    assert (line.criterion, line.n, line.score, line.rank) == (OVERALL, 0, None, None)


def test_a_row_that_belongs_nowhere_is_an_error():
    with pytest.raises(KeyError):
        Table.of([("z", "x", "depth", 3)], ["a"], CRITERIA)
    with pytest.raises(KeyError):
        Table.of([("a", "x", "charm", 3)], ["a"], CRITERIA)


# -- properties --------------------------------------------------------------------------------

TABLES = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.lists(st.tuples(st.integers(1, 5), st.none() | st.integers(1, 5)), max_size=6),
    min_size=1,
)


def rows_of(stars) -> list[tuple]:
    return [
        (submission, rater, key, given)
        for submission, verdicts in stars.items()
        for rater, verdict in enumerate(verdicts)
        for key, given in zip(("depth", "clarity"), verdict, strict=True)
    ]


@RULES
@given(stars=TABLES, seed=st.integers(0, 999))
def test_order_and_names_change_nothing(rule, stars, seed):
    rows = rows_of(stars)
    expected = by_key(rule.standings(Table.of(rows, stars, CRITERIA)))
    shuffled = [(f"s-{s}", f"r-{r}", key, given) for s, r, key, given in rows]
    chance = random.Random(seed)
    chance.shuffle(shuffled)
    names = [f"s-{s}" for s in stars]
    chance.shuffle(names)
    for line in rule.standings(Table.of(shuffled, names, CRITERIA)):
        other = expected[line.submission.removeprefix("s-"), line.criterion]
        assert (line.n, line.raw, line.score, line.rank) == (
            other.n, other.raw, other.score, other.rank,
        )  # fmt: skip


@RULES
@given(stars=TABLES)
def test_ranks_are_competition_ranks_of_the_scores(rule, stars):
    lines = rule.standings(Table.of(rows_of(stars), stars, CRITERIA))
    for key in ("depth", "clarity", OVERALL):
        ranked = [line for line in lines if line.criterion == key and line.rank]
        for line in ranked:
            ahead = sum(other.rank < line.rank for other in ranked)
            assert line.rank == ahead + 1
            assert all(
                other.score <= line.score + 1e-12 for other in ranked if other.rank > line.rank
            )


@given(stars=TABLES)
def test_the_games_jam_rule_never_raises_a_score(stars):
    table = Table.of(rows_of(stars), stars, CRITERIA)
    for plain, marked in zip(mean.standings(table), itch.standings(table), strict=True):
        assert plain.raw == marked.raw
        assert marked.score is None or marked.score <= plain.raw


# -- printing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (4.0, "4.000"), (2.0625, "2.063"), (1.0005, "1.000"), (2 / 3, "0.667")],
)
def test_scores_are_shown_half_away_from_zero_on_the_exact_double(value, shown):
    # 2.0625 is exactly half way, where "%.3f" rounds to even; 1.0005 is a little less than that.
    assert show(value) == shown


def test_weights_may_be_decimals():
    rows = [("a", "x", "depth", 5), ("a", "x", "clarity", 1)]
    criteria = [Criterion("depth", Decimal("0.25")), Criterion("clarity", Decimal("0.75"))]
    lines = by_key(mean.standings(Table.of(rows, ["a"], criteria)))
    assert lines["a", OVERALL].score == 2
