"""Saving and skipping."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jam.errors import Refused
from jam.models import Act
from ratings import services
from ratings.models import Criterion, Rating, Results, Score, Skip
from ratings.permissions import RatingRefusal
from ratings.services import Given, StaleRating
from tests.factories import MOMENTS, RATINGS_CLOSE, TICK, JamFactory, UserFactory
from tests.ratings.factories import frozen_submission, given, rate, small_jam

pytestmark = pytest.mark.django_db
NOW = MOMENTS["rating"]
LATER = NOW + timedelta(minutes=5)


def test_a_rating_counts_once_every_criterion_has_stars():
    submission, rater = frozen_submission(small_jam()), UserFactory()
    saved = services.save(
        submission=submission, rater=rater, scores=given(submission.jam, 4, None), moment=NOW
    )
    assert [criterion.name for criterion in saved.missing] == ["B"]
    assert saved.rating.completed_at is None
    saved = services.save(
        submission=submission, rater=rater, scores=given(submission.jam, 4, 5), moment=LATER
    )
    assert saved.missing == []
    assert saved.rating.completed_at == LATER
    assert (saved.rating.started_at, saved.rating.saved_at) == (NOW, LATER)
    assert list(saved.rating.scores.values_list("stars", flat=True)) == [4, 5]
    assert Rating.objects.count() == 1


def test_it_stays_complete_since_then_and_is_a_draft_again_without_a_star():
    submission, rater = frozen_submission(small_jam()), UserFactory()
    rate(submission, 4, 5, by=rater)
    assert rate(submission, 1, 1, by=rater, moment=LATER).completed_at == NOW
    saved = services.save(
        submission=submission, rater=rater, scores=given(submission.jam, 1, None), moment=LATER
    )
    assert saved.was_complete
    assert saved.rating.completed_at is None
    assert list(saved.rating.scores.values_list("stars", flat=True)) == [1, None]


def test_not_applicable_is_an_answer_where_it_is_allowed():
    jam = small_jam()
    jam.criteria.filter(name="B").update(may_be_skipped=True)
    submission = frozen_submission(jam)
    assert rate(submission, 3, "na").is_complete
    rating = rate(submission, "na", "na")
    assert not rating.is_complete
    assert [score.not_applicable for score in rating.scores.all()] == [False, True]


def test_a_jam_without_criteria_has_no_complete_ratings():
    submission = frozen_submission(small_jam(criteria=0))
    assert not rate(submission).is_complete


def test_words_and_remarks_are_kept_and_scores_of_other_jams_are_not():
    submission = frozen_submission(small_jam())
    first, second = submission.jam.criteria.all()
    foreign = JamFactory().criteria.first()
    saved = services.save(
        submission=submission,
        rater=UserFactory(),
        scores={first.pk: Given(remark="no stars yet"), foreign.pk: Given(5)},
        strong="S",
        weak="W",
        next="N",
        signed=True,
        moment=NOW,
    )
    rating = Rating.objects.get()
    assert (rating.strong, rating.weak, rating.next, rating.signed) == ("S", "W", "N", True)
    assert list(rating.scores.values_list("criterion", "stars", "remark")) == [
        (first.pk, None, "no stars yet"),
        (second.pk, None, ""),
    ]
    assert saved.missing == [first, second]


@pytest.mark.parametrize(
    ("stored", "typed", "is_stale"),
    [("", "new", False), ("same", "same", False), ("begun", "begun, and continued", False),
     ("written there", "", True), ("written there", "other", True)],
)  # fmt: skip
def test_words_of_another_window_are_not_dropped(stored, typed, is_stale):
    submission, rater = frozen_submission(small_jam()), UserFactory()
    seen = services.version_of(rate(submission, None, None, by=rater))
    rate(submission, 2, 2, by=rater, weak=stored, moment=LATER)
    if is_stale:
        with pytest.raises(StaleRating):
            rate(submission, 5, 5, by=rater, weak=typed, version=seen, moment=LATER)
        assert Rating.objects.get().weak == stored
        seen = services.version_of(Rating.objects.get())
    rate(submission, 5, 5, by=rater, weak=typed, version=seen, moment=LATER)
    assert Rating.objects.get().weak == typed


def test_a_remark_of_another_window_is_not_dropped():
    submission, rater = frozen_submission(small_jam(criteria=1)), UserFactory()
    seen = services.version_of(rate(submission, None, by=rater))
    scores = {submission.jam.criteria.get().pk: Given(3, remark="a remark")}
    services.save(submission=submission, rater=rater, scores=scores, moment=LATER)
    with pytest.raises(StaleRating):
        rate(submission, 3, by=rater, version=seen, moment=LATER)


def test_saving_is_refused_by_name_and_leaves_nothing():
    submission, rater = frozen_submission(small_jam()), UserFactory(verified=False)
    with pytest.raises(Refused) as refused:
        rate(submission, 4, 4, by=rater)
    assert refused.value.refusal == RatingRefusal.UNVERIFIED
    assert not Rating.objects.exists()


def test_the_last_microsecond_counts_and_the_closing_instant_does_not():
    submission = frozen_submission(small_jam())
    assert rate(submission, 4, 4, moment=RATINGS_CLOSE - TICK).is_complete
    with pytest.raises(Refused) as refused:
        rate(submission, 4, 4, moment=RATINGS_CLOSE)
    assert refused.value.refusal == RatingRefusal.CLOSED


def test_what_arrived_in_time_is_refused_only_once_all_is_counted():
    submission = frozen_submission(small_jam())
    Results.objects.create(
        jam=submission.jam, rule="mean", least=1, submissions=1, ratings=0, criteria=[],
        digest="", frozen_at=NOW,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        rate(submission, 4, 4, moment=RATINGS_CLOSE - TICK)
    assert refused.value.refusal == RatingRefusal.CLOSED


def test_the_database_keeps_one_rating_a_rater_and_stars_from_one_to_five():
    rating = rate(frozen_submission(small_jam()), 4, 4)
    score = rating.scores.first()
    again = {"started_at": NOW, "saved_at": NOW}
    for break_it in [
        lambda: Rating.objects.create(
            submission=rating.submission, rater=rating.rater, **again
        ),
        lambda: Score.objects.create(rating=rating, criterion=score.criterion),
        lambda: Score.objects.filter(pk=score.pk).update(stars=0),
        lambda: Score.objects.filter(pk=score.pk).update(stars=6),
        lambda: Score.objects.filter(pk=score.pk).update(not_applicable=True),
        lambda: Criterion.objects.filter(pk=score.criterion_id).update(weight=0),
    ]:  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            break_it()


def test_skipping_gives_an_empty_place_back_and_keeps_words():
    jam, rater = small_jam(), UserFactory()
    empty, written = frozen_submission(jam), frozen_submission(jam)
    Rating.objects.create(submission=empty, rater=rater, started_at=NOW, saved_at=NOW)
    rate(written, None, None, by=rater, strong="a word")
    for submission in (empty, written):
        services.skip(submission=submission, rater=rater, reason="a friend's", moment=NOW)
    assert Rating.objects.get().submission == written
    assert set(Skip.objects.values_list("submission", "reason")) == {
        (empty.pk, "a friend's"),
        (written.pk, "a friend's"),
    }
    # The reason is for the organizers, who read the log as well.
    assert Act.objects.filter(verb="skipped", reason="a friend's", jam=jam).count() == 2


def test_skipping_can_be_undone_and_rating_undoes_it():
    submission, rater = frozen_submission(small_jam()), UserFactory()
    services.skip(submission=submission, rater=rater, moment=NOW)
    services.skip(submission=submission, rater=rater, reason="again", moment=LATER)
    assert Skip.objects.get().reason == "again"
    services.unskip(submission=submission, rater=rater, moment=LATER)
    with pytest.raises(Refused) as refused:
        services.unskip(submission=submission, rater=rater, moment=LATER)
    assert refused.value.refusal == RatingRefusal.NOT_SKIPPED
    services.skip(submission=submission, rater=rater, moment=NOW)
    rate(submission, 4, None, by=rater)
    assert not Skip.objects.exists()


def test_a_new_jam_comes_with_rules_and_the_five_criteria_once():
    jam = JamFactory()
    services.set_up(jam=jam)
    assert [criterion.name for criterion in jam.criteria.all()] == [
        "ML Safety", "Interpretability", "Novelty", "Generality", "Reproducibility",
    ]  # fmt: skip
    assert all(all(criterion.guidance) and criterion.question for criterion in jam.criteria.all())
    assert jam.rating_rules.target == 5
