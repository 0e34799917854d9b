import zoneinfo
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.roles import HELPING
from jam.timeline import Phase, Window

from .conduct import default_code_of_conduct, digest_of
from .people import validate_time_zone

# Pages that stand where the pages of jams do.
TAKEN_ADDRESSES = ("new",)


def validate_address(slug: str) -> None:
    """Refuse what is the address of a page of ours."""
    if slug in TAKEN_ADDRESSES:
        raise ValidationError(_("This address is taken by a page of this site. Choose another."))


class JamQuerySet(models.QuerySet):
    def published(self) -> "JamQuerySet":
        return self.filter(published_at__isnull=False)

    def organized_by(self, user) -> "JamQuerySet":
        if user.is_superuser:
            return self
        return self.filter(organizers=user) if user.is_authenticated else self.none()

    def visible_to(self, user) -> "JamQuerySet":
        """Published jams, and the drafts of those who organize them or help with them.

        Fetches along whether `user` does, and whether they are banned, so that `is_organized_by`,
        `is_helped_by` and `has_banned` need not ask.
        """
        if not user.is_authenticated:
            return self.published()
        if user.is_superuser:
            return self
        jams = self.with_reader(user)
        seen = models.Q(published_at__isnull=False) | models.Q(organized_by_reader=True)
        for role in HELPING:
            seen |= models.Q(**{f"reader_is_{role}": True})
        return jams.filter(seen)

    def with_reader(self, user) -> "JamQuerySet":
        """Fetch along how `user`, who is signed in, runs each jam, or is kept out of it."""
        # Imported here, since roles and bans are of a jam.
        from .bans import Ban
        from .roles import RoleHolder

        here = {"jam": models.OuterRef("pk"), "user_id": user.pk}
        return self.annotate(
            reader_id=models.Value(user.pk),
            organized_by_reader=models.Exists(Jam.organizers.through.objects.filter(**here)),
            bans_reader=models.Exists(Ban.objects.in_force().filter(**here)),
            **{
                f"reader_is_{role}": models.Exists(RoleHolder.objects.filter(**here, role=role))
                for role in HELPING
            },
        )

    def run_by(self, user) -> "JamQuerySet":
        """Jams that `user` organizes or has a role in."""
        from .roles import RoleHolder

        organized = Jam.organizers.through.objects.filter(user=user).values("jam")
        # Who owns a jam and does not organize it any more has no part in it.
        helped = RoleHolder.objects.filter(user=user, role__in=HELPING).values("jam")
        return self.filter(models.Q(pk__in=organized) | models.Q(pk__in=helped))

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
        validators=[validate_address],
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
    code_of_conduct = models.TextField(
        _("code of conduct"),
        max_length=20_000,
        blank=True,
        default=default_code_of_conduct,
        help_text=_(
            "Markdown. Who joins agrees to it; when you change it, those who have joined are asked "
            "again."
        ),
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
    # Of a jam that was made elsewhere: since when it is here, and where it comes from.
    imported_at = models.DateTimeField(_("imported at"), null=True, blank=True, editable=False)
    imported_from = models.CharField(_("imported from"), max_length=300, blank=True, editable=False)
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
            models.CheckConstraint(
                condition=~models.Q(slug__in=TAKEN_ADDRESSES), name="no_jam_hides_a_page"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jam:detail", args=[self.slug])

    @property
    def schedule_path(self) -> str:
        return reverse("jam:schedule", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def conduct_digest(self) -> str:
        """What names the code of conduct as it is now; empty where there is none."""
        return digest_of(self.code_of_conduct)

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

    def is_helped_by(self, user, role: str) -> bool:
        """Whether `user`, organizer or not, has this role beside organizing; asked once for each
        jam loaded."""
        if not user.is_authenticated:
            return False
        if getattr(self, "reader_id", None) == user.pk:
            return getattr(self, f"reader_is_{role}")
        if not hasattr(self, "_helpers"):
            self._helpers = set(self.role_holders.values_list("user_id", "role"))
        return (user.pk, role) in self._helpers

    def has_banned(self, user) -> bool:
        """Whether the organizers keep `user` out."""
        if getattr(self, "reader_id", None) == user.pk:
            return self.bans_reader
        return self.bans.in_force().filter(user_id=user.pk).exists()


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
