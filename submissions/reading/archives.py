"""Archives (zip): whether one can be trusted, and what is in it. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import pairwise
from typing import IO

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 2_000
# Of the list of entries, which is read as a whole: room for the longest names.
LARGEST_LIST = MOST_ENTRIES * 1024
LARGEST_UNPACKED = 300 * MEGABYTE
# Text and tables are packed to a tenth, seldom to a fiftieth; zeros to a thousandth.
MOST_RATIO, RATIO_COUNTS_FROM = 100, 10 * MEGABYTE
# An archive in the archive is looked into (a data set of NumPy's is one); one in that as well.
DEEPEST = 3
LARGEST_INNER = 50 * MEGABYTE
LONGEST_NAME = 300

_START, _END, _END_64 = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
# What machines put in beside what people wrote.
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")


class ArchiveRefused(Exception):
    """An archive that is not taken; the text says why, for people."""


class Explodes(ArchiveRefused):
    """An archive that is far larger unpacked."""


@dataclass(frozen=True)
class Entry:
    """A file in an archive: its path with forward slashes, and its size in bytes, unpacked."""

    name: str
    size: int


@dataclass(frozen=True)
class Contents:
    """The files of an archive in its order, without folders and what machines put in."""

    entries: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """Bytes, unpacked."""
        return sum(entry.size for entry in self.entries)

    def named(self, *patterns: str) -> list[Entry]:
        """Files whose last part is like one of `patterns`, in any case; the nearest to the top
        first."""
        found = [
            entry
            for entry in self.entries
            if any(fnmatch(entry.name.rpartition("/")[2].lower(), p.lower()) for p in patterns)
        ]
        return sorted(found, key=lambda entry: (entry.name.count("/"), entry.name))


def contents_of(file: IO[bytes]) -> Contents:
    """What is in an archive, by its list alone. Raises ArchiveRefused where that cannot be read."""
    return Contents(
        tuple(
            Entry(_name_of(info), info.file_size)
            for info in _opened(file).infolist()
            if not info.is_dir() and not _CLUTTER.search(_name_of(info))
        )
    )


def read(file: IO[bytes], name: str, most: int) -> bytes:
    """The first `most` bytes of the file `name` in an archive. Raises ArchiveRefused, and KeyError
    where there is none."""
    archive = _opened(file)
    for info in archive.infolist():
        if _name_of(info) == name and not info.is_dir():
            content = b""
            for piece in _unpacked(archive, info):
                content += piece
                if len(content) >= most:
                    break
            return content[:most]
    raise KeyError(name)


def check(file: IO[bytes]) -> Contents:
    """What is in an archive, each file of it unpacked once in memory, a piece at a time, to see
    that it is as the list says. Raises ArchiveRefused with the reason."""
    size = file.seek(0, io.SEEK_END)
    _check(file, size, [LARGEST_UNPACKED], 1)
    contents = contents_of(file)
    if not contents.entries:
        raise ArchiveRefused(_("This archive is empty."))
    _refuse_documents(contents)
    return contents


def _check(file: IO[bytes], size: int, room: list[int], depth: int) -> None:
    """Look into an archive, and the archives in it; `room` is what may yet be unpacked."""
    archive = _opened(file)
    entries = archive.infolist()
    unpacked = sum(info.file_size for info in entries)
    if unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * size:
        raise Explodes(
            _("It would be %(times)s times as large when unpacked; files that swell so much are "
              "not taken. Put less into it, or link to the data.")
            % {"times": unpacked // size}
        )  # fmt: skip
    room[0] -= unpacked
    if room[0] < 0:
        raise Explodes(
            _("Unpacked it would have more than %(most)s. Put less into it, or link to the data.")
            % {"most": filesizeformat(LARGEST_UNPACKED)}
        )
    _refuse_names(entries)
    _refuse_overlaps(entries, archive.start_dir, depth)
    for info in entries:
        if info.is_dir():
            continue
        pieces = _unpacked(archive, info)
        first = next(pieces, b"")
        if not first.startswith(_START):
            for _piece in pieces:
                pass
            continue
        if info.file_size > LARGEST_INNER or depth == DEEPEST:
            raise Explodes(
                _("“%(name)s” is an archive in it that is too large, or too deep in others, to be "
                  "looked into. Put the files in themselves, or link to them.")
                % {"name": _name_of(info)[:80]}
            )  # fmt: skip
        inner = io.BytesIO(first + b"".join(pieces))
        try:
            _check(inner, info.file_size, room, depth + 1)
        except Explodes:
            raise
        except ArchiveRefused:
            # It is data: models are kept in archives of odd kinds.
            continue


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive, once its end says that its list is small enough to be read."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 0xFFFF - 22))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise ArchiveRefused(
            _("This archive is cut off or damaged. Pack it anew, and see that it opens.")
        )
    if tail[max(0, at - 20) :].startswith(_END_64):
        raise ArchiveRefused(
            _("This archive is of the kind for more than 4 GB (zip64). Pack it anew as a plain "
              "zip file.")
        )  # fmt: skip
    number = int.from_bytes(tail[at + 10 : at + 12], "little")
    if number > MOST_ENTRIES or int.from_bytes(tail[at + 12 : at + 16], "little") > LARGEST_LIST:
        raise ArchiveRefused(
            _("There are more than %(most)s files in it. Leave out what can be made or fetched "
              "again, such as environments and caches.")
            % {"most": MOST_ENTRIES}
        )  # fmt: skip
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _damaged() from None
    if len(archive.infolist()) != number:
        raise _damaged()
    return archive


def _damaged() -> ArchiveRefused:
    return ArchiveRefused(_("This archive is damaged. Pack it anew, and see that it opens."))


def _name_of(info: zipfile.ZipInfo) -> str:
    """The path of an entry with forward slashes; names that lack their sign of UTF-8 get it."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name.replace("\\", "/")


