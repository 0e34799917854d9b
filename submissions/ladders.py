"""The ladders of drafts and of what was frozen, from what was found in their files."""

from __future__ import annotations

import logging

from django.db import transaction

from submissions import freezing, reproducibility
from submissions.models import File, Revision, Submission
from submissions.reproducibility import Ladder

logger = logging.getLogger(__name__)

# Files that are looked at in one go.
PORTION = 50


def of_draft(submission: Submission) -> Ladder:
    """The ladder of a draft that was fetched by `with_content`, as it would be handed in."""
    content, findings = freezing.content_of(submission), freezing.findings_of(submission)
    return reproducibility.ladder_of(content, findings, submission.link_answers)


def of_frozen(submission: Submission) -> Ladder:
    """The ladder of what was frozen, without a look into any file."""
    frozen = submission.frozen
    findings = frozen.findings or {}
    return reproducibility.ladder_of(frozen.content, findings, submission.link_answers)


def look_at_files() -> int:
    """Look at files that nobody has looked at yet, and tell the revisions that have them; how many.

    New files are looked at when they are stored: this is for those from before there was a ladder.
    """
    waiting = File.objects.filter(findings__isnull=True, kind__in=reproducibility.KINDS)
    found = list(waiting.order_by("pk")[:PORTION])
    for file in found:
        try:
            with file.content.open("rb") as content:
                findings = reproducibility.look_at(file.kind, content)
        except OSError:
            logger.exception("file %s could not be looked at", file.pk)
            findings = {"kind": file.kind, "unreadable": True}
        keep(file, findings)
    return len(found)


@transaction.atomic
def keep(file: File, findings: dict) -> None:
    """Keep what was found with the file and with the revisions that have it."""
    File.objects.filter(pk=file.pk).update(findings=findings)
    for revision in Revision.objects.filter(files=file.pk).select_for_update():
        revision.findings = {**(revision.findings or {}), file.sha256: findings}
        revision.save(update_fields=["findings"])
