"""The file of ratings: written as read, any finite number taken, nonsense refused by its line."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratings.tally import adjusted, files, itch, mean
from ratings.tally.files import Unreadable
from ratings.tally.table import OVERALL, Criterion, Table

ROOT = Path(__file__).resolve().parents[3]
HEAD = "submission,rater,criterion,score\n"


def read(text: str, weights=None) -> Table:
    return files.read(io.StringIO(text, newline=""), weights)


def whole(table: Table) -> str:
    return b"".join(files.written(table)).decode()


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cc"]),
                min_size=1, max_size=8)  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 12), NAMES),
        st.tuples(*[st.one_of(st.none(), st.integers(1, 5))] * 2),
        max_size=15,
    ),
    st.lists(NAMES.filter(lambda n: n.casefold() != OVERALL), min_size=2, max_size=2, unique=True),
)
def test_what_is_written_is_read(ratings, names):
    rows = [
        (s, r, c, stars)
        for (s, r), both in ratings.items()
        for c, stars in zip(names, both, strict=True)
    ]
    table = Table.of(rows, range(1, 13), [Criterion(name) for name in names])
    text = whole(table)
    assert text == whole(read(text))
    told = list(csv.reader(io.StringIO(text, newline="")))
    assert told[0] == list(files.HEADER)
    assert len(told) == 1 + len(rows) + 12 - len({s for s, _r in ratings})
    for rule in (mean, itch, adjusted):
        here = [(str(line.submission), *line.__dict__.values()) for line in rule.standings(table)]
        there = rule.standings(read(text, dict.fromkeys(names, 1)))
        assert [line[2:] for line in here] == [tuple(line.__dict__.values())[1:] for line in there]


def test_a_submission_without_ratings_has_a_row():
    table = Table.of([(2, "r", "d", 3)], [1, 2, 10], [Criterion("d")])
    assert whole(table) == HEAD + "1,,,\n2,r,d,3\n10,,,\n"


def test_names_are_quoted_where_they_must_be():
    table = Table.of([('a,"b"', "r\nr", "d", 3)], ['a,"b"'], [Criterion("d")])
    assert whole(table) == HEAD + '"a,""b""","r\nr",d,3\n'
    assert read(whole(table)).submissions == ['a,"b"']


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1: the first line must name the columns"),
        ("submission,rater,score\n", "line 1"),
        (HEAD + "1,r,d\n", "line 2: 3 cells instead of 4"),
        (HEAD + "1,r,d,3\n\n1,q,d,x\n", "line 4: “x” is no number"),
        (HEAD + "1,r,d,nan\n", "line 2: “nan” is no number"),
        (HEAD + "1,r,d,inf\n", "line 2: “inf” is no number"),
        (HEAD + "1,r,d,1_0\n", "line 2: “1_0” is no number"),
        (HEAD + "1,r,d,٣\n", "line 2: “٣” is no number"),
        (HEAD + "1,r,d,1e999\n", "line 2: “1e999” is beyond"),
        (HEAD + "1,r,d,1e-999999999\n", "is beyond"),
        (HEAD + "1,r,d,9e999999999999\n", "line 2: “9e999999999999” is"),
        (HEAD + ",r,d,3\n", "line 2: no submission"),
        (HEAD + "1,,d,3\n", "line 2: no rater"),
        (HEAD + "1,r,,3\n", "line 2: no criterion"),
        (HEAD + "1,r,Overall,3\n", "line 2: “overall” is"),
        (HEAD + "1,r,d,3\n1,r,d,4\n", "line 3: this rater's score stands here twice"),
        (HEAD + '1,r,d,"3\n', "line"),
    ],
)
def test_nonsense_is_refused_by_its_line(text, why):
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert why in str(refused.value)


def test_columns_may_come_in_any_order_and_with_a_mark():
    text = "\ufeffScore,Criterion,Rater,Submission\n4,d,r,1\n"
    table = files.read(io.StringIO(text.lstrip("\ufeff"), newline=""))
    assert mean.standings(table)[0].score == 4


