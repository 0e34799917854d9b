"""Which submission comes next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jam.errors import Refused
from ratings import services
from ratings.models import UNDER_WAY, Need, Rating
from ratings.permissions import RatingRefusal
from ratings.queue import next_submission, rebuild
from ratings.raters import progress_of, rater_in
from tests.factories import MOMENTS, RATINGS_CLOSE, TICK, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["rating"]


def test_the_least_rated_comes_first():
    jam = small_jam()
    twice, once, never = (frozen_submission(jam) for _ in range(3))
    for submission in (twice, twice, once):
        rate(submission, 3, 3)
    rater = UserFactory()
    for expected in (never, once, twice):
        assert next_submission(jam, rater, NOW) == expected
        rate(expected, 3, 3, by=rater)
    assert next_submission(jam, rater, NOW) is None


def test_drawing_keeps_the_place_for_two_hours():
    jam = small_jam()
    first, second = frozen_submission(jam), frozen_submission(jam)
    drawn = next_submission(jam, UserFactory(), NOW)
    rating = Rating.objects.get()
    assert rating.from_queue
    assert (rating.submission, rating.started_at, rating.is_complete) == (drawn, NOW, False)
    other = second if drawn == first else first
    assert next_submission(jam, UserFactory(), NOW) == other
    # Both are under way; then the first has lapsed.
    rate(other, 1, 1)
    just_before = NOW + UNDER_WAY - TICK
    assert Rating.objects.under_way(just_before).count() == 2
    assert Rating.objects.under_way(NOW + UNDER_WAY).count() == 0
    assert next_submission(jam, UserFactory(), NOW + UNDER_WAY) == drawn


def test_what_was_begun_comes_first_unless_one_is_just_leaving_it():
    jam, rater = small_jam(), UserFactory()
    begun, fresh = frozen_submission(jam), frozen_submission(jam)
    rate(begun, 3, None, by=rater, moment=NOW - timedelta(days=1))
    rate(begun, 3, 3)
    assert next_submission(jam, rater, NOW) == begun
    assert next_submission(jam, rater, NOW, after=begun) == fresh
    rate(fresh, 3, 3, by=rater)
    assert next_submission(jam, rater, NOW, after=fresh) == begun
    assert next_submission(jam, rater, NOW, after=begun) is None
    assert Rating.objects.filter(rater=rater).count() == 2


def test_what_the_queue_never_gives():
    jam, rater = small_jam(), UserFactory()
    frozen_submission(jam, by=rater)
    frozen_submission(jam, withdrawn_at=NOW)
    frozen_submission(jam, disqualified_at=NOW, disqualification_reason="Copied.")
    SubmissionFactory(jam=jam)
    frozen_submission(small_jam())
    rated, skipped = frozen_submission(jam), frozen_submission(jam)
    rate(rated, 3, 3, by=rater)
    services.skip(submission=skipped, rater=rater, moment=NOW)
    assert next_submission(jam, rater, NOW) is None
    services.unskip(submission=skipped, rater=rater, moment=NOW)
    assert next_submission(jam, rater, NOW) == skipped


def test_judges_ratings_do_not_keep_peers_away():
    jam = small_jam()
    judged, rated = frozen_submission(jam), frozen_submission(jam)
    for _ in range(2):
        rate(judged, 3, 3, by=JudgeFactory(jam=jam).user)
    rate(rated, 3, 3)
    assert next_submission(jam, UserFactory(), NOW) == judged


def test_where_only_judges_rate_theirs_count_for_the_order():
    jam = small_jam(eligibility="judges")
    judged, fresh = frozen_submission(jam), frozen_submission(jam)
    rate(judged, 3, 3, by=JudgeFactory(jam=jam).user)
    assert next_submission(jam, JudgeFactory(jam=jam).user, NOW) == fresh


def test_what_the_queue_does_not_know_it_counts_anew():
    jam = small_jam()
    twice, once, never = (frozen_submission(jam) for _ in range(3))
    for submission in (twice, twice, once):
        rate(submission, 3, 3)
    rate(twice, 3, 3, by=JudgeFactory(jam=jam).user)
    before = dict(Need.objects.values_list("submission", "places"))
    Need.objects.all().delete()
    Rating.objects.update(holds_place=False)
    assert next_submission(jam, UserFactory(), NOW) == never
    assert dict(Need.objects.values_list("submission", "places")) == {**before, never.pk: 1}


def test_naming_a_judge_frees_the_places_of_theirs(at, client):
    jam, rater = small_jam(), UserFactory()
    submission = frozen_submission(jam)
    rate(submission, 3, 3, by=rater)
    assert submission.need.places == 1
    JudgeFactory(jam=jam, user=rater)
    rebuild(jam, NOW)
    submission.need.refresh_from_db()
    assert submission.need.places == 0


def test_ties_are_broken_by_chance():
    jam = small_jam()
    for _ in range(4):
        frozen_submission(jam)
    drawn = set()
    for _ in range(40):
        drawn.add(next_submission(jam, UserFactory(), NOW).pk)
        Rating.objects.all().delete()
    # Forty times the same three of four: once in thirty thousand runs.
    assert len(drawn) == 4


def test_ratings_are_shared_out_evenly():
    jam = small_jam()
    submissions = [frozen_submission(jam) for _ in range(6)]
    for _ in range(9):
        rater = UserFactory()
        for _ in range(2):
            rate(next_submission(jam, rater, NOW), 3, 3, by=rater)
    assert {submission.ratings.count() for submission in submissions} == {3}


def test_drawing_is_refused_by_name():
    jam = small_jam()
    frozen_submission(jam)
    for user, moment, refusal in [
        (UserFactory(verified=False), NOW, RatingRefusal.UNVERIFIED),
        (UserFactory(), MOMENTS["closing"], RatingRefusal.NOT_OPEN),
        (UserFactory(), RATINGS_CLOSE, RatingRefusal.CLOSED),
    ]:
        with pytest.raises(Refused) as refused:
            next_submission(jam, user, moment)
        assert refused.value.refusal == refusal
    assert not Rating.objects.exists()


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_drawing(size, django_assert_num_queries):
    jam, rater = small_jam(), UserFactory()
    for _ in range(size):
        frozen_submission(jam)
    # Savepoint, lock with the rater, lapsed places, what was begun, candidate, its place taken,
    # new rating, release.
    with django_assert_num_queries(8):
        next_submission(jam, rater, NOW)


def test_progress():
    jam, rater = small_jam(target=3), UserFactory()
    frozen_submission(jam, by=rater)
    withdrawn, *others = (frozen_submission(jam) for _ in range(5))
    asking = rater_in(jam, rater)
    assert progress_of(asking).wanted == 3
    rate(withdrawn, 3, 3, by=rater)
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(withdrawn_at=NOW)
    rate(others[0], 3, 3, by=rater)
    rate(others[1], 3, None, by=rater)
    services.skip(submission=others[2], rater=rater, moment=NOW)
    progress = progress_of(asking)
    assert (progress.rated, progress.wanted, progress.left) == (1, 3, 2)
    assert not progress.is_done


def test_nobody_is_asked_for_more_than_there_is():
    jam = small_jam(target=5)
    frozen_submission(jam)
    assert progress_of(rater_in(jam, UserFactory())).wanted == 1
