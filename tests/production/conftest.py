from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.production.stack import Stack, missing_programs


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """An installation, started as docker-compose.yml says."""
    if missing := missing_programs():
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail(f"missing: {', '.join(missing)}, and REQUIRE_ALL is set")
        pytest.skip(f"needs {', '.join(missing)}")
    if not os.environ.get("DATABASE_URL"):
        pytest.skip("runs along with the tests on PostgreSQL: set DATABASE_URL")
    stack = Stack()
    try:
        yield stack.start()
    finally:
        stack.end()
