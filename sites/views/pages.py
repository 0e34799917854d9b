"""What pages of local sites have in common."""

from __future__ import annotations

from functools import cached_property

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.shortcuts import get_object_or_404

from jam import caching
from jam.models import Participation
from jam.views.pages import JamPageMixin
from sites.models import LocalSite, Picture, Place


class SitePageMixin(JamPageMixin):
    tab = "sites"

    def participation(self) -> Participation | None:
        mine = super().participation()
        if mine is None:
            return None
        taken = Place.objects.taken(self.request.moment).filter(participation=OuterRef("pk"))
        found = Participation.objects.annotate(
            has_place=Exists(taken),
            last_place=FilteredRelation("places", condition=Q(places__released_at=None)),
        )  # fmt: skip
        found = found.select_related("last_place").get(pk=mine.pk)
        found.jam = self.jam
        return found

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
        return site

    def pictures(self) -> list[Picture]:
        """What is shown of the site."""
        site = self.site
        return caching.kept(
            self.jam,
            f"pictures-of-site-{site.pk}",
            lambda: list(site.pictures.filter(removed_at=None)),
        )
