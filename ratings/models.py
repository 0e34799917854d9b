import secrets
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Jam
from submissions.models import Submission

MOST_STARS = 5
# How long a place in the queue is kept for a rater who saves nothing.
UNDER_WAY = timedelta(hours=2)


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

    @classmethod
    def of(cls, jam: Jam) -> "RatingRules":
        """The rules of `jam`; the defaults where it has no row of its own."""
        try:
            return jam.rating_rules
        except cls.DoesNotExist:
            return cls(jam=jam)


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

    def under_way(self, moment: datetime) -> "RatingQuerySet":
        """Drafts that were saved a short while ago."""
        return self.filter(completed_at=None).exclude(
            timeline.reached("saved_at", moment, after=UNDER_WAY)
        )

    def counted(self, rules: RatingRules) -> "RatingQuerySet":
        """Complete ratings that enter the standings: those of the peers; where only judges rate,
        those of judges and organizers."""
        return self.complete().filter(submission__jam=rules.jam_id).of_counted_raters(rules)

    def of_counted_raters(self, rules: RatingRules) -> "RatingQuerySet":
        """Ratings by those whose ratings enter the standings of a jam with these rules."""
        judges = Judge.objects.filter(jam=rules.jam_id).values("user")
        if rules.eligibility == RatingRules.Eligibility.JUDGES:
            organizers = Jam.organizers.through.objects.filter(jam=rules.jam_id).values("user")
            return self.filter(Q(rater__in=judges) | Q(rater__in=organizers))
        return self.exclude(rater__in=judges)

    def of_running(self, jam: Jam) -> "RatingQuerySet":
        """Ratings of those submissions of `jam` that are in the running."""
        return self.filter(
            submission__jam=jam,
            submission__frozen__isnull=False,
            submission__withdrawn_at=None,
            submission__disqualified_at=None,
        )


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
        indexes = [
            # What the queue counts of each submission: never more than the index.
            models.Index(
                fields=["submission", "rater"],
                condition=Q(completed_at__isnull=False),
                name="complete_ratings",
            ),
            models.Index(
                fields=["submission", "saved_at"],
                condition=Q(completed_at=None),
                name="begun_ratings",
            ),
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


def new_salt() -> str:
    return secrets.token_hex(16)


class Results(models.Model):
    """A frozen set of standings of a jam. A correction is a new version beside the old one."""

    jam = models.ForeignKey(Jam, on_delete=models.PROTECT, related_name="results")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    rule = models.CharField(_("official rule"), max_length=8, choices=RatingRules.Rule)
    least = models.PositiveSmallIntegerField(_("least number of ratings"))
    submissions = models.PositiveIntegerField(_("submissions"))
    ratings = models.PositiveIntegerField(_("ratings"))
    # The criteria as they were: id, name and weight, in order.
    criteria = models.JSONField(_("criteria"))
    # The median number of ratings, by criterion and overall, of the games-jam rule.
    medians = models.JSONField(_("medians"))
    # Of the counted scores, as `ratings.freezing.canonical` writes them; with the salt, from which
    # the raters' pseudonyms are made.
    digest = models.CharField(_("SHA-256 of the ratings"), max_length=64)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
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


class StandingQuerySet(models.QuerySet):
    def in_order(self) -> "StandingQuerySet":
        """By rank; those without one at the end, the unrated last."""
        return self.order_by(
            models.F("rank").asc(nulls_last=True),
            models.F("score").desc(nulls_last=True),
            "submission__frozen__title",
            "submission",
        )


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

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["results", "rule", "criterion", "rank", "pk"]
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
        indexes = [
            models.Index(
                fields=["results", "rule", "criterion", "rank"], name="standings_in_order"
            ),
            # PostgreSQL does not see that those of one rule without a criterion are sorted there.
            models.Index(
                fields=["results", "rule", "rank"],
                condition=Q(criterion=None),
                name="overall_standings_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.rank or '–'}"
