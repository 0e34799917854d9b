"""Looks into a PDF, or strips it, as a process of its own: `python pdf_apart.py look|strip`.

PDFs are read by a library that hostile ones have made run for ever before. Here it has limits of
time and memory, and nothing of ours to break. The file comes by standard input; what was found goes
out as JSON, the stripped file as it is.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from typing import Any

SECONDS, MEMORY = 10, 1024 * 1024 * 1024
LONGEST, LONGEST_PAGE = 300, 20_000


def look(file: io.BytesIO) -> dict[str, Any]:
    """What a PDF says of itself, and the text of its first page."""
    from pypdf import PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"is_locked": True}
    pages = reader.root_object["/Pages"].get_object()
    if not pages.get("/Kids"):
        return {"is_broken": True}
    found: dict[str, Any] = {"details": {}, "text": ""}
    for name, value in (reader.metadata or {}).items():
        found["details"][str(name).lstrip("/").lower()] = str(value)[:LONGEST]
    # Beside the pages nothing is so broken that raters could not read them.
    for more in (_packet, _first_page):
        try:
            more(reader, found)
        except Exception as error:  # noqa: BLE001
            found.setdefault("skipped", []).append(repr(error)[:LONGEST])
    return found


def _packet(reader: Any, found: dict[str, Any]) -> None:
    """What the XMP packet says."""
    if packet := reader.xmp_metadata:
        authors = [str(author) for author in packet.dc_creator or []]
        found["details"]["xmp author"] = ", ".join(authors)[:LONGEST]
        found["details"]["xmp program"] = str(packet.xmp_creator_tool or "")[:LONGEST]


def _first_page(reader: Any, found: dict[str, Any]) -> None:
    found["text"] = (reader.pages[0].extract_text() or "")[:LONGEST_PAGE]


def strip(file: io.BytesIO) -> bytes:
    """The PDF without what it says of itself: details, packets, what programs left behind."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject

    reader = PdfReader(file)
    if reader.is_encrypted:
        reader.decrypt("")
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for held in writer._objects:
        if isinstance(held, DictionaryObject):
            for name in ("/Metadata", "/PieceInfo", "/LastModified"):
                held.pop(name, None)
    # What nothing leads to any more would be written along.
    writer.compress_identical_objects(remove_duplicates=False)
    stripped = io.BytesIO()
    writer.write(stripped)
    return stripped.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable()
    given = io.BytesIO(sys.stdin.buffer.read())
    if sys.argv[1] == "strip":
        sys.stdout.buffer.write(strip(given))
    else:
        try:
            answer = look(given)
        except Exception:  # noqa: BLE001 -- whatever it is, it is no PDF that can be read
            answer = {"is_broken": True}
        sys.stdout.buffer.write(json.dumps(answer).encode())
