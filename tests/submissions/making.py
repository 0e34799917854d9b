"""Small files to look at: notebooks from lines, archives from texts."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

Cell = dict[str, Any]


def code(source: str, count: int | None = 1, output: str | None = None, **fields: Any) -> Cell:
    """A code cell that was run as the `count`th, and printed `output`."""
    outputs = (
        [] if output is None else [{"output_type": "stream", "name": "stdout", "text": output}]
    )
    return {"cell_type": "code", "metadata": {}, "source": source, "execution_count": count,
            "outputs": outputs, **fields}  # fmt: skip


def words(source: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


ERROR = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}


def notebook(*cells: Any, **fields: Any) -> bytes:
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **fields}
    return json.dumps(document).encode()


def old_notebook(*cells: Any) -> bytes:
    """The same in format 3, of 2012: sheets of cells, prompt numbers, pyerr."""
    old = [
        {**cell, "input": cell["source"], "prompt_number": cell["execution_count"]}
        if cell["cell_type"] == "code"
        else cell
        for cell in cells
    ]
    for cell in old:
        if cell["cell_type"] == "code":
            del cell["source"], cell["execution_count"]
    document = {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": old}]}
    return json.dumps(document).encode()


def archive(texts: dict[str, str | bytes]) -> io.BytesIO:
    """A zip of files by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in texts.items():
            packed.writestr(name, text)
    file.seek(0)
    return file
