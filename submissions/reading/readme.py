"""A README as Markdown that our pipeline shows as it was meant: pure.

HTML in it becomes Markdown or plain text, since the pipeline shows it as text; code stays as it is.
Whatever this leaves over, the pipeline makes harmless.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

# Characters of the longest that is looked at: more than the longest text of a submission.
LONGEST = 250_000


class NotText(Exception):
    """What is no text at all."""


def decoded(content: bytes) -> str:
    """The text of a file, whatever it was written with. Raises NotText."""
    for sign, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(sign):
            return _plain(content.decode(encoding, "replace").removeprefix("\ufeff"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return _plain(_repaired(text))


def _plain(text: str) -> str:
    odd = sum(sign < " " and sign not in "\t\n\r\f" for sign in text[:2000])
    if "\0" in text or odd > 5:
        raise NotText
    return re.sub(r"\r\n?", "\n", text)


# UTF-8 that somebody took for Windows' letters, and wrote down as UTF-8: “Ã¼”, “â€™”.
_MOJIBAKE = re.compile("[ÂÃ][\u0080-\u00bf]|â€[\u0080-\u00bf\u2018-\u203a\u20ac\u2122œžŸ˜¦]")


def _repaired(text: str) -> str:
    """The text as it was before it was decoded wrongly, where that can be told."""
    if not _MOJIBAKE.search(text):
        return text
    lines = []
    # A line at a time: others may be right.
    for line in text.split("\n"):
        try:
            right = _as_windows(line).decode() if _MOJIBAKE.search(line) else line
        except UnicodeError:
            right = line
        lines.append(right)
    return "\n".join(lines)


def _as_windows(line: str) -> bytes:
    """The bytes that Windows' letters stand for; those that it has no letter for are themselves."""
    return b"".join(
        sign.encode("latin-1" if "\x80" <= sign <= "\x9f" else "cp1252") for sign in line
    )


# Fenced code, code in a line, formulas: nothing in them is HTML.
_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,20}|~{3,20})[^\n]*\n(?:.*?\n)?? {0,3}(?P=fence)[`~]*[ \t]*$"
    r"|(?<!`)(?P<ticks>`{1,5})(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`)"
    r"|\$\$[^$]{1,2000}\$\$|\$[^$\n]{1,300}\$",
    re.MULTILINE | re.DOTALL,
)
# Details for machines that some houses want at the head.
_FRONT = re.compile(r"\A---\n(?:[\w-]+:[^\n]*|[ \t-][^\n]*|)(?:\n[^\n]*){0,200}?\n---[ \t]*\n")


def _set_aside(text: str) -> tuple[str, list[str]]:
    """The text with a sign in the place of each piece of code, and the pieces."""
    kept: list[str] = []

    def keep(found: re.Match) -> str:
        kept.append(found[0])
        return f"\ue000{len(kept) - 1}\ue001"

    return _CODE.sub(keep, re.sub("[\ue000\ue001]", "", text)), kept


def _put_back(text: str, kept: list[str]) -> str:
    return re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], text)


def markdown_of(content: bytes) -> str:
    """A README in Markdown without HTML; links and pictures as they are. Raises NotText."""
    text = _FRONT.sub("", decoded(content)[:LONGEST])
    text, kept = _set_aside(text)
    writer = _Writer()
    writer.read(_without_comments(text))
    text = re.sub(r"[ \t]+$", _two_spaces, "".join(writer.out), flags=re.MULTILINE)
    text = re.sub(r"\n(?: *\n){2,}", "\n\n", text).strip()
    return _put_back(text, kept) + "\n"


def _two_spaces(end: re.Match) -> str:
    """Spaces at the end of a line mean a new line, where something stands in it."""
    return "  " if len(end[0]) > 1 and end.start() and end.string[end.start() - 1] != "\n" else ""


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])


# No tag has another in it, so that this takes no longer than the text is long.
_TAG = re.compile(r"<(?P<end>/?)(?P<tag>[A-Za-z][A-Za-z0-9-]{0,20})(?P<said>(?:\s[^<>]{0,2000})?)>")
_SAID = re.compile(r"([A-Za-z-]{1,30})\s{0,3}=\s{0,3}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")

