"""The cells of a notebook as safe HTML: what a page of the reader is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import nh3
from django.template.loader import get_template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jam import markdown
from submissions.reading import terminal
from submissions.reading.notebook import Cell, Notebook, Output
from submissions.reading.pages import PIECE, Block

# Bytes of HTML: of one text, of all outputs of a cell, of the whole notebook.
MOST_TEXT, MOST_OF_CELL, MOST_OF_NOTEBOOK = 24_000, 50_000, 3_000_000
# Signs of Markdown and of HTML of a whole notebook that are set; what comes after is shown as it
# was written. Setting them takes two seconds at worst.
MOST_MARKDOWN, MOST_HTML = 150_000, 1_000_000
# Lines of an output that are shown; the others are folded.
UNFOLDED = 30
# Signs that can be searched in a cell.
SEARCHED = 20_000

_TAGS = {
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "p", "br", "hr", "b", "i"),
    *("strong", "em", "u", "s", "sub", "sup", "small", "code", "pre", "span", "div", "ul", "ol"),
    *("li", "dl", "dt", "dd", "a", "blockquote"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
_WITH_CONTENT = {
    *("script", "style", "svg", "math", "iframe", "object", "template", "noscript", "textarea"),
    *("title", "select", "button", "head", "audio", "video", "canvas"),
}
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.I)
_EMPTY_HEAD = re.compile(r"<th[^>]*>\s*</th>")


@dataclass(frozen=True)
class Shown:
    """An output, as reader/_cell.html prints it."""

    kind: str
    html: SafeString
    # Of long texts: what is folded, and how many lines that is.
    folded: SafeString = SafeString("")
    lines: int = 0


def blocks_of(notebook: Notebook, address: Callable[[int], str]) -> Iterator[Block]:
    """The notebook's cells, one after the other; `address` says where a picture of it is."""
    return _Setting(notebook, address).blocks()


