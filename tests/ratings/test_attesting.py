"""“I ran it”: who may say so, when, and who reads it."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from jam import timeline
from jam.errors import Refused
from jam.models import User
from jam.parts import all_parts
from ratings import attesting, freezing, services
from ratings.models import Attestation, Criterion, Rating
from ratings.permissions import RatingRefusal
from submissions.services import add_file
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    RATINGS_OPEN,
    RESULTS,
    TICK,
    JamFactory,
    UserFactory,
)
from tests.ratings.factories import frozen_submission, rate, small_jam
from tests.submissions.factories import SubmissionFactory, hand_in
from tests.submissions.making import code, notebook, words

pytestmark = pytest.mark.django_db
NOW = MOMENTS["rating"]
Outcome, No = Attestation.Outcome, RatingRefusal

FIELDS = {"outcome": "as_described", "environment": "Laptop", "minutes": 20, "word": "",
          "signed": False}  # fmt: skip


def say(submission, by=None, moment=NOW, **fields) -> Attestation:
    return attesting.attest(
        submission=submission, rater=by or UserFactory(), fields={**FIELDS, **fields}, moment=moment
    )


def refusal_of(act, *args, **kwargs) -> RatingRefusal | None:
    try:
        act(*args, **kwargs)
    except Refused as refused:
        return refused.refusal
    return None


@pytest.fixture
def jam():
    return small_jam()


@pytest.fixture
def submission(jam):
    return frozen_submission(jam, title="The work")


def page_of(submission, jam=None) -> str:
    return f"/jams/{submission.jam.slug}/submissions/{submission.pk}/"


def form_of(submission) -> str:
    return f"/jams/{submission.jam.slug}/rate/{submission.pk}/ran/"


# -- who may -----------------------------------------------------------------------------------


def in_conflict(submission) -> User:
    rater = UserFactory()
    services.declare_conflict(submission=submission, rater=rater, kind="close", moment=NOW)
    return rater


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (lambda submission: UserFactory(), None),
        (lambda submission: UserFactory(verified=False), No.UNVERIFIED),
        (lambda submission: submission.contributors.get().user, No.OWN),
        (in_conflict, No.CONFLICT),
    ],
    ids=["verified", "unverified", "contributor", "in conflict"],
)
def test_whoever_may_rate_it_may_say_so(submission, who, refusal):
    by = who(submission)
    assert refusal_of(say, submission, by) == refusal
    assert Attestation.objects.exists() == (refusal is None)
    taken = refusal_of(attesting.take_back, submission=submission, rater=by, moment=NOW)
    assert taken == refusal


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (RATINGS_OPEN - TICK, No.NOT_OPEN),
        (RATINGS_OPEN, None),
        (RATINGS_CLOSE - TICK, None),
        (RATINGS_CLOSE, No.CLOSED),
    ],
)
def test_while_rating_is_open(submission, moment, refusal):
    assert refusal_of(say, submission, moment=moment) == refusal


def test_not_on_what_is_out_of_the_running_or_counted(jam, submission):
    gone = frozen_submission(jam, withdrawn_at=NOW)
    assert refusal_of(say, gone) == No.OUT_OF_RUNNING
    rate(submission, 3, 3)
    freezing.results_of(jam, RESULTS)
    assert refusal_of(say, submission) == No.CLOSED


@pytest.mark.parametrize(
    ("outcome", "word", "refusal"),
    [
        ("as_described", "", None),
        ("with_changes", " ", No.SAY_WHAT),
        ("with_changes", "One path.", None),
        ("failed", "", No.SAY_WHAT),
        ("failed", "A file is missing.", None),
    ],
)
def test_whoever_changed_something_says_what(submission, outcome, word, refusal):
    assert refusal_of(say, submission, outcome=outcome, word=word) == refusal


def test_one_for_each_rater_which_may_be_changed_and_taken_back(submission):
    rater = UserFactory()
    say(submission, rater)
    say(submission, rater, outcome="failed", word="No.", moment=NOW + TICK)
    kept = Attestation.objects.get()
    assert (kept.outcome, kept.made_at, kept.changed_at) == ("failed", NOW, NOW + TICK)
    attesting.take_back(submission=submission, rater=rater, moment=NOW)
    assert not Attestation.objects.exists()
    refusal = refusal_of(attesting.take_back, submission=submission, rater=rater, moment=NOW)
    assert refusal == No.NOT_ATTESTED


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "perhaps"},
        {"environment": ""},
        {"minutes": 0},
        {"minutes": 14 * 24 * 60 + 1},
        {"outcome": "failed", "word": ""},
    ],
)
def test_the_database_refuses(submission, fields):
    row = {**FIELDS, "submission": submission, "rater": UserFactory(), "made_at": NOW,
           "changed_at": NOW}  # fmt: skip
    Attestation.objects.create(**row)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Attestation.objects.create(**row)
    with pytest.raises(IntegrityError):
        Attestation.objects.create(**{**row, "rater": UserFactory(), **fields})


def test_one_criterion_of_a_jam_shows_the_ladder():
    jam = JamFactory()
    assert jam.criteria.get(shows_ladder=True).name == "Reproducibility"
    with pytest.raises(IntegrityError):
        jam.criteria.update(shows_ladder=True)


# -- what becomes of it --------------------------------------------------------------------------


def level(submission) -> int:
    return attesting.ladder_of(submission, attesting.tried(submission)).level


def test_the_upper_levels_are_by_people(submission):
    assert level(submission) == 0
    say(submission, outcome="failed", word="No.")
    assert level(submission) == 0
    say(submission, outcome="with_changes", word="One path.")
    assert level(submission) == 3
    say(submission)
    assert level(submission) == 3
    say(submission)
    assert level(submission) == 4
    counts = attesting.tried(submission).counts
    assert counts == [("ran as described", 2), ("ran with changes", 1), ("could not be run", 1)]


def test_what_a_conflict_or_a_voided_rating_takes_away(submission):
    raters = [UserFactory() for _ in range(3)]
    for rater in raters:
        say(submission, rater)
        rate(submission, 3, 3, by=rater)
    services.declare_conflict(submission=submission, rater=raters[0], kind="close", moment=NOW)
    Rating.objects.filter(rater=raters[1]).update(voided_at=NOW, void_reason="Sold.")
    assert [each.rater for each in attesting.tried(submission).attestations] == [raters[2]]
    services.take_back_conflict(submission=submission, rater=raters[0], moment=NOW)
    assert len(attesting.tried(submission).attestations) == 2


def test_only_so_many_are_shown(submission):
    for _ in range(attesting.MOST_SHOWN + 2):
        say(submission)
    found = attesting.tried(submission)
    assert (len(found.shown), found.more) == (attesting.MOST_SHOWN, 2)


def test_whoever_leaves_is_not_named_any_more(submission):
    rater = UserFactory()
    say(submission, rater, signed=True)
    told = [part.personal_data(rater).get("ran") for part in all_parts()]
    assert [each[0]["environment"] for each in told if each] == ["Laptop"]
    for part in all_parts():
        part.person_left(rater, NOW)
    assert not Attestation.objects.get().signed


# -- pages ---------------------------------------------------------------------------------------


def test_saying_it_changing_it_taking_it_back(client, at, submission):
    at(NOW)
    rater = UserFactory()
    client.force_login(rater)
    rating = f"/jams/{submission.jam.slug}/rate/{submission.pk}/"
    assert form_of(submission) in client.get(page_of(submission)).content.decode()
    assert "Say that I ran it" in client.get(form_of(submission)).content.decode()
    posted = {**FIELDS, "signed": ""}
    assert client.post(form_of(submission), posted).url == rating
    assert Attestation.objects.get().rater == rater
    again = client.get(form_of(submission)).content.decode()
    assert 'value="Laptop"' in again
    assert "Take it back" in again
    answer = client.post(form_of(submission), {"act": "take_back"})
    assert answer.url == rating
    assert not Attestation.objects.exists()
    assert client.post(form_of(submission), {"act": "take_back"}).status_code == 403


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"outcome": ""}, "This field is required."),
        ({"outcome": "perhaps"}, "is not one of the available choices"),
        ({"environment": " "}, "This field is required."),
        ({"minutes": "soon"}, "Enter a whole number."),
        ({"minutes": "0"}, "greater than or equal to 1"),
        ({"minutes": "99999999999"}, "less than or equal to 20160"),
        ({"outcome": "failed", "word": ""}, "Say what you had to change, or where it stopped."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, at, submission, fields, says):
    at(NOW)
    client.force_login(UserFactory())
    answer = client.post(form_of(submission), {**FIELDS, "word": "My word.", **fields})
    page = answer.content.decode()
    assert (answer.status_code, says in page) == (422, True)
    assert "constraint" not in page.lower()
    assert ("My word." in page) == ("word" not in fields)
    assert not Attestation.objects.exists()


def test_words_that_come_too_late_are_still_there(client, at, submission):
    at(RATINGS_CLOSE)
    client.force_login(UserFactory())
    answer = client.post(form_of(submission), {**FIELDS, "word": "My word."})
    assert answer.status_code == 403
    assert "Rating has closed. What you typed is below" in answer.content.decode()
    assert "My word." in answer.content.decode()
    assert client.get(form_of(submission)).status_code == 403


@pytest.mark.parametrize(("flagged", "shown"), [(True, True), (False, False)])
def test_the_ladder_stands_beside_the_criterion_that_asks_for_it(
    client, at, jam, submission, flagged, shown
):
    at(NOW)
    Criterion.objects.filter(pk=jam.criteria.last().pk).update(shows_ladder=flagged)
    client.force_login(rater := UserFactory())
    url = f"/jams/{jam.slug}/rate/{submission.pk}/"
    page = client.get(url).content.decode()
    assert ("Ladder: level 0, Nothing to run" in page) == shown
    assert (form_of(submission) in page) == shown
    say(submission, rater, outcome="failed", word="No.")
    assert ("You said: could not be run." in client.get(url).content.decode()) == shown


def test_others_read_it_with_the_results_and_not_before(client, at, jam, submission):
    say(submission, UserFactory(display_name="Ada"), signed=True, word="It <b>ran</b>.")
    say(submission, UserFactory(display_name="Grace"))
    rate(submission, 3, 3)
    client.force_login(submission.contributors.get().user)
    for moment in (NOW, RATINGS_CLOSE, RESULTS - TICK):
        at(moment)
        page = client.get(page_of(submission)).content.decode()
        assert "Level 0 of 4" in page
        assert "told with the results" in page
        assert "Laptop" not in page
    at(RESULTS)
    page = client.get(page_of(submission)).content.decode()
    assert "Level 4 of 4: Two or more ran it as described." in page
    assert "2 ran as described" in page
    assert "It &lt;b&gt;ran&lt;/b&gt;." in page
    assert "Ada" in page
    assert "Grace" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_of_the_pages(client, at, jam, rows, django_assert_num_queries):
    work = SubmissionFactory(jam=jam)
    by = work.contributors.get().user
    for n in range(rows):
        upload = ContentFile(notebook(words(f"{n}"), code("x", 1, "1")), f"{n}.ipynb")
        add_file(submission=work, by=by, upload=upload, moment=MOMENTS["making"])
    work.frozen = hand_in(work)
    work.save()
    for part in all_parts():
        part.submissions_frozen(jam)
    for _ in range(rows):
        say(work)
    at(NOW)
    client.force_login(rater := UserFactory())
    say(work, rater)
    client.get(page_of(work))
    # Session, user, jam, submission, rater, own.
    with django_assert_num_queries(6):
        client.get(form_of(work))
    at(RESULTS)
    assert timeline.results_due(jam, RESULTS)
    client.logout()
    client.get(page_of(work))
    # Jam, submission, contributors, those who ran it.
    with django_assert_num_queries(4):
        page = client.get(page_of(work)).content.decode()
    assert f"{rows + 1} ran as described" in page
