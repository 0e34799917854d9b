from __future__ import annotations

from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from jam.models import Participation
from sites.models import LocalSite, Place
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory

# What the form of a site is posted with.
TYPED = {
    "name": "Under the Bridge",
    "venue": "Room 4",
    "address": "Harbour Street 9",
    "city": "Aarhus",
    "country": "DK",
    "time_zone": "Europe/Copenhagen",
    "latitude": "",
    "longitude": "",
    "capacity": "12",
    "hours": "",
    "access": "",
    "facilities": "",
    "contact": "",
}


class LocalSiteFactory(DjangoModelFactory):
    """An approved, open site with twenty places: ``LocalSiteFactory(organizer=user)``."""

    class Meta:
        model = LocalSite
        skip_postgeneration_save = True

    jam = factory.SubFactory(JamFactory)
    name = factory.Sequence(lambda n: f"Site {n}")
    venue = "Room 4"
    address = "Harbour Street 9"
    city = "Copenhagen"
    country = "DK"
    time_zone = "Europe/Copenhagen"
    latitude = Decimal("55.67610")
    longitude = Decimal("12.56830")
    capacity = 20
    access = "Ring the bell twice"
    contact = "+45 1234"
    proposed_at = MOMENTS["announced"]
    approved_at = MOMENTS["announced"]
    is_open = True

    @factory.post_generation
    def organizer(site, create, extracted, **kwargs):
        site.organizers.add(extracted or UserFactory(display_name="Sita Runner"))


class PlaceFactory(DjangoModelFactory):
    """A place that is taken by a participant of the site's jam."""

    class Meta:
        model = Place

    site = factory.SubFactory(LocalSiteFactory)
    participation = factory.SubFactory(
        ParticipationFactory, jam=factory.SelfAttribute("..site.jam")
    )
    shown = True
    taken_at = MOMENTS["announced"]


STATES: dict[str, dict[str, Any]] = {
    "proposed": {"approved_at": None, "is_open": False},
    "declined": {
        "approved_at": None,
        "is_open": False,
        "declined_at": MOMENTS["announced"],
        "decline_reason": "Too far out",
    },
    "closed": {"is_open": False},
    "open": {},
    "full": {"capacity": 1},
}


def site_in(state: str, **fields) -> LocalSite:
    """A site in a state of `LocalSite.State`."""
    site = LocalSiteFactory(**STATES[state], **fields)
    if state == "full":
        PlaceFactory(site=site)
    return site


def taken(site: LocalSite) -> LocalSite:
    """The site as it is now, with its taken places counted."""
    return LocalSite.objects.with_taken().get(pk=site.pk)


def participant(site: LocalSite) -> Participation:
    return ParticipationFactory(jam=site.jam)