class _Setting:
    """Sets a notebook, and keeps count of what may still be set."""

    def __init__(self, notebook: Notebook, address: Callable[[int], str]):
        self.notebook, self.address = notebook, address
        self.headings = markdown.Headings(anchor="in-", highest=1)
        self.markdown, self.html = MOST_MARKDOWN, MOST_HTML
        self.template = get_template("submissions/reader/_cell.html")

    def blocks(self) -> Iterator[Block]:
        total = number = 0
        for number, cell in enumerate(self.notebook.cells, start=1):
            for block in self.block(number, cell):
                total += len(block.html.encode())
                yield block
            if total > MOST_OF_NOTEBOOK:
                break
        if left := self.notebook.count - number:
            yield Block(
                format_html(
                    '<p class="left-out">{}</p>',
                    _("%(n)s more cells are not shown here. They are in the file.") % {"n": left},
                )
            )

    def block(self, number: int, cell: Cell) -> Iterator[Block]:
        """A cell: one block, or, where its Markdown is long, several."""
        shown: dict[str, Any] = {"number": number, "cell": cell}
        if cell.kind == "markdown":
            for part, piece in enumerate(self.pieces(cell)):
                html = self.template.render({**shown, "prose": piece.html, "is_first": not part})
                anchored = tuple(
                    markdown.Passage(p.anchor or f"cell-{number}", p.heading, p.words)
                    for p in piece.passages
                )
                yield Block(mark_safe(html), piece.headings, anchored)  # noqa: S308 -- a template's
            return
        source, is_cut = cut(cell.source.replace("\x1b", ""), MOST_TEXT)
        outputs, left_out = self.outputs(number, cell)
        html = self.template.render(
            {
                **shown,
                "is_first": True,
                "source": source,
                "is_cut": is_cut,
                "outputs": outputs,
                "left_out": left_out,
            }
        )
        words = "\n".join([cell.source, *(words_of(output) for output in cell.outputs)])
        passage = markdown.Passage(f"cell-{number}", "", words[:SEARCHED])
        yield Block(mark_safe(html), (), (passage,))  # noqa: S308 -- a template's

    def pieces(self, cell: Cell) -> Iterator[markdown.Piece]:
        source = cell.source.replace("\x1b", "")
        self.markdown -= len(source)
        if self.markdown < 0:
            text, _is_cut = cut(source, MOST_TEXT)
            passage = markdown.Passage("", "", source[:SEARCHED])
            yield markdown.Piece(format_html("<pre>{}</pre>", text), (), (passage,))
            return
        named = {f"attachment:{name}": self.address(n) for name, n in cell.attachments.items()}
        # As Markdown writes addresses.
        named |= {quote(name, safe=":/"): url for name, url in named.items()}
        yield from markdown.pieces(source, size=PIECE, headings=self.headings, pictures=named)

    def outputs(self, number: int, cell: Cell) -> tuple[list[Shown], int]:
        """What is shown of the outputs, and how many are left out."""
        shown: list[Shown] = []
        size = 0
        for place, output in enumerate(cell.outputs):
            one = self.output(number, output)
            size += len(one.html.encode()) + len(one.folded.encode())
            if size > MOST_OF_CELL:
                return shown, len(cell.outputs) - place
            shown.append(one)
        return shown, 0

    def output(self, number: int, output: Output) -> Shown:
        if output.name != "data":
            return in_terminal(output.name, output.text)
        if output.picture is not None:
            picture = self.notebook.pictures[output.picture]
            size = format_html(' width="{}" height="{}"', picture.width, picture.height)
            return Shown(
                "picture",
                format_html(
                    '<img src="{}" alt="{}"{} loading="lazy">',
                    self.address(output.picture),
                    _("Picture that cell %(n)s put out") % {"n": number},
                    size if picture.width else "",
                ),
            )
        data = output.data
        if data.get("text/html") and (table := self.sanitized(data["text/html"])):
            return Shown("html", table)
        if text := data.get("text/markdown"):
            self.markdown -= len(text)
            if self.markdown >= 0 and len(html := markdown.render(text)) < MOST_TEXT:
                return Shown("markdown", without_ids(html))
            return in_terminal("stdout", text)
        if formula := data.get("text/latex"):
            text, _is_cut = cut(formula.strip().strip("$").strip(), MOST_TEXT // 8)
            return Shown("latex", format_html('<div class="math math-display">{}</div>', text))
        if text := data.get("text/plain") or data.get("application/json"):
            return in_terminal("stdout", text)
        return Shown("left-out", escape(what_is_left_out(data)))

    def sanitized(self, html: str) -> SafeString:
        """The HTML without all that could act or lead astray; empty where nothing is left."""
        self.html -= len(html)
        if self.html < 0 or len(html) > 4 * MOST_TEXT:
            return SafeString("")
        kept = nh3.clean(
            _HEADING.sub(r"<\1p>", html.replace("\x1b", "")),
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            clean_content_tags=_WITH_CONTENT,
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener",
            attribute_filter=_without_wide_spans,
        )
        if len(kept.encode()) > MOST_TEXT or not nh3.clean(kept, tags=set()).strip():
            return SafeString("")
        return mark_safe(_EMPTY_HEAD.sub("<td></td>", kept))  # noqa: S308 -- cleaned


def _without_wide_spans(tag: str, name: str, value: str) -> str | None:
    """Cells of a table that span thousands of others would take a browser minutes."""
    return None if name.endswith("span") and not re.fullmatch("[0-9]{1,3}", value) else value


def cut(text: str, most: int) -> tuple[str, bool]:
    """The text, cut so that it has at most `most` bytes of HTML, and whether it was."""
    whole = len(text)
    text = text[:most]
    while len(escape(text).encode()) > most:
        text = text[: len(text) * 2 // 3]
    return text, len(text) < whole


def in_terminal(kind: str, text: str) -> Shown:
    """Text of a stream or an error: its first lines, and the others folded."""
    text = terminal.settled(text).rstrip()
    lines = text.count("\n") + 1
    if lines <= UNFOLDED:
        head, rest = text, ""
    else:
        at = 0
        for _line in range(UNFOLDED):
            at = text.index("\n", at) + 1
        head, rest = text[: at - 1], text[at:]
    head, is_cut = cut(head, MOST_TEXT // 2)
    if is_cut:
        rest = ""
    rest, is_rest_cut = cut(rest, MOST_TEXT // 2)
    shown = [terminal.shown(part) for part in (head, rest)]
    if is_cut or is_rest_cut:
        note = format_html(
            '<span class="left-out">{}</span>', _("… The rest of it is in the file.")
        )
        shown[bool(rest)] += "\n" + note
    return Shown(kind, shown[0], shown[1], lines - UNFOLDED if rest else 0)


def words_of(output: Output) -> str:
    """What can be searched in an output."""
    return terminal.plain(output.text[:SEARCHED] or output.data.get("text/plain", "")[:SEARCHED])


def without_ids(html: SafeString) -> SafeString:
    """Markdown that a program put out: its headings are none of the notebook's."""
    return mark_safe(_HEADING.sub(r"<\1p>", html))  # noqa: S308 -- fewer attributes than before


def what_is_left_out(data: dict[str, str]) -> str:
    if "application/javascript" in data or "text/html" in data:
        return _("A script, or a page that needs one. Nothing in a notebook is run here.")
    if any("widget" in kind for kind in data):
        return _("An interactive widget. Nothing in a notebook is run here.")
    return _("An output that cannot be shown here.")
