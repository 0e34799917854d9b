"""The pages of results."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from jam.models import Jam
from ratings import freezing
from ratings.models import RatingRules, Results
from ratings.services import Given
from submissions.models import Submission
from tests.factories import MOMENTS, RESULTS, TICK, ParticipationFactory, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, given, rate, small_jam
from tests.ratings.test_rating_pages import text_of
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


def page_of(jam: Jam, pk: int | str = "") -> str:
    return f"/jams/{jam.slug}/results/{f'{pk}/' if pk else ''}"


@pytest.fixture
def finished(at):
    """A jam with a tie for the first place, a lower one, one that nobody rated."""
    jam = small_jam()
    made = {
        title: frozen_submission(jam, title=title) for title in ("Alpha", "Beta", "Gamma", "Delta")
    }
    for title, stars in [("Alpha", (5, 4)), ("Beta", (4, 5)), ("Gamma", (3, 3))]:
        rate(made[title], *stars)
    rate(made["Alpha"], 5, 4)
    at(RESULTS)
    jam.made = made
    return jam


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("announced", "The results are to come"),
        ("making", "The results are to come"),
        ("closing", "The results are to come"),
        ("rating", "The results are to come"),
        ("counting", "Counting"),
        ("finished", "“Work” wins"),
    ],
)
@pytest.mark.parametrize("role", ["visitor", "participant", "organizer"])
def test_the_results_in_each_phase(at, client, phase, words, role):
    jam = small_jam()
    rate(frozen_submission(jam, title="Work"), 4, 4)
    at(MOMENTS[phase])
    if role != "visitor":
        user = ParticipationFactory(jam=jam).user
        if role == "organizer":
            jam.organizers.add(user)
        client.force_login(user)
    response = client.get(page_of(jam))
    assert response.status_code == 200
    assert words in text_of(response)
    if phase == "rating":
        assert "Rate until then" in text_of(response)


@pytest.mark.parametrize(("moment", "out"), [(RESULTS - TICK, False), (RESULTS, True)])
def test_the_results_at_their_instant(at, client, moment, out):
    jam = small_jam()
    submission = frozen_submission(jam, title="Work")
    rate(submission, 4, 4)
    at(moment)
    assert ("4.000" in text_of(client.get(page_of(jam)))) is out
    response = client.get(page_of(jam, submission.pk))
    assert response.status_code == (200 if out else 302)


def rows_of(response) -> list[str]:
    body = response.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    rows = [re.sub(r"<[^>]+>", " ", row) for row in body.split("</tr>")]
    return [" ".join(row.split()) for row in rows if row.strip()]


def test_the_standings(client, finished):
    response = client.get(page_of(finished))
    said = text_of(response)
    assert "“Alpha” and “Beta” share the first place" in said
    assert "Places go by the mean of the stars" in said
    for number in ("4 submissions", "4 ratings", "75 % rated", "1.0 ratings each, mean",
                   "1 ratings each, median"):  # fmt: skip
        value, label = number.split(" ", 1) if "%" not in number else ("75 %", "rated")
        assert f"<dt>{label}</dt><dd>{value}</dd>" in response.content.decode()
    by = [s.contributors.get().user.display_name for s in finished.made.values()]
    assert rows_of(response) == [
        f"1 Alpha {by[0]} 4.500 2 4.500 · 1 4.500 · 1",
        f"1 Beta {by[1]} 4.500 1 4.500 · 1 4.500 · 1",
        f"3 Gamma {by[2]} 3.000 1 3.000 · 3 3.000 · 3",
        f"– Delta not rated {by[3]} – 0 – · – – · –",
    ]
    assert Results.objects.get().digest in said


def test_the_official_rule_leads(at, client):
    jam = small_jam(criteria=1, rule="itch")
    many, few = frozen_submission(jam, title="Many"), frozen_submission(jam, title="Few")
    for _ in range(3):
        rate(many, 4)
    rate(few, 5)
    at(RESULTS)
    response = client.get(page_of(jam))
    assert "“Many” wins" in text_of(response)
    assert "marked down where a submission has fewer ratings than the median" in text_of(response)
    assert [row.split(" ")[0:2] for row in rows_of(response)] == [["1", "Many"], ["2", "Few"]]
    # 5 × √(1 / 2), and first by the mean.
    assert rows_of(response)[1].endswith("3.536 1 5.000 · 1 5.000 · 1")


def test_each_criterion_has_a_tab(client, finished):
    first, second = finished.criteria.all()
    response = client.get(page_of(finished), {"criterion": second.pk})
    assert "Standings: B" in text_of(response)
    assert [row.split()[1] for row in rows_of(response)] == ["Beta", "Alpha", "Gamma", "Delta"]
    for junk in ("", "x", "0", "999999999999999999999999", "1 OR 1", "%00"):
        assert "Standings:" not in text_of(client.get(page_of(finished), {"criterion": junk}))


def test_withdrawn_later_keeps_row_and_place(client, finished):
    client.get(page_of(finished))
    for title, fields in [
        ("Alpha", {"withdrawn_at": RESULTS}),
        ("Gamma", {"disqualified_at": RESULTS, "disqualification_reason": "Copied."}),
    ]:
        Submission.objects.filter(pk=finished.made[title].pk).update(**fields)
    rows = rows_of(client.get(page_of(finished)))
    assert rows[0].startswith("1 Alpha withdrawn")
    assert rows[2].startswith("3 Gamma disqualified")
    for title in ("Alpha", "Gamma"):
        response = client.get(page_of(finished, finished.made[title].pk))
        assert response.status_code == 200
    assert "Read the submission" not in text_of(response)


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([], "No submission has a place"),
        ([3], "“T0” wins"),
        ([3, 3, 3], "“T0”, “T1” and “T2” share the first place"),
        ([3, 3, 3, 3], "4 submissions share the first place"),
    ],
)
def test_the_headline(at, client, scores, words):
    jam = small_jam(criteria=1)
    for number, stars in enumerate(scores):
        rate(frozen_submission(jam, title=f"T{number}"), stars)
    at(RESULTS)
    response = client.get(page_of(jam))
    assert words in text_of(response)
    if not scores:
        assert "Nothing was handed in" in text_of(response)
        # Never an empty number.
        assert "ratings each" not in text_of(response)


def test_where_nobody_rated(at, client):
    jam = small_jam()
    submission = frozen_submission(jam, title="Alone")
    at(RESULTS)
    assert "No submission has a place" in text_of(client.get(page_of(jam)))
    client.force_login(submission.contributors.get().user)
    said = text_of(client.get(page_of(jam, submission.pk)))
    assert "Nobody rated it, so it has no place." in said
    assert "It happens, most of all where raters are few." in said


def test_long_tables_have_pages(at, client):
    jam = small_jam(criteria=1)
    for _ in range(51):
        frozen_submission(jam)
    at(RESULTS)
    criterion = jam.criteria.get()
    response = client.get(page_of(jam), {"criterion": criterion.pk, "page": 2})
    assert len(rows_of(response)) == 1
    assert f"?criterion={criterion.pk}&amp;page=1" in response.content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_results(at, client, size, django_assert_num_queries):
    jam = small_jam()
    for _ in range(size):
        submission = frozen_submission(jam)
        rate(submission, 3, 3)
    at(RESULTS)
    client.get(page_of(jam))
    # Jam, results, tracks, rows, what is drawn, winners, awards, what organizers did.
    with django_assert_num_queries(8):
        client.get(page_of(jam))
    # Jam, results, submission, standings.
    with django_assert_num_queries(4):
        client.get(page_of(jam, submission.pk))


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_feedback(at, client, size, django_assert_num_queries):
    jam = small_jam()
    submission = frozen_submission(jam)
    for _ in range(size):
        rate(submission, 3, 3, strong="Good.")
    at(RESULTS)
    client.force_login(submission.contributors.get().user)
    client.get(page_of(jam))
    # Session, user, jam, participation, results, submission, standings, order of the feedback,
    # ratings, scores.
    with django_assert_num_queries(10):
        client.get(page_of(jam, submission.pk))


# -- of one submission ---------------------------------------------------------------------------


def test_how_each_number_was_computed(at, client):
    jam = small_jam(rule="itch")
    jam.criteria.filter(name="A").update(weight="2.5")
    one, many = frozen_submission(jam, title="One"), frozen_submission(jam)
    rate(one, 5, 2)
    for stars in [(1, 1), (2, 2), (2, 4)]:
        rate(many, *stars)
    at(RESULTS)
    said = text_of(client.get(page_of(jam, one.pk)))
    assert "Place 1 of 2 overall." in said
    assert "5 stars in 1 rating: 5 / 1 = 5.000." in said
    assert "1 rating is less than the median of 2: 5.000 × √(1 / 2) = 3.536." in said
    assert "(5.000 × 2.5 + 2.000 × 1) / 3.5 = 4.143." in said
    said = text_of(client.get(page_of(jam, many.pk)))
    assert "5 stars in 3 ratings: 5 / 3 = 1.667." in said
    assert "3 ratings are not fewer than the median of 2, so the mean stays: 1.667." in said


def test_the_plain_mean_of_equal_weights(client, finished):
    said = text_of(client.get(page_of(finished, finished.made["Alpha"].pk)))
    assert "The mean of the criteria: (5.000 + 4.000) / 2 = 4.500." in said


@pytest.fixture
def feedback(at):
    """A jam of which one submission has signed, unsigned, unfinished and judge's feedback."""
    jam = small_jam()
    submission = frozen_submission(jam)
    first = jam.criteria.first()
    signer, secret = (
        UserFactory(display_name="Vera Signer"), UserFactory(display_name="Ann Onymous")
    )  # fmt: skip
    rate(submission, 5, 4, by=signer, strong="<b>Bold</b> work", signed=True)
    rate(submission, 2, 1, by=secret, weak="Too short", next="Write more")
    rate(submission, 3, None, strong="unfinished words")
    judge = JudgeFactory(jam=jam, user__display_name="Jo Judge").user
    rate(submission, 3, 3, by=judge, strong="the judge's words")
    scores = given(jam, 4, 4)
    scores[first.pk] = Given(4, remark="A remark on A")
    from ratings import services

    services.save(
        submission=submission, rater=UserFactory(), scores=scores, moment=MOMENTS["rating"]
    )
    at(RESULTS)
    jam.submission = submission
    return jam


