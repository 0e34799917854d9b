"""The schedule of a local site: beside the jam's, in the site's own zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Count, Min, Q, QuerySet, Value

from jam import caching
from jam.models import Jam, ScheduleItem, User
from jam.models.schedule import Happening
from jam.schedule import Entry, entries_of
from sites.models import LocalSite, Place, SiteItem

# On the page of a site.
SHOWN = 6


def people_at(site: LocalSite) -> QuerySet[User]:
    """Who has a place at `site`, and is told what changes there."""
    return User.objects.filter(
        participations__places__site=site, participations__places__released_at=None
    )


def zones_of(jam: Jam, user: Any) -> list[tuple[str, str, int, str | None]]:
    """The zones of the jam's local sites, each with a city, how many sites there are, and the name
    of that where `user` has a place, if it is there."""
    places = Place.objects.unreleased().filter(participation__user=user.pk, participation__jam=jam)
    own = Min("name", filter=Q(pk__in=places.values("site")))
    zones = LocalSite.objects.approved().filter(jam=jam).order_by("time_zone").values("time_zone")
    counted = zones.annotate(a_city=Min("city"), sites=Count("pk"), own=own)
    return list(counted.values_list("time_zone", "a_city", "sites", "own"))


@dataclass(frozen=True)
class Coming:
    """What comes next at a site and in the whole jam, by the clock of `zone`."""

    entries: list[Entry]
    zone: ZoneInfo


def coming_at(site: LocalSite, moment: datetime) -> Coming:
    """What is on at `site` now, and what comes next there and in the jam."""
    items = caching.kept(site.jam, f"schedule-of-site-{site.pk}", lambda: _schedules(site))
    entries = entries_of(site.jam, items, moment)
    for entry in entries:
        entry.site = site if isinstance(entry.item, SiteItem) else None
    coming = [
        entry
        for entry in entries
        if not entry.window.is_over(moment) and (entry.site or entry.state != "cancelled")
    ]
    return Coming(coming[:SHOWN], ZoneInfo(site.time_zone))


def _schedules(site: LocalSite) -> list[Happening]:
    """What stands in the schedules of the jam and of `site`, asked for at once: the page of a site
    has no statement to spare."""
    names = ["id", *(field.attname for field in Happening._meta.local_fields)]
    of_jam, of_site = (
        items.order_by()
        .annotate(is_own=Value(is_own, output_field=BooleanField()))
        .values_list("is_own", *names)
        for items, is_own in ((site.jam.schedule, False), (site.schedule, True))
    )
    found = []
    for is_own, *values in of_jam.union(of_site, all=True).order_by("starts_at", "id"):
        fields = dict(zip(names, values, strict=True))
        found.append((SiteItem if is_own else ScheduleItem)(**fields))
    return found
