"""What a jam asks of its submissions."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam.models import Jam


class SubmissionRules(models.Model):
    """What a jam asks of its submissions."""

    class Discussion(models.TextChoices):
        """What becomes of comments while submissions are being rated."""

        OPEN = "open", _("are written and read")
        CLOSED = "closed", _("are read, and not written")
        HIDDEN = "hidden", _("are neither read nor written")

    jam = models.OneToOneField(Jam, on_delete=models.CASCADE, related_name="submission_rules")

    class AiTools(models.TextChoices):
        """Whether teams are to declare the AI tools that they used."""

        OFF = "off", _("do not ask")
        ASKED = "asked", _("ask")
        REQUIRED = "required", _("ask, and require an answer")

    team_size = models.PositiveSmallIntegerField(
        _("largest team"), default=6, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    report_required = models.BooleanField(_("a report (PDF) is required"), default=False)
    blind = models.BooleanField(
        _("blind: who made what, and where, is hidden until the results"),
        default=False,
        help_text=_(
            "From everybody but the team and the organizers. Fixed once submissions have closed."
        ),
    )
    repository_required = models.BooleanField(_("a code repository is required"), default=False)
    ai_tools = models.CharField(
        _("which AI tools were used"), max_length=8, choices=AiTools, default=AiTools.ASKED
    )

    discussion = models.CharField(
        _("comments while submissions are rated"),
        max_length=8,
        choices=Discussion,
        default=Discussion.HIDDEN,
        help_text=_("From the closing of submissions until rating closes."),
    )

    class Meta:
        verbose_name = _("rules for submissions")
        verbose_name_plural = _("rules for submissions")
        constraints = [
            models.CheckConstraint(condition=Q(team_size__gte=1), name="teams_have_members"),
        ]

    def __str__(self) -> str:
        return str(self.jam)

    @classmethod
    def of(cls, jam: Jam) -> "SubmissionRules":
        """The rules of `jam`; the defaults where it has no row of its own."""
        try:
            return jam.submission_rules
        except cls.DoesNotExist:
            return cls(jam=jam)


class Track(models.Model):
    """A direction of a jam; a submission has one, and standings exist for each."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="tracks")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("what belongs here"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "name"], name="tracks_have_different_names"),
        ]

    def __str__(self) -> str:
        return self.name
