"""Who may rate what and when, as tables."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from ratings.models import RatingRules
from ratings.permissions import (
    RatingRefusal,
    SettingsRefusal,
    judges_refusal,
    rater_refusal,
    rating_refusal,
    settings_refusal,
    skip_refusal,
    window_refusal,
)
from ratings.raters import rater_in, submissions_for
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    RATINGS_OPEN,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
Who = RatingRules.Eligibility
No = RatingRefusal


def person(kind: str, jam):
    """A person of that kind in `jam`, or who judges it, or so."""
    match kind:
        case "visitor":
            return AnonymousUser()
        case "unverified":
            return UserFactory(verified=False)
        case "verified":
            return UserFactory()
        case "unverified participant":
            user = UserFactory(verified=False)
            ParticipationFactory(jam=jam, user=user)
            return user
        case "participant":
            return ParticipationFactory(jam=jam).user
        case "who cancelled":
            return ParticipationFactory(jam=jam, cancelled_at=MOMENTS["making"]).user
        case "contributor":
            return frozen_submission(jam).contributors.get().user
        case "contributor of a draft":
            return SubmissionFactory(jam=jam).contributors.get().user
        case "contributor of a withdrawn one":
            user = UserFactory()
            frozen_submission(jam, by=user, withdrawn_at=MOMENTS["rating"])
            return user
        case "contributor elsewhere":
            return frozen_submission(JamFactory()).contributors.get().user
        case "judge":
            user = UserFactory(verified=False)
            JudgeFactory(jam=jam, user=user)
            return user
        case "judge elsewhere":
            return JudgeFactory().user
        case "organizer":
            user = UserFactory(verified=False)
            jam.organizers.add(user)
            return user
    raise KeyError(kind)


ELIGIBILITY = [
    ("visitor", [No.SIGNED_OUT] * 4),
    ("unverified", [No.UNVERIFIED, No.NOT_PARTICIPANT, No.NOT_CONTRIBUTOR, No.NOT_JUDGE]),
    ("verified", [None, No.NOT_PARTICIPANT, No.NOT_CONTRIBUTOR, No.NOT_JUDGE]),
    ("unverified participant", [No.UNVERIFIED, None, No.NOT_CONTRIBUTOR, No.NOT_JUDGE]),
    ("participant", [None, None, No.NOT_CONTRIBUTOR, No.NOT_JUDGE]),
    ("who cancelled", [None, No.NOT_PARTICIPANT, No.NOT_CONTRIBUTOR, No.NOT_JUDGE]),
    ("contributor", [None, None, None, No.NOT_JUDGE]),
    ("contributor of a draft", [None, None, No.NOT_CONTRIBUTOR, No.NOT_JUDGE]),
    ("contributor of a withdrawn one", [None, None, No.NOT_CONTRIBUTOR, No.NOT_JUDGE]),
    ("contributor elsewhere", [None, No.NOT_PARTICIPANT, No.NOT_CONTRIBUTOR, No.NOT_JUDGE]),
    ("judge", [None] * 4),
    ("judge elsewhere", [None, No.NOT_PARTICIPANT, No.NOT_CONTRIBUTOR, No.NOT_JUDGE]),
    ("organizer", [None] * 4),
]


@pytest.mark.parametrize(("kind", "refusals"), ELIGIBILITY, ids=[row[0] for row in ELIGIBILITY])
def test_who_may_rate(kind, refusals, django_assert_num_queries):
    jam = small_jam()
    user = person(kind, jam)
    for eligibility, refusal in zip(Who, refusals, strict=True):
        RatingRules.objects.filter(jam=jam).update(eligibility=eligibility)
        jam.refresh_from_db()
        with django_assert_num_queries(1):
            assert rater_refusal(rater_in(jam, user)) == refusal, eligibility


def test_without_a_row_of_rules_everyone_with_a_confirmed_address_may():
    jam = small_jam()
    jam.rating_rules.delete()
    jam.refresh_from_db()
    assert rater_refusal(rater_in(jam, UserFactory())) is None


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (MOMENTS["announced"], No.NOT_OPEN),
        (RATINGS_OPEN - TICK, No.NOT_OPEN),
        (RATINGS_OPEN, None),
        (RATINGS_OPEN + TICK, None),
        (RATINGS_CLOSE - TICK, None),
        (RATINGS_CLOSE, No.CLOSED),
        (RATINGS_CLOSE + TICK, No.CLOSED),
        (MOMENTS["finished"], No.CLOSED),
    ],
)
def test_when_ratings_may_be_given(moment, refusal):
    jam, rater = small_jam(), UserFactory()
    submission = submissions_for(jam, rater).get(pk=frozen_submission(jam).pk)
    assert window_refusal(jam, moment) == refusal
    assert rating_refusal(rater_in(jam, rater), submission, moment) == refusal


@pytest.mark.parametrize(
    ("moment", "fixed", "judges"),
    [
        (RATINGS_OPEN - TICK, None, None),
        (RATINGS_OPEN, SettingsRefusal.FIXED, None),
        (RATINGS_CLOSE - TICK, SettingsRefusal.FIXED, None),
        (RATINGS_CLOSE, SettingsRefusal.FIXED, No.CLOSED),
    ],
)
def test_when_criteria_rules_and_judges_are_fixed(moment, fixed, judges):
    jam = JamFactory()
    assert settings_refusal(jam, moment) == fixed
    assert judges_refusal(jam, moment) == judges


def test_what_may_be_rated():
    jam, rater = small_jam(), UserFactory()
    fields = {
        None: {},
        No.OWN: {"by": rater},
        No.OUT_OF_RUNNING: {"withdrawn_at": MOMENTS["rating"]},
    }
    disqualified = {"disqualified_at": MOMENTS["rating"], "disqualification_reason": "Copied."}
    for refusal, made in [*fields.items(), (No.OUT_OF_RUNNING, disqualified)]:
        pk = frozen_submission(jam, **made).pk
        submission = submissions_for(jam, rater).get(pk=pk)
        assert rating_refusal(rater_in(jam, rater), submission, MOMENTS["rating"]) == refusal


def test_what_was_not_handed_in_is_not_there_to_be_rated():
    jam = small_jam()
    SubmissionFactory(jam=jam)
    frozen_submission(small_jam())
    assert not submissions_for(jam, UserFactory()).exists()


def test_organizers_and_judges_do_not_rate_their_own_either():
    jam = small_jam(eligibility=Who.JUDGES)
    user = person("organizer", jam)
    JudgeFactory(jam=jam, user=user)
    own = submissions_for(jam, user).get(pk=frozen_submission(jam, by=user).pk)
    assert rating_refusal(rater_in(jam, user), own, MOMENTS["rating"]) == No.OWN


def test_what_is_rated_cannot_be_skipped():
    jam, rater = small_jam(), UserFactory()
    rated, begun = frozen_submission(jam), frozen_submission(jam)
    asking = rater_in(jam, rater)
    for submission, stars, refusal in [
        (rated, (4, 5), No.ALREADY_RATED),
        (begun, (4, None), None),
    ]:
        rating = rate(submission, *stars, by=rater)
        shown = submissions_for(jam, rater).get(pk=submission.pk)
        assert skip_refusal(asking, shown, rating, MOMENTS["rating"]) == refusal
