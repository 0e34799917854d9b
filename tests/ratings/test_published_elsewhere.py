"""A jam that was held at the games shop, from its two tables."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from jam.models import Act, Jam, Message, Participation
from ratings import tasks as ratings_tasks
from ratings.models import Results
from ratings.published import median_of
from submissions import tasks as submissions_tasks
from submissions.models import Submission
from tests.factories import JamFactory, UserFactory
from tests.jam.archive.packages import opened, taken, written

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "tally" / "data"

WORKS = """Submission,Title,Contributors,URL,Short description
11,Lanterns,"Ada, Grace",https://shop.example/lanterns,Light them all.
12,CafÃ© at the edge,Linus,https://shop.example/cafe,A cup of tea.
13,Silence,,,
"""
# Of ratings 9, 4 and none the median is 4; so that something is marked down, it is as if one more
# submission with 9 had been withdrawn since: 6.5.
TABLE = """submission,rating_count,criterion,rank,score,raw_score
11,9,overall,1,4.222,4.222
11,9,fun,2,4.000,4.000
11,9,mood,1,4.444,4.444
12,4,overall,3,3.432,4.375
12,4,fun,1,3.530,4.500
12,4,mood,4,3.334,4.250
"""


@pytest.fixture
def organizer():
    return UserFactory(email="olga@example.org")


@pytest.fixture
def take(tmp_path, organizer, at):
    def take(works=WORKS, table=TABLE, **options):
        (tmp_path / "works.csv").write_text(works, encoding="utf-8")
        (tmp_path / "table.csv").write_text(table, encoding="utf-8")
        told = {
            "slug": "light", "title": "Jam of light", "organizer": "Olga@example.org",
            "from": "https://shop.example/jam/light", "starts": "2023-04-14T17:00:00Z",
            "closes": "2023-04-17 05:00", "rated-until": "2023-05-01T05:00:00+00:00", **options,
        }  # fmt: skip
        call_command(
            "import_games_jam",
            str(tmp_path / "works.csv"),
            str(tmp_path / "table.csv"),
            *(f"--{name}={value}" for name, value in told.items()),
        )
        return Jam.objects.get(slug="light")

    return take


def test_it_is_a_finished_jam_with_its_submissions_and_its_table(take, organizer, client):
    jam = take()
    assert jam.is_organized_by(organizer)
    assert jam.imported_from == "https://shop.example/jam/light"
    assert jam.imported_at is not None
    assert [c.name for c in jam.criteria.all()] == ["fun", "mood"]
    results = Results.objects.get(jam=jam)
    assert (results.rule, results.submissions, results.ratings) == ("itch", 3, 13)
    assert results.summary[str(jam.criteria.first().pk)] == {"median": 6.5}
    assert results.digest == hashlib.sha256(TABLE.encode()).hexdigest()
    overall = results.standings.filter(criterion=None).order_by("submission")
    assert list(overall.values_list("submission__number", "n", "raw", "itch_score", "rank")) == [
        (11, 9, 4.222, 4.222, 1), (12, 4, 4.375, 3.432, 3), (13, 0, None, None, None),
    ]  # fmt: skip
    page = client.get("/jams/light/results/").content.decode()
    for told in ("Lanterns", "4.222", "Ada, Grace", "as they were published there", results.digest):
        assert told in page
    assert "verify_results" not in page
    assert "This jam was imported" in client.get("/jams/light/").content.decode()


def test_every_page_of_it_answers(take, client, organizer):
    jam = take()
    [first, second, third] = Submission.objects.filter(jam=jam)
    paths = [
        reverse(name, args=["light"])
        for name in ("jam:detail", "jam:schedule", "submissions:gallery", "sites:list",
                     "ratings:results", "ratings:agreement", "ratings:standings_file")
    ]  # fmt: skip
    for work in (first, second, third):
        paths += [
            reverse("submissions:detail", args=["light", work.pk]),
            reverse("submissions:record", args=["light", work.pk, 1]),
            reverse("ratings:submission_results", args=["light", work.pk]),
        ]
    for user in (None, UserFactory(), organizer):
        if user:
            client.force_login(user)
        for path in paths:
            assert client.get(path).status_code == 200, path
    page = client.get(paths[-4]).content.decode()
    assert "As it was published where the jam was held: 4.375, from 4 ratings." in page
    assert "4.375 × √(4 / 6.5) = 3.432" in page
    work = client.get(f"/jams/light/submissions/{first.pk}/").content.decode()
    for told in ("Lanterns", "Ada", "Grace", "https://shop.example/lanterns", "Light them all."):
        assert told in work


def test_what_was_decoded_wrongly_is_repaired_and_told(take, capsys):
    jam = take()
    assert Submission.objects.get(jam=jam, number=12).frozen.title == "Café at the edge"
    assert "1 texts had been decoded wrongly" in capsys.readouterr().out


def test_what_is_too_long_for_an_abstract_is_the_text(take):
    jam = take(works=WORKS.replace("A cup of tea.", "tea " * 100))
    kept = Submission.objects.get(jam=jam, number=12).frozen
    assert len(kept.abstract) == 280
    assert kept.content["body"] == ("tea " * 100).strip()


def test_nobody_is_mailed_and_it_is_not_counted_again(take):
    jam = take()
    for sweep in (ratings_tasks.freeze_due, ratings_tasks.news_due, ratings_tasks.tell_due,
                  submissions_tasks.close_due, submissions_tasks.send_receipts,
                  submissions_tasks.ask_due):  # fmt: skip
        sweep()
    assert not Message.objects.exists()
    assert not Participation.objects.exists()
    assert Results.objects.get().jam == jam
    with pytest.raises(CommandError, match="published elsewhere"):
        call_command("verify_results", "light")
    act = Act.objects.get(verb="imported the jam")
    assert (act.jam, act.after["from"]) == (jam, "https://shop.example/jam/light")


def test_it_has_an_archive(take):
    jam = take()
    archive = written(jam)
    again = taken(archive, "again").jam
    own, theirs = opened(archive), opened(written(again))
    for path in ("data/standings.jsonl", "data/results.jsonl", "data/revisions.jsonl"):
        assert own[path] == theirs[path]


@pytest.mark.parametrize(("name", "median"), [("kenney-jam-2022", 9), ("game-off-2017", 10)])
def test_published_tables_are_taken_as_they_are(take, name, median):
    table = (DATA / f"{name}.csv").read_text()
    rows = list(csv.DictReader(table.splitlines()))
    numbers = dict.fromkeys(row["submission"] for row in rows)
    works = "submission,title\n" + "".join(f"{n},Work {n}\n" for n in numbers)
    jam = take(works, table)
    results = Results.objects.get(jam=jam)
    assert results.summary["overall"] == {"median": median}
    names = {c.name: c.pk for c in jam.criteria.all()} | {"overall": None}
    kept = {
        (s.submission.number, s.criterion_id): (s.n, s.itch_rank, s.itch_score, s.raw)
        for s in results.standings.select_related("submission")
    }
    assert kept == {
        (int(row["submission"]), names[row["criterion"]]): (
            int(row["rating_count"]), int(row["rank"]), float(row["score"]),
            float(row["raw_score"]),
        )
        for row in rows
    }  # fmt: skip


def test_a_jam_of_which_nothing_was_marked_down_has_no_median(take):
    jam = take(table="".join(TABLE.splitlines(keepends=True)[:4]))
    assert jam.results.get().summary["overall"] == {"median": 0}
    assert jam.results.get().standings.filter(n=0).count() == 6


@pytest.mark.parametrize(("old", "new", "why"), [
    ("12,CafÃ©", "11,CafÃ©", "submissions, line 3: submission 11 is there twice"),
    ("12,CafÃ©", "twelve,CafÃ©", "submissions, line 3, submission: “twelve” is no whole number"),
    (",Title,", ",Words,", "submissions, line 1: has no column “title”"),
    ("Lanterns", "L" * 161, "submissions, line 2: the title is longer"),
    ("13,Silence", "13,", "submissions, line 4: has no title"),
    ("https://shop.example/cafe", "javascript:alert(1)", "line 3: “javascript:alert"),
    ("13,Silence,,,", "13,Silence", "submissions, line 4: has more or fewer cells"),
])  # fmt: skip
def test_a_table_of_submissions_that_is_not_as_it_should_be(take, old, new, why):
    assert old in WORKS
    with pytest.raises(CommandError, match=why):
        take(works=WORKS.replace(old, new, 1))
    assert not Jam.objects.exists()


@pytest.mark.parametrize(("old", "new", "why"), [
    ("raw_score", "mean", "results, line 1: has no column “raw_score”"),
    ("12,4,mood", "14,4,mood", "results, line 7: there is no submission 14"),
    ("12,4,mood", "12,4,fun", "results, line 7: this submission has this criterion already"),
    ("12,4,mood", "12,5,mood", "results, line 7: this submission had another number"),
    ("12,4,mood,4,3.334,4.250\n", "", "submission 12 has no line for “mood”"),
    ("4.444,4.444", "5.444,5.444", "results, line 4, score: “5.444” is no number of stars"),
    ("4.444,4.444", "4.444,nan", "results, line 4, raw_score: “nan” is no number"),
    ("4.444,4.444", "4.500,4.444", "results, line 4: the score is above the mean"),
    ("3.334,4.250", "2.000,4.250", "no median number of ratings explains the scores"),
    ("11,9,mood,1", "11,9,mood,0", "results, line 4: places and numbers"),
])  # fmt: skip
def test_a_table_of_results_that_is_not_as_it_should_be(take, old, new, why):
    assert old in TABLE
    with pytest.raises(CommandError, match=why):
        take(table=TABLE.replace(old, new, 1))
    assert not Jam.objects.exists()


def test_a_table_without_lines(take):
    with pytest.raises(CommandError, match="results: there is no line"):
        take(table=TABLE.splitlines()[0])


@pytest.mark.parametrize(("options", "why"), [
    ({"organizer": "nobody@example.org"}, "Nobody here has the address"),
    ({"slug": "not an address"}, "slug"),
    ({"closes": "2023-04-10T05:00:00Z"}, "."),
    ({"rated-until": "2999-01-01T05:00:00Z"}, "not over yet"),
])  # fmt: skip
def test_a_jam_that_cannot_be(take, options, why):
    with pytest.raises(CommandError, match=why):
        take(**options)
    assert not Jam.objects.exists()


def test_an_address_that_is_taken(take):
    JamFactory(slug="light")
    with pytest.raises(CommandError, match="already exists"):
        take()


def test_the_median_is_the_smallest_that_explains_every_score():
    from ratings.published import Line

    lines = [Line(1, 4, "fun", 1, 2.0, 4.0), Line(2, 20, "fun", 2, 3.0, 3.0)]
    assert median_of(lines) == 16
