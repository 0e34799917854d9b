from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Block(models.Model):
    """One person wants nothing to do with another; who is blocked is not told."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE,
                           related_name="blocks")  # fmt: skip
    whom = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE,
                             related_name="blocked_by")  # fmt: skip
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["-made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["by", "whom"], name="one_block_per_pair"),
            models.CheckConstraint(condition=~Q(by=F("whom")), name="nobody_blocks_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} – {self.whom_id}"
