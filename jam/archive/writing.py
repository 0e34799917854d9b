"""Writing the archive of a jam: streamed, so that memory does not grow with it."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import Storage
from django.db import connection, transaction
from django.utils import translation

from jam import parts
from jam.archive.numbers import Numbers
from jam.archive.tables import Column, Table
from jam.models import Jam

# To be raised when what an older Peerjam wrote cannot be read any more.
FORMAT = 1
DESCRIPTOR = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
# The first that a zip can name: when it was written is no part of a jam.
STAMP = (1980, 1, 1, 0, 0, 0)
CHUNK = 1024 * 1024
MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}


class Damaged(Exception):
    """A file that the storage has lost, or that is not what was stored."""


@dataclass
class Blob:
    """A file of the storage, that is written once however many rows have it."""

    storage: Storage
    path: str

    def pieces(self) -> Iterator[bytes]:
        try:
            with self.storage.open(self.path) as content:
                yield from iter(lambda: content.read(CHUNK), b"")
        except OSError as error:
            raise Damaged(f"{self.path} cannot be read from the storage: {error}") from error


@dataclass
class Archive:
    """A zip that is being written, and what its descriptor will say of it."""

    zip: zipfile.ZipFile
    resources: list[dict[str, Any]] = field(default_factory=list)

    def add(self, path: str, pieces: Iterable[bytes], **told: Any) -> str:
        """Write a file and note it; its SHA-256."""
        info = zipfile.ZipInfo(path, STAMP)
        info.external_attr = 0o644 << 16
        # Whoever made the zip: the same on every machine.
        info.create_system = 3
        digest, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as written:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                written.write(piece)
        found = {"path": path, "bytes": size, "hash": f"sha256:{digest.hexdigest()}"}
        self.resources.append({"name": told.pop("name"), **found, **told})
        return digest.hexdigest()


def all_tables() -> list[Table]:
    """The tables of every part, in the order in which their rows can be taken in."""
    tables = [table for part in parts.all_parts() for table in part.export_tables()]
    return sorted(tables, key=lambda table: table.turn)


def write(jam: Jam, target: IO[bytes]) -> dict[str, int]:
    """Write the archive of `jam` to `target`, which need not be seekable; how many rows each table
    has. Raises Damaged."""
    tables = all_tables()
    counts: dict[str, int] = {}
    # In one language, whoever asks.
    with (
        translation.override(settings.LANGUAGE_CODE),
        _snapshot(),
        zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made,
    ):
        archive, blobs = Archive(made), {}
        numbers = Numbers(jam, tables)
        for table in tables:
            counts[table.name] = 0

            def counted(rows: Iterable[dict[str, Any]], name: str = table.name) -> Iterator:
                for row in rows:
                    counts[name] += 1
                    yield row

            rows = counted(rows_of(table, jam, numbers, blobs))
            archive.add(table.path, lines_of(table, rows), **described(table, tables))
        for name in sorted(blobs):
            found = archive.add(f"files/{name}", blobs[name].pieces(), name=_named(name))
            if not name.startswith(found):
                raise Damaged(f"{blobs[name].path} is not what was stored: its SHA-256 is {found}")
        text = json.dumps(descriptor(jam, archive, counts), indent=1, ensure_ascii=False)
        archive.add(DESCRIPTOR, [text.encode(), b"\n"], name="descriptor")
    return counts


@contextmanager
def _snapshot() -> Iterator[None]:
    """All is read as it is at one instant, whatever is written meanwhile."""
    fresh = not connection.in_atomic_block
    with transaction.atomic():
        if fresh and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def rows_of(
    table: Table, jam: Jam, numbers: Numbers, blobs: dict[str, Blob]
) -> Iterator[dict[str, Any]]:
    """The rows of a table, as they are written, each with its number."""
    fields = [column.field for column in table.columns if column.field]
    names = [each.attname for each in fields]
    for number, (key, *values) in enumerate(table.values(jam, numbers, names), 1):
        row: dict[str, Any] = {"id": key}
        known = dict(zip(names, values, strict=True))
        for column in table.columns:
            if column.field is None:
                row[column.name] = None
            elif column.is_reference:
                row[column.name] = reference(table, column, known[column.field.attname], numbers)
            elif column.is_file:
                row[column.name] = file_name(table, column, known, blobs)
            else:
                row[column.name] = plain(known[column.field.attname])
        table.tell(row, numbers)
        yield row | {"id": number}


def reference(table: Table, column: Column, key: int | None, numbers: Numbers) -> Any:
    """The number of the row that is referred to; of one of another jam, by what it is known
    there."""
    number = numbers.number(column.model._meta.label_lower, key)
    if key is None or number is not None:
        return number
    other = numbers.tables.get(column.model._meta.label_lower)
    if other is None or not other.abroad:
        raise Damaged(f"{table.name}: {column.name} {key} is a row of another jam")
    found = column.model._base_manager.filter(pk=key).values_list(*other.abroad).get()
    return json.dumps([plain(value) for value in found], ensure_ascii=False)


def file_name(table: Table, column: Column, known: dict[str, Any], blobs: dict[str, Blob]) -> str:
    """By what a file is called in the archive; its content is written later."""
    path = known[column.field.attname]
    if not path:
        return ""
    blob = Blob(column.field.storage, path)
    digest = known.get(table.sha256)
    if digest is None:
        made = hashlib.sha256()
        for piece in blob.pieces():
            made.update(piece)
        digest = made.hexdigest()
    extension = os.path.splitext(path)[1].lower()
    name = digest + (extension if re.fullmatch(r"\.[a-z0-9]{1,8}", extension) else "")
    blobs[name] = blob
    return name


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return str(value) if isinstance(value, Decimal) else value


def lines_of(table: Table, rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The rows as CSV, or as JSON lines."""
    names = ["id", *(column.name for column in table.columns)]
    if table.is_nested:
        for row in rows:
            told = {name: row[name] for name in names}
            yield json.dumps(told, sort_keys=True, ensure_ascii=False).encode() + b"\n"
        return
    writer = csv.writer(_Echo())
    yield writer.writerow(names)
    for row in rows:
        yield writer.writerow([cell(row[name]) for name in names])


