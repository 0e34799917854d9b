"""The schedule of a jam: as a list and as a calendar, in the zone that the reader chooses."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from jam import parts, schedule
from jam.models import ScheduleItem
from jam.models.schedule import Happening
from jam.permissions import change_item_refusal
from jam.schedule import Entry, Zone
from jam.views.pages import JamPageMixin, public

PER_PAGE = 60
VIEWS = {"list": _("List"), "week": _("Week"), "day": _("Day")}


class SchedulePage(JamPageMixin, TemplateView):
    """What happens when, the jam's own instants among it; `?view=`, `?zone=` and `?date=`."""

    template_name = "jam/schedule.html"
    tab = "schedule"
    # The zone that it is shown in where the reader's is not known.
    key_of_zone = "jam"

    def items(self) -> list[Happening]:
        return list(self.jam.schedule.all())

    def changes(self) -> list[Any]:
        return list(self.jam.schedule_changes.lately(self.request.moment).select_related("item"))

    def new_item(self) -> Happening:
        """What would be added here."""
        return ScheduleItem(jam=self.jam)

    def feed_path(self) -> str:
        return reverse("jam:calendar", args=[self.jam.slug])

    def add_path(self) -> str:
        return reverse("jam:add_item", args=[self.jam.slug])

    @cached_property
    def entries(self) -> list[Entry]:
        entries = schedule.entries_of(self.jam, self.items(), self.request.moment, self.changes())
        for entry in entries:
            item = entry.item
            entry.may_change = item is not None and item.is_run_by(self.request.user)
        return entries

    @cached_property
    def zones(self) -> list[Zone]:
        """The zones to choose from. Accounts begin with UTC, so that says nothing of a reader."""
        zones = [
            Zone("utc", _("UTC"), ZoneInfo("UTC")),
            Zone("jam", _("The jam’s"), self.jam.zone),
        ]
        if (own := getattr(self.request.user, "time_zone", "UTC")) != "UTC":
            zones.insert(0, Zone("reader", _("Yours"), ZoneInfo(own)))
        return zones

    @cached_property
    def places(self) -> list[Zone]:
        offered = parts.schedule_zones_of(self.jam, self.reader)
        return [Zone(name, label, ZoneInfo(name)) for label, name in offered]

    @cached_property
    def zone(self) -> Zone:
        asked = self.request.GET.get("zone", "")
        by_key = {zone.key: zone for zone in [*self.places, *self.zones]}
        if asked in by_key:
            return by_key[asked]
        if info := schedule.known_zone(asked):
            return Zone(asked, asked.replace("_", " "), info)
        return by_key.get("reader") or by_key[self.key_of_zone]

    @cached_property
    def view_name(self) -> str:
        asked = self.request.GET.get("view", "")
        return asked if asked in VIEWS else "list"

    @cached_property
    def date(self) -> date | None:
        """The day that is asked for, if it is one that calendars go to."""
        try:
            asked = date.fromisoformat(self.request.GET.get("date", ""))
        except ValueError:
            return None
        return asked if 1970 <= asked.year <= 2200 else None

    def address(self, **other: Any) -> str:
        """The query of this page, with `other` values."""
        now = {
            "view": self.view_name,
            "zone": self.request.GET.get("zone", "")[:64],
            "date": self.date and self.date.isoformat(),
        }
        return "?" + urlencode({k: v for k, v in {**now, **other}.items() if v})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        info, moment = self.zone.info, self.request.moment
        page = grid = None
        if self.view_name == "list":
            page = Paginator(self.entries, PER_PAGE).get_page(self.request.GET.get("page"))
        else:
            first = self.date or schedule.day_to_show(self.entries, info, moment)
            days = 1 if self.view_name == "day" else 7
            if days == 7:
                first = schedule.monday_of(first)
            grid = schedule.grid_of(self.entries, first, days, info, moment)
        return super().get_context_data(
            page=page,
            query=self.address()[1:] + "&",
            days=schedule.by_day(page, info) if page else [],
            grid=grid,
            earlier=grid and self.address(date=grid.earlier.isoformat()),
            later=grid and self.address(date=grid.later.isoformat()),
            view_name=self.view_name,
            views=[
                (label, self.address(view=name), name == self.view_name)
                for name, label in VIEWS.items()
            ],
            zone=self.zone,
            zone_now=moment.astimezone(info),
            zone_links=[
                (zone, self.address(zone=zone.key), zone.key == self.zone.key)
                for zone in self.zones
            ],
            own_is_known=any(zone.key == "reader" for zone in self.zones),
            places=self.places,
            kept_query=[("view", self.view_name), ("date", self.date)],
            list_query=self.address(view="list", date=None),
            may_add=change_item_refusal(self.request.user, self.new_item()) is None,
            add_path=self.add_path(),
            feed_path=self.feed_path(),
            webcal="webcal:" + (settings.SITE_URL + self.feed_path()).partition(":")[2],
            **kwargs,
        )


@public
class ScheduleView(SchedulePage):
    """The schedule of the jam."""

    desk_page = "schedule"
