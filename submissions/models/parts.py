"""What a submission is made of: its people, links and files."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models.credit import validate_roles
from submissions.reading.giveaways import Giveaway, Where, in_link, told


class Contributor(models.Model):
    """One person's part in a submission, confirmed by that person.

    Contributors stand in the order in which they joined, until all of them have agreed to another.
    """

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.CASCADE, related_name="contributors"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contributions"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # As of the jam: whoever moves on later does not rewrite it.
    affiliation = models.CharField(_("affiliation"), max_length=120, blank=True)
    roles = models.JSONField(_("roles"), default=list, blank=True, validators=[validate_roles])
    # Where somebody would like them to stand, and when they agreed to that order for all.
    proposed_order = models.PositiveSmallIntegerField(_("proposed order"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["order", "confirmed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(proposed_order__isnull=False),
                name="agreement_is_to_a_proposed_order",
            ),
            models.UniqueConstraint(
                fields=["submission", "user"], name="one_contribution_per_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Link(models.Model):
    """A link of a draft."""

    class Kind(models.TextChoices):
        REPOSITORY = "repository", _("code repository")
        NOTEBOOK = "notebook", _("notebook")
        DEMO = "demo", _("demo")
        VIDEO = "video", _("video")
        DATA = "data", _("data")

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.CASCADE, related_name="links"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    url = models.URLField(_("address"), max_length=500)
    label = models.CharField(_("label"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url

    @property
    def giveaways(self) -> list[Giveaway]:
        return in_link(self.url)


class File(models.Model):
    """An uploaded file. Removing it from the draft keeps it for the revisions that have it."""

    class Kind(models.TextChoices):
        REPORT = "report", _("report (PDF)")
        NOTEBOOK = "notebook", _("notebook")
        IMAGE = "image", _("image")
        ARCHIVE = "archive", _("archive (zip)")

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.CASCADE, related_name="files"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    content = models.FileField(_("content"), upload_to="submissions/%Y/%m/", max_length=300)
    content_type = models.CharField(_("content type"), max_length=80)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")]
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    # What in it names its authors, for the team: a list of {"where", "text"}.
    gives_away = models.JSONField(default=list, blank=True)
    # What `submissions.reproducibility` found in it; null until it has looked.
    findings = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "sha256"],
                condition=Q(removed_at=None),
                name="one_copy_of_a_file",
                violation_error_message=_("This file is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def giveaways(self) -> list[Giveaway]:
        return [Giveaway(Where(found["where"]), found["text"]) for found in self.gives_away]

    @property
    def told(self) -> list[tuple[str, list[str]]]:
        """What gives names away in it that can be taken out, for its team."""
        return told(self.giveaways, is_blind=False)

    @property
    def told_when_blind(self) -> list[tuple[str, list[str]]]:
        """All that gives names away in it, for its team."""
        return told(self.giveaways, is_blind=True)

    @property
    def can_be_stripped(self) -> bool:
        return any(found.can_be_stripped for found in self.giveaways)


# The files of a draft that were not removed, for prefetching, as `live_files`.
LIVE_FILES = models.Prefetch("files", File.objects.filter(removed_at=None), "live_files")
