"""Words as they are compared: without accents, case and signs, so that each finds the other."""

from __future__ import annotations

import unicodedata

# Letters that Unicode takes for ones of their own, and people write without their strokes.
_STROKES = str.maketrans(
    {"æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "œ": "oe"}
)
_APOSTROPHES = frozenset("'`´‘’ʹʻʼʿ")


def fold(text: str) -> str:
    """`text` as it is compared: "São  Paulo" and "sao-paulo" are "sao paulo"."""
    # Once more afterwards, since some signs are capitals only when taken apart.
    parted = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_STROKES)
    kept = (sign for sign in parted if sign not in _APOSTROPHES and not unicodedata.combining(sign))
    # Vowels of Indic scripts are marks and neither letters nor digits, but part of the word.
    signs = (
        sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in kept
    )
    return " ".join("".join(signs).split())
