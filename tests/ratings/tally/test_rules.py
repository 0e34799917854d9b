from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.tally import itch, mean
from ratings.tally.table import OVERALL, Criterion, Table, exact_keys, ranks, show

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


def test_a_criterion_has_its_own_number_and_median_and_overall_that_of_the_ratings():
    rows = [("b", rater, key, 4) for rater in range(8) for key in ("depth", "clarity")]
    rows += [
        row
        for rater in range(8)
        for row in [("a", rater, "depth", 4), ("a", rater, "clarity", None if rater else 4)]
    ]
    lines = by_key(itch.standings(Table.of(rows, "ab", CRITERIA)))
    # Clarity: n = 1 of a median of 4.5. Overall: both were rated eight times.
    assert lines["a", "clarity"].n == 1
    assert lines["a", "clarity"].score == pytest.approx(4 * (1 / 4.5) ** 0.5)
    assert (lines["a", OVERALL].n, lines["a", OVERALL].score) == (8, 4)
    assert lines["a", OVERALL].rank == lines["b", OVERALL].rank == 1


def test_near_ties_are_told_apart_where_floats_are_not():
    # 1/3 + 10**-20 and 1/3: equal as doubles.
    tops, bottoms = [10**20, 10**20 + 3, 2 * 10**20], [3 * 10**20, 3 * 10**20, 6 * 10**20]
    assert tops[0] / bottoms[0] == tops[1] / bottoms[1]
    assert ranks(exact_keys(tops, bottoms)) == [2, 1, 2]


@RULES
def test_overall_ranks_tell_apart_what_doubles_do_not(rule):
    criteria = [Criterion("depth", 10**17), Criterion("clarity", 1)]
    rows = [("a", "x", "depth", 3), ("a", "x", "clarity", 3)]
    rows += [("b", "x", "depth", 3), ("b", "x", "clarity", 4)]
    lines = by_key(rule.standings(Table.of(rows, "ab", criteria)))
    assert lines["a", OVERALL].score == lines["b", OVERALL].score
    assert [lines[s, OVERALL].rank for s in "ab"] == [2, 1]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), max_size=20))
def test_exact_keys_order_as_the_fractions_do(pairs):
    keys = exact_keys([top for top, _ in pairs], [bottom for _, bottom in pairs])
    fractions = [Fraction(top, bottom) for top, bottom in pairs]
    for key, fraction in zip(keys, fractions, strict=True):
        assert [key < other for other in keys] == [fraction < other for other in fractions]


def test_an_exact_tie_is_a_tie_even_where_the_doubles_differ():
    # By itch with m = 9: 5 stars from one rater, 15 from nine; both are 5/3.
    table = table_of({"a": [5], "b": [2] * 6 + [1] * 3, "c": [1] * 9})
    lines = by_key(itch.standings(table, m=9))
    assert lines["a", "depth"].score != lines["b", "depth"].score
    for criterion in ("depth", OVERALL):
        assert [lines[s, criterion].rank for s in "abc"] == [1, 1, 3]


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
def test_one_rater_of_all(rule):
    lines = by_key(rule.standings(table_of({"a": [5], "b": [4], "c": [4]})))
    assert [lines[s, OVERALL].rank for s in "abc"] == [1, 2, 2]
    assert lines["a", OVERALL].raw == lines["a", OVERALL].score == 5


@RULES
def test_nothing_applicable_is_rated_without_a_score(rule):
    rows = [("a", "x", "depth", None), ("a", "x", "clarity", None)]
    for line in rule.standings(Table.of(rows, ["a"], CRITERIA)):
        assert line.n == (line.criterion == OVERALL)
        assert (line.raw, line.score, line.rank) == (None, None, None)


@RULES
def test_criteria_without_weight_make_no_overall(rule):
    table = Table.of([("a", "x", "depth", 3)], ["a"], [Criterion("depth", 0)])
    depth, overall = rule.standings(table)
    assert (depth.score, depth.rank) == (3, 1)
    assert (overall.n, overall.raw, overall.score, overall.rank) == (1, None, None, None)


@RULES
def test_a_jam_without_criteria_ranks_nobody(rule):
    (line,) = rule.standings(Table.of([], ["a"], []))
    assert (line.criterion, line.n, line.score, line.rank) == (OVERALL, 0, None, None)