class _Echo:
    def write(self, line: str) -> bytes:
        return line.encode()


def cell(value: Any) -> str:
    """A value as CSV has it; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


# -- what the descriptor says -------------------------------------------------------------------


def descriptor(jam: Jam, archive: Archive, counts: dict[str, int]) -> dict[str, Any]:
    """The package in Frictionless' words."""
    return {
        "$schema": PROFILE,
        "name": jam.slug,
        "title": jam.title,
        "description": jam.tagline,
        "peerjam": {"format": FORMAT, "version": settings.VERSION, "rows": counts},
        "resources": archive.resources,
    }


def described(table: Table, tables: list[Table]) -> dict[str, Any]:
    """What the descriptor says of a table."""
    extension = table.path.rpartition(".")[2]
    names = {each.label: each.name for each in tables}
    return {
        "name": table.name,
        "title": str(table.about),
        "type": "table",
        "format": extension,
        "mediatype": MEDIA_TYPES[extension],
        "encoding": "utf-8",
        "personal": table.is_personal,
        "schema": {
            "fields": [
                {"name": "id", "type": "integer", "constraints": {"required": True}},
                *(field_of(column, is_abroad(column, tables)) for column in table.columns),
            ],
            "primaryKey": ["id"],
            "foreignKeys": [
                {
                    "fields": [column.name],
                    "reference": {
                        "resource": names[column.model._meta.label_lower],
                        "fields": ["id"],
                    },
                }
                for column in table.columns
                if column.is_reference and not is_abroad(column, tables)
            ],
        },
    }


def is_abroad(column: Column, tables: list[Table]) -> bool:
    """Whether a reference may lead to another jam, so that it is no plain number."""
    return column.is_reference and any(
        table.label == column.model._meta.label_lower and table.abroad for table in tables
    )


def field_of(column: Column, is_abroad: bool) -> dict[str, Any]:
    found = {"name": column.name, "type": "string" if is_abroad else column.type}
    return found | ({"title": str(column.field.verbose_name)} if column.field else {})


def _named(name: str) -> str:
    """The name of a file as a resource: unique, and of signs that names may have."""
    return name.replace(".", "-")
