from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jam.models import Jam, Participation, User
from jam.parts import Action, Number, Part, Reader, Section, Step, Tab
from jam.timeline import Phase
from sites import services
from sites.models import LocalSite, Place

SHOWN = 3


class SitesPart(Part):
    """Places to meet."""

    def tabs(self, jam: Jam, reader: Reader) -> list[Tab]:
        return [Tab("sites", _("Sites"), reverse("sites:list", args=[jam.slug]))]

    def numbers(self) -> list[Number]:
        return [Number("sites", gettext_lazy("local sites"), _approved)]

    def sections(self, jam: Jam, reader: Reader) -> list[Section]:
        if reader.moment not in jam.joining_window:
            return []
        sites = LocalSite.objects.filter(jam=jam).with_places_left()
        zone = getattr(reader.user, "time_zone", "UTC")
        sites = list(sites.near(zone)[:SHOWN])
        if not sites:
            return []
        title = _("Local sites") if zone == "UTC" else _("Local sites near you")
        return [Section(title, "sites", "sites/_section.html", {"sites": sites})]

    def step(self, jam: Jam, reader: Reader) -> Step | None:
        if not reader.is_participant or jam.phase_at(reader.moment) != Phase.ANNOUNCED:
            return None
        has_place = Place.objects.taken().filter(participation=reader.participation)
        open_sites = LocalSite.objects.filter(jam=jam).with_places_left()
        if not open_sites.exclude(Exists(has_place)).exists():
            return None
        return Step(
            weight=30,
            title=_("Choose a local site, or stay online"),
            text=_("A local site is a room with others in it. You can change until submissions "
                   "close."),
            action=Action(
                _("See the local sites"), reverse("sites:list", args=[jam.slug]), icon="geo-alt"
            ),
        )  # fmt: skip

    def participation_cancelled(self, participation: Participation, moment: datetime) -> None:
        services.release(participation=participation, moment=moment)

    def personal_data(self, user: User) -> dict[str, Any]:
        places = Place.objects.filter(participation__user=user)
        return {
            "places at local sites": list(
                places.values("site__name", "participation__jam__title", "shown", "released_at")
            ),
            "organizes local sites": list(
                LocalSite.objects.filter(organizers=user).values_list("name", flat=True)
            ),
        }

    def person_left(self, user: User, moment: datetime) -> None:
        Place.objects.filter(participation__user=user).update(shown=False)
        user.organized_sites.clear()


def _approved() -> Coalesce:
    approved = LocalSite.objects.approved().filter(jam=OuterRef("pk")).order_by().values("jam")
    counted = approved.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
