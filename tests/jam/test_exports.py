"""Tables of a jam for its organizers to take away."""

from __future__ import annotations

import csv
import io
import json

import pytest

from jam import exports
from jam.models import Act, Jam
from ratings import freezing as ratings_freezing
from submissions import freezing
from tests.factories import MOMENTS, ParticipationFactory, UserFactory
from tests.ratings.factories import frozen_submission, rate, small_jam
from tests.sites.factories import LocalSiteFactory, PlaceFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
WITH_RESULTS = {"results", "standings", "awards", "ratings"}


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer")


@pytest.fixture
def jam(organizer):
    jam = small_jam()
    Jam.objects.filter(pk=jam.pk).update(slug="night")
    jam.refresh_from_db()
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def take(client, at, organizer):
    def take(name, form="csv", by=organizer, phase="finished"):
        at(MOMENTS[phase])
        client.force_login(by)
        response = client.post(f"/jams/night/exports/{name}.{form}")
        if response.status_code != 200:
            return response
        return b"".join(response).decode()

    return take


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_only_organizers_see_the_page_and_take_tables(jam, organizer, client, at, take):
    at(MOMENTS["making"])
    others = [UserFactory(), ParticipationFactory(jam=jam).user, UserFactory(is_staff=True)]
    for user in others:
        client.force_login(user)
        assert client.get("/jams/night/exports/").status_code == 403
        assert take("participations", by=user).status_code == 403
    assert not Act.objects.filter(verb="took a table away").exists()
    client.force_login(organizer)
    assert client.get("/jams/night/exports/").status_code == 200
    # To take one is an act, so an address alone does nothing.
    assert client.get("/jams/night/exports/participations.csv").status_code == 405
    for missing in ("nothing.csv", "people.csv", "participations.xml"):
        assert client.post(f"/jams/night/exports/{missing}").status_code == 404


@pytest.mark.parametrize("phase", ["announced", "making", "rating", "counting", "finished"])
def test_every_table_can_be_taken_once_it_may(jam, organizer, take, phase):
    ParticipationFactory(jam=jam)
    rate(frozen_submission(jam), 4, 2)
    if phase == "finished":
        freezing.close(jam, MOMENTS["finished"])
        ratings_freezing.results_of(jam, MOMENTS["finished"])
        jam.results.update(offers_file=True)
    found = exports.exports_of(jam, MOMENTS[phase])
    names = [export.name for export in found]
    assert len(set(names)) == len(names)
    for export in found:
        if export.name in WITH_RESULTS and phase != "finished":
            assert export.to_come
            assert take(export.name, phase=phase).status_code == 403
            continue
        assert not export.to_come, export.name
        rows = table(take(export.name, phase=phase))
        told = json.loads(take(export.name, "json", phase=phase))
        assert len(rows) == len(told), export.name
        for row, object_ in zip(rows, told, strict=True):
            assert list(row) == list(object_) == export.names


def test_each_download_leaves_its_line(jam, organizer, take):
    take("participations", "json")
    act = Act.objects.get(verb="took a table away")
    assert (act.actor, act.jam, act.moment) == (organizer, jam, MOMENTS["finished"])
    assert act.after == {"table": "participations", "form": "json", "personal": True}


def test_participants_and_who_came_have_names_and_addresses(jam, take):
    place = PlaceFactory(
        site=LocalSiteFactory(jam=jam, name="The loft"), participation__jam=jam,
        participation__user=UserFactory(email="ada@example.org", display_name="Ada"),
    )  # fmt: skip
    row = next(r for r in table(take("participations")) if r["user_display_name"] == "Ada")
    assert row["user_email"] == "ada@example.org"
    assert row["id"] == str(place.participation_id)
    [came] = table(take("places"))
    assert (came["participation_email"], came["site_name"]) == ("ada@example.org", "The loft")
    assert came["checked_in_at"] == ""


