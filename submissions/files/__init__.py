"""Which files are taken, told by what is in them and not by what they are called."""

from jam.pictures import MOST_PIXELS, WIDEST, FileRefused, NoRoom, no_room

from .inspecting import Inspected, check_beginning, check_picture, inspect, strip
from .taking import (
    LARGEST,
    MEGABYTE,
    MOST_FILES,
    Kind,
    clean_name,
    refuse_large,
    store,
)

__all__ = [
    "FileRefused",
    "Inspected",
    "Kind",
    "LARGEST",
    "MEGABYTE",
    "MOST_FILES",
    "MOST_PIXELS",
    "NoRoom",
    "WIDEST",
    "check_beginning",
    "check_picture",
    "clean_name",
    "inspect",
    "no_room",
    "refuse_large",
    "store",
    "strip",
]
