"""Whether what is made just now is for one reader alone, so that nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_alone: ContextVar[bool] = ContextVar("alone", default=False)


@contextmanager
def for_nobody_else() -> Iterator[None]:
    """Neither use what is kept for others, nor keep anything."""
    token = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(token)


def keeps() -> bool:
    """Whether what is made just now may be kept."""
    return not _alone.get()
