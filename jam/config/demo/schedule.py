"""What is on at the local sites of the demonstration, and what was moved or cancelled there."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from jam import scheduling
from jam.models import Jam, User
from sites.models import LocalSite, SiteChange, SiteItem

# Day of the jam, hour and minute by the clock of the place, length in hours, and what it is.
PLANNED = [
    (0, 18, 30, 1.5, dict(kind="social", title="Doors open, and soup 🍲", place="Kitchen")),
    (1, 9, 30, 0.5, dict(kind="social", title="Breakfast and stand-up", place="Kitchen")),
    (1, 14, 0, 1.0, dict(kind="workshop", title="Your first activation patch", place="Room 2",
                         description="Bring a laptop; we start from an empty notebook.")),
    (1, 20, 0, 2.0, dict(kind="social", title="Board games", place="Common room")),
    (2, 16, 0, 1.0, dict(kind="talk", title="Show what you have", place="Common room",
                         description="Three minutes a team, finished or not.")),
]  # fmt: skip
MOVED, CANCELLED = "Your first activation patch", "Board games"


def make(jam: Jam, organizer: User) -> None:
    """Plan the weekend at the sites of `jam` that are open."""
    moment = jam.starts_at - timedelta(hours=1)
    for site in LocalSite.objects.approved().filter(jam=jam).prefetch_related("organizers")[:2]:
        site.jam, zone = jam, ZoneInfo(site.time_zone)
        first = jam.starts_at.astimezone(zone).date()
        for day, hour, minute, length, texts in PLANNED:
            on = first + timedelta(days=day)
            at = datetime(on.year, on.month, on.day, hour, minute, tzinfo=zone)
            item = SiteItem(site=site, starts_at=at, ends_at=at + timedelta(hours=length), **texts)
            item = scheduling.add(item=item, by=organizer, moment=moment)
            if item.title == MOVED:
                moved = {"starts_at": at + timedelta(hours=1), "place": "Room 4"}
                moved["ends_at"] = moved["starts_at"] + timedelta(hours=length)
                scheduling.change(item=item, by=organizer, fields=moved, moment=moment)
            elif item.title == CANCELLED:
                reason = "Everybody wants to work: so do we."
                scheduling.cancel(item=item, by=organizer, reason=reason, moment=moment)
    # None of these people reads mail.
    SiteChange.objects.filter(site__jam=jam).update(notice=F("pk"), told_at=moment)
