"""Words as people look for them: without accents and case, in any script. Pure."""

from __future__ import annotations

import re
import unicodedata

MOST_TAGS, LONGEST_TAG = 6, 40

# Letters that no decomposition takes apart.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_COMMAS = re.compile(r"[,،、，;；\n]+")


def _is_accent(character: str) -> bool:
    """Whether it is a mark above or below a letter that readers leave out when they search. The
    signs of Indic, Thai and Japanese writing belong to other classes and are letters to them."""
    combining = unicodedata.combining(character)
    return 10 <= combining <= 36 or combining >= 200


def folded(text: str) -> str:
    """`text` without accents and case, with single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in apart if not _is_accent(c)).translate(_PLAIN)
    return " ".join(unicodedata.normalize("NFC", bare).split())


def tags_in(text: str) -> list[str]:
    """The tags in a line of them, separated by commas of any script: in small letters, each once,
    in the order in which they were written; as many and as long as they are."""
    tags = (
        " ".join(unicodedata.normalize("NFKC", tag).lower().replace("#", " ").split())
        for tag in _COMMAS.split(text)
    )
    return list(dict.fromkeys(tag for tag in tags if tag))
