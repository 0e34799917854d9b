"""Criteria that are for judges alone, and the judges' verdict beside the peers'."""

from __future__ import annotations

import pytest

from ratings import freezing, services
from ratings.models import Criterion, Judge, Rating, RatingRules, Score, Standing
from ratings.permissions import RatingRefusal
from ratings.raters import criteria_for, rater_in
from ratings.services import Given
from tests.factories import MOMENTS, RESULTS, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, small_jam
from tests.ratings.test_rating_pages import text_of
from tests.ratings.test_results_pages import page_of

pytestmark = pytest.mark.django_db
NOW = MOMENTS["rating"]
Who = RatingRules.Eligibility


def judged_jam(**rules):
    """A jam with criteria A and B for everybody, and C for judges."""
    jam = small_jam(criteria=3, rule=RatingRules.Rule.MEAN, **rules)
    jam.criteria.filter(name="C").update(judges_only=True)
    jam.a, jam.b, jam.c = jam.criteria.all()
    return jam


@pytest.fixture
def jam():
    return judged_jam()


@pytest.fixture
def judge(jam):
    return JudgeFactory(jam=jam).user


def give(submission, by=None, **stars) -> services.Saved:
    """A rating with stars by the names of the criteria."""
    named = {criterion.name: criterion.pk for criterion in submission.jam.criteria.all()}
    scores = {named[name]: Given(stars=number) for name, number in stars.items()}
    return services.save(
        submission=submission, rater=by or UserFactory(), scores=scores, moment=NOW
    )


# -- who gives which -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "eligibility", "names"),
    [
        ("peer", Who.VERIFIED, "AB"),
        ("participant", Who.PARTICIPANTS, "AB"),
        ("organizer", Who.VERIFIED, "AB"),
        ("judge", Who.VERIFIED, "ABC"),
        ("judge elsewhere", Who.VERIFIED, "AB"),
        ("judge", Who.JUDGES, "ABC"),
        ("organizer", Who.JUDGES, "ABC"),
    ],
)
def test_which_criteria_someone_gives_stars_on(who, eligibility, names):
    jam = judged_jam(eligibility=eligibility)
    user = UserFactory()
    if who == "judge":
        JudgeFactory(jam=jam, user=user)
    elif who == "judge elsewhere":
        JudgeFactory(user=user)
    elif who == "organizer":
        jam.organizers.add(user)
    assert [criterion.name for criterion in criteria_for(rater_in(jam, user))] == list(names)


@pytest.mark.parametrize(
    ("who", "stars", "missing"),
    [
        ("peer", {"A": 3, "B": 4}, ""),
        ("peer", {"A": 3}, "B"),
        ("peer", {"A": 3, "C": 5}, "B"),
        ("judge", {"A": 3, "B": 4}, "C"),
        ("judge", {"A": 3, "B": 4, "C": 5}, ""),
        ("judge", {"C": 5}, "AB"),
    ],
)
def test_when_a_rating_is_complete(jam, judge, who, stars, missing):
    saved = give(frozen_submission(jam), judge if who == "judge" else None, **stars)
    assert [criterion.name for criterion in saved.missing] == list(missing)
    assert saved.rating.is_complete is (not missing)


def test_what_a_rater_gives_on_a_criterion_for_judges_is_not_kept(jam):
    saved = give(frozen_submission(jam), A=3, B=4, C=5)
    assert set(saved.rating.scores.values_list("criterion__name", "stars")) == {("A", 3), ("B", 4)}


def test_where_only_judges_rate_every_criterion_is_for_all_who_do():
    jam = judged_jam(eligibility=Who.JUDGES)
    organizer = UserFactory()
    jam.organizers.add(organizer)
    submission = frozen_submission(jam)
    assert not give(submission, organizer, A=3, B=4).rating.is_complete
    assert give(submission, organizer, A=3, B=4, C=5).rating.is_complete
    give(submission, JudgeFactory(jam=jam).user, A=1, B=2, C=3)
    results = freezing.results_of(jam, RESULTS)
    assert [c["judges_only"] for c in results.criteria] == [False] * 3
    overall = results.standings.get(criterion=None)
    assert (overall.n, overall.raw) == (2, 3.0)
    assert (overall.judges_n, overall.judges_mean) == (0, None)


def test_a_jam_whose_criteria_are_all_for_judges_takes_no_others(jam):
    jam.criteria.update(judges_only=True)
    assert not give(frozen_submission(jam), A=3, B=4, C=5).rating.is_complete


