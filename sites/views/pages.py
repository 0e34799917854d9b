"""What pages of local sites have in common."""

from __future__ import annotations

from functools import cached_property

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from jam import caching
from jam.models import Participation
from jam.views.pages import JamPageMixin
from sites.models import LocalSite, Place


class SitePageMixin(JamPageMixin):
    tab = "sites"

    def participations(self) -> QuerySet[Participation]:
        taken = Place.objects.taken(self.request.moment).filter(participation=OuterRef("pk"))
        found = super().participations().annotate(
            has_place=Exists(taken),
            last_place=FilteredRelation("places", condition=Q(places__released_at=None)),
        )  # fmt: skip
        return found.select_related("last_place")

    @cached_property
    def place(self) -> Place | None:
        """The place that the reader has taken, at any site of the jam."""
        mine = self.reader.participation
        return mine.last_place if mine and mine.has_place else None

    @cached_property
    def site(self) -> LocalSite:
        user, moment = self.request.user, self.request.moment
        visible = LocalSite.objects.visible_to(user, self.jam)
        visible = visible.as_of(moment).with_line_of(user, moment)
        site = get_object_or_404(visible.prefetch_related("organizers"), pk=self.kwargs["pk"])
        site.jam = self.jam
        site.shown_pictures = caching.kept(
            self.jam,
            f"pictures-of-site-{site.pk}",
            lambda: list(site.pictures.filter(removed_at=None)),
        )
        return site
