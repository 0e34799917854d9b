"""Certificates: what somebody did in a jam, with an address where anybody can check it."""

import secrets

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam.models import Jam

# Without those that are taken for one another, as they may be typed from paper.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code() -> str:
    """Twenty of thirty signs: 98 bits, in groups of five."""
    return "-".join("".join(secrets.choice(SIGNS) for _n in range(5)) for _group in range(4))


class Certificate(models.Model):
    """What somebody did in a jam, as it was when it was issued. Whether it still holds is told by
    the records themselves, each time that somebody asks."""

    class Kind(models.TextChoices):
        TAKING_PART = "taking_part", _("Certificate of taking part")
        CONTRIBUTING = "contributing", _("Certificate of contributing")
        RATING = "rating", _("Certificate of rating")
        WINNING = "winning", _("Certificate of winning")

    code = models.CharField(_("code"), max_length=23, unique=True, default=new_code)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates"
    )
    jam = models.ForeignKey(Jam, on_delete=models.PROTECT, related_name="certificates")
    submission = models.ForeignKey(
        "submissions.Submission",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
    )
    # What tells several of a kind apart: the key of a prize.
    thing = models.CharField(max_length=20, blank=True)
    # The person's name, what is certified in a sentence, details in pairs, and the bare values,
    # by which it is held against the records.
    facts = models.JSONField(_("what it says"), encoder=DjangoJSONEncoder)
    issued_at = models.DateTimeField(_("issued at"))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "jam", "kind", "thing"],
                condition=Q(submission=None),
                name="one_certificate_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["user", "submission", "kind", "thing"],
                name="one_certificate_for_a_submission",
            ),
            models.CheckConstraint(
                condition=Q(submission=None, kind__in=["taking_part", "rating"])
                | Q(submission__isnull=False, kind__in=["contributing", "winning"]),
                name="certificates_name_their_submission",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.jam}"

    def get_absolute_url(self) -> str:
        return reverse("submissions:certificate", args=[self.code])

    @property
    def cover_seed(self) -> str:
        """What its cover is drawn from: one for all of a kind and a jam."""
        return f"certificate-{self.kind}-{self.jam_id}"

    @property
    def name_in_log(self) -> str:
        return f"certificate {self.pk} · {self.jam}"
