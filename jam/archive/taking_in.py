"""Taking in a jam from an archive: all of it, in one transaction, or nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage
from django.db import DatabaseError, transaction
from django.db.models import Model

from jam import caching, log, parts
from jam.archive.numbers import Keys
from jam.archive.reading import Package, Row
from jam.archive.tables import AT_ONCE, Malformed, Table
from jam.models import Jam
from jam.models.jams import TAKEN_ADDRESSES


class NotHere(Exception):
    """A row of another jam that this installation does not have."""


@dataclass
class Taken:
    """What came of an archive: the jam, how many rows each table has, and how many were left out
    since they lead to jams that are not here."""

    jam: Jam
    rows: Counter = field(default_factory=Counter)
    left_out: Counter = field(default_factory=Counter)


class Taking:
    """A package on its way into the database."""

    def __init__(self, package: Package, *, slug: str, moment: datetime):
        self.package, self.slug, self.moment = package, slug, moment
        self.keys = Keys(package.tables, slug)
        self.taken = Taken(jam=Jam())
        # References to rows that come later: by table, the key, the field and the number.
        self.later: dict[str, list[tuple[int, str, int]]] = {}
        self.saved: list[tuple[Storage, str]] = []

    def run(self) -> Taken:
        try:
            with transaction.atomic():
                for table in self.package.tables:
                    self.take(table)
                for table in self.package.tables:
                    self.refer(table)
                    table.finish(self.taken.jam, self.keys)
                for part in parts.all_parts():
                    part.jam_taken_in(self.taken.jam, self.moment)
        except BaseException:
            for storage, path in self.saved:
                storage.delete(path)
            raise
        return self.taken

    def take(self, table: Table) -> None:
        """Save the rows of a table, a portion at a time."""
        some: list[Row] = []
        for row in self.package.rows(table):
            some.append(row)
            if len(some) == AT_ONCE:
                self.save(table, some)
                some = []
        if some:
            self.save(table, some)

    def save(self, table: Table, rows: list[Row]) -> None:
        made, told, waiting, places = [], [], [], []
        for place, row in enumerate(rows):
            try:
                table.take(row.values, self.keys)
                values, later = self.values_of(table, row)
            except NotHere:
                self.taken.left_out[table.name] += 1
                continue
            except Malformed as error:
                raise Malformed(str(error), row.where.rstrip(", ")) from None
            except (AttributeError, LookupError, TypeError, ValueError):
                raise Malformed("is not made as it should be", row.where.rstrip(", ")) from None
            made.append(table.model(**values))
            told.append(row.values)
            waiting.append(later)
            places.append(place)
        try:
            with transaction.atomic():
                given = table.insert(made, told)
        except (DatabaseError, ValueError) as error:
            first, last = (rows[n].where.split(", ")[1] for n in (0, -1))
            where = f"{table.path}, {first} to {last}"
            raise Malformed(f"the database refuses this: {error}", where) from error
        # One that was left out keeps its number, which then leads nowhere.
        keys = [0] * len(rows)
        for place, key, later in zip(places, given, waiting, strict=True):
            keys[place] = key
            self.later.setdefault(table.label, []).extend((key, *each) for each in later)
        self.keys.give(table, keys)
        self.taken.rows[table.name] += len(given)
        if table.model is Jam:
            self.taken.jam = made[0]

    def values_of(self, table: Table, row: Row) -> tuple[dict[str, Any], list[tuple[str, int]]]:
        """The values of a new row, and what is to be set once all rows are there. Raises
        NotHere where it leads to a row of another jam that is not here."""
        values: dict[str, Any] = {}
        later = []
        for column in table.columns:
            if column.field is None or column.name not in row.values:
                continue
            value = row.values[column.name]
            if value is None or not (column.is_reference or column.is_file):
                values[column.name] = value
            elif column.is_file:
                values[column.name] = self.store(table, column.name, value)
            elif isinstance(value, list):
                values[column.field.attname] = self.abroad(column.model, value)
            elif self.is_there(column.model, value):
                key = self.keys.key(column.model._meta.label_lower, value)
                if not key:
                    raise NotHere
                values[column.field.attname] = key
            else:
                later.append((column.field.attname, value))
        for each in table.model._meta.concrete_fields:
            if each.related_model is Jam:
                values[each.attname] = self.taken.jam.pk
        if table.model is Jam:
            values |= {"slug": self.slug, "imported_at": self.moment}
        return values, later

    def is_there(self, model: type[Model], number: int) -> bool:
        return number <= self.keys.count(model._meta.label_lower)

    def abroad(self, model: type[Model], known: list[str]) -> int:
        """The key of a row of another jam."""
        table = self.keys.tables[model._meta.label_lower]
        found = model._base_manager.filter(**dict(zip(table.abroad, known, strict=True)))
        others = found.exclude(**{table.jam: self.taken.jam.pk}).order_by("pk")
        key = others.values_list("pk", flat=True).first()
        if key is None:
            raise NotHere
        return key

    def store(self, table: Table, name: str, value: str) -> str:
        """Put a file into the storage; the name that it has there."""
        if not value:
            return ""
        of = table.model._meta.get_field(name)
        with self.package.zip.open(self.package.entries[f"files/{value}"]) as content:
            path = of.storage.save(of.generate_filename(table.model(), value), File(content))
        self.saved.append((of.storage, path))
        return path

    def refer(self, table: Table) -> None:
        """Set what rows refer to that came after them."""
        waiting = self.later.get(table.label, [])
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            rows = table.model._base_manager.in_bulk({key for key, *_rest in some})
            for key, name, number in some:
                of = next(c.model for c in table.columns if c.field and c.field.attname == name)
                setattr(rows[key], name, self.keys.key(of._meta.label_lower, number))
            names = {name.removesuffix("_id") for _key, name, _number in some}
            table.model._base_manager.bulk_update(rows.values(), names)


def take_in(*, package: Package, slug: str, origin: str, moment: datetime) -> Taken:
    """Take in the jam of a package that was checked, at the address `slug`; `origin` says where it
    comes from, for the log and the jam's page. Raises Malformed."""
    if slug in TAKEN_ADDRESSES:
        raise Malformed(f"/jams/{slug}/ is a page of its own: choose another address")
    if Jam.objects.filter(slug=slug).exists():
        raise Malformed(f"there is a jam at /jams/{slug}/ already: choose another address")
    with transaction.atomic():
        taken = Taking(package, slug=slug, moment=moment).run()
        Jam.objects.filter(pk=taken.jam.pk).update(imported_from=origin)
        # Not a line of the jam's own log, which is taken in as it was.
        after = {"slug": slug, "from": origin, "rows": sum(taken.rows.values())}
        log.record("imported the jam", taken.jam, by=None, after=after, moment=moment)
    caching.forget()
    return taken
