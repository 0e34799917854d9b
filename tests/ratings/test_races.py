"""Races, on real PostgreSQL, with a thread and a connection for each of those who race."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client

from jam.errors import Refused
from ratings import freezing, services, tasks
from ratings.models import Rating, Results, Score, Standing
from ratings.queue import next_submission
from tests.factories import MOMENTS, RATINGS_CLOSE, RESULTS, TICK, UserFactory
from tests.ratings.factories import frozen_submission, given, rate, small_jam

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = MOMENTS["rating"]


def race(*runners: Callable[[], object]) -> list[object]:
    """What each of the runners came to, an exception as well; all begin at once."""
    gate = threading.Barrier(len(runners))
    outcomes: list[object] = [None] * len(runners)

    def run(place: int) -> None:
        try:
            gate.wait(timeout=30)
            outcomes[place] = runners[place]()
        except Exception as error:  # noqa: BLE001 -- to be looked at by the test
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


def test_forty_saves_of_one_rating_make_one_row(at):
    jam, rater = small_jam(), UserFactory()
    submission = frozen_submission(jam)
    at(NOW)
    client = Client()
    client.force_login(rater)
    first, second = jam.criteria.all()
    url = f"/jams/{jam.slug}/rate/{submission.pk}/autosave/"

    def save(stars: int) -> Callable[[], int]:
        own = Client()
        own.cookies = client.cookies
        data = {f"stars_{first.pk}": 1 + stars % 5, f"stars_{second.pk}": 3, "strong": "same"}
        return lambda: own.post(url, data).status_code

    assert Counter(race(*map(save, range(40)))) == {200: 40}
    rating = Rating.objects.get()
    assert rating.is_complete
    assert Score.objects.count() == 2


def test_forty_ask_at_once_and_each_gets_another():
    jam = small_jam()
    submissions = [frozen_submission(jam) for _ in range(40)]
    raters = [UserFactory() for _ in range(40)]
    drawn = race(*[lambda r=rater: next_submission(jam, r, NOW) for rater in raters])
    assert set(drawn) == set(submissions)
    assert Rating.objects.count() == 40


def test_one_rater_who_asks_forty_times_at_once_gets_one():
    jam, rater = small_jam(), UserFactory()
    for _ in range(5):
        frozen_submission(jam)
    drawn = race(*[lambda: next_submission(jam, rater, NOW)] * 40)
    assert len(set(drawn)) == 1
    assert Rating.objects.count() == 1


def test_twenty_who_freeze_at_once_freeze_once(at):
    jam = small_jam()
    for _ in range(3):
        rate(frozen_submission(jam), 4, 4)
    at(RESULTS)

    def visit() -> int:
        return Client().get(f"/jams/{jam.slug}/results/").status_code

    def command() -> int:
        return freezing.results_of(jam, RESULTS).pk

    outcomes = race(*[tasks.freeze_due] * 10, *[visit] * 5, *[command] * 5)
    results = Results.objects.get()
    assert outcomes == [None] * 10 + [200] * 5 + [results.pk] * 5
    assert Standing.objects.count() == 3 * 3


def test_a_rating_that_comes_late_is_counted_or_refused(monkeypatch):
    jam = small_jam()
    submission = frozen_submission(jam)
    raters = [UserFactory() for _ in range(8)]

    def save(rater) -> Callable[[], object]:
        return lambda: services.save(
            submission=submission,
            rater=rater,
            scores=given(jam, 4, 4),
            moment=RATINGS_CLOSE - TICK,
        )

    outcomes = race(*map(save, raters), lambda: freezing.results_of(jam, RESULTS))
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    unexpected = [o for o in outcomes if isinstance(o, Exception) and not isinstance(o, Refused)]
    assert unexpected == []
    assert Rating.objects.count() == 8 - len(refused)
    assert Results.objects.get().ratings == 8 - len(refused)


def test_a_rating_that_waited_for_the_freezing_is_refused():
    """The freezing holds the lock; the rating waits for it, and then sees the results."""
    jam, rater = small_jam(), UserFactory()
    submission = frozen_submission(jam)
    holds, go_on = threading.Event(), threading.Event()
    kept = freezing.keep
    outcome = {}

    def slow_keep(*args, **kwargs) -> Results:
        holds.set()
        go_on.wait(30)
        return kept(*args, **kwargs)

    def freeze() -> None:
        freezing.results_of(jam, RESULTS)
        connections.close_all()

    def save() -> None:
        try:
            rate(submission, 4, 4, by=rater, moment=RATINGS_CLOSE - timedelta(seconds=1))
        except Refused as refused:
            outcome["refusal"] = refused.refusal
        connections.close_all()

    freezing.keep = slow_keep
    try:
        freezer = threading.Thread(target=freeze)
        freezer.start()
        assert holds.wait(30)
        saver = threading.Thread(target=save)
        saver.start()
        saver.join(0.5)
        assert saver.is_alive()
        go_on.set()
        saver.join(30)
        freezer.join(30)
    finally:
        freezing.keep = kept
    assert outcome == {"refusal": "closed"}
    assert not Rating.objects.exists()


def test_a_connection_that_dies_in_the_middle_leaves_none(monkeypatch):
    jam = small_jam()
    rate(frozen_submission(jam), 4, 4)

    def die(results, moment) -> None:
        assert results.standings.exists()
        connection.connection.close()

    monkeypatch.setattr(freezing, "give_prizes", die)
    [outcome] = race(lambda: freezing.results_of(jam, RESULTS))
    assert isinstance(outcome, Exception)
    assert Results.objects.count() == Standing.objects.count() == 0
    monkeypatch.undo()
    assert freezing.results_of(jam, RESULTS).ratings == 1