# -- the judges' verdict, apart ------------------------------------------------------------------


@pytest.fixture
def verdicts(jam, judge):
    """Peers and judges who differ: (standing on a criterion or overall, of a title)."""
    second = JudgeFactory(jam=jam).user
    alpha, beta, gamma = (frozen_submission(jam, title=t) for t in ("Alpha", "Beta", "Gamma"))
    give(alpha, A=5, B=5)
    give(beta, A=3, B=3)
    give(gamma, A=1, B=1)
    give(alpha, judge, A=1, B=2, C=3)
    give(alpha, second, A=1, B=2, C=1)
    give(beta, judge, A=5, B=5, C=5)
    # A judge's draft does not count either.
    give(gamma, judge, A=5, B=5)
    results = freezing.results_of(jam, RESULTS)
    results.rows = {
        (s.criterion and s.criterion.name, s.submission.frozen.title): s
        for s in results.standings.select_related("criterion", "submission__frozen")
    }
    return results


def test_the_judges_are_counted_beside_the_peers(verdicts):
    told = {
        key: (s.n, s.raw, s.rank, s.judges_n, s.judges_mean, s.judges_rank)
        for key, s in verdicts.rows.items()
    }
    assert told == {
        ("A", "Alpha"): (1, 5.0, 1, 2, 1.0, 2),
        ("A", "Beta"): (1, 3.0, 2, 1, 5.0, 1),
        ("A", "Gamma"): (1, 1.0, 3, 0, None, None),
        ("B", "Alpha"): (1, 5.0, 1, 2, 2.0, 2),
        ("B", "Beta"): (1, 3.0, 2, 1, 5.0, 1),
        ("B", "Gamma"): (1, 1.0, 3, 0, None, None),
        ("C", "Alpha"): (0, None, None, 2, 2.0, 2),
        ("C", "Beta"): (0, None, None, 1, 5.0, 1),
        ("C", "Gamma"): (0, None, None, 0, None, None),
        (None, "Alpha"): (1, 5.0, 1, 2, pytest.approx(5 / 3), 2),
        (None, "Beta"): (1, 3.0, 2, 1, 5.0, 1),
        (None, "Gamma"): (1, 1.0, 3, 0, None, None),
    }


def test_the_results_tell_which_criteria_were_for_judges(verdicts):
    assert [(c["name"], c["judges_only"]) for c in verdicts.criteria] == [
        ("A", False), ("B", False), ("C", True)
    ]  # fmt: skip
    # The file is the peers'.
    assert (verdicts.ratings, verdicts.raters) == (3, 3)


def test_where_no_judge_has_rated_nothing_is_told_of_theirs(jam):
    submission = frozen_submission(jam)
    give(submission, A=4, B=4)
    results = freezing.results_of(jam, RESULTS)
    assert [c["name"] for c in results.criteria] == ["A", "B"]
    assert not Standing.objects.filter(criterion=jam.c).exists()
    assert set(results.standings.values_list("judges_n", "judges_mean")) == {(0, None)}


def test_who_was_a_judge_counts_as_a_peer_on_the_peers_criteria(jam, judge):
    submission = frozen_submission(jam)
    give(submission, judge, A=2, B=4, C=5)
    Judge.objects.all().delete()
    results = freezing.results_of(jam, RESULTS)
    overall = results.standings.get(criterion=None)
    assert (overall.n, overall.raw, overall.judges_n) == (1, 3.0, 0)


# -- the pages -----------------------------------------------------------------------------------


def form_of(submission, name="") -> str:
    return f"/jams/{submission.jam.slug}/rate/{submission.pk}/{name}"


def posted(jam, *stars) -> dict[str, str]:
    return {
        f"stars_{criterion.pk}": str(n)
        for criterion, n in zip(jam.criteria.all(), stars, strict=False)
    }


@pytest.mark.parametrize("who", ["peer", "organizer", "judge"])
def test_who_sees_the_criterion_on_the_form(at, client, jam, judge, who):
    submission, user = frozen_submission(jam), judge if who == "judge" else UserFactory()
    if who == "organizer":
        jam.organizers.add(user)
    at(NOW)
    client.force_login(user)
    sees = who == "judge"
    page = client.get(form_of(submission))
    assert (f'name="stars_{jam.c.pk}"' in page.content.decode()) is sees
    assert ("for judges" in text_of(page)) is sees
    assert ("Stars are wanted for: A, B, C" in text_of(page)) is sees
    # Also not where the form comes back.
    wrong = client.post(form_of(submission), {f"stars_{jam.a.pk}": "9"})
    assert wrong.status_code == 422
    assert (f'name="stars_{jam.c.pk}"' in wrong.content.decode()) is sees


