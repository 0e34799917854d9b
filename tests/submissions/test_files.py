"""Files are told by what is in them, and stay harmless."""

from __future__ import annotations

import errno
import hashlib
import io
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jam.config.demo import files as demo_files
from submissions import files, services
from submissions.models import Closing, File
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.submissions.factories import SubmissionFactory, hand_in

NOW = MOMENTS["making"]
PDF = demo_files.report("Work", ["A"], "We asked", "We looked")


def notebook(**changes) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [], **changes}).encode()


def picture(form="PNG", size=(40, 30), **options) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "teal").save(drawn, form, **options)
    return drawn.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind", "kept_name"),
    [
        (PDF, "report.pdf", "report", "report.pdf"),
        (PDF, "misnamed.exe", "report", "misnamed.pdf"),
        (notebook(), "Übung 🧪.ipynb", "notebook", "Übung 🧪.ipynb"),
        (b"\xef\xbb\xbf" + notebook(), "bom.ipynb", "notebook", "bom.ipynb"),
        (b'{"nbformat": 3, "worksheets": []}', "old.ipynb", "notebook", "old.ipynb"),
        (picture("PNG"), "figure.png", "image", "figure.png"),
        (picture("JPEG"), "photo.JPEG", "image", "photo.JPEG"),
        (picture("GIF"), "moving.gif", "image", "moving.png"),
        (picture("WEBP"), "new.webp", "image", "new.png"),
    ],
)
def test_what_is_taken(content, name, kind, kept_name):
    inspected = files.inspect(ContentFile(content, name))
    assert (inspected.kind, inspected.name) == (kind, kept_name)
    stored = inspected.content.read()
    assert hashlib.sha256(stored).hexdigest() == inspected.sha256
    assert inspected.size == len(stored)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script>", "neither a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "neither a PDF"),
        (b"MZ\x90\x00", "neither a PDF"),
        (b"PK\x03\x04", "cut off"),
        (b"%PDF-1.4 and nothing else", "no page of it"),
        (b"GIF89a", "neither a PDF"),
        (b'{"cells": []}', "not a Jupyter notebook"),
        (b'{"nbformat": 4}', "not a Jupyter notebook"),
        (b'{"nbformat": "4", "cells": []}', "not a Jupyter notebook"),
        (b"{" + b'"a":{' * 100_000, "cannot be read"),
        (b"{\xff\xfe}", "cannot be read"),
        (picture("PNG")[:60], "damaged"),
        (PDF + b" " * (25 * files.MEGABYTE), "may have"),
        (notebook(pad="x" * (10 * files.MEGABYTE)), "may have"),
    ],
    ids=range(15),
)
def test_what_is_refused_and_why(content, reason):
    with pytest.raises(files.FileRefused, match=reason):
        files.inspect(ContentFile(content, "file.pdf"))


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked():
    # 50,000 × 50,000 pixels of one colour are a small file.
    bomb = bytearray(picture("PNG", (1, 1)))
    bomb[16:24] = (50_000).to_bytes(4, "big") * 2
    with pytest.raises(files.FileRefused):
        files.inspect(ContentFile(bytes(bomb), "bomb.png"))


def test_a_large_picture_is_made_smaller_and_loses_what_the_camera_told():
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    content = picture("JPEG", (3000, 1500), exif=exif)
    assert b"Secret Camera" in content
    stored = files.inspect(ContentFile(content, "photo.jpg")).content.read()
    assert b"Secret Camera" not in stored
    assert Image.open(io.BytesIO(stored)).size == (2400, 1200)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("gpj\u202efdp.exe", "gpjfdp.exe"),
        ("👩‍🔬 λ.pdf", "👩‍🔬 λ.pdf"),
        ("", "file"),
        ("...", "file"),
        ("x" * 500 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_names_are_kept_but_do_not_mislead(name, kept):
    assert files.clean_name(name) == kept


# -- serving -----------------------------------------------------------------------------------


@pytest.fixture
def work(db):
    submission = SubmissionFactory(jam=JamFactory())
    user = submission.contributors.get().user
    add = {"submission": submission, "by": user, "moment": NOW}
    services.add_file(upload=ContentFile(PDF, "Übung.pdf"), **add)
    services.add_file(upload=ContentFile(picture(), "figure.png"), **add)
    revision = hand_in(submission)
    services.add_file(upload=ContentFile(notebook(), "later.ipynb"), **add)
    submission.frozen = revision
    submission.save()
    # As the deadline left it; what was uploaded afterwards is no part of it.
    Closing.objects.create(jam=submission.jam, closed_at=MOMENTS["closing"], handed_in=1)
    return submission


def get(client, file):
    submission = file.submission
    return client.get(f"/jams/{submission.jam.slug}/submissions/{submission.pk}/files/{file.pk}/")


def test_a_file_cannot_act_for_its_reader(client, at, work):
    at(MOMENTS["rating"])
    response = get(client, File.objects.get(kind="report"))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert "%C3%9Cbung.pdf" in response["Content-Disposition"]
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    image = get(client, File.objects.get(kind="image"))
    assert image["Content-Type"] == "image/png"
    assert image["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_what_was_not_frozen_is_for_the_team_alone(client, at, work):
    at(MOMENTS["rating"])
    later = File.objects.get(kind="notebook")
    assert get(client, later).status_code == 404
    client.force_login(UserFactory())
    assert get(client, later).status_code == 404
    client.force_login(work.contributors.get().user)
    assert get(client, later).status_code == 200


def test_a_file_of_another_submission_is_not_there(client, at, work):
    at(MOMENTS["rating"])
    other = SubmissionFactory(jam=work.jam)
    file = File.objects.get(kind="report")
    path = f"/jams/{work.jam.slug}/submissions/{other.pk}/files/{file.pk}/"
    client.force_login(other.contributors.get().user)
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_full_disk_is_told_and_leaves_nothing_behind(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    save = FileSystemStorage._save

    def fill(self, name, content):
        save(self, name, content)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fill)
    submission = SubmissionFactory()
    person = submission.contributors.get().user
    upload = SimpleUploadedFile("report.pdf", PDF)
    with pytest.raises(files.FileRefused, match="no room"):
        services.add_file(submission=submission, by=person, upload=upload, moment=MOMENTS["making"])
    assert not submission.files.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
