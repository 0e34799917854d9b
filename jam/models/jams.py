import zoneinfo
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.timeline import Phase, Window

from .people import validate_time_zone


class JamQuerySet(models.QuerySet):
    def published(self) -> "JamQuerySet":
        return self.filter(published_at__isnull=False)

    def organized_by(self, user) -> "JamQuerySet":
        if user.is_superuser:
            return self
        return self.filter(organizers=user) if user.is_authenticated else self.none()

    def visible_to(self, user) -> "JamQuerySet":
        """Published jams, and the drafts of those who organize them.

        Fetches along whether `user` organizes them, so that `is_organized_by` need not ask.
        """
        if not user.is_authenticated:
            return self.published()
        if user.is_superuser:
            return self
        organizing = Jam.organizers.through.objects.filter(
            jam=models.OuterRef("pk"), user_id=user.pk
        )
        return self.annotate(
            reader_id=models.Value(user.pk), organized_by_reader=models.Exists(organizing)
        ).filter(models.Q(published_at__isnull=False) | models.Q(organized_by_reader=True))

    def joined_by(self, user) -> "JamQuerySet":
        """Jams that `user` takes part in."""
        return self.filter(participations__user=user, participations__cancelled_at=None)

    def in_phase(self, *phases: Phase, moment: datetime) -> "JamQuerySet":
        condition = models.Q(pk__in=[])
        for phase in phases:
            condition |= timeline.in_phase(phase, moment)
        return self.filter(condition)

    def running(self, moment: datetime) -> "JamQuerySet":
        """From the start until the results."""
        phases = (Phase.MAKING, Phase.CLOSING, Phase.RATING, Phase.COUNTING)
        return self.in_phase(*phases, moment=moment).order_by("results_at")

    def under_way(self, moment: datetime) -> "JamQuerySet":
        """From the announcement until the results."""
        return self.filter(~timeline.in_phase(Phase.FINISHED, moment)).order_by("starts_at")

    def upcoming(self, moment: datetime) -> "JamQuerySet":
        return self.in_phase(Phase.ANNOUNCED, moment=moment).order_by("starts_at")

    def past(self, moment: datetime) -> "JamQuerySet":
        return self.in_phase(Phase.FINISHED, moment=moment).order_by("-results_at")

    def closing_due(self, moment: datetime) -> "JamQuerySet":
        """Published jams whose submissions may be frozen at `moment`."""
        return self.published().filter(
            timeline.reached("submissions_close_at", moment, after=timeline.SETTLING)
        )

    def results_due(self, moment: datetime) -> "JamQuerySet":
        """Published jams whose results may be frozen at `moment`."""
        return self.published().filter(timeline.reached("results_at", moment))


class Jam(models.Model):
    """One edition of a hackathon. Its phase is derived from its five instants, never stored."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("The last part of the page's address."),
    )
    tagline = models.CharField(
        _("pitch"),
        max_length=200,
        blank=True,
        help_text=_("One sentence: what this is and for whom."),
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("Markdown, with maths between $ or $$.")
    )
    hashtag = models.CharField(
        _("hashtag"), max_length=60, blank=True, validators=[RegexValidator(r"^#\w+$")]
    )
    hue = models.PositiveSmallIntegerField(
        _("hue"),
        default=265,
        validators=[MaxValueValidator(359)],
        help_text=_("The jam's colour, 0 to 359 degrees. All its tones are derived from it."),
    )
    banner = models.ImageField(_("banner"), upload_to="banners/", blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    starts_at = models.DateTimeField(_("starts at"))
    submissions_close_at = models.DateTimeField(_("submissions close at"))
    ratings_open_at = models.DateTimeField(_("rating opens at"))
    ratings_close_at = models.DateTimeField(_("rating closes at"))
    results_at = models.DateTimeField(_("results at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    organizers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="organized_jams",
        verbose_name=_("organizers"),
        blank=True,
    )

    objects = JamQuerySet.as_manager()

    class Meta:
        verbose_name = _("jam")
        verbose_name_plural = _("jams")
        ordering = ["-starts_at", "pk"]
        constraints = [
            *timeline.order_constraints(),
            models.CheckConstraint(condition=models.Q(hue__lt=360), name="hue_is_an_angle"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jam:detail", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def joining_window(self) -> Window:
        return timeline.joining_window(self)

    @property
    def making_window(self) -> Window:
        return timeline.making_window(self)

    @property
    def rating_window(self) -> Window:
        return timeline.rating_window(self)

    def phase_at(self, moment: datetime) -> Phase:
        return timeline.phase_at(self, moment)

    def is_organized_by(self, user) -> bool:
        """Whether `user` is one of the organizers; asked once for each jam loaded."""
        if not user.is_authenticated:
            return False
        if user.is_superuser:
            return True
        if getattr(self, "reader_id", None) == user.pk:
            return self.organized_by_reader
        if not hasattr(self, "_organizer_ids"):
            self._organizer_ids = set(self.organizers.values_list("pk", flat=True))
        return user.pk in self._organizer_ids


class Host(models.Model):
    """Someone, or an organization, that the jam page names as its host."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField(_("name"), max_length=120)
    url = models.URLField(_("address"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Resource(models.Model):
    """Something to start from: a notebook, a paper, a template."""

    class Kind(models.TextChoices):
        NOTEBOOK = "notebook", _("notebook")
        TEMPLATE = "template", _("template")
        PAPER = "paper", _("paper")
        ARTICLE = "article", _("article")
        VIDEO = "video", _("video")
        DATASET = "dataset", _("dataset")
        CODE = "code", _("code")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="resources")
    section = models.CharField(_("section"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=160)
    url = models.URLField(_("address"), max_length=500)
    description = models.CharField(_("description"), max_length=400, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class ScheduleItemQuerySet(models.QuerySet):
    def not_over(self, moment: datetime) -> "ScheduleItemQuerySet":
        """What is going on at `moment`, and what is to come."""
        return self.exclude(
            timeline.reached("starts_at", moment)
            & (models.Q(ends_at=None) | timeline.reached("ends_at", moment))
        )


class ScheduleItem(models.Model):
    """Something that happens during a jam, beside its deadlines."""

    class Kind(models.TextChoices):
        KEYNOTE = "keynote", _("keynote")
        TALK = "talk", _("talk")
        OFFICE_HOURS = "office_hours", _("office hours")
        DEADLINE = "deadline", _("deadline")
        SOCIAL = "social", _("social")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="schedule")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=160)
    speaker = models.CharField(_("speaker"), max_length=160, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    stream_url = models.URLField(_("stream"), max_length=500, blank=True)
    recording_url = models.URLField(_("recording"), max_length=500, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScheduleItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule item")
        verbose_name_plural = _("schedule")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="schedule_item_ends_after_start",
                violation_error_message=_("It must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def window(self) -> Window:
        return Window(self.starts_at, self.ends_at or self.starts_at)


class ParticipationQuerySet(models.QuerySet):
    def active(self) -> "ParticipationQuerySet":
        return self.filter(cancelled_at=None)


class Participation(models.Model):
    """One person's taking part in one jam. Cancelling leaves the row as a trace."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="participations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations"
    )
    joined_at = models.DateTimeField(_("joined at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "user"], name="one_participation_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.jam}"

    @property
    def name_in_log(self) -> str:
        return f"person {self.user_id} – {self.jam}"

    @property
    def is_active(self) -> bool:
        return self.cancelled_at is None
