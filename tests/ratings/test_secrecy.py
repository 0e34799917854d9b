"""What nobody sees before results: two databases that differ only in the values of ratings give
the same bytes to everybody, save to each rater about their own."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from jam.models import User
from ratings.models import Rating, Results, Score, Standing
from tests.factories import MOMENTS, RESULTS, TICK, ParticipationFactory, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam

pytestmark = pytest.mark.django_db

TOKENS = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|csrftoken=[^;]+|nonce-[\w+/=-]+')


@pytest.fixture
def rated():
    """A jam in which all kinds of people have rated, among them an organizer and a judge."""
    jam = small_jam()
    submissions = [frozen_submission(jam, title=f"Work {number}") for number in range(5)]
    organizer, raters = UserFactory(is_staff=True), [UserFactory() for _ in range(3)]
    jam.organizers.add(organizer)
    raters.append(JudgeFactory(jam=jam).user)
    for number, submission in enumerate(submissions):
        for rater in raters:
            rate(submission, 1 + number, 5 - number, by=rater, strong=f"words {number}")
    rate(submissions[0], 2, None, by=UserFactory(), weak="a draft")
    jam.submissions_made = submissions
    jam.people = {
        "visitor": None,
        "stranger": UserFactory(),
        "participant": ParticipationFactory(jam=jam).user,
        "contributor": submissions[0].contributors.get().user,
        "organizer": organizer,
        "superuser": UserFactory(is_staff=True, is_superuser=True),
    }
    return jam


def change_all_values() -> None:
    """Other stars, words and signatures; the same numbers of ratings."""
    for score in Score.objects.exclude(stars=None):
        score.stars = 6 - score.stars
        score.remark = "other"
        score.save()
    Rating.objects.update(strong="other words", weak="others", next="more", signed=True)


def addresses(jam, rating: Rating) -> list[str]:
    home = f"/jams/{jam.slug}/"
    pages = ["", "submissions/", "submissions/?q=work", "rate/", "results/", "calendar.ics",
             "theme.css", "schedule/", "sites/",
             f"results/?criterion={jam.criteria.first().pk}"]  # fmt: skip
    for submission in jam.submissions_made:
        pages += [f"{kind}/{submission.pk}/" for kind in ("submissions", "results", "rate")]
    admin = "/admin/ratings/"
    return [
        "/",
        "/jams/",
        *[home + page for page in pages],
        f"{admin}rating/",
        f"{admin}rating/?o=1.2.3.4.5.6",
        f"{admin}rating/?q=words",
        f"{admin}rating/?strong__contains=words",
        f"{admin}rating/?scores__stars=1",
        f"{admin}rating/?scores__stars__exact=1",
        f"{admin}rating/?signed=1",
        f"{admin}rating/{rating.pk}/change/",
        f"{admin}results/",
        f"{admin}standing/",
        f"{admin}score/",
        "/admin/submissions/submission/?ratings__strong__contains=words",
        "/admin/submissions/submission/?ratings__scores__stars=1",
        "/admin/jam/jam/?submissions__ratings__scores__stars=1",
        f"/admin/jam/jam/{jam.pk}/change/",
    ]


def answers(jam) -> dict[tuple[str, str], bytes]:
    """All that everybody is answered, headers included."""
    rating = Rating.objects.complete().first()
    found = {}
    for role, user in jam.people.items():
        client = Client()
        if user:
            client.force_login(User.objects.get(pk=user.pk))
        for address in addresses(jam, rating):
            response = client.get(address)
            assert response.status_code < 500, address
            headers = "\n".join(f"{name}: {value}" for name, value in response.items())
            body = b"".join(response.streaming_content) if response.streaming else response.content
            found[role, address] = TOKENS.sub(b"", headers.encode() + b"\n\n" + body)
    return found


@pytest.mark.parametrize(
    "moment",
    [MOMENTS["rating"], MOMENTS["counting"], RESULTS - TICK],
    ids=["rating", "counting", "the last moment"],
)
def test_no_answer_depends_on_the_values_of_ratings(at, rated, moment):
    at(moment)
    # Whatever is made on a first visit is made.
    answers(rated)
    before = answers(rated)
    change_all_values()
    after = answers(rated)
    different = [key for key in before if before[key] != after[key]]
    assert different == []
    assert len(before) == 6 * len(addresses(rated, Rating.objects.first()))


def test_the_comparison_sees_what_there_is_to_be_seen(at, rated):
    """The same comparison finds differences for everybody once the results are out."""
    at(RESULTS)
    answers(rated)
    before = answers(rated)
    Standing.objects.all().delete()
    Results.objects.all().delete()
    change_all_values()
    Client().get(f"/jams/{rated.slug}/results/")
    after = answers(rated)
    different = {role for role, address in before if before[role, address] != after[role, address]}
    assert different == set(rated.people)


def test_raters_see_their_own_and_nobody_elses(at, rated):
    at(MOMENTS["rating"])
    rating = Rating.objects.filter(strong="words 0").first()
    client = Client()
    client.force_login(rating.rater)
    page = client.get(f"/jams/{rated.slug}/rate/{rating.submission_id}/").content.decode()
    assert "words 0" in page
    assert "a draft" not in page
