"""The world's towns, without asking anybody: where they are and which clock they go by.

The files in sites/towns/ are made by `make gazetteer`, from GeoNames. They are mapped into
memory, not read: a lookup touches a few pages of them, which all processes of a machine share.
Towns stand by the number of their people, so that of two places in the file the first is larger;
the names by which they are known stand by the bytes of their folded words.
"""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django_countries import countries

from sites.folding import fold

FOLDER = Path(__file__).parent / "towns"
# In bytes, so that one sign of a script that says more with it is enough. What is shorter finds
# the towns of just that name: with two letters begin ten thousand names.
_SHORTEST = 3
_LONGEST = 80
_NARROWED = 400
_LESS_LIKELY = 10


@dataclass(frozen=True)
class Town:
    """A town of the gazetteer; its position is in degrees."""

    name: str
    country: str
    region: str
    latitude: Decimal
    longitude: Decimal
    people: int
    time_zone: str

    @property
    def country_name(self) -> str:
        return str(countries.name(self.country))

    @property
    def where(self) -> str:
        """What tells the town from others of its name."""
        return ", ".join(filter(None, [self.region, self.country_name]))

    def __str__(self) -> str:
        return f"{self.name}, {self.where}"


@dataclass(frozen=True)
class Country:
    """What is known of a country: a town in its middle, and its clocks."""

    latitude: Decimal
    longitude: Decimal
    time_zones: frozenset[str]


def suggest(asked: str, most: int = 8) -> list[Town]:
    """The towns one of whose names begins as `asked`, those known by just that name first, the
    larger before the smaller. After a comma a country or region may follow."""
    name, _comma, rest = asked.partition(",")
    narrowed = fold(rest[:_LONGEST])
    found = [_town(place) for place in _beginning(name, _NARROWED if narrowed else most)]
    if narrowed:
        found = [town for town in found if _is_in(town, narrowed)]
    return found[:most]


def find(city: str, country: str = "") -> Town | None:
    """The largest town that is known by the name of `city`, in `country` if one is given."""
    return next(iter(find_all(city, country)), None)


def find_all(city: str, country: str = "") -> list[Town]:
    """The towns that are known by the name of `city`, in `country` if one is given; the largest
    first."""
    towns = [_town(place) for place in sorted(known_as(city))]
    return [town for town in towns if country in ("", town.country)]


def largest(most: int) -> list[Town]:
    """The largest towns of the world."""
    towns, place, found = _mapped("towns.tsv"), 0, []
    while place < len(towns) and len(found) < most:
        found.append(_town(place))
        place = towns.find(b"\n", place) + 1
    return found


@lru_cache(maxsize=4096)
def known_as(name: str) -> frozenset[int]:
    """Which towns are known by `name`, in any script: two names of one town have it in common."""
    key = _key(name)
    return frozenset(int(place, 36) for _found, place in _lines(key + b"\t"))


def country(code: str) -> Country | None:
    """What is known of the country with the code of two letters."""
    return _countries().get(code)


def _is_in(town: Town, narrowed: str) -> bool:
    names = (town.country, town.region, town.country_name, town.where)
    return any(fold(name).startswith(narrowed) for name in names)


def _beginning(name: str, most: int) -> list[int]:
    key = _key(name)
    exactly, begins = [], []
    for found, place in _lines(key if len(key) >= _SHORTEST else key + b"\t"):
        rank = int(place, 36)
        if found == key:
            exactly.append((rank, rank))
        else:
            # Jakarta was New York once: who types "new yo" means a town that is called so.
            begins.append((rank * _LESS_LIKELY if place.startswith(b"+") else rank, rank))
    ordered = [place for _likely, place in sorted(exactly) + sorted(begins)]
    return list(dict.fromkeys(ordered))[:most]


def _key(name: str) -> bytes:
    return fold(name[:_LONGEST]).encode(errors="replace")


def _lines(prefix: bytes) -> list[list[bytes]]:
    """The lines that begin with `prefix`: a name, and the place of its town in the file, with a
    plus before it if the town has another name of its own."""
    names = _mapped("names.tsv")
    block = names[_first(names, prefix) : _first(names, prefix + b"\xff")]
    return [line.split(b"\t") for line in block.splitlines()]


def _first(names: mmap.mmap, key: bytes) -> int:
    """Where the first line that is not before `key` begins."""
    low, high = 0, len(names)
    while low < high:
        start = names.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = names.find(b"\n", start)
        if names[start:end] < key:
            low = end + 1
        else:
            high = start
    return low


def _town(place: int) -> Town:
    towns = _mapped("towns.tsv")
    line = towns[place : towns.find(b"\n", place)].decode()
    name, country, region, latitude, longitude, people, time_zone = line.split("\t")
    return Town(
        name, country, region, Decimal(latitude), Decimal(longitude), int(people), time_zone
    )


@lru_cache(maxsize=2)
def _mapped(name: str) -> mmap.mmap:
    with (FOLDER / name).open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@lru_cache(maxsize=1)
def _countries() -> dict[str, Country]:
    found = {}
    for line in (FOLDER / "countries.tsv").read_text(encoding="utf-8").splitlines():
        code, latitude, longitude, zones = line.split("\t")
        found[code] = Country(Decimal(latitude), Decimal(longitude), frozenset(zones.split()))
    return found
