from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam.trust import Period

from .jams import Jam

MOST_DAYS = 3650


def _days(label: str, default: int) -> models.PositiveSmallIntegerField:
    limits = [MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    return models.PositiveSmallIntegerField(label, default=default, validators=limits)


class Retention(models.Model):
    """For how many days after the results a jam keeps what it does not need for good."""

    jam = models.OneToOneField(Jam, on_delete=models.CASCADE, related_name="retention")
    answers = _days(_("answers at sign-up"), 90)
    attendance = _days(_("lists of who came to local sites"), 90)
    contacts = _days(_("how people and places were reached"), 180)

    class Meta:
        verbose_name = _("periods of keeping")
        verbose_name_plural = _("periods of keeping")
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{period}__gte": 1, f"{period}__lte": MOST_DAYS}),
                name=f"{period}_are_kept_for_some_days",
            )
            for period in Period
        ]

    def __str__(self) -> str:
        return str(self.jam)

    @classmethod
    def of(cls, jam: Jam) -> "Retention":
        """The periods of `jam`; the defaults where it has no row of its own."""
        try:
            return jam.retention
        except cls.DoesNotExist:
            return cls(jam=jam)

    def days(self, period: str) -> int:
        return getattr(self, period)
