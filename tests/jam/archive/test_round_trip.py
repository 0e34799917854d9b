"""Out, in, and out again: nothing is lost, and the bytes are the same."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from jam.archive import writing
from jam.archive.tables import Malformed
from jam.models import Act, Jam, Message, Participation, User
from jam.services import close_account
from ratings import freezing
from ratings import tasks as ratings_tasks
from ratings.models import Need, Rating, RatingRules, Results
from submissions import freezing as submissions_freezing
from submissions import tasks as submissions_tasks
from submissions.models import File, Origin, Original, Revision, Submission
from tests.factories import MOMENTS, UserFactory
from tests.jam.archive.packages import opened, rows_of, taken, written
from tests.jam.archive.test_tables import OURS
from tests.world import World

TOLD = MOMENTS["finished"]


def forget_everything() -> None:
    """An installation that was just set up, whose keys go on from where they were."""
    call_command("flush", interactive=False, reset_sequences=False, verbosity=0)


@pytest.fixture
def world(at, transactional_db) -> World:
    return World("finished", at)


@pytest.fixture
def elsewhere(world) -> bytes:
    """The archive of the world's jam, at an installation that knows nothing of it."""
    close_account(user=world.people["stranger"], by=world.people["stranger"], moment=TOLD)
    archive = written(world.jam)
    forget_everything()
    return archive


def counts() -> dict[str, int]:
    return {
        model._meta.label: model._base_manager.count()
        for label in OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }


def test_the_same_jam_gives_the_same_bytes(world):
    assert written(world.jam) == written(world.jam)


def test_it_comes_back_as_it_was(elsewhere):
    jam = taken(elsewhere).jam
    assert written(jam) == elsewhere
    # Nothing of it depends on keys: they are all others now.
    assert Submission.objects.order_by("pk").first().number < Submission.objects.first().pk
    assert jam.imported_from == ""
    jam.refresh_from_db()
    assert (jam.imported_at, jam.imported_from) == (TOLD, "a test")


def test_results_verify(elsewhere, capsys):
    jam = taken(elsewhere).jam
    call_command("verify_results", jam.slug)
    assert "all equal" in capsys.readouterr().out
    results = Results.objects.get()
    assert freezing.digest_of(freezing.ballot_of(results)) == results.digest


def test_what_was_handed_in_keeps_its_hash_and_names_who_is_who(elsewhere):
    taken(elsewhere)
    for revision in Revision.objects.select_related("submission__jam"):
        assert (
            hashlib.sha256(submissions_freezing.bytes_of(revision)).hexdigest() == revision.digest
        )
        people = {user.pk: user for user in User.objects.all()}
        for told in revision.content["contributors"]:
            assert str(people[told["id"]]) == told["name"]
        files = {file["id"]: file["sha256"] for file in revision.content["files"]}
        assert files == dict(revision.files.values_list("pk", "sha256"))
    assert Original.objects.count() == Revision.objects.count()


def test_files_are_there_with_their_hashes(elsewhere):
    taken(elsewhere)
    assert File.objects.exists()
    for file in File.objects.all():
        with file.content.open("rb") as content:
            assert hashlib.sha256(content.read()).hexdigest() == file.sha256


def test_the_log_names_what_it_named(elsewhere):
    before = rows_of(elsewhere, "personal/acts.jsonl")
    jam = taken(elsewhere).jam
    acts = list(Act.objects.filter(jam=jam).order_by("pk"))
    assert [act.verb for act in acts] == [row["verb"] for row in before]
    for act in acts:
        if act.target_type == "submissions.submission":
            assert Submission.objects.filter(pk=act.target_id, jam=jam).exists()
    # The import is told of beside it.
    assert Act.objects.get(jam=None, verb="imported the jam").after["slug"] == jam.slug


def test_people_are_known_by_their_addresses(world, elsewhere):
    address = world.people["organizer"].email
    known = UserFactory(email=address.upper(), display_name="Here I am")
    jam = taken(elsewhere).jam
    known.refresh_from_db()
    assert known.display_name == "Here I am"
    assert jam.is_organized_by(known)
    new = User.objects.exclude(pk=known.pk)
    assert not [user for user in new if user.has_usable_password()]
    assert not new.filter(is_staff=True).exists()
    # Who had left has left here as well.
    [gone] = new.filter(is_active=False)
    assert gone.is_closed
    assert Participation.objects.filter(jam=jam).exclude(user__in=User.objects.all()).count() == 0


def test_the_queue_finds_its_places_anew(at, transactional_db):
    world = World("rating", at)
    places = sorted(Need.objects.values_list("places", flat=True))
    assert any(places)
    archive = written(world.jam)
    forget_everything()
    jam = taken(archive, moment=MOMENTS["rating"]).jam
    assert sorted(Need.objects.values_list("places", flat=True)) == places
    assert Rating.objects.filter(holds_place=True).exists()
    assert written(jam) == archive


