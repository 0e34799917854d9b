"""Finding out what a file is, and making it fit to be stored."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import UnidentifiedImageError

from jam import pictures
from jam.pictures import FileRefused
from submissions.files.taking import Kind, clean_name, refuse_large
from submissions.reading import archives, giveaways, pdf_facts
from submissions.reading.giveaways import Giveaway

# Objects and lists that a notebook may be made of.
MOST_PARTS = 1_500_000


@dataclass(frozen=True)
class Inspected:
    """A file that may be stored."""

    kind: Kind
    name: str
    content_type: str
    extension: str
    content: File
    size: int
    sha256: str
    gives_away: tuple[Giveaway, ...] = ()


def _kind_of(head: bytes) -> Kind:
    """What a file is by its first bytes. Raises FileRefused."""
    if head.startswith(b"%PDF-"):
        return Kind.REPORT
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.ARCHIVE
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return Kind.NOTEBOOK
    if head.startswith(pictures.SIGNS):
        return Kind.IMAGE
    raise _neither()


def _neither() -> FileRefused:
    return FileRefused(
        _("This is neither a PDF, a Jupyter notebook, a picture (PNG, JPEG, GIF, WebP) nor an "
          "archive (zip).")
    )  # fmt: skip


def check_beginning(head: bytes, size: int) -> None:
    """Refuse a file of `size` bytes by its first ones where they tell already. Raises
    FileRefused."""
    kind = _kind_of(head)
    refuse_large(size, kind)
    if kind == Kind.IMAGE:
        try:
            pictures.open_picture(io.BytesIO(head))
        except UnidentifiedImageError:
            # What a camera writes before the picture may be longer than the beginning.
            if len(head) == size:
                raise _neither() from None


def check_picture(content: bytes) -> None:
    """Refuse what is no picture. Raises FileRefused."""
    if not content.startswith(pictures.SIGNS):
        raise _neither()


def inspect(upload: File, names: Iterable[str] = ()) -> Inspected:
    """Find out what `upload` is, and make it fit to be stored. Raises FileRefused.

    `names` are those of the team, which are looked for in it.
    """
    if not upload.size:
        raise FileRefused(_("This file is empty."))
    head = upload.read(16)
    upload.seek(0)
    kind = _kind_of(head)
    refuse_large(upload.size, kind)
    taking = {
        Kind.REPORT: _report,
        Kind.ARCHIVE: _archive,
        Kind.NOTEBOOK: _notebook,
        Kind.IMAGE: _picture,
    }
    names = list(names)
    inspected = taking[kind](upload, names)
    found = giveaways.in_name(inspected.name, names)
    return replace(inspected, gives_away=(*inspected.gives_away, *found))


def strip(kind: Kind, name: str, content: bytes, names: Iterable[str] = ()) -> Inspected:
    """A copy of a file without what can be taken out of the names in it. Raises FileRefused."""
    stripped = pdf_facts.strip(content) if kind == Kind.REPORT else None
    if kind == Kind.NOTEBOOK:
        stripped = giveaways.stripped_notebook(content)
    if stripped is None:
        raise FileRefused(
            _("No copy without the names could be made of it. Take them out where you wrote it, "
              "and upload it again.")
        )  # fmt: skip
    return inspect(ContentFile(stripped, name), names)


def _inspected(
    upload: File,
    kind: Kind,
    content_type: str,
    extension: str,
    content: File | None = None,
    gives_away: Iterable[Giveaway] = (),
) -> Inspected:
    content = content or upload
    content.seek(0)
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    name = clean_name(upload.name or "")
    if not name.lower().endswith((extension, ".jpeg") if extension == ".jpg" else extension):
        name = name.rpartition(".")[0] or name
        name += extension
    return Inspected(
        kind, name, content_type, extension, content, content.size, digest.hexdigest(),
        tuple(gives_away),
    )  # fmt: skip


def _report(upload: File, names: list[str]) -> Inspected:
    facts = pdf_facts.look(upload.read())
    if facts.is_broken:
        raise FileRefused(
            _("This begins like a PDF, but no page of it can be read. Export it anew.")
        )
    if facts.is_locked:
        raise FileRefused(
            _("This PDF asks for a password, so raters could not read it. Save it without one and "
              "upload that.")
        )  # fmt: skip
    found = giveaways.in_pdf(facts, names)
    return _inspected(upload, Kind.REPORT, "application/pdf", ".pdf", gives_away=found)


def _archive(upload: File, names: list[str]) -> Inspected:
    try:
        contents = archives.check(upload)
    except archives.ArchiveRefused as refused:
        raise FileRefused(str(refused)) from None
    found = giveaways.in_archive(contents, names)
    return _inspected(upload, Kind.ARCHIVE, "application/zip", ".zip", gives_away=found)


def _notebook(upload: File, names: list[str]) -> Inspected:
    raw = upload.read()
    # In memory each object and list is a hundred times what it is in the file.
    if raw.count(b"{") + raw.count(b"[") > MOST_PARTS:
        raise FileRefused(
            _("This notebook is made of too many parts to be shown. Clear its largest outputs, and "
              "put data into files of their own.")
        )  # fmt: skip
    try:
        document: Any = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise FileRefused(_("This looks like a notebook, but it cannot be read.")) from None
    cells = document.get("cells", document.get("worksheets"))
    if not isinstance(document.get("nbformat"), int) or not isinstance(cells, list):
        raise FileRefused(_("This is JSON, but not a Jupyter notebook."))
    try:
        found = giveaways.in_notebook(document, names)
    except (RecursionError, UnicodeError):
        found = []
    return _inspected(upload, Kind.NOTEBOOK, "application/x-ipynb+json", ".ipynb", gives_away=found)


def _picture(upload: File, names: list[str]) -> Inspected:
    try:
        picture = pictures.open_picture(upload)
    except UnidentifiedImageError:
        raise _neither() from None
    is_photo = picture.format == "JPEG"
    content = pictures.drawn_anew(picture)
    if is_photo:
        return _inspected(upload, Kind.IMAGE, "image/jpeg", ".jpg", content)
    return _inspected(upload, Kind.IMAGE, "image/png", ".png", content)
