"""Calendars as two readers understand them that are not the one which writes them, and byte by
byte as RFC 5545 has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import ics
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from jam import calendar_keys, feeds, scheduling
from jam.models import Act, CalendarKey, ScheduleItem
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import ScheduleItemFactory
from tests.sites.factories import LocalSiteFactory, PlaceFactory, SiteItemFactory

NOW = MOMENTS["announced"]
HOUR = timedelta(hours=1)


def by_vobject(content: bytes) -> dict[str, dict]:
    (calendar,) = vobject.readComponents(content.decode())
    return {
        event.uid.value.split("@")[0]: {
            "title": event.summary.value,
            "at": event.dtstart.value,
            "until": getattr(getattr(event, "dtend", None), "value", None),
            "sequence": int(event.sequence.value),
            "status": event.status.value if hasattr(event, "status") else None,
            "alarms": sorted(alarm.trigger.value for alarm in getattr(event, "valarm_list", [])),
        }
        for event in calendar.vevent_list
    }


def by_ics(content: bytes) -> dict[str, dict]:
    found = {}
    for event in ics.Calendar(content.decode()).events:
        extra = {line.name: line.value for line in event.extra if hasattr(line, "value")}
        found[event.uid.split("@")[0]] = {
            "title": event.name,
            "at": event.begin.datetime,
            "until": event.end.datetime if event.has_end() else None,
            "sequence": int(extra["SEQUENCE"]),
            "status": event.status,
            "alarms": sorted(alarm.trigger for alarm in event.alarms),
        }
    return found


def lines_of(content: bytes) -> list[bytes]:
    """The lines, which end as the RFC says, and are no longer than it allows."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    for line in lines:
        assert 0 < len(line) <= 75
        assert not set(line) & (set(range(32)) - {9} | {127})
        # Nobody's letter is cut in two.
        line.decode()
    return lines


@pytest.fixture
def jam(db):
    jam = JamFactory(slug="inside")
    jam.organizers.add(UserFactory())
    return jam


def both(client, path="/jams/inside/calendar.ics"):
    content = client.get(path).content
    lines_of(content)
    one, other = by_vobject(content), by_ics(content)
    assert one == other
    return one


def test_a_round_of_move_cancel_and_bring_back(client, jam):
    by = jam.organizers.get()
    item = ScheduleItemFactory(jam=jam)
    uid = f"schedule-{item.pk}"
    seen = [both(client)[uid]]
    fields = {"starts_at": item.starts_at + HOUR, "ends_at": item.ends_at + HOUR}
    item = scheduling.change(item=item, by=by, fields=fields, moment=NOW)
    seen.append(both(client)[uid])
    item = scheduling.cancel(item=item, by=by, reason="Flu", moment=NOW)
    seen.append(both(client)[uid])
    scheduling.bring_back(item=item, by=by, moment=NOW)
    seen.append(both(client)[uid])
    assert [event["sequence"] for event in seen] == [0, 1, 2, 3]
    assert [event["status"] for event in seen] == [
        "CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED",
    ]  # fmt: skip
    assert [event["at"] - seen[0]["at"] for event in seen] == [0 * HOUR, HOUR, HOUR, HOUR]


def test_a_boundary_that_moves_counts_its_moves(client, jam):
    closed, results = jam.submissions_close_at, jam.results_at
    jam.submissions_close_at += HOUR / 2
    jam.results_at += HOUR
    jam.save()
    scheduling.boundaries_moved(
        jam=jam, before={"submissions_close_at": closed, "results_at": results}, moment=NOW
    )
    event = both(client)[f"jam-{jam.pk}-submissions_close_at"]
    assert (event["at"], event["sequence"]) == (closed + HOUR / 2, 1)
    assert both(client)[f"jam-{jam.pk}-starts_at"]["sequence"] == 0


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Copenhagen", (2030, 3, 31)),
        ("Europe/Copenhagen", (2030, 10, 27)),
        ("America/New_York", (2030, 3, 10)),
        ("America/New_York", (2030, 11, 3)),
        # Here clocks go from midnight to one, and from midnight back to eleven.
        ("Africa/Cairo", (2030, 4, 26)),
        ("America/Havana", (2030, 11, 3)),
    ],
)
def test_what_the_clock_shows_stays_when_clocks_change(client, jam, zone, day):
    local = ZoneInfo(zone)
    ScheduleItem.objects.bulk_create(
        ScheduleItem(jam=jam, kind="talk", title=str(n), starts_at=at, ends_at=at + HOUR)
        for n in range(-1, 2)
        for at in [datetime(*day, 12, tzinfo=local) + timedelta(days=n)]
    )
    events = both(client)
    shown = [
        event["at"].astimezone(local).strftime("%H:%M")
        for uid, event in events.items()
        if uid.startswith("schedule-")
    ]
    assert shown == ["12:00"] * 3
    offsets = {item.starts_at.astimezone(local).utcoffset() for item in jam.schedule.all()}
    assert len(offsets) == 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=160), st.text(max_size=300))
