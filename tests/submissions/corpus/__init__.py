"""Awkward files: what each is, and whether it is taken or why it is refused.

Each module beside this one has a list `FILES`. They are made here, never fetched.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Awkward:
    """A file: its name, how it is made, and the kind that it is taken as, or a part of the reason
    why it is not; where it is read in the page, a part of what the page says."""

    name: str
    make: Callable[[], bytes]
    kind: str | None = None
    refused: str | None = None
    shows: str = ""

    def __post_init__(self) -> None:
        assert (self.kind is None) != (self.refused is None), self.name


def corpus() -> list[Awkward]:
    """All of them."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    ]
    return [awkward for module in modules for awkward in module.FILES]
