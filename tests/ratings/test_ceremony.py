"""The ceremony: what is revealed, in which order, and to whom."""

from __future__ import annotations

import re

import pytest

from ratings import awarding, freezing
from ratings.ceremony import reveals_of
from ratings.models import Prize, RatingRules, Results, Standing
from submissions.models import Submission, Track
from tests.factories import MOMENTS, RESULTS, TICK, ParticipationFactory, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam
from tests.ratings.test_rating_pages import text_of

pytestmark = pytest.mark.django_db
Rule = RatingRules.Rule


def page_of(jam) -> str:
    return f"/jams/{jam.slug}/results/ceremony/"


def played(*stars: int, **rules) -> tuple:
    """A jam with a submission for each number of stars, named by them in turn, and its results."""
    jam = small_jam(criteria=1, **{"rule": Rule.MEAN, **rules})
    jam.made = []
    for number, given in enumerate(stars):
        submission = frozen_submission(jam, title=f"Work {number}")
        if given:
            rate(submission, given)
        jam.made.append(submission)
    return jam


def results_of(jam) -> Results:
    return freezing.results_of(jam, RESULTS)


def told(reveals) -> list[tuple[str, str]]:
    return [(reveal.head, reveal.card.title) for reveal in reveals]


def test_the_places_come_from_the_last_to_the_first():
    reveals = reveals_of(results_of(played(3, 5, 4, 0)))
    assert told(reveals) == [("Place 3", "Work 0"), ("Place 2", "Work 2"), ("Place 1", "Work 1")]
    assert [reveal.is_first for reveal in reveals] == [False, False, True]
    assert [reveal.opens_first for reveal in reveals] == [False, False, True]
    assert reveals[-1].score == "Score 5.000"


def test_those_who_share_the_first_place_have_one_beginning():
    reveals = reveals_of(results_of(played(5, 5, 4)))
    assert [reveal.rank for reveal in reveals] == [3, 1, 1]
    assert [reveal.opens_first for reveal in reveals] == [False, True, False]


@pytest.mark.parametrize(("places", "ranks"), [(1, [1]), (2, [2, 2, 1]), (4, [4, 2, 2, 1])])
def test_as_many_places_as_are_asked_for(places, ranks):
    results = results_of(played(5, 4, 4, 3, 2))
    assert [reveal.rank for reveal in reveals_of(results, places)] == ranks


def test_however_many_share_a_place_the_page_stays_small(monkeypatch):
    monkeypatch.setattr("ratings.ceremony.MOST_REVEALS", 3)
    assert [r.rank for r in reveals_of(results_of(played(5, 4, 4, 4, 4)))] == [2, 2, 1]


def test_awards_come_first_and_those_of_a_place_with_the_place():
    jam = played(5, 4, 3)
    track = Track.objects.create(jam=jam, name="Plants")
    Submission.objects.filter(pk=jam.made[2].pk).update(track=track)
    for title, fields in [
        ("First", {"place": 1}),
        ("Third", {"place": 3}),
        ("Best of plants", {"kind": "track", "track": track}),
    ]:
        Prize.objects.create(jam=jam, title=title, **fields)
    by_choice = Prize.objects.create(jam=jam, title="Choice", kind="choice", what="A cup", order=1)
    awarding.place_award(
        prize=by_choice, submission=jam.made[1], by=JudgeFactory(jam=jam).user,
        why="It dares.", moment=MOMENTS["counting"],
    )  # fmt: skip
    results = results_of(jam)
    reveals = reveals_of(results)
    assert told(reveals) == [
        ("Choice", "Work 1"),
        ("Best of plants", "Work 2"),
        ("Place 3", "Work 2"),
        ("Place 2", "Work 1"),
        ("Place 1", "Work 0"),
    ]
    assert [reveal.prizes for reveal in reveals[2:]] == [("Wins: Third",), (), ("Wins: First",)]
    assert reveals[0].why == "It dares."
    assert reveals[0].lead == "Chosen by the judges and the organizers · A cup"
    # A prize for a place that is not among those shown comes with the awards.
    assert told(reveals_of(results, 1)) == [
        ("Choice", "Work 1"), ("Best of plants", "Work 2"), ("Third", "Work 2"),
        ("Place 1", "Work 0"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "low", "interval"),
    [
        (Rule.ADJUSTED, 3.5, "with 90 % certainty between 3.500 and 4.500"),
        (Rule.ADJUSTED, None, ""),
        (Rule.MEAN, 3.5, ""),
        (Rule.ITCH, 3.5, ""),
    ],
)
def test_the_score_has_its_interval_where_the_rule_tells_it(rule, low, interval):
    results = results_of(played(4, rule=rule))
    Standing.objects.filter(results=results).update(low=low, high=low and 4.5)
    (reveal,) = reveals_of(results)
    assert (reveal.score, reveal.interval) == ("Score 4.000", interval)
    names = reveal.card.names
    score = f"Score 4.000, {interval}" if interval else "Score 4.000"
    assert reveal.said == f"Place 1: Work 0, by {names}. {score}."


