"""The calendar of a jam, for calendar programs."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils.translation import gettext as _

from jam.models import Jam, ScheduleItem
from jam.schedule import untold_boundaries


def calendar(jam: Jam, items: Sequence[ScheduleItem]) -> bytes:
    """The jam's boundaries, as deadlines, and its schedule, as an iCalendar file.

    All of it comes from the rows, and nothing from the clock: unchanged rows give equal bytes.
    """
    host = urlsplit(settings.SITE_URL).hostname
    page = settings.SITE_URL + jam.get_absolute_url()
    feed = icalendar.Calendar()
    feed.add("prodid", "-//Peerjam//Peerjam//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", jam.title)
    for boundary in untold_boundaries(jam, items):
        event = icalendar.Event()
        event.add("uid", f"jam-{jam.pk}-{boundary.field}@{host}")
        event.add("dtstamp", jam.published_at or jam.created_at)
        event.add("summary", _("%(jam)s: %(boundary)s") % {
            "jam": jam.title, "boundary": boundary.label,
        })  # fmt: skip
        event.add("dtstart", getattr(jam, boundary.field))
        event.add("categories", [_("deadline")])
        event.add("url", page)
        # A deadline fills no time of anybody's day.
        event.add("transp", "TRANSPARENT")
        feed.add_component(event)
    for item in items:
        event = icalendar.Event()
        event.add("uid", f"schedule-{item.pk}@{host}")
        event.add("dtstamp", item.changed_at)
        event.add("last-modified", item.changed_at)
        event.add("summary", item.title)
        event.add("dtstart", item.starts_at)
        if item.ends_at:
            event.add("dtend", item.ends_at)
        event.add("categories", [item.get_kind_display()])
        told = [item.speaker, item.description, item.recording_url]
        event.add("description", "\n\n".join(part for part in told if part))
        event.add("url", item.stream_url or page)
        feed.add_component(event)
    return feed.to_ical()