def test_pictures_in_a_text_are_found(world):
    file = world.file
    submission = Submission.objects.get(pk=world.submission.pk)
    revision = submission.frozen
    address = f"/jams/{world.jam.slug}/submissions/{submission.pk}/files/{file.pk}/"
    content = {**revision.content, "body": f"![Here]({address})"}
    assert any(each["id"] == file.pk for each in content["files"])
    Revision.objects.filter(pk=revision.pk).update(
        content=content, digest=submissions_freezing.digest_of(content)
    )
    Submission.objects.filter(pk=submission.pk).update(body=content["body"])
    archive = written(world.jam)
    forget_everything()
    jam = taken(archive, "another").jam
    kept = Submission.objects.get(number=submission.pk).frozen
    here = File.objects.get(sha256=file.sha256, submission=kept.submission_id)
    assert kept.content["body"] == (
        f"![Here](/jams/another/submissions/{kept.submission_id}/files/{here.pk}/)"
    )
    assert kept.submission.body == kept.content["body"]
    again = opened(written(jam))
    for path in ("data/revisions.jsonl", "data/submissions.jsonl"):
        assert again[path] == opened(archive)[path]


def test_what_leads_to_other_jams_finds_them_or_stays_behind(world):
    Jam.objects.filter(pk=world.jam.pk).update(slug="before")
    world.jam.refresh_from_db()
    other = World("finished", lambda moment: None)
    Origin.objects.create(submission=other.submission, earlier=world.submission)
    first, second = written(world.jam), written(other.jam)
    forget_everything()
    alone = taken(second)
    assert alone.left_out == {"origins": 1}
    forget_everything()
    taken(first)
    again = taken(second)
    assert not again.left_out
    assert Origin.objects.filter(submission__jam=again.jam, earlier__isnull=False).count() == 1
    assert written(again.jam) == second


def test_at_an_address_that_is_taken_nothing_happens(world):
    archive, before = written(world.jam), counts()
    with pytest.raises(Malformed, match="already"):
        taken(archive)
    assert counts() == before


def test_what_fails_half_way_leaves_nothing(elsewhere, monkeypatch):
    before = counts()
    assert not any(before.values())

    def break_down(jam, moment):
        raise RuntimeError("the plug was pulled")

    monkeypatch.setattr("ratings.queue.rebuild", break_down)
    stored = len(_stored())
    with pytest.raises(RuntimeError):
        taken(elsewhere)
    assert counts() == before
    assert len(_stored()) == stored


def _stored(folder: str = "") -> list[str]:
    folders, files = default_storage.listdir(folder)
    return files + [name for each in folders for name in _stored(f"{folder}/{each}".lstrip("/"))]


def test_a_file_that_is_lost_or_changed_is_told_of(world):
    path = world.file.content.name
    with world.file.content.storage.open(path, "wb") as stored:
        stored.write(b"something else")
    with pytest.raises(writing.Damaged, match="not what was stored"):
        written(world.jam)
    default_storage.delete(path)
    with pytest.raises(writing.Damaged, match="cannot be read"):
        written(world.jam)


def test_the_descriptor_tells_what_there_is(world):
    files = opened(written(world.jam))
    told = json.loads(files["datapackage.json"])
    assert told["name"] == world.jam.slug
    assert {resource["path"] for resource in told["resources"]} == set(files) - {"datapackage.json"}
    names = [resource["name"] for resource in told["resources"]]
    assert len(set(names)) == len(names)
    for resource in told["resources"]:
        content = files[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if not resource["path"].startswith("files/"):
            assert resource["personal"] == resource["path"].startswith("personal/")
    # Secrets of this installation stay here.
    everything = b"".join(files.values())
    assert RatingRules.of(world.jam).salt.encode() not in everything
    assert world.submission.invitation.encode() not in everything


def test_no_address_of_a_person_stands_outside_the_personal_tables(world):
    files = opened(written(world.jam))
    addresses = [address.encode() for address in User.objects.values_list("email", flat=True)]
    for path, content in files.items():
        if not path.startswith(("personal/", "files/")):
            assert not [address for address in addresses if address in content], path


def test_the_commands(world, tmp_path, capsys):
    file = tmp_path / "jam.zip"
    call_command("export_jam", world.jam.slug, file)
    assert file.read_bytes() == written(world.jam)
    assert file.stat().st_mode & 0o777 == 0o600
    assert Act.objects.filter(verb="exported the jam", jam=None).exists()
    with pytest.raises(CommandError, match="there already"):
        call_command("export_jam", world.jam.slug, file)
    with pytest.raises(CommandError, match="no jam at /jams/none/"):
        call_command("export_jam", "none", tmp_path / "none.zip")
    with pytest.raises(CommandError, match="already"):
        call_command("import_jam", file)
    with pytest.raises(CommandError, match="--slug"):
        call_command("import_jam", file, slug="not an address")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_jam", tmp_path / "none.zip")
    forget_everything()
    call_command("import_jam", file, slug="elsewhere")
    jam = Jam.objects.get()
    assert jam.slug == "elsewhere"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert jam.imported_from == f"an archive with the SHA-256 {digest}"
    assert "/jams/elsewhere/" in capsys.readouterr().out


def test_no_mail_is_written_of_what_happened_before_it_came(elsewhere):
    taken(elsewhere)
    for sweep in (ratings_tasks.news_due, ratings_tasks.tell_due, submissions_tasks.send_receipts):
        sweep()
    assert not Message.objects.exists()
