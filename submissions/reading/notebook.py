"""Jupyter notebooks, formats 3 and 4, read as the data that they are: nothing in them is run.

Whatever does not look as the format says is left out, cell by cell, so that a notebook that is odd
in one place can be read in the others.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image

from submissions import files
from submissions.reading import drawings

LARGEST = files.LARGEST[files.Kind.NOTEBOOK]
# Brackets stand for objects in memory, each some hundred times as large as its two signs.
MOST_BRACKETS = 400_000
MOST_CELLS = 2_000
MOST_OUTPUTS = 100
MOST_PICTURES = 500
# The first of these that an output has, and that can be shown, is shown.
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
DRAWING = "image/svg+xml"
# Data that are shown, as text or made safe; of all others only that they are there.
TEXTS = ("text/html", "text/markdown", "text/latex", "text/plain", "application/json")
# How format 3 names what an output has.
NAMES_OF_3 = {
    "png": "image/png", "jpeg": "image/jpeg", "svg": DRAWING, "html": "text/html",
    "latex": "text/latex", "markdown": "text/markdown", "text": "text/plain",
    "javascript": "application/javascript", "json": "application/json",
}  # fmt: skip
# Control characters, save those that lay text out, those of terminals, and halves of characters.
_UNPRINTABLE = re.compile("[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class Unreadable(Exception):
    """A notebook that cannot be shown; the text says why, for people."""


@dataclass(frozen=True)
class Picture:
    """A picture that a browser may be handed: its head has been looked at, nothing unpacked. What
    is drawn in lines has no size."""

    content_type: str
    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Output:
    """What a cell put out: text of the stream `name`, an error, or data by content type."""

    name: str
    text: str = ""
    data: dict[str, str] = field(default_factory=dict)
    # The place of its picture among the notebook's; None: it has none that can be shown.
    picture: int | None = None


@dataclass(frozen=True)
class Cell:
    """A cell; `kind` is markdown, code or raw."""

    kind: str
    source: str
    count: int | None = None
    outputs: tuple[Output, ...] = ()
    # By the names that its text uses: places among the notebook's pictures.
    attachments: dict[str, int] = field(default_factory=dict)


@dataclass
class Notebook:
    cells: list[Cell]
    pictures: list[Picture]
    language: str
    # How many cells there are; those beyond MOST_CELLS are not read.
    count: int


def read(raw: bytes) -> Notebook:
    """The notebook in a file. Raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable(_("This notebook is too large to be shown here."))
    if raw.count(b"{") + raw.count(b"[") > MOST_BRACKETS:
        raise Unreadable(_("This notebook has too many parts to be shown here."))
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable(
            _("This notebook is damaged, or not in UTF-8: it cannot be read.")
        ) from None
    document = _object(document)
    given = document.get("cells")
    if given is None:
        sheets = _list(document.get("worksheets"))
        given = [cell for sheet in sheets for cell in _list(_object(sheet).get("cells"))]
    cells = _list(given)
    metadata = _object(document.get("metadata"))
    language = _object(metadata.get("language_info")).get("name")
    notebook = Notebook([], [], str(language or "")[:40].lower(), len(cells))
    notebook.cells += (_cell(_object(cell), notebook) for cell in cells[:MOST_CELLS])
    return notebook


@lru_cache(maxsize=3)
def pictures(path: str, storage: Any) -> tuple[Picture, ...]:
    """The pictures of a stored notebook, kept for the requests that follow one another.

    Files in the storage never change. Raises Unreadable, and OSError where the file is gone.
    """
    with storage.open(path) as file:
        return tuple(read(file.read()).pictures)


def _cell(cell: dict[str, Any], notebook: Notebook) -> Cell:
    kind = cell.get("cell_type")
    source = text_of(cell.get("source", cell.get("input")))
    if kind == "heading":
        level = cell.get("level")
        level = level if isinstance(level, int) and 1 <= level <= 6 else 1
        return Cell("markdown", f"{'#' * level} {' '.join(source.split())}")
    if kind == "markdown":
        attached = _object(cell.get("attachments"))
        found = {}
        for name, data in list(attached.items())[:MOST_OUTPUTS]:
            if (place := _picture(_object(data), notebook)) is not None:
                found[name] = place
        return Cell("markdown", source, attachments=found)
    if kind != "code":
        return Cell("raw", source)
    count = cell.get("execution_count", cell.get("prompt_number"))
    outputs = list(_joined(_list(cell.get("outputs"))))
    return Cell(
        "code",
        source,
        count if isinstance(count, int) and 0 <= count < 10**6 else None,
        tuple(_output(output, notebook) for output in outputs[:MOST_OUTPUTS]),
    )


def _joined(outputs: list[Any]) -> Iterator[dict[str, Any]]:
    """The outputs; what a stream said in several goes is one."""
    last: dict[str, Any] | None = None
    for output in map(_object, outputs):
        is_stream = output.get("output_type") == "stream"
        name = output.get("name", output.get("stream"))
        if is_stream and last is not None and last["name"] == name:
            last["texts"].append(text_of(output.get("text")))
            continue
        last = None
        if is_stream:
            last = {"output_type": "stream", "name": name, "texts": [text_of(output.get("text"))]}
        yield last or output


def _output(output: dict[str, Any], notebook: Notebook) -> Output:
    kind = output.get("output_type")
    if kind == "stream":
        return Output(
            "stderr" if output["name"] == "stderr" else "stdout", "".join(output["texts"])
        )
    if kind in ("error", "pyerr"):
        trace = output.get("traceback")
        lines = [text_of(line) for line in trace] if isinstance(trace, list) else [text_of(trace)]
        named = f"{text_of(output.get('ename'))}: {text_of(output.get('evalue'))}"
        return Output("error", "\n".join(lines).strip() or named)
    data = output.get("data")
    if not isinstance(data, dict):
        data = {kind: output[name] for name, kind in NAMES_OF_3.items() if name in output}
    texts = {kind: text_of(data[kind]) if kind in TEXTS else "" for kind in data}
    return Output("data", data=texts, picture=_picture(data, notebook))


def _picture(data: dict[str, Any], notebook: Notebook) -> int | None:
    """Keep the picture in `data`, where there is one that is what it says; its place."""
    for content_type, form in PICTURES.items():
        if content_type not in data or len(notebook.pictures) >= MOST_PICTURES:
            continue
        try:
            content = base64.b64decode("".join(text_of(data[content_type]).split()), validate=True)
            # Opening reads the head alone.
            with Image.open(io.BytesIO(content), formats=[form]) as picture:
                width, height = picture.size
        except (binascii.Error, ValueError, OSError, SyntaxError, Image.DecompressionBombError):
            continue
        if 0 < width * height <= files.MOST_PIXELS:
            notebook.pictures.append(Picture(content_type, content, width, height))
            return len(notebook.pictures) - 1
    drawing = text_of(data.get(DRAWING))
    if drawing and len(notebook.pictures) < MOST_PICTURES and drawings.is_plain(drawing):
        notebook.pictures.append(Picture(DRAWING, drawing.encode(), 0, 0))
        return len(notebook.pictures) - 1
    return None


def text_of(value: Any) -> str:
    """Text as the format has it, a string or a list of lines, without what cannot be printed."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    if isinstance(value, dict):
        try:
            value = json.dumps(value, ensure_ascii=False)
        except RecursionError:
            value = ""
    return _UNPRINTABLE.sub("\ufffd", value) if isinstance(value, str) else ""


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
