"""Setting text of any script where no browser does it: which font has which sign, where a line
breaks, and in which order its pieces stand.

The fonts are vendored ones: those of the pages, then one for each script (`deploy/vendor.py`).
"""

from __future__ import annotations

import hashlib
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from fpdf.bidi import BidiParagraph

FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "fonts" / "drawn"
# Large ones, which are opened only for what no other has.
_HAN = ("sc-chinese-simplified", "jp-japanese", "tc-chinese-traditional", "kr-korean")
TEXT = [
    f"inter-{part}-400-normal"
    for part in ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek")
]
TITLE = [f"bricolage-grotesque-{part}-700-normal" for part in ("latin", "latin-ext", "vietnamese")]
TITLE += TEXT
# Signs that go with the one before them.
_JOINED = {"\u200d", *map(chr, range(0x1F3FB, 0x1F400))}


@dataclass(frozen=True)
class Run:
    """Signs of one font and direction, in the order in which they are read."""

    text: str
    font: str
    is_from_right: bool


def path_of(font: str) -> Path:
    return FONTS / f"{font}.woff2"


@lru_cache(maxsize=64)
def unpacked(font: str) -> Path:
    """A font as TrueType. Unpacking a large one takes seconds, so it is done once for good."""
    from fontTools.ttLib import TTFont

    packed = path_of(font)
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()[:16]
    path = Path(settings.VAR_DIR) / "fonts" / f"{font}-{digest}.ttf"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            TTFont(packed) as opened,
            tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as written,
        ):
            opened.flavor = None
            opened.save(written)
        # Whoever comes second puts the same there.
        Path(written.name).replace(path)
    return path


@lru_cache(maxsize=1)
def _scripts() -> list[str]:
    """The fonts for single scripts, by name, without the large ones."""
    names = sorted(path.stem for path in FONTS.glob("*.woff2"))
    return [name for name in names if not any(part in name for part in _HAN)]


@lru_cache(maxsize=64)
def signs_of(font: str) -> frozenset[int]:
    """The code points that a font has."""
    from fontTools.ttLib import TTFont

    with TTFont(path_of(font), lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def _fallbacks(text: str) -> Iterator[str]:
    yield from _scripts()
    names = [f"noto-sans-{part}-400-normal" for part in _HAN]
    # The same signs are written otherwise in Japan.
    if any("HIRAGANA" in (name := unicodedata.name(s, "")) or "KATAKANA" in name for s in text):
        names.sort(key=lambda name: "-jp-" not in name)
    yield from names


def font_of(sign: str, fonts: Sequence[str], text: str) -> str:
    """The first font that has a sign; the first of all where none has."""
    found = (font for font in [*fonts, *_fallbacks(text)] if ord(sign) in signs_of(font))
    return next(found, fonts[0])


def runs(line: str, fonts: Sequence[str], from_right: bool | None = None) -> list[Run]:
    """The pieces of a line, from left to right as they stand; it is part of a text that is read
    from the right or not (as the line itself, where that is not said)."""
    paragraph = _paragraph(line, from_right)
    # Fills the levels in.
    paragraph.get_reordered_characters()
    pieces = []
    for level, characters in groupby(paragraph.characters, key=lambda c: c.embedding_level):
        signs = "".join(character.character for character in characters)
        found = [Run(t, font, level % 2 == 1) for t, font in _by_font(signs, fonts, line)]
        pieces += [(level, run) for run in found]
    # Whatever stands at a level or above it is turned round, from the innermost outwards.
    for level in range(max((level for level, _run in pieces), default=0), 0, -1):
        turned = []
        for is_inside, group in groupby(pieces, key=lambda piece, level=level: piece[0] >= level):
            some = list(group)
            turned += reversed(some) if is_inside else some
        pieces = turned
    return [run for _level, run in pieces]


def _by_font(text: str, fonts: Sequence[str], line: str) -> Iterator[tuple[str, str]]:
    """Neighbours of one font; signs that join stay with what is before them."""
    now, kept = "", ""
    for sign in text:
        stays = sign in _JOINED or unicodedata.category(sign)[0] in "MC"
        font = now if stays and now else font_of(sign, fonts, line)
        if font != now and kept:
            yield kept, now
            kept = ""
        now, kept = font, kept + sign
    if kept:
        yield kept, now


def clusters(text: str) -> list[str]:
    """A text in pieces between which a line may break where there are no spaces."""
    found: list[str] = []
    for sign in text:
        joins = sign in _JOINED or unicodedata.category(sign).startswith("M")
        if found and (joins or found[-1].endswith("\u200d")):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def lines(text: str, width: Callable[[str], float], widest: float, most: int) -> list[str] | None:
    """The text in lines, none wider than `widest` by the measure `width`; None where they would be
    more than `most`."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if width(longer) <= widest:
            found[-1] = longer
            continue
        if found[-1]:
            found.append("")
        # A word that is too wide is broken wherever it is full.
        for piece in [word] if width(word) <= widest else clusters(word):
            if found[-1] and width(found[-1] + piece) > widest:
                found.append("")
            found[-1] += piece
        if len(found) > most:
            return None
    return found if len(found) <= most else None


def shortened(text: str, width: Callable[[str], float], widest: float, most: int) -> list[str]:
    """The text in at most so many lines; what has no room is left out, and dots say so."""
    if (whole := lines(text, width, widest, most)) is not None:
        return whole
    pieces = clusters(text)
    short, long = 0, len(pieces)
    while long - short > 1:
        middle = (short + long) // 2
        cut = "".join(pieces[:middle]).rstrip() + "…"
        if lines(cut, width, widest, most) is None:
            long = middle
        else:
            short = middle
    return lines("".join(pieces[:short]).rstrip() + "…", width, widest, most) or []


def is_from_right(text: str) -> bool:
    """Whether a text is read from right to left."""
    return _paragraph(text).base_embedding_level == 1


def _paragraph(text: str, from_right: bool | None = None) -> BidiParagraph:
    # Imported here, as it takes a second and 40 MB, and few processes ever draw anything.
    from fpdf.bidi import BidiParagraph
    from fpdf.enums import TextDirection

    way = {True: TextDirection.RTL, False: TextDirection.LTR, None: None}[from_right]
    return BidiParagraph(text, way, preserve_bn_chars=True)
