"""Raters who come and go, skip and quit, draw from the queue.

Each draw is minimal among what its rater may rate, and ties two pieces of the graph of raters and
submissions together wherever a least needed submission does. Beside it runs the same crowd with
ties broken by chance alone, in memory.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import timedelta

import numpy as np
import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from jam import parts
from jam.models import User
from ratings import queue
from ratings.models import UNDER_WAY, Need, Rating, Skip
from ratings.tally import agreement
from ratings.tally.variances import Design
from submissions.models import Contributor, Revision, Submission
from tests.factories import MOMENTS
from tests.ratings.factories import small_jam

pytestmark = pytest.mark.django_db
NOW = MOMENTS["rating"]


def pieces(edges: set[tuple[int, int]]) -> int:
    """How many connected pieces these pairs of submission and rater make."""
    if not edges:
        return 0
    pairs = np.array(sorted(edges))
    _, e = np.unique(pairs[:, 0], return_inverse=True)
    _, r = np.unique(pairs[:, 1], return_inverse=True)
    return int(agreement.pieces(Design.of(e, r)).max()) + 1


class Crowd:
    """Who comes when, skips and quits: the same for both queues."""

    def __init__(
        self, submissions: list[int], people: list[int], own: dict[int, set[int]], seed: int
    ):
        self.submissions, self.people, self.own = submissions, people, own
        self.chance = random.Random(seed)

    def acts(self, draws: int):
        """Rater and what becomes of the draw."""
        for _ in range(draws):
            rater = self.chance.choice(self.people)
            what = self.chance.choices(["rate", "skip", "quit"], [0.86, 0.06, 0.08])[0]
            yield rater, what


def made(submissions: int, raters: int):
    """A jam with so many frozen submissions, each by one of its raters, made without services."""
    jam = small_jam(criteria=1)
    people = User.objects.bulk_create(
        User(email=f"r{n}@sim.example", display_name=f"R{n}") for n in range(raters)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True) for person in people
    )
    works = Submission.objects.bulk_create(
        (Submission(jam=jam, title=f"S{n}", created_at=NOW, saved_at=NOW)
         for n in range(submissions)), batch_size=500,
    )  # fmt: skip
    kept = Revision.objects.bulk_create(
        (Revision(submission=work, number=1, origin="deadline", content={}, digest="0" * 64,
                  title=work.title, abstract="", names="", arrived_at=NOW) for work in works),
        batch_size=500,
    )  # fmt: skip
    for work, revision in zip(works, kept, strict=True):
        work.frozen = revision
    Submission.objects.bulk_update(works, ["frozen"], batch_size=500)
    own = defaultdict(set)
    for n, work in enumerate(works):
        own[people[n % raters].pk].add(work.pk)
    Contributor.objects.bulk_create(
        (Contributor(submission=work, user=people[n % raters], confirmed_at=NOW)
         for n, work in enumerate(works)), batch_size=500,
    )  # fmt: skip
    parts.submissions_frozen(jam)
    return jam, [work.pk for work in works], people, own


def by_chance(crowd: Crowd, draws: int) -> list[int]:
    """The same crowd with random ties: how many pieces there are after each draw."""
    places = dict.fromkeys(crowd.submissions, 0)
    barred = {person: set(crowd.own[person]) for person in crowd.people}
    edges: set[tuple[int, int]] = set()
    counts = []
    for rater, what in crowd.acts(draws):
        waiting = [s for s in crowd.submissions if s not in barred[rater]]
        if waiting:
            least = min(places[s] for s in waiting)
            drawn = crowd.chance.choice([s for s in waiting if places[s] == least])
            barred[rater].add(drawn)
            if what == "rate":
                places[drawn] += 1
                edges.add((drawn, rater))
        counts.append(pieces(edges))
    return counts


@pytest.mark.parametrize(("size", "raters", "draws"), [(15, 12, 90), (200, 60, 500)])
def test_a_crowd_is_shared_out_fairly_and_stays_one_piece(size, raters, draws):
    jam, submissions, people, own = made(size, raters)
    users = {person.pk: person for person in people}
    crowd = Crowd(submissions, list(users), own, seed=size)
    places = Counter(dict.fromkeys(submissions, 0))
    barred = {pk: set(own[pk]) for pk in users}
    edges: set[tuple[int, int]] = set()
    counts, now = [], NOW
    for rater, what in crowd.acts(draws):
        now += timedelta(seconds=20)
        waiting = {s for s in submissions if s not in barred[rater]}
        before = pieces(edges)
        piece_of = dict(Need.objects.filter(jam=jam).values_list("submission", "piece"))
        mine = {piece_of[s] for s, person in edges if person == rater}
        drawn = queue.next_submission(jam, users[rater], now)
        if drawn is None:
            assert not waiting
            counts.append(pieces(edges))
            continue
        least = min(places[s] for s in waiting)
        assert places[drawn.pk] == least
        # One's own places are all in one piece, and a draw leaves it where it can.
        assert len(mine) <= 1
        others = [s for s in waiting if places[s] == least and piece_of[s] not in mine]
        assert not (mine and others) or piece_of[drawn.pk] not in mine
        barred[rater].add(drawn.pk)
        rating = Rating.objects.get(submission=drawn, rater=rater)
        if what == "rate":
            Rating.objects.filter(pk=rating.pk).update(completed_at=now, saved_at=now)
            places[drawn.pk] += 1
            edges.add((drawn.pk, rater))
            # Two pieces that had ratings became one, and nothing came apart.
            assert pieces(edges) <= max(before, 1) + (not mine and least == 0)
        elif what == "skip":
            queue.give_back([rating], jam)
            rating.delete()
            Skip.objects.create(submission=drawn, rater=users[rater], skipped_at=now)
        else:
            # Who quits saves nothing more; the place lapses, and others are given it again.
            Rating.objects.filter(pk=rating.pk).update(saved_at=now - UNDER_WAY)
            queue.give_back_lapsed(jam, now)
            Rating.objects.filter(pk=rating.pk).delete()
            barred[rater].add(drawn.pk)
            Skip.objects.create(submission=drawn, rater=users[rater], skipped_at=now)
        counts.append(pieces(edges))
    kept = dict(Need.objects.filter(jam=jam).values_list("submission", "places"))
    assert kept == dict(places)
    names = dict(Need.objects.filter(jam=jam).values_list("submission", "piece"))
    rated = {submission for submission, _rater in edges}
    assert len({names[s] for s in rated}) == pieces(edges)

    chance = by_chance(Crowd(submissions, list(users), own, seed=size), draws)
    assert counts[-1] == 1
    # Never more pieces than random ties leave, but for the luck of single draws.
    assert sum(counts) <= sum(chance)
    first_whole = counts.index(1, size)
    assert 1 not in chance[size:first_whole]
    by_luck = chance.index(1, size) if 1 in chance[size:] else "never"
    print(f"{size} submissions: one piece after {first_whole} draws, by chance after {by_luck}")


@pytest.mark.postgres
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="an index of PostgreSQL's at its size"
)
def test_ten_thousand_submissions():
    """The invariants where only an index can keep up: levels are filled evenly, in one piece."""
    size, raters = 10_000, 1_500
    jam, submissions, people, own = made(size, raters)
    chance = random.Random(5)
    # All but fifty have been rated, each rater in a piece of their own.
    rows = [
        Rating(submission_id=pk, rater=people[(n + 1) % raters], started_at=NOW, saved_at=NOW,
               completed_at=NOW, from_queue=True)
        for n, pk in enumerate(submissions[50:], start=50)
    ]  # fmt: skip
    Rating.objects.bulk_create(rows, batch_size=1000)
    queue.rebuild(jam, NOW)
    # Raters who have rated at all are one piece each, and what nobody rated one each.
    names = Need.objects.filter(jam=jam)
    assert names.values("piece").distinct().count() == raters + 50
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    drawn = []
    for n in range(200):
        rater = chance.choice(people)
        before = names.values("piece").distinct().count()
        submission = queue.next_submission(jam, rater, NOW)
        level = 0 if n < 50 else 1
        assert Need.objects.get(pk=submission.pk).places == level + 1
        Rating.objects.filter(submission=submission, rater=rater).update(completed_at=NOW)
        assert names.values("piece").distinct().count() == before - 1
        drawn.append(submission.pk)
    assert len(set(drawn[:50])) == 50
