"""Files that arrive in pieces: gone on with, refused early, never a part of one."""

from __future__ import annotations

import errno
import hashlib
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from jam.config.demo import files as demo_files
from jam.errors import Refused
from jam.models import User
from submissions import files, services
from submissions.files import pieces
from submissions.models import File, Submission, SubmissionRules, Upload
from submissions.models.uploads import LASTS
from submissions.permissions import DraftRefusal
from submissions.tasks import sweep_uploads
from tests.factories import MOMENTS, SUBMISSIONS_CLOSE, TICK, UserFactory
from tests.submissions.corpus.images import drawn, png
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]
PDF = demo_files.report("Work", ["A"], "We asked", "We looked")
SIZE = 100


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch) -> None:
    monkeypatch.setattr("submissions.files.pieces.SIZE", SIZE)


@pytest.fixture
def own():
    return SubmissionFactory()


def begin(own, content=PDF, *, name="report.pdf", at=NOW, **changes) -> Upload:
    fields = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **changes}
    by = changes.pop("by", own.contributors.get().user)
    return services.begin_upload(
        **{"submission": own, "by": by, "name": name, "moment": at, **fields}
    )


def send(own, upload, content=PDF, *, offset=None, at=NOW) -> Upload:
    offset = upload.received if offset is None else offset
    return services.take_piece(
        submission=Submission.objects.with_content().get(pk=own.pk),
        by=upload.uploaded_by,
        upload_id=upload.pk,
        offset=offset,
        content=content[offset : offset + SIZE],
        moment=at,
    )


def send_all(own, upload, content=PDF) -> Upload:
    while upload.file is None:
        upload = send(own, upload, content)
    return upload


def lying_about() -> list[str]:
    try:
        folders, left = default_storage.listdir("uploads")
    except FileNotFoundError:
        return []
    return folders + left


def test_a_file_comes_in_pieces_and_is_the_one_that_was_sent(own):
    upload = send_all(own, begin(own))
    file = own.files.get()
    assert upload.file == file
    assert (file.name, file.kind, file.size) == ("report.pdf", "report", len(PDF))
    assert file.content.read() == PDF
    assert lying_about() == []


def test_until_all_of_it_is_here_it_is_no_part_of_the_submission(own):
    upload = send(own, begin(own))
    assert (upload.received, upload.percent) == (SIZE, 100 * SIZE // len(PDF))
    assert not own.files.exists()


def test_it_goes_on_where_it_was(own):
    first = send(own, begin(own))
    again = begin(own, at=NOW + timedelta(hours=5))
    assert (again, again.received) == (first, SIZE)
    # What is here already, and what comes too early, changes nothing.
    assert send(own, again, offset=0).received == SIZE
    assert send(own, again, offset=3 * SIZE).received == SIZE
    send_all(own, again)
    assert own.files.get().content.read() == PDF


def test_a_piece_that_is_sent_again_after_the_last_one_has_the_same_answer(own):
    upload = send_all(own, begin(own))
    last = len(PDF) // SIZE * SIZE
    assert send(own, upload, offset=last).file == upload.file
    assert own.files.count() == 1


def test_the_same_file_again_is_the_one_that_is_there(own):
    first, second = send_all(own, begin(own)), send_all(own, begin(own, name="again.pdf"))
    assert first.file == second.file
    assert own.files.count() == 1


@pytest.mark.parametrize("length", [0, 1, SIZE - 1, SIZE + 1])
def test_pieces_have_one_size(own, length):
    upload = begin(own)
    services.take_piece(submission=own, by=upload.uploaded_by, upload_id=upload.pk, offset=0,
                        content=(PDF * 2)[:length], moment=NOW)  # fmt: skip
    upload.refresh_from_db()
    assert upload.received == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>" * 100, "neither a PDF"),
        (png(50_000, 50_000, b"x" * 300), "too many pixels"),
        (b"GIF89a" + bytes(60), "neither a PDF"),
    ],
)
def test_what_is_wrong_at_its_beginning_is_refused_with_the_first_piece(own, content, reason):
    with pytest.raises(files.FileRefused, match=reason):
        send(own, begin(own, content), content)
    assert not Upload.objects.exists()
    assert lying_about() == []


