"""Every model of ours has a list in the admin that does not ask more for more rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jam.admin.operators import OfOperators, WithResults
from jam.models import (
    Ban,
    Block,
    Cleared,
    IdeaTag,
    Jam,
    MailChoice,
    MailHours,
    Participation,
    Report,
    ReportMessage,
    Retention,
    RoleHolder,
    RoleInvitation,
    SignUpAnswer,
    SignUpQuestion,
)
from ratings.models import (
    Anchor,
    Answer,
    Appeal,
    Example,
    Helpful,
    JudgeAssignment,
    JudgeNote,
    Pseudonym,
    Rating,
    Score,
)
from sites.models import ProposalMessage, Wait
from submissions.models import Ask, Correction, LateGrant, Original, TimeRequest
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.world import World

pytestmark = pytest.mark.django_db
LABELS = ("jam", "local_sites", "submissions", "ratings")
MODELS = [model for label in LABELS for model in apps.get_app_config(label).get_models()]
LISTS = {model: admin.site._registry.get(model) for model in MODELS}
# Session and reader, how many rows there are, and the rows.
USUAL = 4
# Where all rows are counted beside those that were found, or what filters choose from and the first
# and the last day are asked for as well.
OTHERS = {
    5: [
        "jam.Announcement", "jam.CalendarKey", "jam.Idea", "jam.Interest", "jam.MailChoice",
        "jam.Participation", "jam.Report", "jam.ScheduleChange", "jam.User", "jam.Worked",
        "local_sites.SiteChange", "local_sites.SiteItem", "ratings.Conflict", "ratings.Example",
        "ratings.Rating", "ratings.Results", "ratings.Score", "ratings.Skip",
        "submissions.Closing", "submissions.Comment", "submissions.Continuation",
    ],
    6: [
        "jam.Message", "local_sites.LocalSite", "submissions.Revision",
        "submissions.Submission",
    ],
    7: ["jam.Jam"],
    8: ["jam.Act"],
}  # fmt: skip
STATEMENTS = {label: n for n, labels in OTHERS.items() for label in labels}


def more(world: World) -> None:
    """Rows of what a world does not have."""
    jam, people, at = world.jam, world.people, world.moment
    one, other = UserFactory(), UserFactory()
    mine = {"jam": jam, "user": one}
    Ban.objects.create(**mine, reason="Loud", by=other, made_at=at)
    Block.objects.create(by=one, whom=other, made_at=at)
    Cleared.objects.create(jam=jam, target_type="jam.idea", target_id="1", by=other, made_at=at)
    IdeaTag.objects.create(idea=world.idea, name=f"tag {jam.pk}")
    MailChoice.objects.create(user=one, kind="news", how="never", chosen_at=at)
    MailHours.objects.create(user=one)
    question = SignUpQuestion.objects.create(jam=jam, text="Why?", kind="line")
    part = Participation.objects.filter(jam=jam).first()
    SignUpAnswer.objects.create(participation=part, question=question, text="So")
    RoleHolder.objects.create(**mine, role="moderator", given_at=at)
    RoleInvitation.objects.create(
        jam=jam, role="judge", email=f"{jam.pk}@example.org", invited_by=other, invited_at=at,
        expires_at=at + timedelta(days=1),
    )  # fmt: skip
    Retention.objects.get_or_create(jam=jam)
    report = Report.objects.filter(jam=jam).first()
    ReportMessage.objects.create(report=report, by=other, text="Why?", written_at=at)
    Wait.objects.create(site=world.site, participation=part, joined_at=at)
    ProposalMessage.objects.create(
        site=world.site, author=other, of_the_jam=True, text="When?", written_at=at
    )
    work = {"submission": world.submission}
    Correction.objects.create(**work, contributors=[], reason="So", made_by=other, made_at=at)
    LateGrant.objects.create(
        **work, reason="Ill", given_by=other, given_at=at, expires_at=at + timedelta(days=1)
    )
    TimeRequest.objects.create(**work, by=one, text="Ill", asked_at=at)
    Original.objects.create(revision=world.revision, content={})
    Ask.objects.create(**work, user=one, by=other, made_at=at)
    judge = jam.judges.first()
    JudgeAssignment.objects.create(**work, judge=judge, given_by=other, given_at=at)
    JudgeNote.objects.create(**work, author=people["judge"], text="Well", written_at=at)
    rating = Rating.objects.filter(submission__jam=jam).first()
    Answer.objects.create(rating=rating, author=one, text="Thanks", written_at=at)
    Helpful.objects.create(rating=rating, by=one, marked_at=at)
    Pseudonym.objects.create(**mine, name=f"p{jam.pk}")
    Appeal.objects.create(**work, author=one, text="But", made_at=at)


@pytest.fixture
def world(at, client) -> World:
    """A jam with something of everything, and an operator who looks at it."""
    world = World("finished", at)
    more(world)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return world


@pytest.fixture
def worlds(world) -> None:
    """Two of them."""
    Jam.objects.filter(pk=world.jam.pk).update(slug="first")
    more(World("finished", lambda moment: None))


def path(model: type) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_every_model_has_a_list_that_can_be_searched():
    without = [model._meta.label for model, found in LISTS.items() if found is None]
    assert not without
    assert not [m._meta.label for m, found in LISTS.items()
                if isinstance(found, OfOperators) and not found.search_fields]  # fmt: skip


def test_lists_ask_the_same_for_one_row_and_for_all(worlds, client, monkeypatch):
    wrong = {}
    for model, found in LISTS.items():
        asked = {}
        for rows in (1, 100):
            monkeypatch.setattr(found, "list_per_page", rows)
            with CaptureQueriesContext(connection) as found_queries:
                answer = client.get(path(model))
            assert answer.status_code == 200, model
            shown = len(answer.context["cl"].result_list)
            asked[shown] = len(found_queries)
        assert min(asked) == 1 < max(asked), f"{model._meta.label}: rows for this test"
        expected = STATEMENTS.get(model._meta.label, USUAL)
        if set(asked.values()) != {expected}:
            wrong[model._meta.label] = asked
    assert not wrong, "\n".join(f"{label}: {asked}" for label, asked in wrong.items())


def test_they_can_be_searched_and_filtered(world, client):
    for model, found in LISTS.items():
        assert client.get(path(model), {"q": "zzz"}).status_code == 200, model
        for each in found.list_filter:
            if isinstance(each, tuple) and each[1] is admin.EmptyFieldListFilter:
                answer = client.get(path(model), {f"{each[0]}__isempty": "1"})
                assert answer.status_code == 200, (model, each)


def test_rows_open_and_nothing_of_them_can_be_changed(world, client):
    for model, found in LISTS.items():
        if not isinstance(found, OfOperators):
            continue
        row = model._base_manager.order_by("-pk").first()
        url = reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]
        )
        assert client.get(url).status_code == 200, model
        assert client.post(url, {}).status_code == 403, model


def test_what_says_something_of_ratings_waits_for_the_results(world, client, at):
    secret = [model for model, found in LISTS.items() if isinstance(found, WithResults)]
    assert Score in secret
    at(MOMENTS["counting"])
    for model in secret:
        answer = client.get(path(model))
        assert answer.context["cl"].result_count == 0, model
        row = model._base_manager.order_by("-pk").first()
        url = reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]
        )
        assert client.get(url).status_code == 302, model
    at(MOMENTS["finished"])
    for model in secret:
        assert client.get(path(model)).context["cl"].result_count > 0, model


@pytest.mark.parametrize(
    ("model", "question"),
    [("jam_host", "jam__submissions__ratings__scores__stars=5"),
     ("submissions_contributor", "submission__ratings__strong__contains=a"),
     ("submissions_file", "submission__ratings__completed_at__isnull=0"),
     ("ratings_criterion", "scores__stars=5"),
     ("ratings_need", "submission__ratings__scores__stars=5")],
)  # fmt: skip
def test_no_list_can_be_asked_about_values_of_ratings(world, client, at, model, question):
    at(MOMENTS["rating"])
    answer = client.get(f"{reverse(f'admin:{model}_changelist')}?{question}")
    assert answer.status_code in (302, 400)


def test_rows_go_with_what_they_are_part_of(client, at):
    at(MOMENTS["announced"])
    jam = JamFactory()
    example = Example.objects.create(jam=jam, title="One", body="Words")
    Anchor.objects.create(example=example, criterion=jam.criteria.first(), stars=3, why="So")
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    anchor = example.anchors.get()
    own = reverse("admin:ratings_anchor_delete", args=[anchor.pk])
    assert client.post(own, {"post": "yes"}).status_code == 403
    assert Anchor.objects.exists()
    url = reverse("admin:ratings_example_delete", args=[example.pk])
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert not Anchor.objects.exists()


def test_they_are_for_operators_alone(world, client):
    organizer = world.people["organizer"]
    assert organizer.is_staff
    client.force_login(organizer)
    for model, found in LISTS.items():
        if isinstance(found, OfOperators):
            assert client.get(path(model)).status_code == 403, model


def test_no_secret_is_shown(world, client):
    for model, hidden in (("ratings_judgelink", "digest"), ("ratings_ratingrules", "salt")):
        row: Any = next(m for m in MODELS if m._meta.label_lower == model.replace("_", "."))
        row = row._base_manager.first()
        url = reverse(f"admin:{model}_change", args=[row.pk])
        assert getattr(row, hidden) not in client.get(url).content.decode()


def test_whoever_is_reported_does_not_read_what_is_written_about_it(world, client):
    operator = UserFactory(is_staff=True, is_superuser=True)
    Report.objects.update(about_person=operator)
    client.force_login(operator)
    assert client.get(path(ReportMessage)).context["cl"].result_count == 0
