"""Names are parted where that is plain, and left whole where it would be a guess."""

import pytest

from submissions.citing.names import parts_of


@pytest.mark.parametrize(
    ("name", "given", "particle", "family", "suffix"),
    [
        ("Ada Lovelace", "Ada", "", "Lovelace", ""),
        ("Mary-Jane O’Brien", "Mary-Jane", "", "O’Brien", ""),
        ("J. R. R. Tolkien", "J. R. R.", "", "Tolkien", ""),
        ("Ludwig van Beethoven", "Ludwig", "van", "Beethoven", ""),
        ("Juan de la Cruz", "Juan", "de la", "Cruz", ""),
        ("Martin Luther King Jr.", "Martin Luther", "", "King", "Jr."),
        ("Łukasz Żółć", "Łukasz", "", "Żółć", ""),
        ("Лев Толстой", "Лев", "", "Толстой", ""),
        ("山田 太郎", "太郎", "", "山田", ""),
        ("김 민준", "민준", "", "김", ""),
    ],
)
def test_parted(name, given, particle, family, suffix):
    parts = parts_of(name)
    assert (parts.given, parts.particle, parts.family, parts.suffix) == (
        given, particle, family, suffix,
    )  # fmt: skip
    assert parts.whole == name


@pytest.mark.parametrize(
    "name",
    [
        "", "Ada", "毛泽东", "night owl", "Night owl", "ada lovelace", "x_ada Lovelace", "Team 42",
        "The Alignment Team", "University of Oxford", "Université Paris-Saclay", "Smith & Sons",
        "Smith, Ada", "José Ortega y Gasset", "van Beethoven", "A B C D E F G",
        "محمد بن سلمان", "山田 太郎 様", "Ada 太郎", "Jr. Jr.",
    ],
)  # fmt: skip
def test_whole(name):
    assert parts_of(name).is_whole
    assert parts_of(name).whole == name
