"""What raters give: ratings with their scores, skips, declared conflicts, and the queue's rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Jam
from ratings.models.rules import MOST_STARS, Criterion, Judge, RatingRules
from submissions.models import Submission

# How long a place in the queue is kept for a rater who saves nothing.
UNDER_WAY = timedelta(hours=2)


class RatingQuerySet(models.QuerySet):
    def complete(self) -> RatingQuerySet:
        return self.filter(completed_at__isnull=False)

    def under_way(self, moment: datetime) -> RatingQuerySet:
        """Drafts that were saved a short while ago."""
        return self.filter(completed_at=None).exclude(
            timeline.reached("saved_at", moment, after=UNDER_WAY)
        )

    def of_counted_raters(self, rules: RatingRules) -> RatingQuerySet:
        """Ratings by those whose ratings enter the standings of a jam with these rules."""
        judges = Judge.objects.filter(jam=rules.jam_id).values("user")
        if rules.eligibility == RatingRules.Eligibility.JUDGES:
            organizers = Jam.organizers.through.objects.filter(jam=rules.jam_id).values("user")
            return self.filter(Q(rater__in=judges) | Q(rater__in=organizers))
        return self.exclude(rater__in=judges)

    def of_judges(self, rules: RatingRules) -> RatingQuerySet:
        """Ratings by those who were named judges of the jam."""
        return self.filter(rater__in=Judge.objects.filter(jam=rules.jam_id).values("user"))


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
    # Whether it is one of its submission's `Need.places`; kept true by `ratings.queue`.
    holds_place = models.BooleanField(default=False, editable=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    void_reason = models.TextField(_("why it was voided"), max_length=500, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "rater"], name="one_rating_per_rater"),
            models.CheckConstraint(
                condition=Q(voided_at=None) | ~Q(void_reason=""), name="voiding_has_a_reason"
            ),
        ]
        indexes = [
            # What the queue counts of each submission: never more than the index.
            models.Index(
                fields=["submission", "rater"],
                condition=Q(completed_at__isnull=False),
                name="complete_ratings",
            ),
            # What was begun, by when its place lapses.
            models.Index(
                fields=["saved_at"], condition=Q(completed_at=None), name="begun_by_last_save"
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


class Conflict(models.Model):
    """A rater's word that they should not rate a submission; its reason is for the organizers."""

    class Kind(models.TextChoices):
        COLLEAGUE = "colleague", _("I work or study with someone on its team.")
        CLOSE = "close", _("I am close to someone on its team.")
        HELPED = "helped", _("I helped with it.")
        OTHER = "other", _("Something else.")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="conflicts")
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    declared_at = models.DateTimeField(_("declared at"))

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(fields=["submission", "rater"], name="one_conflict_per_rater"),
        ]

    def __str__(self) -> str:
        return f"{self.rater} ≠ {self.submission}"


class Need(models.Model):
    """What the queue knows of a frozen submission: made with the freezing, kept by the queue.

    `places` counts its ratings that are counted and those under way. `piece` names the connected
    piece of the graph of raters and submissions that it is in; `ticket` is its turn among those of
    equal need, drawn anew whenever a place is taken.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="need"
    )
    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="needs")
    places = models.PositiveIntegerField(default=0)
    piece = models.BigIntegerField()
    ticket = models.FloatField()

    class Meta:
        verbose_name = _("need of ratings")
        verbose_name_plural = _("needs of ratings")
        indexes = [
            models.Index(fields=["jam", "places", "ticket"], name="needs_in_order"),
            models.Index(fields=["jam", "piece"], name="needs_by_piece"),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.places}"


class Answer(models.Model):
    """What the authors answer to a rating. Once."""

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="answer")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answers"
    )
    text = models.TextField(_("answer"), max_length=5_000)
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("answer to a rating")
        verbose_name_plural = _("answers to ratings")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="answers_say_something"),
        ]

    def __str__(self) -> str:
        return f"{self.author} → {self.rating}"


class Helpful(models.Model):
    """The team's thanks for a rating that helped it: one mark a rating, whoever of them made it."""

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="helpful")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(_("marked at"))

    class Meta:
        verbose_name = _("mark of a helpful rating")
        verbose_name_plural = _("marks of helpful ratings")

    def __str__(self) -> str:
        return f"{self.by} → {self.rating}"
