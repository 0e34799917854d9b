"""Markdown to safe HTML: the one pipeline for every text that people write.

CommonMark with tables, strikethrough, footnotes and maths; what comes out has passed an allowlist.
Raw HTML is shown as text. Videos become links that a script may offer to play; pictures from
elsewhere become links, since the pages load nothing from other servers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

# Longer texts than any field of ours takes are shown as they are.
LONGEST = 250_000
# A list or a table that has more bytes of HTML than this is no part of a page any more.
LONGEST_BLOCK = 60_000
DEEPEST_NESTING = 24

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Ids of headings begin with this, so that they never meet those of the page around.
ANCHOR = "text-"

_YOUTUBE = re.compile(
    r"https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:\S*&)?v=|live/|embed/|shorts/)"
    r"|youtu\.be/)(?P<id>[\w-]{11})(?:[?&#]\S*)?"
)
_VIMEO = re.compile(r"https?://(?:www\.)?vimeo\.com/(?P<id>\d{6,12})(?:[/?#]\S*)?")
_PLAYERS = (
    (_YOUTUBE, "YouTube", "https://www.youtube-nocookie.com/embed/"),
    (_VIMEO, "Vimeo", "https://player.vimeo.com/video/"),
)
_BARE_URL = re.compile(r"https?://[^\s<>\"'`|*\[\]{}\\^]+")

_ATTRIBUTES = {
    **{heading: {"id"} for heading in HEADINGS},
    "a": {"href", "title", "id", "class"},
    "img": {"src", "alt", "title"},
    "code": {"class"},
    "div": {"class", "data-embed-src", "data-embed-title"},
    "span": {"class"},
    "ol": {"start", "class"},
    "th": {"class"},
    "td": {"class"},
    "sup": {"class"},
    "section": {"class"},
    "hr": {"class"},
    "li": {"id", "class"},
}
_TAGS = {
    *_ATTRIBUTES,
    *("p", "br", "em", "strong", "s", "blockquote", "pre", "ul"),
    *("table", "thead", "tbody", "tr"),
} - {"h1"}


@dataclass(frozen=True)
class Heading:
    """A heading of a text, as a rail of contents shows it."""

    level: int
    anchor: str
    title: str


@dataclass
class Headings:
    """How the headings of a text are levelled and named; texts that are read on end share one."""

    anchor: str = ANCHOR
    # The level, in the source, that becomes an h2; None: the highest that the text has.
    highest: int | None = None
    before: int = 1
    used: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Passage:
    """Words of a text, under the heading that they stand below, for searching."""

    anchor: str
    heading: str
    words: str


@dataclass(frozen=True)
class Piece:
    """A stretch of a long text that is whole by itself."""

    html: SafeString
    headings: tuple[Heading, ...]
    passages: tuple[Passage, ...]


def render(text: str) -> SafeString:
    """The text as safe HTML; its highest heading is an h2."""
    return _render(text.replace("\r\n", "\n"))


# The description of a jam is rendered for each visitor of its page.
@lru_cache(maxsize=256)
def headings(text: str) -> tuple[Heading, ...]:
    """The headings of a text, with the anchors that `render` gives them."""
    if len(text) > LONGEST:
        return ()
    return tuple(_headings(_parser().parse(text.replace("\r\n", "\n"))))


def pieces(
    text: str,
    *,
    size: int,
    headings: Headings | None = None,
    pictures: Mapping[str, str] | None = None,
) -> Iterator[Piece]:
    """The text in pieces of about `size` bytes of HTML, cut between its paragraphs.

    `pictures` are addresses of ours for what the text names otherwise, as notebooks name what is
    attached to a cell.
    """
    env: dict[str, Any] = {"headings": headings or Headings(), "pictures": pictures or {}}
    text = text.replace("\r\n", "\n")
    if len(text) > LONGEST:
        yield from _as_written(text, size, Passage("", "", text))
        return
    parser = _parser()
    waiting: list[Token] = []
    html, passages, anchor, title = "", [], "", ""
    for block in _blocks(parser.parse(text, env)):
        shown = parser.renderer.render(block, parser.options, env)
        for heading in _headings(block):
            anchor, title = heading.anchor, heading.title
        words = " ".join(filter(None, map(_words, block)))
        if html and len((html + shown).encode()) > size:
            yield Piece(_clean(html), tuple(_headings(waiting)), tuple(passages))
            waiting, html, passages = [], "", []
        if len(shown.encode()) > LONGEST_BLOCK:
            yield from _as_written(words, size, Passage(anchor, title, words))
            continue
        html += shown
        waiting += block
        if words:
            passages.append(Passage(anchor, title, words))
    if html:
        yield Piece(_clean(html), tuple(_headings(waiting)), tuple(passages))


def _as_written(text: str, size: int, passage: Passage) -> Iterator[Piece]:
    """What is too long to be set, as it was written."""
    # A sign may become six in HTML, or have four bytes.
    step = max(1, size // 6)
    for start in range(0, len(text), step):
        passages = () if start else (passage,)
        yield Piece(format_html("<pre>{}</pre>", text[start : start + step]), (), passages)


def _blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens of each paragraph, list, table and so on that stands in no other."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []
    if block:
        yield block


def _headings(tokens: list[Token]) -> Iterator[Heading]:
    for token, following in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open":
            yield Heading(int(token.tag[1]), token.attrs["id"], _plain(following))


def _words(token: Token) -> str:
    return _plain(token) if token.type == "inline" else token.content


@lru_cache(maxsize=256)
def _render(text: str) -> SafeString:
    if len(text) > LONGEST:
        return format_html("<pre>{}</pre>", text)
    return _clean(_parser().render(text))


def _clean(html: str) -> SafeString:
    html = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return mark_safe(html)  # noqa: S308 -- cleaned by the allowlist


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST_NESTING})
    parser.enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False,
               allow_blank_lines=False, double_inline=True)  # fmt: skip
    parser.use(footnote_plugin, inline=False)
    parser.core.ruler.push("headings", _level_headings)
    parser.core.ruler.push("videos", _find_videos)
    parser.core.ruler.push("bare_urls", _link_bare_urls)
    parser.core.ruler.push("alignment", _align_by_class)
    for name, rule in {
        "math_inline": _inline_maths,
        "math_inline_double": _inline_display_maths,
        "math_block": _display_maths,
        "image": _image,
        "video": _video,
    }.items():
        parser.add_render_rule(name, rule)
    return parser


# -- what is done to the tokens --------------------------------------------------------------


def _level_headings(state: StateCore) -> None:
    """Have the headings begin at h2, skip no level, and carry an id each."""
    opening = [n for n, token in enumerate(state.tokens) if token.type == "heading_open"]
    found: Headings = state.env.get("headings") or Headings()
    highest = found.highest or min((int(state.tokens[n].tag[1]) for n in opening), default=1)
    for n in opening:
        level = max(2, min(int(state.tokens[n].tag[1]) - highest + 2, found.before + 1, 6))
        state.tokens[n].tag = state.tokens[n + 2].tag = f"h{level}"
        name = slugify(_plain(state.tokens[n + 1]), allow_unicode=True)[:60] or "section"
        found.used[name] += 1
        # Two hyphens, which no slug has, keep "a", "a" and "a-2" apart.
        anchor = name if found.used[name] == 1 else f"{name}--{found.used[name]}"
        state.tokens[n].attrSet("id", found.anchor + anchor)
        found.before = level


def _plain(inline: Token) -> str:
    """The words of a heading without their marks."""
    return "".join(
        " " if token.type in ("softbreak", "hardbreak") else token.content
        for token in inline.children or []
    ).strip()


def _find_videos(state: StateCore) -> None:
    """Turn a paragraph that is nothing but a link to a video into a video."""
    for n, token in enumerate(state.tokens):
        if token.type != "inline" or state.tokens[n - 1].type != "paragraph_open":
            continue
        url = token.content.strip().removeprefix("<").removesuffix(">")
        for pattern, service, player in _PLAYERS:
            if found := pattern.fullmatch(url):
                token.type, token.children = "video", []
                token.meta = {"url": url, "service": service, "src": player + found["id"]}
                # The paragraph around it would be closed by the division in it.
                for edge in (state.tokens[n - 1], state.tokens[n + 1]):
                    edge.hidden = True


def _link_bare_urls(state: StateCore) -> None:
    """Make links of web addresses that stand in the text as they are."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _with_links(token.children)


