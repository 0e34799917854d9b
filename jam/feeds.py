"""Schedules for calendar programs, as iCalendar (RFC 5545).

All of it comes from the rows, and nothing from the clock: unchanged rows give equal bytes. Times
are in UTC, which no change of clocks can move; programs show them in the zone of their owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils.translation import gettext as _

from jam.models import Jam, ScheduleChange
from jam.models.schedule import Happening
from jam.schedule import DEADLINE, MILESTONE, untold_boundaries

# How often programs are asked to look again.
REFRESH = timedelta(hours=1)
# How long before a deadline a person's own calendar reminds of it.
ALARMS = (timedelta(hours=24), timedelta(hours=1))
_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# What iCalendar has no place for.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Source:
    """The schedule of a jam: its items, and how its boundaries were moved since it is public."""

    jam: Jam
    items: Sequence[Happening]
    changes: Iterable[ScheduleChange]


def plain(text: Any) -> str:
    """Text with line ends that every reader knows, and without control characters."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", str(text)))


def titled(text: Any) -> icalendar.vText:
    """Text on one line."""
    return icalendar.vText(plain(text).replace("\n", " "))


def calendar_of(title: str, path: str, events: Iterable[icalendar.Event]) -> bytes:
    """A calendar with these events; `path` leads to its page."""
    feed = icalendar.Calendar()
    feed.add("prodid", "-//Peerjam//Peerjam//EN")
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        feed.add(name, titled(title))
    feed.add("url", settings.SITE_URL + path)
    feed.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", icalendar.vDuration(REFRESH).to_ical().decode())
    for event in events:
        feed.add_component(event)
    return feed.to_ical()


def events_of(source: Source, alarms: bool = False) -> list[icalendar.Event]:
    """The boundaries of a jam that its schedule does not tell of, and the schedule."""
    changes: dict[str, list[ScheduleChange]] = {}
    for change in source.changes:
        if change.boundary:
            changes.setdefault(change.boundary, []).append(change)
    jam, events = source.jam, []
    for boundary in untold_boundaries(jam, source.items):
        moves = changes.get(boundary.field, [])
        event = _event(
            uid=f"jam-{jam.pk}-{boundary.field}",
            title=_("%(jam)s: %(boundary)s") % {"jam": jam.title, "boundary": boundary.label},
            at=getattr(jam, boundary.field),
            changed_at=moves[-1].made_at if moves else jam.published_at or jam.created_at,
            sequence=len(moves),
            kind=DEADLINE if boundary.is_deadline else MILESTONE,
            url=settings.SITE_URL + jam.get_absolute_url(),
        )
        if alarms and boundary.is_deadline:
            _remind(event)
        events.append(event)
    return events + [event_of(item, alarms) for item in source.items]


def event_of(item: Happening, alarms: bool = False) -> icalendar.Event:
    """An item of a schedule; one that is cancelled stays, and says so."""
    event = _event(
        uid=item.uid,
        title=item.title,
        at=item.starts_at,
        until=item.ends_at,
        changed_at=item.changed_at,
        sequence=item.sequence,
        kind=item.get_kind_display(),
        url=item.stream_url or settings.SITE_URL + item.get_absolute_url(),
    )
    told = [item.speaker, item.description]
    if item.stream_url:
        told.append(_("Stream: %(url)s") % {"url": item.stream_url})
    if item.recording_url:
        told.append(_("Recording: %(url)s") % {"url": item.recording_url})
    if item.is_cancelled:
        told.insert(0, _("Cancelled: %(reason)s") % {"reason": item.cancel_reason})
    if described := "\n\n".join(part for part in told if part):
        event.add("description", plain(described))
    if where := item.where():
        event.add("location", plain(where))
    event.add("status", "CANCELLED" if item.is_cancelled else "CONFIRMED")
    if alarms and item.is_deadline and not item.is_cancelled:
        _remind(event)
    return event


def _event(
    *,
    uid: str,
    title: str,
    at: datetime,
    changed_at: datetime,
    sequence: int,
    kind: Any,
    url: str,
    until: datetime | None = None,
) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", sequence)
    event.add("summary", titled(title))
    event.add("dtstart", at)
    if until:
        event.add("dtend", until)
    else:
        # An instant fills no time of anybody's day.
        event.add("transp", "TRANSPARENT")
    event.add("categories", [plain(kind)])
    event.add("url", url)
    return event


def _remind(event: icalendar.Event) -> None:
    for lead in ALARMS:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -lead)
        alarm.add("description", event["summary"])
        event.add_component(alarm)
