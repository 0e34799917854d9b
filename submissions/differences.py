"""What differs between two revisions: pure, and bounded in time and in length whatever they hold.

Texts are compared line by line, and lines that took another's place word by word. Matches are
anchored at what stands once in both, and `difflib` only fills the gaps between anchors, up to a
budget: beyond that a stretch is told as taken out and put in whole, which is true as well.
"""

from __future__ import annotations

import difflib
import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.models.credit import named

# Pairs of lines or of words that are compared in one gap, and in all gaps of a text: the worst that
# anybody can write takes about a second.
GAP, BUDGET = 40_000, 400_000
# Lines that are shown around what changed.
AROUND = 2
# Of all differences so much is shown, in bytes of HTML, and what the tags around a piece take.
LONGEST, TAGS = 90_000, 160
# Of two lines that stand for each other at least this share of words is the same.
ALIKE = 0.4
# A line takes the place of one of the next so many.
NEAR = 8
WORDS = re.compile(r"\d+(?:[.,]\d+)+|\w+|\s+|[^\w\s]")


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Piece:
    """A stretch of a line."""

    kind: Kind
    text: str

    @property
    def cost(self) -> int:
        return TAGS + len(escape(self.text).encode())


@dataclass(frozen=True)
class Line:
    """A line of a text, with its pieces; or so many lines that are not shown."""

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    skipped: int = 0


@dataclass(frozen=True)
class Item:
    """Something of a list that was added, removed or changed."""

    kind: Kind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Difference:
    """What changed in one field: lines of a text, or items of a list. `is_cut` where there is more
    than one page shows."""

    name: str
    label: str
    lines: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()
    is_cut: bool = False


# -- texts -----------------------------------------------------------------------------------


@dataclass
class Budget:
    """How many more pairs may be compared."""

    left: int = BUDGET

    def take(self, pairs: int) -> bool:
        if pairs > min(GAP, self.left):
            return False
        self.left -= pairs
        return True