def test_titles_of_any_script_come_through(title, description):
    item = ScheduleItem(
        pk=1, jam_id=1, kind="talk", title=title, description=description, starts_at=START,
        changed_at=START, stream_url="https://s.example",
    )  # fmt: skip
    content = feeds.calendar_of(title, "/", [feeds.event_of(item)])
    assert sum(line.startswith(b"BEGIN:VEVENT") for line in lines_of(content)) == 1
    (calendar,) = vobject.readComponents(content.decode())
    assert calendar.vevent.summary.value == feeds.plain(title).replace("\n", " ")
    assert "".join(calendar.vevent.description.value.split()).startswith(
        "".join(feeds.plain(description).split())
    )


def test_ones_own_calendar_has_what_one_joined_and_alarms(client, jam, django_assert_num_queries):
    user = ParticipationFactory(jam=jam).user
    site = LocalSiteFactory(jam=jam)
    PlaceFactory(site=site, participation=user.participations.get())
    mine = [ScheduleItemFactory(jam=jam, kind="deadline"), SiteItemFactory(site=site)]
    ScheduleItemFactory(jam=JamFactory(slug="other"))
    SiteItemFactory(site=LocalSiteFactory(jam=jam))
    left = ParticipationFactory(user=user, cancelled_at=NOW)
    ScheduleItemFactory(jam=left.jam)
    path = f"/calendar/{calendar_keys.make(user=user, moment=NOW)}.ics"
    events = both(client, path)
    items = {uid for uid in events if "schedule" in uid}
    assert items == {item.uid for item in mine}
    assert len(events) == 5 + 2
    alarms = [timedelta(hours=-24), timedelta(hours=-1)]
    reminded = {uid for uid, event in events.items() if event["alarms"] == alarms}
    assert reminded == {mine[0].uid, *(f"jam-{jam.pk}-{name}_close_at"
                                       for name in ("submissions", "ratings"))}  # fmt: skip
    with django_assert_num_queries(5):
        response = client.get(path)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in response.headers["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in response.content


def test_an_address_opens_until_another_one_is_made_or_it_is_stopped(client, db):
    user = UserFactory()
    first = calendar_keys.make(user=user, moment=NOW)
    assert CalendarKey.objects.get().digest not in first
    second = calendar_keys.make(user=user, moment=NOW)
    paths = [f"/calendar/{key}.ics" for key in (first, second, "x" * 300, "é")]
    assert [client.get(path).status_code for path in paths] == [404, 200, 404, 404]
    calendar_keys.revoke(user=user, moment=NOW)
    calendar_keys.revoke(user=user, moment=NOW)
    assert client.get(paths[1]).status_code == 404
    assert Act.objects.count() == 3


def test_who_left_has_no_calendar(client, db):
    user = UserFactory()
    path = f"/calendar/{calendar_keys.make(user=user, moment=NOW)}.ics"
    user.is_active = False
    user.save()
    assert client.get(path).status_code == 404


def test_the_address_is_shown_once(client, at, db):
    at(NOW)
    user = UserFactory()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    made = client.post("/account/calendar/", {"act": "make"})
    key = made.context["address"].rpartition("/")[2].removesuffix(".ics")
    assert key in made.content.decode()
    assert made.context["webcal"].startswith("webcal://")
    assert "no-store" in made.headers["Cache-Control"]
    assert key not in client.get("/account/calendar/").content.decode()
    client.post("/account/calendar/", {"act": "stop"})
    assert not CalendarKey.objects.exists()


def test_a_draft_sites_calendar_is_not_there(client, db):
    site = LocalSiteFactory(approved_at=None, is_open=False)
    SiteItemFactory(site=site)
    path = f"{site.get_absolute_url()}calendar.ics"
    assert client.get(path).status_code == 404
    site.approved_at = NOW
    site.save()
    events = both(client, path)
    assert [event["at"].astimezone(UTC) for event in events.values()] == [START + 3 * HOUR]