@pytest.mark.parametrize("name", ["", "autosave/"])
def test_posting_it_all_the_same_changes_nothing(at, client, jam, name):
    submission = frozen_submission(jam)
    at(NOW)
    client.force_login(UserFactory())
    data = posted(jam, 3, 4, 5) | {f"remark_{jam.c.pk}": "Smuggled in."}
    assert client.post(form_of(submission, name), data).status_code in (200, 302)
    assert Rating.objects.get().is_complete
    assert not Score.objects.filter(criterion=jam.c).exists()


@pytest.mark.parametrize(("stars", "is_complete"), [((3, 4), False), ((3, 4, 5), True)])
def test_a_judge_must_give_it(at, client, jam, judge, stars, is_complete):
    submission = frozen_submission(jam)
    at(NOW)
    client.force_login(judge)
    done = client.post(form_of(submission), posted(jam, *stars), follow=True)
    assert Rating.objects.get().is_complete is is_complete
    assert ("no stars yet for C" in text_of(done)) is not is_complete


def test_the_desk_counts_the_criteria_of_the_rater(at, client, jam, judge):
    submission, peer = frozen_submission(jam), UserFactory()
    at(NOW)
    for user, words in [(peer, "1 of 2 criteria"), (judge, "1 of 3 criteria")]:
        give(submission, user, A=3)
        client.force_login(user)
        assert words in text_of(client.get(f"/jams/{jam.slug}/rate/"))


@pytest.mark.parametrize(("eligibility", "is_marked"), [(Who.VERIFIED, True), (Who.JUDGES, False)])
def test_the_page_of_the_jam_marks_it(at, client, jam, eligibility, is_marked):
    RatingRules.objects.filter(jam=jam).update(eligibility=eligibility)
    at(NOW)
    assert ("C for judges Question 2?" in text_of(client.get(f"/jams/{jam.slug}/"))) is is_marked


def test_statements_of_autosaving(at, client, jam, judge, django_assert_max_num_queries):
    submission = frozen_submission(jam)
    at(NOW)
    for user in (judge, UserFactory()):
        client.force_login(user)
        client.post(form_of(submission, "autosave/"), posted(jam, 3))
        with django_assert_max_num_queries(16):
            client.post(form_of(submission, "autosave/"), posted(jam, 3, 4))


def test_the_pages_of_results_can_be_opened_where_judges_have_rated(client, at, jam, verdicts):
    at(RESULTS)
    alpha = verdicts.rows[None, "Alpha"].submission
    for page in (page_of(jam), page_of(jam, alpha.pk), f"{page_of(jam)}?criterion={jam.c.pk}"):
        assert client.get(page).status_code == 200
    client.force_login(alpha.contributors.get().user)
    assert client.get(page_of(jam, alpha.pk)).status_code == 200


def test_a_criterion_for_judges_has_their_places_and_nobody_is_said_to_be_unrated(
    client, at, jam, verdicts
):
    at(RESULTS)
    response = client.get(f"{page_of(jam)}?criterion={jam.c.pk}")
    rows = [(r.rank, r.title, r.score, r.n, r.state, r.others) for r in response.context["rows"]]
    assert rows == [
        (1, "Beta", 5.0, 1, "", ()),
        (2, "Alpha", 2.0, 2, "", ()),
        (None, "Gamma", None, 0, "unrated", ()),
    ]
    assert [mark.label for mark in response.context["plot"].marks][0].startswith("Place 1: Beta")
    said = response.content.decode()
    assert "Judges’ mean" in said
    assert "median" not in said.split("Equal scores share a place.")[1].split("</p>")[0]
    beta = verdicts.rows[None, "Beta"].submission
    said = client.get(page_of(jam, beta.pk)).content.decode()
    assert "1 judge gave it 5.000 stars: place 1 by the judges." in said
    assert "Nobody rated it." not in said


def test_a_peer_is_refused_where_only_judges_rate(at, client):
    jam = judged_jam(eligibility=Who.JUDGES)
    at(NOW)
    client.force_login(UserFactory())
    response = client.get(form_of(frozen_submission(jam)))
    assert response.status_code == 403
    assert str(RatingRefusal.NOT_JUDGE.label) in text_of(response)


def test_new_jams_have_no_criterion_for_judges(jam):
    assert not Criterion.objects.filter(jam=small_jam(), judges_only=True).exists()
