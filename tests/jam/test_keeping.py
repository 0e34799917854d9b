"""Nothing typed is lost: a form that is sent after the session is over, or with a token that has
changed since, is in its page again after signing in."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from jam import keeping
from submissions.models import Submission
from tests.factories import MOMENTS, ParticipationFactory, UserFactory
from tests.ratings.factories import frozen_submission, small_jam
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db

OURS = {"Origin": "http://testserver"}
LINKS = {"links-TOTAL_FORMS": "1", "links-INITIAL_FORMS": "0", "links-0-kind": "repository",
         "links-0-url": "https://example.org/code", "links-0-label": "Code"}  # fmt: skip


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def draft(person, at):
    at(MOMENTS["making"])
    return SubmissionFactory(by=person)


def editor(draft) -> str:
    return f"/jams/{draft.jam.slug}/submissions/{draft.pk}/edit/"


def typed(draft, **more) -> dict:
    return {"title": "Typed <b> 🎉", "body": "Long words.\n" * 1000, "version": draft.version,
            **LINKS, **more}  # fmt: skip


def test_a_draft_that_was_sent_signed_out_is_there_after_signing_in(draft, person):
    client = Client()
    answer = client.post(editor(draft), typed(draft), headers=OURS)
    assert answer.status_code == 302
    assert answer.url == f"/accounts/login/?next={editor(draft)}"
    assert "what you typed is in the form again" in str(*get_messages(answer.wsgi_request))
    client.force_login(person)
    # Until it is saved, as often as the page is opened.
    for _ in range(2):
        page = client.get(editor(draft)).content.decode()
        assert "Typed &lt;b&gt; 🎉" in page
        assert page.count("Long words.") == 1000
        assert "https://example.org/code" in page
        assert "It is not stored yet" in page
        assert "data-autosave-now" in page
    assert client.post(editor(draft), typed(draft)).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Typed <b> 🎉"
    page = client.get(editor(draft)).content.decode()
    assert "It is not stored yet" not in page


def test_what_a_team_mate_saved_meanwhile_is_not_overwritten_unseen(draft, person):
    client = Client()
    client.post(editor(draft), typed(draft), headers=OURS)
    Submission.objects.filter(pk=draft.pk).update(title="Theirs", version=draft.version + 1)
    client.force_login(person)
    assert "Typed" in client.get(editor(draft)).content.decode()
    stale = client.post(editor(draft), typed(draft))
    assert stale.status_code == 409
    assert "Typed" in stale.content.decode()
    # Given back once, since it is not based on what is there now.
    assert "Typed" not in client.get(editor(draft)).content.decode()


def test_a_token_that_has_changed_costs_no_words(draft, person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    answer = client.post(editor(draft), typed(draft), headers=OURS)
    assert (answer.status_code, answer.url) == (302, editor(draft))
    page = client.get(editor(draft)).content.decode()
    assert "Typed &lt;b&gt; 🎉" in page
    draft.refresh_from_db()
    assert "Typed" not in draft.title


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://testserver.evil"])
def test_words_from_elsewhere_are_not_put_into_our_forms(draft, person, origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    headers = {"Origin": origin} if origin else {}
    assert client.post(editor(draft), typed(draft), headers=headers).status_code == 403
    assert "Typed" not in client.get(editor(draft)).content.decode()


def test_a_rating_is_kept_and_saved_after_signing_in(person, at):
    at(MOMENTS["rating"])
    jam = small_jam()
    submission = frozen_submission(jam)
    first, second = jam.criteria.all()
    url = f"/jams/{jam.slug}/rate/{submission.pk}/"
    words = {f"stars_{first.pk}": "4", f"stars_{second.pk}": "2", "strong": "Clear.", "version": ""}
    client = Client()
    assert client.post(url, words, headers=OURS).status_code == 302
    client.force_login(person)
    page = client.get(url).content.decode()
    assert "Clear." in page
    assert "data-autosave-now" in page
    assert client.post(url, words).status_code == 302


def test_a_rating_that_came_back_after_rating_closed_can_be_copied(person, at):
    at(MOMENTS["rating"])
    jam = small_jam()
    submission = frozen_submission(jam)
    url = f"/jams/{jam.slug}/rate/{submission.pk}/"
    client = Client()
    client.post(url, {"strong": "Clear.", "version": ""}, headers=OURS)
    at(MOMENTS["counting"])
    client.force_login(person)
    page = client.get(url)
    assert page.status_code == 200
    assert "Clear." in page.content.decode()
    assert "Rating has closed." in page.content.decode()


def test_profile_and_proposal_are_kept_as_well(person, at):
    at(MOMENTS["making"])
    jam = ParticipationFactory(user=person).jam
    for url, words in (
        ("/profile/", {"display_name": "Another name", "time_zone": "UTC"}),
        (f"/jams/{jam.slug}/sites/propose/", {"name": "Another name"}),
    ):
        client = Client()
        client.post(url, words, headers=OURS)
        client.force_login(person)
        assert "Another name" in client.get(url).content.decode(), url
        assert "Another name" not in client.get(url).content.decode(), url


def test_only_forms_that_ask_for_it_are_kept_and_never_a_password(draft):
    client = Client()
    client.post("/accounts/password/change/", {"password1": "secret"}, headers=OURS)
    client.post(editor(draft).replace("edit", "hand-in"), {"x": "y"}, headers=OURS)
    assert "kept" not in client.session


def test_there_are_limits(draft, person, monkeypatch):
    client = Client()
    huge = typed(draft, body="x" * keeping.LARGEST)
    client.post(editor(draft), huge, headers=OURS)
    assert "kept" not in client.session
    monkeypatch.setattr(keeping, "MOST_AN_HOUR", 2)
    for expected in (True, True, False):
        another = Client()
        another.post(editor(draft), typed(draft), headers=OURS)
        assert ("kept" in another.session) == expected


def test_a_script_is_told_and_nobody_is_led_to_a_dead_end(draft, person):
    client = Client()
    url = f"/jams/{draft.jam.slug}/submissions/{draft.pk}/autosave/"
    answer = client.post(url, typed(draft), headers={**OURS, "Accept": "application/json"})
    assert answer.status_code == 401
    assert "signed out" in answer.json()["error"]
    for button in ("hand-in", "files", "invitation", "leave"):
        path = f"/jams/{draft.jam.slug}/submissions/{draft.pk}/{button}/"
        answer = client.post(path)
        assert answer.status_code == 302
        signed_in = Client()
        signed_in.force_login(person)
        assert signed_in.get(path).status_code == 302
