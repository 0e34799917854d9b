"""Files that are on their way."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jam import timeline
from submissions.models.drafts import Submission
from submissions.models.parts import File

# An upload lapses so long after its last piece; until then it counts as a file.
LASTS = timedelta(days=1)


class UploadQuerySet(models.QuerySet):
    def of(self, submission: Submission | int, user: Any) -> "UploadQuerySet":
        """What `user` is uploading to `submission`."""
        return self.filter(submission=submission, uploaded_by=user)

    def lapsed(self, moment: datetime) -> "UploadQuerySet":
        """What nobody went on with for too long."""
        return self.filter(timeline.reached("touched_at", moment, after=LASTS))

    def live(self, moment: datetime) -> "UploadQuerySet":
        """What may be gone on with at `moment`."""
        return self.exclude(timeline.reached("touched_at", moment, after=LASTS))

    def under_way(self) -> "UploadQuerySet":
        """Of which no file has come yet."""
        return self.filter(file=None)


class Upload(models.Model):
    """A file that arrives in pieces: `received` bytes of it are in the storage.

    It is no part of the submission before all of it is here, is what was announced (`sha256`) and
    has been looked at; then `file` is what came of it, so that a piece that is sent again has the
    same answer. It lapses a day after its last piece.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="uploads")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")]
    )
    received = models.PositiveBigIntegerField(_("bytes received"), default=0)
    touched_at = models.DateTimeField(_("last piece"))
    file = models.ForeignKey(File, on_delete=models.CASCADE, null=True, related_name="+")

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "uploaded_by", "sha256"],
                condition=Q(file=None),
                name="one_upload_of_a_file",
            ),
            models.CheckConstraint(
                condition=Q(received__lte=F("size")), name="uploads_hold_no_more_than_they_have"
            ),
            models.CheckConstraint(
                condition=Q(file=None) | Q(received=F("size")), name="files_come_of_whole_uploads"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        """How much is here, as a whole percentage."""
        return 100 * self.received // self.size
