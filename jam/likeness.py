"""Which texts are about the same, told by the words that they share. Pure arithmetic.

A word counts the more, the fewer texts have it, so no list of common words is needed in any
language. Words are compared by their first letters, which most endings leave alone; writing
without spaces by pairs of characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from jam.words import folded

# Letters of a word that are compared.
STEM = 6
# From so much in common on, of 1 at most.
ALIKE = 0.34

_WORD = re.compile(r"\w+")
# Chinese, Japanese, Thai and their neighbours, which put no spaces between words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")


@lru_cache(maxsize=8192)
def pieces(text: str) -> frozenset[str]:
    """What of `text` is compared; remembered, since most is asked for again."""
    text = folded(text)
    found = set()
    for word in _WORD.findall(text):
        unspaced = _UNSPACED.findall(word)
        for run in unspaced:
            found.update(run[i : i + 2] for i in range(max(len(run) - 1, 1)))
        if not unspaced:
            found.add(word[:STEM])
    return frozenset(found)


class Texts:
    """Texts, each with a key, made ready once, so that those which are about the same as another
    are found in a moment."""

    def __init__(self, texts: Iterable[tuple[int, str]]):
        found = [(key, pieces(text)) for key, text in texts]
        counts = Counter(piece for _key, each in found for piece in each)
        n = len(found) + 1
        self._of_none = math.log(1 + n)
        self._weights = {p: math.log(1 + n / (1 + count)) for p, count in counts.items()}
        self._sums = {key: sum(map(self._weights.__getitem__, each)) for key, each in found}
        self._having: dict[str, list[int]] = {}
        for key, each in found:
            for piece in each:
                self._having.setdefault(piece, []).append(key)

    def alike(self, text: str, most: int = 5) -> list[int]:
        """Keys of those that are about what `text` is: most alike first, `most` at most."""
        typed = pieces(text)
        own = sum(self._weights.get(piece, self._of_none) for piece in typed)
        shared: dict[int, float] = {}
        for piece in typed:
            for key in self._having.get(piece, ()):
                shared[key] = shared.get(key, 0) + self._weights[piece]
        # As the cosine of two vectors, but of the weights themselves.
        scored = (
            (-weight / math.sqrt(own * self._sums[key]), key) for key, weight in shared.items()
        )
        return [key for score, key in sorted(scored) if score <= -ALIKE][:most]