def test_any_finite_number_is_computed_exactly():
    table = read(HEAD + "1,a,d,0.1\n1,b,d,0.2\n2,a,d,0.3\n2,b,d,0\n3,a,d,-1.5e2\n4,a,d,1e300\n")
    lines = {line.submission: line for line in mean.standings(table) if line.criterion == "d"}
    # 0.1 + 0.2 is 0.3, so both share a place.
    assert lines["1"].rank == lines["2"].rank == 2
    assert lines["1"].raw == lines["2"].raw == 0.15
    assert (lines["4"].rank, lines["4"].score) == (1, 1e300)
    assert lines["3"].rank == 4
    by_itch = {x.submission: x for x in itch.standings(table) if x.criterion == "d"}
    assert [by_itch[str(n)].rank for n in (4, 1, 2, 3)] == [1, 2, 2, 4]
    assert all(x.score is not None for x in adjusted.standings(table))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "scores",
    [
        ["1e308", "-1e308", "1.5e308", "0", "1e308", "7"],
        ["1e200", "-3", "1e-300", "2", "5", "1e200"],
        ["1e-320", "3e-320", "0", "1e-322", "2e-320", "0"],
        ["-1e-9", "1e-9", "0", "-1e-9", "0", "0"],
    ],
)
def test_numbers_of_any_size_have_finite_scores_in_the_order_of_their_ranks(scores):
    cells = [f"{s},{r},d,{score}" for (s, r), score in zip(np.ndindex(3, 2), scores, strict=True)]
    table = read(HEAD + "\n".join(cells))
    for rule in (mean, itch, adjusted):
        lines = rule.standings(table)
        told = [x for line in lines for x in (line.score, line.low, line.high) if x is not None]
        assert np.isfinite(told).all()
        assert "-0.0" not in map(str, told)
        for column in ("d", OVERALL):
            order = sorted((x.rank, x.score) for x in lines if x.criterion == column)
            assert order == sorted(order, key=lambda pair: -pair[1])
    summary = adjusted.adjusted(table, table.columns[0]).summary
    assert all(x is None or np.isfinite(x) for x in (summary.mean, summary.chance, summary.alpha))


def test_huge_scores_are_adjusted_as_their_likes_are():
    """In other units the same model fits."""
    random = np.random.RandomState(3)
    cells = [f"{s},{r},d,{random.randint(1, 6)}" for s in range(6) for r in range(5)]
    small, huge = read(HEAD + "\n".join(cells)), read(HEAD + "".join(f"{c}e250\n" for c in cells))
    pairs = zip(adjusted.standings(small), adjusted.standings(huge), strict=True)
    for a, b in pairs:
        assert b.rank == a.rank
        assert [b.score, b.low, b.high] == pytest.approx(
            [x * 1e250 for x in (a.score, a.low, a.high)], rel=1e-6
        )


def test_negative_scores_keep_their_order_by_the_games_jam_rule():
    table = read(HEAD + "1,a,d,-1\n1,b,d,-1\n2,a,d,-2\n2,b,d,-2\n")
    assert [line.rank for line in itch.standings(table)][:2] == [1, 2]


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ('{"a": 2, "b": 0.5}', {"a": 2, "b": Fraction(1, 2)}),
        ('{"rule": "mean", "weights": {"a": "1.25"}}', {"a": Fraction(5, 4)}),
        ("{}", {}),
    ],
)
def test_weights_bare_or_with_the_rules(text, weights):
    found = files.read_rules(io.StringIO(text))
    assert {name: Fraction(weight) for name, weight in found["weights"].items()} == weights


@pytest.mark.parametrize(
    "text",
    [
        "[]", "1", "{", "[" * 100_000,
        '{"a": -1}', '{"a": "x"}', '{"a": true}', '{"a": NaN}', '{"a": null}', '{"a": 1e-99999}',
        '{"weights": {}, "rule": ["mean"]}', '{"weights": {}, "rule": "median"}',
        '{"weights": {}, "seed": -1}', '{"weights": {}, "seed": 4294967296}',
        '{"weights": {}, "least": 0}', '{"weights": {}, "least": 1.5}',
    ],
)  # fmt: skip
def test_weights_that_make_no_sense_are_refused(text):
    with pytest.raises(Unreadable):
        files.read_rules(io.StringIO(text))


