"""Files of a draft: taking them in, stripping and removing them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import File as DjangoFile
from django.db import transaction
from django.utils.translation import gettext as _

from jam.errors import refuse
from jam.models import User
from submissions import files, reproducibility
from submissions.models import File, Submission
from submissions.permissions import edit_refusal
from submissions.services.teams import locked


def names_of(submission: Submission) -> list[str]:
    """What the team is called, to be looked for in its files."""
    users = [contributor.user for contributor in submission.contributors.all()]
    return [user.display_name for user in users] + [user.email for user in users]


def add_file(*, submission: Submission, by: User, upload: DjangoFile, moment: datetime) -> File:
    """Store an upload with the draft. Raises Refused, and files.FileRefused with the reason.

    The same file a second time is the one that is there.
    """
    refuse(edit_refusal(by, submission, moment))
    # Before the transaction, since drawing a large picture anew takes a while.
    inspected = files.inspect(upload, names_of(submission))
    findings = reproducibility.look_at(inspected.kind, inspected.content)
    with transaction.atomic():
        submission = locked(submission)
        refuse(edit_refusal(by, submission, moment))
        for file in submission.live_files:
            if file.sha256 == inspected.sha256:
                return file
        refuse_too_many(submission)
        return _stored(submission, inspected, findings, by, moment)


def refuse_too_many(submission: Submission, more: int = 0) -> None:
    """Refuse one more file where, with `more` that are on their way, there are enough."""
    if len(submission.live_files) + more >= files.MOST_FILES:
        raise files.FileRefused(
            _("A submission holds %(most)s files at most. Remove one first.")
            % {"most": files.MOST_FILES}
        )


def _stored(
    submission: Submission,
    inspected: files.Inspected,
    findings: dict[str, Any],
    by: User,
    moment: datetime,
) -> File:
    file = File(
        submission=submission,
        kind=inspected.kind,
        name=inspected.name,
        content_type=inspected.content_type,
        size=inspected.size,
        sha256=inspected.sha256,
        uploaded_at=moment,
        uploaded_by=by,
        gives_away=[{"where": found.where, "text": found.text} for found in inspected.gives_away],
        findings=findings,
    )
    files.store(file, inspected)
    file.save()
    return file


def strip_file(*, submission: Submission, by: User, file_id: int, moment: datetime) -> File:
    """Put a copy without the names that can be taken out in the place of a file; the file that
    there was stays with the revisions that have it. Raises Refused, and files.FileRefused.
    """
    refuse(edit_refusal(by, submission, moment))
    gone = files.FileRefused(_("This file is not there any more."))
    file = submission.files.filter(pk=file_id, removed_at=None).first()
    if file is None:
        raise gone
    with file.content.open("rb") as content:
        inspected = files.strip(file.kind, file.name, content.read(), names_of(submission))
    findings = reproducibility.look_at(inspected.kind, inspected.content)
    with transaction.atomic():
        submission = locked(submission)
        refuse(edit_refusal(by, submission, moment))
        if not submission.files.filter(pk=file_id, removed_at=None).update(removed_at=moment):
            raise gone
        for other in submission.live_files:
            if other.sha256 == inspected.sha256 and other.pk != file_id:
                return other
        return _stored(submission, inspected, findings, by, moment)


@transaction.atomic
def remove_file(*, submission: Submission, by: User, file_id: int, moment: datetime) -> None:
    """Take a file from the draft; revisions that have it keep it. Raises Refused."""
    submission = locked(submission)
    refuse(edit_refusal(by, submission, moment))
    submission.files.filter(pk=file_id, removed_at=None).update(removed_at=moment)
