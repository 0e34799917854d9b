"""What was changed elsewhere while somebody had a form open is not overwritten unawares.

A form carries, hidden, a digest of each value that it was shown with (`written`). Whoever saves
compares them, under the lock of the row, with what is stored by then (`check`), and raises Changed
where that is something else; `jam.views.meanwhile` then shows both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

FIELD = "as_shown"
# Digests by the names of what they are of.
Seen = Mapping[str, str]


class Changed(Exception):
    """Somebody has saved something else since the form was shown."""


def digest(value: Any) -> str:
    """Of a value as a row has it, or as a form that shows that row gives it back."""
    if isinstance(value, Model):
        value = value.pk
    match value:
        case None:
            text = ""
        case datetime():
            # Forms show whole minutes.
            text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
        case Decimal():
            text = format(value.normalize(), "f")
        case list() | tuple():
            text = ", ".join(map(str, value))
        case _:
            # Browsers send other ends of lines, and forms take spaces away.
            text = "\n".join(str(value).split("\r\n")).strip()
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=6).hexdigest()


def written(values: Mapping[str, Any]) -> str:
    """What a form that shows `values` has hidden."""
    return " ".join(f"{name}:{digest(value)}" for name, value in values.items())


def read(text: str | None) -> Seen | None:
    """What was `written`; None where a form does not say what it was shown with."""
    if text is None:
        return None
    pairs = (each.partition(":") for each in text.split())
    return {name: digest for name, _colon, digest in pairs}


def of_row(row: Model) -> dict[str, Any]:
    """What stands in `row`, by field."""
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}


def of_list(rows: Iterable[Model]) -> dict[str, Any]:
    """What stands in `rows`, by key and field, and in which order."""
    rows = list(rows)
    values = {f"{row.pk}.{name}": value for row in rows for name, value in of_row(row).items()}
    return values | {"order": [row.pk for row in rows]}


def check(seen: Seen | None, now: Mapping[str, Any]) -> None:
    """Raise Changed unless the values `now` are those that were `seen`, as far as they were shown.
    Where it is not said what was seen, nothing is asked."""
    if seen is None:
        return
    shown = seen.keys() & now.keys()
    if not shown or any(seen[name] != digest(now[name]) for name in shown):
        raise Changed
