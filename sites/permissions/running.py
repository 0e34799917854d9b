"""Why a person may not propose, run or decide on a local site."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jam.models import Jam, Participation, User
from jam.timeline import Window
from sites.models import Invitation, LocalSite, Picture
from sites.permissions.refusals import SiteRefusal


def propose_refusal(
    jam: Jam, participation: Participation | None, moment: datetime
) -> SiteRefusal | None:
    """Why this participation may not propose a site."""
    if moment not in jam.joining_window:
        return SiteRefusal.CLOSED
    if participation is None or not participation.is_active:
        return SiteRefusal.NOT_IN
    return None


def may_run(user: Any, site: LocalSite) -> bool:
    """Whether `user` organizes the site, or its jam."""
    return site.jam.is_organized_by(user) or site.is_organized_by(user)


def run_refusal(user: Any, site: LocalSite) -> SiteRefusal | None:
    """Why `user` may not change the site."""
    return None if may_run(user, site) else SiteRefusal.NOT_ORGANIZER


def open_refusal(user: Any, site: LocalSite, is_open: bool) -> SiteRefusal | None:
    """Why `user` may not open the site, or close it."""
    if not may_run(user, site):
        return SiteRefusal.NOT_ORGANIZER
    if not site.is_approved:
        return SiteRefusal.NOT_APPROVED
    return SiteRefusal.NOTHING_TO_DO if site.is_open == is_open else None


def approve_refusal(user: Any, site: LocalSite) -> SiteRefusal | None:
    """Why `user` may not approve the site; what was declined may be approved after all."""
    if not site.jam.is_organized_by(user):
        return SiteRefusal.NOT_ORGANIZER
    return SiteRefusal.NOTHING_TO_DO if site.is_approved else None


def decline_refusal(user: Any, site: LocalSite, reason: str) -> SiteRefusal | None:
    """Why `user` may not decline the site, fetched by `as_of`, for `reason`."""
    if not site.jam.is_organized_by(user):
        return SiteRefusal.NOT_ORGANIZER
    if site.declined_at is not None:
        return SiteRefusal.NOTHING_TO_DO
    if site.taken or site.waiting:
        return SiteRefusal.HAS_PEOPLE
    return None if reason.strip() else SiteRefusal.NO_REASON


def day_refusal(
    user: Any, site: LocalSite, fields: dict[str, Any], moment: datetime
) -> SiteRefusal | None:
    """Why `user` may not set the hours of the day to those in `fields`."""
    if not may_run(user, site):
        return SiteRefusal.NOT_ORGANIZER
    # Nobody who relied on an hour that was still to come loses a place by another one.
    for name, refusal in (
        ("no_shows_at", SiteRefusal.HOUR_PAST),
        ("ends_at", SiteRefusal.END_PAST),
    ):
        at = fields.get(name, getattr(site, name))
        if at is not None and at != getattr(site, name) and Window(None, at).is_over(moment):
            return refusal
    return None


def propose_again_refusal(user: Any, site: LocalSite, moment: datetime) -> SiteRefusal | None:
    """Why `user` may not ask the organizers to decide anew."""
    if not site.is_organized_by(user):
        return SiteRefusal.NOT_ORGANIZER
    if site.declined_at is None:
        return SiteRefusal.NOT_DECLINED
    return None if moment in site.jam.joining_window else SiteRefusal.CLOSED


def write_refusal(user: Any, site: LocalSite, text: str) -> SiteRefusal | None:
    """Why `user` may not write to those on the other side about the site."""
    if not may_run(user, site):
        return SiteRefusal.NOT_ORGANIZER
    return None if text.strip() else SiteRefusal.NOTHING_SAID


def invite_refusal(
    user: Any, site: LocalSite, invited: User, pending: Invitation | None
) -> SiteRefusal | None:
    """Why `user` may not ask `invited`, whose unanswered invitation is given, to organize."""
    if not may_run(user, site):
        return SiteRefusal.NOT_ORGANIZER
    if site.is_organized_by(invited):
        return SiteRefusal.ALREADY_ORGANIZER
    return SiteRefusal.ALREADY_INVITED if pending is not None else None


def stop_organizing_refusal(user: Any, site: LocalSite) -> SiteRefusal | None:
    """Why `user` may not leave the organizers of the site."""
    if not site.is_organized_by(user):
        return SiteRefusal.NOT_ORGANIZER
    return SiteRefusal.LAST_ORGANIZER if len(site.organizers.all()) == 1 else None


def picture_refusal(user: Any, site: LocalSite) -> SiteRefusal | None:
    """Why `user` may not add one more picture of the site."""
    if not may_run(user, site):
        return SiteRefusal.NOT_ORGANIZER
    pictures = site.pictures.filter(removed_at=None).count()
    return SiteRefusal.TOO_MANY_PICTURES if pictures >= Picture.MOST else None
