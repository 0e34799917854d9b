"""Finding a local site: the list, the map of the same sites, and the world's towns."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from jam import limits
from jam.models import Participation
from jam.views.pages import public
from sites import finding, gazetteer, mapping
from sites.models import LocalSite, Place
from sites.permissions import propose_refusal
from sites.views.pages import SitePageMixin

PER_PAGE = 24
# While typing, of one person.
MOST_TOWNS_A_MINUTE = 120
LEFT = "left"


class FindingMixin(SitePageMixin):
    """The sites that the reader asks for, in the order that they ask for."""

    def asked(self, name: str) -> str:
        return self.request.GET.get(name, "").replace("\0", "").strip()[:100]

    @cached_property
    def may_join(self) -> bool:
        return self.request.moment in self.jam.joining_window

    @cached_property
    def origin(self) -> finding.Origin | None:
        near = self.asked("near")
        return finding.origin(near) if near else None

    @cached_property
    def sites(self) -> list[LocalSite]:
        visible = LocalSite.objects.visible_to(self.request.user, self.jam)
        visible = visible.as_of(self.request.moment)
        sites = list(visible.in_order().without_details())
        if asked := self.asked("q"):
            sites = finding.found_by(sites, asked)
        if self.only_left:
            sites = [site for site in sites if site.state == LocalSite.State.OPEN]
        return finding.by_distance(sites, self.origin) if self.origin else sites

    @property
    def only_left(self) -> bool:
        return self.may_join and self.asked("places") == LEFT

    @property
    def query(self) -> str:
        """What is asked for, as it stands in an address."""
        asked = {name: self.asked(name) for name in ("q", "places", "near")}
        return urlencode({name: value for name, value in asked.items() if value})


@public
class SiteList(FindingMixin, TemplateView):
    template_name = "sites/list.html"
    desk_page = "sites"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.sites, PER_PAGE).get_page(self.request.GET.get("page"))
        participants = Participation.objects.active().filter(jam=self.jam)
        return super().get_context_data(
            page=page,
            asked=self.asked("q"),
            near=self.asked("near"),
            origin=self.origin,
            only_left=self.only_left,
            is_narrowed=bool(self.asked("q") or self.asked("near") or self.only_left),
            query=f"{self.query}&" if self.query else "",
            points_query=f"?{self.query}" if self.query else "",
            dots=mapping.dots(self.sites),
            view_box=mapping.VIEW_BOX,
            place=self.place,
            is_online=self.reader.is_participant and self.place is None,
            online=participants.exclude(
                places__in=Place.objects.taken(self.request.moment)
            ).count(),
            may_join=self.may_join,
            refusal=propose_refusal(self.jam, self.reader.participation, self.request.moment),
            **kwargs,
        )


@public
class SitePoints(FindingMixin, View):
    """The same sites for the map, as data."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse({"sites": mapping.points(self.sites, self.may_join)})


class Towns(View):
    """The world's towns whose names begin as what was typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        name = f"towns:{request.user.pk}"
        if not limits.within(name, MOST_TOWNS_A_MINUTE, 60, request.moment):
            error = _("That is faster than anybody types. Wait a minute.")
            return JsonResponse({"error": error}, status=429)
        found = [
            {
                "name": town.name,
                "where": town.where,
                "country": town.country,
                "latitude": str(town.latitude),
                "longitude": str(town.longitude),
                "time_zone": town.time_zone,
            }
            for town in gazetteer.suggest(request.GET.get("q", "")[:100])
        ]
        return JsonResponse({"towns": found})