@pytest.mark.parametrize("field", ["withdrawn_at", "disqualified_at"])
def test_a_place_stays_whatever_becomes_of_it(field):
    jam = played(4)
    results = results_of(jam)
    Submission.objects.filter(pk=jam.made[0].pk).update(
        **{field: RESULTS}, disqualification_reason="Copied."
    )
    (reveal,) = reveals_of(results)
    assert reveal.card.state == field.removesuffix("_at")


# -- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "status"),
    [("announced", 302), ("making", 302), ("closing", 302), ("rating", 302), ("counting", 302),
     ("finished", 200)],
)  # fmt: skip
@pytest.mark.parametrize("role", ["visitor", "participant", "organizer"])
def test_the_ceremony_in_each_phase(at, client, phase, status, role):
    jam = played(4)
    at(MOMENTS[phase])
    if role != "visitor":
        user = ParticipationFactory(jam=jam).user
        if role == "organizer":
            jam.organizers.add(user)
        client.force_login(user)
    response = client.get(page_of(jam))
    assert response.status_code == status
    if status == 302:
        assert response["Location"] == f"/jams/{jam.slug}/results/"


@pytest.mark.parametrize(("moment", "status"), [(RESULTS - TICK, 302), (RESULTS, 200)])
def test_the_ceremony_at_its_instant(at, client, moment, status):
    jam = played(4)
    at(moment)
    assert client.get(page_of(jam)).status_code == status


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 10), ("3", 3), ("30", 30), ("31", 30), ("9999", 30), ("0", 1), ("-1", 10), ("x", 10)],
)
def test_the_number_of_places_in_the_address(at, client, asked, number):
    jam = played(*[1 + n % 5 for n in range(5)])
    results = results_of(jam)
    overall = results.standings.filter(criterion=None)
    base = overall.get(rank=1)
    for rank in range(6, 36):
        submission = frozen_submission(jam, title=f"More {rank}")
        Standing.objects.create(results=results, submission=submission, n=1, raw=1.0,
                                mean_rank=rank, rank=rank)  # fmt: skip
    at(RESULTS)
    response = client.get(page_of(jam), {"places": asked} if asked else {})
    assert [r.rank for r in response.context["reveals"]] == list(range(number, 0, -1))
    assert base.submission.frozen.title in response.content.decode()
    assert len(response.content) < 150_000


def test_without_scripts_it_is_a_closed_list_in_the_order_of_revealing(at, client):
    jam = played(5, 4)
    at(RESULTS)
    page = client.get(page_of(jam)).content.decode()
    assert re.findall(r"<summary>(.*?)</summary>", page) == ["Place 2", "Place 1"]
    assert "<details open" not in page
    # What is before the first reveal is only for those who go on by keys.
    assert re.search(r'<li class="beat"[^>]* hidden>', page)
    shown = re.sub(r"<details>.*?</details>", "", page, flags=re.S)
    assert "Work" not in text_of_html(shown)


def text_of_html(page: str) -> str:
    """What stands on the page, without attributes."""
    return re.sub(r"<[^>]+>", " ", page)


def test_who_shares_the_first_place_is_announced_so(at, client):
    for stars, words in [((5, 4), "The first place goes to"), ((5, 5), "is shared by")]:
        jam = played(*stars)
        at(RESULTS)
        assert words in text_of(client.get(page_of(jam)))


def test_where_nothing_has_a_place_there_is_nothing_to_reveal(at, client):
    jam = played(0)
    at(RESULTS)
    page = client.get(page_of(jam))
    assert "No submission has a place" in text_of(page)
    assert "data-next" not in page.content.decode()


def test_titles_are_text(at, client):
    jam = small_jam(criteria=1)
    rate(frozen_submission(jam, title='"><script>alert(1)</script>' * 3), 4)
    at(RESULTS)
    page = client.get(page_of(jam)).content.decode()
    assert "<script>alert" not in page
    assert 'class="is-long' in page


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_ceremony(at, client, size, django_assert_num_queries):
    jam = played(*range(1, size + 1))
    for place in range(1, size + 1):
        Prize.objects.create(jam=jam, title=f"Prize {place}", place=place)
    at(RESULTS)
    client.get(page_of(jam))
    # Jam, results, standings, awards.
    with django_assert_num_queries(4):
        client.get(page_of(jam))
    client.force_login(UserFactory())
    # Session, user and participation besides.
    with django_assert_num_queries(6):
        client.get(page_of(jam))
