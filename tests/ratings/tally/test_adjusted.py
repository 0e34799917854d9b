"""The rule `adjusted`, against R's lmer, by simulation, by its properties, and where it has little
to go by."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ratings.tally import adjusted, agreement, mean, places
from ratings.tally.adjusted import fit
from ratings.tally.table import OVERALL, Criterion, Table
from ratings.tally.variances import Design, System, Variances, moments, reml, variances

DATA = Path(__file__).parent / "data"


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def table_of(rows, submissions=None, criteria=("d",)) -> Table:
    rows = [(s, r, "d", y) for s, r, y in rows]
    return Table.of(rows, submissions or {row[0] for row in rows}, [Criterion(c) for c in criteria])


def only(rows, **kwargs) -> adjusted.Adjusted:
    table = table_of(rows)
    return adjusted.adjusted(table, table.columns[0], **kwargs)


# -- R's lmer on Penicillin: diameter ~ 1 + (1|plate) + (1|sample) ---------------------------------


@pytest.fixture(scope="module")
def penicillin() -> tuple[np.ndarray, Design]:
    rows = read("penicillin.csv")
    _, e = np.unique([row["plate"] for row in rows], return_inverse=True)
    _, r = np.unique([row["sample"] for row in rows], return_inverse=True)
    return np.array([float(row["diameter"]) for row in rows]), Design.of(e, r)


def test_standard_deviations_are_lmers(penicillin):
    y, design = penicillin
    found = fit(y, design).variances
    deviations = [math.sqrt(v) for v in (found.submissions, found.raters, found.chance)]
    assert deviations == pytest.approx([0.8467, 1.9316, 0.5499], abs=1e-4)


def test_the_reml_criterion_is_lmers(penicillin):
    """−2 log of the restricted likelihood, written out with the dense matrix."""
    y, design = penicillin
    found = fit(y, design).variances
    size = len(y)
    z_e, z_r = np.eye(len(design.n_e))[design.e], np.eye(len(design.n_r))[design.r]
    v = found.submissions * z_e @ z_e.T + found.raters * z_r @ z_r.T + found.chance * np.eye(size)
    one, inverse = np.ones(size), np.linalg.inv(v)
    precision = one @ inverse @ one
    middle = (one @ inverse @ y) / precision
    rest = (y - middle) @ inverse @ (y - middle)
    criterion = (
        np.linalg.slogdet(v)[1] + math.log(precision) + rest + (size - 1) * math.log(2 * math.pi)
    )
    assert criterion == pytest.approx(330.86, abs=5e-3)


@pytest.mark.parametrize("side", ["plate", "sample"])
def test_conditional_modes_are_lmers(side):
    other = {"plate": "sample", "sample": "plate"}[side]
    rows = [(row[side], row[other], int(row["diameter"])) for row in read("penicillin.csv")]
    modes = {
        row["grp"]: float(row["condval"])
        for row in read("penicillin-lmer.csv")
        if row["grpvar"] == side
    }
    table = table_of(rows)
    scores = adjusted.adjusted(table, table.columns[0]).ranking.scores
    found = {key: score - 22.9722 for key, score in zip(table.submissions, scores, strict=True)}
    assert found == pytest.approx(modes, abs=1e-4)


def test_conditional_deviations_are_lmers(penicillin):
    """Those of the plates alone, without the uncertainty of the mean, which the score has too."""
    y, design = penicillin
    found = fit(y, design).variances
    table = np.zeros((24, 6))
    np.add.at(table, (design.e, design.r), 1.0)
    matrix = np.diag(design.n_e + found.chance / found.submissions)
    hold = found.raters / (found.chance + found.raters * design.n_r)
    inverse = np.linalg.inv(matrix - (table * hold) @ table.T) * found.chance
    assert np.sqrt(np.diag(inverse)) == pytest.approx(np.full(24, 0.271359), abs=1e-4)


# -- simulation: 200 submissions of which the better ones are rated more, 150 raters × 10 ----------


def simulated(seed: int, severity: float = 0.5, by_need: bool = False):
    """Scores of a jam, and the quality that they should tell."""
    random = np.random.RandomState(seed)
    size, raters, each = 200, 150, 10
    q, s = random.normal(0, 0.6, size), random.normal(0, severity, raters)
    popularity = random.normal(0, 0.7, size)
    weights = np.exp(0.5 * q / 0.6 + popularity)
    e, counts = [], np.zeros(size)
    for _ in range(raters):
        if by_need:
            drawn = np.lexsort((random.random_sample(size), counts))[:each]
        else:
            drawn = random.choice(size, each, replace=False, p=weights / weights.sum())
        counts[drawn] += 1
        e += list(drawn)
    e, r = np.array(e), np.repeat(np.arange(raters), each)
    y = np.clip(np.round(3.2 + s[r] + q[e] + random.normal(0, 0.8, len(e))), 1, 5)
    rated, e = np.unique(e, return_inverse=True)
    return y, Design.of(e, r), q[rated]


def kendall(one: np.ndarray, other: np.ndarray) -> float:
    """Kendall's tau-b."""
    a, b = np.sign(one[:, None] - one), np.sign(other[:, None] - other)
    return float((a * b).sum() / math.sqrt((a != 0).sum() * (b != 0).sum()))


