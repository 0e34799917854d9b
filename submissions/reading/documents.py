"""What a submission holds to be read: its documents, page by page, each place with an address.

The text comes first, with the pictures; then each report and notebook. Long documents are cut into
pages; `?at=N` opens the page that holds block N, whatever the cut.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jam import markdown
from jam.models import Jam
from submissions.models import File, Submission
from submissions.reading import archives, cells, notebook
from submissions.reading.pages import PIECE, Block, Document, Entry, document_of

# To be raised whenever notebooks are set otherwise.
SETTING = 1
# A rail of more than these, or of longer ones, is no help, and a page of its own.
MOST_ENTRIES, LONGEST_ENTRY = 100, 60
# Places that a search shows.
MOST_FOUND = 50
# Kinds that are read in the page, in the order of their tabs; others are handed out as they are.
READ = (File.Kind.REPORT, File.Kind.NOTEBOOK, File.Kind.ARCHIVE)


@dataclass(frozen=True)
class Tab:
    """A document, as the reader's row of tabs names it."""

    title: str
    kind: str
    url: str
    is_open: bool
    # Where the file itself is.
    file_url: str = ""


@dataclass(frozen=True)
class Work:
    """The work of a submission, opened at a page of one of its documents."""

    tabs: tuple[Tab, ...]
    kind: str
    url: str
    # The file that is open; empty for the text.
    file: dict[str, Any]
    html: SafeString = SafeString("")
    contents: tuple[tuple[int, str, str], ...] = ()
    earlier: str = ""
    later: str = ""
    page: int = 1
    pages: int = 1
    # What was searched for, and where it stands.
    words: str = ""
    found: list[Found] = field(default_factory=list)
    # Why it cannot be read here.
    refusal: str = ""


@lru_cache(maxsize=128)
def text_of(body: str) -> Document:
    """The text of a submission."""
    found = markdown.pieces(body, size=PIECE)
    return document_of(Block(piece.html, piece.headings, piece.passages) for piece in found)


def _opened(submission: Submission, file: dict[str, Any]) -> Any:
    """A file's content to read. Raises Unreadable where it is gone."""
    stored = File.objects.filter(pk=file["id"], submission=submission).first()
    try:
        if stored is None:
            raise FileNotFoundError
        return stored.content.open("rb")
    except FileNotFoundError:
        raise notebook.Unreadable(_("This file is not on this server any more.")) from None


# Files of an archive that stay together on a page.
LISTED = 100


def archive_of(submission: Submission, file: dict[str, Any]) -> Document:
    """The list of an archive. Raises Unreadable."""
    with _opened(submission, file) as content:
        try:
            found = archives.contents_of(content)
        except archives.ArchiveRefused as refused:
            raise notebook.Unreadable(str(refused)) from None
    head = ngettext("%(n)s file, %(size)s unpacked", "%(n)s files, %(size)s unpacked",
                    len(found.entries)) % {
        "n": len(found.entries), "size": filesizeformat(found.size)
    }  # fmt: skip
    blocks = [Block(format_html('<p class="muted">{}</p>', head))]
    for start in range(0, len(found.entries), LISTED):
        some = found.entries[start : start + LISTED]
        rows = format_html_join(
            "", "<li><code>{}</code> <small>{}</small></li>",
            ((entry.name, filesizeformat(entry.size)) for entry in some),
        )  # fmt: skip
        blocks.append(Block(format_html('<ul class="files archive-files">{}</ul>', rows)))
    return document_of(blocks)


def notebook_of(jam: Jam, submission: Submission, file: dict[str, Any]) -> Document:
    """A notebook, set once and then kept for an hour: files never change. Raises Unreadable."""
    key = f"notebook:{settings.VERSION}:{SETTING}:{file['id']}:{file['sha256']}:{get_language()}"
    if kept := cache.get(key):
        return pickle.loads(zlib.decompress(kept))  # noqa: S301 -- our own cache, as its values are
    with _opened(submission, file) as content:
        raw = content.read(notebook.LARGEST + 1)

    def address(picture: int) -> str:
        return reverse("submissions:picture", args=[jam.slug, submission.pk, file["id"], picture])

    document = document_of(cells.blocks_of(notebook.read(raw), address))
    cache.set(key, zlib.compress(pickle.dumps(document)), 60 * 60)
    return document


def tabs_of(
    jam: Jam, submission: Submission, content: dict[str, Any], open_file: int | None
) -> tuple[Tab, ...]:
    """The text, where there is one or nothing else, and the files that are read in the page."""
    files = [f for kind in READ for f in content["files"] if f["kind"] == kind]
    tabs = []
    if has_text(content) or not files:
        url = reverse("submissions:detail", args=[jam.slug, submission.pk])
        tabs.append(Tab(_("Text"), "text", url, open_file is None))
    for file in files:
        here = [jam.slug, submission.pk, file["id"]]
        url, file_url = (reverse(f"submissions:{name}", args=here) for name in ("read", "file"))
        tabs.append(Tab(file["name"], file["kind"], url, file["id"] == open_file, file_url))
    return tuple(tabs)


