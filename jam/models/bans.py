from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam.models.jams import Jam


class BanQuerySet(models.QuerySet):
    def in_force(self) -> "BanQuerySet":
        return self.filter(lifted_at=None)


class Ban(models.Model):
    """That organizers do not let somebody take part in their jam, until they lift it."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="bans")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT,
                             related_name="bans")  # fmt: skip
    reason = models.TextField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)

    objects = BanQuerySet.as_manager()

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["jam", "user"], condition=Q(lifted_at=None), name="banned_once_from_a_jam"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="bans_have_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="bans_are_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.jam}"

    @property
    def name_in_log(self) -> str:
        return f"person {self.user_id} – {self.jam}"