def _refuse_names(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse names that lead elsewhere or mislead, and what is no plain file."""
    seen = set()
    for info in entries:
        name = _name_of(info)
        shown = {"name": _CONTROL.sub("�", name[:80])}
        if info.flag_bits & _ENCRYPTED:
            raise ArchiveRefused(
                _("It has a password (at “%(name)s”), so nobody could read it. Pack it without.")
                % shown
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveRefused(
                _("“%(name)s” in it is packed in a way that not everybody can unpack. Use plain "
                  "zip.")
                % shown
            )  # fmt: skip
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ArchiveRefused(
                _("“%(name)s” in it is a symbolic link. Put the file itself in its place.") % shown
            )
        parts = name.split("/")
        leads_away = name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name)
        if leads_away or _CONTROL.search(name) or not name.strip("/ ") or len(name) > LONGEST_NAME:
            raise ArchiveRefused(
                _("A name in it leads out of the archive or cannot be written: “%(name)s”.") % shown
            )
        if name in seen:
            raise ArchiveRefused(_("“%(name)s” is in it twice.") % shown)
        seen.add(name)


def _refuse_overlaps(entries: list[zipfile.ZipInfo], end: int, depth: int) -> None:
    """Refuse entries that share their bytes, and bytes before the first that no list names."""
    places = sorted((info.header_offset, info.compress_size) for info in entries)
    places.append((end, 0))
    if depth == 1 and places[0][0]:
        raise ArchiveRefused(
            _("There is something before the archive in this file. Pack it anew as a plain zip "
              "file.")
        )  # fmt: skip
    for (start, size), (following, _size) in pairwise(places):
        if start + 30 + size > following:
            raise ArchiveRefused(
                _("Files in it share the same bytes, as in archives that explode. Pack it anew.")
            )


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry, a piece at a time. Raises ArchiveRefused where it is not as said."""
    try:
        # Compares the name with that in the list; what follows, `read` would trust the list in.
        with archive.open(info):
            pass
        file = archive.fp
        file.seek(info.header_offset + 26)
        skipped = file.read(4)
        file.seek(int.from_bytes(skipped[:2], "little") + int.from_bytes(skipped[2:], "little"), 1)
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError):
        raise _damaged() from None
    at, left, made, checksum = file.tell(), info.compress_size, 0, 0
    packed = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    waiting = b""
    while True:
        if not waiting and left:
            # Somebody else may have read in between.
            file.seek(at)
            waiting = file.read(min(left, 64 * 1024))
            at, left = at + len(waiting), left - len(waiting)
            if not waiting:
                raise _damaged()
        try:
            piece = packed.decompress(waiting, MEGABYTE) if packed else waiting
        except zlib.error:
            raise _damaged() from None
        waiting = packed.unconsumed_tail if packed else b""
        made += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if made > info.file_size:
            break
        if piece:
            yield piece
        if packed is None and not left:
            break
        if packed is not None and (packed.eof or not (piece or waiting or left)):
            break
    whole = packed is None or (packed.eof and not packed.unused_data and not left)
    if made != info.file_size or checksum != info.CRC or not whole:
        raise ArchiveRefused(
            _("“%(name)s” in it is not what its list says: damaged, or larger than it pretends. "
              "Pack it anew.")
            % {"name": _name_of(info)[:80]}
        )  # fmt: skip


def _refuse_documents(contents: Contents) -> None:
    """Documents of word processors are archives by their build."""
    names = {entry.name for entry in contents.entries}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise ArchiveRefused(
            _("This is a document of an office program. Export it as PDF and upload that.")
        )
