from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def without_log() -> Iterator[None]:
    """Thousands of refused requests are not worth a line each."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)
