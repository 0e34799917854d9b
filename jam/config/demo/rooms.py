"""Local sites for jams of any size: those of the hackathon, then one in each large town."""

from __future__ import annotations

from typing import Any

from jam.config.demo import hackathon
from sites import gazetteer

FIELDS = (
    "name", "venue", "address", "city", "country", "time_zone", "latitude", "longitude", "access",
    "facilities", "contact", "hours",
)  # fmt: skip


def rooms(count: int) -> list[dict[str, Any]]:
    """What `count` local sites say of themselves, the same each time."""
    made = []
    for number, town in enumerate(gazetteer.largest(count)):
        given = hackathon.SITES[number % len(hackathon.SITES)]
        room = {name: given[name] for name in FIELDS}
        if number >= len(hackathon.SITES):
            room |= {
                "name": town.name, "city": town.name, "country": town.country,
                "time_zone": town.time_zone, "latitude": town.latitude, "longitude": town.longitude,
            }  # fmt: skip
        made.append(room)
    return made
