"""The text of a draft begun from a README."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from jam.errors import refuse
from jam.models import User
from submissions import files
from submissions.models import File, Submission
from submissions.permissions import edit_refusal
from submissions.reading import archives, readme
from submissions.services.drafts import save_draft
from submissions.services.files import add_file

# Pictures that come along with a README at most.
MOST_PICTURES = 12
LONGEST_TEXT = 200_000


def readmes_in(submission: Submission) -> list[tuple[File, str]]:
    """The READMEs in the archives of a draft: each archive with the path of its README."""
    found = []
    for file in submission.live_files:
        if file.kind != File.Kind.ARCHIVE:
            continue
        with file.content.open("rb") as content:
            named = archives.contents_of(content).named("readme.md", "readme*", "*.md")
        if named:
            found.append((file, named[0].name))
    return found


def begin_text(
    *,
    submission: Submission,
    by: User,
    text: str,
    replaces: bool,
    version: int,
    archive: tuple[File, str] | None = None,
    moment: datetime,
) -> Submission:
    """Put a README's text into the draft: in the place of what is there, or below it.

    Pictures of the README that are in its `archive` (with the path of the README) become files of
    the submission; of links and pictures that lead nowhere else the words stay. `version` is the
    one that the writer saw. Raises Refused, StaleDraft, and files.FileRefused.
    """
    refuse(edit_refusal(by, submission, moment))
    if not text.strip():
        raise files.FileRefused(_("Nothing is in it."))
    # Before words are changed; a picture that was brought and is not needed after all is a file
    # that can be removed.
    brought = _bring_pictures(submission, by, text, archive, moment) if archive else {}

    def address_of(target: str, is_picture: bool) -> str | None:
        if not readme.is_relative(target):
            return target
        return brought.get(target) if is_picture else None

    text = readme.with_targets(text, address_of).strip()
    if submission.body.strip() and not replaces:
        text = f"{submission.body.rstrip()}\n\n{text}"
    if len(text) > LONGEST_TEXT:
        raise files.FileRefused(
            _("With it the text would be too long: 200,000 characters are the most.")
        )
    with transaction.atomic():
        return save_draft(
            submission=submission, by=by, fields={"body": text}, links=None, version=version,
            moment=moment,
        )  # fmt: skip


def _bring_pictures(
    submission: Submission, by: User, text: str, archive: tuple[File, str], moment: datetime
) -> dict[str, str]:
    """The addresses of the pictures of a README, by how it names them, once they are files."""
    file, path = archive
    wanted: dict[str, str] = {}

    def note(target: str, is_picture: bool) -> str:
        if is_picture and readme.is_relative(target):
            wanted[target] = readme.path_beside(path, target)
        return target

    readme.with_targets(text, note)
    brought = {}
    most = files.LARGEST[File.Kind.IMAGE]
    for target, inside in list(wanted.items())[:MOST_PICTURES]:
        try:
            with file.content.open("rb") as content:
                picture = archives.read(content, inside, most + 1)
            files.check_picture(picture)
            upload = ContentFile(picture, inside.rpartition("/")[2])
            added = add_file(submission=submission, by=by, upload=upload, moment=moment)
        except (KeyError, files.FileRefused, archives.ArchiveRefused):
            continue
        brought[target] = reverse(
            "submissions:file", args=[submission.jam.slug, submission.pk, added.pk]
        )
    return brought