def has_text(content: dict[str, Any]) -> bool:
    return bool(content["body"].strip()) or any(f["kind"] == "image" for f in content["files"])


def opened(work: Work, document: Document, at: str) -> Work:
    """`document` opened at the block `at`, a number as it was typed; else at its first page."""
    block = int(at[:9]) if at.isascii() and at.isdecimal() else 0
    page = document.page_of(block)
    first = document.starts[page] if document.starts else 0
    last = document.starts[page + 1] if page + 1 < len(document.starts) else None

    def address(entry: Entry) -> str:
        here = entry.block >= first and (last is None or entry.block < last)
        return f"#{entry.anchor}" if here else f"{work.url}?at={entry.block}#{entry.anchor}"

    entries = document.entries[:MOST_ENTRIES]
    return replace(
        work,
        html=mark_safe(document.pages[page] if document.pages else ""),  # noqa: S308 -- cleaned
        contents=tuple((e.level, shortened(e.title), address(e)) for e in entries),
        earlier=f"{work.url}?at={document.starts[page - 1]}" if page else "",
        later=f"{work.url}?at={last}" if last is not None else "",
        page=page + 1,
        pages=len(document.pages),
    )


def shortened(title: str) -> str:
    return title if len(title) <= LONGEST_ENTRY else f"{title[: LONGEST_ENTRY - 1]}…"


def work_of(
    jam: Jam,
    submission: Submission,
    content: dict[str, Any],
    *,
    file: dict[str, Any] | None = None,
    at: str = "",
) -> Work:
    """The work opened at its text, or at one of its files; `at` as it stands in the address."""
    files = [f for kind in READ for f in content["files"] if f["kind"] == kind]
    if file is None and files and not has_text(content):
        file = files[0]
    work = Work(
        tabs=tabs_of(jam, submission, content, file["id"] if file else None),
        kind=file["kind"] if file else "text",
        url=reverse("submissions:read", args=[jam.slug, submission.pk, file["id"]])
        if file
        else reverse("submissions:detail", args=[jam.slug, submission.pk]),
        file=file or {},
    )
    if file is None:
        return opened(work, text_of(content["body"]), at)
    try:
        if file["kind"] == File.Kind.NOTEBOOK:
            return opened(work, notebook_of(jam, submission, file), at)
        if file["kind"] == File.Kind.ARCHIVE:
            return opened(work, archive_of(submission, file), at)
    except notebook.Unreadable as unreadable:
        return replace(work, refusal=str(unreadable))
    return work


@dataclass(frozen=True)
class Found:
    """A place where words were found."""

    title: str
    heading: str
    url: str
    before: str
    hit: str
    after: str


def find(jam: Jam, submission: Submission, content: dict[str, Any], words: str) -> list[Found]:
    """Where in the text and the notebooks all of the `words` stand together; the reports are
    searched by the browser, which can read them."""
    wanted = words.casefold().split()[:10]
    found: list[Found] = []
    for name, url, document in readable(jam, submission, content):
        for block, passage in document.passages:
            text = " ".join(passage.words.split())
            folded = text.casefold()
            if not wanted or not all(word in folded for word in wanted):
                continue
            # Folding may lengthen a text by a sign here and there: the hit is then a little off.
            at = folded.index(wanted[0])
            end = at + len(wanted[0])
            begin = max(0, at - 80)
            found.append(
                Found(
                    name,
                    shortened(passage.heading),
                    f"{url}?at={block}#{passage.anchor or 'reader'}",
                    ("… " if begin else "") + text[begin:at],
                    text[at:end],
                    text[end : end + 120] + (" …" if len(text) > end + 120 else ""),
                )
            )
            if len(found) == MOST_FOUND:
                return found
    return found


def searched(jam: Jam, submission: Submission, content: dict[str, Any], words: str) -> Work:
    """The work opened at what is found in it."""
    return Work(
        tabs=tabs_of(jam, submission, content, 0),
        kind="found",
        url=reverse("submissions:search", args=[jam.slug, submission.pk]),
        file={},
        words=words,
        found=find(jam, submission, content, words),
    )


def readable(
    jam: Jam, submission: Submission, content: dict[str, Any]
) -> Iterator[tuple[str, str, Document]]:
    """The documents that can be read here, with names and addresses."""
    here = (jam.slug, submission.pk)
    yield _("Text"), reverse("submissions:detail", args=here), text_of(content["body"])
    for file in content["files"]:
        if file["kind"] == File.Kind.NOTEBOOK:
            url = reverse("submissions:read", args=[*here, file["id"]])
            try:
                yield file["name"], url, notebook_of(jam, submission, file)
            except notebook.Unreadable:
                continue
