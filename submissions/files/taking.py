"""Names, sizes and places of files that are taken."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from jam.mending import composed
from jam.pictures import FileRefused, no_room
from submissions.models import File as StoredFile

if TYPE_CHECKING:
    from submissions.files.inspecting import Inspected

Kind = StoredFile.Kind

MEGABYTE = 1024 * 1024
LARGEST = {
    Kind.REPORT: 25 * MEGABYTE,
    Kind.NOTEBOOK: 10 * MEGABYTE,
    Kind.IMAGE: 8 * MEGABYTE,
    Kind.ARCHIVE: 50 * MEGABYTE,
}
MOST_FILES = 20
# Signs that turn the direction of writing, and could make "exe.pdf" of "fdp.exe".
DIRECTION_SIGNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_name(name: str) -> str:
    """The last part of a file's name, in any script, without signs that mislead."""
    name = composed(name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = (
        sign
        for sign in name
        if unicodedata.category(sign) not in ("Cc", "Cs") and sign not in DIRECTION_SIGNS
    )
    name = "".join(kept).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if len(name) > 120:
        name = f"{stem[:100]}{dot}{extension[:15]}"
    return name or "file"


def refuse_large(size: int, kind: Kind) -> None:
    """Refuse more bytes than a file of `kind` may have. Raises FileRefused."""
    if size > LARGEST[kind]:
        raise FileRefused(
            _("This file has %(size)s; a %(kind)s may have %(most)s.")
            % {
                "size": filesizeformat(size),
                "kind": kind.label,
                "most": filesizeformat(LARGEST[kind]),
            }
        )


def store(file: StoredFile, inspected: Inspected) -> None:
    """Write the content. Raises NoRoom where the disk is full, and leaves nothing then."""
    name = f"{inspected.sha256}{inspected.extension}"
    storage = file.content.storage
    path = storage.get_available_name(file.content.field.generate_filename(file, name))
    with no_room(inspected.size):
        try:
            file.content.save(name, inspected.content, save=False)
        except OSError:
            storage.delete(path)
            raise
