"""What happens in a dry run at local sites: places are taken, waited for and given back, and most
of those who have one come."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam.dry_run import Play, Scene, refused, renumber
from jam.models import User
from jam.parts import Part
from sites import services
from sites.models import LocalSite, Place, Wait

# The smallest ones, where a line begins soonest; so many people go there, the others are online.
SITES, GOING = 2, 6


class DryRunPart(Part):
    """A dry run, as far as it is about places."""

    def perform(self, play: Play, scene: Scene) -> None:
        match scene:
            case Scene.SIGN_UP:
                renumber(LocalSite.objects.filter(jam=play.jam))
                self._take_places(play)
            case Scene.EVE:
                self._give_places_back(play)
            case Scene.START:
                self._come(play)
            case Scene.LAST_DAY | Scene.LAST_HOUR:
                self._settle(play)

    def _take_places(self, play: Play) -> None:
        sites = _sites_of(play)
        for number, site in enumerate(sites):
            services.set_open(site=site, by=play.organizer, is_open=True, moment=play.moment)
            words = {_go(play, site, user) for user in play.people[number : GOING : len(sites)]}
            for refusal in sorted(words - {""}):
                play.warn(
                    _("Who wants a place at “%(site)s” reads: %(words)s")
                    % {"site": site, "words": refusal}
                )
            site = LocalSite.objects.as_of(play.moment).get(pk=site.pk)
            _count(play, site, site.taken, ngettext(
                "%(n)s person takes a place at “%(site)s”.",
                "%(n)s people take a place at “%(site)s”.",
                site.taken,
            ))  # fmt: skip
            _count(play, site, site.waiting, ngettext(
                "“%(site)s” is full: %(n)s person waits for a place.",
                "“%(site)s” is full: %(n)s people wait for a place.",
                site.waiting,
            ))  # fmt: skip

    def _give_places_back(self, play: Play) -> None:
        """Where somebody waits, who came first makes room."""
        for site in _sites_of(play):
            place = Place.objects.taken(play.moment).filter(site=site).first()
            waits = Wait.objects.standing(play.moment).filter(site=site).in_line().first()
            if place is None or waits is None:
                continue
            leaver, next_one = place.participation.user, waits.participation.user
            words = refused(
                lambda site=site, user=leaver: services.leave(
                    site=site, user=user, moment=play.moment
                )
            ) or _go(play, site, next_one)
            told = {"name": leaver, "other": next_one, "site": site, "words": words}
            if words:
                play.warn(_("A place at “%(site)s” cannot be given on: %(words)s") % told)
            else:
                play.tell(
                    _("%(name)s gives the place at “%(site)s” back, and %(other)s takes it.") % told
                )

    def _come(self, play: Play) -> None:
        """All but the last one, where there are more."""
        self._settle(play)
        for site in _sites_of(play):
            here = list(Place.objects.taken(play.moment).filter(site=site))
            coming = here[:-1] or here
            words = {_check_in(play, place) for place in coming}
            for refusal in sorted(words - {""}):
                play.warn(
                    _("Nobody can be checked in at “%(site)s”: %(words)s")
                    % {"site": site, "words": refusal}
                )
            come = site.counts_on_the_day(play.moment)["come"]
            _count(play, site, come, ngettext(
                "%(n)s person comes to “%(site)s” and is checked in.",
                "%(n)s people come to “%(site)s” and are checked in.",
                come,
            ))  # fmt: skip

    def _settle(self, play: Play) -> None:
        for site in services.due(play.moment).filter(jam=play.jam):
            noted = site.places.filter(did_not_come=True)
            before = noted.count()
            services.locked(site, play.moment)
            lost = noted.count() - before
            _count(play, site, lost, ngettext(
                "%(n)s person has not come to “%(site)s” by its hour and has lost the place.",
                "%(n)s people have not come to “%(site)s” by its hour and have lost the place.",
                lost,
            ))  # fmt: skip


def _sites_of(play: Play) -> list[LocalSite]:
    sites = LocalSite.objects.filter(jam=play.jam).approved()
    return list(sites.select_related("jam").order_by("capacity", "pk")[:SITES])


def _count(play: Play, site: LocalSite, n: int, text: str) -> None:
    if n:
        play.tell(text % {"n": n, "site": site})


def _go(play: Play, site: LocalSite, user: User) -> str:
    """Have `user` take a place at `site` or stand in line for one; why they can do neither."""
    given = {"site": site, "user": user, "moment": play.moment}
    words = refused(lambda: services.join(shown=True, **given))
    return words and refused(lambda: services.wait(**given)) and words


def _check_in(play: Play, place: Place) -> str:
    """Have the holder of `place` come; why they cannot be checked in."""
    return refused(
        lambda: services.check_in(
            site=place.site, place_id=place.pk, by=play.organizer, moment=play.moment
        )
    )
