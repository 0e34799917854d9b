"""The record of a revision, and that anybody can check it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.test import Client

from jam.config.demo import files
from submissions import checksums, freezing, services
from submissions.models import Revision
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.submissions.factories import SubmissionFactory, frozen_submission, hand_in

pytestmark = pytest.mark.django_db


def url_of(submission, page="") -> str:
    return f"/jams/{submission.jam.slug}/submissions/{submission.pk}/{page}"


@pytest.fixture
def submission(at):
    """Handed in twice, with a report, and frozen; signed out readers see it."""
    submission = SubmissionFactory(title="First words", tags="one, two")
    by = submission.contributors.get().user
    hand_in(submission)
    report = ContentFile(files.report("Work", ["A"], "We asked", "We looked"), "it's a report.pdf")
    services.add_file(submission=submission, by=by, upload=report, moment=MOMENTS["making"])
    submission.title, submission.commit = "Last words", "c0ffee" * 3
    submission.save()
    services.hand_in(submission=submission, by=by, moment=MOMENTS["making"])
    at(MOMENTS["rating"])
    freezing.close(submission.jam, MOMENTS["rating"])
    submission.refresh_from_db()
    return submission


def test_the_record_shows_all_that_was_kept(client, submission):
    text = client.get(url_of(submission, "revisions/2/")).content.decode()
    revision = submission.frozen
    (file,) = revision.content["files"]
    for shown in ("Last words", "Fri 3 May", revision.digest,
                  file["sha256"], submission.commit, revision.names, "sha256sum --check",
                  "Raters rate exactly this."):  # fmt: skip
        assert shown in text, shown
    detail = client.get(url_of(submission)).content.decode()
    assert url_of(submission, "revisions/2/") in detail


def test_anybody_can_check_everything_with_sha256sum(client, submission, tmp_path: Path):
    sums = client.get(url_of(submission, "revisions/2/SHA256SUMS"))
    assert sums["Content-Disposition"] == 'attachment; filename="SHA256SUMS"'
    (tmp_path / "SHA256SUMS").write_bytes(sums.content)
    found = checksums.checked(submission.frozen, submission.jam.slug)
    assert len(found) == 2
    for each in found:
        response = client.get(each.path)
        content = b"".join(response) if response.streaming else response.content
        (tmp_path / each.name).write_bytes(content)

    def check() -> subprocess.CompletedProcess:
        return subprocess.run(
            ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True
        )

    assert check().returncode == 0, check()
    (tmp_path / found[1].name).write_bytes(b"%PDF-1.4 another")
    assert check().returncode == 1


def test_the_content_is_the_bytes_that_the_digest_is_of(client, submission):
    content = client.get(url_of(submission, "revisions/2/content.json")).content
    assert json.loads(content)["title"] == "Last words"
    sums = client.get(url_of(submission, "revisions/2/SHA256SUMS")).content.decode()
    assert sums.startswith(submission.frozen.digest)


def test_the_commands_say_how_whatever_files_are_called(client, submission):
    revision = submission.frozen
    (file,) = revision.content["files"]
    revision.content["files"] = [file, file | {"id": 7}, file | {"id": 8, "name": "sha256sums"}]
    found = checksums.checked(revision, "jam")
    assert [each.name for each in found[1:]] == [
        "it's a report.pdf", "7-it's a report.pdf", "8-sha256sums"
    ]  # fmt: skip
    lines = checksums.commands(found, "/sums", lambda path: f"https://jams.example{path}").split(
        "\n"
    )
    assert lines[0] == "curl -fsS -o ./SHA256SUMS https://jams.example/sums"
    assert lines[2].startswith("""curl -fsS -o './it'"'"'s a report.pdf' https://jams.example/""")
    assert lines[-1] == "sha256sum --check SHA256SUMS"


@pytest.mark.parametrize("page", ["", "content.json", "SHA256SUMS"])
def test_what_was_handed_in_before_is_the_teams_and_the_organizers(client, submission, page):
    organizer = UserFactory()
    submission.jam.organizers.add(organizer)
    readers = [
        (None, 404),
        (UserFactory(), 404),
        (submission.contributors.get().user, 200),
        (organizer, 200),
    ]
    for user, answer in readers:
        client = Client()
        if user:
            client.force_login(user)
        assert client.get(url_of(submission, f"revisions/1/{page}")).status_code == answer
        assert client.get(url_of(submission, f"revisions/2/{page}")).status_code == 200
        assert client.get(url_of(submission, f"revisions/3/{page}")).status_code == 404


def test_drafts_and_disqualified_ones_have_no_record_for_others(client, submission, at):
    other = SubmissionFactory(jam=submission.jam)
    hand_in(other)
    assert client.get(url_of(other, "revisions/1/")).status_code == 404
    submission.disqualified_at, submission.disqualification_reason = MOMENTS["rating"], "Copied"
    submission.save()
    assert client.get(url_of(submission, "revisions/2/")).status_code == 404


def test_visible_revisions_are_one_row_each(submission):
    jam, team = submission.jam, submission.contributors.get().user
    submission.contributors.create(user=UserFactory(), confirmed_at=MOMENTS["making"])

    def numbers(user) -> list[int]:
        return [
            revision.number
            for revision in Revision.objects.visible_to(user, jam, MOMENTS["rating"])
        ]

    assert numbers(AnonymousUser()) == numbers(UserFactory()) == [2]
    assert numbers(team) == [1, 2]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_record_asks_the_same(client, at, rows, django_assert_num_queries):
    submission = frozen_submission(JamFactory())
    for number in range(1, rows):
        submission.contributors.create(user=UserFactory(), confirmed_at=MOMENTS["making"])
        submission.title = f"More {number}"
        submission.save()
        submission.frozen = hand_in(submission)
        submission.save()
    at(MOMENTS["finished"])
    client.get(url_of(submission))
    # Jam, submission, its contributors, the revision, all of them.
    with django_assert_num_queries(5):
        response = client.get(url_of(submission, f"revisions/{rows}/"))
    assert response.status_code == 200
