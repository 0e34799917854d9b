"""Reading an archive: nothing of it is believed before all of it has been looked at."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError

from jam.archive.tables import Column, Malformed, Table
from jam.archive.writing import CHUNK, DESCRIPTOR, FORMAT, all_tables, is_abroad

# What may be in a zip. Nothing is ever unpacked to a path that a package names.
FILE = re.compile(r"files/[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
LARGEST_DESCRIPTOR = 64 * 1024 * 1024
# A line of a table, which holds a text of 200,000 signs a few times over.
LONGEST_LINE = 16 * 1024 * 1024


@dataclass(frozen=True)
class Row:
    """A row as it was read: plain values by column, and where it stands."""

    values: dict[str, Any]
    where: str


class Package:
    """An archive that has been opened; `check` finds what is wrong with it."""

    def __init__(self, source: IO[bytes]):
        """Raises Malformed."""
        self.tables = all_tables()
        try:
            self.zip = zipfile.ZipFile(source)
        except zipfile.BadZipFile as error:
            raise Malformed(f"this is no zip: {error}") from None
        self.entries = self._entries(source)
        self.descriptor = self._descriptor()
        self.resources = self._resources()

    # -- the zip ------------------------------------------------------------------------------

    def _entries(self, source: IO[bytes]) -> dict[str, zipfile.ZipInfo]:
        allowed = {DESCRIPTOR, *(table.path for table in self.tables)}
        found: dict[str, zipfile.ZipInfo] = {}
        for info in self.zip.infolist():
            name = info.filename
            if name not in allowed and not FILE.fullmatch(name):
                raise Malformed(f"“{name[:100]}” has no place in an archive of a jam")
            if name in found:
                raise Malformed("is there twice", name)
            # So nothing can grow while it is read: see `jam.archive`.
            if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
                raise Malformed("is compressed, which nothing in an archive is", name)
            if info.flag_bits & 1:
                raise Malformed("is encrypted", name)
            found[name] = info
        source.seek(0, io.SEEK_END)
        if sum(info.file_size for info in found.values()) > source.tell():
            raise Malformed("its files are larger than the zip itself")
        if DESCRIPTOR not in found:
            raise Malformed("is missing", DESCRIPTOR)
        return found

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a file of the zip."""
        try:
            with self.zip.open(self.entries[name]) as content:
                yield from iter(lambda: content.read(CHUNK), b"")
        except (zipfile.BadZipFile, EOFError, OSError) as error:
            raise Malformed(f"cannot be read: {error}", name) from None

    def _descriptor(self) -> dict[str, Any]:
        if self.entries[DESCRIPTOR].file_size > LARGEST_DESCRIPTOR:
            raise Malformed("is too large", DESCRIPTOR)
        try:
            found = json.loads(b"".join(self.pieces(DESCRIPTOR)))
        except (ValueError, RecursionError) as error:
            raise Malformed(f"is no JSON: {error}", DESCRIPTOR) from None
        told = found.get("peerjam") if isinstance(found, dict) else None
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise Malformed(f"says of no archive of format {FORMAT}", DESCRIPTOR)
        return found

    def _resources(self) -> dict[str, dict[str, Any]]:
        """What the descriptor tells of each file, which are just those that there are."""
        found: dict[str, dict[str, Any]] = {}
        listed = self.descriptor.get("resources")
        for resource in listed if isinstance(listed, list) else []:
            path = resource.get("path") if isinstance(resource, dict) else None
            if not isinstance(path, str) or path in found:
                raise Malformed(f"a resource without a path of its own: {path!r:.100}", DESCRIPTOR)
            found[path] = resource
        there = set(self.entries) - {DESCRIPTOR}
        for path in sorted(there ^ set(found)):
            where = "is not in the zip" if path in found else "is not among the resources"
            raise Malformed(where, path)
        for table in self.tables:
            if table.path not in found:
                raise Malformed("is missing", table.path)
        return found

    @property
    def slug(self) -> str:
        """The address that the jam had."""
        table = next(table for table in self.tables if table.label == "jam.jam")
        return next(self.rows(table)).values["slug"]

    # -- what is in it -------------------------------------------------------------------------

    def check(self) -> None:
        """Look at every file and every row. Raises Malformed."""
        for path, resource in self.resources.items():
            self._check_hash(path, resource)
        counts, highest = {}, {}
        used: set[str] = set()
        for table in self.tables:
            counts[table.label] = 0
            for number, row in enumerate(self.rows(table), 1):
                counts[table.label] = number
                self._note(table, row, highest, used)
        for label, (number, where) in highest.items():
            if number > counts.get(label, 0):
                raise Malformed(f"there is no {label} {number}", where)
        if counts["jam.jam"] != 1:
            raise Malformed(f"{counts['jam.jam']} jams instead of one")
        for path in self.entries:
            if path.startswith("files/") and path not in used:
                raise Malformed("no row has this file", path)

    def _check_hash(self, path: str, resource: dict[str, Any]) -> None:
        digest, size = hashlib.sha256(), 0
        for piece in self.pieces(path):
            digest.update(piece)
            size += len(piece)
        found = digest.hexdigest()
        if resource.get("bytes") != size:
            raise Malformed(f"has {size} bytes, not {resource.get('bytes')!r:.40}", path)
        if resource.get("hash") != f"sha256:{found}":
            raise Malformed(f"its SHA-256 is {found}, not as {DESCRIPTOR} says", path)
        if path.startswith("files/") and not path.startswith(f"files/{found}"):
            raise Malformed(f"its SHA-256 is {found}, not as it is called", path)

    def _note(
        self, table: Table, row: Row, highest: dict[str, tuple[int, str]], used: set[str]
    ) -> None:
        """Note what a row refers to."""
        for column in table.columns:
            value = row.values.get(column.name)
            if column.is_file and value:
                if f"files/{value}" not in self.entries:
                    raise Malformed(f"there is no files/{value[:80]}", f"{row.where}{column.name}")
                used.add(f"files/{value}")
            elif column.is_reference and isinstance(value, int):
                label = column.model._meta.label_lower
                if value > highest.get(label, (0, ""))[0]:
                    highest[label] = (value, f"{row.where}{column.name}")

    # -- rows ----------------------------------------------------------------------------------

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table, each with the number that is its due. Raises Malformed."""
        found = self._json_rows(table) if table.is_nested else self._csv_rows(table)
        columns = {
            column.name: (column, is_abroad(column, self.tables)) for column in table.columns
        }
        for number, (where, told) in enumerate(found, 1):
            where = f"{table.path}, {where}, "
            if told.pop("id", None) != number:
                raise Malformed(f"must be {number}, one more than before", f"{where}id")
            if extra := set(told) - set(columns):
                raise Malformed("is no column of it", f"{where}{min(extra)[:60]!r}")
            values = {}
            for name, (column, abroad) in columns.items():
                if name in told:
                    values[name] = value_of(column, told[name], abroad, f"{where}{name}")
                elif not column.has_default:
                    raise Malformed("is missing", f"{where}{name}")
            yield Row(values, where)

    def _lines(self, path: str) -> Iterator[str]:
        with self.zip.open(self.entries[path]) as content:
            text = io.TextIOWrapper(content, encoding="utf-8", newline="\n")
            try:
                while line := text.readline(LONGEST_LINE):
                    if len(line) == LONGEST_LINE:
                        raise Malformed("has a line that is too long", path)
                    yield line
            except UnicodeDecodeError:
                raise Malformed("is not UTF-8", path) from None
            except (zipfile.BadZipFile, EOFError, OSError) as error:
                raise Malformed(f"cannot be read: {error}", path) from None

    def _json_rows(self, table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
        for number, line in enumerate(self._lines(table.path), 1):
            try:
                found = json.loads(line, parse_constant=_no_number)
            except (ValueError, RecursionError) as error:
                raise Malformed(f"line {number} is no JSON: {error}", table.path) from None
            if not isinstance(found, dict):
                raise Malformed(f"line {number} is no object", table.path)
            yield f"line {number}", found

    def _csv_rows(self, table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
        # A text may be longer than the module reads unasked.
        csv.field_size_limit(LONGEST_LINE)
        rows = csv.reader(self._lines(table.path), strict=True)
        kinds = {"id": "integer"} | {column.name: column.type for column in table.columns}
        texts = {column.name for column in table.columns if column.is_text}
        abroad = {column.name for column in table.columns if is_abroad(column, self.tables)}
        try:
            header = next(rows, [])
            if len(set(header)) != len(header):
                raise Malformed("a column is there twice", table.path)
            for cells in rows:
                where = f"line {rows.line_num}"
                if len(cells) != len(header):
                    raise Malformed(f"{len(cells)} cells instead of {len(header)}",
                                    f"{table.path}, {where}")  # fmt: skip
                told: dict[str, Any] = {}
                for name, cell in zip(header, cells, strict=True):
                    if name in texts or name in abroad and cell.startswith("["):
                        told[name] = cell
                    else:
                        told[name] = parsed(cell, kinds.get(name, "string"))
                yield where, told
        except csv.Error as error:
            raise Malformed(f"line {rows.line_num} is no CSV: {error}", table.path) from None


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def parsed(cell: str, kind: str) -> Any:
    """A cell of CSV as JSON has it; what it is not stays text, and is refused as such."""
    if cell == "":
        return None
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[cell]
        if kind == "integer" and re.fullmatch(r"-?\d{1,19}", cell, re.ASCII):
            return int(cell)
        if kind == "number":
            return cell
    except KeyError:
        return cell
    return cell


def value_of(column: Column, told: Any, is_abroad: bool, where: str) -> Any:
    """A value as its field has it; of a reference the number, of a row of another jam the list of
    what it is known by. Raises Malformed."""
    if column.field is None or column.type == "any":
        return told
    if column.is_reference:
        return _reference(column, told, is_abroad, where)
    if told is None:
        if not column.field.null:
            raise Malformed("is missing", where)
        return None
    if column.is_file:
        if not isinstance(told, str) or not (told == "" or FILE.fullmatch(f"files/{told}")):
            raise Malformed(f"{told!r:.80} is no file of the archive", where)
        return told
    wrong = Malformed(f"{told!r:.80} is no {column.type}", where)
    is_right = {
        "boolean": isinstance(told, bool),
        "integer": isinstance(told, int) and not isinstance(told, bool),
        "number": isinstance(told, (str, int, float)) and not isinstance(told, bool),
        "datetime": isinstance(told, str) and told.endswith("Z"),
        "string": isinstance(told, str),
    }
    if not is_right[column.type]:
        raise wrong
    try:
        if column.type == "datetime":
            return datetime.fromisoformat(told)
        value = column.field.to_python(told)
        if isinstance(value, float) and not math.isfinite(value):
            raise wrong
        if value not in column.field.empty_values:
            column.field.run_validators(value)
            if column.choices and value not in column.choices:
                raise Malformed(f"{told!r:.80} is none of the choices", where)
    except ValidationError as error:
        raise Malformed(" ".join(error.messages), where) from None
    except ValueError:
        raise wrong from None
    return value


def _reference(column: Column, told: Any, is_abroad: bool, where: str) -> Any:
    if told is None:
        if not column.field.null:
            raise Malformed("is missing", where)
        return None
    if isinstance(told, int) and not isinstance(told, bool) and told > 0:
        return told
    if is_abroad and isinstance(told, str):
        try:
            known = json.loads(told)
        except ValueError:
            known = None
        if isinstance(known, list) and all(isinstance(each, str) for each in known):
            return known
    raise Malformed(f"{told!r:.80} is no number of a row", where)