def test_a_picture_whose_head_is_longer_than_a_piece_waits_for_the_rest(own):
    content = drawn("JPEG", comment=b"what the camera says" * 20)
    send_all(own, begin(own, content, name="photo.jpg"), content)
    assert own.files.get().kind == "image"


def test_what_is_too_large_for_its_kind_is_refused_with_the_first_piece(own):
    upload = begin(own, size=26 * files.MEGABYTE)
    with pytest.raises(files.FileRefused, match=r"a report \(PDF\) may have"):
        send(own, upload)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"size": 0}, "empty"),
        ({"size": 51 * files.MEGABYTE}, "no file may have more than 50"),
        ({"size": 10**18}, "no file may have more than"),
        ({"sha256": "x"}, "did not arrive as it was sent"),
    ],
)
def test_what_is_refused_before_it_comes(own, changes, reason):
    with pytest.raises(files.FileRefused, match=reason):
        begin(own, **changes)


def test_what_is_not_what_was_announced_is_forgotten(own):
    upload = begin(own, sha256="0" * 64)
    with pytest.raises(files.FileRefused, match="did not arrive as it was sent"):
        send_all(own, upload)
    assert not Upload.objects.exists()
    assert not File.objects.exists()
    assert lying_about() == []


def test_pieces_that_are_gone_are_noticed(own):
    upload = send(own, begin(own))
    pieces.remove(upload)
    with pytest.raises(files.FileRefused, match="did not arrive"):
        send_all(own, upload)


def test_another_size_of_the_same_hash_begins_anew(own):
    first = begin(own, size=SIZE)
    assert begin(own).pk != first.pk
    assert Upload.objects.count() == 1


def test_only_the_team_while_it_may_write_and_everyone_their_own(own):
    with pytest.raises(Refused) as refused:
        begin(own, by=UserFactory())
    assert refused.value.refusal == DraftRefusal.NOT_TEAM
    upload = begin(own, at=SUBMISSIONS_CLOSE - TICK)
    send(own, upload, at=SUBMISSIONS_CLOSE - TICK)
    upload.refresh_from_db()
    with pytest.raises(Refused) as refused:
        send(own, upload, at=SUBMISSIONS_CLOSE)
    assert refused.value.refusal == DraftRefusal.CLOSED
    mate = UserFactory()
    own.contributors.create(user=mate, confirmed_at=NOW)
    with pytest.raises(Upload.DoesNotExist):
        services.take_piece(submission=own, by=mate, upload_id=upload.pk, offset=SIZE,
                            content=PDF[SIZE:], moment=SUBMISSIONS_CLOSE - TICK)  # fmt: skip
    services.give_up_upload(submission=own, by=mate, upload_id=upload.pk)
    assert Upload.objects.exists()
    services.give_up_upload(submission=own, by=upload.uploaded_by, upload_id=upload.pk)
    services.give_up_upload(submission=own, by=upload.uploaded_by, upload_id=upload.pk)
    assert not Upload.objects.exists()
    assert lying_about() == []


def test_one_person_has_few_under_way_and_they_count_as_files(own, monkeypatch):
    for n in range(5):
        begin(own, sha256=f"{n}" * 64)
    with pytest.raises(files.FileRefused, match="5 files under way"):
        begin(own)
    monkeypatch.setattr("submissions.files.MOST_FILES", 5)
    with pytest.raises(files.FileRefused, match="5 files at most"):
        begin(own)
    # What has lapsed does not count, swept or not.
    begin(own, at=NOW + LASTS)
    assert Upload.objects.count() == 1


def test_it_lapses_a_day_after_its_last_piece(own, at):
    upload = send(own, begin(own))
    live = Upload.objects.of(own, upload.uploaded_by)
    assert live.live(NOW + LASTS - TICK).exists()
    assert not live.live(NOW + LASTS).exists()
    at(NOW + LASTS - TICK)
    sweep_uploads()
    assert lying_about() == [str(upload.pk)]
    at(NOW + LASTS)
    sweep_uploads()
    sweep_uploads()
    assert not Upload.objects.exists()
    assert lying_about() == []


class Killed(BaseException):
    """As a process that is killed: nothing after it runs."""


