from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from jam.models import Participation
from sites.models import Invitation, LocalSite, Picture, Place, SiteItem, Wait
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory

# What the form of a site is posted with.
TYPED = {
    "name": "Under the Bridge",
    "venue": "Room 4",
    "address": "Harbour Street 9",
    "city": "Aarhus",
    "country": "DK",
    "time_zone": "Europe/Copenhagen",
    "latitude": "56.15674",
    "longitude": "10.21076",
    "capacity": "12",
    "hours": "",
    "access": "",
    "facilities": "",
    "contact": "",
    "agrees": "on",
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


class WaitFactory(DjangoModelFactory):
    """Somebody who waits for a place."""

    class Meta:
        model = Wait

    site = factory.SubFactory(LocalSiteFactory)
    participation = factory.SubFactory(
        ParticipationFactory, jam=factory.SelfAttribute("..site.jam")
    )
    joined_at = MOMENTS["announced"]


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


class SiteItemFactory(DjangoModelFactory):
    class Meta:
        model = SiteItem

    site = factory.SubFactory(LocalSiteFactory)
    kind = SiteItem.Kind.SOCIAL
    title = factory.Sequence(lambda n: f"Dinner {n}")
    starts_at = START + timedelta(hours=3)
    ends_at = START + timedelta(hours=4)


class PictureFactory(DjangoModelFactory):
    """A picture of a site, of one red point."""

    class Meta:
        model = Picture

    site = factory.SubFactory(LocalSiteFactory)
    content = factory.django.ImageField(color="red", width=3, height=2)
    content_type = "image/jpeg"
    shows = "The big table"
    width, height = 3, 2
    added_at = MOMENTS["announced"]


class InvitationFactory(DjangoModelFactory):
    """Somebody who is asked to organize a site."""

    class Meta:
        model = Invitation

    site = factory.SubFactory(LocalSiteFactory)
    user = factory.SubFactory(UserFactory)
    by = factory.LazyAttribute(lambda invitation: invitation.site.organizers.first())
    invited_at = MOMENTS["announced"]


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


def taken(site: LocalSite, moment: datetime = MOMENTS["making"]) -> LocalSite:
    """The site as of a moment, with its places counted."""
    return LocalSite.objects.as_of(moment).get(pk=site.pk)


def participant(site: LocalSite) -> Participation:
    return ParticipationFactory(jam=site.jam)
