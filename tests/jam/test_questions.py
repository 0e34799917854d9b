"""Questions that organizers ask: which options fit, and what an answer may be."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from jam.questions import LONGEST, MOST_OPTIONS, Kind, check, field_of


def question(kind=Kind.SHORT, options="", text="Why?", help_text="In a word."):
    return SimpleNamespace(kind=kind, options=options, text=text, help_text=help_text)


@pytest.mark.parametrize(
    ("kind", "options", "fits"),
    [
        (Kind.SHORT, "", True),
        (Kind.SHORT, "a\nb", False),
        (Kind.YES_NO, "Yes\nNo", False),
        (Kind.CHOICE, "", False),
        (Kind.CHOICE, "one", False),
        (Kind.CHOICE, "one\n\n  two \r\n", True),
        (Kind.CHOICE, "one\n one", False),
        (Kind.CHOICE, "one\n" + "x" * LONGEST[Kind.SHORT], True),
        (Kind.CHOICE, "one\n" + "x" * (LONGEST[Kind.SHORT] + 1), False),
        (Kind.CHOICE, "\n".join(map(str, range(MOST_OPTIONS))), True),
        (Kind.CHOICE, "\n".join(map(str, range(MOST_OPTIONS + 1))), False),
    ],
)
def test_which_options_fit(kind, options, fits):
    if fits:
        check(question(kind, options))
    else:
        with pytest.raises(ValidationError) as refused:
            check(question(kind, options))
        assert list(refused.value.message_dict) == ["options"]


@pytest.mark.parametrize(
    ("asked", "answer", "fits"),
    [
        (question(), "x" * 200, True),
        (question(), "x" * 201, False),
        (question(), "nul \0", False),
        (question(Kind.LONG), "x" * 4000, True),
        (question(Kind.LONG), "x" * 4001, False),
        (question(Kind.YES_NO), "Yes", True),
        (question(Kind.YES_NO), "yes", False),
        (question(Kind.CHOICE, "α\nβ"), "β", True),
        (question(Kind.CHOICE, "α\nβ"), "γ", False),
        (question(Kind.CHOICE, "α\nβ"), "", True),
    ],
)
def test_what_an_answer_may_be(asked, answer, fits):
    field = field_of(asked)
    assert (field.label, field.help_text) == ("Why?", "In a word.")
    if fits:
        assert field.clean(answer) == answer
    else:
        with pytest.raises(ValidationError):
            field.clean(answer)


def test_where_it_is_required():
    with pytest.raises(ValidationError):
        field_of(question(Kind.YES_NO), required=True).clean("")


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (question(Kind.CHOICE, "new\nnewer"), "old"),
        (question(Kind.YES_NO), "In part"),
        (question(Kind.SHORT), "x" * 3000),
    ],
)
def test_what_was_answered_to_another_wording_stays(asked, answered):
    assert field_of(asked, answered=answered).clean(answered) == answered
