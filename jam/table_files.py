"""A table that somebody brings as a file, CSV or JSON: its columns and its rows, all of texts."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

# A form carries it through a preview: twice as many are what a request may bring.
MOST_BYTES = 900_000
MOST_ROWS = 400
# No text of ours holds these, and no database takes all of them.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Unreadable(Exception):
    """Why a file cannot be read, in words."""


@dataclass(frozen=True)
class Row:
    """A row by its number, as whoever wrote it counts it."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """What a file holds, and the text that it is made of."""

    name: str
    text: str
    columns: list[str]
    rows: list[Row]
    # Whether a cell may be a formula, or a text that was kept from being one.
    is_csv: bool


def open_file(file: Any) -> Sheet:
    """The table in an uploaded file. Raises Unreadable."""
    if file.size > MOST_BYTES:
        raise Unreadable(
            _("The file has %(size)s kB; %(most)s kB are the most that a list of a jam can need.")
            % {"size": file.size // 1000, "most": MOST_BYTES // 1000}
        )
    return read(decoded(file.read()), file.name)


def decoded(content: bytes) -> str:
    """The text of a file. Raises Unreadable."""
    if content.startswith(b"PK"):
        raise Unreadable(
            _("This is a workbook. In your spreadsheet choose “Save as”, and “CSV UTF-8”.")
        )
    try:
        # What a spreadsheet calls “Unicode text”.
        is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(
            _("The file is not in UTF-8, so that its letters cannot be told. In your spreadsheet "
              "choose “Save as”, and “CSV UTF-8”.")
        ) from None  # fmt: skip


def read(text: str, name: str) -> Sheet:
    """The table in a text. Raises Unreadable."""
    if found := _NO_TEXT.search(text):
        raise Unreadable(
            _("Line %(n)s holds a character that belongs to no text. Is it another kind of file?")
            % {"n": text.count("\n", 0, found.start()) + 1}
        )
    is_csv = not text.lstrip().startswith(("[", "{"))
    columns, rows = _of_csv(text) if is_csv else _of_json(text)
    if not rows:
        raise Unreadable(_("There is no row in it, below the line with the names of the columns."))
    return Sheet(name, text, columns, rows, is_csv)


def _check_length(rows: list[Row]) -> None:
    if len(rows) > MOST_ROWS:
        raise Unreadable(
            _("There are more than %(most)s rows in it, which is as many as a jam can have.")
            % {"most": MOST_ROWS}
        )


def _of_csv(text: str) -> tuple[list[str], list[Row]]:
    lines = _lines(text)
    number, head = next(lines, (0, []))
    columns = [cell.strip() for cell in head]
    while columns and not columns[-1]:
        columns.pop()
    _check_columns(columns)
    rows: list[Row] = []
    for number, cells in lines:
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise Unreadable(
                _("Row %(n)s has more cells than there are columns. A text with a comma in it "
                  "stands in quotation marks.") % {"n": number}
            )  # fmt: skip
        # What is missing at the end of a line is empty.
        filled = cells[: len(columns)] + [""] * (len(columns) - len(cells))
        rows.append(Row(number, dict(zip(columns, filled, strict=True))))
        _check_length(rows)
    return columns, rows


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, with their numbers."""
    first = text.lstrip("\r\n").partition("\n")[0]
    # Where a comma stands in numbers, spreadsheets part cells by semicolons.
    sign = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error:
        raise Unreadable(
            _("Row %(n)s cannot be read: look at its quotation marks.") % {"n": number + 1}
        ) from None


def _check_columns(columns: list[str]) -> None:
    if not all(columns):
        raise Unreadable(_("A column has no name. The first line names all of them."))
    if twice := {name for name in columns if columns.count(name) > 1}:
        raise Unreadable(
            _("There are several columns of one name: %(names)s.")
            % {"names": ", ".join(sorted(twice))}
        )


def _of_json(text: str) -> tuple[list[str], list[Row]]:
    try:
        found = json.loads(text)
    except ValueError as error:
        where = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(_("This is not JSON: %(where)s") % {"where": where.strip(" ()")}) from None
    except RecursionError:
        found = None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable(_("A JSON file holds a list of objects, one for each row."))
    columns: dict[str, None] = {}
    rows: list[Row] = []
    for number, told in enumerate(found, start=1):
        columns |= dict.fromkeys(told)
        cells = {_text(name, number): _text(value, number) for name, value in told.items()}
        rows.append(Row(number, cells))
        _check_length(rows)
    return list(columns), rows


def _text(value: Any, number: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    # In JSON these can be written as what they are not.
    if isinstance(value, (dict, list)) or _NO_TEXT.search(text):
        raise Unreadable(_("Row %(n)s holds something that is no text.") % {"n": number})
    return text
