"""What a notebook shows of how it was run. It is read as JSON, and never executed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from submissions.reproducibility import texts

# Signs of structure beyond which a notebook is not taken apart: a page of JSON becomes a hundred
# times its size in memory, and nobody wrote so much of it.
MOST_PARTS, MOST_VALUES = 200_000, 2_000_000
# So many cells are told by number.
MOST_TOLD = 3


def look_at(content: bytes) -> dict[str, Any]:
    """The findings of a notebook: plain values, to be kept with the file.

    `cells` counts code cells that are not empty; cells are told by their number among these.
    """
    if content.count(b"{") + content.count(b"[") > MOST_PARTS or content.count(b",") > MOST_VALUES:
        return {"kind": "notebook", "unreadable": True}
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {"kind": "notebook", "unreadable": True}
    cells = list(_cells_of(document))
    code = [cell for cell in cells if cell.get("cell_type") == "code" and _source_of(cell).strip()]
    source = texts.tidy("\n".join(_source_of(cell) for cell in code))
    words = texts.tidy(
        "\n".join(_source_of(cell) for cell in cells if cell.get("cell_type") != "code")
    )
    counts = [cell.get("execution_count", cell.get("prompt_number")) for cell in code]
    outputs = [_outputs_of(cell) for cell in code]
    requirements = texts.installed_in(source)
    requirements.named += texts.pins_in_text(source) + texts.pins_in_text(words)
    for cell in code:
        if _source_of(cell).startswith("%%writefile") and "requirements" in _source_of(cell)[:80]:
            listed = texts.tidy(_source_of(cell)).partition("\n")[2]
            requirements.absorb(texts.requirements_in(listed))
    return {
        "kind": "notebook",
        "cells": len(code),
        "not_run": _first(n for n, count in enumerate(counts, start=1) if type(count) is not int),
        "out_of_order": _first(
            n for n, count in enumerate(counts, start=1) if type(count) is int and count != n
        ),
        "outputs": sum(map(len, outputs)),
        "errors": _first(
            n
            for n, given in enumerate(outputs, start=1)
            if any(output.get("output_type") in ("error", "pyerr") for output in given)
        ),
        "named": requirements.named,
        "loose": requirements.loose,
        "seed": texts.sets_a_seed(source),
        "no_chance": texts.says_no_chance(words),
        "data": texts.tells_of_data(words),
        "words": bool(words.strip()),
    }


def _first(numbers: Iterator[int]) -> list[int]:
    return [number for number, _place in zip(numbers, range(MOST_TOLD), strict=False)]


def _cells_of(document: Any) -> Iterator[dict[str, Any]]:
    """The cells of a notebook of format 4, or of the sheets of format 3."""
    if not isinstance(document, dict):
        return
    sheets = document.get("worksheets")
    for holder in [document, *(sheets if isinstance(sheets, list) else [])]:
        cells = holder.get("cells") if isinstance(holder, dict) else None
        for cell in cells if isinstance(cells, list) else []:
            if isinstance(cell, dict):
                yield cell


def _source_of(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _outputs_of(cell: dict[str, Any]) -> list[dict[str, Any]]:
    outputs = cell.get("outputs")
    found = outputs if isinstance(outputs, list) else []
    return [output for output in found if isinstance(output, dict)]
