"""What came of the ratings: frozen results with their standings, prizes and appeals."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from ratings.models.rules import Criterion, RatingRules
from sites.models import LocalSite
from submissions.models import Submission, Track


class Results(models.Model):
    """A frozen set of standings of a jam. A correction is a new version beside the old one."""

    jam = models.ForeignKey(Jam, on_delete=models.PROTECT, related_name="results")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    rule = models.CharField(_("official rule"), max_length=8, choices=RatingRules.Rule)
    least = models.PositiveSmallIntegerField(_("least number of ratings"))
    submissions = models.PositiveIntegerField(_("submissions"))
    ratings = models.PositiveIntegerField(_("ratings"))
    raters = models.PositiveIntegerField(_("raters"), default=0)
    # The criteria as they were: id, name and weight, in order; for judges only or not.
    criteria = models.JSONField(_("criteria"))
    # By the criterion's id and "overall", what `ratings.tally.adjusted.Summary` holds, and the
    # median number of ratings of the games-jam rule.
    summary = models.JSONField(_("summary"), default=dict)
    # Of the file of ratings, as `ratings.tally.files` writes it.
    digest = models.CharField(_("SHA-256 of the ratings"), max_length=64)
    # What the draws for rank intervals began from; taken from the digest, so that nobody chose it.
    seed = models.BigIntegerField(_("seed"), default=0)
    software = models.CharField(_("computed by"), max_length=80, blank=True)
    # The ratings of its submissions that were voided then, so that it can always be counted again.
    left_out = models.JSONField(_("ratings left out"), default=list)
    # Whether the file of ratings is offered, as decided when they were frozen.
    offers_file = models.BooleanField(_("offers the ratings for download"), default=False)
    frozen_at = models.DateTimeField(_("frozen at"))
    reason = models.TextField(_("why there is a new version"), max_length=1000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("results")
        verbose_name_plural = _("results")
        ordering = ["jam", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "version"], name="one_results_per_version"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="corrections_have_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jam} · {self.version}"

    @property
    def are_as_published(self) -> bool:
        """Whether they are those of a jam that was held elsewhere, of which nobody has the ratings:
        then the digest is that of their table."""
        return self.ratings > 0 and self.raters == 0


class StandingQuerySet(models.QuerySet):
    def in_order(self) -> StandingQuerySet:
        """By official place; those without one at the end, the unrated last."""
        return self.order_by(
            models.F("rank").asc(nulls_last=True),
            models.F("raw").desc(nulls_last=True),
            "submission__frozen__title",
            "submission",
        )

    def in_judges_order(self) -> StandingQuerySet:
        """By the judges' place; those that no judge rated at the end."""
        return self.order_by(
            models.F("judges_rank").asc(nulls_last=True), "submission__frozen__title", "submission"
        )

    def of_track(self, track: Track) -> StandingQuerySet:
        """The overall standings of a track's submissions, by official place in the track."""
        return self.filter(criterion=None, track=track).order_by(
            models.F("track_rank").asc(nulls_last=True),
            models.F("raw").desc(nulls_last=True),
            "submission__frozen__title",
            "submission",
        )


