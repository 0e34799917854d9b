"""What a PDF says of itself, found out in a process apart."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

# On a busy machine the other process may wait long for its turn; it has ten seconds of work.
PATIENCE = 60
_APART = Path(__file__).with_name("pdf_apart.py")


@dataclass(frozen=True)
class Facts:
    """`details` are those of its dictionary and its XMP packet; `text` is that of its first page.

    Nothing is known where it took too long: that alone is no reason to think ill of it.
    """

    is_locked: bool = False
    is_broken: bool = False
    details: dict[str, str] = field(default_factory=dict)
    text: str = ""


def look(content: bytes) -> Facts:
    """What the PDF `content` says of itself."""
    answer = _apart("look", content)
    found = json.loads(answer) if answer else {}
    found.pop("skipped", None)
    return Facts(**found)


def strip(content: bytes) -> bytes | None:
    """A copy of the PDF without what it says of itself; None where none could be made."""
    return _apart("strip", content)


def _apart(act: str, content: bytes) -> bytes | None:
    # Isolated: neither our environment nor the folder we are in decides what is imported.
    command = [sys.executable, "-I", str(_APART), act]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE, env={})
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