def matches(a: Sequence[str], b: Sequence[str], budget: Budget) -> list[tuple[int, int]]:
    """Places of `a` and `b` that hold the same, both rising."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    found = [(place, place) for place in range(start)]
    last_i, last_j = start, start
    inner = _anchors(a[start : len(a) - end], b[start : len(b) - end])
    for i, j in [*inner, (len(a) - end - start, len(b) - end - start)]:
        i, j = i + start, j + start
        found += _in_gap(a, b, last_i, i, last_j, j, budget)
        if i < len(a) - end:
            found.append((i, j))
        last_i, last_j = i + 1, j + 1
    found += [(len(a) - back, len(b) - back) for back in range(end, 0, -1)]
    return found


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """The longest rising row of what stands exactly once in both."""
    in_a, in_b = Counter(a), Counter(b)
    place_in_b = {text: j for j, text in enumerate(b) if in_b[text] == 1}
    pairs = [
        (i, place_in_b[text])
        for i, text in enumerate(a)
        if in_a[text] == 1 and text in place_in_b and not text.isspace()
    ]
    ends: list[int] = []
    ends_at: list[int] = []
    before: list[int] = []
    for number, (_i, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(ends_at[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        ends_at[length : length + 1] = [number]
    row, number = [], ends_at[-1] if ends_at else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _in_gap(
    a: Sequence[str], b: Sequence[str], i: int, i_end: int, j: int, j_end: int, budget: Budget
) -> list[tuple[int, int]]:
    if i == i_end or j == j_end or not budget.take((i_end - i) * (j_end - j)):
        return []
    blocks = difflib.SequenceMatcher(None, a[i:i_end], b[j:j_end], autojunk=False)
    return [
        (i + block.a + step, j + block.b + step)
        for block in blocks.get_matching_blocks()
        for step in range(block.size)
    ]


def _runs(
    pairs: list[tuple[int, int]], lengths: tuple[int, int]
) -> Iterator[tuple[slice, slice, int]]:
    """What lies before each stretch of matches, in both, and how long the stretch is."""
    i = j = number = 0
    while True:
        next_i, next_j = pairs[number] if number < len(pairs) else lengths
        size = 0
        while number + size < len(pairs) and pairs[number + size] == (next_i + size, next_j + size):
            size += 1
        yield slice(i, next_i), slice(j, next_j), size
        if number >= len(pairs):
            return
        i, j, number = next_i + size, next_j + size, number + size


def inline(before: str, after: str, budget: Budget | None = None) -> tuple[Piece, ...]:
    """One line with what was taken out of it and put in, word by word."""
    a, b = WORDS.findall(before), WORDS.findall(after)
    pieces: list[Piece] = []
    taken, put = "", ""

    def flush() -> None:
        nonlocal taken, put
        if taken:
            pieces.append(Piece(Kind.REMOVED, taken))
        if put:
            pieces.append(Piece(Kind.ADDED, put))
        taken = put = ""

    pairs = matches(a, b, budget or Budget())
    for removed, added, size in _runs(pairs, (len(a), len(b))):
        same = "".join(a[removed.stop : removed.stop + size])
        taken += "".join(a[removed])
        put += "".join(b[added])
        is_last = removed.stop + size >= len(a) and added.stop + size >= len(b)
        if same.isspace() and not is_last and taken and put:
            # A space alone between two changes reads better as part of both.
            taken, put = taken + same, put + same
            continue
        flush()
        if same:
            pieces.append(Piece(Kind.SAME, same))
    flush()
    return tuple(pieces)


class _Words:
    """How often each word is in a line."""

    def __init__(self, line: str):
        self.counted = Counter(re.findall(r"\w+", line))
        self.total = self.counted.total()

    def is_like(self, other: _Words) -> bool:
        fewer, more = sorted((self, other), key=lambda words: len(words.counted))
        shared = (fewer.counted & more.counted).total()
        return shared > 0 and shared >= ALIKE * min(self.total, other.total)


def _block(before: list[str], after: list[str], budget: Budget) -> Iterator[Line]:
    """Lines that took the place of others: in pairs, as far as they are alike."""
    pairs: list[tuple[int, int]] = []
    start = 0
    if before and budget.take(len(before) + NEAR * len(after)):
        old = [_Words(line) for line in before]
        for number, line in enumerate(map(_Words, after)):
            for place in range(start, min(start + NEAR, len(before))):
                if old[place].is_like(line):
                    pairs.append((place, number))
                    start = place + 1
                    break
    for removed, added, size in _runs(pairs, (len(before), len(after))):
        for kind, lines in ((Kind.REMOVED, before[removed]), (Kind.ADDED, after[added])):
            yield from (Line(kind, (Piece(kind, line),)) for line in lines)
        for step in range(size):
            pieces = inline(before[removed.stop + step], after[added.stop + step], budget)
            yield Line(Kind.CHANGED, pieces)


def compare_texts(before: str, after: str) -> Iterator[Line]:
    """The lines of two texts, with what is the same left out but for a few lines around."""
    a, b, budget = before.splitlines(), after.splitlines(), Budget()
    for removed, added, size in _runs(matches(a, b, budget), (len(a), len(b))):
        yield from _block(a[removed], b[added], budget)
        same = a[removed.stop : removed.stop + size]
        head = AROUND if removed.stop or added.stop else 0
        tail = AROUND if removed.stop + size < len(a) or added.stop + size < len(b) else 0
        skipped = len(same) - head - tail
        rest = same
        if skipped > 1:
            yield from map(_same, same[:head])
            yield Line(Kind.SKIPPED, skipped=skipped)
            rest = same[len(same) - tail :]
        yield from map(_same, rest)


def _same(text: str) -> Line:
    return Line(Kind.SAME, (Piece(Kind.SAME, text),))


# -- revisions -------------------------------------------------------------------------------

# The fields of a revision's content in the order of showing: what is short, then others by their
# names, and the text last.
LABELS = {
    "title": gettext_lazy("Title"),
    "abstract": gettext_lazy("Abstract"),
    "contributors": gettext_lazy("Contributors"),
    "site": gettext_lazy("Local site"),
    "track": gettext_lazy("Track"),
    "track_reason": gettext_lazy("Why this track"),
    "tags": gettext_lazy("Tags"),
    "licence": gettext_lazy("Licence"),
    "commit": gettext_lazy("Commit"),
    "links": gettext_lazy("Links"),
    "files": gettext_lazy("Files"),
    "ai_tools": gettext_lazy("AI tools"),
    "ideas": gettext_lazy("Grew from the ideas"),
    "builds_on": gettext_lazy("Builds on"),
}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """What differs between the contents of two revisions, field by field."""
    found: list[Difference] = []
    room = LONGEST
    others = sorted((before.keys() | after.keys()) - LABELS.keys() - {"answers", "body"})
    for name in [*LABELS, *others, "answers", "body"]:
        old, new = before.get(name), after.get(name)
        if old == new or not (old or new):
            continue
        label = str(LABELS.get(name, name.replace("_", " ").capitalize()))
        if name == "answers":
            texts = _by_question(old or [], new or [])
        elif isinstance(old or new, list):
            found.append(Difference(name, label, items=tuple(_items(name, old or [], new or []))))
            continue
        else:
            texts = [(_("Text") if name == "body" else label, _told(old), _told(new))]
        for heading, *pair in texts:
            lines, room = _as_fits(compare_texts(*pair), room)
            found.append(Difference(name, heading, lines=lines, is_cut=not room))
    return found


def _as_fits(lines: Iterable[Line], room: int) -> tuple[tuple[Line, ...], int]:
    """Those of the lines that there is room for, the last one perhaps in part, and what room is
    left: none if something was left out."""
    shown: list[Line] = []
    for line in lines:
        pieces = []
        for piece in line.pieces:
            # One character is up to six bytes of HTML.
            text = piece.text if piece.cost <= room else piece.text[: max(room - TAGS, 0) // 6]
            pieces.append(Piece(piece.kind, text))
            room -= piece.cost
            if room < 0:
                return (*shown, Line(line.kind, tuple(pieces))), 0
        shown.append(Line(line.kind, tuple(pieces), line.skipped))
    return tuple(shown), room


def _told(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _by_question(before: list[Any], after: list[Any]) -> Iterator[tuple[str, str, str]]:
    old, new = (
        {each["question"]: each["answer"] for each in answers} for answers in (before, after)
    )
    for question in old | new:
        pair = old.get(question, ""), new.get(question, "")
        if pair[0] != pair[1]:
            yield question, *pair


def _person(person: dict[str, Any]) -> str:
    told = [person.get("name", ""), person.get("affiliation", ""), *named(person.get("roles", []))]
    if person.get("orcid"):
        told.append(f"ORCID {person['orcid']}")
    return ", ".join(filter(None, told))


def _link(link: dict[str, Any]) -> str:
    return " · ".join(filter(None, [link["kind"], link["label"], link["url"]]))


def _file(file: dict[str, Any]) -> str:
    return f"{file['name']} · SHA-256 {file['sha256']}"


def _origin(origin: dict[str, Any]) -> str:
    return f"{origin['title']} · {origin['jam']}"


# Of the elements of a list: how one is told, and by what it is the same one, the surest sign first.
ELEMENTS: dict[str, tuple[Callable, ...]] = {
    # By their names where two accounts have become one.
    "contributors": (_person, lambda person: person["id"], lambda person: person.get("name")),
    "links": (_link, lambda link: link["url"], lambda link: (link["kind"], link["label"])),
    "ideas": (_origin, lambda idea: idea["id"]),
    "builds_on": (_origin, lambda earlier: earlier["id"]),
    "files": (_file, lambda file: file["sha256"], lambda file: file["name"]),
}


def _items(name: str, before: list[Any], after: list[Any]) -> Iterator[Item]:
    """What was removed from a list, added to it, or changed in it."""
    tell, *signs = ELEMENTS.get(name, (_told, _told))
    partner: dict[int, int] = {}
    for sign in signs:
        free = {
            sign(each): place for place, each in enumerate(before) if place not in partner.values()
        }
        for place, each in enumerate(after):
            if place not in partner and sign(each) in free:
                partner[place] = free.pop(sign(each))
    for place, each in enumerate(before):
        if place not in partner.values():
            yield Item(Kind.REMOVED, (Piece(Kind.REMOVED, tell(each)),))
    for place, each in enumerate(after):
        if place not in partner:
            yield Item(Kind.ADDED, (Piece(Kind.ADDED, tell(each)),))
        elif (was := tell(before[partner[place]])) != tell(each):
            yield Item(Kind.CHANGED, inline(was, tell(each)))
    kept = [partner[place] for place in sorted(partner)]
    if kept != sorted(kept):
        order = "; ".join(tell(each) for each in after)
        yield Item(
            Kind.CHANGED, (Piece(Kind.SAME, _("In another order: %(order)s") % {"order": order}),)
        )
