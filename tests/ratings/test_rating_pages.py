"""The pages on which people rate."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from ratings import freezing, services
from ratings.models import Rating, Skip
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    RATINGS_OPEN,
    RESULTS,
    TICK,
    ParticipationFactory,
    UserFactory,
)
from tests.ratings.factories import frozen_submission, given, rate, small_jam

pytestmark = pytest.mark.django_db
NOW = MOMENTS["rating"]
LATER = NOW + timedelta(minutes=5)


def text_of(response) -> str:
    """What a page says, without tags."""
    body = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(body))


def fields(jam, *stars, **words) -> dict[str, str]:
    """What the browser posts."""
    posted = {"strong": "", "weak": "", "next": "", **words}
    for criterion, value in zip(jam.criteria.all(), stars, strict=True):
        posted[f"remark_{criterion.pk}"] = ""
        if value is not None:
            posted[f"stars_{criterion.pk}"] = str(value)
    return posted


@pytest.fixture
def jam():
    return small_jam()


@pytest.fixture
def rater(at, client):
    at(NOW)
    user = UserFactory()
    client.force_login(user)
    return user


def desk(jam) -> str:
    return f"/jams/{jam.slug}/rate/"


# -- the desk ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("announced", "Rating has not opened yet"),
        ("making", "Rating has not opened yet"),
        ("closing", "Rating has not opened yet"),
        ("rating", None),
        ("counting", "Rating has closed"),
        ("finished", "Rating has closed"),
    ],
)
@pytest.mark.parametrize("role", ["visitor", "participant", "contributor", "organizer"])
def test_the_desk_in_each_phase(at, client, jam, phase, words, role):
    own = frozen_submission(jam)
    frozen_submission(jam)
    at(MOMENTS[phase])
    if role != "visitor":
        user = own.contributors.get().user if role == "contributor" else UserFactory()
        if role == "participant":
            ParticipationFactory(jam=jam, user=user)
        if role == "organizer":
            jam.organizers.add(user)
        client.force_login(user)
    response = client.get(desk(jam))
    assert response.status_code == 200
    expected = words or ("Sign in to rate" if role == "visitor" else "Rate your first submission")
    assert expected in text_of(response)
    if role == "visitor":
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert "sessionid" not in response.cookies


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (RATINGS_OPEN - TICK, "Rating has not opened yet"),
        (RATINGS_OPEN, "Rate your first submission"),
        (RATINGS_CLOSE - TICK, "Rate your first submission"),
        (RATINGS_CLOSE, "Rating has closed"),
    ],
)
def test_the_desk_at_the_boundaries(at, client, jam, moment, words):
    frozen_submission(jam)
    at(moment)
    client.force_login(UserFactory())
    assert words in text_of(client.get(desk(jam)))


def test_what_becomes_of_ratings_is_told_before_the_first(client, jam, rater):
    submission = frozen_submission(jam)
    page = client.get(desk(jam)).content.decode()
    assert re.search(r'class="becomes sheet" open>', page)
    assert "If at least ten people rate, the scores are published" in page
    assert "What becomes of your rating" in text_of(client.get(f"{desk(jam)}{submission.pk}/"))
    rate(submission, 3, 3, by=rater)
    assert not re.search(r'class="becomes sheet" open>', client.get(desk(jam)).content.decode())


def test_the_desk_shows_progress_what_is_incomplete_and_what_was_skipped(client, jam, rater):
    done, begun, skipped, gone = (
        frozen_submission(jam, title=title) for title in ("Done", "Begun", "Skipped", "Gone")
    )
    rate(done, 3, 3, by=rater)
    rate(begun, 3, None, by=rater)
    rate(gone, 3, None, by=rater)
    services.skip(submission=skipped, rater=rater, moment=NOW)
    type(gone).objects.filter(pk=gone.pk).update(withdrawn_at=NOW)
    response = client.get(desk(jam))
    said = text_of(response)
    assert "1 of 3 rated" in said
    assert "Begun incomplete: does not count yet 1 of 2 criteria" in said
    assert "Done complete" in said
    assert "Gone not in the running any more" in said
    assert said.index("Begun") < said.index("Done complete")
    assert "Put it back in my queue : Skipped" in said
    # One primary button.
    assert response.content.decode().count("btn-primary") == 1


def test_others_see_nothing_of_it(at, client, jam, rater):
    rate(frozen_submission(jam, title="Mine alone"), 3, 3, by=rater)
    client.force_login(UserFactory())
    assert "Mine alone" not in text_of(client.get(desk(jam)))


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_desk(client, jam, rater, size, django_assert_num_queries):
    for number in range(size):
        rate(frozen_submission(jam), 3, number or None, by=rater)
        services.skip(submission=frozen_submission(jam), rater=rater, moment=NOW)
        frozen_submission(jam)
    # The first visit closes the submissions.
    client.get(desk(jam))
    # Session, user, jam, participation, rater, ratings (2), progress, criteria, skips.
    with django_assert_num_queries(9):
        client.get(desk(jam))


def test_statements_of_the_desk_for_a_visitor(at, client, jam, django_assert_num_queries):
    at(NOW)
    client.get(desk(jam))
    # The jam, its rules.
    with django_assert_num_queries(2):
        client.get(desk(jam))


def test_long_lists_have_pages(client, jam, rater):
    for _ in range(25):
        rate(frozen_submission(jam), 3, 3, by=rater)
    assert "Page 1 of 2" in text_of(client.get(desk(jam)))
    assert "Page 2 of 2" in text_of(client.get(desk(jam) + "?page=99"))


# -- drawing -------------------------------------------------------------------------------------


def test_the_next_one(client, jam, rater):
    submission = frozen_submission(jam)
    response = client.post(f"{desk(jam)}next/")
    assert response.url == f"{desk(jam)}{submission.pk}/"
    assert Rating.objects.get().from_queue
    # Coming back goes on where one stopped.
    assert client.post(f"{desk(jam)}next/").url == response.url
    client.post(response.url, fields(jam, 4, 4) | {"then": "stay"})
    response = client.post(f"{desk(jam)}next/", follow=True)
    assert response.redirect_chain[-1][0] == desk(jam)
    assert "There is nothing left in your queue" in text_of(response)
    assert "You have rated all that there is for you" in text_of(response)


def test_signing_in_in_between_leads_back_to_the_desk(at, client, jam):
    at(NOW)
    response = client.post(f"{desk(jam)}next/")
    assert response.url == f"/accounts/login/?next={desk(jam)}next/"
    client.force_login(UserFactory())
    assert client.get(f"{desk(jam)}next/").url == desk(jam)


@pytest.mark.parametrize("moment", [RATINGS_OPEN - TICK, RATINGS_CLOSE])
def test_drawing_when_rating_is_not_open(at, client, jam, moment):
    frozen_submission(jam)
    at(moment)
    client.force_login(UserFactory())
    response = client.post(f"{desk(jam)}next/", follow=True)
    assert response.redirect_chain[-1][0] == desk(jam)
    assert not Rating.objects.exists()


# -- one submission ------------------------------------------------------------------------------


def test_the_work_and_the_form_are_side_by_side(client, jam, rater):
    submission = frozen_submission(jam, title="The work", body="We looked *inside*.")
    rate(submission, 4, None, by=rater, strong="so far")
    response = client.get(f"{desk(jam)}{submission.pk}/")
    page, said = response.content.decode(), text_of(response)
    assert "We looked <em>inside</em>." in page
    assert "does not count yet. Stars are missing for: B." in said
    assert "so far" in page
    first, second = jam.criteria.all()
    assert re.search(rf'name="stars_{first.pk}" id="stars_{first.pk}-4"[^>]* checked', page)
    assert not re.search(rf'name="stars_{second.pk}"[^>]* checked', page)
    assert f'data-autosave-url="{desk(jam)}{submission.pk}/autosave/"' in page


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_form(client, rater, size, django_assert_num_queries):
    jam = small_jam(criteria=size)
    submission = frozen_submission(jam)
    rate(submission, *[3] * size, by=rater)
    for _ in range(size):
        frozen_submission(jam)
    client.get(desk(jam))
    # Session, user, jam, participation, submission, rater, rating with scores (2), criteria,
    # progress.
    with django_assert_num_queries(10):
        client.get(f"{desk(jam)}{submission.pk}/")


def test_saving_and_going_on(client, jam, rater):
    first, second = frozen_submission(jam, title="First"), frozen_submission(jam, title="Second")
    url = f"{desk(jam)}{first.pk}/"
    response = client.post(url, fields(jam, 4, 5, strong="S", signed="on") | {"then": "next"})
    assert response.url == f"{desk(jam)}{second.pk}/"
    rating = Rating.objects.get(submission=first)
    assert (rating.strong, rating.signed, rating.is_complete) == ("S", True, True)
    assert [score.stars for score in rating.scores.all()] == [4, 5]
    assert "Saved. Your rating of “First” counts." in text_of(client.get(response.url))


def test_saving_and_staying(client, jam, rater):
    submission = frozen_submission(jam)
    url = f"{desk(jam)}{submission.pk}/"
    response = client.post(url, fields(jam, 4, None) | {"then": "stay"}, follow=True)
    assert response.redirect_chain[-1][0] == url
    assert "has no stars yet for B." in text_of(response)
    client.post(url, fields(jam, 4, 4))
    response = client.post(url, fields(jam, 4, None), follow=True)
    assert "It counted before, and does not count now." in text_of(response)


def test_an_incomplete_one_is_left_and_comes_back(client, jam, rater):
    first, second = frozen_submission(jam, title="First"), frozen_submission(jam, title="Second")
    posted = fields(jam, 4, None) | {"then": "next"}
    assert client.post(f"{desk(jam)}{first.pk}/", posted).url == f"{desk(jam)}{second.pk}/"
    posted = fields(jam, 4, 4) | {"then": "next"}
    assert client.post(f"{desk(jam)}{second.pk}/", posted).url == f"{desk(jam)}{first.pk}/"


def test_the_statements_of_a_save(client, jam, rater, django_assert_max_num_queries):
    submission = frozen_submission(jam)
    url = f"{desk(jam)}{submission.pk}/"
    for data in (fields(jam, 4, None), fields(jam, 4, 4)):
        # Session, user, submission with jam, criteria; savepoint, lock with rater, submission,
        # rating, the place taken by a new one, its writing, scores, release.
        with django_assert_max_num_queries(12):
            assert client.post(f"{url}autosave/", data).status_code == 200


def test_autosave_answers_as_the_script_expects(client, jam, rater, at):
    submission = frozen_submission(jam)
    url = f"{desk(jam)}{submission.pk}/autosave/"
    answer = client.post(url, fields(jam, 4, None, weak="W", version="")).json()
    rating = Rating.objects.get()
    assert answer["saved_at"] == answer["version"] == rating.saved_at.isoformat()
    assert "Stars are missing for: B." in re.sub(r"\s+", " ", answer["html"]["#missing"])
    at(LATER)
    answer = client.post(url, fields(jam, 4, 1, weak="W", version=answer["version"])).json()
    assert "Complete: it counts" in answer["html"]["#missing"]
    stale = client.post(url, fields(jam, 5, 5, version=NOW.isoformat()))
    assert stale.status_code == 409
    assert "another window" in stale.json()["error"]
    assert Rating.objects.get().weak == "W"


def test_words_typed_in_a_stale_window_come_back_and_can_be_put_over(client, jam, rater, at):
    submission = frozen_submission(jam)
    rate(submission, 4, 4, by=rater, weak="stored")
    url = f"{desk(jam)}{submission.pk}/"
    at(LATER)
    response = client.post(url, fields(jam, 5, 5, weak="typed", version="an older one"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "typed</textarea>" in page
    version = re.search(r'name="version" value="([^"]+)"', page).group(1)
    posted = fields(jam, 5, 5, weak="typed", version=html.unescape(version))
    assert client.post(url, posted).status_code == 302
    assert Rating.objects.get().weak == "typed"


def test_what_was_typed_too_late_comes_back(at, client, jam):
    submission, user = frozen_submission(jam), UserFactory()
    at(RATINGS_CLOSE)
    client.force_login(user)
    response = client.post(f"{desk(jam)}{submission.pk}/", fields(jam, 4, 4, weak="my words"))
    assert response.status_code == 403
    assert "my words" in response.content.decode()
    assert "Rating has closed. What you typed is below" in text_of(response)
    autosave = client.post(f"{desk(jam)}{submission.pk}/autosave/", fields(jam, 4, 4))
    assert (autosave.status_code, autosave.json()) == (403, {"error": "Rating has closed."})
    assert not Rating.objects.exists()


def test_what_was_typed_for_a_submission_that_was_withdrawn_comes_back(client, jam, rater):
    submission = frozen_submission(jam, withdrawn_at=NOW, body="the secret body")
    response = client.post(f"{desk(jam)}{submission.pk}/", fields(jam, 4, 4, weak="my words"))
    assert response.status_code == 403
    assert "my words" in response.content.decode()
    assert "the secret body" not in response.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"weak": "x" * 10_001}, {"stars": "6"}, {"stars": "na"}, {"remark": "x" * 1001}]
)
def test_what_cannot_be_stored_comes_back_with_the_reason(client, jam, rater, wrong):
    submission = frozen_submission(jam)
    criterion = jam.criteria.first()
    posted = fields(jam, 4, 4, strong="my words")
    for name, value in wrong.items():
        posted[name if name == "weak" else f"{name}_{criterion.pk}"] = value
    url = f"{desk(jam)}{submission.pk}/"
    response = client.post(url, posted)
    assert response.status_code == 422
    assert "my words" in response.content.decode()
    assert "invalid-feedback" in response.content.decode()
    answer = client.post(f"{url}autosave/", posted)
    assert (answer.status_code, "error" in answer.json()) == (422, True)
    assert not Rating.objects.exists()


def test_who_may_not_rate_is_told_why(at, client, jam):
    own = frozen_submission(jam)
    user = own.contributors.get().user
    other, gone = frozen_submission(jam), frozen_submission(jam, withdrawn_at=NOW)
    client.force_login(user)
    for moment, submission, status, words in [
        (RATINGS_OPEN - TICK, other, 403, "Rating has not opened yet."),
        (RATINGS_OPEN, own, 403, "This is your own submission. Others rate it."),
        (RATINGS_OPEN, gone, 404, ""),
        (RATINGS_OPEN, other, 200, ""),
        (RATINGS_CLOSE, other, 403, "Rating has closed."),
    ]:
        at(moment)
        client.force_login(user)
        response = client.get(f"{desk(jam)}{submission.pk}/")
        assert response.status_code == status
        assert words in text_of(response)
    elsewhere = frozen_submission(small_jam())
    assert client.get(f"{desk(jam)}{elsewhere.pk}/").status_code == 404
    assert client.post(f"{desk(jam)}{elsewhere.pk}/").status_code == 404


def test_after_rating_has_closed_ones_own_can_be_read(at, client, jam, rater):
    submission = frozen_submission(jam)
    rate(submission, 4, 2, by=rater, strong="I wrote this.")
    at(RATINGS_CLOSE)
    client.force_login(rater)
    assert f"{desk(jam)}{submission.pk}/" in client.get(desk(jam)).content.decode()
    response = client.get(f"{desk(jam)}{submission.pk}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "I wrote this." in page
    assert "Rating has closed." in text_of(response)
    assert "data-autosave-url" not in page
    assert "Save and next" not in page
    assert page.count("<fieldset") == page.count("data-stars disabled") == 2


def test_drafts_of_jams_and_other_peoples_ratings_are_not_there(at, client):
    jam = small_jam()
    submission = frozen_submission(jam)
    type(jam).objects.filter(pk=jam.pk).update(published_at=None)
    at(NOW)
    client.force_login(UserFactory())
    for page in ("", "next/", f"{submission.pk}/", "../results/"):
        assert client.get(f"{desk(jam)}{page}").status_code == 404
    for page in (f"{submission.pk}/", f"{submission.pk}/autosave/", f"{submission.pk}/skip/"):
        assert client.post(f"{desk(jam)}{page}", {}).status_code == 404
    assert not Rating.objects.exists()


# -- skipping ------------------------------------------------------------------------------------


def test_skipping_leads_on_and_can_be_undone(client, jam, rater):
    first, second = frozen_submission(jam, title="First"), frozen_submission(jam, title="Second")
    page = client.get(f"{desk(jam)}{first.pk}/").content.decode()
    assert "Only the organizers read it" in html.unescape(page)
    url = f"{desk(jam)}{first.pk}/"
    response = client.post(f"{url}skip/", {"reason": "a friend's"})
    assert response.url == f"{desk(jam)}{second.pk}/"
    assert Skip.objects.get().reason == "a friend's"
    assert "a friend" not in client.get(desk(jam)).content.decode()
    response = client.post(f"{url}unskip/", follow=True)
    assert "It is in your queue again." in text_of(response)
    assert not Skip.objects.exists()


def test_skipping_what_cannot_be_skipped(client, jam, rater):
    submission = frozen_submission(jam)
    url = f"{desk(jam)}{submission.pk}/"
    assert client.post(f"{url}skip/", {"reason": "x" * 501}).url == url
    rate(submission, 4, 4, by=rater)
    response = client.post(f"{url}skip/", follow=True)
    assert "You have rated this one already." in text_of(response)
    assert "You have not skipped this one." in text_of(client.post(f"{url}unskip/", follow=True))
    assert not Skip.objects.exists()


@pytest.mark.parametrize("page", ["1/", "1/autosave/", "1/skip/", "1/unskip/", "next/"])
def test_only_who_is_signed_in_rates(at, jam, page):
    at(NOW)
    response = Client().post(f"{desk(jam)}{page}")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


# -- the jam's page and a submission's -----------------------------------------------------------


def overview(client, jam) -> str:
    return text_of(client.get(f"/jams/{jam.slug}/"))


def test_the_overview_has_the_criteria_who_rates_and_the_rule(at, client):
    jam = small_jam(rule="itch", least=3, eligibility="participants")
    at(MOMENTS["announced"])
    said = overview(client, jam)
    assert "A Question 0?" in said
    assert "Who may rate: participants" in said
    assert "games-jam rule" in said
    assert "With fewer than 3 ratings there is no place." in said
    assert "Rate from Sun 5 May Results from Mon 20 May" in said


def test_a_jam_without_criteria_has_no_such_section(at, client):
    at(MOMENTS["announced"])
    assert "Who may rate" not in overview(client, small_jam(criteria=0))


def test_the_next_step_while_rating(at, client):
    jam = small_jam(target=2)
    own = frozen_submission(jam)
    others = [frozen_submission(jam) for _ in range(3)]
    contributor = own.contributors.get().user
    at(NOW)
    assert "Everyone may rate." in overview(client, jam)
    client.force_login(contributor)
    assert "Rate the next one: 0 of 2" in overview(client, jam)
    assert "Others are rating your submission." in overview(client, jam)
    rate(others[0], 3, 3, by=contributor)
    assert "Rate the next one: 1 of 2" in overview(client, jam)
    rate(others[1], 3, 3, by=contributor)
    assert "2 rated, and thank you. Rate one more?" in overview(client, jam)
    rate(others[2], 3, 3, by=contributor)
    assert "You have rated all that there is for you" in overview(client, jam)
    assert "3 ratings given" in overview(client, jam).replace("ratings given 3", "3 ratings given")
    client.force_login(UserFactory(verified=False))
    assert "Confirm your e-mail address first." in overview(client, jam)


def test_the_next_step_with_nothing_to_rate(at, client, jam):
    at(NOW)
    client.force_login(UserFactory())
    assert "There is nothing for you to rate" in overview(client, jam)


def test_the_next_step_afterwards(at, client, jam):
    own = frozen_submission(jam, title="My work")
    at(RESULTS)
    assert "The results are out" in overview(client, jam)
    client.force_login(own.contributors.get().user)
    page = client.get(f"/jams/{jam.slug}/")
    assert "Where “My work” stands" in text_of(page)
    assert f"/jams/{jam.slug}/results/{own.pk}/" in page.content.decode()


def test_the_next_step_while_a_large_jam_is_counted(at, client, jam, monkeypatch):
    monkeypatch.setattr(freezing, "AT_ONCE", 0)
    rate(frozen_submission(jam), 4, 4)
    at(RESULTS)
    assert "The results are being computed." in overview(client, jam)


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("phase", ["rating", "finished"])
def test_statements_of_the_overview(at, client, size, phase, django_assert_max_num_queries):
    jam = small_jam(criteria=size)
    own = [frozen_submission(jam) for _ in range(size)]
    for _ in range(size):
        rate(frozen_submission(jam), *[3] * size)
    at(MOMENTS[phase])
    client.force_login(own[0].contributors.get().user)
    client.get(f"/jams/{jam.slug}/")
    with django_assert_max_num_queries(10):
        client.get(f"/jams/{jam.slug}/")


def test_a_submission_leads_to_rating_it(at, client, jam):
    submission = frozen_submission(jam)
    page = f"/jams/{jam.slug}/submissions/{submission.pk}/"
    way = f"{desk(jam)}{submission.pk}/"
    at(NOW)
    assert way not in client.get(page).content.decode()
    client.force_login(UserFactory())
    assert way in client.get(page).content.decode()
    client.force_login(UserFactory(verified=False))
    assert way not in client.get(page).content.decode()
    rate(submission, 4, 4)
    rate(submission, 4, None)
    client.force_login(submission.contributors.get().user)
    assert "1 rating so far." in text_of(client.get(page))
    at(RESULTS)
    for who in (Client(), client):
        assert f"/jams/{jam.slug}/results/{submission.pk}/" in who.get(page).content.decode()


def test_scores_are_given_by_the_criterions_id(jam):
    assert set(given(jam, 1, 2)) == {criterion.pk for criterion in jam.criteria.all()}
