from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jam.models.jams import Jam


class Cleared(models.Model):
    """That organizers or moderators found no spam in something that bears its signs. What it is
    about is named as in the log of acts, so that it may be anything."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="cleared")
    target_type = models.CharField(_("kind of target"), max_length=60)
    target_id = models.CharField(_("target"), max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("word that something is no spam")
        verbose_name_plural = _("words that something is no spam")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["jam", "target_type", "target_id"], name="cleared_of_spam_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_type} {self.target_id}"
