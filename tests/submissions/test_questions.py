"""What a jam asks of a draft beside the work: its questions, AI tools, why it is in its track."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from jam.questions import Kind
from submissions import freezing, services
from submissions.checklist import missing_from
from submissions.models import Answer, Question, Submission, SubmissionRules, Track
from tests.factories import MOMENTS, SUBMISSIONS_CLOSE, JamFactory, UserFactory
from tests.ratings.test_admin import change_page, filled
from tests.ratings.test_rating_pages import text_of
from tests.submissions.factories import SubmissionFactory, hand_in
from tests.submissions.test_services import member, save
from tests.submissions.test_tracks import editor, posted, with_content

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]
CLOSED = SUBMISSIONS_CLOSE + timedelta(minutes=2)


@pytest.fixture
def jam():
    """It asks for a choice, and for a word more."""
    jam = JamFactory()
    jam.data = ask(jam, "Which data?", Kind.CHOICE, options="Public\nOur own", is_required=True)
    jam.more = ask(jam, "What surprised you?", Kind.LONG, order=1)
    return jam


def ask(jam, text, kind, **fields) -> Question:
    return Question.objects.create(jam=jam, text=text, kind=kind, **fields)


def content_of(submission):
    return freezing.content_of(with_content(submission))


# -- questions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "options"), [(Kind.CHOICE, ""), (Kind.SHORT, "a\nb"), (Kind.YES_NO, "a\nb")]
)
def test_choices_and_only_they_have_options(kind, options):
    jam = JamFactory()
    with transaction.atomic(), pytest.raises(IntegrityError):
        ask(jam, "What?", kind, options=options)


def test_a_question_has_one_answer_which_says_something(jam):
    draft = SubmissionFactory(jam=jam)
    Answer.objects.create(submission=draft, question=jam.data, text="Public")
    for text in ("Our own", ""):
        question = jam.data if text else jam.more
        with transaction.atomic(), pytest.raises(IntegrityError):
            Answer.objects.create(submission=draft, question=question, text=text)


def test_an_answered_question_is_not_deleted(jam):
    save(SubmissionFactory(jam=jam), answers={jam.more.pk: "That it worked."})
    with pytest.raises(ProtectedError):
        jam.more.delete()
    jam.data.delete()


def test_the_checklist_has_what_is_required(jam):
    draft = SubmissionFactory(jam=jam)
    (missing,) = missing_from(with_content(draft))
    assert (str(missing.label), missing.anchor) == ("Which data?", f"id_answer_{jam.data.pk}")
    assert missing_from(save(draft, answers={jam.more.pk: "Much."})) == [missing]
    assert not missing_from(save(draft, version=1, answers={jam.data.pk: "Public"}))


def test_at_the_deadline_an_unanswered_question_keeps_a_draft_out(jam):
    lacking, complete = SubmissionFactory(jam=jam), SubmissionFactory(jam=jam)
    save(complete, answers={jam.data.pk: "Public"})
    freezing.close(jam, CLOSED)
    lacking.refresh_from_db()
    complete.refresh_from_db()
    assert not lacking.is_frozen
    assert complete.frozen.content["answers"] == [{"question": "Which data?", "answer": "Public"}]


def test_what_was_asked_is_kept_with_the_answer(jam):
    draft = SubmissionFactory(jam=jam)
    answers = {jam.more.pk: "That it worked.", jam.data.pk: "Public"}
    save(draft, answers=answers)
    before = hand_in(draft)
    assert [row["question"] for row in before.content["answers"]] == [
        "Which data?", "What surprised you?"
    ]  # fmt: skip
    Question.objects.filter(pk=jam.data.pk).update(text="Whose data?", options="Ours\nTheirs")
    assert content_of(draft)["answers"][0] == {"question": "Whose data?", "answer": "Public"}
    before.refresh_from_db()
    assert before.content["answers"][0]["question"] == "Which data?"
    assert before.digest == freezing.digest_of(before.content)


def test_what_was_handed_in_without_any_of_it_keeps_its_digest():
    assert not {"answers", "ai_tools", "track_reason"} & set(content_of(SubmissionFactory()))


def test_an_answer_is_saved_as_the_rest_is(jam):
    draft = SubmissionFactory(jam=jam)
    saved = save(draft, answers={jam.data.pk: "Public"})
    assert (saved.version, saved.answers.get().text) == (1, "Public")
    assert save(draft, version=0, answers={jam.data.pk: "Public"}).version == 1
    with pytest.raises(services.StaleDraft):
        save(draft, version=0, answers={jam.data.pk: "Our own"})
    assert save(draft, version=1, answers={jam.data.pk: ""}).version == 2
    assert not Answer.objects.exists()


@pytest.mark.parametrize(("name", "status"), [("edit", 302), ("autosave", 200)])
def test_it_is_answered_in_the_editor(at, client, jam, name, status):
    at(NOW)
    draft = SubmissionFactory(jam=jam)
    client.force_login(member(draft))
    said = text_of(client.get(editor(draft)))
    assert "What surprised you? (optional)" in said
    asked = f"answer_{jam.data.pk}"
    wrong = client.post(editor(draft, name), posted(draft, title="New", **{asked: "Stolen"}))
    assert wrong.status_code == 422
    draft.refresh_from_db()
    assert (draft.title, draft.answers.count()) == ("New", 0)
    right = client.post(editor(draft, name), posted(draft, **{asked: "Our own"}))
    assert right.status_code == status
    assert draft.answers.get().text == "Our own"
    assert '<option value="Our own" selected>' in client.get(editor(draft)).content.decode()


def test_a_stale_answer_is_given_back(at, client, jam):
    at(NOW)
    draft = SubmissionFactory(jam=jam)
    client.force_login(member(draft))
    page = posted(draft, **{f"answer_{jam.more.pk}": "Mine"})
    save(draft, answers={jam.more.pk: "Theirs"})
    response = client.post(editor(draft), page)
    assert response.status_code == 409
    assert ">\nMine</textarea>" in response.content.decode()
    assert draft.answers.get().text == "Theirs"


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_editor(at, client, jam, size, django_assert_num_queries):
    for number in range(2, 1 + size):
        ask(jam, f"And {number}?", Kind.SHORT, order=number)
    draft = SubmissionFactory(jam=jam)
    save(draft, answers={question.pk: "Public" for question in jam.submission_questions.all()})
    Track.objects.create(jam=jam, name="Plants")
    at(NOW)
    client.force_login(member(draft))
    with django_assert_num_queries(10):
        client.get(editor(draft))


def test_organizers_ask_in_the_admin(at, client, jam):
    organizer = UserFactory(is_staff=True)
    jam.organizers.add(organizer)
    at(MOMENTS["announced"])
    client.force_login(organizer)
    page = change_page(jam)
    form = filled(client.get(page))
    new = {"submission_questions-TOTAL_FORMS": 3, "submission_questions-2-text": "Is it new?",
           "submission_questions-2-kind": "yes_no", "submission_questions-2-order": 3,
           "submission_questions-2-jam": jam.pk}  # fmt: skip
    options = {"submission_questions-2-options": "Yes\nNo"}
    assert client.post(page, form | new | options).status_code == 200
    response = client.post(page, form | new)
    assert response.status_code == 302, response.context["errors"]
    assert jam.submission_questions.get(order=3).kind == Kind.YES_NO


def test_more_questions_than_a_team_has_time_for_are_not_taken(at, client, jam):
    at(NOW)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = change_page(jam)
    form = filled(client.get(page)) | {"submission_questions-TOTAL_FORMS": 21}
    for n in range(2, 21):
        row = {"text": f"Why {n}?", "kind": "short", "order": n, "jam": jam.pk}
        form |= {f"submission_questions-{n}-{name}": value for name, value in row.items()}
    assert client.post(page, form).status_code == 200
    assert jam.submission_questions.count() == 2


# -- AI tools ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "told", "declared"),
    [
        ("", "", None),
        ("some", " ", None),
        ("some", "An assistant, for the plots.", "An assistant, for the plots."),
        ("none", "", "None were used."),
        # What was typed before somebody thought better of it stays in the draft, and only there.
        ("none", "An assistant", "None were used."),
    ],
)
@pytest.mark.parametrize("rule", ["off", "asked", "required"])
def test_ai_tools_are_declared(rule, use, told, declared):
    draft = SubmissionFactory(ai_use=use, ai_tools=told)
    SubmissionRules.objects.update(ai_tools=rule)
    assert content_of(draft).get("ai_tools") == (None if rule == "off" else declared)
    missing = [item.anchor for item in missing_from(with_content(draft))]
    assert missing == (["id_ai_use"] if rule == "required" and declared is None else [])


def test_ai_tools_are_declared_in_the_editor(at, client):
    at(NOW)
    draft = SubmissionFactory()
    client.force_login(member(draft))
    assert "AI tools that you used" in text_of(client.get(editor(draft)))
    client.post(editor(draft, "autosave"), posted(draft, ai_tools="An assistant"))
    draft.refresh_from_db()
    assert (draft.ai_use, draft.ai_tools) == ("some", "An assistant")
    client.post(editor(draft), posted(draft, ai_use="none", ai_tools="An assistant"))
    draft.refresh_from_db()
    assert (draft.ai_use, draft.ai_tools) == ("none", "An assistant")


def test_where_a_jam_does_not_ask_about_ai_tools(at, client):
    at(NOW)
    draft = SubmissionFactory(ai_use="some", ai_tools="An assistant")
    SubmissionRules.objects.update(ai_tools="off")
    client.force_login(member(draft))
    assert "AI tools" not in text_of(client.get(editor(draft)))
    client.post(editor(draft), posted(draft, title="New"))
    draft.refresh_from_db()
    assert (draft.title, draft.ai_tools) == ("New", "An assistant")


# -- why it is in its track ------------------------------------------------------------------------


def test_why_it_is_in_its_track_is_kept_with_the_track(at, client):
    jam = JamFactory()
    plants = Track.objects.create(jam=jam, name="Plants")
    draft = SubmissionFactory(jam=jam, track=plants)
    at(NOW)
    client.force_login(member(draft))
    page = posted(draft, track=plants.pk, track_reason="It grows.")
    assert client.post(editor(draft), page).status_code == 302
    assert content_of(draft)["track_reason"] == "It grows."
    Submission.objects.update(track=None)
    assert "track_reason" not in content_of(draft)


def test_the_page_of_a_submission_shows_it_all(at, client, jam):
    jam.plants = Track.objects.create(jam=jam, name="Plants")
    fields = {"track_reason": "It grows.", "ai_use": "some", "ai_tools": "A <b>spell</b> checker"}
    work = SubmissionFactory(jam=jam, track=jam.plants, **fields)
    save(work, answers={jam.data.pk: "Public"})
    freezing.close(jam, CLOSED)
    at(MOMENTS["rating"])
    client.force_login(UserFactory())
    for page in (work.get_absolute_url(), f"/jams/{jam.slug}/rate/{work.pk}/"):
        said = text_of(client.get(page))
        assert "It grows." in said
        assert "Which data? Public" in said
        assert "AI tools that were used A <b>spell</b>" in said