def _with_links(children: list[Token]) -> list[Token]:
    linked: list[Token] = []
    inside_link = 0
    for child in children:
        inside_link += (child.type == "link_open") - (child.type == "link_close")
        if child.type == "image":
            child.meta["inside_link"] = inside_link > 0
        if child.type != "text" or inside_link:
            linked.append(child)
            continue
        at = 0
        for found in _BARE_URL.finditer(child.content):
            url = found[0].rstrip(".,:;!?")
            if url.endswith(")") and "(" not in url:
                url = url.rstrip(").,:;!?")
            begin, end = found.start(), found.start() + len(url)
            linked += [
                Token("text", "", 0, content=child.content[at:begin]),
                Token("link_open", "a", 1, attrs={"href": url}),
                Token("text", "", 0, content=url),
                Token("link_close", "a", -1),
            ]
            at = end
        linked.append(Token("text", "", 0, content=child.content[at:]))
    return linked


def _align_by_class(state: StateCore) -> None:
    """Align the cells of tables by a class, since style attributes are forbidden."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open"):
            side = str(token.attrs.pop("style", "")).removeprefix("text-align:")
            if side in ("center", "right"):
                token.attrSet("class", "text-center" if side == "center" else "text-end")


# -- how tokens are written ------------------------------------------------------------------


def _inline_maths(_self: Any, tokens: Sequence[Token], n: int, *_rest: Any) -> str:
    return f'<span class="math">{escape(tokens[n].content)}</span>'


def _inline_display_maths(_self: Any, tokens: Sequence[Token], n: int, *_rest: Any) -> str:
    return f'<span class="math math-display">{escape(tokens[n].content)}</span>'


def _display_maths(_self: Any, tokens: Sequence[Token], n: int, *_rest: Any) -> str:
    return f'<div class="math math-display">{escape(tokens[n].content.strip())}</div>\n'


def _image(renderer: Any, tokens: Sequence[Token], n: int, options: Any, env: Any) -> str:
    """A picture of our own; from elsewhere, a link to it."""
    src = str(tokens[n].attrs["src"])
    src = env.get("pictures", {}).get(src, src)
    alt = renderer.renderInlineAsText(tokens[n].children or [], options, env)
    if src.startswith("/") and not src.startswith("//"):
        return format_html('<img src="{}" alt="{}">', src, alt)
    if tokens[n].meta["inside_link"]:
        return escape(alt or src)
    return format_html('<a href="{}">{}</a>', src, alt or src)


def _video(_self: Any, tokens: Sequence[Token], n: int, *_rest: Any) -> str:
    video = tokens[n].meta
    title = _("Video on %(service)s") % {"service": video["service"]}
    return format_html(
        '<div class="embed" data-embed-src="{}" data-embed-title="{}"><a href="{}">{}</a></div>\n',
        video["src"],
        title,
        video["url"],
        title,
    )
