"""Why a person may not take a place at a local site, wait for one, or be checked in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jam.models import Participation
from sites.models import LocalSite, Place
from sites.permissions.refusals import SiteRefusal
from sites.permissions.running import may_run


def time_refusal(site: LocalSite, moment: datetime) -> SiteRefusal | None:
    """Why no place at `site` changes hands any more."""
    if moment in site.places_window:
        return None
    return SiteRefusal.OVER if moment in site.jam.joining_window else SiteRefusal.CLOSED


def join_refusal(
    site: LocalSite,
    participation: Participation | None,
    place: Place | None,
    moment: datetime,
    *,
    has_turn: bool = False,
) -> SiteRefusal | None:
    """Why this participation, whose place anywhere is given, may not take a place at `site`, which
    is to be fetched by `as_of`; `has_turn` is whether one is kept for it. What the person can mend
    comes last."""
    if refusal := _anywhere_refusal(site, place, moment):
        return refusal
    if not has_turn:
        if not site.is_open:
            return SiteRefusal.NOT_OPEN
        if not site.places_left:
            return SiteRefusal.FULL
    if participation is None or not participation.is_active:
        return SiteRefusal.NOT_IN
    return None


def wait_refusal(
    site: LocalSite,
    participation: Participation | None,
    place: Place | None,
    is_waiting: bool,
    moment: datetime,
) -> SiteRefusal | None:
    """Why this participation, whose place anywhere is given, and whether it stands in line here,
    may not wait for a place at `site`, which is to be fetched by `as_of`."""
    if refusal := _anywhere_refusal(site, place, moment):
        return refusal
    if is_waiting:
        return SiteRefusal.ALREADY_WAITING
    if not site.is_open:
        return SiteRefusal.NOT_OPEN
    if site.places_left:
        return SiteRefusal.NOT_FULL
    if participation is None or not participation.is_active:
        return SiteRefusal.NOT_IN
    return None


def _anywhere_refusal(site: LocalSite, place: Place | None, moment: datetime) -> SiteRefusal | None:
    if refusal := time_refusal(site, moment):
        return refusal
    if place is not None and place.site_id == site.pk:
        return SiteRefusal.ALREADY_HERE
    return None if site.is_approved else SiteRefusal.NOT_APPROVED


def leave_refusal(site: LocalSite, place: Place | None, moment: datetime) -> SiteRefusal | None:
    """Why the holder of `place` may not leave `site`."""
    if refusal := time_refusal(site, moment):
        return refusal
    if place is None or place.site_id != site.pk:
        return SiteRefusal.NO_PLACE
    return None


def stop_waiting_refusal(site: LocalSite, is_waiting: bool, moment: datetime) -> SiteRefusal | None:
    """Why somebody who waits for a place at `site`, or does not, may not leave the line."""
    if refusal := time_refusal(site, moment):
        return refusal
    return None if is_waiting else SiteRefusal.NOT_WAITING


def check_in_refusal(user: Any, site: LocalSite, moment: datetime) -> SiteRefusal | None:
    """Why `user` may not check people in at `site`."""
    if not may_run(user, site):
        return SiteRefusal.NOT_ORGANIZER
    if not site.is_approved:
        return SiteRefusal.NOT_APPROVED
    if site.arriving_window.is_before(moment):
        return SiteRefusal.TOO_EARLY
    return SiteRefusal.OVER if site.arriving_window.is_over(moment) else None


def undo_refusal(user: Any, site: LocalSite, moment: datetime) -> SiteRefusal | None:
    """Why `user` may not take back that somebody was checked in."""
    if refusal := check_in_refusal(user, site, moment):
        return refusal
    return SiteRefusal.GIVEN_ON if site.staying_window.is_over(moment) else None
