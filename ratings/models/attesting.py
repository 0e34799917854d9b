"""What raters say of running a submission."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ratings.models.giving import Conflict, Rating
from submissions.models import Submission

# Two weeks, which is as long as rating is open.
MOST_MINUTES = 14 * 24 * 60


class AttestationQuerySet(models.QuerySet):
    def holding(self) -> AttestationQuerySet:
        """Those of raters who declared no conflict, and whose rating was not voided."""
        pair = {"submission": OuterRef("submission"), "rater": OuterRef("rater")}
        voided = Rating.objects.filter(**pair, voided_at__isnull=False)
        return self.filter(~Exists(Conflict.objects.filter(**pair)), ~Exists(voided))


class Attestation(models.Model):
    """One rater's word that they ran a submission, or tried to, and how it went."""

    class Outcome(models.TextChoices):
        AS_DESCRIBED = "as_described", _("ran as described")
        WITH_CHANGES = "with_changes", _("ran with changes")
        FAILED = "failed", _("could not be run")

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="attestations"
    )
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attestations"
    )
    outcome = models.CharField(_("how it went"), max_length=12, choices=Outcome)
    environment = models.CharField(_("where you ran it"), max_length=160)
    minutes = models.PositiveIntegerField(
        _("minutes that it took you"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
    )
    word = models.CharField(_("a word on it"), max_length=600, blank=True)
    signed = models.BooleanField(_("show my name with it"), default=False)
    made_at = models.DateTimeField(_("made at"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "rater"], name="one_attestation_per_rater"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["as_described", "with_changes", "failed"]),
                name="attestations_have_an_outcome",
            ),
            models.CheckConstraint(condition=~Q(environment=""), name="attestations_name_where"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES),
                name="attestations_took_some_minutes",
            ),
            models.CheckConstraint(
                condition=Q(outcome="as_described") | ~Q(word=""),
                name="attestations_say_what_was_changed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_outcome_display()}"