@pytest.mark.parametrize("where", ["write", "whole", "remove"])
def test_whoever_is_killed_leaves_an_upload_that_can_be_gone_on_with(own, monkeypatch, where):
    upload, real = begin(own), getattr(pieces, where)

    def killed(*args):
        if where == "write":
            real(*args)
        raise Killed

    monkeypatch.setattr(pieces, where, killed)
    with pytest.raises(Killed), transaction.atomic():
        send_all(own, upload)
    monkeypatch.setattr(pieces, where, real)
    assert all(file.size == len(PDF) for file in own.files.all())
    send_all(own, begin(own))
    assert own.files.get().content.read() == PDF


def no_room():
    with files.no_room(1):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_keeps_what_is_here_and_takes_the_rest_later(own, monkeypatch):
    upload, save = send(own, begin(own)), FileSystemStorage._save

    def fill(self, name, content):
        save(self, name, content)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fill)
    with pytest.raises(files.NoRoom, match="no room"):
        send(own, upload)
    monkeypatch.setattr(FileSystemStorage, "_save", save)
    assert default_storage.listdir(f"uploads/{upload.pk}") == ([], ["0"])
    # Here as a whole, and no room for the file itself: it stays, too.
    monkeypatch.setattr("submissions.services.files.files.store", lambda *a: no_room())
    with pytest.raises(files.NoRoom):
        send_all(own, upload)
    monkeypatch.undo()
    monkeypatch.setattr("submissions.files.pieces.SIZE", SIZE)
    send_all(own, begin(own))
    assert own.files.get().content.read() == PDF


@pytest.mark.parametrize(
    "changes", [{"received": 11}, {"file": True}, {"twice": True}], ids=lambda c: next(iter(c))
)
def test_what_the_database_forbids(own, changes):
    row = {"submission": own, "uploaded_by": own.contributors.get().user, "name": "a", "size": 10,
           "sha256": "0" * 64, "touched_at": NOW}  # fmt: skip
    if changes.pop("twice", None):
        Upload.objects.create(**row)
    if changes.pop("file", None):
        changes["file"] = send_all(own, begin(own)).file
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.create(**row, **changes)


# -- by the web ----------------------------------------------------------------------------------


@pytest.fixture
def web(client, at, own):
    at(NOW)
    client.force_login(own.contributors.get().user)
    client.own = own
    client.here = f"/jams/{own.jam.slug}/submissions/{own.pk}/"
    return client


