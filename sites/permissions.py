"""Why a person may not do something at a local site: a named refusal, or None."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam.models import Jam, Participation
from sites.models import LocalSite, Place


class SiteRefusal(TextChoices):
    """Why someone may not propose, join or run a local site."""

    NOT_IN = "not_in", _("Join the jam first.")
    CLOSED = "closed", _("Submissions have closed, so nothing can change at local sites.")
    NOT_APPROVED = "not_approved", _("The organizers have not approved this site.")
    NOT_OPEN = "not_open", _("This site is not open for joining yet.")
    FULL = "full", _("This site is full.")
    ALREADY_HERE = "already_here", _("You have a place here already.")
    NO_PLACE = "no_place", _("You have no place here.")
    NOT_ORGANIZER = "not_organizer", _("Only organizers may do that.")
    NOTHING_TO_DO = "nothing_to_do", _("It is so already.")
    NO_REASON = "no_reason", _("Say why: the person who proposed the site is told.")
    HAS_PEOPLE = "has_people", _("People have a place here. Close the site instead.")
    TOO_SMALL = "too_small", _("More people than that have a place here already.")


def propose_refusal(
    jam: Jam, participation: Participation | None, moment: datetime
) -> SiteRefusal | None:
    """Why this participation may not propose a site."""
    if moment not in jam.joining_window:
        return SiteRefusal.CLOSED
    if participation is None or not participation.is_active:
        return SiteRefusal.NOT_IN
    return None


def join_refusal(
    site: LocalSite,
    participation: Participation | None,
    place: Place | None,
    moment: datetime,
) -> SiteRefusal | None:
    """Why this participation, whose place anywhere is given, may not join `site`, which is to be
    fetched by `with_taken`. What the person can mend comes last."""
    if moment not in site.jam.joining_window:
        return SiteRefusal.CLOSED
    if place is not None and place.site_id == site.pk:
        return SiteRefusal.ALREADY_HERE
    if not site.is_approved:
        return SiteRefusal.NOT_APPROVED
    if not site.is_open:
        return SiteRefusal.NOT_OPEN
    if site.taken >= site.capacity:
        return SiteRefusal.FULL
    if participation is None or not participation.is_active:
        return SiteRefusal.NOT_IN
    return None


def leave_refusal(site: LocalSite, place: Place | None, moment: datetime) -> SiteRefusal | None:
    """Why the holder of `place` may not leave `site`."""
    if moment not in site.jam.joining_window:
        return SiteRefusal.CLOSED
    if place is None or place.site_id != site.pk:
        return SiteRefusal.NO_PLACE
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
    """Why `user` may not decline the site, fetched by `with_taken`, for `reason`."""
    if not site.jam.is_organized_by(user):
        return SiteRefusal.NOT_ORGANIZER
    if site.declined_at is not None:
        return SiteRefusal.NOTHING_TO_DO
    if site.taken:
        return SiteRefusal.HAS_PEOPLE
    return None if reason.strip() else SiteRefusal.NO_REASON
