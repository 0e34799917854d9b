"""What stands out is found, and honest raters hardly ever do."""

from __future__ import annotations

import numpy as np

from ratings.tally import suspicions
from ratings.tally.suspicions import without
from ratings.tally.table import Criterion, Table


def honest(seed: int, submissions: int = 40, raters: int = 60, each: int = 8) -> dict:
    """Stars of honest raters, some strict and some mild, by submission and rater."""
    random = np.random.RandomState(seed)
    q, s = random.normal(0, 0.6, submissions), random.normal(0, 0.5, raters)
    stars = {}
    for rater in range(raters):
        for submission in random.choice(submissions, each, replace=False):
            y = 3.2 + q[submission] + s[rater] + random.normal(0, 0.6)
            stars[int(submission), f"r{rater}"] = int(np.clip(round(y), 1, 5))
    return stars


def table_of(stars: dict) -> Table:
    rows = [(e, r, "d", y) for (e, r), y in stars.items()]
    return Table.of(rows, {e for e, _r in stars}, [Criterion("d")])


def kinds(stars: dict, own=(), together=()) -> list[str]:
    return [f.kind for f in suspicions.suspicions(table_of(stars), dict(own), dict(together))]


def test_a_rater_who_favours_one_team():
    stars = honest(1)
    for rater in range(40, 52):
        stars[0, f"r{rater}"] = 1
    stars[0, "r5"] = 5
    found = [f for f in suspicions.suspicions(table_of(stars), {}, {}) if f.kind == "favour"]
    assert (0, "r5") in [pair for f in found for pair in f.ratings]
    worst = max(found, key=lambda f: f.stars)
    assert worst.stars > 2
    assert worst.measure > suspicions.FAR


def test_a_mild_rater_is_not_one_who_favours():
    stars = {(e, f"r{r}"): 2 + (e + r) % 2 for e in range(8) for r in range(6)}
    stars |= {(e, "mild"): 5 for e in range(7)} | {(7, "mild"): 4}
    assert "favour" not in kinds(stars)


def test_reciprocal_praise():
    stars = {(e, f"r{r}"): 2 + (e * r) % 2 for e in range(8) for r in range(8)}
    stars |= {(e, "anna"): 2 for e in range(2, 8)} | {(e, "bert"): 2 for e in range(2, 8)}
    stars |= {(1, "anna"): 5, (0, "bert"): 5}
    own = {"anna": [0], "bert": [1]}
    [found] = [f for f in suspicions.suspicions(table_of(stars), own, {}) if f.kind == "mutual"]
    assert set(found.ratings) == {(1, "anna"), (0, "bert")}
    assert set(found.raters) == {"anna", "bert"}
    # One way only is none.
    del stars[0, "bert"]
    assert "mutual" not in kinds(stars, own)


def test_a_ring_of_new_accounts():
    stars = honest(2)
    ring = ["n1", "n2", "n3", "n4"]
    stars |= {(3, name): 5 for name in ring}
    together = {"hour": [ring], "address": [[*ring[:2], "r1"]]}
    found = suspicions.suspicions(table_of(stars), {}, together)
    [group] = [f for f in found if f.kind == "hour"]
    assert set(group.ratings) == {(3, name) for name in ring}
    assert group.stars > 0
    # Two are no group, and r1 rated something else.
    assert "address" not in [f.kind for f in found]


def test_raters_far_off_and_raters_who_give_all_the_same():
    stars = {(e, f"r{r}"): 1 + e % 5 for e in range(12) for r in range(8)}
    stars |= {(e, "contrary"): 5 - e % 5 for e in range(12)}
    stars |= {(e, "same"): 3 for e in range(12)}
    found = {f.kind: f.raters for f in suspicions.suspicions(table_of(stars), {}, {})}
    assert found["off"] == ("contrary",)
    assert found["same"] == ("same",)


def test_honest_jams_have_few_findings():
    """Of 480 honest ratings less than one in a hundred stands out."""
    counts = [len(kinds(honest(seed))) for seed in range(20)]
    assert np.mean(counts) < 4.8
    assert max(counts) < 12


def test_little_to_compare_with_is_no_finding_and_no_error():
    assert kinds({}) == []
    assert kinds({(0, "a"): 5}) == []
    assert kinds({(0, "a"): 5, (0, "b"): 1}) == []


def test_without_leaves_out_what_is_named():
    table = table_of({(0, "a"): 5, (0, "b"): 1, (1, "a"): 3})
    less = without(table, [(0, "a"), (7, "a"), (1, "nobody")])
    assert less.ratings.tolist() == [1, 1]
    assert less.values[0].tolist() == [1, 3]
