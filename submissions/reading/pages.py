"""A document cut into pages, whatever it is made of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from jam import markdown

# Bytes of HTML of a page of a document, and of the pieces that a text is made of.
PAGE, PIECE = 70_000, 8_000


@dataclass(frozen=True)
class Entry:
    """A line of the contents."""

    level: int
    title: str
    anchor: str
    block: int


@dataclass(frozen=True)
class Block:
    """What stays together on a page."""

    html: SafeString
    headings: tuple[markdown.Heading, ...] = ()
    passages: tuple[markdown.Passage, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document cut into pages; `starts` are the numbers of their first blocks."""

    pages: tuple[str, ...]
    starts: tuple[int, ...]
    entries: tuple[Entry, ...]
    passages: tuple[tuple[int, markdown.Passage], ...]

    def page_of(self, block: int) -> int:
        return max(0, bisect_right(self.starts, block) - 1)


def document_of(blocks: Iterable[Block]) -> Document:
    """The blocks, put on as many pages as they need."""
    pages: list[str] = []
    starts: list[int] = []
    entries: list[Entry] = []
    passages = []
    filled = PAGE
    for number, block in enumerate(blocks):
        size = len(block.html.encode())
        if filled + size > PAGE:
            pages.append("")
            starts.append(number)
            filled = 0
        pages[-1] += block.html
        filled += size
        entries += (Entry(h.level, h.title, h.anchor, number) for h in block.headings)
        passages += ((number, passage) for passage in block.passages)
    return Document(tuple(pages), tuple(starts), tuple(entries), tuple(passages))
