"""How much the trials of every address ask."""

import os
from typing import TypeVar

T = TypeVar("T")


def asked(*, full: T, usual: T, sample: T) -> T:
    """`full` by `make trial`, `usual` where every service is there (REQUIRE_ALL), else `sample`."""
    if os.environ.get("TRIAL") == "full":
        return full
    return usual if os.environ.get("REQUIRE_ALL") else sample
