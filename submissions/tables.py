"""How submissions stand in the archive of a jam."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from jam.archive.numbers import Keys, Numbers
from jam.archive.tables import Malformed, Table
from jam.models import Jam
from submissions import freezing
from submissions.models import (
    Answer,
    Ask,
    Card,
    Certificate,
    Closing,
    Comment,
    Continuation,
    Contributor,
    Correction,
    File,
    KeptOrigin,
    LateGrant,
    Link,
    Origin,
    Original,
    Question,
    Revision,
    Submission,
    SubmissionRules,
    TimeRequest,
    Track,
    Upload,
)

SUBMISSION = "submissions.submission"
# Where a text shows one of its submission's own pictures.
ADDRESS = re.compile(r"/jams/[\w-]+/submissions/\d+/files/(?P<file>\d{1,18})/")
IN_ARCHIVE = "/archive/files/"
# What in the content of a revision has keys, by the models that they are of.
KEYED = {
    "contributors": "jam.user",
    "files": "submissions.file",
    "ideas": "jam.idea",
    "builds_on": SUBMISSION,
}


class Submissions(Table):
    """Each with the number that published files of ratings know it by. Where its text shows a
    picture of its own, the address is that of the file in the archive."""

    def tell(self, row: dict[str, Any], numbers: Numbers) -> None:
        row["number"] = row["number"] or row["id"]

        def in_archive(found: re.Match[str]) -> str:
            number = numbers.number("submissions.file", int(found["file"]))
            return f"{IN_ARCHIVE}{number}/" if number else found[0]

        row["body"] = ADDRESS.sub(in_archive, row["body"])

    def finish(self, jam: Jam, keys: Keys) -> None:
        shows = Submission.objects.filter(jam=jam, body__contains=IN_ARCHIVE).only("body")
        for submission in shows.iterator(chunk_size=500):
            here = f"/jams/{keys.slug}/submissions/{submission.pk}/files"
            submission.body = re.sub(
                rf"{IN_ARCHIVE}(\d{{1,9}})/",
                lambda found, here=here: f"{here}/{keys.key('submissions.file', found[1])}/",
                submission.body,
            )
            submission.save(update_fields=["body"])


class Revisions(Table):
    """The content is as it was handed in, byte for byte, since receipts name its SHA-256. It has
    keys of the installation where that was; whose they are here stands beside it (`named`)."""

    def tell(self, row: dict[str, Any], numbers: Numbers) -> None:
        content = row["content"]
        row["named"] = {
            name: [_number(numbers, label, each["id"]) for each in content[name]]
            for name, label in KEYED.items()
            if name in content
        }
        if numbers.jam.imported_at:
            original = Original.objects.filter(revision=row["id"]).first()
            row["content"] = original.content if original else content

    def take(self, row: dict[str, Any], keys: Keys) -> None:
        content, named = row["content"], row["named"]
        row["original"] = copy.deepcopy(content)
        if freezing.digest_of(content) != row["digest"]:
            raise Malformed("the content is not what its SHA-256 stands for")
        raw = [file["id"] for file in content["files"]]
        for name, label in KEYED.items():
            held = content.get(name, [])
            numbers = named.get(name, [])
            if len(held) != len(numbers):
                raise Malformed(f"“named” does not say of each of its {name} who or what it is")
            for each, number in zip(held, numbers, strict=True):
                # Of another jam, or gone: nobody's key.
                each["id"] = keys.key(label, number) if number else 0
        here = f"/jams/{keys.slug}/submissions/{keys.key(SUBMISSION, row['submission'])}/files"
        pairs = zip(raw, content["files"], strict=True)
        now = {str(was): f"{here}/{file['id']}/" for was, file in pairs}
        content["body"] = ADDRESS.sub(lambda a: now.get(a["file"], a[0]), content["body"])

    def insert(self, rows: list[Model], told: list[dict[str, Any]]) -> list[Any]:
        keys = super().insert(rows, told)
        Original.objects.bulk_create(
            Original(revision_id=key, content=values["original"])
            for key, values in zip(keys, told, strict=True)
            if values["original"] != values["content"]
        )
        return keys

    def people(self, jam: Jam) -> Iterable[int]:
        told = self.rows(jam).values_list("content__contributors", flat=True)
        return {each["id"] for people in told.iterator(chunk_size=500) for each in people}


class Corrections(Table):
    def tell(self, row: dict[str, Any], numbers: Numbers) -> None:
        row["contributors"] = _with_ids(
            row["contributors"], lambda key: _number(numbers, "jam.user", key)
        )

    def take(self, row: dict[str, Any], keys: Keys) -> None:
        row["contributors"] = _with_ids(
            row["contributors"], lambda number: keys.key("jam.user", number)
        )

    def people(self, jam: Jam) -> Iterable[int]:
        told = self.rows(jam).values_list("contributors", flat=True)
        return {each["id"] for contributors in told for each in contributors}


class Files(Table):
    def take(self, row: dict[str, Any], keys: Keys) -> None:
        if not row["content"].startswith(row["sha256"]):
            raise Malformed("the content is not what its SHA-256 stands for")


class Certificates(Table):
    """Of winning they name the prize."""

    def tell(self, row: dict[str, Any], numbers: Numbers) -> None:
        if row["thing"]:
            row["thing"] = str(numbers.number("ratings.prize", int(row["thing"])) or "")

    def take(self, row: dict[str, Any], keys: Keys) -> None:
        if row["thing"]:
            row["thing"] = str(keys.key("ratings.prize", row["thing"]))


def _number(numbers: Numbers, label: str, key: int) -> int | None:
    return numbers.account(key) if label == "jam.user" else numbers.number(label, key)


def _with_ids(people: list[dict[str, Any]], find: Callable) -> list[dict[str, Any]]:
    return [{**person, "id": find(person["id"])} for person in people]


def tables() -> list[Table]:
    of, hidden = "submission__jam", {"is_personal": True}
    return [
        Table(SubmissionRules, "submission_rules", _("What is asked of submissions")),
        Table(Track, "tracks", _("Tracks"), named_by=("name",)),
        Table(Question, "submission_questions", _("Questions to submissions")),
        Submissions(
            Submission,
            "submissions",
            _("Submissions: the drafts, and what became of them"),
            left_out={"invitation": "is a secret of this installation; another one is drawn"},
            abroad=("jam__slug", "frozen__digest"),
            is_offered=True,
            named_by=("title",),
        ),
        Table(
            Contributor,
            "contributors",
            _("Contributors of submissions"),
            of,
            is_offered=True,
            **hidden,
        ),
        Table(Link, "links", _("Links of drafts"), of),
        Files(File, "submission_files", _("Files, with their SHA-256"), of, sha256="sha256"),
        Table(Answer, "submission_answers", _("Answers to the jam’s own questions"), of),
        Revisions(
            Revision,
            "revisions",
            _("What was handed in, version by version"),
            of,
            extra={"named": "any"},
            abroad=("submission__jam__slug", "digest"),
        ),
        Table(
            Revision.files.through,
            "revision_files",
            _("Files of each version"),
            "revision__submission__jam",
        ),
        Corrections(Correction, "corrections", _("Contributors as they were put right"), of),
        Table(LateGrant, "late_grants", _("Time after the deadline that was given"), of),
        Table(TimeRequest, "time_requests", _("Who asked for more time"), of, is_personal=True),
        Table(Closing, "closing", _("When submissions were frozen")),
        Table(Origin, "origins", _("What drafts grew from"), of),
        Table(
            KeptOrigin,
            "kept_origins",
            _("What grew from what, as it was handed in"),
            "revision__submission__jam",
        ),
        Table(Continuation, "continuations", _("What became of submissions"), of),
        Table(Comment, "comments", _("Comments"), of),
        Table(Card, "cards", _("Who looks for a team, and which team for people"), **hidden),
        Table(Ask, "team_asks", _("Who asked to join a team, or was asked"), of, **hidden),
        Certificates(Certificate, "certificates", _("Certificates"), turn=1, **hidden),
    ]


def left_out() -> dict[type[Model], str]:
    """Models whose rows stay where they are, with the reason."""
    return {
        Upload: "is on its way, and nothing before all of it is here",
        Original: "is the content of its revision, and stands there",
    }