def announce(web, content=PDF, **changes):
    data = {"name": "report.pdf", "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(), **changes}  # fmt: skip
    return web.post(f"{web.here}uploads/", data)


def put(web, number, offset, content):
    return web.put(f"{web.here}uploads/{number}/?offset={offset}", content,
                   content_type="application/octet-stream")  # fmt: skip


def test_the_whole_way(web):
    state = announce(web).json()
    assert (state["received"], state["piece"], state["is_stored"]) == (0, SIZE, False)
    while not state["is_stored"]:
        offset = state["received"]
        state = put(web, state["id"], offset, PDF[offset : offset + SIZE]).json()
    assert "report.pdf" in state["html"]["#file-list"]
    assert "is-done" in state["html"]["#checklist"]


def test_an_upload_that_waits_stands_in_the_editor_and_can_be_given_up(web):
    state = announce(web).json()
    put(web, state["id"], 0, PDF[:SIZE])
    assert web.get(f"{web.here}uploads/{state['id']}/").json()["received"] == SIZE
    page = web.get(f"{web.here}edit/").content.decode()
    assert "Choose the same file again to go on." in page
    web.post(f"{web.here}uploads/{state['id']}/give-up/")
    assert "Not all here yet" not in web.get(f"{web.here}edit/").content.decode()
    assert web.get(f"{web.here}uploads/{state['id']}/").status_code == 404


def test_refusals_say_why(web, settings, monkeypatch):
    assert announce(web, size="x").json() == {"error": "This file is empty."}
    state = announce(web, b"<html>" * 20).json()
    refused = put(web, state["id"], 0, (b"<html>" * 20)[:SIZE])
    assert refused.status_code == 422
    assert "neither a PDF" in refused.json()["error"]
    assert put(web, state["id"], 0, b"x").status_code == 404
    state = announce(web).json()
    assert put(web, state["id"], "x", b"x").json()["received"] == 0
    assert put(web, state["id"], 0, bytes(3 * files.MEGABYTE)).status_code == 413
    monkeypatch.setattr("submissions.files.pieces.default_storage.save", lambda *a: no_room())
    full = put(web, state["id"], 0, PDF[:SIZE])
    assert full.status_code == 507
    assert "no room" in full.json()["error"]
    web.logout()
    assert put(web, state["id"], 0, PDF[:SIZE]).status_code == 302


def test_too_many_are_told(web, monkeypatch):
    monkeypatch.setattr("submissions.views.uploads.MOST_AN_HOUR", 1)
    announce(web)
    assert announce(web).status_code == 429


def test_a_button_beside_the_files_sends_the_words_along(web):
    words = {"title": "New words", "version": web.own.version, "links-TOTAL_FORMS": "0",
             "links-INITIAL_FORMS": "0"}  # fmt: skip
    upload = {"file": SimpleUploadedFile("a.pdf", PDF)}
    assert web.post(f"{web.here}files/", {**words, **upload}).status_code == 302
    web.own.refresh_from_db()
    assert web.own.title == "New words"
    file = web.own.files.get()
    # Words that cannot be stored are in the form again, and the file is gone all the same.
    again = web.post(
        f"{web.here}files/{file.pk}/remove/", {**words, "title": "Newer", "version": 0}
    )
    assert again.status_code == 409
    assert "Newer" in again.content.decode()
    assert not web.own.files.filter(removed_at=None).exists()


def test_words_that_were_typed_when_the_session_ended_wait_in_the_editor(web):
    user = web.own.contributors.get().user
    web.logout()
    words = {"title": "Typed", "version": "0", "links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0"}
    web.post(f"{web.here}files/", words, headers={"origin": "http://testserver"})
    session = dict(web.session)
    web.force_login(user)
    store = web.session
    store["kept"] = session["kept"]
    store.save()
    page = web.get(f"{web.here}files/", follow=True)
    assert 'value="Typed"' in page.content.decode()


def test_a_name_is_shown_and_stripped(web):
    content = b'{"nbformat": 4, "metadata": {"authors": [{"name": "Jane Doe"}]}, "cells": []}'
    web.post(f"{web.here}files/", {"file": SimpleUploadedFile("a.ipynb", content)})
    first = web.own.files.get()
    page = web.get(f"{web.here}edit/").content.decode()
    assert "names its author: <q>Jane Doe</q>" in page
    web.post(f"{web.here}files/{first.pk}/strip/")
    second = web.own.files.get(removed_at=None)
    assert (second.name, second.gives_away) == ("a.ipynb", [])
    assert second.sha256 != first.sha256
    assert "Jane Doe" not in web.get(f"{web.here}edit/").content.decode()
    gone = web.post(f"{web.here}files/{first.pk}/strip/", follow=True)
    assert "not there any more" in gone.content.decode()


@pytest.mark.parametrize("is_blind", [False, True])
def test_a_blind_jams_team_is_told_of_all_that_gives_names_away(web, is_blind):
    SubmissionRules.objects.filter(jam=web.own.jam).update(blind=is_blind)
    User.objects.update(display_name="Jane Doe")
    web.own.links.create(kind="repository", url="https://github.com/janedoe/work")
    content = demo_files.report("Work", ["Jane Doe"], "We asked", "We looked")
    state = announce(web, content).json()
    while not state["is_stored"]:
        offset = state["received"]
        state = put(web, state["id"], offset, content[offset : offset + SIZE]).json()
    for html in (state["html"]["#file-list"], web.get(f"{web.here}edit/").content.decode()):
        for words in ("has a name on its first page: <q>Jane Doe</q>", "<q>janedoe</q>"):
            assert (words in html) == is_blind


# -- races ---------------------------------------------------------------------------------------


def at_once(*acts) -> list:
    """What each act gives or raises, all begun at the same time."""
    barrier, results = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            results.append(act())
        except BaseException as error:  # noqa: BLE001
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_pieces_that_come_twice_at_once_are_taken_once():
    own = SubmissionFactory()
    upload = at_once(*[lambda: begin(own)] * 4)[0]
    assert Upload.objects.count() == 1
    for offset in range(0, len(PDF), SIZE):
        results = at_once(*[lambda at=offset: send(own, upload, offset=at)] * 3)
        assert not [result for result in results if isinstance(result, BaseException)]
    assert own.files.get().content.read() == PDF
    assert Upload.objects.get().file == own.files.get()
