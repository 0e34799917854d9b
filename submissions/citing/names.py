"""The parts of a person's name, where they can be told from how it is written.

People give their name as others are to see it. Reference managers want to know by what to sort it;
where that would be a guess (an institution, one word, a name in small letters, a script without
spaces), the name is left whole, which every format can say.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# They go with the family name that follows them.
PARTICLES = {
    "af", "al", "am", "ap", "av", "aw", "bar", "ben", "bin", "bint", "d'", "da", "dal", "das", "de",
    "degli", "dei", "del", "della", "der", "des", "di", "do", "dos", "du", "el", "ibn", "la", "las",
    "le", "los", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur",
}  # fmt: skip
SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
# A name that has one of these words is that of an institution or a group.
INSTITUTIONS = {
    "academy", "association", "centre", "center", "club", "collective", "college", "committee",
    "company", "consortium", "corporation", "council", "department", "faculty", "foundation",
    "group", "gmbh", "hochschule", "inc", "initiative", "institut", "institute", "institution",
    "instituto", "lab", "laboratory", "labs", "league", "llc", "ltd", "ministry", "museum",
    "network", "organisation", "organization", "project", "research", "school", "society", "team",
    "the", "universidad", "universidade", "universitat", "universite", "universitet", "university",
    "union", "verein", "workshop",
}  # fmt: skip
# Of these scripts the name of the family comes first.
FAMILY_FIRST = re.compile(r"(CJK UNIFIED|HIRAGANA|KATAKANA|HANGUL|BOPOMOFO)")
CASED = re.compile(r"(LATIN|GREEK|CYRILLIC|ARMENIAN)")
WORD = re.compile(r"[^\W\d_]+(?:['’.\-‐][^\W\d_]+)*\.?", re.UNICODE)


@dataclass(frozen=True)
class Name:
    """A name as it is written, and its parts; without a family name it is whole."""

    whole: str
    given: str = ""
    particle: str = ""
    family: str = ""
    suffix: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.family

    @property
    def sorted_by(self) -> str:
        """The family name with what goes before it."""
        return f"{self.particle} {self.family}".strip()


def parts_of(name: str) -> Name:
    """The parts of a name, or the name whole where they cannot be told."""
    words = name.split()
    if not 2 <= len(words) <= 6 or not all(WORD.fullmatch(_marks_joined(word)) for word in words):
        return Name(name)
    if all(_is_of(FAMILY_FIRST, word) for word in words):
        return Name(name, given=words[1], family=words[0]) if len(words) == 2 else Name(name)
    if not all(_is_of(CASED, word) for word in words) or INSTITUTIONS & set(map(_folded, words)):
        return Name(name)
    suffix = words.pop() if _folded(words[-1]) in SUFFIXES else ""
    first = len(words) - 1
    while first > 1 and words[first - 1].islower() and _folded(words[first - 1]) in PARTICLES:
        first -= 1
    given, particles, family = words[:first], words[first:-1], words[-1]
    if not given or not all(word[0].isupper() for word in [*given, family]):
        return Name(name)
    return Name(name, " ".join(given), " ".join(particles), family, suffix)


def _marks_joined(word: str) -> str:
    """A word with its accents as one sign each, as far as there are such signs."""
    joined = unicodedata.normalize("NFC", word)
    return "".join(sign for sign in joined if not unicodedata.combining(sign))


def _folded(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.strip(".,").casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _is_of(scripts: re.Pattern[str], word: str) -> bool:
    letters = [sign for sign in _marks_joined(word) if sign.isalpha()]
    return all(scripts.match(unicodedata.name(sign, "")) for sign in letters)
