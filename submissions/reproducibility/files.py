"""Looking at an uploaded file, once, for what it brings to the ladder."""

from __future__ import annotations

from typing import IO, Any

from submissions.reproducibility import archives, notebooks

KINDS = ("notebook", "archive")


def needs_a_look(kind: str) -> bool:
    """Whether a file of this kind can be run, or holds what can."""
    return kind in KINDS


def look_at(kind: str, file: IO[bytes]) -> dict[str, Any]:
    """What there is to find in a file of this kind; nothing in those that cannot be run.

    Files that cannot be read say so. Plain values, to be kept with the file.
    """
    file.seek(0)
    if kind == "notebook":
        found = notebooks.look_at(file.read())
    elif kind == "archive":
        found = archives.look_at(file)
    else:
        found = {}
    file.seek(0)
    return found
