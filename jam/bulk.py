"""Many rows at once: by PostgreSQL's COPY where that is the database, else as Django has it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

# PGCOPY's signature, flags and extension before the first row; after the last, a count of −1.
_HEAD, _TAIL = 19, 2
_BATCH = 2_000


def fetch(rows: QuerySet) -> np.ndarray:
    """The rows of a `values_list` of whole numbers, as int64 of shape (rows, columns); NULL is 0.

    In no order: sorting them here is quicker.
    """
    rows = rows.order_by()
    width = len(rows.query.values_select) + len(rows.query.annotation_select)
    if connection.vendor != "postgresql":
        found = chain.from_iterable(rows.iterator(chunk_size=10_000))
        return np.fromiter((n or 0 for n in found), dtype=np.int64).reshape(-1, width)
    names = [f"c{number}" for number in range(width)]
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return np.empty((0, width), dtype=np.int64)
    columns = ", ".join(f"coalesce({name}, 0)::int8" for name in names)
    out = io.BytesIO()
    with connection.cursor() as cursor:
        query = cursor.mogrify(sql, values).decode()
        cursor.copy_expert(
            f"COPY (SELECT {columns} FROM ({query}) AS t({', '.join(names)})) "
            "TO STDOUT (FORMAT binary)",
            out,
        )
    # Each row: how many columns; for each its length in bytes, and the number.
    row = np.dtype([("count", ">i2")] + [(n, [("size", ">i4"), ("value", ">i8")]) for n in names])
    count = (out.tell() - _HEAD - _TAIL) // row.itemsize
    table = np.frombuffer(out.getbuffer(), dtype=row, count=count, offset=_HEAD)
    found = np.empty((count, width), dtype=np.int64)
    for number, name in enumerate(names):
        found[:, number] = table[name]["value"]
    return found


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of numbers, booleans, lists of numbers (as JSON) and None; `columns` are the
    names of the model's fields, as `attname`."""
    if connection.vendor != "postgresql":
        made = (model(**dict(zip(columns, row, strict=True))) for row in rows)
        model._base_manager.bulk_create(made, batch_size=_BATCH)
        return
    text = io.StringIO()
    for row in rows:
        # All of these are written alike by Python and by PostgreSQL.
        text.write("\t".join(["\\N" if cell is None else str(cell) for cell in row]) + "\n")
    text.seek(0)
    columns_of = {field.attname: field.column for field in model._meta.concrete_fields}
    named = ", ".join(columns_of[name] for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({named}) FROM STDIN", text)
