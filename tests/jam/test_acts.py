"""The log of acts: read by organizers, sifted, taken along, and changed by nobody."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from jam import giving_roles, log, reporting, services
from jam.models import Act
from jam.models.acts import Unalterable
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory

pytestmark = pytest.mark.django_db
MAKING = MOMENTS["making"]


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer")


@pytest.fixture
def jam(organizer, at):
    at(MAKING)
    jam = JamFactory(slug="night")
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def see(client):
    def see(user, path="", **asked):
        client.force_login(user)
        response = client.get(f"/jams/night/log/{path}", asked)
        if response.streaming:
            return response, b"".join(response).decode()
        return response, response.content.decode()

    return see


def add(jam, verb="changed", target=None, by=None, moment=MAKING, **more):
    return log.record(verb, target or jam, by=by, jam=jam, moment=moment, **more)


def shown(body: str) -> list[str]:
    """The verbs on the page, from the top."""
    return [part.split("<")[0] for part in body.split('<th scope="row">')[1:]]


@pytest.mark.parametrize("path", ["", "log.csv", "log.json"])
def test_only_organizers_read_it(jam, organizer, see, client, path):
    client.logout()
    assert client.get(f"/jams/night/log/{path}").status_code == 302
    person = ParticipationFactory(jam=jam).user
    response, body = see(person, path)
    assert response.status_code == 403
    assert "Only organizers read the log" in body
    assert see(organizer, path)[0].status_code == 200
    assert see(UserFactory(is_superuser=True), path)[0].status_code == 200


def test_it_says_who_what_whom_when_before_after_and_why(jam, organizer, see):
    person = UserFactory(display_name="Paul Person")
    add(jam, "disqualified", IdeaFactory(jam=jam, title="A <loop>"), organizer, reason="A copy",
        before={"starts_at": START}, after={"tags": ["a", "b"]})  # fmt: skip
    add(jam, "joined", person)
    _response, body = see(organizer)
    for said in ("Olga Organizer", "A &lt;loop&gt;", "A copy", "starts at", "a, b", "Idea"):
        assert said in body
    # The log knows people by number, the page by the name that they have now.
    assert "Paul Person" in body
    assert f"person {person.pk}" not in body
    assert "the clock" in body


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["published", "hid", "changed", "joined"]),
        ({"who": "organizers"}, ["hid", "changed"]),
        ({"who": "clock"}, ["published"]),
        ({"name": "paul"}, ["joined"]),
        ({"kind": "jam.idea"}, ["hid"]),
        ({"verb": "changed"}, ["changed"]),
        ({"q": "rude loop"}, ["hid"]),
        ({"q": "rude nothing"}, []),
        ({"since": "2030-05-03"}, ["published", "hid"]),
        ({"until": "2030-05-02"}, ["changed", "joined"]),
        # What is wrong in one field does not hinder the others, and is said.
        ({"since": "someday", "verb": "hid"}, ["hid"]),
        ({"verb": "nonsense"}, ["published", "hid", "changed", "joined"]),
        ({"q": "\0", "kind": "jam.idea"}, ["hid"]),
        ({"page": "many"}, ["published", "hid", "changed", "joined"]),
    ],
)
def test_it_is_sifted(jam, organizer, see, asked, expected):
    person = UserFactory(display_name="Paul Person")
    add(jam, "joined", person, person, START - timedelta(days=2))
    add(jam, "changed", by=organizer, moment=START - timedelta(days=1))
    add(jam, "hid", IdeaFactory(jam=jam, title="A loop"), organizer, START, reason="Rude.")
    add(jam, "published", moment=MAKING)
    add(JamFactory(), "changed", by=organizer)
    response, body = see(organizer, **asked)
    assert response.status_code == 200
    assert shown(body) == expected
    assert ("Enter a valid date" in body) == (asked.get("since") == "someday")
    _response, table = see(organizer, "log.csv", **asked)
    assert [row["verb"] for row in csv.DictReader(io.StringIO(table.lstrip("\ufeff")))] == expected


def test_helpers_are_sifted_with_organizers_and_who_has_left_has_no_page(jam, organizer, see):
    helper = UserFactory(display_name="Hal Helper")
    giving_roles.give(jam=jam, user=helper, role="moderator", by=organizer, moment=MAKING)
    add(jam, "hid", by=helper)
    assert shown(see(organizer, who="organizers")[1])[0] == "hid"
    assert f"/people/{helper.pk}/" in see(organizer)[1]
    services.close_account(user=helper, by=helper, moment=MAKING)
    assert f"/people/{helper.pk}/" not in see(organizer)[1]


def test_it_is_taken_along(jam, organizer, see):
    add(jam, "hid", IdeaFactory(jam=jam, title="=SUM(1)"), organizer, reason="Why",
        before={"x": 1}, after={"y": "é"})  # fmt: skip
    add(jam, "closed")
    response, body = see(organizer, "log.json")
    assert response["Cache-Control"] == "no-store"
    last, first = json.loads(body)
    assert (last["actor"], last["verb"]) == (None, "closed")
    assert first == {
        "moment": "2030-05-03T22:00:00+00:00",
        "actor": organizer.pk,
        "actor_name": "Olga Organizer",
        "verb": "hid",
        "target_type": "jam.idea",
        "target_id": first["target_id"],
        "target_name": "=SUM(1)",
        "before": {"x": 1},
        "after": {"y": "é"},
        "reason": "Why",
    }
    table = see(organizer, "log.csv")[1]
    row = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff"))))[1]
    # A spreadsheet does not run it.
    assert row["target_name"] == "'=SUM(1)"
    assert row["after"] == '{"y": "é"}'
    assert json.loads(see(organizer, "log.json", verb="nothing like it", q="zzz")[1]) == []


def test_whoever_is_reported_does_not_learn_it_from_the_log(jam, organizer, see):
    other = UserFactory()
    jam.organizers.add(other)
    made = reporting.report(
        target=organizer, jam=jam, by=UserFactory(), reason="Rude", moment=START
    )
    reporting.write(report=made, by=other, text="When?", moment=START)
    assert shown(see(other)[1]) == ["wrote about a report", "reported"]
    for path in ("", "log.csv", "log.json"):
        assert "report" not in see(organizer, path)[1].split("</header>")[-1].split("<footer")[0]


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_statements(jam, organizer, client, rows, django_assert_num_queries):
    client.force_login(organizer)
    for _ in range(rows):
        add(jam, "joined", UserFactory(), UserFactory())
    # Session, reader, jam; kinds, count, lines, names.
    with django_assert_num_queries(7):
        client.get("/jams/night/log/")
    with django_assert_num_queries(5):
        b"".join(client.get("/jams/night/log/log.csv"))


def test_a_line_is_neither_changed_nor_deleted(jam):
    act = add(jam)
    act.verb = "nothing"
    for alter in (
        act.save,
        act.delete,
        Act.objects.all().delete,
        lambda: Act.objects.update(verb="nothing"),
        lambda: Act.objects.bulk_update([act], ["verb"]),
        lambda: jam.acts.update(verb="nothing"),
    ):
        with pytest.raises(Unalterable):
            alter()
    assert Act.objects.get().verb == "changed"


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE jam_act SET verb = 'nothing'",
        "DELETE FROM jam_act",
        "TRUNCATE jam_act",
        "ALTER TABLE jam_act DISABLE TRIGGER ALL",
        "DROP TABLE jam_act",
        "GRANT ALL ON jam_act TO CURRENT_USER",
    ],
)
def test_a_user_of_the_database_with_the_applications_rights_cannot_either(jam, statement):
    add(jam)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE an_application")
        call_command("grant", "an_application")
        cursor.execute("SET LOCAL ROLE an_application")
        add(jam, "added by the application")
        if statement.startswith("GRANT"):
            # What one may not give, one gives without effect and with a warning.
            cursor.execute(statement)
            statement = "UPDATE jam_act SET verb = 'nothing'"
        with pytest.raises(ProgrammingError, match="permission denied|must be owner"), \
                transaction.atomic():  # fmt: skip
            cursor.execute(statement)
        cursor.execute("RESET ROLE")
    verbs = set(Act.objects.filter(jam=jam).values_list("verb", flat=True))
    assert verbs == {"changed", "added by the application"}
