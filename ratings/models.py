from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from submissions.models import Submission

MOST_STARS = 5


class RatingRules(models.Model):
    """How a jam rates: who may, by which rule the results are official, how many are wanted."""

    class Eligibility(models.TextChoices):
        VERIFIED = "verified", _("everyone with a confirmed e-mail address")
        PARTICIPANTS = "participants", _("participants")
        CONTRIBUTORS = "contributors", _("contributors of a submission that was handed in")
        JUDGES = "judges", _("judges only")

    class Rule(models.TextChoices):
        MEAN = "mean", _("mean")
        ITCH = "itch", _("games-jam rule")

    jam = models.OneToOneField(Jam, on_delete=models.CASCADE, related_name="rating_rules")
    eligibility = models.CharField(
        _("who may rate"),
        max_length=12,
        choices=Eligibility,
        default=Eligibility.VERIFIED,
        help_text=_("Organizers and judges always may."),
    )
    rule = models.CharField(_("official rule"), max_length=8, choices=Rule, default=Rule.MEAN)
    target = models.PositiveSmallIntegerField(
        _("ratings wanted for each submission"), default=5, validators=[MinValueValidator(1)]
    )
    least = models.PositiveSmallIntegerField(
        _("least number of ratings for a ranked place"),
        default=1,
        validators=[MinValueValidator(1)],
    )

    class Meta:
        verbose_name = _("rules for rating")
        verbose_name_plural = _("rules for rating")
        constraints = [
            models.CheckConstraint(condition=Q(least__gte=1), name="least_ratings_at_least_one"),
            models.CheckConstraint(condition=Q(target__gte=1), name="target_at_least_one"),
        ]

    def __str__(self) -> str:
        return str(self.jam)


class Judge(models.Model):
    """A rater named by the organizers. Judges' scores never enter the peers' standings."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="judges")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="judgings"
    )

    class Meta:
        verbose_name = _("judge")
        verbose_name_plural = _("judges")
        constraints = [
            models.UniqueConstraint(fields=["jam", "user"], name="one_judge_row_per_person"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Criterion(models.Model):
    """One of the criteria on which a jam's submissions are rated, from one star to five."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=80)
    question = models.TextField(_("question"), max_length=600, blank=True)
    weight = models.DecimalField(
        _("weight"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    guidance_1 = models.CharField(_("one star means"), max_length=240, blank=True)
    guidance_2 = models.CharField(_("two stars mean"), max_length=240, blank=True)
    guidance_3 = models.CharField(_("three stars mean"), max_length=240, blank=True)
    guidance_4 = models.CharField(_("four stars mean"), max_length=240, blank=True)
    guidance_5 = models.CharField(_("five stars mean"), max_length=240, blank=True)
    may_be_skipped = models.BooleanField(
        _("may be “not applicable”"),
        default=False,
        help_text=_("A rater may say that the criterion does not apply to a submission."),
    )

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "name"], name="criteria_have_different_names"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="criteria_weigh_something"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def guidance(self) -> list[str]:
        """The lines for one to five stars, in that order."""
        return [getattr(self, f"guidance_{stars}") for stars in range(1, MOST_STARS + 1)]


class RatingQuerySet(models.QuerySet):
    def complete(self) -> "RatingQuerySet":
        return self.filter(completed_at__isnull=False)


class Rating(models.Model):
    """One rater's verdict on one submission; it counts once it is complete."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="ratings")
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ratings"
    )
    from_queue = models.BooleanField(_("drawn from the queue"), default=False)
    strong = models.TextField(_("what is strong"), max_length=10_000, blank=True)
    weak = models.TextField(_("what is weak"), max_length=10_000, blank=True)
    next = models.TextField(_("what to do next"), max_length=10_000, blank=True)
    signed = models.BooleanField(_("show my name to the authors"), default=False)
    started_at = models.DateTimeField(_("started at"))
    saved_at = models.DateTimeField(_("saved at"))
    completed_at = models.DateTimeField(_("complete since"), null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "rater"], name="one_rating_per_rater"),
        ]

    def __str__(self) -> str:
        return f"{self.rater} → {self.submission}"

    @property
    def is_complete(self) -> bool:
        return self.completed_at is not None


class Score(models.Model):
    """One criterion of a rating; without stars the rater found it not applicable."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    stars = models.PositiveSmallIntegerField(
        _("stars"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_STARS)],
    )
    remark = models.CharField(_("remark"), max_length=1000, blank=True)
    # A remark may be written before the stars are given.
    not_applicable = models.BooleanField(_("not applicable"), default=False)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["rating", "criterion__order"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(
                condition=Q(stars=None) | Q(stars__gte=1, stars__lte=MOST_STARS),
                name="stars_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(stars=None) | Q(not_applicable=False),
                name="stars_or_not_applicable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.stars or '–'}"


class Skip(models.Model):
    """A submission that a rater would rather not rate; the reason is for the organizers."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="skips")
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="skips"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    skipped_at = models.DateTimeField(_("skipped at"))

    class Meta:
        verbose_name = _("skip")
        verbose_name_plural = _("skips")
        constraints = [
            models.UniqueConstraint(fields=["submission", "rater"], name="one_skip_per_rater"),
        ]

    def __str__(self) -> str:
        return f"{self.rater} ↷ {self.submission}"


class Results(models.Model):
    """A frozen set of standings of a jam. A correction is a new version beside the old one."""

    jam = models.ForeignKey(Jam, on_delete=models.PROTECT, related_name="results")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    rule = models.CharField(_("official rule"), max_length=8, choices=RatingRules.Rule)
    least = models.PositiveSmallIntegerField(_("least number of ratings"))
    submissions = models.PositiveIntegerField(_("submissions"))
    ratings = models.PositiveIntegerField(_("ratings"))
    # The criteria as they were: name and weight, in order.
    criteria = models.JSONField(_("criteria"))
    # The median number of ratings by criterion, of the games-jam rule.
    medians = models.JSONField(_("medians"))
    digest = models.CharField(_("SHA-256 of the ratings"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen at"))

    class Meta:
        verbose_name = _("results")
        verbose_name_plural = _("results")
        ordering = ["jam", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "version"], name="one_results_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.jam} · {self.version}"


class Standing(models.Model):
    """One submission's place on one criterion, or overall, by one rule. Frozen."""

    results = models.ForeignKey(Results, on_delete=models.PROTECT, related_name="standings")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="standings")
    rule = models.CharField(_("rule"), max_length=8, choices=RatingRules.Rule)
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="standings"
    )
    n = models.PositiveIntegerField(_("ratings"))
    raw = models.FloatField(_("mean of the stars"), null=True)
    score = models.FloatField(_("score"), null=True)
    rank = models.PositiveIntegerField(_("rank"), null=True)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = [
            "results",
            "rule",
            "criterion__order",
            models.F("rank").asc(nulls_last=True),
            "pk",
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["results", "rule", "submission", "criterion"],
                name="one_standing_per_rule_and_criterion",
            ),
            models.UniqueConstraint(
                fields=["results", "rule", "submission"],
                condition=Q(criterion=None),
                name="one_overall_standing_per_rule",
            ),
            models.CheckConstraint(
                condition=Q(n__gt=0) | Q(score=None, raw=None, rank=None),
                name="unrated_has_no_score",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.rank or '–'}"
