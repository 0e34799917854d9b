"""What a submission grew from, builds on and became: chosen, kept, shown, and asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from jam import choices
from jam.errors import Refused
from jam.models import Act, Message
from submissions import asking, freezing, lineage, services
from submissions.models import Continuation, KeptOrigin, Origin, Submission
from submissions.permissions import MOST_ORIGINS, ContinuationRefusal, OriginRefusal
from tests.factories import (
    MOMENTS,
    RESULTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    UserFactory,
)
from tests.jam.factories import IdeaFactory
from tests.submissions.factories import SubmissionFactory, frozen_submission, hand_in

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
EARLIER = {
    "starts_at": START - YEAR,
    "submissions_close_at": SUBMISSIONS_CLOSE - YEAR,
    "ratings_open_at": SUBMISSIONS_CLOSE - YEAR + timedelta(hours=1),
    "ratings_close_at": RESULTS - YEAR - timedelta(hours=1),
    "results_at": RESULTS - YEAR,
}


@pytest.fixture(autouse=True)
def _now(at):
    at(MOMENTS["making"])


@pytest.fixture
def earlier():
    """A submission to a jam of the year before."""
    return frozen_submission(JamFactory(**EARLIER), title="A first look")


@pytest.fixture
def draft():
    return SubmissionFactory(title="A second look")


def author_of(submission: Submission):
    return submission.contributors.get().user


def choose(draft, *add, moment=MOMENTS["making"], by=None, **how):
    services.choose_origins(
        submission=draft, by=by or author_of(draft), add=add, moment=moment, **how
    )


def refusal_of(draft, *add, **how):
    with pytest.raises(Refused) as refused:
        choose(draft, *add, **how)
    return refused.value.refusal


def freeze(jam):
    assert freezing.close(jam, SUBMISSIONS_CLOSE + timedelta(minutes=2))


# -- choosing --------------------------------------------------------------------------------


def test_what_is_chosen_is_kept_with_what_is_frozen_and_shown_from_both_ends(
    draft, earlier, client, at
):
    idea = IdeaFactory(jam=draft.jam, title="Look twice")
    choose(draft, ("idea", idea.pk), ("earlier", earlier.pk))
    assert lineage.of(earlier).later == []
    freeze(draft.jam)
    draft.refresh_from_db()
    content = draft.frozen.content
    assert content["ideas"] == [{"id": idea.pk, "title": "Look twice", "jam": draft.jam.title}]
    assert content["builds_on"] == [
        {"id": earlier.pk, "title": "A first look", "jam": earlier.jam.title, "revision": 1,
         "sha256": earlier.frozen.digest}
    ]  # fmt: skip
    at(MOMENTS["closing"])
    own, older = client.get(draft.get_absolute_url()), client.get(earlier.get_absolute_url())
    assert "Look twice" in own.content.decode()
    assert "A first look" in own.content.decode()
    assert "A second look" in older.content.decode()
    assert "A second look" in client.get(idea.get_absolute_url()).content.decode()
    listed = client.get(reverse("jam:ideas", args=[draft.jam.slug])).content.decode()
    assert "1 submission grew from it" in listed


def test_nothing_of_it_stands_in_a_record_that_names_nothing(draft):
    freeze(draft.jam)
    draft.refresh_from_db()
    assert not {"ideas", "builds_on"} & draft.frozen.content.keys()


def test_before_the_closing_nobody_else_sees_what_a_draft_names(draft, earlier, client):
    idea = IdeaFactory(jam=draft.jam)
    choose(draft, ("idea", idea.pk), ("earlier", earlier.pk))
    for page in (idea, earlier):
        assert "A second look" not in client.get(page.get_absolute_url()).content.decode()
    # A revision that was handed in is no more to be seen than the draft.
    hand_in(draft)
    assert "A second look" not in client.get(idea.get_absolute_url()).content.decode()
    client.force_login(author_of(draft))
    assert "A first look" in client.get(draft.get_absolute_url()).content.decode()


@pytest.mark.parametrize("gone", ["withdrawn", "disqualified"])
def test_who_is_out_of_the_running_is_not_shown_with_others(draft, earlier, gone):
    choose(draft, ("earlier", earlier.pk))
    freeze(draft.jam)
    fields = {"withdrawn_at": MOMENTS["rating"]} if gone == "withdrawn" else {
        "disqualified_at": MOMENTS["rating"], "disqualification_reason": "?"
    }  # fmt: skip
    Submission.objects.filter(pk=draft.pk).update(**fields)
    assert lineage.of(earlier).later == []
    draft.refresh_from_db()
    assert lineage.of(draft).earlier == [earlier]


def test_a_hidden_idea_is_named_in_the_record_alone(draft):
    idea = IdeaFactory(jam=draft.jam)
    choose(draft, ("idea", idea.pk))
    freeze(draft.jam)
    draft.refresh_from_db()
    idea.withdrawn_at = MOMENTS["rating"]
    idea.save()
    assert lineage.of(draft).ideas == []
    assert draft.frozen.content["ideas"][0]["id"] == idea.pk


def test_what_cannot_be_named(draft, earlier):
    jam = draft.jam
    other_draft = SubmissionFactory(jam=jam)
    hand_in(other_draft)
    hidden = IdeaFactory(jam=jam, hidden_at=MOMENTS["making"], hidden_reason="?")
    of_a_draft = IdeaFactory(jam=JamFactory(published_at=None))
    earlier.withdrawn_at = earlier.jam.results_at - TICK
    earlier.save()
    for key in [
        ("earlier", draft.pk),
        ("earlier", other_draft.pk),
        ("earlier", earlier.pk),
        ("earlier", 10**12),
        ("idea", hidden.pk),
        ("idea", of_a_draft.pk),
    ]:
        assert refusal_of(draft, key) == OriginRefusal.GONE
    assert not Origin.objects.exists()


def test_who_may_not_and_when_not(draft):
    idea = IdeaFactory(jam=draft.jam)
    key = ("idea", idea.pk)
    assert refusal_of(draft, key, by=UserFactory()) == "not_team"
    assert refusal_of(draft, key, moment=SUBMISSIONS_CLOSE) == "closed"
    choose(draft, key, moment=SUBMISSIONS_CLOSE - TICK)
    assert Origin.objects.get().idea == idea


def test_what_is_frozen_and_has_more_time_keeps_its_origins(draft):
    freeze(draft.jam)
    services.grant_time(
        submission=draft, by=UserFactory(is_superuser=True), reason="A storm",
        expires_at=MOMENTS["rating"], moment=MOMENTS["closing"],
    )  # fmt: skip
    key = ("idea", IdeaFactory(jam=draft.jam).pk)
    assert refusal_of(draft, key, moment=MOMENTS["closing"]) == OriginRefusal.FROZEN


def test_twelve_at_most(draft):
    keys = [("idea", idea.pk) for idea in IdeaFactory.create_batch(MOST_ORIGINS + 1)]
    assert refusal_of(draft, *keys) == OriginRefusal.TOO_MANY
    choose(draft, *keys[1:])
    choose(draft, keys[0], remove=[keys[1]])
    assert Origin.objects.count() == MOST_ORIGINS


def test_what_the_database_refuses(draft, earlier):
    idea = IdeaFactory()
    revision = hand_in(draft)
    later = hand_in(SubmissionFactory())
    for model, fields in [
        (Origin, {"submission": draft, "earlier": draft}),
        (Origin, {"submission": draft}),
        (Origin, {"submission": draft, "earlier": earlier, "idea": idea}),
        (KeptOrigin, {"revision": revision, "earlier": revision}),
        (KeptOrigin, {"revision": revision, "earlier": later}),
        (KeptOrigin, {"revision": revision}),
        (KeptOrigin, {"revision": revision, "earlier": earlier.frozen, "idea": idea}),
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields)
    for model, fields in [
        (Origin, {"submission": draft, "idea": idea}),
        (Origin, {"submission": draft, "earlier": earlier}),
        (KeptOrigin, {"revision": revision, "idea": idea}),
        (KeptOrigin, {"revision": revision, "earlier": earlier.frozen}),
    ]:
        model.objects.create(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields)


def test_chosen_on_a_page_by_words_and_by_address(draft, earlier, client):
    idea = IdeaFactory(title="Look twice")
    client.force_login(author_of(draft))
    page = reverse("submissions:origins", args=[draft.jam.slug, draft.pk])
    found = client.post(page, {"q": "first look", "find": "1"}, follow=True)
    assert f'value="earlier-{earlier.pk}"' in found.content.decode()
    address = f"http://testserver{idea.get_absolute_url()}"
    by_address = client.get(page, {"q": address}).content.decode()
    assert f'value="idea-{idea.pk}"' in by_address
    assert f"earlier-{earlier.pk}" not in by_address
    for nothing in ("https://elsewhere.example" + idea.get_absolute_url(), "[", "none such"):
        assert b"Nothing else matches" in client.get(page, {"q": nothing}).content
    client.post(page, {"chosen": [f"idea-{idea.pk}", f"earlier-{earlier.pk}"], "q": ""})
    assert Origin.objects.count() == 2
    # What was shown and is not ticked any more is chosen no more; what was not shown stays.
    saved = client.post(
        page, {"shown": f"idea-{idea.pk}", "chosen": "x-1"}, headers={"Accept": "application/json"}
    )
    assert "saved_at" in saved.json()
    assert Origin.objects.get().earlier == earlier


@pytest.mark.parametrize("n", [1, 3])
def test_statements_do_not_grow(draft, client, at, n, django_assert_num_queries):
    ideas = IdeaFactory.create_batch(n, jam=draft.jam)
    works = [frozen_submission(JamFactory(**EARLIER), title=f"Heads {k}") for k in range(n)]
    choose(draft, *[("idea", i.pk) for i in ideas], *[("earlier", w.pk) for w in works])
    client.force_login(author_of(draft))
    page = reverse("submissions:origins", args=[draft.jam.slug, draft.pk])
    with django_assert_num_queries(10):
        client.get(page, {"q": "heads"})
    freeze(draft.jam)
    at(MOMENTS["rating"])
    client.logout()
    with django_assert_num_queries(4):
        assert b"Heads 0" in client.get(draft.get_absolute_url()).content
    with django_assert_num_queries(5):
        assert b"A second look" in client.get(ideas[0].get_absolute_url()).content


# -- continued as ----------------------------------------------------------------------------

PAPER = {"kind": "paper", "title": "Looking thrice", "url": "https://example.org/p", "year": 2031}


@pytest.mark.parametrize(
    ("fields", "is_team", "after", "refusal"),
    [
        ({}, True, -TICK, ContinuationRefusal.TOO_EARLY),
        ({}, True, 0 * TICK, None),
        ({}, False, TICK, ContinuationRefusal.NOT_TEAM),
        ({"withdrawn_at": MOMENTS["rating"]}, True, TICK, ContinuationRefusal.OUT),
        ({"frozen": None}, True, TICK, ContinuationRefusal.OUT),
    ],
)
def test_a_team_tells_what_became_of_it_once_the_results_are_out(fields, is_team, after, refusal):
    submission = frozen_submission(JamFactory())
    Submission.objects.filter(pk=submission.pk).update(**fields)
    by = author_of(submission) if is_team else UserFactory()
    words = {"submission": submission, "by": by, "moment": RESULTS + after, **PAPER}
    if refusal is None:
        services.add_continuation(**words)
        assert Act.objects.get(verb="continued").after["url"] == PAPER["url"]
    else:
        with pytest.raises(Refused) as refused:
            services.add_continuation(**words)
        assert refused.value.refusal == refusal


def test_told_shown_and_taken_away_again(client, at):
    submission = frozen_submission(JamFactory())
    page = reverse("submissions:continued", args=[submission.jam.slug, submission.pk])
    client.force_login(author_of(submission))
    assert client.get(page).status_code == 404
    at(MOMENTS["finished"])
    client.force_login(author_of(submission))
    for wrong in ("javascript:alert(1)", "ftp://example.org/", "data:text/html,x"):
        refused = client.post(page, {**PAPER, "url": wrong})
        assert (refused.status_code, b"Looking thrice" in refused.content) == (422, True)
    assert client.post(page, {**PAPER, "year": 3000}).status_code == 422
    client.post(page, PAPER)
    assert client.post(page, PAPER).status_code == 403
    added = Continuation.objects.get()
    client.logout()
    shown = client.get(submission.get_absolute_url()).content.decode()
    assert 'href="https://example.org/p" rel="nofollow noopener noreferrer ugc"' in shown
    client.force_login(author_of(submission))
    client.post(page, {"act": "remove", "pk": added.pk})
    client.post(page, {"act": "remove", "pk": added.pk})
    assert b"Looking thrice" not in client.get(submission.get_absolute_url()).content
    assert Act.objects.get(verb="removed a continuation").before["title"] == "Looking thrice"


@pytest.mark.parametrize("fields", [{"title": ""}, {"year": 1989}, {"url": "javascript:alert(1)"}])
def test_what_the_database_refuses_of_a_continuation(fields):
    submission = frozen_submission(JamFactory())
    own = {"submission": submission, "added_by": author_of(submission), "added_at": RESULTS}
    with pytest.raises(IntegrityError), transaction.atomic():
        Continuation.objects.create(**{**PAPER, **own, **fields})


# -- asking ----------------------------------------------------------------------------------


def asked_at(*moments) -> list[int]:
    """How many mails each sweep writes; every sweep comes twice."""
    told = []
    for moment in moments:
        found = [asking.ask(jam, moment) for jam in asking.due(moment)]
        again = [asking.ask(jam, moment) for jam in asking.due(moment)]
        assert sum(again) == 0
        told.append(sum(found))
    return told


def test_asked_once_after_thirty_and_once_after_ninety_days_if_they_agreed():
    submission = frozen_submission(JamFactory())
    Submission.objects.filter(pk=frozen_submission(submission.jam).pk).update(
        withdrawn_at=MOMENTS["rating"]
    )
    day = timedelta(days=1)
    thirty, ninety = RESULTS + 30 * day, RESULTS + 90 * day
    assert asked_at(thirty) == [0]
    for contributor in submission.jam.submissions.values_list("contributors__user", flat=True):
        user = author_of(submission).__class__.objects.get(pk=contributor)
        choices.choose(user=user, chosen={asking.KIND: choices.How.NOW}, moment=RESULTS)
    assert asked_at(thirty - TICK, thirty, thirty + 14 * day - TICK) == [0, 1, 0]
    assert asked_at(ninety - TICK, ninety, ninety + 14 * day - TICK) == [0, 1, 0]
    mails = Message.objects.filter(user=author_of(submission))
    assert sorted(mails.values_list("key", flat=True)) == [
        f"continued:{submission.pk}:30", f"continued:{submission.pk}:90",
    ]  # fmt: skip
    assert "/mails/stop/" in mails.first().text


@pytest.mark.parametrize("days", [30, 90])
def test_a_sweep_that_was_held_up_asks_for_two_weeks_and_no_longer(days):
    submission = frozen_submission(JamFactory())
    choices.choose(
        user=author_of(submission), chosen={asking.KIND: choices.How.NOW}, moment=RESULTS
    )
    end = RESULTS + timedelta(days=days + 14)
    assert asked_at(end) == [0]
    assert asked_at(end - TICK) == [1]


def test_the_page_asks_whether_to_ask(client, at):
    submission = frozen_submission(JamFactory())
    user = author_of(submission)
    at(MOMENTS["finished"])
    client.force_login(user)
    page = reverse("submissions:continued", args=[submission.jam.slug, submission.pk])
    assert not choices.wants(user, asking.KIND)
    client.post(page, {"act": "ask", "wanted": "yes"})
    assert choices.wants(user, asking.KIND)
    client.post(page, {"act": "ask", "wanted": "no"})
    assert not choices.wants(user, asking.KIND)
