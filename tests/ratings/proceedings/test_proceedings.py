"""The proceedings: complete, the same for the same jam, nothing before the results."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest
from datacite import schema45
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from jam import drawing
from jam.config.demo import files
from ratings import freezing, tasks
from ratings.models import Prize, Results
from ratings.proceedings import keeping, sheets, site
from ratings.views import proceedings as views
from submissions import crediting, services
from submissions.models import File, Submission
from tests.factories import MOMENTS, RESULTS, TICK, UserFactory
from tests.jam.factories import HostFactory
from tests.ratings.factories import frozen_submission, rate, small_jam
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db
SCRIPT = "<script>document.title='run'</script>"


class Addresses(HTMLParser):
    """Whatever a page leads to, and whatever it loads."""

    def __init__(self, text: str):
        super().__init__()
        self.led: list[str] = []
        self.loaded: list[str] = []
        self.anchors: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.anchors.append(given["id"])
        if tag == "a":
            self.led.append(given.get("href", ""))
        elif tag in ("link", "img", "script", "iframe", "use"):
            self.loaded.append(given.get("href") or given.get("src") or "")


def figure() -> bytes:
    drawn = io.BytesIO()
    drawing.cover("figure", 30, 320, 180).save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
def results(at) -> Results:
    """Three submissions: one with all kinds of files, one late in the running, one disqualified."""
    at(MOMENTS["finished"])
    jam = small_jam(criteria=1, rule="mean", ratings_file="always")
    jam.description = "What *we* did: [all jams](/jams/) ![banner](/media/x.png) $x^2$"
    jam.save()
    HostFactory(jam=jam, name="The hosts")
    Prize.objects.create(jam=jam, title="The golden probe")
    submission = SubmissionFactory(jam=jam, title=f"Inside {SCRIPT}")
    by = submission.contributors.get().user
    for upload in (
        ContentFile(files.report("Work", ["A"], "We asked", "We looked"), 'a "report" <1>.pdf'),
        ContentFile(files.notebook("Work", "We asked"), "run.ipynb"),
        ContentFile(figure(), "figure.png"),
    ):
        services.add_file(submission=submission, upload=upload, by=by, moment=MOMENTS["making"])
    image = File.objects.get(kind="image")
    submission.body = (
        f"## Method\n\n{SCRIPT} $a_1$ ![figure](/jams/{jam.slug}/submissions/{submission.pk}/files/"
        f"{image.pk}/) ![gone](/jams/{jam.slug}/submissions/{submission.pk}/files/999/)\n\n"
        "![elsewhere](https://example.org/x.png) [up](#text-method) [home](/)"
    )
    submission.save()
    submission.frozen = hand_in(submission)
    submission.save()
    others = [frozen_submission(jam, title=f"Other {n}", body="## Method") for n in range(2)]
    for stars, work in zip((5, 4, 3), (submission, *others), strict=True):
        rate(work, stars)
    results = freezing.results_of(jam, RESULTS)
    Submission.objects.filter(pk=others[1].pk).update(
        disqualified_at=RESULTS, disqualification_reason="a secret reason"
    )
    results.jam = jam
    return results


def unpacked(results: Results) -> dict[str, bytes]:
    """The files of the proceedings by their paths."""
    written = io.BytesIO()
    count = keeping.write(results, written)
    with zipfile.ZipFile(written) as archive:
        assert archive.testzip() is None
        found = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert len(found) == count
    return found


def test_every_address_leads_to_a_file_or_out_on_purpose_and_nothing_else_is_loaded(results):
    found = unpacked(results)
    pages = [path for path in found if path.endswith(".html")]
    assert len(pages) == 6
    for path in pages:
        page = Addresses(found[path].decode())
        assert len(page.anchors) == len(set(page.anchors)), path
        for address in page.loaded + page.led:
            if address.startswith(("https://", "http://")):
                assert address in page.led, (path, address)
                continue
            assert not address.startswith(("/", "data:")), (path, address)
            target, _hash, anchor = address.partition("#")
            here = PurePosixPath(path).parent / unquote(target) if target else PurePosixPath(path)
            parts: list[str] = []
            for part in here.parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            name = "/".join(parts)
            assert name in found, (path, address)
            if anchor:
                assert anchor in Addresses(found[name].decode()).anchors, (path, address)


def test_style_sheets_find_their_fonts(results):
    found = unpacked(results)
    for path in (path for path in found if path.endswith(".css")):
        for address in re.findall(r'url\("?([^")]+)"?\)', found[path].decode()):
            if address.startswith("data:"):
                continue
            parts: list[str] = []
            for part in (PurePosixPath(path).parent / address).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            assert "/".join(parts) in found, (path, address)


def test_files_are_those_that_were_handed_in_and_all_are_summed(results):
    found = unpacked(results)
    submission = Submission.objects.get(title__startswith="Inside")
    folder = f"submissions/{submission.pk}/"
    for file in submission.frozen.content["files"]:
        path = f"{folder}files/{sheets.name_of(file)}"
        assert hashlib.sha256(found[path]).hexdigest() == file["sha256"]
        assert not set('<>:"\\|?*') & set(path)
    assert hashlib.sha256(found[f"{folder}record.json"]).hexdigest() == submission.frozen.digest
    lines = found["SHA256SUMS"].decode().splitlines()
    assert {line.partition("  ")[2] for line in lines} == set(found) - {"SHA256SUMS"}
    for line in lines:
        digest, _space, path = line.partition("  ")
        assert hashlib.sha256(found[path]).hexdigest() == digest


def test_pages_say_what_was_made_and_how_it_was_rated(results):
    found = unpacked(results)
    pk = Submission.objects.get(title__startswith="Inside").pk
    page = found[f"submissions/{pk}/index.html"].decode()
    assert "place 1" in page
    assert "Won: The golden probe" in page
    assert '<span class="math">a_1</span>' in page
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert f'src="files/{File.objects.get(kind="image").pk}-figure.png"' in page
    assert f"notebook-{File.objects.get(kind='notebook').pk}.html" in page
    assert len(json.loads(found[f"submissions/{pk}/cite/citation.json"])) == 1
    whole = found["print.html"].decode()
    for text in (found["index.html"].decode(), whole):
        assert "The golden probe" in text
        assert '<a href="https://localhost/jams/">' in text or "/jams/" in text
    assert whole.count('<article class="sheet-of"') == 2


def test_what_was_disqualified_keeps_its_line_and_has_no_page(results):
    found = unpacked(results)
    out = Submission.objects.get(title="Other 1")
    assert not [path for path in found if path.startswith(f"submissions/{out.pk}/")]
    assert "Other 1" in found["results.html"].decode()
    assert "Other 1" not in found["index.html"].decode()
    assert not [path for path, content in found.items() if b"a secret reason" in content]


def test_people_are_those_who_are_credited(results):
    work = Submission.objects.get(title="Other 0")
    crediting.correct_contributors(
        submission=work, by=UserFactory(is_superuser=True),
        order=[UserFactory(display_name="Late Lila")], reason="She was forgotten.", moment=RESULTS,
    )  # fmt: skip
    found = unpacked(results)
    for path in ("index.html", "results.html", "print.html", "citations.bib",
                 f"submissions/{work.pk}/index.html"):  # fmt: skip
        assert "Lila" in found[path].decode(), path


def test_archives_know_what_they_are_given(results):
    found = unpacked(results)
    collection = json.loads(found["datacite.json"])
    schema45.validate(collection)
    assert len(collection["relatedIdentifiers"]) == 2
    for path in (path for path in found if path.endswith("cite/datacite.json")):
        schema45.validate(json.loads(found[path]))
    assert found["citations.bib"].count(b"@inproceedings{") == 2


@pytest.mark.parametrize("offers", [True, False])
def test_ratings_are_there_where_the_jam_offers_them(results, offers):
    results.offers_file = offers
    found = unpacked(results)
    assert ("data/ratings.csv" in found) is offers
    assert (b"data/ratings.csv" in found["index.html"]) is offers
    if offers:
        assert hashlib.sha256(found["data/ratings.csv"]).hexdigest() == results.digest


def test_a_file_that_is_gone_is_named_nowhere(results):
    report = File.objects.get(kind="report")
    report.content.storage.delete(report.content.name)
    found = unpacked(results)
    assert not [path for path in found if path.endswith(".pdf")]
    page = found[f"submissions/{report.submission_id}/index.html"].decode()
    assert f"files/{report.pk}-" not in page


def test_long_lists_are_cut_into_pages(results, monkeypatch):
    monkeypatch.setattr(site, "PER_PAGE", 2)
    found = unpacked(results)
    assert "results-2.html" in found
    assert 'href="index-2.html"' in found["index.html"].decode()
    assert "Other 1" in found["results-2.html"].decode()


# -- the command, the pages, the worker --------------------------------------------------------


def test_the_command_writes_them_and_says_what(results, tmp_path, capsys):
    target = tmp_path / "all.zip"
    call_command("proceedings", results.jam.slug, str(target))
    assert "all.zip" in capsys.readouterr().out
    assert zipfile.is_zipfile(target)
    for slug, file in (("nowhere", target), (results.jam.slug, tmp_path / "no" / "all.zip")):
        with pytest.raises(CommandError):
            call_command("proceedings", slug, str(file))
    assert [path.name for path in tmp_path.glob("all*")] == ["all.zip"]


def test_before_the_results_there_are_none(client, at, tmp_path):
    jam = small_jam()
    frozen_submission(jam)
    at(RESULTS - TICK)
    for path in ("proceedings/", "proceedings.zip", "proceedings/print/"):
        response = client.get(f"{jam.get_absolute_url()}results/{path}")
        assert response["Location"] == f"{jam.get_absolute_url()}results/"
    with pytest.raises(CommandError, match="are due at"):
        call_command("proceedings", jam.slug, str(tmp_path / "all.zip"))


def home(results: Results) -> str:
    return f"{results.jam.get_absolute_url()}results/proceedings"


def test_a_small_jam_has_its_zip_at_once_and_once(client, results, monkeypatch):
    response = client.get(f"{home(results)}.zip")
    content = b"".join(response.streaming_content)
    assert zipfile.is_zipfile(io.BytesIO(content))
    assert response["Content-Disposition"].endswith('-proceedings.zip"')
    monkeypatch.setattr(keeping, "write", None)
    assert b"".join(client.get(f"{home(results)}.zip").streaming_content) == content
    assert "Download the zip (" in client.get(f"{home(results)}/").text


def test_what_changes_them_has_them_built_anew_and_the_old_ones_deleted(results):
    first = keeping.build(results)
    assert keeping.build(results) == first
    Submission.objects.filter(title="Other 0").update(
        disqualified_at=RESULTS, disqualification_reason="x"
    )
    second = keeping.build(results)
    assert second != first
    kept = keeping.default_storage.listdir(keeping.FOLDER)[1]
    assert [name for name in kept if name.startswith(f"{results.jam.slug}-")] == [
        second.partition("/")[2]
    ]


def test_a_large_jam_asks_the_worker_once(client, results, monkeypatch):
    asked = []
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    monkeypatch.setattr(views.tasks.build_proceedings, "delay", asked.append)
    for _n in range(2):
        response = client.get(f"{home(results)}.zip")
        assert response["Location"] == f"{home(results)}/?asked"
    assert asked == [results.jam_id]
    assert "It is being made" in client.get(response["Location"]).text
    tasks.build_proceedings(results.jam_id)
    assert client.get(f"{home(results)}.zip").status_code == 200


def test_the_document_to_print_leads_to_the_pages_of_the_jam(client, results, monkeypatch):
    response = client.get(f"{home(results)}/print/")
    text = b"".join(response.streaming_content).decode()
    page = Addresses(text)
    assert len(page.anchors) == len(set(page.anchors))
    image = File.objects.get(kind="image")
    assert f"/jams/{results.jam.slug}/submissions/{image.submission_id}/files/{image.pk}/" in text
    assert "assets/" not in text
    monkeypatch.setattr(views, "MOST_PRINTED", 2)
    assert client.get(f"{home(results)}/print/")["Location"] == f"{home(results)}/"


def test_whoever_wants_too_many_is_asked_to_wait(client, results, monkeypatch):
    monkeypatch.setattr(views, "MOST_AN_HOUR", 1)
    assert client.get(f"{home(results)}/print/").status_code == 200
    assert client.get(f"{home(results)}/print/").status_code == 403


def test_the_page_costs_the_same_for_any_jam(client, results, django_assert_num_queries):
    client.get(f"{home(results)}/")
    with django_assert_num_queries(7):
        client.get(f"{home(results)}/")


def test_the_same_bytes_for_the_same_jam(results):
    first, second = io.BytesIO(), io.BytesIO()
    keeping.write(results, first)
    keeping.write(results, second)
    assert first.getvalue() == second.getvalue()