_AROUND = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "kbd": "`", "tt": "`",
           "samp": "`", "s": "~~", "del": "~~", "strike": "~~"}  # fmt: skip
_BLOCKS = {"p", "div", "center", "section", "article", "header", "footer", "figure", "figcaption",
           "details", "dl", "ul", "ol", "table", "main", "nav"}  # fmt: skip
_NOTHING = {"span", "font", "u", "small", "big", "sub", "sup", "picture", "source", "thead",
            "tbody", "tfoot", "ins", "mark", "abbr", "dt", "dd", "html", "body", "a", "wbr",
            "caption", "colgroup", "col"}  # fmt: skip
# What is in them is not for readers.
_DROPPED = {"script", "style", "iframe", "object", "embed", "svg", "video", "audio", "template",
            "head", "title", "form", "button", "select", "textarea", "noscript"}  # fmt: skip
_VOID = {"embed"}
_HEADING = re.compile("h[1-6]")


class _Writer:
    """Writes Markdown for the tags that READMEs have, and leaves all else as it is written."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.links: list[str] = []
        self.lists: list[str] = []
        self.dropped: list[str] = []
        self.depth = 0
        self.rows = 0
        self.row = 0

    def read(self, text: str) -> None:
        at = 0
        for found in _TAG.finditer(text):
            self.words(text[at : found.start()])
            tag, at = found["tag"].lower(), found.end()
            if found["end"]:
                self.close(tag, found[0])
            else:
                self.open(tag, found)
        self.words(text[at:])

    def write(self, text: str) -> None:
        if not self.dropped:
            self.out.append(text)

    def open(self, tag: str, found: re.Match) -> None:
        said = {
            name.lower(): unescape(one or two or three)
            for name, one, two, three in _SAID.findall(found["said"])
        }
        if tag in _DROPPED:
            if tag not in _VOID and not found["said"].endswith("/"):
                self.dropped.append(tag)
        elif tag == "img":
            alt = re.sub(r"[\[\]\n]", " ", said.get("alt", "")).strip()
            self.write(f"![{alt}]({_target(said['src'])})" if said.get("src") else alt)
        elif tag == "a" and said.get("href"):
            self.links.append(_target(said["href"]))
            self.write("[")
        elif tag == "br":
            self.write(" " if self.rows else "  \n")
        elif tag == "hr":
            self.write("\n\n---\n\n")
        elif _HEADING.fullmatch(tag):
            self.depth += 1
            self.write(f"\n\n{'#' * int(tag[1])} ")
        elif tag in _BLOCKS:
            self.begin(tag)
        elif tag == "blockquote":
            self.write("\n\n> ")
        elif tag == "pre":
            self.write("\n\n```\n")
        elif tag == "summary":
            self.write("\n\n**")
        elif tag == "li":
            number = self.lists and self.lists[-1] == "ol"
            self.write("\n1. " if number else "\n- ")
        elif tag == "tr":
            self.rows += 1
            self.row = len(self.out)
            self.write("\n|")
        elif tag in ("td", "th"):
            self.write(" ")
        elif tag in _AROUND:
            self.write(_AROUND[tag])
        elif tag not in _NOTHING:
            self.write(found[0])

    def begin(self, tag: str) -> None:
        # Markdown in details keeps the indentation of its lists.
        self.depth += tag != "details"
        if tag in ("ul", "ol"):
            self.lists.append(tag)
        if tag == "table":
            self.rows = 0
        self.write("\n\n")

    def close(self, tag: str, written: str) -> None:
        if tag in self.dropped:
            while self.dropped.pop() != tag:
                pass
        elif tag == "a":
            if self.links:
                self.write(f"]({self.links.pop()})")
        elif _HEADING.fullmatch(tag) or tag in _BLOCKS:
            self.depth = max(0, self.depth - (tag != "details"))
            if tag in ("ul", "ol") and self.lists:
                self.lists.pop()
            if tag == "table":
                self.rows = 0
            self.write("\n\n")
        elif tag == "blockquote":
            self.write("\n\n")
        elif tag == "pre":
            self.write("\n```\n\n")
        elif tag == "summary":
            self.write("**\n\n")
        elif tag in ("td", "th"):
            self.write(" |")
        elif tag == "tr" and self.rows == 1:
            row = "".join(self.out[self.row :])
            self.write("\n|" + " --- |" * max(1, row.count("|") - 1))
        elif tag in _AROUND:
            self.write(_AROUND[tag])
        elif tag not in _NOTHING | _DROPPED and tag not in ("img", "br", "hr", "li", "tr"):
            self.write(written)

    def words(self, text: str) -> None:
        if self.rows:
            text = re.sub(r"\s*\n\s*", " ", text) if text.strip() else ""
        elif self.depth:
            # Indented HTML would be code.
            text = re.sub(r"\n[ \t]+", "\n", text)
        self.write(text)


def _target(address: str) -> str:
    return re.sub(r"[\s()<>]", lambda sign: f"%{ord(sign[0]):02X}", address.strip())


# -- links and pictures ----------------------------------------------------------------------------

_LINK = re.compile(
    r"(?P<mark>!?)\[(?P<label>(?:[^\[\]\n]|!?\[[^\[\]\n]{0,200}\](?:\([^()\n]{0,500}\))?){0,300})\]"
    r"\([ \t]{0,3}<?(?P<target>[^()\s<>]{1,1000})>?"
    r"(?P<title>[ \t]{1,3}\"[^\"\n]{0,200}\")?[ \t]{0,3}\)"
)
_REFERENCE = re.compile(r"^(?P<name> {0,3}\[[^\[\]\n]{1,200}\]:[ \t]{0,3})<?(?P<target>[^\s<>]+)>?",
                        re.MULTILINE)  # fmt: skip


def with_targets(text: str, address_of: Callable[[str, bool], str | None]) -> str:
    """The text with what its links and pictures lead to as `address_of(target, is_picture)` says;
    where that is None, only their words are left."""
    text, kept = _set_aside(text)

    def link(found: re.Match) -> str:
        label = _LINK.sub(link, found["label"])
        address = address_of(found["target"], bool(found["mark"]))
        if address is None:
            return label
        return f"{found['mark']}[{label}]({address}{found['title'] or ''})"

    def reference(found: re.Match) -> str:
        address = address_of(found["target"], False) or address_of(found["target"], True)
        return f"{found['name']}{address or '#'}"

    return _put_back(_REFERENCE.sub(reference, _LINK.sub(link, text)), kept)


def is_relative(target: str) -> bool:
    """Whether a target stands beside the README, not elsewhere nor in the text itself."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not (parts.scheme or parts.netloc or target.startswith("#")) and bool(parts.path)