def test_what_raters_wrote_is_the_teams_and_the_organizers(client, feedback):
    submission, organizer = feedback.submission, UserFactory()
    feedback.organizers.add(organizer)
    for user in (submission.contributors.get().user, organizer, UserFactory(is_superuser=True)):
        client.force_login(user)
        response = client.get(page_of(feedback, submission.pk))
        said = text_of(response)
        assert "Vera Signer" in said
        assert "&lt;b&gt;Bold&lt;/b&gt; work" in response.content.decode()
        assert "Too short" in said
        assert "A remark on A" in said
        assert "2 stars" in said
        assert "the judge's words" in said
        assert "unfinished words" not in said
        assert "Ann Onymous" not in said
        assert "Jo Judge" not in said


def test_everybody_else_sees_scores_only(client, feedback):
    submission = feedback.submission
    rater = submission.ratings.get(rater__display_name="Vera Signer").rater
    elsewhere = frozen_submission(feedback).contributors.get().user
    for who in (None, UserFactory(), rater, elsewhere, ParticipationFactory(jam=feedback).user):
        client.logout()
        if who:
            client.force_login(who)
        said = text_of(client.get(page_of(feedback, submission.pk)))
        # 5, 2 and 4 stars; the judge's are no peer's.
        assert "3.667" in said
        assert "What raters wrote" not in said
        for words in ("Bold", "Too short", "A remark", "judge's words", "Ann Onymous"):
            assert words not in said


