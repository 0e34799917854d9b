from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam.models.jams import Jam


class ParticipationQuerySet(models.QuerySet):
    def active(self) -> "ParticipationQuerySet":
        return self.filter(cancelled_at=None)


class Participation(models.Model):
    """One person's taking part in one jam. Cancelling leaves the row as a trace."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="participations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations"
    )
    joined_at = models.DateTimeField(_("joined at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    # To which code of conduct, by its digest: the log of acts has the words.
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    agreed_digest = models.CharField(_("agreed to"), max_length=64, blank=True)
    shown = models.BooleanField(
        _("shown on the list of participants"),
        default=False,
        help_text=_("Those who take part in this jam see it, and nobody else."),
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "user"], name="one_participation_per_person"),
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_digest="")
                | Q(agreed_at__isnull=False) & ~Q(agreed_digest=""),
                name="agreement_is_to_a_code_of_conduct",
            ),
        ]
        indexes = [
            models.Index(
                fields=["jam", "-joined_at", "-id"],
                condition=Q(cancelled_at=None, shown=True),
                name="shown_participants",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.jam}"

    @property
    def name_in_log(self) -> str:
        return f"person {self.user_id} – {self.jam}"

    @property
    def is_active(self) -> bool:
        return self.cancelled_at is None

    @property
    def has_agreed(self) -> bool:
        """Whether they agreed to the code of conduct of their jam as it is now, if it has one."""
        return self.agreed_digest == self.jam.conduct_digest or not self.jam.conduct_digest
