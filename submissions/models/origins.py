"""Where a submission comes from and where it leads: ideas, earlier submissions, what came after."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jam.models import Idea
from submissions.models.kept import Revision

# Either of the two.
ONE_ORIGIN = Q(idea=None, earlier__isnull=False) | Q(idea__isnull=False, earlier=None)


class Origin(models.Model):
    """An idea that a draft grew from, or a submission that it builds on.

    Only what was frozen already can be chosen, and only until the draft is frozen itself; so each
    leads back in time, and none in a circle.
    """

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.CASCADE, related_name="origins"
    )
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, null=True, related_name="+")
    earlier = models.ForeignKey(
        "submissions.Submission", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Since when everybody may know that a team is on the idea; of the others nothing is told.
    claimed_at = models.DateTimeField(_("taken up at"), null=True)

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=ONE_ORIGIN, name="an_origin_is_one_thing"),
            models.UniqueConstraint(fields=["submission", "idea"], name="grew_once_from_an_idea"),
            models.UniqueConstraint(fields=["submission", "earlier"], name="builds_once_on_each"),
            models.CheckConstraint(
                condition=Q(earlier=None) | ~Q(earlier=F("submission")),
                name="nothing_builds_on_itself",
            ),
            models.CheckConstraint(
                condition=Q(claimed_at=None) | Q(idea__isnull=False), name="ideas_are_taken_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} ← {self.idea or self.earlier}"


class KeptOrigin(models.Model):
    """An origin as a revision keeps it; what is built on is the revision that was frozen then.

    Revisions are numbered as they are made, so the database sees that none builds on a later one.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="origins")
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, null=True, related_name="kept_in")
    earlier = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, related_name="built_upon"
    )

    class Meta:
        verbose_name = _("kept origin")
        verbose_name_plural = _("kept origins")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=ONE_ORIGIN, name="a_kept_origin_is_one_thing"),
            models.UniqueConstraint(fields=["revision", "idea"], name="kept_once_with_an_idea"),
            models.UniqueConstraint(fields=["revision", "earlier"], name="kept_once_with_each"),
            models.CheckConstraint(
                condition=Q(earlier=None) | Q(earlier__lt=F("revision")),
                name="nothing_builds_on_later_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} ← {self.idea or self.earlier}"


class Continuation(models.Model):
    """What became of a submission after the results, as its team tells."""

    class Kind(models.TextChoices):
        PAPER = "paper", _("paper")
        POST = "post", _("post")
        REPOSITORY = "repository", _("repository")

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.CASCADE, related_name="continuations"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address"), max_length=500)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1990), MaxValueValidator(2200)]
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("continuation")
        verbose_name_plural = _("continuations")
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "url"],
                name="continued_once_at_an_address",
                violation_error_message=_("This address stands there already."),
            ),
            models.CheckConstraint(condition=~Q(title=""), name="continuations_have_a_title"),
            models.CheckConstraint(
                condition=Q(year__gte=1990, year__lte=2200), name="continuations_have_a_year"
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="continuations_are_on_the_web",
            ),
        ]

    def __str__(self) -> str:
        return self.title
