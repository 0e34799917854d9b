from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    """The limits on attempts of one test are not those of the next."""
    cache.clear()
