"""Kept pages: for readers who are signed out, never past a boundary, never what has gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jam import caching, resources
from jam import services as jam_services
from jam.models import Jam, Resource
from ratings import freezing as results
from submissions import freezing, services
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    RATINGS_OPEN,
    RESULTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import ResourceFactory
from tests.ratings.factories import frozen_submission, rate, small_jam
from tests.submissions.factories import SubmissionFactory
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _pages_are_kept(settings) -> None:
    settings.PAGE_CACHE_SECONDS = 10


@pytest.fixture
def jam():
    return JamFactory()


def look(path: str, client: Client | None = None, **headers: str) -> str:
    response = (client or Client()).get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_a_kept_page_costs_no_statement_and_is_the_same(jam, at, django_assert_num_queries):
    at(MOMENTS["making"])
    first = Client().get(jam.get_absolute_url())
    with django_assert_num_queries(0):
        second = Client().get(jam.get_absolute_url())
    assert second.content == first.content
    assert dict(second.items()) == dict(first.items())


def test_it_is_kept_for_ten_seconds(jam, at):
    at(MOMENTS["making"])
    look(jam.get_absolute_url())
    ParticipationFactory(jam=jam)
    Jam.objects.update(tagline="Another pitch.")
    at(MOMENTS["making"] + 10 * SECOND - TICK)
    assert "Another pitch." not in look(jam.get_absolute_url())
    at(MOMENTS["making"] + 10 * SECOND)
    assert "Another pitch." in look(jam.get_absolute_url())


@pytest.mark.parametrize(
    "boundary",
    [START, SUBMISSIONS_CLOSE, SUBMISSIONS_CLOSE + timedelta(minutes=2), RATINGS_OPEN,
     RATINGS_CLOSE, RESULTS],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/jams/", "{jam}", "{jam}submissions/", "{jam}results/"])
def test_it_is_never_shown_past_a_boundary(jam, at, boundary, path):
    path = path.format(jam=jam.get_absolute_url())
    at(boundary - 3 * SECOND)
    # The first visit makes what is due, which makes void what was kept.
    look(path)
    look(path)
    Jam.objects.update(title="Renamed")
    at(boundary - TICK)
    assert "Renamed" not in look(path)
    at(boundary)
    assert "Renamed" in look(path)


def test_whoever_is_signed_in_gets_pages_of_their_own(jam, at):
    at(MOMENTS["making"])
    person = ParticipationFactory(jam=jam).user
    client = Client()
    client.force_login(person)
    own = look(jam.get_absolute_url(), client)
    assert person.display_name in own
    stranger = look(jam.get_absolute_url())
    assert person.display_name not in stranger
    assert person.display_name in look(jam.get_absolute_url(), client)
    assert person.display_name not in look(jam.get_absolute_url())


def test_a_message_for_one_reader_is_not_kept_for_others(jam, at):
    at(MOMENTS["making"])
    client = Client()
    client.force_login(UserFactory())
    client.post(f"{jam.get_absolute_url()}join/")
    client.post("/accounts/logout/")
    look(jam.get_absolute_url(), client)
    assert "You take part in" not in look(jam.get_absolute_url())


@pytest.mark.parametrize(
    "way", ["withdrawn", "disqualified", "changed by an organizer", "cancelled by its last person"]
)
def test_what_must_not_be_seen_any_more_is_gone_at_once(jam, at, way):
    at(MOMENTS["making"])
    person, organizer = UserFactory(), UserFactory()
    jam.organizers.add(organizer)
    submission = SubmissionFactory(jam=jam, by=person, title="To be gone")
    moment = MOMENTS["rating"]
    freezing.close(jam, moment)
    at(moment)
    gallery = f"{jam.get_absolute_url()}submissions/"
    assert "To be gone" in look(gallery)
    match way:
        case "withdrawn":
            services.withdraw(submission=submission, by=person, moment=moment)
        case "disqualified":
            services.disqualify(submission=submission, by=organizer, reason="x", moment=moment)
        case "changed by an organizer":
            submission.withdrawn_at = moment
            submission.save()
            jam_services.note_change(jam=jam, by=organizer, before={}, after={}, moment=moment)
        case _:
            submission.frozen = None
            submission.save()
            with transaction.atomic():
                services.leave_jam(
                    participation=person.participations.get(), by=person, moment=moment
                )
    assert "To be gone" not in look(gallery)


def test_results_are_there_as_soon_as_they_are(at):
    jam = small_jam()
    for number in range(3):
        rate(frozen_submission(jam, title=f"Work {number}"), 4, 4)
    at(RESULTS - SECOND)
    page = f"{jam.get_absolute_url()}results/"
    assert "Work 1" not in look(page)
    at(RESULTS)
    results.results_of(jam, RESULTS)
    assert "Work 1" in look(page)


def test_other_addresses_languages_and_methods_are_others(jam, at):
    at(MOMENTS["making"])
    page = look(jam.get_absolute_url())
    assert look(f"{jam.get_absolute_url()}schedule/") != page
    assert Client().post(jam.get_absolute_url()).status_code == 405
    assert Client().head(jam.get_absolute_url()).content == b""
    assert Client().get(jam.get_absolute_url(), secure=True).status_code == 200


def test_drafts_errors_and_forms_are_not_kept(jam, at, monkeypatch):
    at(MOMENTS["making"])
    kept = []
    monkeypatch.setattr(caching.cache, "set", lambda key, *rest: kept.append(key))
    draft = JamFactory(published_at=None)
    for path in (draft.get_absolute_url(), "/jams/none/", "/accounts/login/", "/my-jams/"):
        Client().get(path)
    assert not [key for key in kept if key.startswith("page:")]
    Client().get(jam.get_absolute_url())
    assert len([key for key in kept if key.startswith("page:")]) == 1


def test_nothing_is_kept_where_that_is_switched_off(jam, at, settings):
    settings.PAGE_CACHE_SECONDS = 0
    at(MOMENTS["making"])
    look(jam.get_absolute_url())
    Jam.objects.update(tagline="Another pitch.")
    assert "Another pitch." in look(jam.get_absolute_url())


# -- what only organizers change -------------------------------------------------------------


def test_what_organizers_change_is_fetched_once_and_seen_at_once(
    client, at, settings, django_capture_on_commit_callbacks
):
    settings.PAGE_CACHE_SECONDS = 10
    jam, organizer = JamFactory(), UserFactory()
    jam.organizers.add(organizer)
    made = ResourceFactory(jam=jam, title="Before")
    at(MOMENTS["announced"])
    client.force_login(organizer)
    assert b"Before" in client.get(jam.get_absolute_url()).content
    # Written past the services, nobody is told.
    Resource.objects.update(title="Behind")
    assert b"Before" in client.get(jam.get_absolute_url()).content
    said = {name: getattr(made, name) for name in resources.FIELDS} | {"title": "After"}
    with django_capture_on_commit_callbacks(execute=True):
        resources.change(resource=made, by=organizer, said=said, moment=MOMENTS["announced"])
    assert b"After" in client.get(jam.get_absolute_url()).content
    # Another process has told of a change.
    Resource.objects.update(title="Elsewhere")
    cache.set("pages-generation", "another")
    assert b"Elsewhere" in client.get(jam.get_absolute_url()).content


def test_without_the_shared_cache_nothing_is_kept(settings, monkeypatch):
    settings.PAGE_CACHE_SECONDS = 10
    monkeypatch.setattr(caching.cache, "get", lambda *args, **kwargs: None)
    counted = iter(range(9))
    made = [caching.kept(JamFactory.build(pk=1), "x", lambda: next(counted)) for _n in range(2)]
    assert made == [0, 1]


def test_no_longer_than_a_minute_even_where_a_change_was_not_told(settings, at):
    settings.PAGE_CACHE_SECONDS = 10
    at(MOMENTS["announced"])
    counted = iter(range(9))

    def asked() -> int:
        return caching.kept(JamFactory.build(pk=1), "x", lambda: next(counted))

    assert [asked(), asked()] == [0, 0]
    at(MOMENTS["announced"] + timedelta(seconds=61))
    assert asked() == 1


@pytest.mark.parametrize(
    ("phase", "counts"),
    [
        ("announced", (6, 7, 7, 7)),
        ("making", (6, 7, 8, 7)),
        ("closing", (5, 5, 5, 6)),
        ("rating", (7, 7, 7, 8)),
        ("counting", (7, 7, 7, 7)),
        ("finished", (6, 6, 6, 7)),
    ],
)
def test_the_page_of_a_jam_that_has_everything_asks_ten_times_at_most(at, settings, phase, counts):
    world = World(phase, at)
    settings.PAGE_CACHE_SECONDS = 10
    asked = []
    for role in ("visitor", "stranger", "participant", "contributor", "organizer"):
        client = world.clients[role]
        client.get(world.jam.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            # Another address, so that it is not the whole page that was kept.
            client.get(world.jam.get_absolute_url() + "?again")
        asked.append(len(captured))
    assert asked == [asked[0], *counts]
    assert asked[0] <= 5
