"""The numbers by which rows are known in an archive, and the keys that they have here."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from jam.archive.tables import AT_ONCE, Malformed, Table, is_person
from jam.models import Jam, User


class Numbers:
    """Of the rows of a jam that is written: their numbers, by kind and key."""

    def __init__(self, jam: Jam, tables: Iterable[Table]):
        self.jam = jam
        self.tables = {table.label: table for table in tables}
        self._keys: dict[str, array] = {}
        self._left: dict[int, int] = {}
        self.people = self._find_people()

    def number(self, label: str, key: int | None) -> int | None:
        """The number of a row; None where it is not of this jam."""
        if key is None:
            return None
        if label == "jam.user":
            return self.people.get(key)
        if label not in self.tables:
            return None
        if label not in self._keys:
            rows = self.tables[label].rows(self.jam).values_list("pk", flat=True)
            self._keys[label] = array("q", rows.iterator(chunk_size=10_000))
        keys = self._keys[label]
        place = bisect_left(keys, key)
        return place + 1 if place < len(keys) and keys[place] == key else None

    def account(self, key: int) -> int | None:
        """The number of the person whom the key names, be it that of an account which was merged
        into theirs."""
        return self.people.get(self._left.get(key, key)) or self.people.get(key)

    def _find_people(self) -> dict[int, int]:
        """The numbers of all whom the jam has to do with, by their keys: in the order of their
        addresses; those without one, who have closed their accounts, come last."""
        found: set[int] = set()
        for table in self.tables.values():
            found.update(table.people(self.jam))
            for column in table.columns:
                if column.is_reference and is_person(column.model):
                    named = table.rows(self.jam).order_by().values_list(column.field.attname)
                    found.update(key for (key,) in named.distinct() if key is not None)
        wanted, known = sorted(found), []
        for start in range(0, len(wanted), AT_ONCE):
            for user in User.objects.filter(pk__in=wanted[start : start + AT_ONCE]):
                # Where nobody can be reached, the address says nothing but a key.
                address = user.email if user.is_reachable else ""
                known.append((not address, address, user.pk))
                if user.merged_into_id:
                    self._left[user.pk] = user.merged_into_id
        return {key: number for number, (*_rest, key) in enumerate(sorted(known), 1)}


class Keys:
    """Of the rows of a package that is taken in: the keys that they have been given."""

    def __init__(self, tables: Iterable[Table], slug: str):
        self.tables = {table.label: table for table in tables}
        self.slug = slug
        self._given: dict[str, array] = {label: array("q") for label in self.tables}

    def give(self, table: Table, keys: Iterable[int]) -> None:
        self._given[table.label].extend(keys)

    def count(self, label: str) -> int:
        """How many rows of a kind have been taken in."""
        return len(self._given[label])

    def key(self, label: str, number: Any) -> int:
        """The key of a row, by its number, 0 where the row was left out; raises Malformed where
        there is none such yet."""
        given = self._given.get(label)
        if given is None or not str(number).isdecimal() or not 1 <= int(number) <= len(given):
            raise Malformed(f"there is no {label} {str(number)[:40]}")
        return given[int(number) - 1]
