"""Anybody can check the results: the files, and the command over them."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.core.management import call_command

from ratings.models import RatingRules, Results
from ratings.queue import next_submission
from tests.factories import MOMENTS, RESULTS, TICK, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam

pytestmark = pytest.mark.django_db
FILES = ("ratings.csv", "rules.json", "standings.csv")


def rated_jam(raters: int, rule: str = "adjusted", **rules):
    """A jam of five submissions, one of which nobody rates."""
    jam = small_jam(criteria=3, rule=rule, **rules)
    jam.criteria.filter(name="A").update(weight="2.50")
    jam.criteria.filter(name="C").update(may_be_skipped=True)
    submissions = [frozen_submission(jam) for _ in range(4)]
    for number in range(raters):
        rater = UserFactory()
        for turn, submission in enumerate(submissions):
            if (number + turn) % 4:
                stars = [1 + (number * 2 + turn * k) % 5 for k in range(2)]
                rate(submission, *stars, "na" if number % 3 else 4, by=rater)
    frozen_submission(jam, title="Nobody's")
    rate(submissions[0], 1, 1, 1, by=JudgeFactory(jam=jam).user)
    return jam


def fetch(client, jam, name: str) -> bytes:
    response = client.get(f"/jams/{jam.slug}/results/{name}")
    assert response.status_code == 200, name
    return response.getvalue()


@pytest.mark.parametrize("rule", RatingRules.Rule.values)
def test_the_published_table_is_recomputed_to_the_last_digit(at, client, tmp_path, capsys, rule):
    jam = rated_jam(12, rule, least=3)
    at(RESULTS)
    for name in FILES:
        (tmp_path / name).write_bytes(fetch(client, jam, name))
    results = Results.objects.get()
    assert hashlib.sha256((tmp_path / "ratings.csv").read_bytes()).hexdigest() == results.digest
    said = client.get(f"/jams/{jam.slug}/results/").content.decode()
    assert f"recompute ratings.csv --weights rules.json --rule {rule}" in said
    call_command(
        "recompute", f"{tmp_path}/ratings.csv", weights=f"{tmp_path}/rules.json", rule=rule
    )
    assert capsys.readouterr().out == (tmp_path / "standings.csv").read_text()
    # The rules name the rule, so that none need be said.
    call_command("recompute", f"{tmp_path}/ratings.csv", weights=f"{tmp_path}/rules.json")
    assert capsys.readouterr().out == (tmp_path / "standings.csv").read_text()
    for other in RatingRules.Rule.values:
        published = client.get(f"/jams/{jam.slug}/results/standings.csv?rule={other}").getvalue()
        call_command("recompute", f"{tmp_path}/ratings.csv", weights=f"{tmp_path}/rules.json",
                     rule=other)  # fmt: skip
        assert capsys.readouterr().out == published.decode()


def test_rank_intervals_come_out_the_same_from_the_seed(at, client, tmp_path, capsys):
    jam = rated_jam(12)
    at(RESULTS)
    for name in FILES:
        (tmp_path / name).write_bytes(fetch(client, jam, name))
    call_command("recompute", f"{tmp_path}/ratings.csv", weights=f"{tmp_path}/rules.json",
                 format="json")  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    overall = {row["submission"]: row for row in told["standings"] if row["criterion"] == "overall"}
    for standing in Results.objects.get().standings.filter(criterion=None):
        row = overall[str(standing.submission_id)]
        for name in ("rank_low", "rank_high", "top1", "top3", "top10", "reliability", "strictness"):
            assert row[name] == getattr(standing, name), name


@pytest.mark.parametrize(
    ("raters", "setting", "offered"),
    [(9, "ten", False), (10, "ten", True), (2, "always", True), (12, "never", False)],
)
def test_ratings_are_offered_where_the_jam_says_so(at, client, raters, setting, offered):
    jam = rated_jam(raters, ratings_file=setting)
    at(RESULTS)
    status = client.get(f"/jams/{jam.slug}/results/ratings.csv").status_code
    assert status == (200 if offered else 403)
    said = client.get(f"/jams/{jam.slug}/results/").content.decode()
    assert ("ratings.csv</a>" in said) is offered
    assert fetch(client, jam, "standings.csv")
    # Decided with the results: a setting that is changed afterwards changes nothing.
    RatingRules.objects.filter(jam=jam).update(ratings_file="always" if not offered else "never")
    assert client.get(f"/jams/{jam.slug}/results/ratings.csv").status_code == status


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("moment", [MOMENTS["rating"], MOMENTS["counting"], RESULTS - TICK])
def test_there_are_no_files_before_the_results(at, client, moment, name):
    jam = rated_jam(10)
    jam.organizers.add(organizer := UserFactory())
    at(moment)
    assert client.get(f"/jams/{jam.slug}/results/{name}").status_code == 404
    client.force_login(organizer)
    assert client.get(f"/jams/{jam.slug}/results/{name}").status_code == 404


def test_pseudonyms_tell_nothing(at, client):
    """Nobody's id or name is in the files, and the same rater is somebody else in another jam."""
    rater, seen = UserFactory(display_name="Unmistakable"), []
    for _ in range(2):
        jam = small_jam(ratings_file="always")
        frozen_submission(jam)
        rate(next_submission(jam, rater, MOMENTS["rating"]), 3, 3, by=rater)
        at(RESULTS)
        text = fetch(client, jam, "ratings.csv").decode()
        assert "Unmistakable" not in text
        seen.append(text.splitlines()[1].split(",")[1])
        assert RatingRules.of(jam).salt not in text + fetch(client, jam, "rules.json").decode()
    assert seen[0] != seen[1]


def test_downloads_are_limited(at, client, monkeypatch):
    monkeypatch.setattr("ratings.views.checking.MOST_AN_HOUR", 2)
    jam = rated_jam(10)
    at(RESULTS)
    page = f"/jams/{jam.slug}/results/rules.json"
    assert [client.get(page).status_code for _ in range(3)] == [200, 200, 403]


def test_how_the_raters_agreed(at, client):
    jam = rated_jam(12)
    at(RESULTS)
    said = client.get(f"/jams/{jam.slug}/results/agreement/").content.decode()
    assert "Krippendorff’s alpha" in said
    assert "12 raters gave" in said
    at(RESULTS - TICK)
    assert client.get(f"/jams/{jam.slug}/results/agreement/").status_code == 302