def tau(one: np.ndarray, other: np.ndarray) -> float:
    """Kendall's tau-a."""
    a, b = np.sign(one[:, None] - one), np.sign(other[:, None] - other)
    return float((a * b).sum() / (len(one) * (len(one) - 1)))


def expected_star(q: np.ndarray, spread: float) -> np.ndarray:
    """The star that a submission of this quality is given on average, over raters and chance."""
    erf = np.vectorize(math.erf)
    above = [0.5 * (1 - erf((k - 0.5 - 3.2 - q) / (spread * math.sqrt(2)))) for k in range(2, 6)]
    return 1 + sum(above)


def test_strict_raters_do_less_harm_and_intervals_cover():
    gains, covered = [], []
    for seed in range(1000, 1050):
        y, design, q = simulated(seed)
        found = fit(y, design)
        scores = found.mean + found.q
        means = np.bincount(design.e, y) / design.n_e
        gains.append(kendall(scores, q) - kendall(means, q))
        expected = expected_star(q, math.hypot(0.5, 0.8))
        covered.append(np.mean(np.abs(scores - expected) <= adjusted.WITHIN * found.errors))
    assert np.mean(gains) >= 0.025
    assert 0.86 <= np.mean(covered) <= 0.93


@pytest.mark.parametrize(("severity", "by_need"), [(0.0, False), (0.5, True), (0.0, True)])
def test_where_there_is_little_to_correct_little_is_lost(severity, by_need):
    """Pairs of equal means count as half right: means tie often, and adjusted scores hardly ever,
    which tau-b would hold against these."""
    losses = []
    for seed in range(1000, 1030):
        y, design, q = simulated(seed, severity=severity, by_need=by_need)
        found = fit(y, design)
        means = np.bincount(design.e, y) / design.n_e
        losses.append(tau(means, q) - tau(found.mean + found.q, q))
    assert np.mean(losses) <= 0.003


def test_sharing_out_by_need_lifts_the_plain_mean_more_than_any_formula():
    """Why the queue is part of the results."""
    chosen, shared = [], []
    for seed in range(1000, 1020):
        for by_need, taus in ((False, chosen), (True, shared)):
            y, design, q = simulated(seed, by_need=by_need)
            taus.append(kendall(np.bincount(design.e, y) / design.n_e, q))
    assert np.mean(shared) - np.mean(chosen) > 0.05


def test_the_approximation_is_near_the_exact_one_where_raters_rate_much():
    random = np.random.RandomState(3)
    e = np.concatenate([random.permutation(300) for _ in range(40)])
    r = np.repeat(np.arange(400), 30)
    y = np.round(3 + random.normal(0, 0.5, 300)[e] + random.normal(0, 0.4, 400)[r]
                 + random.normal(0, 0.8, len(e)))  # fmt: skip
    design, v = Design.of(e, r), Variances(0.25, 0.16, 0.64)
    exact = np.sqrt(np.diag(adjusted.exact_covariance(design, v)))
    near = np.sqrt(adjusted.approximate_variances(design, v))
    assert near == pytest.approx(exact, rel=0.06)
    assert fit(y, design, v).errors == pytest.approx(exact)


def test_moments_and_reml_find_about_the_same():
    y, design, _q = simulated(1)
    z = (y - y.mean()) / y.std()
    one, other = reml(z, design), moments(z, design)
    assert list(vars(one).values()) == pytest.approx(list(vars(other).values()), abs=0.08)


def test_backfitting_solves_the_mixed_model_equations():
    y, design, _q = simulated(2)
    v = Variances(0.36, 0.25, 0.64)
    found = fit(y, design, v)
    rest = y - found.mean - found.q[design.e] - found.s[design.r]
    assert found.q == pytest.approx(
        v.submissions / v.chance * np.bincount(design.e, rest), abs=1e-8
    )
    assert found.s == pytest.approx(v.raters / v.chance * np.bincount(design.r, rest), abs=1e-8)
    assert rest.sum() == pytest.approx(0, abs=1e-7)