class Standing(models.Model):
    """One submission's standing on one criterion, or overall, by all three rules. Frozen."""

    # No indexes of their own where one of those below begins with it, or nobody asks by it.
    results = models.ForeignKey(
        Results, on_delete=models.PROTECT, related_name="standings", db_index=False
    )
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="standings")
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="standings",
        db_index=False,
    )
    n = models.PositiveIntegerField(_("ratings"))
    raw = models.FloatField(_("mean of the stars"), null=True)
    # By the official rule, which is one of the three below.
    rank = models.PositiveIntegerField(_("place"), null=True)
    mean_rank = models.PositiveIntegerField(_("place by the mean"), null=True)
    itch_score = models.FloatField(_("score by the games-jam rule"), null=True)
    itch_rank = models.PositiveIntegerField(_("place by the games-jam rule"), null=True)
    adjusted_score = models.FloatField(_("adjusted score"), null=True)
    adjusted_rank = models.PositiveIntegerField(_("place by the adjusted score"), null=True)
    # Where the adjusted score lies with 90 %; none where that cannot be told.
    low = models.FloatField(_("lower end"), null=True)
    high = models.FloatField(_("upper end"), null=True)
    rank_low = models.PositiveIntegerField(_("best likely place"), null=True)
    rank_high = models.PositiveIntegerField(_("worst likely place"), null=True)
    top1 = models.FloatField(_("chance of the first place"), null=True)
    top3 = models.FloatField(_("chance of the first three"), null=True)
    top10 = models.FloatField(_("chance of the first ten"), null=True)
    reliability = models.FloatField(_("reliability"), null=True)
    # The first place of the group that cannot be told apart from this one.
    level = models.PositiveIntegerField(_("group"), null=True)
    # Outside the largest piece of the graph of raters and submissions: not ranked against it.
    is_apart = models.BooleanField(_("not connected to the rest"), default=False)
    # How often each number of stars was given, from one to five; and how strict the raters were,
    # in stars, sorted: above 0 is mild.
    histogram = models.JSONField(_("ratings by stars"), default=list)
    strictness = models.FloatField(_("mean leaning of its raters"), null=True)
    leanings = models.JSONField(_("leanings of its raters"), default=list)
    track = models.ForeignKey(
        Track, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    track_rank = models.PositiveIntegerField(_("place in its track"), null=True)
    judges_n = models.PositiveIntegerField(_("judges"), default=0)
    judges_mean = models.FloatField(_("mean of the judges' stars"), null=True)
    judges_rank = models.PositiveIntegerField(_("place by the judges"), null=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["results", "criterion", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["results", "submission", "criterion"], name="one_standing_per_criterion"
            ),
            models.UniqueConstraint(
                fields=["results", "submission"],
                condition=Q(criterion=None),
                name="one_overall_standing",
            ),
            models.CheckConstraint(
                condition=Q(n__gt=0)
                | Q(raw=None, rank=None, itch_score=None, adjusted_score=None, low=None, high=None),
                name="unrated_has_no_score",
            ),
        ]
        indexes = [
            models.Index(fields=["results", "criterion", "rank"], name="standings_in_order"),
            # PostgreSQL does not see that those without a criterion are sorted there.
            models.Index(
                fields=["results", "rank"],
                condition=Q(criterion=None),
                name="overall_standings_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.rank or '–'}"

    def rank_by(self, rule: str) -> int | None:
        """The place by one of the rules."""
        return getattr(self, f"{rule}_rank")

    def score_by(self, rule: str) -> float | None:
        """The score by one of the rules."""
        if rule == RatingRules.Rule.MEAN:
            return self.raw
        return getattr(self, f"{rule}_score")


class Prize(models.Model):
    """Something to be won: for a place, in a track, at a local site, or by the judges' choice."""

    class Kind(models.TextChoices):
        PLACE = "place", _("a place overall")
        TRACK = "track", _("a place in a track")
        SITE = "site", _("the best of a local site")
        CHOICE = "choice", _("the judges' or the organizers' choice")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="prizes")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=120)
    what = models.CharField(_("what there is to win"), max_length=240, blank=True)
    giver = models.CharField(_("given by"), max_length=120, blank=True)
    kind = models.CharField(_("for"), max_length=8, choices=Kind, default=Kind.PLACE)
    place = models.PositiveSmallIntegerField(
        _("place"), default=1, validators=[MinValueValidator(1)]
    )
    track = models.ForeignKey(
        Track, on_delete=models.CASCADE, null=True, blank=True, related_name="prizes"
    )
    site = models.ForeignKey(
        LocalSite, on_delete=models.CASCADE, null=True, blank=True, related_name="prizes"
    )

    class Meta:
        verbose_name = _("prize")
        verbose_name_plural = _("prizes")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="track") | Q(track__isnull=False),
                name="prizes_of_a_track_name_it",
                violation_error_message=_("Name the track."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="site") | Q(site__isnull=False),
                name="prizes_of_a_site_name_it",
                violation_error_message=_("Name the local site."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Award(models.Model):
    """A prize that a submission has won: by its place, in a version of the results, or placed by
    hand by a person, with a reason."""

    prize = models.ForeignKey(Prize, on_delete=models.PROTECT, related_name="awards")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="awards")
    results = models.ForeignKey(
        Results, on_delete=models.PROTECT, null=True, blank=True, related_name="awards"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(_("given at"))
    why = models.CharField(_("why"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["prize", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["prize", "submission", "results"], name="one_award_of_a_prize"
            ),
            models.UniqueConstraint(
                fields=["prize", "submission"],
                condition=Q(results=None),
                name="one_placed_award_of_a_prize",
            ),
            models.CheckConstraint(
                condition=Q(results__isnull=False) | (Q(given_by__isnull=False) & ~Q(why="")),
                name="placed_awards_have_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prize} → {self.submission}"


class Appeal(models.Model):
    """What authors hold against their provisional scores, and the organizers' answer. Once."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="appeal")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals"
    )
    text = models.TextField(_("appeal"), max_length=5_000)
    made_at = models.DateTimeField(_("made at"))
    answer = models.TextField(_("answer"), max_length=5_000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="appeals_say_something"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""),
                name="answered_appeals_have_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.submission)
