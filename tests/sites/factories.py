from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from sites.models import LocalSite
from tests.factories import MOMENTS, JamFactory


class LocalSiteFactory(DjangoModelFactory):
    """An approved site that is open for joining."""

    class Meta:
        model = LocalSite

    jam = factory.SubFactory(JamFactory)
    name = factory.Sequence(lambda n: f"Site {n}")
    venue = "The Old Library"
    address = "1 Long Street"
    city = "Copenhagen"
    country = "DK"
    time_zone = "Europe/Copenhagen"
    capacity = 10
    access = "Ring at the blue gate"
    contact = "door@example.org"
    proposed_at = MOMENTS["announced"]
    approved_at = MOMENTS["announced"]
    is_open = True