def path_beside(readme: str, target: str) -> str:
    """The path in an archive that `target` means in the README at the path `readme`."""
    target = unquote(urlsplit(target).path)
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(readme), target))


# -- addresses -------------------------------------------------------------------------------------

_RAW = {
    "github.com": ("https://raw.githubusercontent.com/{repo}/{rest}", "blob", "HEAD"),
    "gitlab.com": ("https://gitlab.com/{repo}/-/raw/{rest}", "-/blob", "HEAD"),
    "codeberg.org": ("https://codeberg.org/{repo}/raw/{rest}", "src", "HEAD"),
    "huggingface.co": ("https://huggingface.co/{repo}/raw/{rest}", "blob", "main"),
}


def raw_address(address: str) -> str:
    """Where the README itself stands, of which `address` is the page or the repository; other
    addresses as they are."""
    parts = urlsplit(address.strip())
    house = (parts.hostname or "").removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    if house not in _RAW or len(steps) < 2:
        return address.strip()
    raw, page, first = _RAW[house]
    repo, rest = "/".join(steps[:2]).removesuffix(".git"), "/".join(steps[2:])
    if not rest:
        return raw.format(repo=repo, rest=f"{first}/README.md")
    if rest.startswith(f"{page}/"):
        return raw.format(repo=repo, rest=rest.removeprefix(f"{page}/"))
    return address.strip()


def absolute(base: str, target: str) -> str | None:
    """What a target of the README at `base` leads to."""
    try:
        return urljoin(base, target)
    except ValueError:
        return None
