from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jam import announcing, timeline
from jam.archive.tables import Table
from jam.audiences import Audience
from jam.models import Jam, Participation, User
from jam.models.schedule import Happening
from jam.parts import Action, MailKind, Number, Reader, Section, Step, Tab
from jam.timeline import Phase
from sites import services, tables
from sites.desk_part import DeskPart
from sites.dry_run_part import DryRunPart
from sites.models import Invitation, LocalSite, Place, ProposalMessage, SiteItem, Wait
from sites.permissions import may_run
from sites.schedule import zones_of
from sites.setting_up import SettingUpPart
from sites.trust_part import TrustPart

SHOWN = 3


class SitesPart(SettingUpPart, DeskPart, DryRunPart, TrustPart):
    """Places to meet."""

    def tabs(self, jam: Jam, reader: Reader) -> list[Tab]:
        return [Tab("sites", _("Sites"), reverse("sites:list", args=[jam.slug]))]

    def numbers(self) -> list[Number]:
        return [Number("sites", gettext_lazy("local sites"), _approved)]

    def sections(self, jam: Jam, reader: Reader) -> list[Section]:
        if reader.moment not in jam.joining_window:
            return []
        sites = LocalSite.objects.filter(jam=jam).with_places_left(reader.moment)
        zone = getattr(reader.user, "time_zone", "UTC")
        sites = list(sites.near(zone)[:SHOWN])
        if not sites:
            return []
        title = _("Local sites") if zone == "UTC" else _("Local sites near you")
        return [Section(title, "sites", "sites/_section.html", {"sites": sites})]

    def step(self, jam: Jam, reader: Reader) -> Step | None:
        """Until the jam starts: what is next at a site that one runs, or where to have a place."""
        if not reader.is_participant or jam.phase_at(reader.moment) != Phase.ANNOUNCED:
            return None
        run = LocalSite.organizers.through.objects.filter(
            localsite=OuterRef("pk"), user_id=reader.user.pk
        )
        has_place = Place.objects.unreleased().filter(participation=reader.participation)
        sites = LocalSite.objects.filter(jam=jam).approved().as_of(reader.moment)
        to_do = Q(is_open=False)
        if reader.moment in timeline.arriving_window(jam, None):
            to_do |= Q(taken__gt=0)
        may_be_taken = Q(is_open=True, capacity__gt=F("taken") + F("waiting"))
        # One statement for both, as the page has no more to spare.
        site = (
            sites.annotate(has_to_do=Case(When(Exists(run) & to_do, then=True), default=False))
            .filter(Q(has_to_do=True) | may_be_taken & ~Exists(has_place), is_over=False)
            .order_by("-has_to_do", "is_open", "pk")
            .first()
        )
        if site is None:
            return None
        return self._running(jam, site) if site.has_to_do else self._choosing(jam)

    def _running(self, jam: Jam, site: LocalSite) -> Step:
        where = [jam.slug, site.pk]
        desk = Action(_("To the desk"), reverse("sites:desk", args=where))
        if not site.is_open:
            return Step(
                weight=52,
                eyebrow=str(site),
                title=_("Your local site is approved: open it"),
                text=_("Until you do, nobody can take a place."),
                action=Action(_("Open for joining"), reverse("sites:open", args=where), post=True),
                more=(desk,),
            )
        return Step(
            weight=52,
            eyebrow=str(site),
            title=_("Check people in"),
            text=_("Scan their codes, or find them on the list."),
            action=Action(
                _("To the list"), reverse("sites:door", args=where), icon="clipboard-check"
            ),
            more=(desk,),
        )

    def _choosing(self, jam: Jam) -> Step:
        return Step(
            weight=30,
            title=_("Choose a local site, or stay online"),
            text=_("A local site is a room with others in it. You can change until submissions "
                   "close."),
            action=Action(
                _("See the local sites"), reverse("sites:list", args=[jam.slug]), icon="geo-alt"
            ),
        )  # fmt: skip

    def looks_after(self, jam: Jam, user: User) -> Q | None:
        """Those who have a place at a site that `user` runs."""
        run = LocalSite.objects.filter(jam=jam, organizers=user)
        if not run.exists():
            return None
        return Q(pk__in=Place.objects.unreleased().filter(site__in=run).values("participation"))

    def schedule_zones(self, jam: Jam, reader: Reader) -> list[tuple[Any, str]]:
        found = zones_of(jam, reader.user)
        zones = [(own, zone) for zone, _city, _sites, own in found if own]
        for zone, city, sites, _own in found:
            label = ngettext("%(city)s", "%(city)s and %(n)s more", sites) % {
                "city": city, "n": sites - 1,
            }  # fmt: skip
            zones.append((label, zone))
        return zones

    def calendar_items(self, user: User) -> list[Happening]:
        here = Place.objects.unreleased().filter(
            site=OuterRef("site"), participation__user=user, participation__cancelled_at=None
        )
        return list(SiteItem.objects.filter(Exists(here)).select_related("site__jam"))

    def audiences(self, jam: Jam, by: User) -> list[Audience]:
        """The people of each site that `by` runs; for organizers of the jam, of every site."""
        sites = LocalSite.objects.filter(jam=jam).approved()
        if not jam.is_organized_by(by):
            sites = sites.filter(organizers=by)
        names = sites.order_by("city", "name", "pk").values_list("pk", "name")
        label = _("who has a place at %(site)s")
        return [Audience("site", label % {"site": name}, pk) for pk, name in names]

    def people_in(self, jam: Jam, name: str, of: int | None, moment: datetime) -> Any:
        if name != "site":
            return None
        places = Place.objects.taken(moment).filter(site=of, site__jam=jam)
        return User.objects.filter(pk__in=places.values("participation__user"))

    def announced_to(self, jam: Jam, user: User, moment: datetime) -> Q:
        own = Place.objects.taken(moment).filter(site__jam=jam, participation__user=user)
        return Q(audience="site", audience_of__in=own.values("site"))

    def involved(self, jam: Jam) -> list[Any]:
        return [LocalSite.organizers.through.objects.filter(localsite__jam=jam).values("user")]

    def place_sections(self, jam: Jam, place: Any, reader: Reader) -> list[Section]:
        """What was announced to the people of a site, for them and its organizers."""
        runs = reader.user.is_authenticated and may_run(reader.user, place)
        if not runs and not reader.is_participant:
            return []
        moment = reader.moment
        if runs:
            told = announcing.written_by(jam, reader.user).due(moment)
        else:
            told = announcing.shown_to(jam, reader.user, moment)
        told = told.filter(audience="site", audience_of=place.pk)
        news = list(told[:SHOWN] if jam.has_news else [])
        if not (runs or news):
            return []
        context = {"news": news, "runs": runs and place.is_approved, "audience": f"site-{place.pk}"}
        return [Section(_("Announcements"), "announcements", "jam/_announcements.html", context)]

    def export_tables(self) -> list[Table]:
        return tables.tables()

    def participation_cancelled(
        self, participation: Participation, by: User, moment: datetime
    ) -> None:
        services.leave_all(participation=participation, by=by, moment=moment)

    def mail_kinds(self) -> list[MailKind]:
        return [
            MailKind(services.KIND, gettext_lazy("places at local sites, and waiting for them")),
            MailKind(services.TALK, gettext_lazy("proposals of local sites, and questions")),
        ]

    def personal_data(self, user: User) -> dict[str, Any]:
        places = Place.objects.filter(participation__user=user)
        return {
            "places at local sites": list(
                places.values(
                    "site__name",
                    "participation__jam__title",
                    "shown",
                    "checked_in_at",
                    "released_at",
                    "did_not_come",
                )
            ),
            "lines at local sites": list(
                Wait.objects.filter(participation__user=user).values(
                    "site__name", "joined_at", "offered_at", "ended_at", "ending"
                )
            ),
            "organizes local sites": list(
                LocalSite.objects.filter(organizers=user).values_list("name", flat=True)
            ),
            "asked to organize local sites": list(
                Invitation.objects.filter(user=user).values("site__name", "invited_at")
            ),
            "messages about local sites": list(
                ProposalMessage.objects.filter(author=user).values(
                    "site__name", "text", "written_at"
                )
            ),
        }

    def person_left(self, user: User, moment: datetime) -> None:
        Place.objects.filter(participation__user=user).update(shown=False)
        Invitation.objects.pending().filter(Q(user=user) | Q(by=user)).update(answered_at=moment)
        user.organized_sites.clear()


def _approved() -> Coalesce:
    approved = LocalSite.objects.approved().filter(jam=OuterRef("pk")).order_by().values("jam")
    counted = approved.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
