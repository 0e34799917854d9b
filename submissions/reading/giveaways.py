"""What in a file or a link gives away who made it: pure, from what is in it alone.

Pictures give away nothing: they are drawn anew when they come (`jam.pictures`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from submissions.reading.archives import Contents
from submissions.reading.pdf_facts import Facts

# More of them say nothing new.
MOST = 8
LONGEST = 120


class Where(TextChoices):
    """Where a name stands."""

    AUTHOR = "author", _("names its author")
    DETAILS = "details", _("has a name in its details")
    PATH = "path", _("has a folder with a name")
    RUNNER = "runner", _("says who ran it")
    PAGE = "page", _("has a name on its first page")
    TEXT = "text", _("has a name in its text")
    HISTORY = "history", _("holds the history of a repository, with its authors")
    LISTED = "listed", _("holds a file about its authors")
    NAME = "name", _("has a name in its own name")
    OWNER = "owner", _("leads to a page of its owner's")


# What can be taken out without changing the work itself.
STRIPPABLE = {Where.AUTHOR, Where.DETAILS, Where.PATH, Where.RUNNER}


@dataclass(frozen=True)
class Giveaway:
    """One thing that gives a name away: where, and the words that do."""

    where: Where
    text: str

    @property
    def can_be_stripped(self) -> bool:
        return self.where in STRIPPABLE


# Databases take neither, and nobody can read them.
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def told(found: Iterable[Giveaway], is_blind: bool) -> list[tuple[str, list[str]]]:
    """What to tell a team, by where the names stand. What anybody may know who reads the work is
    told in blind jams alone."""
    places: dict[Where, list[str]] = {}
    for giveaway in found:
        if is_blind or giveaway.can_be_stripped:
            places.setdefault(giveaway.where, []).append(giveaway.text)
    return [(str(where.label), texts) for where, texts in places.items()]


def _few(found: Iterable[Giveaway]) -> list[Giveaway]:
    seen = dict.fromkeys(
        Giveaway(g.where, _UNREADABLE.sub("", g.text).strip()[:LONGEST]) for g in found
    )
    return list(seen)[:MOST]


def _said(names: Iterable[str], text: str, by_words: bool = False) -> list[str]:
    """Which of `names` the text has; `by_words`, also by a part that is long enough to tell."""
    wanted = {name.strip() for name in names if len(name.strip()) >= 4}
    if by_words:
        wanted |= {word for name in wanted for word in name.split() if len(word) >= 4}
    folded = " ".join(text.split()).casefold()
    return [
        name
        for name in sorted(wanted)
        if re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", folded)
    ]


def in_name(file: str, names: Iterable[str] = ()) -> list[Giveaway]:
    """What a file gives away by what it is called."""
    words = re.sub(r"[\W_]+", " ", file)
    return [Giveaway(Where.NAME, file)] if _said(names, words, by_words=True) else []


def in_pdf(facts: Facts, names: Iterable[str] = ()) -> list[Giveaway]:
    """What a PDF gives away; `names` are those of its team."""
    names, found = list(names), []
    for detail, text in facts.details.items():
        if not text.strip():
            continue
        if "author" in detail:
            found.append(Giveaway(Where.AUTHOR, text))
        elif _said(names, text, by_words=True) or _HOME.search(text):
            found.append(Giveaway(Where.DETAILS, text))
    found += [Giveaway(Where.PAGE, name) for name in _said(names, facts.text)]
    return _few(found)


# -- notebooks -----------------------------------------------------------------------------------

# A folder of one's own on Linux, macOS or Windows; in the text of JSON a backslash is doubled.
_HOME = re.compile(
    r"(?P<before>/home/|/Users/|[A-Za-z]:(?:\\{1,2})Users(?:\\{1,2}))"
    r"(?P<name>(?!user\b|runner\b|jovyan\b|Shared\b|Public\b)[^/\\\s\"'<>|:*?]{1,64}"
    r"(?: [^/\\\s\"'<>|:*?]{1,32}(?=\\))?)"
)
_OF_AUTHORS = ("authors", "author", "creator")


def in_notebook(document: dict[str, Any], names: Iterable[str] = ()) -> list[Giveaway]:
    """What a notebook gives away: its details, who ran it (Colab), folders, names in its text."""
    metadata = document.get("metadata")
    found = [
        Giveaway(Where.AUTHOR, text)
        for key in _OF_AUTHORS
        if isinstance(metadata, dict) and metadata.get(key)
        for text in _names_in(metadata[key])
    ]
    for user in _runners(document):
        found.append(Giveaway(Where.RUNNER, str(user.get("displayName") or user.get("userId"))))
    text = json.dumps(document, ensure_ascii=False)
    found += [Giveaway(Where.PATH, match[0]) for match in _HOME.finditer(text)]
    found += [Giveaway(Where.TEXT, name) for name in _said(names, text)]
    return _few(found)


def _names_in(authors: Any) -> list[str]:
    """Authors are written as a text, a list, or a list of {"name": …}."""
    if isinstance(authors, dict):
        authors = [authors]
    if not isinstance(authors, list):
        return [str(authors)]
    names = [str(a.get("name", "") if isinstance(a, dict) else a) for a in authors]
    return [name for name in names if name.strip()]


def _cells(document: dict[str, Any]) -> list[dict[str, Any]]:
    sheets = document.get("worksheets")
    sheets = [document, *(sheets if isinstance(sheets, list) else [])]
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells
            if isinstance(cell, dict)]  # fmt: skip


def _runners(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The people that Colab notes with each cell."""
    details = [cell.get("metadata") for cell in _cells(document)]
    runs = [d.get("executionInfo") for d in details if isinstance(d, dict)]
    users = [run.get("user") for run in runs if isinstance(run, dict)]
    return [u for u in users if isinstance(u, dict) and (u.get("displayName") or u.get("userId"))]


