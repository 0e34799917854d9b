"""What time alone has made of a local site's places, noted; and free places, offered in line.

Whose turn it is, that an offer has lapsed and that somebody did not come is true by the instants in
the rows, whether anybody has noted it or not. It is noted under the lock on the site, before
anything is decided there, and by a sweep, which also has people told.
"""

from __future__ import annotations

from datetime import datetime

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from jam import caching, log, outbox, timeline
from jam.languages import gettext_later as _
from jam.models import Participation
from sites.models import LocalSite, Place, Wait

KIND = "places"


def locked(site: LocalSite, moment: datetime) -> LocalSite:
    """The site as of `moment`, locked, and all noted that time has done to its places."""
    # Two statements, since what is counted cannot be locked.
    LocalSite.objects.select_for_update().get(pk=site.pk)
    return settle(site, moment)


def settle(site: LocalSite, moment: datetime) -> LocalSite:
    """Note who did not come and which offers have lapsed, and offer what is free to the first in
    line; the site, which is locked, as of `moment`."""
    site = LocalSite.objects.as_of(moment).select_related("jam").get(pk=site.pk)
    if moment in site.places_window:
        _release_no_shows(site, moment)
        _end_lapsed(site, moment)
        site.offered += _offer(site, moment)
    return site


def due(moment: datetime) -> QuerySet[LocalSite]:
    """Sites where something is to be noted or offered; found cheaply, decided under the lock."""
    places = LocalSite.objects.approved().filter(
        ~timeline.is_gathering_over(moment),
        ~timeline.reached("submissions_close_at", moment, "jam__"),
    )
    no_shows = Place.objects.no_shows(moment).values("site")
    lapsed = Wait.objects.lapsed(moment).values("site")
    return places.as_of(moment).filter(
        Q(pk__in=no_shows)
        | Q(pk__in=lapsed)
        | Q(is_open=True, waiting__gt=F("offered"), capacity__gt=F("taken") + F("offered"))
    )


def settle_soon() -> None:
    """Have the sweep come once this transaction is through, where a place elsewhere is free."""
    if _ask_for_settling not in [function for _, function, _ in connection.run_on_commit]:
        transaction.on_commit(_ask_for_settling, robust=True)


def _ask_for_settling() -> None:
    # By name, since the task imports this module.
    current_app.send_task("sites.settle_due")


def end(wait: Wait, ending: Wait.Ending, at: datetime) -> bool:
    """Note that a wait is over; False if somebody else has."""
    return bool(Wait.objects.unended().filter(pk=wait.pk).update(ended_at=at, ending=ending))


def wait_of(site: LocalSite, participation: Participation | None, moment: datetime) -> Wait | None:
    """How a participation stands in the line of `site`, with its `position`."""
    waits = Wait.objects.standing(moment).filter(site=site, participation=participation)
    return waits.with_position(moment).first()


def _release_no_shows(site: LocalSite, moment: datetime) -> None:
    if not site.staying_window.is_over(moment):
        return
    places = Place.objects.no_shows(moment).filter(site=site)
    for place in places.select_related("participation__user", "site"):
        # Given back elsewhere in this very moment, it is no no-show.
        still = Place.objects.unreleased().filter(pk=place.pk, checked_in_at=None)
        if not still.update(released_at=site.no_shows_at, did_not_come=True):
            continue
        caching.forget()
        log.record("released a no-show", place, by=None, jam=site.jam, moment=moment)
        outbox.post(
            user=place.participation.user,
            key=f"no-show:{place.pk}",
            kind=KIND,
            jam=site.jam,
            subject=_("Your place at “%(site)s” has been given on") % {"site": site},
            paragraphs=[
                _("You were not checked in by %(time)s, so that others who wait can come.")
                % {"time": outbox.tell(site.no_shows_at, site.time_zone)},
                _("If you are still coming: see on the page of the site whether a place is left."),
            ],
            action_label=_("See the local site"),
            action_path=site.get_absolute_url(),
            moment=moment,
        )


def _end_lapsed(site: LocalSite, moment: datetime) -> None:
    lapsed = Wait.objects.lapsed(moment).filter(site=site)
    for wait in lapsed.select_related("participation__user", "site"):
        if not end(wait, Wait.Ending.LAPSED, wait.offer_ends_at):
            continue
        log.record("let an offer lapse", wait, by=None, jam=site.jam, moment=moment)
        outbox.post(
            user=wait.participation.user,
            key=f"lapsed:{wait.pk}",
            kind=KIND,
            jam=site.jam,
            subject=_("The place at “%(site)s” went to the next in line") % {"site": site},
            paragraphs=[
                _("It was kept for you until %(time)s. If you still want to come, you can stand in "
                  "line again.") % {"time": outbox.tell(wait.offer_ends_at, site.time_zone)},
            ],
            action_label=_("See the local site"),
            action_path=site.get_absolute_url(),
            moment=moment,
        )  # fmt: skip


def _offer(site: LocalSite, moment: datetime) -> int:
    """Offer free places to the first in line who have none offered; how many."""
    free = site.capacity - site.taken - site.offered
    if free <= 0 or not site.is_open or not site.is_approved:
        return 0
    line = Wait.objects.standing(moment).filter(site=site, offered_at=None).in_line()
    line = list(line.select_related("participation__user", "site")[:free])
    ends_at = timeline.offer_ends_at(site.places_window, site.offer_hours, moment)
    offered = 0
    for wait in line:
        # Somebody who cancels leaves the line without the lock on the site.
        still = Wait.objects.unended().filter(pk=wait.pk)
        if not still.update(offered_at=moment, offer_ends_at=ends_at):
            continue
        offered += 1
        log.record("offered a place", wait, by=None, jam=site.jam, moment=moment)
        outbox.post(
            user=wait.participation.user,
            key=f"offer:{wait.pk}",
            kind=KIND,
            jam=site.jam,
            subject=_("A place at “%(site)s” is yours to take") % {"site": site},
            paragraphs=[
                _("You are the first in line, and a place is free. It is kept for you until "
                  "%(time)s; then the next in line is asked.")
                % {"time": outbox.tell(ends_at, wait.participation.user.time_zone)},
            ],
            action_label=_("Take the place"),
            action_path=site.get_absolute_url(),
            moment=moment,
        )  # fmt: skip
    return offered
