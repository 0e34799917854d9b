"""Comments on a submission: who may when, threads, what is told, deleted, reported and hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from jam import choices
from jam.errors import Refused
from jam.models import Act, Message, Report
from submissions import services
from submissions.models import Comment, Submission, SubmissionRules
from submissions.permissions import CommentRefusal, comment_refusal
from submissions.views.discussion import FIRST, MOST_AN_HOUR, THREADS
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    UserFactory,
)
from tests.submissions.factories import SubmissionFactory, frozen_submission

pytestmark = pytest.mark.django_db
AFTER = MOMENTS["finished"]


@pytest.fixture(autouse=True)
def _now(at):
    at(AFTER)


@pytest.fixture
def submission():
    made = frozen_submission(JamFactory(), title="A look inside")
    # What is due with a visit is done.
    Client().get(made.get_absolute_url())
    return made


@pytest.fixture
def organizer(submission):
    user = UserFactory(display_name="Olga")
    submission.jam.organizers.add(user)
    return user


def author_of(submission: Submission):
    return submission.contributors.get().user


def say(submission, text="Why this?", by=None, moment=AFTER, **how) -> Comment:
    return services.comment(
        submission=submission, by=by or UserFactory(), text=text, moment=moment, **how
    )


def page_of(submission, name="discussion", *args) -> str:
    return reverse(f"submissions:{name}", args=[submission.jam.slug, submission.pk, *args])


QUIET = CommentRefusal.QUIET


@pytest.mark.parametrize(
    ("rule", "moment", "refusal"),
    [
        ("hidden", SUBMISSIONS_CLOSE - TICK, None),
        ("hidden", SUBMISSIONS_CLOSE, QUIET),
        ("hidden", RATINGS_CLOSE - TICK, QUIET),
        ("hidden", RATINGS_CLOSE, None),
        ("closed", SUBMISSIONS_CLOSE, QUIET),
        ("closed", RATINGS_CLOSE - TICK, QUIET),
        ("closed", RATINGS_CLOSE, None),
        ("open", RATINGS_CLOSE - TICK, None),
    ],
)
def test_while_submissions_are_rated_it_is_as_the_jam_says(submission, rule, moment, refusal):
    assert comment_refusal(UserFactory(), submission, rule, moment) == refusal


@pytest.mark.parametrize(
    ("fields", "verified", "refusal"),
    [
        ({}, True, None),
        ({}, False, CommentRefusal.UNVERIFIED),
        ({"withdrawn_at": MOMENTS["rating"]}, True, CommentRefusal.OUT),
        ({"disqualified_at": MOMENTS["rating"], "disqualification_reason": "?"}, True,
         CommentRefusal.OUT),
        ({"frozen": None}, True, CommentRefusal.NOT_FROZEN),
    ],
)  # fmt: skip
def test_whoever_confirmed_an_address_comments_on_what_is_frozen(
    submission, fields, verified, refusal
):
    for name, value in fields.items():
        setattr(submission, name, value)
    assert comment_refusal(UserFactory(verified=verified), submission, "open", AFTER) == refusal


def test_comments_are_hidden_closed_or_open_on_the_pages(submission, at, client):
    say(submission, "Said afterwards")
    rules = SubmissionRules.objects.get(jam=submission.jam)
    assert rules.discussion == "hidden"
    at(MOMENTS["rating"])
    pages = [submission.get_absolute_url(), page_of(submission)]
    for rule, is_read in (("hidden", False), ("closed", True), ("open", True)):
        SubmissionRules.objects.filter(pk=rules.pk).update(discussion=rule)
        for page in pages:
            assert (b"Said afterwards" in client.get(page).content) is is_read
    SubmissionRules.objects.filter(pk=rules.pk).update(discussion="hidden")
    thread = page_of(submission, "thread", Comment.objects.get().pk)
    assert client.get(thread).status_code == 404


def test_an_answer_to_an_answer_stands_in_the_same_thread(submission):
    first = say(submission)
    answer = say(submission, "Because", answers_to=first)
    again = say(submission, "Really?", answers_to=answer)
    assert answer.answers_to == again.answers_to == first
    elsewhere = frozen_submission(submission.jam)
    with pytest.raises(Refused) as refused:
        say(elsewhere, answers_to=first)
    assert refused.value.refusal == CommentRefusal.GONE


def test_the_team_and_who_is_answered_are_told_once_if_they_want(submission):
    ada, bo, author = UserFactory(), UserFactory(), author_of(submission)
    first = say(submission, "A question <b>", by=ada)
    say(submission, "An answer", by=bo, answers_to=first)
    say(submission, "From the team", by=author, answers_to=first)
    assert [m.user for m in Message.objects.order_by("pk")] == [author, ada, author, ada]
    mail = Message.objects.filter(user=author).earliest("pk")
    assert "A question <b>" in mail.text
    assert "A question &lt;b&gt;" in mail.html
    own = say(submission, "Mine", by=author)
    assert not Message.objects.filter(key=f"comment:{own.pk}").exists()
    # Who is answered on a submission of their own gets one mail.
    say(submission, "To you", by=bo, answers_to=own)
    assert Message.objects.filter(user=author, kind="answers").count() == 1
    for user, kind in ((author, "comments"), (ada, "answers")):
        choices.choose(user=user, chosen={kind: choices.How.NEVER}, moment=AFTER)
    before = Message.objects.count()
    say(submission, "Nobody is told", by=bo, answers_to=first)
    assert Message.objects.count() == before


def test_written_edited_and_deleted_on_its_pages(submission, client):
    user = UserFactory(display_name="Ada")
    client.force_login(user)
    page = page_of(submission)
    empty = client.post(page, {"text": "  "})
    assert (empty.status_code, b"Write something first" in empty.content) == (422, True)
    long = client.post(page, {"text": "long " * 1001})
    assert (long.status_code, b"long long" in long.content) == (422, True)
    client.post(page, {"text": "It is **good**"})
    comment = Comment.objects.get()
    assert "<strong>good</strong>" in client.get(page).content.decode()
    client.post(page_of(submission, "edit_comment", comment.pk), {"text": "It is fair"})
    shown = client.get(submission.get_absolute_url()).content.decode()
    assert "It is fair" in shown
    assert "edited" in client.get(page).content.decode()
    client.force_login(UserFactory())
    for name in ("edit_comment", "delete_comment"):
        address = page_of(submission, name, comment.pk)
        assert client.post(address, {"text": "Mine now"}).status_code == 403
    client.post(page_of(submission, "thread", comment.pk), {"text": "Thanks"})
    client.force_login(user)
    client.post(page_of(submission, "delete_comment", comment.pk))
    after = client.get(page).content.decode()
    assert "It is fair" not in after
    assert "This comment was deleted" in after
    assert "Thanks" in after
    assert Comment.objects.get(pk=comment.pk).text == ""
    own = Act.objects.filter(target_type="submissions.comment").order_by("pk")
    verbs = own.values_list("verb", flat=True)
    assert list(verbs) == ["commented", "edited", "commented", "deleted"]
    assert "fair" not in repr(list(Act.objects.values()))


def test_nobody_finds_what_was_deleted_and_never_answered(submission, client):
    comment = say(submission)
    services.delete_comment(comment=comment, by=comment.author, moment=AFTER)
    assert client.get(page_of(submission, "thread", comment.pk)).status_code == 404
    with pytest.raises(Refused):
        say(submission, answers_to=comment)


def test_reported_hidden_with_a_reason_and_shown_again(submission, organizer, client):
    comment = say(submission, "Buy my course")
    reader = UserFactory()
    client.force_login(reader)
    page = page_of(submission, "report_comment", comment.pk)
    assert b"Buy my course" in client.get(page).content
    assert client.post(page, {"reason": ""}).status_code == 422
    client.post(page, {"reason": "It sells something."})
    twice = client.post(page, {"reason": "It still does."})
    assert (twice.status_code, Report.objects.count()) == (422, 1)
    assert "It sells something." in Message.objects.get(user=organizer).text
    reports = reverse("jam:reports", args=[submission.jam.slug])
    assert client.get(reports).status_code == 403
    client.force_login(organizer)
    assert b"It sells something." in client.get(reports).content
    assert reports.encode() in client.get(submission.jam.get_absolute_url()).content
    hide = page_of(submission, "hide_comment", comment.pk)
    assert client.post(hide, {"reason": ""}).status_code == 422
    client.post(hide, {"reason": "This is no place for it."})
    assert not Report.objects.open().exists()
    told = Message.objects.filter(user=comment.author).latest("pk")
    assert "This is no place for it." in told.text
    client.force_login(reader)
    assert b"Buy my course" not in client.get(page_of(submission)).content
    client.force_login(comment.author)
    assert b"This is no place for it." in client.get(page_of(submission)).content
    client.force_login(organizer)
    client.post(hide, {"act": "show"})
    client.logout()
    assert b"Buy my course" in client.get(page_of(submission)).content


def test_organizers_put_a_report_aside(submission, organizer, client):
    comment = say(submission)
    client.force_login(UserFactory())
    client.post(page_of(submission, "report_comment", comment.pk), {"reason": "I disagree."})
    client.force_login(organizer)
    reports = reverse("jam:reports", args=[submission.jam.slug])
    client.post(reports, {"report": Report.objects.get().pk})
    assert (Report.objects.get().closed_by, Comment.objects.get().hidden_at) == (organizer, None)
    client.force_login(comment.author)
    own = client.post(page_of(submission, "report_comment", comment.pk), {"reason": "?"})
    assert (own.status_code, Report.objects.count()) == (422, 1)


def test_contributors_are_marked(submission, client):
    say(submission, by=author_of(submission))
    say(submission)
    assert client.get(page_of(submission)).content.count(b">contributor<") == 1


def test_contributors_are_not_marked_in_a_blind_jam_until_the_results(submission, client, at):
    say(submission, "Said by its team", by=author_of(submission))
    SubmissionRules.objects.filter(jam=submission.jam).update(blind=True)
    for moment, marks in ((MOMENTS["counting"], 0), (AFTER, 1)):
        at(moment)
        for page in (page_of(submission), submission.get_absolute_url()):
            content = client.get(page).content
            assert b"Said by its team" in content
            assert content.count(b">contributor<") == marks


def test_words_wait_until_after_signing_in(submission, client):
    page = page_of(submission)
    left = client.post(page, {"text": "On the train"}, headers={"Origin": "http://testserver"})
    assert "/login/?next=" in left["Location"]
    client.force_login(UserFactory())
    assert b"On the train" in client.get(page).content


def test_nobody_floods_it(submission, client):
    client.force_login(UserFactory())
    for n in range(MOST_AN_HOUR):
        client.post(page_of(submission), {"text": f"Word {n}"})
    more = client.post(page_of(submission), {"text": "Kept"})
    assert (more.status_code, b"Kept" in more.content) == (403, True)
    assert Comment.objects.count() == MOST_AN_HOUR


@pytest.mark.parametrize("n", [1, 3])
def test_statements_do_not_grow(submission, client, n, django_assert_num_queries):
    for _ in range(n):
        first = say(submission)
        for _ in range(n):
            say(submission, answers_to=first)
    client.force_login(UserFactory())
    with django_assert_num_queries(9):
        client.get(page_of(submission))
    with django_assert_num_queries(9):
        client.get(page_of(submission, "thread", first.pk))
    client.logout()
    with django_assert_num_queries(5):
        client.get(submission.get_absolute_url())


def test_threads_and_answers_are_paged(submission, client):
    fields = {"submission": submission, "author": UserFactory(), "text": "Word"}
    first, *_more = [
        Comment.objects.create(written_at=AFTER + n * timedelta(seconds=1), **fields)
        for n in range(THREADS + 1)
    ]
    for n in range(FIRST + 2):
        Comment.objects.create(answers_to=first, written_at=AFTER, **{**fields, "text": f"No. {n}"})
    page = client.get(page_of(submission)).content.decode()
    assert "2 more answers" in page
    assert f"No. {FIRST - 1}" in page
    assert f"No. {FIRST}" not in page
    assert (
        f"No. {FIRST + 1}" in client.get(page_of(submission, "thread", first.pk)).content.decode()
    )
    second = client.get(page_of(submission), {"page": 2}).context["page"]
    assert len(second.object_list) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"deleted_at": AFTER},
        {"hidden_at": AFTER},
    ],
)
def test_what_the_database_refuses(submission, fields):
    words = {"submission": submission, "author": UserFactory(), "text": "x", "written_at": AFTER}
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(**{**words, **fields})


def test_a_draft_has_no_discussion(client, at):
    at(MOMENTS["making"])
    draft = SubmissionFactory()
    client.force_login(author_of(draft))
    page = page_of(draft)
    assert client.post(page, {"text": "x"}).status_code == 404
    assert not Comment.objects.exists()
