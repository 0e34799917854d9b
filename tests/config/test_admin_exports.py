"""Every list of the admin can be taken away as a file, with what it shows and nothing else."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from jam.admin.taking import columns_of
from jam.models import Act, Jam, Participation, Report, ReportMessage, User
from ratings.models import Rating, Score
from submissions.models import Submission
from tests.config.test_admin_lists import LISTS, more, path, world, worlds  # noqa: F401
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
ALL = admin.site._registry
# What opens a door, by model: no file has the values of any.
KEYS = {
    "account.emailaddress": [],
    "jam.calendarkey": ["digest"],
    "jam.user": ["password"],
    "mfa.authenticator": ["data"],
    "ratings.judgelink": ["digest"],
    "ratings.ratingrules": ["salt"],
    "socialaccount.socialapp": ["secret"],
    "socialaccount.socialtoken": ["token", "token_secret"],
    "submissions.submission": ["invitation"],
    "usersessions.usersession": ["session_key"],
}


def take(client: Any, model: type, form: str = "json", query: str = "") -> Any:
    meta = model._meta
    url = reverse("admin_take", args=[meta.app_label, meta.model_name, form])
    return client.post(f"{url}?{query}" if query else url)


def bytes_of(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows_of(client: Any, model: type, query: str = "") -> list[dict[str, Any]]:
    return json.loads(bytes_of(take(client, model, query=query)))


def lines_of(client: Any, model: type, query: str = "") -> list[list[str]]:
    text = bytes_of(take(client, model, "csv", query)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.fixture
def accounts(world) -> None:  # noqa: F811
    """What other houses keep of accounts, with keys in it."""
    user = world.people["rater"]
    EmailAddress.objects.get_or_create(user=user, email=user.email)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "MFASECRETMFASECRET"})
    account = SocialAccount.objects.create(user=user, provider="github", uid="1")
    app = SocialApp.objects.create(
        provider="github", name="GitHub", client_id="1", secret="APPSECRETAPPSECRET"
    )
    SocialToken.objects.create(
        app=app, account=account, token="TOKENTOKENTOKEN", token_secret="OTHEROTHEROTHER"
    )


def test_every_list_has_its_rows_as_both_files(worlds, accounts, client):  # noqa: F811
    assert rows_of(client, Act)
    for model, of in ALL.items():
        # Each file is a line of the log.
        if model is Act:
            continue
        rows = rows_of(client, model)
        lines = lines_of(client, model)
        expected = of.get_queryset(request_of(client)).count()
        assert len(rows) == len(lines) - 1 == expected, model
        if model in LISTS:
            assert expected > 0, model
        assert {str(row["id"]) for row in rows} == {line[0] for line in lines[1:]}, model
        assert all(list(row) == lines[0] for row in rows), model


def request_of(client: Any, user: User | None = None) -> Any:
    request = RequestFactory().get("/")
    request.user = user or User.objects.get(pk=client.session["_auth_user_id"])
    request.moment = MOMENTS["finished"]
    request.resolver_match = resolve(reverse("admin_take", args=["jam", "jam", "csv"]))
    return request


def test_columns_are_those_that_the_admin_shows(world, client):  # noqa: F811
    request = request_of(client)
    for model, of in ALL.items():
        shown = {"id", *of.get_list_display(request)}
        shown |= set(flatten_fieldsets(of.get_fieldsets(request)))
        names = columns_of(of, request)
        assert set(names) <= shown, model
        assert len(set(names)) == len(names) > 1, model
        assert not set(names) & set(of.exclude or ()), model
        hidden = {*KEYS.get(model._meta.label_lower, []), "password", "secret", "token"}
        assert not set(names) & hidden, model


def test_no_file_has_a_key_in_it(worlds, accounts, client):  # noqa: F811
    keys = set()
    for model in ALL:
        for name in KEYS.get(model._meta.label_lower, []):
            for value in model._base_manager.values_list(name, flat=True):
                found = value.values() if isinstance(value, dict) else [value]
                keys |= {str(each).encode() for each in found if len(str(each)) > 8}
    assert len(keys) > 12
    for model in ALL:
        for form in ("csv", "json"):
            content = bytes_of(take(client, model, form))
            assert not [key for key in keys if key in content], model


def test_values_of_ratings_wait_for_the_results(world, client, at):  # noqa: F811
    def files(user: User) -> dict[type, bytes]:
        client.force_login(user)
        found = {}
        for model in LISTS:
            response = take(client, model)
            if response.status_code == 200:
                found[model] = bytes_of(response)
        # The log tells of the files themselves.
        del found[Act]
        return found

    operator = UserFactory(is_staff=True, is_superuser=True)
    for user in (operator, world.people["organizer"]):
        for phase in ("rating", "counting"):
            at(MOMENTS[phase])
            before = files(user)
            assert before
            Rating.objects.exclude(rater=user).update(strong="x", weak="y", next="z", signed=True)
            for score in Score.objects.exclude(stars=None):
                Score.objects.filter(pk=score.pk).update(stars=6 - score.stars, remark="other")
            after = files(user)
            assert [m for m in before if before[m] != after[m]] == []
    client.force_login(operator)
    at(MOMENTS["counting"])
    assert rows_of(client, Score) == []
    assert not {"strong", "weak", "next", "signed"} & set(lines_of(client, Rating)[0])
    at(MOMENTS["finished"])
    assert rows_of(client, Score)


def test_more_rows_ask_no_more(worlds, accounts, client, monkeypatch):  # noqa: F811
    wrong = {}
    for model, of in ALL.items():
        asked = {}
        pks = list(of.get_queryset(request_of(client)).values_list("pk", flat=True))
        for some in (pks[:1], pks):
            rows = of.get_queryset(request_of(client)).filter(pk__in=some)
            monkeypatch.setattr(of, "get_queryset", lambda request, rows=rows: rows.all())
            with CaptureQueriesContext(connection) as found:
                bytes_of(take(client, model))
            monkeypatch.undo()
            asked[len(some)] = len(found)
        if len(set(asked.values())) > 1:
            wrong[model._meta.label] = asked
    assert not wrong


def test_a_file_has_what_was_searched_and_filtered(client, at):
    at(MOMENTS["announced"])
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    jams = [JamFactory(title=title) for title in ("Alpha", "Beta")]
    for jam in jams:
        for _ in range(2):
            ParticipationFactory(jam=jam)
    gone = Participation.objects.filter(jam=jams[0]).first()
    Participation.objects.filter(pk=gone.pk).update(cancelled_at=MOMENTS["announced"])
    assert len(rows_of(client, Participation)) == 4
    assert {row["jam"] for row in rows_of(client, Participation, "q=alpha")} == {"Alpha"}
    found = rows_of(client, Participation, "q=alpha&cancelled_at__isempty=0")
    assert [row["id"] for row in found] == [gone.pk]
    # Whatever page of the list it was.
    assert len(rows_of(client, Participation, "p=2&all=")) == 4
    told = Act.objects.filter(verb="took a table away").order_by("-pk").first()
    assert told.after == {"table": "jam.participation", "form": "json", "asked": "p=2&all="}


def test_the_log_does_not_keep_whom_somebody_searched_for(client, at):
    at(MOMENTS["announced"])
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    sought = UserFactory(email="ada@example.org")
    assert [row["id"] for row in rows_of(client, User, "q=ada@example.org&o=1")] == [sought.pk]
    told = Act.objects.get(verb="took a table away").after
    assert told == {"table": "jam.user", "form": "json", "searched": True, "asked": "o=1"}


def test_what_a_list_is_not_asked_a_file_is_not(client, at, world):  # noqa: F811
    at(MOMENTS["rating"])
    for model in (Rating, Submission):
        answer = take(client, model, query="scores__stars=5&ratings__scores__stars=5")
        assert answer.status_code in (302, 400)
    for query in ("jam__id__exact=%3C", f"jam__id__exact={9**40}", "disqualified_at__isempty=x"):
        listed = client.get(path(Submission), QUERY_STRING=query)
        answer = take(client, Submission, query=query)
        assert answer.status_code == listed.status_code, query
        if listed.status_code == 200:
            assert len(json.loads(bytes_of(answer))) == listed.context["cl"].result_count, query


def test_staff_have_the_rows_of_their_own_jams(client, at):
    at(MOMENTS["making"])
    organizer = UserFactory(is_staff=True)
    own, other = JamFactory(), JamFactory()
    own.organizers.add(organizer)
    for jam in (own, other):
        SubmissionFactory(jam=jam)
    client.force_login(organizer)
    assert [row["jam"] for row in rows_of(client, Submission)] == [own.title]
    assert [row["id"] for row in rows_of(client, Jam)] == [own.pk]
    assert take(client, ReportMessage).status_code == 403
    client.force_login(UserFactory())
    assert take(client, Submission).status_code == 302
    # Those who organize it too see that in its log.
    told = Act.objects.filter(verb="took a table away").order_by("pk")
    assert list(told.values_list("jam", flat=True)) == [own.pk, None]


def test_all_people_are_for_operators_to_take_away(client, at):
    """Others of the staff look people up, those of jams of others among them."""
    at(MOMENTS["making"])
    client.force_login(UserFactory(is_staff=True))
    page = client.get(path(User))
    assert page.status_code == 200
    assert "/take/" not in page.content.decode()
    assert [take(client, User, form).status_code for form in ("csv", "json")] == [403, 403]
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert "/take/" in client.get(path(User)).content.decode()
    assert len(rows_of(client, User)) == 2


def test_it_is_posted_and_there(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    url = reverse("admin_take", args=["jam", "jam", "csv"])
    assert client.get(url).status_code == 405
    for wrong in ("/admin/jam/nothing/take/csv/", "/admin/auth/group/take/csv/",
                  "/admin/jam/jam/take/exe/", "/admin/sessions/session/take/csv/"):  # fmt: skip
        assert client.post(wrong).status_code == 404, wrong


def test_whoever_is_reported_has_no_file_of_it(world, client):  # noqa: F811
    operator = UserFactory(is_staff=True, is_superuser=True)
    Report.objects.update(about_person=operator)
    client.force_login(operator)
    assert rows_of(client, Report) == rows_of(client, ReportMessage) == []


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "＝1", "'=1", "''@x"])
def test_no_cell_is_a_formula(client, at, title):
    at(MOMENTS["announced"])
    JamFactory(title=title)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    head, line = lines_of(client, Jam)
    assert line[head.index("title")] == f"'{title}"
    assert rows_of(client, Jam)[0]["title"] == title


def test_a_long_list_needs_little_memory(client, at):
    at(MOMENTS["making"])
    jam = JamFactory()
    one = SubmissionFactory(jam=jam)
    Submission.objects.filter(pk=one.pk).delete()
    begun = {"created_at": jam.starts_at, "saved_at": jam.starts_at}
    Submission.objects.bulk_create(
        (Submission(jam=jam, title=f"Work {n}", body="x" * 5_000, **begun) for n in range(3_000)),
        batch_size=500,
    )
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    response = take(client, Submission, "csv")
    tracemalloc.start()
    size = sum(len(piece) for piece in response.streaming_content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 15_000_000
    assert peak < 6_000_000
