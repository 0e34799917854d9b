"""What local sites bring to the organizers' desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam import roster, timeline
from jam.charts import Bar, Bars
from jam.desk import Coming, Decision, DeskPage, Group, counted
from jam.models import Jam, User
from jam.parts import Part, Reader, Section
from sites.models import LocalSite, SiteItem
from sites.permissions import move_refusal

# Of what is drawn and what is to come; the others are on the page of all sites.
MOST_SITES = 10
MOST_ITEMS = 5


class DeskPart(Part):
    """Proposals, and how the sites fill."""

    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        return [DeskPage(Group.PLACES, "sites", _("Local sites"), _sites(jam))]

    def person_sections(self, jam: Jam, user: User, reader: Reader) -> list[Section]:
        mine = roster.own(user)
        running = LocalSite.organizers.through.objects.filter(localsite=OuterRef("pk"), user=user)
        # Where they had several places, or waited, a site comes as often.
        sites = (
            LocalSite.objects.without_details()
            .filter(jam=jam)
            .annotate(
                place=FilteredRelation("places", condition=Q(places__participation=mine)),
                wait=FilteredRelation("waits", condition=Q(waits__participation=mine)),
                runs=Exists(running),
            )
            .filter(Q(place__isnull=False) | Q(wait__isnull=False) | Q(runs=True))
            .select_related("place", "wait")
        )
        places, waits, runs = {}, {}, {}
        for site in sites:
            site.jam = jam
            if place := getattr(site, "place", None):
                places[place.pk] = place
            if wait := getattr(site, "wait", None):
                waits[wait.pk] = wait
            if site.runs:
                runs[site.pk] = site
        context = {
            "place": any(one.released_at is None for one in places.values()),
            "places": sorted(places.values(), key=lambda one: (one.taken_at, one.pk), reverse=True),
            "waits": sorted(waits.values(), key=lambda one: (one.joined_at, one.pk)),
            "runs": list(runs.values()),
            "may_move": move_refusal(reader.user, jam, mine, reader.moment) is None,
            "person": user,
        }
        return [Section(_("Local site"), "site", "sites/_of_person.html", context)]

    def desk_facts(self, user: User, moment: datetime) -> dict[str, Any]:
        return {"desk_proposals": counted(LocalSite.objects.waiting_for_approval())}

    def decisions(self, jam: Jam, reader: Reader) -> list[Decision]:
        if not (n := jam.desk_proposals):
            return []
        text = ngettext(
            "%(n)s local site is proposed.", "%(n)s local sites are proposed.", n
        ) % {"n": n}  # fmt: skip
        return [Decision(text, _("Approve or decline"), _sites(jam))]

    def coming(self, jam: Jam, reader: Reader) -> list[Coming]:
        """What begins at the sites next."""
        items = SiteItem.objects.taking_place().filter(
            ~timeline.reached("starts_at", reader.moment),
            site__jam=jam,
            site__in=LocalSite.objects.approved(),
        )
        found = []
        for item in items.select_related("site")[:MOST_ITEMS]:
            item.site.jam = jam
            text = _("%(what)s at %(site)s") % {"what": item.title, "site": item.site}
            found.append(Coming(item.starts_at, text, item.get_absolute_url()))
        return found

    def charts(self, jam: Jam, moment: datetime) -> list[Any]:
        sites = LocalSite.objects.approved().filter(jam=jam).as_of(moment)
        bars = []
        for site in sites.without_details().order_by("-taken", "-capacity", "pk")[:MOST_SITES]:
            note = ""
            if site.waiting:
                waiting = ngettext("%(n)s waits", "%(n)s wait", site.waiting)
                note = waiting % {"n": site.waiting}
            url = reverse("sites:desk", args=[jam.slug, site.pk])
            bars.append(Bar(site.name, site.taken, site.capacity, note, url))
        if not bars:
            return []
        title, head = _("Local sites"), (_("Local site"), _("Places taken"))
        note = ""
        if len(bars) == MOST_SITES:
            note = _("Those with the most people. The page of the local sites has all.")
        return [Bars("sites", title, head, tuple(bars), note, of_whole=True)]


def _sites(jam: Jam) -> str:
    return reverse("sites:list", args=[jam.slug])
