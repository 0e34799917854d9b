"""The land of the world and the borders between countries as two paths, from world-atlas.

Drawn once in Mercator's projection, on a square of 4096 units a side: the same file serves the
drawing that needs no script and the map that can be moved. Antarctica is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import accumulate, pairwise
from math import log, pi, radians, tan
from pathlib import Path
from typing import Any

SIDE = 4096
# What is smaller than this many units either way would be a speck at the highest zoom.
_SPECK = 3
_SOUTH, _NORTH = -60.0, 84.0
Point = tuple[int, int]


def world(atlas: Path) -> str:
    """The SVG with the symbols `land` and `borders`."""
    land = json.loads((atlas / "land-50m.json").read_text())
    countries = json.loads((atlas / "countries-50m.json").read_text())
    rings = [
        ring for polygon in land["objects"]["land"]["geometries"][0]["arcs"] for ring in polygon
    ]
    shapes = [
        path(line, "z")
        for ring in rings
        if is_shown(points(land, ring))
        for line in whole(points(land, ring))
    ]
    lines = [path(points(countries, [arc]), "") for arc in shared_arcs(countries)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">\n'
        f'<path id="land" d="{"".join(shapes)}"/>\n'
        f'<path id="borders" d="{"".join(lines)}"/>\n</svg>\n'
    )


def points(topology: dict[str, Any], arcs: list[int]) -> list[Point]:
    """The points of a line of arcs, on the square; those that fall together are one."""
    found: list[Point] = []
    for number in arcs:
        # A number below zero is the arc with its complement for a number, backwards.
        steps = topology["arcs"][number if number >= 0 else ~number]
        places = accumulate(steps, lambda at, step: [at[0] + step[0], at[1] + step[1]])
        drawn = [on_the_square(topology["transform"], place) for place in places]
        found += drawn if number >= 0 else drawn[::-1]
    return [point for before, point in pairwise([None, *found]) if point != before]


def on_the_square(transform: dict[str, list[float]], place: list[int]) -> Point:
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    longitude, latitude = place[0] * scale_x + left, place[1] * scale_y + bottom
    up = radians(min(max(latitude, _SOUTH - 20), _NORTH))
    y = 0.5 - log(tan(pi / 4 + up / 2)) / (2 * pi)
    return round((longitude + 180) / 360 * SIDE), round(y * SIDE)


def whole(ring: list[Point]) -> list[list[Point]]:
    """The ring without a jump where the map ends, once more at the other end if it goes beyond."""
    turned = 0
    line = []
    for before, (x, y) in pairwise([ring[0], *ring]):
        turned += SIDE * ((before[0] - x > SIDE / 2) - (x - before[0] > SIDE / 2))
        line.append((x + turned, y))
    beyond = [-SIDE] * (max(line)[0] > SIDE) + [SIDE] * (min(line)[0] < 0)
    return [[(x + shift, y) for x, y in line] for shift in [0, *beyond]]


def is_shown(ring: list[Point]) -> bool:
    across, down = zip(*ring, strict=True)
    lowest = on_the_square({"scale": [1, 1], "translate": [0, 0]}, [0, int(_SOUTH)])[1]
    big = max(across) - min(across) > _SPECK or max(down) - min(down) > _SPECK
    return big and min(down) < lowest


def shared_arcs(topology: dict[str, Any]) -> list[int]:
    """The arcs that two countries have in common: their borders, without the coasts."""
    used = Counter()
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        rings = [ring for polygon in polygons for ring in polygon]
        used.update({arc if arc >= 0 else ~arc for ring in rings for arc in ring})
    return sorted(arc for arc, times in used.items() if times > 1)


def path(line: list[Point], end: str) -> str:
    """The line as data of a path, in steps, which are shorter to write than places."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line)]
    written = "".join(f"{x}{'' if y < 0 else ' '}{y} " for x, y in steps).strip()
    return f"M{line[0][0]} {line[0][1]}l{written}{end}" if steps else ""