# -- the command, as on anybody's machine ----------------------------------------------------------


def recompute(folder: Path, *arguments: str, **machine: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", "recompute", *arguments],
        cwd=folder, env={"PATH": "/usr/bin:/bin", **machine}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path) -> Path:
    rows = [
        f"{s},{r},{c},{1 + (s + r * c) % 5}" for s in (1, 2, 3) for r in (4, 5, 6) for c in (7, 8)
    ]
    (tmp_path / "ratings.csv").write_text(HEAD + "\n".join(rows) + "\n9,,,\n")
    (tmp_path / "weights.json").write_text('{"7": 2}')
    return tmp_path


@pytest.mark.parametrize("rule", ["mean", "itch", "adjusted"])
def test_the_command_needs_nothing_but_the_file(folder, rule):
    done = recompute(folder, "ratings.csv", "--rule", rule, "--weights", "weights.json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert tuple(rows[0]) == files.STANDING
    assert {row["criterion"] for row in rows} == {"7", "8", OVERALL}
    assert len(rows) == 3 * 4
    unrated = [row for row in rows if row["submission"] == "9"]
    assert all(row["n"] == "0" and row["score"] == row["rank"] == "" for row in unrated)
    told = json.loads(recompute(folder, "ratings.csv", "--rule", rule, "--weights", "weights.json",
                                "--seed", "3", "--format", "json").stdout)  # fmt: skip
    assert [row["score"] for row in told["standings"]] == [
        float(row["score"]) if row["score"] else None for row in rows
    ]
    assert ("rank_low" in told["standings"][0]) is (rule == "adjusted")


def test_the_command_says_what_is_wrong(folder):
    (folder / "bad.csv").write_text(HEAD + "1,r,d,?\n")
    (folder / "latin.csv").write_bytes(HEAD.encode() + b"1,r,d,3\n1,q,\xe9,3\n")
    for arguments, code, why in [
        (["nothing.csv"], 1, "nothing.csv: No such file"),
        (["bad.csv"], 1, "bad.csv: line 2: “?” is no number"),
        (["latin.csv"], 1, "latin.csv: line 3: not UTF-8"),
        (["ratings.csv", "--weights", "ratings.csv"], 1, "not JSON"),
        (["ratings.csv", "--seed", "-1"], 2, "a whole number from 0 to 4294967295 is wanted"),
        (["ratings.csv", "--least", "0"], 2, "a whole number from 1 to"),
        (["ratings.csv", "--rule", "median"], 2, "invalid choice"),
    ]:
        done = recompute(folder, *arguments)
        assert done.returncode == code
        assert why in done.stderr
        assert "Traceback" not in done.stderr


def test_every_machine_has_the_same_decimals(tmp_path):
    """Other processors add up in another order, and more threads in yet another."""
    random = np.random.RandomState(0)
    rows = [
        f"{submission},{rater},{criterion},{random.randint(1, 6)}"
        for rater in range(60)
        for submission in random.choice(80, 8, replace=False)
        for criterion in "ab"
    ]
    (tmp_path / "ratings.csv").write_text(HEAD + "\n".join(rows) + "\n")
    machines = [
        {"OPENBLAS_NUM_THREADS": "1"},
        {"OPENBLAS_NUM_THREADS": "2"},
        {"OPENBLAS_CORETYPE": "Nehalem"},
        {"OPENBLAS_CORETYPE": "Sandybridge", "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX2 FMA3"},
    ]
    told = [
        recompute(tmp_path, "ratings.csv", "--seed", "4", "--format", "json", **machine).stdout
        for machine in machines
    ]
    standings = [json.loads(text)["standings"] for text in told]
    assert standings[0]
    assert all(other == standings[0] for other in standings[1:])