def test_at_the_maximum_nothing_moves():
    y, design, _q = simulated(4)
    z = (y - y.mean()) / y.std()
    found = reml(z, design)
    ratios = np.array([found.submissions / found.chance, found.raters / found.chance])
    assert np.abs(System(z, design).solve(ratios).off).max() < 1e-9


# -- properties --------------------------------------------------------------------------------


@st.composite
def jams(draw) -> list[tuple[int, int, int]]:
    """Rows of submission, rater and stars: connected by a rater who rated everything."""
    size, raters = draw(st.integers(3, 9)), draw(st.integers(3, 8))
    stars = st.integers(1, 5)
    rows = [(s, 0, draw(stars)) for s in range(size)]
    for rater in range(1, raters):
        chosen = draw(st.sets(st.integers(0, size - 1), min_size=2))
        rows += [(s, rater, draw(stars)) for s in sorted(chosen)]
    return rows


QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def arrays(rows) -> tuple[np.ndarray, Design]:
    s, r, y = np.array(rows).T
    return y.astype(float), Design.of(s, r)


@QUICK
@given(jams(), st.integers(1, 2), st.sampled_from([-2.0, -0.5, 1.0, 3.0]))
def test_a_stricter_rater_moves_scores_less_than_means(rows, rater, shift):
    """Of raters who left something out: one who rated everything, as each submission was rated as
    often, moves no mean against another at all."""
    y, design = arrays(rows)
    assume(np.sum(design.r == rater) < len(design.n_e))
    v = Variances(0.3, 0.25, 0.5)
    moved = y + shift * (design.r == rater)
    before, after = (fit(z, design, v) for z in (y, moved))
    centred = np.abs((after.q - after.q.mean()) - (before.q - before.q.mean())).sum()
    means = [np.bincount(design.e, z) / design.n_e for z in (y, moved)]
    by_means = np.abs((means[1] - means[1].mean()) - (means[0] - means[0].mean())).sum()
    assert centred <= by_means + 1e-9


@QUICK
@given(jams(), st.randoms())
def test_order_and_names_change_nothing(rows, random):
    found = only(rows, draws=0)
    names = random.sample(range(1000), 20)
    renamed = {n: f"rater {name}" for n, name in enumerate(names)}
    shuffled = [(s, renamed[r], y) for s, r, y in rows]
    random.shuffle(shuffled)
    again = only(shuffled, draws=0)
    assert again.ranking.scores == pytest.approx(found.ranking.scores, abs=2e-6)


@QUICK
@given(jams(), st.sampled_from([0.01, 3.0, 1e6]), st.sampled_from([-7.0, 0.0, 1e4]))
def test_another_scale_gives_the_same_places(rows, factor, offset):
    y, design = arrays(rows)
    one, other = fit(y, design), fit(y * factor + offset, design)
    assert (other.mean - offset) / factor == pytest.approx(one.mean, abs=1e-6)
    assert other.q / factor == pytest.approx(one.q, abs=1e-6)


@QUICK
@given(jams())
def test_whatever_was_given_there_is_an_answer(rows):
    found = only(rows, seed=1, draws=40)
    for score, low, high, chances in zip(
        found.ranking.scores, found.ranking.low, found.ranking.high, found.chances, strict=True
    ):
        assert math.isfinite(score)
        assert low is None or low <= score <= high
        assert chances is None or 1 <= chances.low <= chances.high <= len(found.chances)
        assert chances is None or 0 <= chances.top1 <= chances.top3 <= chances.top10 <= 1
    assert sorted(filter(None, found.ranking.ranks))[0] == 1


