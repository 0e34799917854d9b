"""Prizes: given by places with the results, or placed by hand; and what is shown of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from jam.models import Act
from jam.parts import Reader, submission_sections_of, with_facts
from ratings import awarding, awards, freezing
from ratings.models import Award, Conflict, Prize, RatingRules, Standing
from ratings.permissions import AwardRefusal, prizes_refusal
from submissions import freezing as submissions_freezing
from submissions.models import Submission, Track
from tests.factories import MOMENTS, RATINGS_CLOSE, RESULTS, TICK, UserFactory
from tests.jam.test_setting_up import posted
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam
from tests.ratings.test_admin import change_page, filled
from tests.ratings.test_races import race
from tests.ratings.test_rating_pages import text_of
from tests.sites.factories import LocalSiteFactory
from tests.submissions.factories import SubmissionFactory
from tests.submissions.test_services import refusal_of

pytestmark = pytest.mark.django_db
NOW = MOMENTS["counting"]
WHY = "Nobody else would have dared."
Kind = Prize.Kind
No = AwardRefusal


@pytest.fixture
def jam():
    return small_jam(criteria=1, rule=RatingRules.Rule.MEAN)


@pytest.fixture
def judge(jam):
    return JudgeFactory(jam=jam).user


def make(jam, title, *stars, **fields) -> Submission:
    """A submission with these ratings."""
    submission = frozen_submission(jam, title=title, **fields)
    for given in stars:
        rate(submission, given)
    return submission


def prize(jam, title="Prize", **fields) -> Prize:
    return Prize.objects.create(jam=jam, title=title, **fields)


def choice(jam, title="The judges’ choice", **fields) -> Prize:
    return prize(jam, title, kind=Kind.CHOICE, **fields)


def place(prize, submission, by, why=WHY, moment=NOW) -> Award:
    return awarding.place_award(prize=prize, submission=submission, by=by, why=why, moment=moment)


def winners(prize) -> set[str]:
    return set(prize.awards.values_list("submission__frozen__title", flat=True))


# -- by place --------------------------------------------------------------------------------


def test_those_who_share_a_place_share_its_prize(jam):
    for title, stars in [("A", 5), ("B", 4), ("C", 4), ("D", 2)]:
        make(jam, title, stars)
    make(jam, "Unrated")
    prizes = [prize(jam, f"Place {n}", place=n) for n in (1, 2, 3, 4, 5)]
    results = freezing.results_of(jam, RESULTS)
    assert [winners(each) for each in prizes] == [{"A"}, {"B", "C"}, set(), {"D"}, set()]
    assert {award.results for award in Award.objects.all()} == {results}
    assert {award.given_at for award in Award.objects.all()} == {RESULTS}


def test_a_prize_of_a_track_goes_by_the_places_in_it(jam):
    first, other = (Track.objects.create(jam=jam, name=name) for name in ("First", "Other"))
    empty = Track.objects.create(jam=jam, name="Empty")
    make(jam, "A", 5, track=other)
    make(jam, "B", 4, track=first)
    make(jam, "C", 3, track=first)
    make(jam, "Unrated", track=first)
    make(jam, "In none", 5)
    best, second, of_other = (
        prize(jam, kind=Kind.TRACK, track=track, place=place)
        for track, place in [(first, 1), (first, 2), (other, 1)]
    )
    of_none = prize(jam, kind=Kind.TRACK, track=empty)
    freezing.results_of(jam, RESULTS)
    assert [winners(p) for p in (best, second, of_other, of_none)] == [{"B"}, {"C"}, {"A"}, set()]


def test_the_best_of_a_local_site_goes_by_where_it_was_made(jam):
    here, there = LocalSiteFactory(jam=jam), LocalSiteFactory(jam=jam)
    make(jam, "Online", 5)
    make(jam, "A", 4, site=here)
    make(jam, "B", 4, site=here)
    make(jam, "C", 3, site=here)
    moved = make(jam, "Moved", 5, site=there)
    submissions_freezing.close(jam, MOMENTS["closing"])
    # The draft may say something else; what was handed in was made there.
    Submission.objects.filter(pk=moved.pk).update(site=here)
    best = prize(jam, kind=Kind.SITE, site=here)
    freezing.results_of(jam, RESULTS)
    assert winners(best) == {"A", "B"}


def test_with_too_few_ratings_there_is_no_prize(jam):
    RatingRules.objects.filter(jam=jam).update(least=2)
    make(jam, "One", 5)
    make(jam, "Two", 3, 3)
    first = prize(jam)
    freezing.results_of(jam, RESULTS)
    assert winners(first) == {"Two"}


def test_prizes_by_choice_are_not_given_by_places(jam):
    make(jam, "A", 5)
    choice(jam)
    freezing.results_of(jam, RESULTS)
    assert not Award.objects.exists()


def test_a_new_version_has_awards_of_its_own(jam):
    first, second = make(jam, "A", 5), make(jam, "B", 4)
    best = prize(jam)
    old = freezing.results_of(jam, RESULTS)
    Submission.objects.filter(pk=first.pk).update(
        disqualified_at=RESULTS, disqualification_reason="Copied."
    )
    new = freezing.keep(jam, version=2, moment=RESULTS, reason="A was copied.")
    assert [award.submission for award in old.awards.all()] == [first]
    assert [award.submission for award in new.awards.all()] == [second]
    assert [won.submission for won in awards.awards_of(old)] == [first.pk]
    assert [won.submission for won in awards.awards_of(new)] == [second.pk]
    assert awards.titles_won(second) == [best.title]
    assert awards.titles_won(first) == []


@pytest.mark.parametrize("kind", [Kind.TRACK, Kind.SITE])
def test_a_prize_names_what_it_is_for(jam, kind):
    with pytest.raises(ValidationError, match="Name the"):
        Prize(jam=jam, title="X", kind=kind).validate_constraints()
    with transaction.atomic(), pytest.raises(IntegrityError):
        prize(jam, kind=kind)


# -- by hand ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["judge", "organizer", "superuser"])
def test_judges_and_organizers_place_awards_with_a_reason(jam, judge, who):
    organizer = UserFactory()
    jam.organizers.add(organizer)
    by = {"judge": judge, "organizer": organizer}.get(who) or UserFactory(is_superuser=True)
    chosen = make(jam, "A")
    award = place(choice(jam), chosen, by, why=f" {WHY} ")
    assert (award.submission, award.given_by, award.given_at) == (chosen, by, NOW)
    assert (award.results, award.why) == (None, WHY)
    act = Act.objects.get(verb="placed an award")
    assert (act.actor, act.reason, act.after) == (by, WHY, {"prize": "The judges’ choice"})
    assert act.target_id == str(chosen.pk)


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (MOMENTS["rating"], No.NOT_CLOSED),
        (RATINGS_CLOSE - TICK, No.NOT_CLOSED),
        (RATINGS_CLOSE, None),
        (RESULTS, None),
        (MOMENTS["finished"], None),
    ],
)
def test_from_the_end_of_rating_on(jam, judge, moment, refusal):
    asked = {"prize": choice(jam), "submission": make(jam, "A"), "by": judge, "why": WHY}
    if refusal is None:
        assert place(**asked, moment=moment)
    else:
        assert refusal_of(awarding.place_award, **asked, moment=moment) == refusal


def own(jam, judge):
    return make(jam, "A", by=judge)


def in_conflict(jam, judge):
    submission = make(jam, "A")
    Conflict.objects.create(submission=submission, rater=judge, kind="close", declared_at=NOW)
    return submission


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        (own, No.OWN),
        (in_conflict, No.CONFLICT),
        (lambda jam, judge: make(jam, "A", withdrawn_at=NOW), No.OUT_OF_RUNNING),
        (
            lambda jam, judge: make(jam, "A", disqualified_at=NOW, disqualification_reason="?"),
            No.OUT_OF_RUNNING,
        ),
        (lambda jam, judge: SubmissionFactory(jam=jam), No.OUT_OF_RUNNING),
        (lambda jam, judge: make(small_jam(), "Elsewhere"), No.OUT_OF_RUNNING),
    ],
)
def test_what_is_not_given_an_award(jam, judge, chosen, refusal):
    asked = {"prize": choice(jam), "submission": chosen(jam, judge), "by": judge, "why": WHY}
    assert refusal_of(awarding.place_award, **asked, moment=NOW) == refusal
    assert not Award.objects.exists()


def test_other_reasons_why_none_is_placed(jam, judge):
    by_choice, submission = choice(jam), make(jam, "A")
    asked = {"prize": by_choice, "submission": submission, "by": judge, "why": WHY, "moment": NOW}

    def refused(**changed):
        return refusal_of(awarding.place_award, **(asked | changed))

    assert refused(by=UserFactory(is_staff=True)) == No.NOT_JUDGE
    assert refused(by=JudgeFactory().user) == No.NOT_JUDGE
    assert refused(by=submission.contributors.get().user) == No.NOT_JUDGE
    assert refused(why=" \n") == No.NO_REASON
    assert refused(prize=prize(jam)) == No.NOT_BY_CHOICE
    place(by_choice, submission, judge)
    assert refused() == No.ALREADY
    # Another one may share it, and it may win another prize.
    place(by_choice, make(jam, "B"), judge)
    place(choice(jam, "Another"), submission, judge)


def test_an_award_is_taken_back(jam, judge):
    colleague = JudgeFactory(jam=jam).user
    award = place(choice(jam), make(jam, "A"), judge)
    take_back = {"award": award, "moment": NOW}
    stranger = UserFactory()
    assert refusal_of(awarding.take_back_award, by=stranger, **take_back) == No.NOT_JUDGE
    awarding.take_back_award(by=colleague, **take_back)
    assert not Award.objects.exists()
    act = Act.objects.get(verb="took back an award")
    assert (act.actor, act.before) == (colleague, {"prize": "The judges’ choice", "why": WHY})
    assert refusal_of(awarding.take_back_award, by=colleague, **take_back) == No.GONE


def test_an_award_by_place_is_not_taken_back(jam, judge):
    make(jam, "A", 5)
    prize(jam)
    freezing.results_of(jam, RESULTS)
    refusal = refusal_of(
        awarding.take_back_award, award=Award.objects.get(), by=judge, moment=RESULTS
    )
    assert refusal == No.NOT_BY_CHOICE


def test_a_placed_award_has_a_reason_and_a_person_and_is_there_once(jam, judge):
    fields = {"prize": choice(jam), "submission": make(jam, "A"), "given_at": NOW}
    for wrong in ({"given_by": judge}, {"why": WHY}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Award.objects.create(**fields, **wrong)
    Award.objects.create(**fields, given_by=judge, why=WHY)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Award.objects.create(**fields, given_by=judge, why="Again.")


# -- the page on which they are placed -------------------------------------------------------


def page_of(jam) -> str:
    return f"/jams/{jam.slug}/rate/awards/"


@pytest.mark.parametrize("phase", ["announced", "making", "closing", "rating"])
def test_before_the_end_of_rating_the_page_says_when(at, client, jam, judge, phase):
    choice(jam)
    at(MOMENTS[phase])
    client.force_login(judge)
    response = client.get(page_of(jam))
    assert response.status_code == 403
    assert "once rating has closed" in text_of(response)


@pytest.mark.parametrize("phase", ["counting", "finished"])
def test_a_judge_places_and_takes_back(at, client, jam, judge, phase):
    by_choice, submission = choice(jam, what="A pony", giver="The zoo"), make(jam, "Alpha", 4)
    make(jam, "Gone", withdrawn_at=NOW)
    prize(jam, "By place")
    at(MOMENTS[phase])
    client.force_login(judge)
    page = client.get(page_of(jam))
    said = text_of(page)
    assert "A pony · given by The zoo" in said
    assert "Not placed yet" in said
    assert ("Nobody else sees" in said) is (phase == "counting")
    assert "Gone" not in page.content.decode()
    assert "By place" not in said
    posted = {"act": "place", "prize": by_choice.pk, "submission": submission.pk, "why": WHY}
    done = client.post(page_of(jam), posted, follow=True)
    assert "The award is placed" in text_of(done)
    assert WHY in text_of(done)
    again = client.post(page_of(jam), posted)
    assert again.status_code == 422
    assert "It has this prize already" in text_of(again)
    taken = client.post(
        page_of(jam), {"act": "take_back", "award": Award.objects.get(given_by=judge).pk},
        follow=True,
    )  # fmt: skip
    assert "The award is taken back" in text_of(taken)
    assert not Award.objects.filter(given_by=judge).exists()


@pytest.mark.parametrize("missing", ["prize", "submission", "why"])
def test_what_is_missing_is_said_and_the_words_stay(at, client, jam, judge, missing):
    posted = {"prize": choice(jam).pk, "submission": make(jam, "Alpha").pk, "why": WHY}
    at(NOW)
    client.force_login(judge)
    response = client.post(page_of(jam), {**posted, missing: ""})
    assert response.status_code == 422
    assert "This field is required" in text_of(response)
    assert (WHY in text_of(response)) is (missing != "why")
    assert not Award.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "9" * 40, "-1"])
def test_an_award_that_is_not_there(at, client, jam, judge, number):
    at(NOW)
    client.force_login(judge)
    asked = client.post(page_of(jam), {"act": "take_back", "award": number}, follow=True)
    assert "not there any more" in text_of(asked)


def test_an_award_of_another_jam_is_not_taken_back(at, client, jam, judge):
    other = small_jam()
    award = place(choice(other), make(other, "A"), JudgeFactory(jam=other).user)
    at(NOW)
    client.force_login(judge)
    client.post(page_of(jam), {"act": "take_back", "award": award.pk})
    assert Award.objects.exists()


def test_of_many_submissions_those_that_are_searched_for_can_be_chosen(
    at, client, jam, judge, monkeypatch
):
    monkeypatch.setattr("ratings.forms.MOST_CHOICES", 2)
    choice(jam)
    for title in ("Alpha", "Beta", "Gamma"):
        make(jam, title)
    at(NOW)
    client.force_login(judge)
    page = client.get(page_of(jam))
    assert "The first 2 are there to choose from" in text_of(page)
    assert "Gamma" not in text_of(page)
    found = text_of(client.get(page_of(jam), {"q": "GAM\0"}))
    assert "1 found" in found
    assert "Gamma" in found
    assert "Alpha" not in found


def test_where_no_prize_goes_by_choice_the_page_says_so(at, client, jam, judge):
    at(NOW)
    client.force_login(judge)
    assert "No prize of this jam goes by choice" in text_of(client.get(page_of(jam)))


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_page(at, client, jam, judge, size, django_assert_num_queries):
    for number in range(size):
        place(choice(jam, f"Prize {number}"), make(jam, f"Work {number}"), judge)
    at(NOW)
    client.force_login(judge)
    client.get(page_of(jam))
    # Session, user, jam, rater, organizer, prizes, awards, submissions, participation, prizes to
    # choose from.
    with django_assert_num_queries(9):
        client.get(page_of(jam))


@pytest.mark.parametrize("phase", ["rating", "counting", "finished"])
def test_the_way_there(at, client, jam, judge, phase):
    choice(jam)
    at(MOMENTS[phase])
    for user in (judge, UserFactory()):
        client.force_login(user)
        linked = page_of(jam) in client.get(f"/jams/{jam.slug}/rate/").content.decode()
        assert linked is (user == judge and phase != "rating")
        stepped = page_of(jam) in client.get(f"/jams/{jam.slug}/").content.decode()
        assert stepped is (user == judge and phase == "counting")


# -- what is shown -----------------------------------------------------------------------------


@pytest.fixture
def won(jam, judge):
    """A jam whose prizes are won by place, by track and by choice."""
    track = Track.objects.create(jam=jam, name="Plants")
    jam.alpha = make(jam, "Alpha", 5, track=track)
    jam.beta = make(jam, "Beta", 3)
    prize(jam, "First", what="A cup", giver="The club", order=1)
    prize(jam, "Best of plants", kind=Kind.TRACK, track=track, order=2)
    place(choice(jam, order=3), jam.beta, judge)
    prize(jam, "Third", place=3, order=4)
    return jam


def test_the_awards_of_results_in_order(won):
    results = freezing.results_of(won, RESULTS)
    found = awards.awards_of(results)
    assert [(w.prize.title, w.card.title, w.why, w.by_choice) for w in found] == [
        ("First", "Alpha", "", False),
        ("Best of plants", "Alpha", "", False),
        ("The judges’ choice", "Beta", WHY, True),
    ]
    assert [w.prize.for_what for w in found] == [
        "Place 1 overall",
        "Place 1 in the track “Plants”",
        "Chosen by the judges and the organizers",
    ]
    assert (found[0].prize.place, found[1].prize.place) == (1, None)
    assert found[0].url == f"/jams/{won.slug}/results/{won.alpha.pk}/"
    assert found[2].url == f"/jams/{won.slug}/submissions/{won.beta.pk}/"


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_awards(jam, size, django_assert_num_queries):
    make(jam, "Alpha", 5)
    for number in range(size):
        prize(jam, f"Prize {number}")
    results = freezing.results_of(jam, RESULTS)
    with django_assert_num_queries(1):
        assert len(awards.awards_of(results)) == size


@pytest.mark.parametrize(
    ("field", "moment", "is_shown"),
    [
        ("withdrawn_at", RESULTS - TICK, False),
        ("withdrawn_at", RESULTS, True),
        ("disqualified_at", RESULTS, False),
    ],
)
def test_what_was_chosen_is_told_as_long_as_it_is_there(won, field, moment, is_shown):
    results = freezing.results_of(won, RESULTS)
    Submission.objects.filter(pk=won.beta.pk).update(
        **{field: moment}, disqualification_reason="Copied."
    )
    assert (won.beta.pk in [w.submission for w in awards.awards_of(results)]) is is_shown


def test_a_place_keeps_its_prize_and_says_what_has_become_of_it(won):
    results = freezing.results_of(won, RESULTS)
    Submission.objects.filter(pk=won.alpha.pk).update(
        disqualified_at=RESULTS, disqualification_reason="Copied."
    )
    card = awards.awards_of(results)[0].card
    assert (card.title, card.state, card.cover_url) == ("Alpha", "disqualified", "")


def test_the_include_shows_them_by_prize(won):
    make(won, "Also alpha", 5)
    shown = awards.awards_of(freezing.results_of(won, RESULTS))
    page = render_to_string("ratings/_awards.html", {"awards": shown})
    assert page.count('<h3 dir="auto">First</h3>') == 1
    assert page.count("Also alpha") == 1
    assert "A cup" in page
    assert "given by The club" in page
    assert WHY in page
    assert render_to_string("ratings/_awards.html", {"awards": []}).strip() == ""
    hostile = [replace(won, why="<script>") for won in shown]
    assert "<script>" not in render_to_string("ratings/_awards.html", {"awards": hostile})


@pytest.mark.parametrize(("moment", "is_shown"), [(RESULTS - TICK, False), (RESULTS, True)])
def test_the_page_of_a_submission_says_what_it_has_won(at, client, won, moment, is_shown):
    at(moment)
    for submission, title in [(won.alpha, "First"), (won.beta, "The judges’ choice")]:
        page = client.get(f"/jams/{won.slug}/submissions/{submission.pk}/")
        assert (f"Won: {title}" in text_of(page)) is is_shown


@pytest.mark.parametrize(("moment", "is_shown"), [(RESULTS - TICK, False), (RESULTS, True)])
def test_the_page_of_a_local_site_says_what_was_won_there(
    at, client, settings, jam, judge, moment, is_shown, django_assert_max_num_queries
):
    settings.PAGE_CACHE_SECONDS = 10
    here, there = LocalSiteFactory(jam=jam), LocalSiteFactory(jam=jam)
    make(jam, "Alpha", 5, site=here)
    beta = make(jam, "Beta", 3, site=there)
    prize(jam, "First", order=1)
    place(choice(jam, order=2), beta, judge)
    at(moment)
    client.force_login(jam.organizers.first() or UserFactory())
    client.get(here.get_absolute_url())
    with django_assert_max_num_queries(10):
        page = text_of(client.get(here.get_absolute_url()))
    assert ("First Alpha" in page, "Beta" in page) == (is_shown, False)
    page = text_of(client.get(there.get_absolute_url()))
    assert ("The judges’ choice Beta" in page) is is_shown


def test_results_that_are_no_longer_due_show_no_award(won):
    freezing.results_of(won, RESULTS)
    jam = with_facts(type(won).objects).get(pk=won.pk)
    for moment, number in [(RESULTS - TICK, 0), (RESULTS, 2)]:
        sections = submission_sections_of(jam, won.alpha, Reader(UserFactory(), moment))
        assert [len(s.context["titles"]) for s in sections if s.anchor == "won"] == (
            [number] if number else []
        )


@pytest.mark.parametrize("phase", ["announced", "making", "rating", "counting"])
def test_nobody_else_sees_a_placed_award_before_the_results(at, client, won, phase):
    at(MOMENTS[phase])
    for user in (None, won.beta.contributors.get().user):
        if user:
            client.force_login(user)
        for page in ("", "submissions/", f"submissions/{won.beta.pk}/", "results/", "rate/"):
            assert WHY not in client.get(f"/jams/{won.slug}/{page}").content.decode()
        assert client.get(page_of(won)).status_code == (403 if user else 302)


@pytest.mark.parametrize("phase", ["announced", "rating", "finished"])
def test_the_page_of_the_jam_lists_its_prizes(at, client, won, phase):
    at(MOMENTS[phase])
    said = text_of(client.get(f"/jams/{won.slug}/"))
    assert "Prizes First A cup Place 1 overall · given by The club Best of plants" in said


def test_a_jam_without_prizes_has_no_such_section(at, client, jam):
    at(NOW)
    assert 'id="prizes"' not in client.get(f"/jams/{jam.slug}/").content.decode()


# -- setting them up -----------------------------------------------------------------------------


@pytest.mark.parametrize(("moment", "is_fixed"), [(RESULTS - TICK, False), (RESULTS, True)])
def test_prizes_are_fixed_once_the_results_are_out(at, client, jam, moment, is_fixed):
    organizer = UserFactory(is_staff=True)
    jam.organizers.add(organizer)
    track = Track.objects.create(jam=jam, name="Plants")
    Track.objects.create(jam=small_jam(), name="Elsewhere")
    prize(jam, "First")
    assert (prizes_refusal(jam, moment) is not None) is is_fixed
    at(RESULTS - TICK)
    client.force_login(organizer)
    shown = client.get(change_page(jam))
    assert "Elsewhere" not in shown.content.decode()
    posted = filled(shown) | {
        "prizes-TOTAL_FORMS": 2, "prizes-0-title": "Changed", "prizes-1-title": "New",
        "prizes-1-kind": "track", "prizes-1-track": track.pk, "prizes-1-place": 1,
        "prizes-1-order": 0, "prizes-1-jam": jam.pk,
    }  # fmt: skip
    at(moment)
    client.force_login(organizer)
    response = client.post(change_page(jam), posted)
    assert response.status_code == 302, response.context["errors"]
    titles = set(jam.prizes.values_list("title", flat=True))
    assert titles == ({"First"} if is_fixed else {"Changed", "New"})


def test_a_prize_keeps_the_place_that_it_is_for_wherever_it_is_listed(at, client, jam):
    """The place in the list is none of a prize: two may be for the first."""
    organizer = UserFactory()
    jam.organizers.add(organizer)
    track = Track.objects.create(jam=jam, name="Plants")
    prize(jam, "First")
    prize(jam, "First of plants", kind="track", track=track, order=1)
    at(NOW)
    client.force_login(organizer)
    url = f"/jams/{jam.slug}/set-up/prizes/"
    assert client.post(url, posted(client, url)).status_code == 302
    assert not Act.objects.filter(verb="changed").exists()
    third = {"title": "Third", "place": "3", "position": "1"}
    assert client.post(url, posted(client, url, {}, {}, third)).status_code == 302
    found = jam.prizes.values_list("title", "place")
    assert list(found) == [("Third", 3), ("First", 1), ("First of plants", 1)]
    # Without a place, it is for the first.
    response = client.post(url, posted(client, url, {"place": ""}))
    assert response.status_code == 422
    assert "Say which place" in text_of(response)


def test_the_admin_says_what_a_prize_of_a_track_lacks(at, client, jam):
    prize(jam, "First")
    at(NOW)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    posted = filled(client.get(change_page(jam))) | {"prizes-0-kind": "track"}
    response = client.post(change_page(jam), posted)
    assert response.status_code == 200
    assert "Name the track" in text_of(response)


# -- tracks in the standings ---------------------------------------------------------------------


def test_the_standings_of_a_track(client, at, jam):
    first, other = (Track.objects.create(jam=jam, name=name) for name in ("First", "Other"))
    Track.objects.create(jam=jam, name="Empty")
    for title, stars, track in [
        ("A", 5, other), ("B", 4, first), ("C", 3, first), ("D", 3, first), ("E", 2, first),
        ("In none", 5, None),
    ]:  # fmt: skip
        make(jam, title, stars, track=track)
    make(jam, "Unrated", track=first)
    results = freezing.results_of(jam, RESULTS)
    found = Standing.objects.filter(results=results).of_track(first)
    assert [(s.submission.frozen.title, s.track_rank, s.rank) for s in found] == [
        ("B", 1, 3), ("C", 2, 4), ("D", 2, 4), ("E", 4, 6), ("Unrated", None, None)
    ]  # fmt: skip
    assert [s.submission.frozen.title for s in results.standings.of_track(other)] == ["A"]
    assert list(awards.tracks_of(results)) == [first, other]
    # Drawn and listed are the same places; on a criterion there are the jam's alone.
    at(RESULTS)
    on_criterion = f"&criterion={results.criteria[0]['id']}"
    for more, places, words in [("", [1, 2, 2, 4], "in the track"),
                                (on_criterion, [3, 4, 4, 6], "in the whole jam")]:  # fmt: skip
        response = client.get(f"/jams/{jam.slug}/results/?track={first.pk}{more}")
        labels = [mark.label for mark in response.context["plot"].marks]
        assert [f"Place {n}:" for n in places] == [" ".join(x.split()[:2]) for x in labels]
        assert [row.rank for row in response.context["rows"]] == [*places, None]
        assert f"Places are those {words}." in response.content.decode()


def test_moving_afterwards_changes_no_standing(jam):
    first, other = (Track.objects.create(jam=jam, name=name) for name in ("First", "Other"))
    submission = make(jam, "A", 5, track=first)
    results = freezing.results_of(jam, RESULTS)
    Submission.objects.filter(pk=submission.pk).update(track=other)
    assert results.standings.of_track(first).get().submission == submission


# -- races ---------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_judges_who_place_the_same_at_once_place_it_once():
    jam = small_jam()
    judges = [JudgeFactory(jam=jam).user for _ in range(6)]
    by_choice, chosen = choice(jam), make(jam, "A")
    outcomes = race(*[lambda by=by: place(by_choice, chosen, by) for by in judges])
    assert sum(isinstance(outcome, Award) for outcome in outcomes) == 1
    assert {getattr(o, "refusal", None) for o in outcomes} == {None, No.ALREADY}
    assert Award.objects.count() == 1