@pytest.mark.parametrize(
    "row",
    [("z", "x", "depth", 3), ("a", "x", "charm", 3), ("a", "x", "charm", None)],
)
def test_a_row_that_belongs_nowhere_is_an_error(row):
    with pytest.raises(KeyError):
        Table.of([row], ["a"], CRITERIA)


def test_nothing_is_there_twice():
    score = ("a", "x", "depth", 3)
    with pytest.raises(ValueError):
        Table.of([score, ("b", "x", "depth", 3), score], "ab", CRITERIA)
    with pytest.raises(ValueError):
        Table.of([score], ["a", "a"], CRITERIA)
    with pytest.raises(ValueError):
        Table.of([score], ["a"], [*CRITERIA, Criterion("depth")])


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


def by_definition(stars, marked_down: bool) -> dict:
    """The squares of the scores by criterion and submission, as the rules are written."""
    squares = {}
    given = {
        key: {s: [v[at] for v in verdicts if v[at] is not None] for s, verdicts in stars.items()}
        for at, key in enumerate(("depth", "clarity"))
    }
    means = {
        (key, s): Fraction(sum(all_given), len(all_given))
        for key in given
        for s, all_given in given[key].items()
        if all_given
    }
    for s in stars:
        parts = [(1, means.get(("depth", s))), (2, means.get(("clarity", s)))]
        parts = [(weight, value) for weight, value in parts if value is not None]
        if parts:
            total = sum(weight * value for weight, value in parts)
            means[OVERALL, s] = total / sum(weight for weight, _value in parts)
    for (key, s), value in means.items():
        numbers = sorted(len(all_given) for all_given in given.get(key, stars).values())
        m = Fraction(numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2], 2)
        n = Fraction(len(given.get(key, stars)[s]))
        factor = min(n, m) / m if marked_down and m else 1
        squares[key, s] = value**2 * factor
    return squares


@RULES
@given(stars=TABLES)
def test_scores_and_competition_ranks_are_those_of_the_definition(rule, stars):
    squares = by_definition(stars, marked_down=rule is itch)
    lines = rule.standings(Table.of(rows_of(stars), stars, CRITERIA))
    assert len(lines) == 3 * len(stars)
    for line in lines:
        square = squares.get((line.criterion, line.submission))
        if square is None:
            assert (line.raw, line.score, line.rank) == (None, None, None)
            continue
        ahead = sum(other > square for (key, _), other in squares.items() if key == line.criterion)
        assert line.rank == ahead + 1
        assert line.score == pytest.approx(float(square) ** 0.5, rel=1e-14)


@given(stars=TABLES)
def test_every_verdict_given_twice_changes_no_mean(stars):
    twice = {s: verdicts * 2 for s, verdicts in stars.items()}
    once, again = (
        mean.standings(Table.of(rows_of(each), each, CRITERIA)) for each in (stars, twice)
    )
    assert [(line.raw, line.rank) for line in once] == [(line.raw, line.rank) for line in again]


@given(stars=TABLES)
def test_the_games_jam_rule_never_raises_a_score(stars):
    table = Table.of(rows_of(stars), stars, CRITERIA)
    for plain, marked in zip(mean.standings(table), itch.standings(table), strict=True):
        assert plain.raw == marked.raw
        assert marked.score is None or marked.score <= plain.raw


# -- printing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (4.0, "4.000"),
        (2.0625, "2.063"),
        (1.0005, "1.000"),
        (2 / 3, "0.667"),
        (0.0005, "0.001"),
    ],
)
def test_scores_are_shown_half_away_from_zero_on_the_exact_double(value, shown):
    # 2.0625 is exactly half way, where "%.3f" rounds to even; 1.0005 is a little less than that.
    assert show(value) == shown


def test_weights_may_be_decimals():
    rows = [("a", "x", "depth", 5), ("a", "x", "clarity", 1)]
    criteria = [Criterion("depth", Decimal("0.25")), Criterion("clarity", Decimal("0.75"))]
    lines = by_key(mean.standings(Table.of(rows, ["a"], criteria)))
    assert lines["a", OVERALL].score == 2
