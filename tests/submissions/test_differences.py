"""What differs between two revisions: true, readable, and soon told whatever they hold."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from submissions.differences import (
    LONGEST,
    Budget,
    Kind,
    compare_texts,
    differences,
    inline,
    matches,
)

FEW_LINES = st.lists(st.text("ab ", max_size=5), max_size=12)


def rebuilt(lines, side: Kind) -> list[str]:
    """One of the two texts, of lines that were not skipped."""
    return [
        "".join(piece.text for piece in line.pieces if piece.kind in (Kind.SAME, side))
        for line in lines
        if line.kind in (Kind.SAME, Kind.CHANGED, side)
    ]


@given(FEW_LINES, FEW_LINES)
@settings(max_examples=200, deadline=None)
def test_both_texts_can_be_told_from_the_difference(before, after):
    before, after = ("\n".join(lines) for lines in (before, after))
    lines = list(compare_texts(before, after))
    if not any(line.kind == Kind.SKIPPED for line in lines):
        assert rebuilt(lines, Kind.REMOVED) == before.splitlines()
        assert rebuilt(lines, Kind.ADDED) == after.splitlines()


@given(FEW_LINES, FEW_LINES)
@settings(max_examples=200, deadline=None)
def test_matches_rise_in_both_and_hold_the_same(a, b):
    pairs = matches(a, b, Budget())
    assert all(a[i] == b[j] for i, j in pairs)
    for one, two in zip(pairs, pairs[1:], strict=False):
        assert one[0] < two[0]
        assert one[1] < two[1]


def test_a_line_is_compared_word_by_word():
    pieces = inline("We asked 12 people about it.", "We asked 21 kind people about it.")
    assert [(piece.kind.value, piece.text) for piece in pieces] == [
        ("same", "We asked "),
        ("removed", "12"),
        ("added", "21 kind"),
        ("same", " people about it."),
    ]


def test_what_is_the_same_is_left_out_but_for_a_few_lines_around():
    before = [f"Line {n}." for n in range(20)]
    after = [*before[:10], "Something quite new", *before[10:]]
    lines = list(compare_texts("\n".join(before), "\n".join(after)))
    assert [(line.kind.value, line.skipped) for line in lines] == [
        ("skipped", 8), ("same", 0), ("same", 0), ("added", 0), ("same", 0), ("same", 0),
        ("skipped", 8),
    ]  # fmt: skip


def content(**changes):
    return {
        "title": "Work",
        "abstract": "We asked.",
        "body": "One\nTwo",
        "tags": ["a", "b"],
        "links": [{"kind": "demo", "url": "https://a.example", "label": "Demo"}],
        "files": [
            {"id": 1, "kind": "report", "name": "report.pdf", "size": 9, "sha256": "a" * 64}
        ],
        "contributors": [
            {"id": 1, "name": "Ada", "affiliation": "Here"},
            {"id": 2, "name": "Bo", "affiliation": ""},
        ],
        **changes,
    }  # fmt: skip


def shown(before, after) -> dict[str, list[tuple[str, str]]]:
    """By the label of a field: the kinds of its lines or items, and their texts with what was
    taken out in [] and what was put in in {}."""
    marks = {Kind.SAME: "%s", Kind.REMOVED: "[%s]", Kind.ADDED: "{%s}"}
    return {
        each.label: [
            (line.kind.value, "".join(marks[piece.kind] % piece.text for piece in line.pieces))
            for line in each.lines or each.items
        ]
        for each in differences(before, after)
    }


@pytest.mark.parametrize(
    ("changes", "label", "lines"),
    [
        ({"title": "Works"}, "Title", [("removed", "[Work]"), ("added", "{Works}")]),
        ({"body": "One\nTwo\n3"}, "Text", [("same", "One"), ("same", "Two"), ("added", "{3}")]),
        ({"tags": ["b", "c"]}, "Tags", [("removed", "[a]"), ("added", "{c}")]),
        ({"tags": ["b", "a"]}, "Tags", [("changed", "In another order: b; a")]),
        ({"track": "Circuits"}, "Track", [("added", "{Circuits}")]),
        ({"ai_tools": "None"}, "AI tools", [("added", "{None}")]),
        ({"seed": 5}, "Seed", [("added", "{5}")]),
        ({"links": []}, "Links", [("removed", "[demo · Demo · https://a.example]")]),
        (
            {"links": [{"kind": "demo", "url": "https://a.example", "label": "Try"}]},
            "Links",
            [("changed", "demo · [Demo]{Try} · https://a.example")],
        ),
        (
            {"files": [{"id": 2, "name": "report.pdf", "sha256": "b" * 64}]},
            "Files",
            [("changed", f"report.pdf · SHA-256 [{'a' * 64}]{{{'b' * 64}}}")],
        ),
        ({"files": []}, "Files", [("removed", f"[report.pdf · SHA-256 {'a' * 64}]")]),
        (
            {"contributors": [{"id": 1, "name": "Ada", "affiliation": "X", "roles": ["software"]}]},
            "Contributors",
            [("removed", "[Bo]"), ("changed", "Ada, [Here]{X, Software}")],
        ),
        (
            {"answers": [{"question": "Why?", "answer": "To see."}]},
            "Why?",
            [("added", "{To see.}")],
        ),
    ],
)  # fmt: skip
def test_every_field_has_its_own_way(changes, label, lines):
    found = shown(content(), content(**changes))
    assert list(found) == [label]
    assert found[label] == lines


def test_what_is_the_same_differs_in_nothing():
    assert differences(content(), content(track="", answers=[])) == []


RANDOM = random.Random(1)
NUMBERED = [f"line {n}" for n in range(25_000)]
WORST = {
    "long prose": ("The quick brown fox. " * 50 + "\n") * 200,
    "two kinds of lines": "\n".join(RANDOM.choices("ab", k=100_000)),
    "two kinds of words": " ".join(RANDOM.choices("ab", k=100_000)),
    "one line of many words": "w " * 100_000,
    "numbered": "\n".join(NUMBERED),
    "shuffled": "\n".join(RANDOM.sample(NUMBERED, len(NUMBERED))),
    "every other line": "\n".join(x if n % 2 else f"{n}" for n, x in enumerate(NUMBERED)),
    "signs": "<&" * 100_000,
}


@pytest.mark.parametrize("name", WORST)
def test_the_longest_texts_are_compared_soon_and_fit_on_a_page(name):
    text = WORST[name][:200_000]
    others = [text.replace("a", "b").replace("fox", "cat") + "\nx", WORST["numbered"][:200_000],
              "\n".join(RANDOM.choices("ab", k=100_000)), ""]  # fmt: skip
    for other in others:
        began = time.perf_counter()
        (found,) = differences({"body": text}, {"body": other}) or [None]
        took = time.perf_counter() - began
        # Half a second at most on a machine that does nothing else.
        assert took < 5
        if found:
            assert sum(piece.cost for line in found.lines for piece in line.pieces) <= LONGEST * 1.1
