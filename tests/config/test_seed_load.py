"""`manage.py seed_load`: a jam of any size, for trials."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from jam.models import Jam, User
from ratings import freezing
from ratings.models import Rating, Score
from sites.models import Place
from submissions import freezing as submissions_freezing
from submissions.models import Revision, Submission

pytestmark = pytest.mark.django_db


def seed(**options) -> str:
    out = StringIO()
    options = {"submissions": 30, "raters": 40, "ratings_each": 6, **options}
    call_command("seed_load", stdout=out, **options)
    return out.getvalue()


def test_it_makes_what_was_asked_for_and_says_so():
    said = seed()
    assert "30 submissions of 40 people at 3 local sites, 240 ratings on 5 criteria" in said
    jam = Jam.objects.get(slug="load")
    assert jam.phase_at(timezone.now()) == "rating"
    assert jam.submissions.in_the_running().count() == 30
    assert jam.closing.handed_in == 30
    assert Rating.objects.complete().count() == 240
    assert Score.objects.filter(stars__range=(1, 5)).count() == 5 * 240
    assert Place.objects.unreleased().exists()
    # What the database puts off until the end of the transaction.
    connection.check_constraints()


def test_what_was_handed_in_is_a_revision_like_any_other():
    seed()
    for submission in Submission.objects.with_content():
        content = submissions_freezing.content_of(submission)
        revision = submission.revisions.get()
        assert submission.frozen_id == revision.pk
        assert revision.digest == submissions_freezing.digest_of(content)
        assert 1_000 < len(submission.body) < 5_000
        assert content["contributors"]
        assert content["tags"]


def test_ratings_are_shared_out_evenly_and_nobody_rates_their_own():
    seed()
    of_submissions = Counter(Rating.objects.values_list("submission", flat=True))
    assert len(of_submissions) == 30
    assert max(of_submissions.values()) - min(of_submissions.values()) <= 2
    assert set(Counter(Rating.objects.values_list("rater", flat=True)).values()) == {6}
    assert not Rating.objects.filter(submission__contributors__user=F("rater")).exists()


@pytest.mark.parametrize("phase", ["making", "rating", "counting", "finished"])
def test_it_stands_in_the_phase_that_was_asked_for(phase):
    seed(phase=phase)
    jam = Jam.objects.get(slug="load")
    assert jam.phase_at(timezone.now()) == phase
    assert Rating.objects.exists() == (phase != "making")


def test_its_submissions_can_be_closed():
    seed(phase="making")
    jam = Jam.objects.get(slug="load")
    assert Revision.objects.count() == 15
    closing = submissions_freezing.close(
        jam, jam.submissions_close_at + submissions_freezing.timeline.SETTLING
    )
    assert closing.handed_in == 30


def test_its_results_can_be_counted():
    seed(phase="finished", criteria=3)
    jam = Jam.objects.get(slug="load")
    results = freezing.results_of(jam, timezone.now())
    assert (results.submissions, results.ratings) == (30, 240)
    assert len(results.criteria) == 3
    overall = results.standings.filter(criterion=None)
    assert overall.filter(rank=1).exists()
    assert not overall.filter(n=0).exists()


def test_the_same_seed_makes_the_same_jam():
    def made(slug: str) -> list:
        submissions = Submission.objects.filter(jam__slug=slug).order_by("pk")
        scores = Score.objects.filter(rating__submission__jam__slug=slug).order_by("pk")
        return [
            list(submissions.values_list("title", "body", "commit")),
            list(scores.values_list("stars", "remark")),
        ]

    for slug, number in (("one", 7), ("two", 7), ("three", 8)):
        seed(slug=slug, seed=number)
    assert made("one") == made("two")
    assert made("one") != made("three")


def test_nobody_can_sign_in_unless_a_password_is_given():
    seed()
    assert not any(user.has_usable_password() for user in User.objects.all())
    seed(slug="open", password="correct horse")
    assert User.objects.get(email="person1@open.example").check_password("correct horse")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "already"),
        ({"slug": "no slug"}, "no slug"),
        ({"slug": "other", "submissions": 0}, "--submissions"),
        ({"slug": "other", "ratings_each": 30}, "can be 2"),
    ],
)
def test_it_says_why_it_does_not_run(options, reason):
    seed(submissions=3, ratings_each=1)
    with pytest.raises(CommandError, match=reason):
        seed(**options)
    assert list(Jam.objects.values_list("slug", flat=True)) == ["load"]
