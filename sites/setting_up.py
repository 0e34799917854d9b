"""What local sites have to say of setting a jam up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam.desk import counted
from jam.loading import Kind
from jam.models import Jam, User
from jam.parts import Part
from jam.set_up import Check, Copying, Portion, State
from sites import services
from sites.forms import SiteForm
from sites.models import LocalSite, SiteItem

# Whom to ask is somebody's own; and nobody has agreed to the new jam's code of conduct.
_OF_PEOPLE = ("contact", "agreed_at", "is_open")
_OF_THAT_TIME = ("speaker", "stream_url", "recording_url", "sequence", "changed_at")


def _into_sites(kind: Kind, jam: Jam, new: list[LocalSite], by: User, moment: datetime) -> None:
    services.take_in(jam=jam, sites=new, by=by, moment=moment)


# As those of an earlier jam come: approved and closed, until somebody organizes them.
SITES = Kind(
    LocalSite, tuple(SiteForm.Meta.fields), 400, SiteForm, keep=_into_sites,
    begins_with=lambda moment: {"proposed_at": moment, "approved_at": moment},
    not_with=("declined_at",),
)  # fmt: skip


class SettingUpPart(Part):
    """Setting up, as far as it is about places."""

    def kinds(self) -> list[Kind]:
        return [SITES]

    def portions(self, source: Jam) -> list[Portion]:
        if not source.local_sites.approved().exists():
            return []
        # Whether a room is free again has to be asked first.
        label = _("local sites with their schedules, closed for joining, without their organizers")
        return [Portion("sites", label, is_wanted=False)]

    def copy(self, copying: Copying) -> None:
        """Sites come approved and closed; their own clocks go on."""
        if "sites" not in copying.chosen:
            return
        shift, moment = copying.shift, copying.moment

        def site_again(site: LocalSite) -> dict[str, Any]:
            no_shows, end = shift.stretch(site.no_shows_at, site.ends_at, site.zone)
            decided = {"proposed_at": moment, "approved_at": moment}
            return {**decided, "no_shows_at": no_shows, "ends_at": end}

        def item_again(item: SiteItem) -> dict[str, Any]:
            begin, end = shift.stretch(item.starts_at, item.ends_at, item.site.zone)
            site = copying.copy_of(LocalSite, item.site_id)
            return {"site_id": site.pk, "starts_at": begin, "ends_at": end}

        sites = copying.source.local_sites.approved()
        copying.rows(sites, without=_OF_PEOPLE, change=site_again)
        items = SiteItem.objects.taking_place().filter(site__in=sites).select_related("site")
        copying.rows(items, without=_OF_THAT_TIME, change=item_again)

    def check_facts(self) -> dict[str, Any]:
        return {
            "n_proposed": counted(LocalSite.objects.waiting_for_approval()),
            "n_sites": counted(LocalSite.objects.approved()),
        }

    def checks(self, jam: Jam, moment: datetime) -> list[Check]:
        url = reverse("sites:list", args=[jam.slug])
        waiting, approved = jam.n_proposed, jam.n_sites
        if waiting:
            state = State.LOOK
            text = ngettext(
                "%(n)s proposal waits for a decision.",
                "%(n)s proposals wait for a decision.",
                waiting,
            ) % {"n": waiting}
        elif approved:
            state, text = State.DONE, ngettext("%(n)s site.", "%(n)s sites.", approved)
            text %= {"n": approved}
        else:
            state = State.DONE
            text = _("None yet. Once the jam is published, people who take part propose them.")
        return [Check(_("Local sites"), state, text, url)]

    def moving(self, jam: Jam, moves: dict[str, datetime], moment: datetime) -> list[str]:
        if "submissions_close_at" not in moves:
            return []
        sites = jam.local_sites.approved()
        told = []
        if n := sites.filter(ends_at=None).count():
            told.append(
                ngettext(
                    "%(n)s local site ends with the submissions, and goes along.",
                    "%(n)s local sites end with the submissions, and go along.",
                    n,
                )
                % {"n": n}
            )
        if n := sites.filter(ends_at__isnull=False).count():
            told.append(
                ngettext(
                    "%(n)s local site has an end of its own, which stays. Ask its organizers.",
                    "%(n)s local sites have ends of their own, which stay. Ask their organizers.",
                    n,
                )
                % {"n": n}
            )
        return told

    def pages_to_see(self) -> list[str]:
        return ["sites:list", "sites:detail", "sites:schedule"]
