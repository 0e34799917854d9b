"""The calendar feed: whole, steady, and readable for calendar programs."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest

from jam.models import ScheduleItem
from jam.timeline import BOUNDARIES
from tests.factories import MOMENTS, START, JamFactory
from tests.jam.factories import ScheduleItemFactory

pytestmark = pytest.mark.django_db
URL = "/jams/inside/calendar.ics"


@pytest.fixture
def jam(at):
    at(MOMENTS["announced"])
    return JamFactory(slug="inside", title="Looking, inside; out")


def events(response):
    return icalendar.Calendar.from_ical(response.content).events


def test_it_has_the_deadlines_and_the_schedule(client, jam, settings):
    item = ScheduleItemFactory(
        jam=jam, title="Keynote, live", kind="keynote", speaker="Neel", description="Bring paper",
        stream_url="https://s.example/live",
    )  # fmt: skip
    point = ScheduleItemFactory(jam=jam, ends_at=None)
    response = client.get(URL)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "public" in response.headers["Cache-Control"]
    told = {str(event["uid"]).split("@")[0]: event for event in events(response)}
    assert len(told) == len(BOUNDARIES) + 2
    for boundary in BOUNDARIES:
        event = told[f"jam-{jam.pk}-{boundary.field}"]
        assert event.start == getattr(jam, boundary.field)
        assert str(event["summary"]) == f"Looking, inside; out: {boundary.label}"
        assert event["url"] == f"{settings.SITE_URL}/jams/inside/"
    keynote = told[f"schedule-{item.pk}"]
    assert (keynote.start, keynote.end) == (item.starts_at, item.ends_at)
    assert str(keynote["summary"]) == "Keynote, live"
    assert "Neel" in keynote["description"]
    assert "Bring paper" in keynote["description"]
    assert keynote["url"] == "https://s.example/live"
    assert "dtend" not in told[f"schedule-{point.pk}"]


def test_the_clock_changes_nothing(client, at, jam):
    ScheduleItemFactory(jam=jam)
    first = client.get(URL)
    at(MOMENTS["rating"])
    second = client.get(URL)
    assert first.content == second.content
    kept = client.get(URL, headers={"If-None-Match": first.headers["ETag"]})
    assert kept.status_code == 304


def test_a_change_is_dated_and_keeps_its_uid(client, at, jam):
    item = ScheduleItemFactory(jam=jam)
    before = events(client.get(URL))[-1]
    at(START)
    item.starts_at += timedelta(minutes=30)
    item.save()
    after = events(client.get(URL))[-1]
    assert before["uid"] == after["uid"]
    assert after.start - before.start == timedelta(minutes=30)
    assert after["last-modified"].dt == after.stamp == START
    assert ScheduleItem.objects.get().changed_at == START


def test_uids_differ(client, jam):
    ScheduleItemFactory.create_batch(3, jam=jam)
    uids = [str(event["uid"]) for event in events(client.get(URL))]
    assert len(set(uids)) == len(uids) == len(BOUNDARIES) + 3


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_the_same_however_long(client, jam, django_assert_num_queries, rows):
    ScheduleItemFactory.create_batch(rows, jam=jam)
    with django_assert_num_queries(3):
        client.get(URL)
