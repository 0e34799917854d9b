"""How a jam rates: its rules, its criteria, its judges, its example to practise on."""

from __future__ import annotations

import hashlib
import secrets
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from jam.models import Jam

MOST_STARS = 5


def new_salt() -> str:
    return secrets.token_hex(16)


def pseudonym(rater: int, salt: str) -> str:
    """What stands for a rater: the beginning of SHA-256 of the jam's secret salt and the id."""
    return hashlib.sha256(f"{salt}:{rater}".encode()).hexdigest()[:16]


class RatingRules(models.Model):
    """How a jam rates: who may, by which rule the results are official, how many are wanted."""

    class Eligibility(models.TextChoices):
        VERIFIED = "verified", _("everyone with a confirmed e-mail address")
        PARTICIPANTS = "participants", _("participants")
        CONTRIBUTORS = "contributors", _("contributors of a submission that was handed in")
        JUDGES = "judges", _("judges only")

    class Rule(models.TextChoices):
        ADJUSTED = "adjusted", _("adjusted for strictness")
        MEAN = "mean", _("mean")
        ITCH = "itch", _("games-jam rule")

    class RatingsFile(models.TextChoices):
        """Whether the ratings, under pseudonyms, can be downloaded with the results."""

        FROM_TEN = "ten", _("from ten raters up")
        ALWAYS = "always", _("always")
        NEVER = "never", _("never")

    class Feedback(models.TextChoices):
        """When authors read what raters gave and wrote."""

        RESULTS = "results", _("with the results")
        BY_HAND = "by_hand", _("when the organizers release it")

    jam = models.OneToOneField(Jam, on_delete=models.CASCADE, related_name="rating_rules")
    eligibility = models.CharField(
        _("who may rate"),
        max_length=12,
        choices=Eligibility,
        default=Eligibility.VERIFIED,
        help_text=_("Organizers and judges always may."),
    )
    rule = models.CharField(_("official rule"), max_length=8, choices=Rule, default=Rule.ADJUSTED)
    target = models.PositiveSmallIntegerField(
        _("ratings wanted for each submission"), default=5, validators=[MinValueValidator(1)]
    )
    least = models.PositiveSmallIntegerField(
        _("least number of ratings for a ranked place"),
        default=1,
        validators=[MinValueValidator(1)],
    )
    queue_first = models.PositiveSmallIntegerField(
        _("ratings from the queue before free choice"),
        default=0,
        help_text=_("So many of each rater's first ratings come from the queue; 0 for none."),
    )
    not_own_site = models.BooleanField(
        _("nobody rates what was made at their own local site"), default=False
    )
    ratings_file = models.CharField(
        _("offer the ratings for download, under pseudonyms"),
        max_length=8,
        choices=RatingsFile,
        default=RatingsFile.FROM_TEN,
        help_text=_("So that anybody can check the results. In a small jam it may be guessed whose "
                    "they are."),
    )  # fmt: skip
    feedback = models.CharField(
        _("authors read their ratings"),
        max_length=8,
        choices=Feedback,
        default=Feedback.RESULTS,
    )
    feedback_released_at = models.DateTimeField(
        _("feedback released at"), null=True, blank=True, editable=False
    )
    appeals = models.BooleanField(
        _("authors see their own scores, as provisional, before the results"),
        default=False,
        help_text=_("From the end of rating until the results, on their own page alone; they may "
                    "appeal there."),
    )  # fmt: skip
    # With it, pseudonyms of raters are made: the same in all versions of the jam's results.
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    # Whether `Need.piece` may be wrong: places were given back in a large jam.
    pieces_are_stale = models.BooleanField(default=False, editable=False)

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
    def of(cls, jam: Jam) -> RatingRules:
        """The rules of `jam`; the defaults where it has no row of its own."""
        try:
            return jam.rating_rules
        except cls.DoesNotExist:
            return cls(jam=jam)

    @cached_property
    def pseudonyms(self) -> dict[int, str]:
        """Those that were given elsewhere to raters of a jam that was imported."""
        if self.jam.imported_at is None:
            return {}
        return dict(Pseudonym.objects.filter(jam=self.jam_id).values_list("user", "name"))

    def pseudonym_of(self, rater: int) -> str:
        """What stands for a rater in files and on pages."""
        return self.pseudonyms.get(rater) or pseudonym(rater, self.salt)


class Pseudonym(models.Model):
    """What stands for a rater of a jam that was imported: as where the jam was made, so that its
    published files and their digests hold here as well."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="pseudonyms")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("pseudonym"), max_length=16)

    class Meta:
        verbose_name = _("pseudonym of a rater")
        verbose_name_plural = _("pseudonyms of raters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "user"], name="one_pseudonym_per_rater"),
            models.UniqueConstraint(fields=["jam", "name"], name="one_rater_per_pseudonym"),
            models.CheckConstraint(condition=~Q(name=""), name="pseudonyms_say_something"),
        ]

    def __str__(self) -> str:
        return self.name


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

    @property
    def name_in_log(self) -> str:
        return f"person {self.user_id}"


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
    shows_ladder = models.BooleanField(
        _("shows the reproducibility ladder"),
        default=False,
        db_default=False,
        help_text=_("Raters see it beside this criterion. It gives no stars by itself."),
    )
    judges_only = models.BooleanField(
        _("for judges only"),
        default=False,
        help_text=_("Only judges give it stars; it has no part in the peers' results."),
    )

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "name"], name="criteria_have_different_names"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="criteria_weigh_something"),
            models.UniqueConstraint(
                fields=["jam"],
                condition=Q(shows_ladder=True),
                name="one_criterion_shows_the_ladder",
                violation_error_message=_("Another criterion shows the ladder already."),
            ),
            models.CheckConstraint(
                condition=~Q(name__iexact="overall"),
                name="no_criterion_is_called_overall",
                violation_error_message=_("“Overall” is what all criteria make together."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def guidance(self) -> list[str]:
        """The lines for one to five stars, in that order."""
        return [getattr(self, f"guidance_{stars}") for stars in range(1, MOST_STARS + 1)]


class Example(models.Model):
    """An example that raters rate before their first submission, with what it deserves and why."""

    jam = models.OneToOneField(Jam, on_delete=models.CASCADE, related_name="rating_example")
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"), max_length=20_000, help_text=_("Markdown."))

    class Meta:
        verbose_name = _("example to practise on")
        verbose_name_plural = _("examples to practise on")

    def __str__(self) -> str:
        return self.title


class Anchor(models.Model):
    """The stars that the organizers give an example on a criterion, and why."""

    example = models.ForeignKey(Example, on_delete=models.CASCADE, related_name="anchors")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="anchors")
    stars = models.PositiveSmallIntegerField(
        _("stars"), validators=[MinValueValidator(1), MaxValueValidator(MOST_STARS)]
    )
    why = models.CharField(_("why"), max_length=400)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["example", "criterion"], name="one_anchor_per_criterion"
            ),
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=MOST_STARS), name="anchors_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.stars}"


class Practice(models.Model):
    """That someone has practised on the jam's example."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="practices")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practices"
    )
    done_at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        constraints = [
            models.UniqueConstraint(fields=["jam", "user"], name="one_practice_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.jam}"