def test_the_order_of_unsigned_feedback_tells_nothing(at, client):
    """Neither that in which it was written nor that of the raters, and each jam has another."""
    orders = set()
    for _ in range(2):
        jam = small_jam()
        submission = frozen_submission(jam)
        for number in range(8):
            rate(submission, 3, 3, strong=f"words{number}")
        at(RESULTS)
        client.force_login(submission.contributors.get().user)
        said = text_of(client.get(page_of(jam, submission.pk)))
        order = tuple(re.findall(r"words(\d)", said))
        assert sorted(order) == list("01234567")
        orders.add(order)
        # The same at each visit.
        assert text_of(client.get(page_of(jam, submission.pk))) == said
    assert len(orders) == 2


def test_no_page_names_the_raters_of_unsigned_feedback(client, feedback):
    submission = feedback.submission
    client.force_login(submission.contributors.get().user)
    page = client.get(page_of(feedback, submission.pk)).content.decode()
    for rating in submission.ratings.filter(signed=False):
        assert f"/people/{rating.rater_id}/" not in page
        assert rating.rater.email not in page


def test_much_feedback_has_pages(at, client):
    jam = small_jam()
    submission = frozen_submission(jam)
    for _ in range(25):
        rate(submission, 3, 3)
    at(RESULTS)
    client.force_login(submission.contributors.get().user)
    response = client.get(page_of(jam, submission.pk), {"page": 2})
    assert response.content.decode().count('<article class="sheet feedback"') == 1


def test_what_was_not_in_the_running_has_no_page_but_for_its_team(at, client):
    jam = small_jam()
    gone, draft = frozen_submission(jam), SubmissionFactory(jam=jam, title="")
    rate(gone, 4, 4, strong="kept for the team")
    Submission.objects.filter(pk=gone.pk).update(withdrawn_at=MOMENTS["rating"])
    at(RESULTS)
    for pk in (gone.pk, draft.pk, frozen_submission(small_jam()).pk, 10**12):
        assert client.get(page_of(jam, pk)).status_code == 404
    client.force_login(gone.contributors.get().user)
    said = text_of(client.get(page_of(jam, gone.pk)))
    assert "It was not in the running when the ratings were counted" in said
    assert "kept for the team" in said


def test_before_the_results_every_address_leads_to_when_they_come(at, client):
    jam = small_jam()
    submission = frozen_submission(jam)
    rate(submission, 4, 4)
    for phase in ("rating", "counting"):
        at(MOMENTS[phase])
        for pk in (submission.pk, 10**12):
            assert client.get(page_of(jam, pk)).url == page_of(jam)


def test_signed_out_readers_get_no_form_and_no_session(finished):
    visitor = Client()
    for page in (page_of(finished), page_of(finished, finished.made["Alpha"].pk)):
        response = visitor.get(page)
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert not response.cookies


def test_a_corrected_version_is_shown_in_place_of_the_first(client, finished):
    first = freezing.results_of(finished, RESULTS)
    fields = {"rule": RatingRules.Rule.MEAN, "least": 1, "submissions": 0, "ratings": 0,
              "criteria": [], "digest": "0" * 64, "frozen_at": RESULTS}  # fmt: skip
    Results.objects.create(jam=finished, version=2, reason="A mistake.", **fields)
    said = text_of(client.get(page_of(finished)))
    assert "0" * 64 in said
    assert first.digest not in said
