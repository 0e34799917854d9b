"""Which files are taken, told by what is in them and not by what they are called."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import logging
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from submissions.models import File as StoredFile

Kind = StoredFile.Kind

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
LARGEST = {Kind.REPORT: 25 * MEGABYTE, Kind.NOTEBOOK: 10 * MEGABYTE, Kind.IMAGE: 8 * MEGABYTE}
MOST_FILES = 20
MOST_PIXELS = 40_000_000
WIDEST = 2400
IMAGE_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# Signs that turn the direction of writing, and could make "exe.pdf" of "fdp.exe".
DIRECTION_SIGNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class FileRefused(Exception):
    """A file that is not taken; the text says why, for people."""


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


def clean_name(name: str) -> str:
    """The last part of a file's name, in any script, without signs that mislead."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = (
        sign for sign in name if unicodedata.category(sign) != "Cc" and sign not in DIRECTION_SIGNS
    )
    name = "".join(kept).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if len(name) > 120:
        name = f"{stem[:100]}{dot}{extension[:15]}"
    return name or "file"


def inspect(upload: File) -> Inspected:
    """Find out what `upload` is, and make it fit to be stored. Raises FileRefused."""
    if not upload.size:
        raise FileRefused(_("This file is empty."))
    head = upload.read(16)
    upload.seek(0)
    if head.startswith(b"%PDF-"):
        return _inspected(upload, Kind.REPORT, "application/pdf", ".pdf")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _inspect_notebook(upload)
    return _inspect_image(upload)


def store(file: StoredFile, inspected: Inspected) -> None:
    """Write the content. Raises FileRefused where the disk is full, and leaves nothing then."""
    name = f"{inspected.sha256}{inspected.extension}"
    storage = file.content.storage
    path = storage.get_available_name(file.content.field.generate_filename(file, name))
    try:
        file.content.save(name, inspected.content, save=False)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        storage.delete(path)
        logger.error("no room for a file of %s bytes", inspected.size)
        raise FileRefused(
            _("There is no room for it on this server at the moment. Try again in a while, or tell "
              "the organizers; what you have written is stored.")
        ) from None  # fmt: skip


def _refuse_large(upload: File, kind: Kind) -> None:
    if upload.size > LARGEST[kind]:
        raise FileRefused(
            _("This file has %(size)s; a %(kind)s may have %(most)s.")
            % {
                "size": filesizeformat(upload.size),
                "kind": kind.label,
                "most": filesizeformat(LARGEST[kind]),
            }
        )


def _inspected(
    upload: File, kind: Kind, content_type: str, extension: str, content: File | None = None
) -> Inspected:
    _refuse_large(upload, kind)
    content = content or upload
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    name = clean_name(upload.name or "")
    if not name.lower().endswith((extension, ".jpeg") if extension == ".jpg" else extension):
        name = name.rpartition(".")[0] or name
        name += extension
    return Inspected(kind, name, content_type, extension, content, content.size, digest.hexdigest())


def _inspect_notebook(upload: File) -> Inspected:
    _refuse_large(upload, Kind.NOTEBOOK)
    try:
        document: Any = json.loads(upload.read().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise FileRefused(_("This looks like a notebook, but it cannot be read.")) from None
    upload.seek(0)
    cells = document.get("cells", document.get("worksheets"))
    if not isinstance(document.get("nbformat"), int) or not isinstance(cells, list):
        raise FileRefused(_("This is JSON, but not a Jupyter notebook."))
    return _inspected(upload, Kind.NOTEBOOK, "application/x-ipynb+json", ".ipynb")


def _inspect_image(upload: File) -> Inspected:
    """Draw the picture anew, so that nothing but the picture is kept."""
    try:
        # Opening reads the head alone; the size is known before anything is unpacked.
        picture = Image.open(upload, formats=IMAGE_FORMATS)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        raise FileRefused(
            _("This is neither a PDF, a Jupyter notebook nor a picture (PNG, JPEG, GIF, WebP).")
        ) from None
    _refuse_large(upload, Kind.IMAGE)
    if picture.width * picture.height > MOST_PIXELS:
        raise FileRefused(_("This picture has too many pixels; 40 million are the most."))
    is_photo = picture.format == "JPEG"
    try:
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((WIDEST, WIDEST))
        picture = picture.convert("RGB" if is_photo else "RGBA")
        # Comments and the like would be written along.
        picture.info = {}
        drawn = io.BytesIO()
        if is_photo:
            picture.save(drawn, "JPEG", quality=88)
        else:
            picture.save(drawn, "PNG")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, MemoryError):
        raise FileRefused(_("This picture is damaged.")) from None
    content = ContentFile(drawn.getvalue())
    if is_photo:
        return _inspected(upload, Kind.IMAGE, "image/jpeg", ".jpg", content)
    return _inspected(upload, Kind.IMAGE, "image/png", ".png", content)
