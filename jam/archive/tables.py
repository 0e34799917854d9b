"""How the rows of a model stand in an archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from jam.archive.numbers import Keys, Numbers
    from jam.models import Jam

# Rows are read and written so many at a time.
AT_ONCE = 1_000
# The types of Table Schema by those of fields; the first that fits holds.
TYPES: tuple[tuple[type[models.Field], str], ...] = (
    (models.ForeignKey, "integer"),
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "datetime"),
    (models.IntegerField, "integer"),
    (models.FloatField, "number"),
    (models.DecimalField, "number"),
    (models.JSONField, "any"),
    (models.Field, "string"),
)


class Malformed(Exception):
    """A package, or a value in it, that cannot be taken in: what is wrong, and where."""

    def __init__(self, what: str, where: str = ""):
        super().__init__(f"{where}: {what}" if where else what)


@dataclass(frozen=True)
class Column:
    """A column of a table; without a field, what the table itself makes of it."""

    name: str
    type: str
    field: models.Field | None = None

    @property
    def is_reference(self) -> bool:
        return isinstance(self.field, models.ForeignKey)

    @property
    def is_file(self) -> bool:
        return isinstance(self.field, models.FileField)

    @property
    def is_text(self) -> bool:
        """Whether nothing is an empty text in it, rather than none."""
        return self.type == "string" and not (self.field and self.field.null)

    @property
    def model(self) -> type[Model]:
        """What a reference refers to."""
        return self.field.related_model

    @cached_property
    def choices(self) -> frozenset[Any]:
        """What alone may stand in it; nothing where anything may."""
        return frozenset(value for value, _label in self.field.flatchoices)

    @property
    def has_default(self) -> bool:
        """Whether a package that was written before there was this column can do without."""
        return self.field is not None and (
            self.field.null or self.field.has_default() or self.field.blank
        )


@dataclass(frozen=True)
class Table:
    """The rows of a model that belong to a jam: every field is a column, or says why it is not.

    `jam` is the lookup that leads to the jam. References are to rows of the same package; where a
    row may refer to one of another jam, that one's table says by which fields (`abroad`) it is
    known there. A subclass tells what a field alone does not: `tell` and `take` change a row on
    its way out and in, `people` names whom it tells of beside its references to people.
    """

    model: type[Model]
    name: str
    about: str
    jam: str = "jam"
    is_personal: bool = False
    # Those of a later turn are taken in after all others, since they may name rows of any of them.
    turn: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    abroad: tuple[str, ...] = ()
    # For those who take single tables away (`jam.exports`): whether this is one of them, whether it
    # tells of results, and the fields by which a row is told where another one refers to it.
    is_offered: bool = False
    comes_with_results: bool = False
    named_by: tuple[str, ...] = ()
    # The field that has the SHA-256 of its file, where there is one.
    sha256: str = ""

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @cached_property
    def columns(self) -> list[Column]:
        """What there is beside the row's number."""
        return [
            Column(each.name, type_of(each), each)
            for each in self.model._meta.concrete_fields
            if not (each.primary_key or each.name in self.left_out or self.leads_to_jam(each))
        ] + [Column(name, kind) for name, kind in self.extra.items()]

    @property
    def is_nested(self) -> bool:
        return any(column.type == "any" for column in self.columns)

    @property
    def path(self) -> str:
        folder = "personal" if self.is_personal else "data"
        return f"{folder}/{self.name}.{'jsonl' if self.is_nested else 'csv'}"

    def leads_to_jam(self, of: models.Field) -> bool:
        """Whether a field says nothing but to which jam the row belongs."""
        return of.related_model is not None and of.related_model._meta.label_lower == "jam.jam"

    def rows(self, jam: Jam) -> QuerySet:
        """The rows of a jam, in the order of their numbers."""
        return self.model._base_manager.filter(**{self.jam: jam.pk}).order_by("pk")

    def values(self, jam: Jam, numbers: Numbers, names: list[str]) -> Iterator[tuple[Any, ...]]:
        """The keys and the values of those fields, in the order of the rows' numbers."""
        return self.rows(jam).values_list("pk", *names).iterator(chunk_size=AT_ONCE)

    def people(self, jam: Jam) -> Iterable[int]:
        """Keys of people whom rows tell of, beside those that they refer to."""
        return ()

    def tell(self, row: dict[str, Any], numbers: Numbers) -> None:
        """Change a row that is written, where it has keys; `row` has the key as `id`."""

    def take(self, row: dict[str, Any], keys: Keys) -> None:
        """Change a row that is taken in; raises Malformed."""

    def finish(self, jam: Jam, keys: Keys) -> None:
        """Put right what rows say of others, once all of them are there."""

    def insert(self, rows: list[Model], told: list[dict[str, Any]]) -> list[Any]:
        """Save new rows, of each of which was `told` so much; their keys, in the same order."""
        made = self.model._base_manager.bulk_create(rows)
        by_the_clock = [
            column.name
            for column in self.columns
            if getattr(column.field, "auto_now", False)
            or getattr(column.field, "auto_now_add", False)
        ]
        if by_the_clock:
            # What is set when a row is saved is put back.
            for row, values in zip(made, told, strict=True):
                for name in by_the_clock:
                    setattr(row, name, values[name])
            self.model._base_manager.bulk_update(made, by_the_clock)
        return [row.pk for row in made]


def type_of(of: models.Field) -> str:
    return next(kind for base, kind in TYPES if isinstance(of, base))


def is_person(model: type[Model]) -> bool:
    return model._meta.label == settings.AUTH_USER_MODEL


class NamesTarget:
    """Of a table whose rows name something as the log of acts does: by its kind and its key."""

    def tell(self, row: dict[str, Any], numbers: Numbers) -> None:
        number = None
        if row["target_id"].isdigit():
            number = numbers.number(row["target_type"], int(row["target_id"]))
        # What is not in the package keeps the key that it had, and is no number there.
        row["target_id"] = str(number) if number else f"#{row['target_id'].lstrip('#')}"

    def take(self, row: dict[str, Any], keys: Keys) -> None:
        if not row["target_id"].startswith("#"):
            row["target_id"] = str(keys.key(row["target_type"], row["target_id"]))

    def people(self, jam: Jam) -> Iterable[int]:
        named = self.rows(jam).filter(target_type="jam.user").values_list("target_id", flat=True)
        return {int(key) for key in named.distinct() if key.isdigit()}
