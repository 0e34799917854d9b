"""Tables of a jam for its organizers to take away: the rows of its archive, readable by themselves.

Where the archive numbers rows anew, these have the numbers that stand in addresses and in published
files, and beside a reference the name of what it refers to; people's names and addresses only in
the tables that are marked as personal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from jam import log, parts, spreadsheets, timeline
from jam.archive.tables import AT_ONCE, Table
from jam.archive.writing import all_tables, plain
from jam.errors import Refused, refuse
from jam.models import Jam, User
from jam.roles import Right, may

if TYPE_CHECKING:
    from django.db.models import Model


class Form(TextChoices):
    """In which a table can be had."""

    CSV = "csv", _("CSV")
    JSON = "json", _("JSON")


class ExportRefusal(TextChoices):
    """Why someone may not take tables of a jam away."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers take tables of the jam away.")
    TO_COME = "to_come", _("This table cannot be had yet.")


@dataclass(frozen=True)
class Export:
    """A table to take away; one that cannot be had yet says in `to_come` when or why."""

    name: str
    about: Any
    columns: tuple[tuple[str, Any], ...]
    rows: Callable[[], Iterable[Iterable[Any]]]
    is_personal: bool = False
    to_come: Any = ""

    @property
    def names(self) -> list[str]:
        return [name for name, _told in self.columns]


def export_refusal(user: Any, jam: Jam) -> ExportRefusal | None:
    """Why `user` may not take tables of `jam` away."""
    return None if may(user, jam, Right.EXPORT) else ExportRefusal.NOT_ORGANIZER


def exports_of(jam: Jam, moment: datetime) -> list[Export]:
    """The tables of every part, none of which is read before its rows are asked for."""
    by_model = {table.model: table for table in all_tables()}
    found = [
        of_table(table, by_model, jam, moment) for table in by_model.values() if table.is_offered
    ]
    return found + [export for part in parts.all_parts() for export in part.exports(jam, moment)]


def of_table(
    table: Table, by_model: dict[type[Model], Table], jam: Jam, moment: datetime
) -> Export:
    """A table of the archive, to be read by itself."""
    lookups, columns = ["pk"], [("id", _("its number, as in addresses"))]
    for column in table.columns:
        # Where a file lies in the storage says nothing to anybody.
        if column.field is None or column.is_file:
            continue
        lookups.append(column.field.attname)
        columns.append((column.name, column.field.verbose_name))
        other = by_model[column.model] if column.is_reference else None
        # Of people, numbers are all that stands outside the personal tables.
        if other and (table.is_personal or not other.is_personal):
            for lookup in other.named_by:
                lookups.append(f"{column.name}__{lookup}")
                columns.append((f"{column.name}_{lookup.rpartition('__')[2]}", other.about))

    def rows() -> Iterator[list[Any]]:
        found = table.rows(jam).values_list(*lookups)
        for row in found.iterator(chunk_size=AT_ONCE):
            # A number is to stay one, where JSON alone would have a text.
            yield [value if isinstance(value, Decimal) else plain(value) for value in row]

    waits = table.comes_with_results and not timeline.results_due(jam, moment)
    to_come = _("with the results") if waits else ""
    return Export(table.name, table.about, tuple(columns), rows, table.is_personal, to_come)


def response(export: Export, form: str, whose: str) -> StreamingHttpResponse:
    """The table of `whose` it is as a file, row by row."""
    name = f"{whose}-{export.name}.{form}"
    if form == Form.CSV:
        return spreadsheets.response(_with_header(export), name)
    return StreamingHttpResponse(
        _as_json(export),
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _with_header(export: Export) -> Iterator[Iterable[Any]]:
    yield export.names
    for row in export.rows():
        yield [_cell(value) for value in row]


def _cell(value: Any) -> Any:
    """A value as a table shows it: nothing for None, JSON for what is nested."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _as_json(export: Export) -> Iterator[str]:
    """An array of objects, one a line."""
    before = "[\n"
    for row in export.rows():
        told = dict(zip(export.names, row, strict=True))
        yield before + json.dumps(told, ensure_ascii=False, default=str)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def take_away(*, jam: Jam, name: str, form: str, by: User, moment: datetime) -> Export:
    """The table `name`, for `by`, which is logged. Raises Refused, and KeyError where there is no
    such table."""
    refuse(export_refusal(by, jam))
    export = {each.name: each for each in exports_of(jam, moment)}[name]
    if export.to_come:
        raise Refused(ExportRefusal.TO_COME)
    taken = {"table": name, "form": form, "personal": export.is_personal}
    log.record("took a table away", jam, by=by, jam=jam, after=taken, moment=moment)
    return export
