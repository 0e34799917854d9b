"""Results: what is counted, and that it is counted once."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from jam.models import Act, Jam, User
from ratings import freezing, tasks
from ratings.models import Rating, RatingRules, Results, Standing, pseudonym
from ratings.tally.table import show
from submissions.models import Closing, Submission
from tests.factories import MOMENTS, RESULTS, TICK, JamFactory, ParticipationFactory, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
Rule = RatingRules.Rule


def places(results: Results, rule: str = Rule.MEAN, criterion: str | None = None):
    """Title, number of ratings, score as shown, and rank, in the order of the standings."""
    standings = results.standings.filter(criterion__name=criterion)
    return [
        (s.submission.frozen.title, s.n, show(s.score_by(rule)), s.rank_by(rule))
        for s in standings.select_related("submission__frozen").in_order()
    ]


@pytest.mark.parametrize(
    ("moment", "there"), [(RESULTS - TICK, False), (RESULTS, True), (RESULTS + TICK, True)]
)
def test_results_are_there_from_their_instant_on(moment, there):
    jam = small_jam()
    rate(frozen_submission(jam), 4, 4)
    assert (freezing.results_of(jam, moment) is not None) is there
    assert Results.objects.exists() is there
    assert (freezing.frozen_results(jam, moment) is not None) is there


def test_a_jam_that_is_no_longer_due_hides_its_results():
    jam = small_jam()
    assert freezing.results_of(jam, RESULTS)
    assert freezing.frozen_results(jam, RESULTS - TICK) is None


def test_a_draft_of_a_jam_has_no_results():
    jam = JamFactory(published_at=None)
    assert freezing.results_of(jam, MOMENTS["finished"]) is None
    assert not Closing.objects.exists()


def test_the_rules_on_each_criterion_and_overall():
    jam = small_jam(rule=Rule.MEAN)
    many, few, none = (frozen_submission(jam, title=title) for title in ("Many", "Few", "None"))
    for stars in [(4, 5), (4, 4), (3, 3)]:
        rate(many, *stars)
    rate(few, 4, 5)
    results = freezing.results_of(jam, RESULTS)
    assert (results.submissions, results.ratings, results.rule) == (3, 4, Rule.MEAN)
    assert places(results) == [
        ("Few", 1, "4.500", 1), ("Many", 3, "3.833", 2), ("None", 0, "–", None)
    ]  # fmt: skip
    assert places(results, criterion="A") == [
        ("Few", 1, "4.000", 1), ("Many", 3, "3.667", 2), ("None", 0, "–", None)
    ]  # fmt: skip
    assert {column["median"] for column in results.summary.values()} == {1.0}
    # The median of 3, 1 and 0 is 1, so nothing is marked down.
    assert places(results, Rule.ITCH) == places(results)
    # Nobody rated twice, so nothing is known of how strict raters are: the mean stays.
    assert places(results, Rule.ADJUSTED) == places(results)
    assert set(results.standings.filter(n__gt=0).values_list("low", flat=True)) == {None}
    assert results.standings.count() == 3 * 3


def test_few_ratings_are_marked_down_and_unranked_by_the_rules_of_the_jam():
    jam = small_jam(criteria=1, rule=Rule.ITCH, least=2)
    two, one = frozen_submission(jam, title="Two"), frozen_submission(jam, title="One")
    rate(two, 4)
    rate(two, 3)
    rate(one, 5)
    results = freezing.results_of(jam, RESULTS)
    assert (results.rule, results.least) == (Rule.ITCH, 2)
    # The median of 2 and 1 is 1.5: 5 × √(1 / 1.5).
    assert places(results, Rule.ITCH) == [("Two", 2, "3.500", 1), ("One", 1, "4.082", None)]


def test_weights_and_criteria_are_kept_as_they_were():
    jam = small_jam()
    jam.criteria.filter(name="A").update(weight=2)
    rate(frozen_submission(jam), 5, 2)
    results = freezing.results_of(jam, RESULTS)
    assert places(results)[0][2] == "4.000"
    assert [(c["name"], c["weight"]) for c in results.criteria] == [("A", "2.00"), ("B", "1.00")]


def test_equal_scores_share_a_place():
    jam = small_jam(criteria=1)
    first, second, third = (frozen_submission(jam, title=title) for title in "abc")
    for submission, stars in [(first, 4), (second, 4), (third, 3)]:
        rate(submission, stars)
    assert [place[3] for place in places(freezing.results_of(jam, RESULTS))] == [1, 1, 3]


def test_what_is_not_counted():
    jam = small_jam(criteria=1)
    judge = JudgeFactory(jam=jam).user
    counted = frozen_submission(jam, title="Counted")
    rate(counted, 3)
    rate(counted, 5, by=judge)
    rate(counted, None)
    gone, banned = frozen_submission(jam), frozen_submission(jam)
    for submission in (gone, banned):
        rate(submission, 5)
    Submission.objects.filter(pk=gone.pk).update(withdrawn_at=MOMENTS["rating"])
    Submission.objects.filter(pk=banned.pk).update(
        disqualified_at=MOMENTS["rating"], disqualification_reason="Copied."
    )
    SubmissionFactory(jam=jam, title="")
    rate(frozen_submission(small_jam(criteria=1)), 5)
    results = freezing.results_of(jam, RESULTS)
    assert (results.submissions, results.ratings) == (1, 1)
    assert places(results) == [("Counted", 1, "3.000", 1)]


def test_where_only_judges_rate_theirs_and_the_organizers_count():
    jam = small_jam(criteria=1)
    submission = frozen_submission(jam)
    organizer = UserFactory()
    jam.organizers.add(organizer)
    rate(submission, 1)
    rate(submission, 3, by=JudgeFactory(jam=jam).user)
    rate(submission, 5, by=organizer)
    RatingRules.objects.filter(jam=jam).update(eligibility=RatingRules.Eligibility.JUDGES)
    results = freezing.results_of(jam, RESULTS)
    assert results.ratings == 2
    assert places(results)[0][2] == "4.000"


def test_not_applicable_is_missing_and_not_zero():
    jam = small_jam()
    jam.criteria.filter(name="B").update(may_be_skipped=True)
    submission = frozen_submission(jam, title="One")
    rate(submission, 4, "na")
    rate(submission, 2, 5)
    results = freezing.results_of(jam, RESULTS)
    assert places(results, criterion="B") == [("One", 1, "5.000", 1)]
    assert places(results) == [("One", 2, "4.000", 1)]


def test_complete_drafts_that_nobody_closed_are_in():
    jam = small_jam()
    SubmissionFactory(jam=jam, title="Left lying")
    results = freezing.results_of(jam, RESULTS)
    assert Closing.objects.get().handed_in == 1
    assert places(results) == [("Left lying", 0, "–", None)]


def test_a_jam_without_anything_has_results_too():
    results = freezing.results_of(small_jam(criteria=0), RESULTS)
    assert (results.submissions, results.ratings) == (0, 0)
    assert set(results.summary) == {"overall"}


def test_the_digest_is_of_the_file_of_ratings():
    jam = small_jam()
    jam.criteria.filter(name="B").update(may_be_skipped=True, name='B, "b"')
    submissions = [frozen_submission(jam), frozen_submission(jam)]
    unrated = frozen_submission(jam)
    ratings = [rate(s, *stars) for s in submissions for stars in [(4, 5), (2, "na")]]
    results = freezing.results_of(jam, RESULTS)
    salt = RatingRules.of(jam).salt
    rows = sorted(
        (
            score.rating.submission_id,
            hashlib.sha256(f"{salt}:{rating.rater_id}".encode()).hexdigest()[:16],
            score.criterion.name,
            "" if score.stars is None else score.stars,
        )
        for rating in ratings
        for score in rating.scores.all()
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("submission", "rater", "criterion", "score"), *rows])
    writer.writerow((unrated.pk, "", "", ""))
    assert results.digest == hashlib.sha256(text.getvalue().encode()).hexdigest()
    assert results.seed == int(results.digest[:8], 16)


def test_pseudonyms_are_others_in_each_jam():
    rater = UserFactory()
    salts = {RatingRules.of(small_jam()).salt for _ in range(2)}
    assert len({pseudonym(rater.pk, salt) for salt in salts}) == 2


def test_results_never_change():
    jam = small_jam()
    submission = frozen_submission(jam, title="Winner")
    rating = rate(submission, 5, 5)
    results = freezing.results_of(jam, RESULTS)
    before = (places(results), results.digest)
    Submission.objects.filter(pk=submission.pk).update(withdrawn_at=MOMENTS["finished"])
    rating.scores.update(stars=1)
    User.objects.filter(pk=rating.rater_id).update(display_name="", is_active=False)
    again = freezing.results_of(jam, MOMENTS["finished"])
    assert again == results
    assert (places(again), again.digest) == before
    assert Act.objects.filter(verb="froze results").count() == 1


def test_the_newest_version_is_the_one_that_is_shown():
    jam = small_jam()
    first = freezing.results_of(jam, RESULTS)
    fields = {"rule": "mean", "least": 1, "submissions": 0, "ratings": 0, "criteria": [],
              "digest": "", "frozen_at": RESULTS}  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Results.objects.create(jam=jam, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Results.objects.create(jam=jam, version=2, **fields)
    second = Results.objects.create(jam=jam, version=2, reason="A mistake.", **fields)
    assert freezing.results_of(jam, RESULTS) == second != first


def test_a_crash_in_the_middle_leaves_nothing(monkeypatch):
    jam = small_jam()
    rate(frozen_submission(jam), 4, 4)

    def crash(results, moment):
        assert results.standings.exists()
        raise RuntimeError

    monkeypatch.setattr(freezing, "give_prizes", crash)
    with pytest.raises(RuntimeError):
        freezing.results_of(jam, RESULTS)
    for model in (Results, Standing, Closing):
        assert not model.objects.exists()
    monkeypatch.undo()
    assert freezing.results_of(jam, RESULTS).standings.count() == 3


def test_the_sweep_freezes_what_is_due_whatever_happens_to_others(at, monkeypatch):
    broken, due = small_jam(), small_jam()
    later = JamFactory(results_at=MOMENTS["finished"] + TICK)
    draft = JamFactory(published_at=None)
    work = freezing.results_of

    def results_of(jam, moment):
        if jam == broken:
            raise RuntimeError
        return work(jam, moment)

    monkeypatch.setattr(freezing, "results_of", results_of)
    at(MOMENTS["finished"])
    for _ in range(10):
        tasks.freeze_due()
    assert list(Results.objects.values_list("jam", flat=True)) == [due.pk]
    assert not Results.objects.filter(jam__in=[later, draft]).exists()


def test_the_sweep_looks_for_nothing_where_all_is_frozen(at, django_assert_num_queries):
    freezing.results_of(small_jam(), RESULTS)
    at(MOMENTS["finished"])
    with django_assert_num_queries(1):
        tasks.freeze_due()


def test_the_command_says_what_it_did(at, capsys):
    jam = small_jam()
    rate(frozen_submission(jam), 4, 4)
    with pytest.raises(CommandError, match="There is no jam at /jams/nowhere/"):
        call_command("freeze", "nowhere")
    with pytest.raises(CommandError, match="is a draft"):
        call_command("freeze", JamFactory(published_at=None).slug)
    at(MOMENTS["making"])
    with pytest.raises(CommandError, match="close at 2030-05-05 17:00 UTC"):
        call_command("freeze", jam.slug)
    at(MOMENTS["rating"])
    call_command("freeze", jam.slug)
    said = capsys.readouterr().out
    assert "1 handed in" in said
    assert "due at 2030-05-20 00:00 UTC" in said
    at(MOMENTS["finished"])
    for _ in range(2):
        call_command("freeze", jam.slug)
        assert "version 1: 1 submissions, 1 ratings" in capsys.readouterr().out


def test_with_everything_else_dead_a_visitor_makes_the_results(at, client):
    jam = small_jam()
    rate(frozen_submission(jam, title="Winner"), 4, 4)
    at(RESULTS)
    assert "“Winner” wins" in client.get(f"/jams/{jam.slug}/results/").content.decode()
    assert Results.objects.get().frozen_at == RESULTS


def test_a_large_jam_waits_for_beat(at, client, monkeypatch):
    monkeypatch.setattr(freezing, "AT_ONCE", 3)
    small, large = small_jam(), small_jam()
    rate(frozen_submission(small), 4, 4)
    submission = frozen_submission(large)
    for _ in range(2):
        rate(submission, 4, 4)
    at(RESULTS)
    for jam in (small, large):
        page = client.get(f"/jams/{jam.slug}/results/").content.decode()
        assert ("being computed" in page) is (jam == large)
    assert list(Results.objects.values_list("jam", flat=True)) == [small.pk]
    tasks.freeze_due()
    assert "wins" in client.get(f"/jams/{large.slug}/results/").content.decode()


def test_statements_of_freezing_do_not_grow(django_assert_max_num_queries):
    for size in (1, 3):
        jam = small_jam()
        for _ in range(size):
            rate(frozen_submission(jam), 4, 4)
        with django_assert_max_num_queries(33):
            freezing.results_of(jam, RESULTS)


def test_ratings_of_who_may_no_longer_rate_still_count():
    jam = small_jam(eligibility="participants")
    participation = ParticipationFactory(jam=jam)
    rate(frozen_submission(jam), 4, 4, by=participation.user)
    participation.cancelled_at = MOMENTS["rating"]
    participation.save()
    assert freezing.results_of(jam, RESULTS).ratings == 1
    assert Rating.objects.count() == 1
    assert Jam.objects.count() == 1
