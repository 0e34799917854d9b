"""Files that arrive in pieces: begun, gone on with after a broken connection, given up.

Every act has the effect of once, however often it is done. A process that is killed leaves an
upload that can be gone on with, or that lapses; never a part of a file on a submission.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from jam.errors import refuse
from jam.models import User
from submissions import files
from submissions.files import pieces
from submissions.models import Submission, Upload
from submissions.permissions import edit_refusal
from submissions.services.files import add_file, refuse_too_many
from submissions.services.teams import locked

# What one person may have under way: two hundred and fifty megabytes at most.
MOST_UNDER_WAY = 5


@transaction.atomic
def begin_upload(
    *, submission: Submission, by: User, name: str, size: int, sha256: str, moment: datetime
) -> Upload:
    """The upload of a file of `size` bytes: the one that is under way already, or a new one.

    Raises Refused, and files.FileRefused with the reason.
    """
    submission = locked(submission)
    refuse(edit_refusal(by, submission, moment))
    for lapsed in Upload.objects.lapsed(moment).filter(uploaded_by=by):
        _forget(lapsed)
    under_way = Upload.objects.under_way()
    if upload := under_way.of(submission, by).filter(sha256=sha256).first():
        if upload.size == size:
            upload.touched_at = moment
            upload.save(update_fields=["touched_at"])
            return upload
        _forget(upload)
    if size <= 0:
        raise files.FileRefused(_("This file is empty."))
    most = max(files.LARGEST.values())
    if size > most:
        raise files.FileRefused(
            _("This file has %(size)s; no file may have more than %(most)s.")
            % {"size": filesizeformat(size), "most": filesizeformat(most)}
        )
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise files.FileRefused(_("It did not arrive as it was sent. Choose it once more."))
    refuse_too_many(submission, under_way.filter(submission=submission).count())
    if under_way.filter(uploaded_by=by).count() >= MOST_UNDER_WAY:
        raise files.FileRefused(
            _("You have %(most)s files under way. Let them arrive first, or give them up.")
            % {"most": MOST_UNDER_WAY}
        )
    return Upload.objects.create(
        submission=submission,
        uploaded_by=by,
        name=files.clean_name(name),
        size=size,
        sha256=sha256,
        touched_at=moment,
    )


def take_piece(
    *,
    submission: Submission,
    by: User,
    upload_id: int,
    offset: int,
    content: bytes,
    moment: datetime,
) -> Upload:
    """Take in the piece that begins at `offset`; after the last one, store the file.

    A piece that is here already, or that comes too early, changes nothing: the upload says how much
    there is. Raises Refused, Upload.DoesNotExist, and files.FileRefused with the reason.
    """
    refuse(edit_refusal(by, submission, moment))
    reason = ""
    with transaction.atomic():
        upload = (
            Upload.objects.of(submission, by).live(moment).select_for_update().get(pk=upload_id)
        )
        if offset == upload.received and len(content) == pieces.length_at(upload, offset) > 0:
            if offset == 0:
                reason = _refused_at_once(content, upload.size)
            if reason:
                _forget(upload)
            else:
                pieces.write(upload, offset, content)
                upload.received += len(content)
                upload.touched_at = moment
                upload.save(update_fields=["received", "touched_at"])
    if reason:
        raise files.FileRefused(reason)
    if upload.received == upload.size and upload.file_id is None:
        _finish(submission, by, upload, moment)
    return upload


def _refused_at_once(content: bytes, size: int) -> str:
    """Why a file is not taken, by its beginning; empty where nothing is wrong with that."""
    try:
        files.check_beginning(content, size)
    except files.FileRefused as refused:
        return str(refused)
    return ""


def _finish(submission: Submission, by: User, upload: Upload, moment: datetime) -> None:
    """Make a file of an upload that is here. Not under its lock: looking at it takes a while, and
    whoever does it as well finds the same file there."""
    try:
        with pieces.whole(upload) as whole:
            file = add_file(submission=submission, by=by, upload=whole, moment=moment)
    except files.NoRoom:
        # The pieces stay, for when there is.
        raise
    except files.FileRefused:
        with transaction.atomic():
            _forget(upload)
        raise
    Upload.objects.filter(pk=upload.pk).update(file=file)
    pieces.remove(upload)
    upload.file = file


@transaction.atomic
def give_up_upload(*, submission: Submission, by: User, upload_id: int) -> None:
    """Forget an upload of one's own that is under way."""
    with suppress(Upload.DoesNotExist):
        _forget(Upload.objects.of(submission, by).under_way().select_for_update().get(pk=upload_id))


def sweep_uploads(moment: datetime) -> int:
    """Forget what has lapsed, and what a file has come of; how many uploads."""
    swept = 0
    for key in Upload.objects.lapsed(moment).values_list("pk", flat=True)[:500]:
        with transaction.atomic():
            for upload in Upload.objects.lapsed(moment).select_for_update().filter(pk=key):
                _forget(upload)
                swept += 1
    return swept


def _forget(upload: Upload) -> None:
    # The pieces first: a row without them is refused when it is whole; pieces without a row would
    # lie there for good.
    pieces.remove(upload)
    upload.delete()