def stripped_notebook(content: bytes) -> bytes:
    """The notebook without the details that give names away; folders of one's own are /home/user.

    Everything else stays as it is written, byte by byte where nothing had to go.
    """
    document = json.loads(content.decode("utf-8-sig"))
    metadata = document.get("metadata")
    for key in _OF_AUTHORS:
        if isinstance(metadata, dict):
            metadata.pop(key, None)
    for user in _runners(document):
        user.clear()
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    text = _HOME.sub(lambda found: found["before"] + "user", text)
    return re.sub(r"[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text).encode()


# -- archives and links ----------------------------------------------------------------------------


def in_archive(contents: Contents, names: Iterable[str] = ()) -> list[Giveaway]:
    """What the list of an archive gives away."""
    found = []
    for entry in contents.entries:
        if re.search(r"(^|/)\.git/", entry.name):
            found.append(Giveaway(Where.HISTORY, entry.name[: entry.name.find(".git/") + 5]))
        found += [Giveaway(Where.PATH, entry.name) for _n in _said(names, entry.name, True)[:1]]
    listed = contents.named("authors*", "contributors*", "codeowners", "citation.cff")
    found += [Giveaway(Where.LISTED, entry.name) for entry in listed]
    return _few(found)


# Houses whose addresses begin with the owner of what is there.
_HOUSES = {
    "github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "gist.github.com", "sr.ht",
    "git.sr.ht", "huggingface.co", "hf.co", "kaggle.com", "replit.com", "youtube.com", "x.com",
    "twitter.com", "medium.com", "zenn.dev", "observablehq.com", "deepnote.com", "wandb.ai",
}  # fmt: skip
_NO_OWNERS = {"code", "datasets", "spaces", "models", "watch", "embed", "shorts", "live", "orgs",
              "explore", "search", "playlist", "competitions", "docs"}  # fmt: skip
# Where the owner is the first part of the name of the house.
_OWNED = re.compile(r"(?P<owner>[\w-]+)\.(?:github\.io|gitlab\.io|hf\.space|substack\.com)")


def in_link(url: str) -> list[Giveaway]:
    """Whose page a link leads to, where its address says so."""
    try:
        parts = urlsplit(url)
        house = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return []
    if found := _OWNED.fullmatch(house):
        return [Giveaway(Where.OWNER, found["owner"])]
    if house not in _HOUSES:
        return []
    steps = [unquote(step) for step in parts.path.split("/") if step]
    if steps and steps[0] in ("code", "datasets", "spaces") and len(steps) > 2:
        steps = steps[1:]
    if not steps or steps[0] in _NO_OWNERS:
        return []
    if house in ("youtube.com", "medium.com") and not steps[0].startswith("@"):
        return []
    return [Giveaway(Where.OWNER, steps[0].lstrip("@~")[:LONGEST])]
