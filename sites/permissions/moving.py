"""Why a person may not move another one to a local site."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jam.models import Jam, Participation
from sites.models import LocalSite, Place
from sites.permissions.places import time_refusal
from sites.permissions.refusals import SiteRefusal


def move_refusal(
    by: Any, jam: Jam, participation: Participation | None, moment: datetime
) -> SiteRefusal | None:
    """Why `by` may not move the one whose participation is given, wherever to."""
    if not jam.is_organized_by(by):
        return SiteRefusal.NOT_ORGANIZER
    if moment not in jam.joining_window:
        return SiteRefusal.CLOSED
    if participation is None or not participation.is_active:
        return SiteRefusal.OTHER_NOT_IN
    return None


def move_to_refusal(
    jam: Jam, site: LocalSite | None, place: Place | None, reason: str, moment: datetime
) -> SiteRefusal | None:
    """Why nobody who has `place`, or none, may be moved to `site`, fetched by `as_of`, for
    `reason`; without a site they lose their place."""
    if (place and place.site_id) == (site and site.pk):
        return SiteRefusal.NOTHING_TO_DO
    if site is not None:
        if site.jam_id != jam.pk or not site.is_approved:
            return SiteRefusal.NOT_APPROVED
        if refusal := time_refusal(site, moment):
            return refusal
        # What is offered to somebody in line is theirs.
        if site.capacity <= site.taken + site.offered:
            return SiteRefusal.FULL
    return None if reason.strip() else SiteRefusal.OTHER_NO_REASON
