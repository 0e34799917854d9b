"""The map of a jam's local sites: what it shows, and as a drawing where no script runs.

The drawing and static/vendor/world.svg have the same units: Mercator's projection on a square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log, pi, radians, sqrt, tan
from typing import Any

from django.utils.translation import ngettext

from sites.finding import position_of
from sites.models import LocalSite

SIDE = 4096
# From the north of Greenland to Cape Horn.
TOP, HEIGHT = 560, 2280
VIEW_BOX = f"0 {TOP} {SIDE} {HEIGHT}"
_NORTHERNMOST = 85.05
# Sites within one cell are one dot, so that the drawing of 800 is not heavier than that of 80.
_CELL = 80


@dataclass(frozen=True)
class Dot:
    """One or more sites, in units of the drawing."""

    x: int
    y: int
    r: int


def dots(sites: Iterable[LocalSite]) -> list[Dot]:
    """A dot for each cell of the map in which sites are, larger for more of them."""
    cells = defaultdict(list)
    for site in sites:
        at = position_of(site)
        if at is not None:
            x, y = on_the_square(at.latitude, at.longitude)
            cells[int(x // _CELL), int(y // _CELL)].append((x, y))
    drawn = []
    for points in cells.values():
        x, y = (round(sum(axis) / len(points)) for axis in zip(*points, strict=True))
        drawn.append(Dot(x, y, round(18 + 10 * sqrt(min(len(points), 25)))))
    # The smaller lie on the larger.
    return sorted(drawn, key=lambda dot: (-dot.r, dot.x, dot.y))


def points(sites: Iterable[LocalSite], may_join: bool) -> list[list[Any]]:
    """What the map knows of each site: number, name, place, latitude, longitude, whether they are
    those of the site itself, whether it has places left, and what is said of that."""
    known = []
    for site in sites:
        at = position_of(site)
        if at is not None:
            known.append([
                site.pk, site.name, f"{site.city}, {site.country.name}",
                round(at.latitude, 4), round(at.longitude, 4), int(at.is_exact),
                int(may_join and site.state == LocalSite.State.OPEN), _said(site, may_join),
            ])  # fmt: skip
    return known


def _said(site: LocalSite, may_join: bool) -> str:
    if site.is_approved and not may_join:
        said = ngettext("%(n)s person took part here", "%(n)s people took part here", site.taken)
        return said % {"n": site.taken}
    if site.state == LocalSite.State.OPEN:
        said = ngettext("%(n)s place left", "%(n)s places left", site.places_left)
        return said % {"n": site.places_left}
    return str(site.state.label)


def on_the_square(latitude: float, longitude: float) -> tuple[float, float]:
    """A place in units of the drawing, from degrees."""
    up = radians(min(max(latitude, -_NORTHERNMOST), _NORTHERNMOST))
    return (longitude + 180) / 360 * SIDE, (0.5 - log(tan(pi / 4 + up / 2)) / (2 * pi)) * SIDE