def test_outside_the_personal_tables_people_are_numbers(jam, take):
    user = UserFactory(email="ada@example.org", display_name="Ada Lovelace")
    submission = SubmissionFactory(jam=jam, by=user, saved_by=user)
    for export in exports.exports_of(jam, MOMENTS["making"]):
        if export.is_personal or export.to_come:
            continue
        text = take(export.name, phase="making")
        assert "ada@example.org" not in text
        assert "Ada Lovelace" not in text
    [row] = table(take("submissions", phase="making"))
    assert (row["id"], row["title"]) == (str(submission.pk), submission.title)
    assert row["saved_by"] == str(user.pk)
    # Of a team's own.
    assert "invitation" not in row


def test_before_the_results_only_the_number_of_ratings_is_told(jam, take):
    submission = frozen_submission(jam, title="Reef")
    rate(submission, 5, 1)
    rate(submission, 3, None)
    told = [
        json.loads(take("rating_counts", "json", phase=phase)) for phase in ("rating", "counting")
    ]
    row = {"submission": submission.pk, "title": "Reef", "complete": 1, "begun": 1, "voided": 0}
    assert told == [[row], [row]]


def test_the_ratings_are_those_of_the_published_file(jam, take):
    submission = frozen_submission(jam)
    rating = rate(submission, 5, 1)
    freezing.close(jam, MOMENTS["finished"])
    results = ratings_freezing.results_of(jam, MOMENTS["finished"])
    assert take("ratings").status_code == 403
    jam.results.update(offers_file=True)
    rows = json.loads(take("ratings", "json"))
    assert {(row["submission"], row["criterion"], row["score"]) for row in rows} == {
        (str(submission.pk), "A", 5), (str(submission.pk), "B", 1),
    }  # fmt: skip
    name = jam.rating_rules.pseudonym_of(rating.rater_id)
    assert {row["rater"] for row in rows} == {name}
    [standing] = [row for row in table(take("standings")) if not row["criterion"]]
    assert (standing["raw"], standing["results_version"]) == ("3.0", str(results.version))


def test_no_cell_is_run_by_a_spreadsheet_and_numbers_stay_numbers(jam, take):
    ParticipationFactory(jam=jam, user=UserFactory(display_name='=cmd|"/C calc"!A1'))
    rows = table(take("participations"))
    assert '\'=cmd|"/C calc"!A1' in {row["user_display_name"] for row in rows}
    site = LocalSiteFactory(jam=jam, latitude="-33.86", longitude="151.2")
    [row] = table(take("sites"))
    assert row["latitude"] == "-33.86000"
    assert row["name"] == site.name


def test_a_draft_is_there_for_its_organizers_alone(jam, organizer, client, at, take):
    Jam.objects.filter(pk=jam.pk).update(published_at=None)
    assert take("participations", by=UserFactory(), phase="announced").status_code == 404
    assert table(take("participations", phase="announced")) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_statements(jam, organizer, client, at, rows, django_assert_num_queries):
    at(MOMENTS["finished"])
    for _number in range(rows):
        rate(frozen_submission(jam), 4, 2)
        ParticipationFactory(jam=jam)
    freezing.close(jam, MOMENTS["finished"])
    ratings_freezing.results_of(jam, MOMENTS["finished"])
    client.force_login(organizer)
    with django_assert_num_queries(4):
        assert client.get("/jams/night/exports/").status_code == 200
    for name in ("submissions", "participations", "standings", "rating_counts"):
        with django_assert_num_queries(6):
            b"".join(client.post(f"/jams/night/exports/{name}.csv"))


def test_the_page_says_what_is_in_each(jam, organizer, client, at):
    at(MOMENTS["rating"])
    client.force_login(organizer)
    page = client.get("/jams/night/exports/").content.decode()
    for export in exports.exports_of(jam, MOMENTS["rating"]):
        assert f'id="export-{export.name}"' in page
        assert (f"exports/{export.name}.csv" in page) != bool(export.to_come)
        for name, _told in export.columns:
            assert f"<code>{name}</code>" in page
    assert "manage.py export_jam night FILE.zip" in page