def test_the_same_seed_draws_the_same_and_another_one_others():
    y = [(s, r, 1 + min(s // 2 + (s * r) % 3, 4)) for s in range(6) for r in range(5)]
    one, again, other = (only(y, seed=seed).chances for seed in (7, 7, 8))
    assert one == again != other


# -- little to go by ---------------------------------------------------------------------------


def test_nobody_rated():
    table = Table.of([], ["a", "b"], [Criterion("d")])
    for column in table.columns:
        found = adjusted.adjusted(table, column)
        assert found.ranking.scores == found.ranking.ranks == found.ranking.low == [None, None]
        assert found.summary.alpha is None
        assert found.reliability == [None, None]


@pytest.mark.parametrize(
    "rows",
    [
        [("a", "x", 4), ("b", "y", 2)],
        [("a", "x", 4), ("b", "x", 2), ("c", "x", 5)],
        [("a", "x", 4), ("a", "y", 1), ("b", "z", 5)],
        [("a", "x", 3), ("a", "y", 3), ("b", "x", 3), ("b", "y", 3)],
        [("a", "x", 5)],
    ],
    ids=["one rating each", "one rater", "each rater once", "all equal", "a single rating"],
)
def test_where_variances_cannot_be_told_apart_the_mean_stays(rows):
    found = only(rows)
    by_mean = mean.rankings(table_of(rows))[0]
    assert found.ranking.scores == by_mean.scores
    assert found.ranking.ranks == by_mean.ranks
    assert set(found.ranking.low) == set(found.reliability) == {None}
    assert found.summary.chance is None


def test_a_rater_of_one_submission_pulls_it_half_way_only():
    rows = [(s, r, 1 + (s + r) % 4) for s in range(6) for r in range(4)]
    lone = [*rows, (0, "lone", 5)]
    without, found = only(rows), only(lone)
    lift = found.ranking.scores[0] - without.ranking.scores[0]
    assert 0 < lift < found.ranking.column.raw[0] - without.ranking.column.raw[0]
    assert found.summary.pieces == 1


def test_two_pieces_are_not_ranked_against_each_other():
    large = [(f"a{s}", f"x{r}", 1 + (s * r) % 5) for s in range(4) for r in range(3)]
    small = [(f"b{s}", f"y{r}", 5 - (s + r) % 2) for s in range(2) for r in range(2)]
    found = only([*large, *small])
    keys = found.ranking.column.submissions
    apart = {key for key, is_apart in zip(keys, found.is_apart, strict=True) if is_apart}
    assert apart == {"b0", "b1"}
    assert found.summary.pieces == 2
    unranked = {k for k, rank in zip(keys, found.ranking.ranks, strict=True) if rank is None}
    assert unranked == apart
    assert all(score is not None for score in found.ranking.scores)
    assert [c is None for c in found.chances] == found.is_apart


def test_fewer_than_the_least_have_a_score_and_no_place():
    rows = [(s, r, 1 + (s + r) % 5) for s in range(4) for r in range(3)] + [(9, 0, 5)]
    found = only(rows, least=2)
    assert found.ranking.ranks[-1] is None
    assert found.ranking.scores[-1] is not None


def test_equal_scores_share_a_place_at_six_decimals():
    rows = [(s, r, stars) for s in "ab" for r, stars in enumerate((4, 2, 5))]
    rows += [("c", r, 1) for r in range(3)]
    found = only(rows)
    assert found.ranking.ranks == [1, 1, 3]
    assert found.ranking.scores == [round(score, 6) for score in found.ranking.scores]


def test_perfectly_additive_scores_leave_nothing_to_chance():
    rows = [(s, r, s + r) for s in range(1, 4) for r in range(3)]
    found = only(rows)
    assert found.ranking.scores == pytest.approx([2.0, 3.0, 4.0], abs=1e-3)
    assert found.ranking.ranks == [3, 2, 1]


def test_criteria_that_do_not_apply_are_missing_and_weights_weigh():
    criteria = [Criterion("one", 3), Criterion("two", 1)]
    rows = [
        (s, r, c, 1 + (s + 2 * r + n) % 5)
        for s in range(5)
        for r in range(4)
        for n, c in enumerate(("one", "two"))
        if (s, c) != (2, "two")
    ]
    rows += [(2, r, "two", None) for r in range(4)]
    table = Table.of(rows, range(5), criteria)
    found = {column.key: adjusted.adjusted(table, column) for column in table.columns}
    assert found["two"].ranking.scores[2] is None
    assert found["two"].ranking.column.counts[2] == 0
    assert found[OVERALL].ranking.column.counts[2] == 4
    given = np.array([1 + (2 + 2 * r) % 5 for r in range(4)])
    assert table.overall[table.place == 2] == pytest.approx(given)
    both = [(3 * (1 + 2 * r % 5) + (1 + (2 * r + 1) % 5)) / 4 for r in range(4)]
    assert table.overall[table.place == 0] == pytest.approx(both)


# -- beside the scores -------------------------------------------------------------------------


def slow_alpha(units: dict[int, list[float]]) -> float | None:
    """Krippendorff's alpha for intervals, from its definition by pairs."""
    units = {u: v for u, v in units.items() if len(v) > 1}
    values = [v for vs in units.values() for v in vs]
    if not values or len(set(values)) == 1:
        return None
    size = len(values)
    within = (
        sum(sum((a - b) ** 2 for a in vs for b in vs) / (len(vs) - 1) for vs in units.values())
        / size
    )
    between = sum((a - b) ** 2 for a in values for b in values) / (size * (size - 1))
    return 1 - within / between


@QUICK
@given(jams())
def test_alpha_is_what_its_definition_says(rows):
    y, design = arrays(rows)
    units: dict[int, list[float]] = {}
    for submission, stars in zip(design.e.tolist(), y.tolist(), strict=True):
        units.setdefault(submission, []).append(stars)
    expected = slow_alpha(units)
    found = agreement.alpha(y, design)
    assert found == (None if expected is None else pytest.approx(expected))


def test_alpha_of_a_published_example():
    """Krippendorff (2011), example with four observers and missing data: .849 by intervals."""
    reliability = """
        1 2 3 3 2 1 4 1 2 . . .
        1 2 3 3 2 2 4 1 2 5 . 3
        . 3 3 3 2 3 4 2 2 5 1 .
        1 2 3 3 2 4 4 1 2 5 1 .
    """
    rows = [
        (unit, observer, int(value))
        for observer, line in enumerate(reliability.strip().splitlines())
        for unit, value in enumerate(line.split())
        if value != "."
    ]
    y, design = arrays(rows)
    assert agreement.alpha(y, design) == pytest.approx(0.849, abs=5e-4)


def test_reliability():
    v = Variances(0.3, 0.2, 0.4)
    assert agreement.reliability(v, np.array([1, 4])) == pytest.approx([0.3 / 0.9, 0.3 / 0.45])
    assert agreement.reliability(Variances(0, 0, 0), np.array([2])) == [None]
    assert agreement.reliability(None, np.array([2])) == [None]


@QUICK
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=40))
def test_pieces_are_what_a_walk_finds(edges):
    pairs = np.array(sorted(set(edges)))
    rated, e = np.unique(pairs[:, 0], return_inverse=True)
    _, r = np.unique(pairs[:, 1], return_inverse=True)
    found = agreement.pieces(Design.of(e, r))
    seen: dict[int, int] = {}
    for start in range(len(rated)):
        if start in seen:
            continue
        walk, number = [start], len(set(seen.values()))
        while walk:
            at = walk.pop()
            if seen.setdefault(at, number) != number or at in walk:
                continue
            for rater in r[e == at]:
                walk += [int(k) for k in e[r == rater] if k not in seen]
    assert found.tolist() == [seen[k] for k in range(len(rated))]


def test_a_long_chain_is_one_piece():
    size = 3000
    e = np.repeat(np.arange(size), 2)[1:-1]
    r = np.repeat(np.arange(size - 1), 2)
    assert agreement.pieces(Design.of(e, r)).max() == 0


def test_levels_go_on_while_the_first_is_within_reach():
    scores, reach = np.array([5.0, 4.8, 4.0, 3.9, 1.0]), np.full(5, 0.3)
    ranked = np.array([True, True, True, True, True])
    assert places.levels(scores, reach, ranked) == [1, 1, 3, 3, 5]
    ranked[1] = False
    assert places.levels(scores, reach, ranked) == [1, None, 2, 2, 4]


def test_draws_know_what_scores_have_in_common():
    """Two whose errors go together keep their order, and two alone change it half of the time."""
    scores, errors = np.array([3.1, 3.0]), np.array([1.0, 1.0])
    together = np.array([[1.0, 0.999], [0.999, 1.0]])
    kept, free = (
        places.draw(scores, errors, c, np.array([True, True]), seed=1, draws=2000)[0].top1
        for c in (together, None)
    )
    assert kept > 0.98
    assert 0.45 < free < 0.6


def test_variances_by_moments_where_both_sides_are_many():
    random = np.random.RandomState(0)
    e = np.concatenate([random.permutation(600) for _ in range(20)])
    r = np.repeat(np.arange(600), 20)
    y = (
        random.normal(0, 0.6, 600)[e]
        + random.normal(0, 0.5, 600)[r]
        + random.normal(0, 0.8, len(e))
    )
    found = variances(y, Design.of(e, r))
    assert found == moments(y, Design.of(e, r))
    assert list(vars(found).values()) == pytest.approx([0.36, 0.25, 0.64], rel=0.15)
