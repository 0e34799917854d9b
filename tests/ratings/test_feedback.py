"""What raters gave and wrote reaches the authors, who answer once; appeals; practice; hints."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jam.errors import Refused
from jam.models import Act, Message
from jam.timeline import SETTLING
from ratings import feedback, services, tasks
from ratings.hints import hints_for
from ratings.models import Anchor, Answer, Appeal, Example, Helpful, Practice, RatingRules
from ratings.permissions import FeedbackRefusal
from tests.factories import MOMENTS, RATINGS_CLOSE, RESULTS, START, TICK, JamFactory, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam

pytestmark = pytest.mark.django_db
COUNTING = MOMENTS["counting"]
COUNTED = RATINGS_CLOSE + SETTLING


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def refusal_of(act, **kwargs) -> FeedbackRefusal | None:
    try:
        act(**kwargs)
    except Refused as refused:
        return refused.refusal
    return None


@pytest.fixture
def world():
    """A rated submission, its author, its raters (the first one signed), an organizer."""

    class World:
        def __init__(self, **rules):
            self.jam = small_jam(**rules)
            self.author, self.organizer = UserFactory(), UserFactory()
            self.jam.organizers.add(self.organizer)
            self.submission = frozen_submission(self.jam, title="Ours", by=self.author)
            self.raters = [UserFactory(display_name=f"Rater {name}") for name in "XYZ"]
            self.ratings = [
                rate(
                    self.submission, stars, 4, by=rater, strong=f"Words {stars}", signed=stars == 5
                )
                for stars, rater in zip((5, 4, 4), self.raters, strict=True)
            ]
            self.own = f"/jams/{self.jam.slug}/rate/own/{self.submission.pk}/"
            self.appeals = f"/jams/{self.jam.slug}/rate/appeals/"

    return World


# -- release -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_hand", "released_at", "moment", "seen"),
    [
        (False, None, RESULTS - TICK, False),
        (False, None, RESULTS, True),
        (True, None, RESULTS, False),
        (True, COUNTED, COUNTED, True),
        (True, COUNTED, RESULTS, True),
    ],
)
def test_when_authors_read_it(at, client, world, by_hand, released_at, moment, seen):
    w = world(feedback="by_hand" if by_hand else "results", feedback_released_at=released_at)
    rules = RatingRules.of(w.jam)
    assert feedback.is_released(w.jam, rules, moment) is seen
    at(moment)
    client.force_login(w.author)
    response = client.get(w.own)
    assert response.status_code == (200 if seen else 404)
    if seen:
        said = text_of(response)
        assert "Words 5" in said
        assert "Rater X" in said
        assert "Rater Y" not in said
        assert "2 of 3" in said
    if moment >= RESULTS:
        page = f"/jams/{w.jam.slug}/results/{w.submission.pk}/"
        said = text_of(client.get(page))
        assert ("Words 5" in said) is seen
        assert ("comes when the organizers release it" in said) is not seen


def test_nobody_else_has_the_page(at, client, world):
    w = world()
    at(RESULTS)
    assert client.get(w.own).status_code == 302
    for user in (UserFactory(), w.raters[0], w.organizer):
        client.force_login(user)
        assert client.get(w.own).status_code == 404


def test_organizers_release_it_by_hand(at, client, world):
    w = world(feedback="by_hand")
    given = {"jam": w.jam, "by": w.organizer, "moment": COUNTED}
    assert refusal_of(feedback.release, **{**given, "by": UserFactory()}) == "not_organizer"
    assert refusal_of(feedback.release, **{**given, "moment": COUNTED - TICK}) == "not_yet"
    at(COUNTED)
    client.force_login(w.organizer)
    said = client.post(w.appeals, {"act": "release"}, follow=True).content.decode()
    assert "The authors can read their feedback now." in said
    assert refusal_of(feedback.release, **given) == FeedbackRefusal.ALREADY
    assert Act.objects.filter(verb="released feedback", actor=w.organizer).count() == 1
    with_results = world()
    other = {"jam": with_results.jam, "by": with_results.organizer}
    assert refusal_of(feedback.release, **{**given, **other}) == FeedbackRefusal.WITH_RESULTS


def test_authors_are_told_once_and_while_it_is_news(at, world):
    w = world()
    at(RESULTS - TICK)
    tasks.tell_due()
    assert not Message.objects.filter(key__startswith="feedback").exists()
    at(RESULTS)
    tasks.freeze_due()
    for _ in range(3):
        tasks.tell_due()
    [mail] = Message.objects.filter(key__startswith="feedback")
    assert mail.user == w.author
    assert w.own in mail.text
    later = world()
    at(RESULTS + timedelta(days=4))
    tasks.tell_due()
    assert not Message.objects.filter(user=later.author, key__startswith="feedback").exists()


def test_a_large_jam_is_told_in_portions(at, world, monkeypatch):
    monkeypatch.setattr(feedback, "AT_ONCE", 2)
    w = world()
    for _ in range(4):
        rate(frozen_submission(w.jam), 3, 3)
    at(RESULTS)
    tasks.freeze_due()
    counts = []
    for _ in range(4):
        tasks.tell_due()
        counts.append(Message.objects.filter(key__startswith="feedback").count())
    assert counts == [2, 4, 5, 5]


def test_what_was_voided_is_not_shown(at, client, world):
    w = world()
    rating = w.ratings[0]
    rating.voided_at, rating.void_reason = COUNTED, "A ring."
    rating.save()
    at(RESULTS)
    client.force_login(w.author)
    said = text_of(client.get(w.own))
    assert "Words 5" not in said
    assert "2 ratings." in said


# -- answers ---------------------------------------------------------------------------------------


def test_authors_answer_once(at, client, world):
    w = world()
    at(RESULTS)
    client.force_login(w.author)
    rating = w.ratings[1]
    post = {"act": "answer", "rating": feedback.handle_of(rating.pk), "text": " Thank you. "}
    assert "Your answer is sent." in client.post(w.own, post, follow=True).content.decode()
    assert Answer.objects.get().text == "Thank you."
    mail = Message.objects.get(key=f"answer:{rating.pk}")
    assert mail.user == rating.rater
    again = client.post(w.own, {**post, "text": "Words that are kept"})
    assert again.status_code == 403
    assert "Words that are kept" in again.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(rating=rating, author=w.author, text="?", written_at=RESULTS)
    client.force_login(rating.rater)
    page = f"/jams/{w.jam.slug}/rate/{w.submission.pk}/"
    assert "Thank you." in client.get(page).content.decode()


def test_answering_is_refused_by_name(world):
    w = world()
    given = {"rating": w.ratings[0], "author": w.author, "text": "A.", "moment": RESULTS}
    assert refusal_of(feedback.answer, **{**given, "author": UserFactory()}) == "not_team"
    assert refusal_of(feedback.answer, **{**given, "moment": RESULTS - TICK}) == "not_released"
    assert refusal_of(feedback.answer, **{**given, "text": " \n"}) == "no_words"
    assert refusal_of(feedback.answer, **given) is None
    assert refusal_of(feedback.answer, **given) == FeedbackRefusal.ANSWERED


def test_a_team_marks_what_helped_and_its_rater_is_thanked_with_the_results(at, client, world):
    w = world()
    rating, rater = w.ratings[1], w.raters[1]
    handle = feedback.handle_of(rating.pk)
    at(MOMENTS["finished"])
    client.force_login(w.author)
    for _ in range(2):
        client.post(w.own, {"act": "helpful", "rating": handle})
    assert "You found it helpful" in text_of(client.get(w.own))
    assert Helpful.objects.get().rating == rating
    desk = f"/jams/{w.jam.slug}/rate/"
    client.force_login(rater)
    assert "Authors found 1 of your ratings helpful." in text_of(client.get(desk))
    page = text_of(client.get(f"{desk}{w.submission.pk}/"))
    assert "The authors found your rating helpful." in page
    client.force_login(w.author)
    client.post(w.own, {"act": "not helpful", "rating": handle})
    assert not Helpful.objects.exists()


@pytest.mark.parametrize(("moment", "n"), [(RESULTS - TICK, 0), (RESULTS, 1)])
def test_before_the_results_no_rater_is_thanked(world, moment, n):
    w = world(feedback="by_hand", feedback_released_at=COUNTED)
    feedback.mark_helpful(rating=w.ratings[0], by=w.author, is_helpful=True, moment=COUNTED)
    assert feedback.thanks_to(w.raters[0], w.jam, moment) == n


def test_marking_is_refused_by_name_and_one_by_the_database(world):
    w = world()
    mark = {"rating": w.ratings[0], "is_helpful": True}
    late, early = MOMENTS["finished"], RESULTS - TICK
    refusal = refusal_of(feedback.mark_helpful, by=w.author, moment=early, **mark)
    assert refusal == FeedbackRefusal.NOT_RELEASED
    refusal = refusal_of(feedback.mark_helpful, by=UserFactory(), moment=late, **mark)
    assert refusal == FeedbackRefusal.NOT_TEAM
    feedback.mark_helpful(by=w.author, moment=late, **mark)
    with pytest.raises(IntegrityError), transaction.atomic():
        Helpful.objects.create(rating=w.ratings[0], by=w.author, marked_at=late)


def test_a_rating_of_another_submission_cannot_be_answered_here(at, client, world):
    w = world()
    other = rate(frozen_submission(w.jam), 3, 3)
    at(RESULTS)
    client.force_login(w.author)
    for name in (feedback.handle_of(other.pk), w.ratings[0].pk, "x", "", "9" * 30):
        assert client.post(w.own, {"rating": name, "text": "A."}).status_code == 404


# -- provisional scores, appeals -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("appeals", "moment", "seen"),
    [
        (True, COUNTED - TICK, False),
        (True, COUNTED, True),
        (True, RESULTS - TICK, True),
        (False, COUNTED, False),
    ],
)
def test_provisional_scores_are_for_their_team(at, client, world, appeals, moment, seen):
    w = world(appeals=appeals)
    at(moment)
    client.force_login(w.author)
    response = client.get(w.own)
    assert response.status_code == (200 if seen else 404)
    if seen:
        said = text_of(response)
        assert "Provisional" in said
        assert "4.333" in said
        assert "Words" not in said


def test_a_team_appeals_once_and_is_answered_once(at, client, world):
    w = world(appeals=True)
    at(COUNTING)
    client.force_login(w.author)
    post = {"act": "appeal", "text": "The second rater read another paper."}
    assert "with the organizers" in client.post(w.own, post, follow=True).content.decode()
    assert client.post(w.own, post).status_code == 403
    appeal = Appeal.objects.get()
    for user, status in ((UserFactory(), 403), (w.author, 403), (w.organizer, 200)):
        client.force_login(user)
        response = client.get(w.appeals)
        assert response.status_code == status
        assert ("another paper" in response.content.decode()) is (status == 200)
    post = {"appeal": appeal.pk, "text": "We have looked at it."}
    assert "sent to the team" in client.post(w.appeals, post, follow=True).content.decode()
    again = client.post(w.appeals, {**post, "text": "Kept words"})
    assert again.status_code == 403
    assert "Kept words" in again.content.decode()
    assert Message.objects.get(key=f"appeal:{appeal.pk}").user == w.author
    client.force_login(w.author)
    assert "We have looked at it." in client.get(w.own).content.decode()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"moment": COUNTED - TICK}, "no_appeals"),
        ({"moment": RESULTS}, "no_appeals"),
        ({"text": "  "}, "no_words"),
        ({"author": None}, "not_team"),
    ],
)
def test_appealing_is_refused_by_name(world, change, refusal):
    w = world(appeals=True)
    given = {"submission": w.submission, "author": w.author, "text": "A.", "moment": COUNTED}
    given |= change
    given["author"] = given["author"] or UserFactory()
    assert refusal_of(feedback.appeal, **given) == refusal


def test_organizers_who_contributed_release_feedback_and_read_no_appeals(at, client, world):
    w = world(appeals=True, feedback="by_hand")
    w.jam.organizers.add(w.author)
    given = {"submission": w.submission, "author": w.author, "moment": COUNTING}
    appeal = feedback.appeal(text="Secret words", **given)
    at(COUNTING)
    client.force_login(w.author)
    said = client.get(w.appeals).content.decode()
    assert "Release the feedback" in said
    assert "Secret words" not in said
    assert client.post(w.appeals, {"appeal": appeal.pk, "text": "No."}).status_code == 404
    client.post(w.appeals, {"act": "release"})
    assert RatingRules.objects.get(jam=w.jam).feedback_released_at is not None


def test_a_submission_that_is_out_cannot_appeal(world):
    w = world(appeals=True)
    type(w.submission).objects.filter(pk=w.submission.pk).update(withdrawn_at=COUNTED)
    given = {"submission": w.submission, "author": w.author, "text": "A.", "moment": COUNTED}
    assert refusal_of(feedback.appeal, **given) == FeedbackRefusal.NO_APPEALS


def test_judges_are_no_part_of_provisional_scores(at, client, world):
    w = world(appeals=True)
    rate(w.submission, 1, 1, by=JudgeFactory(jam=w.jam).user)
    at(COUNTING)
    client.force_login(w.author)
    said = text_of(client.get(w.own))
    assert "3 ratings." in said
    assert "4.333" in said


def test_the_page_of_the_jam_leads_there(at, client, world):
    w = world(appeals=True)
    at(COUNTING)
    page = f"/jams/{w.jam.slug}/"
    assert w.own not in client.get(page).content.decode()
    client.force_login(w.author)
    assert w.own in client.get(page).content.decode()


def test_no_page_tells_which_rating_was_begun_first(at, client, world):
    w = world()
    at(RESULTS)
    client.force_login(w.author)
    for page in (w.own, f"/jams/{w.jam.slug}/results/{w.submission.pk}/"):
        said = client.get(page).content.decode()
        assert "Words 4" in said
        names = re.findall(r'name="rating" value="([^"]*)"', said)
        assert set(names) == {feedback.handle_of(rating.pk) for rating in w.ratings}
        assert not re.search(r'id="(?:rating|answer)-\d{1,6}"', said)


def test_who_has_two_submissions_is_told_of_both(at, world):
    w = world()
    second = frozen_submission(w.jam, title="Second", by=w.author)
    rate(second, 3, 3)
    at(RESULTS)
    tasks.freeze_due()
    tasks.tell_due()
    assert Message.objects.filter(user=w.author, key__startswith="feedback").count() == 2


# -- practice --------------------------------------------------------------------------------------


@pytest.fixture
def example():
    jam = small_jam()
    found = Example.objects.create(jam=jam, title="An example", body="It *shows* little.")
    for criterion, stars in zip(jam.criteria.all(), (2, 4), strict=True):
        Anchor.objects.create(example=found, criterion=criterion, stars=stars, why=f"{stars} since")
    frozen_submission(jam, title="Real work")
    return found


def test_the_first_rating_comes_after_the_practice(at, client, example):
    jam, rater = example.jam, UserFactory()
    desk = f"/jams/{jam.slug}/rate/"
    at(MOMENTS["rating"])
    client.force_login(rater)
    response = client.post(f"{desk}next/")
    assert response.url == f"{desk}practice/"
    page = client.get(response.url).content.decode()
    assert "<em>shows</em>" in page
    assert "since" not in page
    assert "Give stars first" in client.post(f"{desk}practice/", follow=True).content.decode()
    stars = {f"stars_{c.pk}": "5" for c in jam.criteria.all()}
    said = client.post(f"{desk}practice/", stars).content.decode()
    assert "2 since" in said
    assert "4 since" in said
    assert Practice.objects.get().user == rater
    assert client.post(f"{desk}next/").url != f"{desk}practice/"
    assert not rater.ratings.filter(completed_at__isnull=False).exists()


def test_practice_can_be_skipped_and_is_not_asked_of_those_who_have_rated(at, client, example):
    jam = example.jam
    desk = f"/jams/{jam.slug}/rate/"
    at(MOMENTS["rating"])
    client.force_login(UserFactory())
    client.post(f"{desk}practice/", {"skip": "1"})
    assert "/practice/" not in client.post(f"{desk}next/").url
    rater = UserFactory()
    rate(jam.submissions.get(), 3, None, by=rater)
    client.force_login(rater)
    assert "/practice/" not in client.post(f"{desk}next/").url


@pytest.mark.parametrize("phase", ["making", "closing", "counting", "finished"])
def test_there_is_nothing_to_practise_for_outside_rating(at, client, example, phase):
    at(MOMENTS[phase])
    client.force_login(UserFactory())
    page = f"/jams/{example.jam.slug}/rate/practice/"
    assert client.get(page).status_code == client.post(page).status_code == 302
    assert not Practice.objects.exists()
    services.set_up(jam=example.jam)
    assert client.get(f"/jams/{small_jam().slug}/rate/practice/").status_code in (302, 404)


# -- hints -----------------------------------------------------------------------------------------


def test_hints_of_a_conflict(at, client, django_assert_num_queries):
    rater = UserFactory(affiliation="Uni  Oslo")
    mate, near = (
        UserFactory(display_name="Mate"),
        UserFactory(display_name="Near", affiliation="uni oslo"),
    )
    before = frozen_submission(JamFactory(), title="Before", by=mate)
    before.contributors.create(user=rater, confirmed_at=START)
    jam = small_jam()
    submission = frozen_submission(jam, by=mate)
    submission.contributors.create(user=near, confirmed_at=START)
    submission.contributors.create(user=UserFactory(), confirmed_at=START)
    with django_assert_num_queries(1):
        hints = hints_for(rater, submission)
    assert sorted(hints) == [
        "You and Mate were on a team before, for “Before”.",
        "You and Near are both at uni oslo.",
    ]
    at(MOMENTS["rating"])
    client.force_login(rater)
    said = client.get(f"/jams/{jam.slug}/rate/{submission.pk}/").content.decode()
    assert "were on a team before" in said
    assert hints_for(UserFactory(), submission) == []
