"""A package that is not as it should be is refused, with what is wrong and where."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from jam.archive.reading import Package
from jam.archive.tables import Malformed
from jam.models import Jam
from submissions.models import File
from tests.factories import MOMENTS, JamFactory, ParticipationFactory
from tests.jam.archive.packages import changed, opened, taken, written, zipped
from tests.jam.factories import HostFactory
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive() -> bytes:
    jam = JamFactory(slug="small")
    HostFactory(jam=jam, name="The house")
    ParticipationFactory(jam=jam)
    submission = SubmissionFactory(jam=jam)
    content = b"%PDF-1.7 of a kind"
    File.objects.create(
        submission=submission,
        kind=File.Kind.REPORT,
        name="report.pdf",
        content=ContentFile(content, "report.pdf"),
        content_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=MOMENTS["making"],
        uploaded_by=submission.contributors.get().user,
    )
    hand_in(submission)
    return written(jam)


def refused(archive: bytes, why: str) -> None:
    jams = Jam.objects.count()
    with pytest.raises(Malformed, match=why):
        taken(archive, "fresh")
    assert Jam.objects.count() == jams


def replacing(path: str, old: str, new: str):
    def change(files):
        text = files[path].decode()
        assert old in text, text
        files[path] = text.replace(old, new, 1).encode()

    return change


def adding(path: str, content: bytes = b"x"):
    def change(files):
        told = json.loads(files["datapackage.json"])
        told["resources"].append({"name": "more", "path": path})
        files["datapackage.json"] = json.dumps(told).encode()
        files[path] = content

    return change


def test_an_address_that_is_a_page_of_its_own(archive):
    with pytest.raises(Malformed, match="/jams/new/ is a page of its own"):
        taken(archive, "new")


def test_what_is_no_zip():
    refused(b"PK of no kind", "this is no zip")


def test_a_zip_of_something_else():
    refused(zipped({"readme.txt": b"Hello"}), "“readme.txt” has no place")
    refused(zipped({"data/hosts.csv": b"id\r\n"}), "datapackage.json: is missing")


@pytest.mark.parametrize("path", [
    "../../etc/passwd", "/etc/passwd", "files/../datapackage.json", "data\\jam.csv", "data/",
    "files/x.exe", "files/" + "0" * 63, "C:/x", "data/hosts.csv/../x",
])  # fmt: skip
def test_paths_that_lead_elsewhere(archive, path):
    refused(changed(archive, adding(path)), "has no place in an archive of a jam")


def test_nothing_is_compressed(archive):
    refused(zipped(opened(archive), zipfile.ZIP_DEFLATED), "is compressed")
    bomb = {**opened(archive), "files/" + "0" * 64: b"\0" * 10_000_000}
    refused(zipped(bomb, zipfile.ZIP_BZIP2), "is compressed")


def test_files_that_lie_over_each_other(archive):
    """Many entries of the directory that name the same bytes: larger than the zip itself."""
    large = zipped({**opened(archive), "files/" + "0" * 64: b"\0" * 100_000})
    source = io.BytesIO(large)
    with zipfile.ZipFile(source) as found:
        info = found.getinfo("files/" + "0" * 64)
        infos = list(found.infolist())
    target = io.BytesIO(large)
    with zipfile.ZipFile(target, "a") as made:
        for number in range(1, 9):
            copy = zipfile.ZipInfo("files/" + str(number) * 64)
            copy.file_size = copy.compress_size = info.file_size
            copy.CRC, copy.header_offset = info.CRC, info.header_offset
            made.filelist.append(copy)
            made.NameToInfo[copy.filename] = copy
        made._didModify = True
    assert len(zipfile.ZipFile(target).infolist()) == len(infos) + 8
    with pytest.raises(Malformed, match="larger than the zip itself"):
        Package(target)


def test_an_entry_that_is_there_twice(archive):
    target = io.BytesIO(archive)
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(target, "a") as made,
    ):
        made.writestr("data/hosts.csv", b"id,name\r\n")
    refused(target.getvalue(), "data/hosts.csv: is there twice")


@pytest.mark.parametrize(("change", "why"), [
    (lambda files: files.pop("data/hosts.csv"), "data/hosts.csv: is not in the zip"),
    (replacing("datapackage.json", "{", "["), "datapackage.json: is no JSON"),
    (replacing("datapackage.json", '"format": 1', '"format": 99'), "of no archive of format 1"),
    (replacing("datapackage.json", '"data/hosts.csv"', "17"), "a resource without a path"),
    (lambda files: files.update({"files/" + "0" * 64: b"x"}), "is not among the resources"),
    (replacing("data/hosts.csv", "The house", "The mouse"), "data/hosts.csv: its SHA-256 is"),
    (replacing("data/hosts.csv", "The house", "A house"), r"data/hosts.csv: has \d+ bytes, not"),
])  # fmt: skip
def test_what_does_not_fit_the_descriptor(archive, change, why):
    refused(changed(archive, change, sealed=False), why)


@pytest.mark.parametrize(("change", "why"), [
    (replacing("data/hosts.csv", "id,name", "id,name,password"), "cells instead of 5"),
    (replacing("data/hosts.csv", "id,name,url", "id,name,link"), "'link': is no column of it"),
    (replacing("data/hosts.csv", "id,name,url", "id,url,url"), "a column is there twice"),
    (replacing("data/hosts.csv", "1,The house", "2,The house"), "line 2, id: must be 1"),
    (replacing("data/hosts.csv", ",0\r\n", ",many\r\n"), "line 2, order: 'many' is no integer"),
    (replacing("data/hosts.csv", ",0\r\n", ",-1\r\n"), "hosts.csv, line 2.*: "),
    (replacing("data/hosts.csv", "The house", "T" * 121), "line 2, name: "),
    (replacing("data/hosts.csv", "The house", "\"The house"), "hosts.csv: line . is no CSV"),
    (replacing("data/jam.csv", "2030-05-03T17:00:00.000000Z", "soon"), "starts_at: 'soon' is no"),
    (replacing("personal/participations.csv", "\r\n1,1,", "\r\n1,99,"),
     r"participations.csv, line 2, user: there is no jam.user 99"),
    (replacing("personal/participations.csv", "\r\n1,1,", "\r\n1,-1,"), "-1 is no number of a row"),
    (replacing("personal/participations.csv", "\r\n1,1,", "\r\n1,,"), "line 2, user: is missing"),
    (replacing("personal/people.csv", "@example.org", ""), "line 2, email: "),
    (replacing("data/submissions.jsonl", '"title": ', '"title": 1, "extra": '),
     "line 1, 'extra': is no column of it"),
    (replacing("data/submissions.jsonl", "{", "["), "line 1 is no JSON"),
    (replacing("data/submissions.jsonl", '"licence": "', '"licence": "Beer'), "of the choices"),
    (replacing("data/revisions.jsonl", '"title": "', '"title": "Another '),
     "line 1: the content is not what its SHA-256 stands for"),
    (replacing("data/revisions.jsonl", '"named": {', '"named": {}, "x": {'), "'x': is no column"),
    (replacing("data/revisions.jsonl", '"named": {', '"named": [], "note": {'),
         "line 1: is not made as it should be"),
    (lambda files: files.update({"data/jam.csv": files["data/jam.csv"].split(b"\r\n")[0]}),
     "0 jams instead of one"),
])  # fmt: skip
def test_rows_that_are_not_as_they_should_be(archive, change, why):
    refused(changed(archive, change), why)


def test_files_are_what_they_are_called(archive):
    name = next(name for name in opened(archive) if name.startswith("files/"))

    def change(files):
        files[name] = b"another"

    refused(changed(archive, change), f"{name}: its SHA-256 is .*, not as it is called")

    def lose(files):
        told = json.loads(files["datapackage.json"])
        told["resources"] = [r for r in told["resources"] if r["path"] != name]
        files["datapackage.json"] = json.dumps(told).encode()
        del files[name]

    refused(changed(archive, lose), r"submission_files.jsonl, line 1, content: there is no files/")
    refused(changed(archive, adding("files/" + "0" * 64)), "not as it is called|no row has")


def test_what_the_database_refuses(archive):
    """Rows that are well each, and break a rule together."""

    def twice(files):
        path = "personal/participations.csv"
        first = files[path].decode().split("\r\n")[1]
        files[path] += first.replace("1,", "3,", 1).encode() + b"\r\n"

    refused(changed(archive, twice), "participations.csv, line 2 to line 4: the database refuses")
    assert default_storage.listdir("submissions")[0]


def test_a_package_of_before_a_column_was_there(archive):
    def change(files):
        lines = files["data/hosts.csv"].decode().split("\r\n")
        assert lines[0] == "id,name,url,order"
        files["data/hosts.csv"] = b"id,name\r\n1,The house\r\n"

    jam = taken(changed(archive, change), "fresh").jam
    assert [(host.name, host.url, host.order) for host in jam.hosts.all()] == [("The house", "", 0)]


def test_the_command_tells_what_is_wrong(archive, tmp_path):
    file = tmp_path / "broken.zip"
    file.write_bytes(archive[:-100])
    with pytest.raises(CommandError, match="no zip.*\nNothing was taken in."):
        call_command("import_jam", file, slug="fresh")


def test_texts_of_every_kind_come_through():
    texts = [
        'a "quoted", text',
        "two\r\nlines",
        "a lone\rreturn",
        "=1+1",
        " blanks ",
        "漢字 🎉",
        "\u2028",
    ]
    jam = JamFactory(description="\n".join(texts), code_of_conduct="x" * 200_000)
    for number, text in enumerate(texts):
        HostFactory(jam=jam, name=text, order=number)
    again = taken(written(jam), "again", MOMENTS["announced"]).jam
    again.refresh_from_db()
    assert [host.name for host in again.hosts.all()] == texts
    assert (again.description, again.code_of_conduct) == (jam.description, jam.code_of_conduct)
