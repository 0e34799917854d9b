"""Finding a local site: by words, by places left, by the way to it.

The sites of one jam are a few hundred rows, which the list has in hand: what a database could not
compare (accents, other scripts, names that a town has beside its own) is compared here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django_countries import countries

from sites import gazetteer
from sites.folding import fold
from sites.gazetteer import Town
from sites.locating import kilometres
from sites.models import LocalSite

MOST_WORDS = 8
_COORDINATES = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?),\s*(-?\d{1,3}(?:\.\d{1,9})?)", re.ASCII)


@dataclass(frozen=True)
class Position:
    """Where a site is, in degrees; not exactly where that is its town, or its country."""

    latitude: float
    longitude: float
    is_exact: bool


@dataclass(frozen=True)
class Origin:
    """Where distances are counted from; `asked` is what gives it again."""

    asked: str
    label: str
    latitude: float
    longitude: float
    others: list[Town] = field(default_factory=list)


def found_by(sites: Iterable[LocalSite], asked: str) -> list[LocalSite]:
    """The sites whose name, city or country has every one of the words, whatever accents and
    script they are in; and those in a town that is known by `asked`."""
    words = fold(asked).split()[:MOST_WORDS]
    if not words:
        return [site for site in sites if asked in site.name]
    meant = gazetteer.known_as(asked)
    known = {word: gazetteer.known_as(word) for word in words}
    folded = [(code, fold(str(name))) for code, name in countries]
    codes = {word: {code for code, name in folded if word in name} for word in words}

    def has(site: LocalSite) -> bool:
        town, text = gazetteer.known_as(site.city), fold(f"{site.name} {site.city}")
        return bool(meant & town) or all(
            word in text or site.country.code in codes[word] or known[word] & town for word in words
        )

    return [site for site in sites if has(site)]


def position_of(site: LocalSite) -> Position | None:
    """Where the site is; if nobody said so, where its town is, or the middle of its country."""
    if site.latitude is not None and site.longitude is not None:
        return Position(float(site.latitude), float(site.longitude), is_exact=True)
    code = site.country.code
    place = gazetteer.find(site.city, code) or gazetteer.country(code)
    if place is None:
        return None
    return Position(float(place.latitude), float(place.longitude), is_exact=False)


def origin(asked: str) -> Origin | None:
    """The place that is meant by coordinates in degrees, of which a tenth is used, or by the name
    of a town. None if there is none."""
    if parts := _COORDINATES.fullmatch(asked.strip()):
        latitude, longitude = (round(float(part), 1) for part in parts.groups())
        if abs(latitude) > 90 or abs(longitude) > 180:
            return None
        return Origin(f"{latitude},{longitude}", _("where you are"), latitude, longitude)
    towns = gazetteer.suggest(asked, most=4)
    if not towns:
        return None
    first, *others = towns
    same = [town for town in others if fold(town.name) == fold(first.name)]
    return Origin(asked.strip(), str(first), float(first.latitude), float(first.longitude), same)


def by_distance(sites: Iterable[LocalSite], start: Origin) -> list[LocalSite]:
    """The sites with their `distance` from `start` in whole kilometres, the nearest first; those
    of which nobody knows where they are, without one, at the end."""
    ordered = []
    for site in sites:
        at = position_of(site)
        way = None
        if at is not None:
            here = start.latitude, start.longitude
            way = kilometres(here, (at.latitude, at.longitude))
        site.distance = None if way is None else round(way)
        ordered.append((way is None, way or 0, site.pk, site))
    return [site for *_order, site in sorted(ordered, key=lambda entry: entry[:3])]
