"""Places at local sites: taking one, waiting for one, giving it back, coming."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from jam import caching, log
from jam.errors import refuse
from jam.models import Participation, User
from jam.services import participation_for_update
from sites.models import LocalSite, Place, Wait
from sites.permissions import (
    SiteRefusal,
    check_in_refusal,
    join_refusal,
    leave_refusal,
    stop_waiting_refusal,
    undo_refusal,
    wait_refusal,
)
from sites.services.waiting import end, locked, settle, settle_soon, wait_of


def place_of(participation: Participation | None, moment: datetime) -> Place | None:
    """The place that a participation has taken, at any site."""
    return Place.objects.taken(moment).filter(participation=participation).first()


@transaction.atomic
def join(*, site: LocalSite, user: User, shown: bool = False, moment: datetime) -> Place:
    """Give `user` a place at `site`, one that is free or that is kept for them as the first in
    line, leaving the one they had elsewhere. Raises Refused."""
    site = locked(site, moment)
    participation = participation_for_update(site.jam, user)
    wait = wait_of(site, participation, moment) if participation else None
    place = place_of(participation, moment)
    has_turn = wait is not None and site.has_turn(wait.position, wait.offered_at is not None)
    refuse(join_refusal(site, participation, place, moment, has_turn=has_turn))
    release(participation=participation, by=user, moment=moment)
    if wait is not None:
        end(wait, Wait.Ending.ACCEPTED, moment)
    place = Place.objects.create(
        site=site, participation=participation, shown=shown, taken_at=moment
    )
    caching.forget()
    log.record("joined", site, by=user, jam=site.jam, after={"shown": shown}, moment=moment)
    return place


@transaction.atomic
def wait(*, site: LocalSite, user: User, moment: datetime) -> Wait:
    """Put `user` last in the line for a place at `site`, which is full; a place elsewhere is kept
    until they take one here. Raises Refused."""
    site = locked(site, moment)
    participation = participation_for_update(site.jam, user)
    waits = wait_of(site, participation, moment) if participation else None
    place = place_of(participation, moment)
    refuse(wait_refusal(site, participation, place, waits is not None, moment))
    waits = Wait.objects.create(site=site, participation=participation, joined_at=moment)
    log.record("stood in line", site, by=user, jam=site.jam, moment=moment)
    return waits


@transaction.atomic
def stop_waiting(*, site: LocalSite, user: User, moment: datetime) -> None:
    """Take `user` out of the line, with a place that is offered to them or without; the next in
    line is asked. Raises Refused."""
    site = locked(site, moment)
    participation = participation_for_update(site.jam, user)
    waits = wait_of(site, participation, moment) if participation else None
    refuse(stop_waiting_refusal(site, waits is not None, moment))
    if waits is not None and end(waits, Wait.Ending.LEFT, moment):
        log.record("left the line", site, by=user, jam=site.jam, moment=moment)
    settle(site, moment)


@transaction.atomic
def leave(*, site: LocalSite, user: User, moment: datetime) -> None:
    """Give the place back; the first in line is offered it. Raises Refused."""
    site = locked(site, moment)
    participation = participation_for_update(site.jam, user)
    refuse(leave_refusal(site, place_of(participation, moment), moment))
    release(participation=participation, by=user, moment=moment)
    settle(site, moment)


@transaction.atomic
def show(*, site: LocalSite, user: User, shown: bool, moment: datetime) -> None:
    """Have the name of `user` shown on the page of the site where they have a place, or not.
    Raises Refused."""
    places = Place.objects.taken(moment).filter(site=site, participation__user=user)
    place = places.select_for_update(of=("self",)).first()
    refuse(SiteRefusal.NO_PLACE if place is None else None)
    if place.shown != shown:
        place.shown = shown
        place.save(update_fields=["shown"])
        caching.forget()
        log.record("showed their name" if shown else "hid their name", site, by=user,
                   jam=site.jam, moment=moment)  # fmt: skip


@transaction.atomic
def release(*, participation: Participation, by: User, moment: datetime) -> None:
    """Free the place that a participation has at any site; `by` is who does it. Its row is locked
    by the caller."""
    places = Place.objects.unreleased().select_related("site").filter(participation=participation)
    place = places.first()
    if place is None or not places.filter(pk=place.pk).update(released_at=moment):
        return
    caching.forget()
    settle_soon()
    log.record("left", place.site, by=by, jam=participation.jam,
               after={"person": participation.user_id}, moment=moment)  # fmt: skip


@transaction.atomic
def leave_all(*, participation: Participation, by: User, moment: datetime) -> None:
    """Free the place and leave every line of a participation that `by` has ended. Its row is locked
    by the caller."""
    release(participation=participation, by=by, moment=moment)
    if (
        Wait.objects.unended()
        .filter(participation=participation)
        .update(ended_at=moment, ending=Wait.Ending.LEFT)
    ):
        settle_soon()


@transaction.atomic
def check_in(*, site: LocalSite, place_id: int, by: User, moment: datetime) -> Place:
    """Note that the holder of a place has come; a second time changes nothing. Raises Refused."""
    site = locked(site, moment)
    refuse(check_in_refusal(by, site, moment))
    here = Place.objects.unreleased().filter(site=site, pk=place_id)
    if here.filter(checked_in_at=None).update(checked_in_at=moment, checked_in_by=by):
        log.record("checked in", _named(here), by=by, jam=site.jam, moment=moment)
    return _named(here)


@transaction.atomic
def undo_check_in(*, site: LocalSite, place_id: int, by: User, moment: datetime) -> Place:
    """Take back that somebody has come. Raises Refused."""
    site = locked(site, moment)
    refuse(undo_refusal(by, site, moment))
    here = Place.objects.unreleased().filter(site=site, pk=place_id)
    if here.filter(checked_in_at__isnull=False).update(checked_in_at=None, checked_in_by=None):
        log.record("undid the check-in", _named(here), by=by, jam=site.jam,
                   moment=moment)  # fmt: skip
    return _named(here)


def _named(places: QuerySet[Place]) -> Place:
    """The place with its person. Raises Refused where it was given back."""
    place = places.select_related("participation__user", "site").first()
    refuse(SiteRefusal.PLACE_GONE if place is None else None)
    return place
