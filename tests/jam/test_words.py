"""Words as they are looked for, tags, and what sounds alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jam import likeness
from jam.words import folded, tags_in


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Überraschung  in\nŁódź", "uberraschung in lodz"),
        ("SEÑALES", "senales"),
        ("Straße", "strasse"),
        ("ﬁne Ｗｉｄｅ", "fine wide"),
        ("Ἀθῆναι", "αθηναι"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        # Marks that are letters: other words without them.
        ("हिन्दी", "हिन्दी"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("ガギグ", "ガギグ"),
        ("한국어", "한국어"),
    ],
)
def test_accents_and_case_go_and_letters_stay(text, plain):
    assert folded(text) == plain


@given(st.text())
def test_folding_twice_is_as_once(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("", []),
        (" , ,", []),
        ("#Vision, sparse  codes,VISION", ["vision", "sparse codes"]),
        ("視覚、音声，文章", ["視覚", "音声", "文章"]),
        ("رؤية، صوت", ["رؤية", "صوت"]),
    ],
)
def test_tags_are_parted_by_commas_of_any_script(line, tags):
    assert tags_in(line) == tags


THERE = {
    1: "What do induction heads do when the copy is not exact?",
    2: "How many of our features are there again with another seed?",
    3: "A calculator for carry bits",
    4: "The same circuit, in a language with cases",
    5: "¿Cómo se propaga una señal entre capas?",
    6: "注意機構の可視化について",
    7: "A test suite for interpretability notebooks",
}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Induction heads and copies that are not exact", [1]),
        ("Carry bits: a calculator", [3]),
        ("propagacion de una senal", [5]),
        ("注意機構を可視化", [6]),
        ("Testing interpretability notebooks", [7]),
        ("Weather in Greenland", []),
        ("", []),
    ],
)
def test_what_says_the_same_is_found(typed, found):
    assert likeness.Texts(THERE.items()).alike(typed)[: len(found) or 1] == found


@given(st.text(), st.lists(st.text(), max_size=8))
def test_whatever_is_typed_a_text_is_most_like_itself(typed, others):
    rows = list(enumerate([typed, *others]))
    found = likeness.Texts(rows).alike(typed, most=20)
    assert len(found) == len(set(found))
    own = likeness.pieces(typed)
    same = {key for key, text in rows if own and likeness.pieces(text) == own}
    assert set(found[: len(same)]) == same
