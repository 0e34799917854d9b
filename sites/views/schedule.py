"""The schedule of a local site, beside the jam's; its own items are changed by its organizers."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page, require_safe

from jam import feeds
from jam.models.schedule import Happening
from jam.schedule import Entry, Zone
from jam.views.calendars import calendar_file
from jam.views.pages import for_all, public, visible_jam
from jam.views.schedule import SchedulePage
from jam.views.schedule_editing import AddItem, BringBackItem, CancelItem, EditItem, ItemMixin
from sites.models import LocalSite, SiteItem
from sites.views.pages import SitePageMixin


@public
class SiteSchedule(SitePageMixin, SchedulePage):
    key_of_zone = "site"

    def items(self) -> list[Happening]:
        return [*super().items(), *self.site.schedule.all()]

    def changes(self) -> list[Any]:
        own = self.site.schedule_changes.lately(self.request.moment).select_related("item")
        return [*super().changes(), *own]

    @cached_property
    def entries(self) -> list[Entry]:
        entries = super().entries
        for entry in entries:
            if isinstance(entry.item, SiteItem):
                entry.site = self.site
        return entries

    @cached_property
    def zones(self) -> list[Zone]:
        return [Zone("site", _("This local site’s"), ZoneInfo(self.site.time_zone)), *super().zones]

    @cached_property
    def zone(self) -> Zone:
        # Here times are by the clock of the place, unless another is asked for.
        return super().zone if self.request.GET.get("zone") else self.zones[0]

    def new_item(self) -> Happening:
        return SiteItem(site=self.site)

    def feed_path(self) -> str:
        return reverse("sites:calendar", args=[self.jam.slug, self.site.pk])

    def add_path(self) -> str:
        return reverse("sites:add_item", args=[self.jam.slug, self.site.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(site=self.site, **kwargs)


@require_safe
@conditional_page
@login_not_required
def calendar(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The site's own schedule for calendar programs."""
    jam = visible_jam(request, slug)
    published = LocalSite.objects.filter(jam=jam).approved().filter(pk=pk).first()
    # Without asking who the reader is, unless that matters.
    site = published or get_object_or_404(LocalSite.objects.visible_to(request.user, jam), pk=pk)
    site.jam = jam
    events = [feeds.event_of(item) for item in site.schedule.all()]
    body = feeds.calendar_of(f"{site.name} · {jam.title}", site.schedule_path, events)
    response = calendar_file(body, f"{jam.slug}-{site.pk}")
    if published:
        return for_all(response, jam, 300)
    response["Cache-Control"] = "private, max-age=300"
    return response


class SiteItemMixin(SitePageMixin, ItemMixin):
    def find_item(self) -> Happening:
        return get_object_or_404(self.site.schedule, pk=self.kwargs["item_pk"])

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.site.time_zone)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(site=self.site, **kwargs)


class AddSiteItem(SiteItemMixin, AddItem):
    def find_item(self) -> Happening:
        return SiteItem(site=self.site)


class EditSiteItem(SiteItemMixin, EditItem):
    pass


class CancelSiteItem(SiteItemMixin, CancelItem):
    pass


class BringBackSiteItem(SiteItemMixin, BringBackItem):
    pass
