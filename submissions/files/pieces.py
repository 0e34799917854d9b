"""The pieces of files that are on their way: where they lie until all are here.

Each is a file of its own below uploads/, so that any storage will do and whoever is killed leaves
whole pieces behind.
"""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.utils.translation import gettext as _

from jam.pictures import FileRefused, no_room
from submissions.files.taking import MEGABYTE
from submissions.models import Upload

SIZE = MEGABYTE


def length_at(upload: Upload, offset: int) -> int:
    """Bytes of the piece that begins at `offset`; every piece but the last has the same."""
    return max(0, min(SIZE, upload.size - offset))


def write(upload: Upload, offset: int, content: bytes) -> None:
    """Keep a piece, in the place of one that a killed process has left. Raises NoRoom where
    the disk is full, and leaves nothing then."""
    name = _name(upload, offset)
    default_storage.delete(name)
    with no_room(len(content)):
        try:
            default_storage.save(name, ContentFile(content))
        except OSError:
            default_storage.delete(name)
            raise


def whole(upload: Upload) -> TemporaryUploadedFile:
    """All pieces as one file. Raises FileRefused where it is not what was announced."""
    digest = hashlib.sha256()
    file = TemporaryUploadedFile(upload.name, "", upload.size, "")
    try:
        with no_room(upload.size):
            for offset in range(0, upload.size, SIZE):
                with default_storage.open(_name(upload, offset)) as piece:
                    content = piece.read()
                digest.update(content)
                file.write(content)
            file.flush()
    except FileNotFoundError:
        # A backup has the rows, not the pieces.
        pass
    except BaseException:
        file.close()
        raise
    if digest.hexdigest() != upload.sha256:
        file.close()
        raise FileRefused(_("It did not arrive as it was sent. Choose it once more."))
    file.seek(0)
    return file


def remove(upload: Upload) -> None:
    for offset in range(0, upload.size, SIZE):
        default_storage.delete(_name(upload, offset))
    default_storage.delete(_folder(upload))


def _folder(upload: Upload) -> str:
    return f"uploads/{upload.pk}"


def _name(upload: Upload, offset: int) -> str:
    return f"{_folder(upload)}/{offset}"
