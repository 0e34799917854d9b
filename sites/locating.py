"""What a town tells of a local site, and what in a proposal does not fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites import gazetteer
from sites.gazetteer import Town

EARTH = 6371.0
# Farther from the middle of its town than this a position is a slip of the keyboard.
_BEYOND_ANY_SUBURB = 150
_FIELDS = {
    "country": gettext_lazy("country"),
    "time_zone": gettext_lazy("time zone"),
    "position": gettext_lazy("position"),
}


@dataclass(frozen=True)
class Filled:
    """Fields that were empty, as they would be for `town`, or for the country alone."""

    fields: dict[str, str]
    town: Town | None = None

    @property
    def said(self) -> str:
        """What was filled in, and for what, as a question to whoever typed the rest."""
        if not self.fields:
            return ""
        names = [str(label) for name, label in _FIELDS.items() if name in self._subjects]
        said = {"what": ", ".join(names), "town": self.town or ""}
        if self.town is None:
            return _("We filled in for this country: %(what)s.") % said
        return _("We filled in for %(town)s: %(what)s.") % said

    @property
    def _subjects(self) -> set[str]:
        return {"position" if name in ("latitude", "longitude") else name for name in self.fields}


def kilometres(
    here: tuple[float | Decimal, float | Decimal], there: tuple[float | Decimal, float | Decimal]
) -> float:
    """The distance in kilometres along the globe; places are latitude and longitude in degrees."""
    up, other_up = radians(here[0]), radians(there[0])
    across = radians(there[1]) - radians(here[1])
    half = sin((other_up - up) / 2) ** 2 + cos(up) * cos(other_up) * sin(across / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(half, 1.0)))


def fill(typed: Mapping[str, str]) -> Filled:
    """What of country, time zone and position is empty in `typed` and told by its city."""
    city, code = typed.get("city", ""), typed.get("country", "")
    town = gazetteer.find(city, code)
    known: dict[str, str] = {}
    if town is not None:
        known = {"time_zone": town.time_zone}
        # Some houses count a country that the choices of the form do not.
        known |= {"country": town.country} if town.country_name else {}
        if not _typed(typed, "latitude") and not _typed(typed, "longitude"):
            known |= {"latitude": str(town.latitude), "longitude": str(town.longitude)}
    elif (country := gazetteer.country(code)) and len(country.time_zones) == 1:
        known = {"time_zone": next(iter(country.time_zones))}
    return Filled({name: value for name, value in known.items() if not _typed(typed, name)}, town)


def doubts(
    *,
    city: str,
    country: str,
    time_zone: str,
    position: tuple[Decimal, Decimal] | None,
    starts_at: datetime,
) -> list[str]:
    """What looks like a slip: another clock than the place has when the jam starts, or a position
    far from the town. Each is a question; the person may be right."""
    found = []
    towns = gazetteer.find_all(city, country)
    known = gazetteer.country(country)
    zones = {town.time_zone for town in towns} or (known.time_zones if known else set())
    said = _wrong_clock(time_zone, zones, starts_at)
    if said:
        found.append(said)
    if position is not None and towns:
        near = min(kilometres(position, (town.latitude, town.longitude)) for town in towns)
        if near > _BEYOND_ANY_SUBURB:
            found.append(
                _("This position is %(km)s km from %(city)s. Is it right?")
                % {"km": round(near), "city": city}
            )
    return found


def _wrong_clock(time_zone: str, zones: Iterable[str], starts_at: datetime) -> str:
    here = starts_at.astimezone(ZoneInfo(time_zone))
    there = [starts_at.astimezone(ZoneInfo(zone)) for zone in sorted(zones)]
    if not there or any(clock.utcoffset() == here.utcoffset() for clock in there):
        return ""
    return _(
        "By the time zone %(zone)s the jam starts on %(here)s, by the clocks of this place on "
        "%(there)s. Is the time zone right?"
    ) % {
        "zone": time_zone,
        "here": date_format(here, "D j M, H:i"),
        "there": date_format(there[0], "D j M, H:i"),
    }


def _typed(typed: Mapping[str, str], name: str) -> bool:
    return bool(typed.get(name, "").strip())
