"""Tables that are opened in a spreadsheet: UTF-8 that it recognizes, and no cell that it runs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse

# What begins with one of these is a formula to a spreadsheet; the wide ones are to some in Japan.
_RUN = "=+-@\t\r\n＝＋－＠"
# With signs that keep it from being one already: `text_of` takes away no more than `cell` has put.
_IS_RUN = re.compile(f"'*[{re.escape(_RUN)}]")


class _Echo:
    def write(self, line: str) -> str:
        return line


def cell(value: Any) -> str:
    """A value as a text that no spreadsheet takes for a formula."""
    text = str(value)
    # A number that begins with a sign is a number.
    is_run = _IS_RUN.match(text) and not isinstance(value, (int, float, Decimal))
    return f"'{text}" if is_run else text


def text_of(cell: str) -> str:
    """The text that `cell` was made of."""
    return cell[1:] if cell.startswith("'") and _IS_RUN.match(cell) else cell


def is_formula(cell: str) -> bool:
    """Whether a cell that somebody brings is a formula, and not a text that looks like one: lists
    begin with a hyphen, telephone numbers with a plus."""
    return cell.startswith(("=", "＝"))


def lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The rows as CSV, line by line."""
    writer = csv.writer(_Echo())
    # Without it Excel reads another encoding.
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def response(rows: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """The rows as a file to download, of people's own words: nobody on the way keeps it."""
    return StreamingHttpResponse(
        lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
