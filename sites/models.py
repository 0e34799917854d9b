from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField

from jam.models import Jam, Participation
from jam.models.people import validate_time_zone


class LocalSiteQuerySet(models.QuerySet):
    def approved(self) -> "LocalSiteQuerySet":
        return self.filter(approved_at__isnull=False, declined_at=None)

    def waiting_for_approval(self) -> "LocalSiteQuerySet":
        return self.filter(approved_at=None, declined_at=None)

    def visible_to(self, user, jam: Jam) -> "LocalSiteQuerySet":
        """The jam's approved sites; organizers see all, site organizers their own as well."""
        sites = self.filter(jam=jam)
        if jam.is_organized_by(user):
            return sites
        approved = Q(approved_at__isnull=False, declined_at=None)
        if not user.is_authenticated:
            return sites.filter(approved)
        own = LocalSite.organizers.through.objects.filter(
            localsite=models.OuterRef("pk"), user_id=user.pk
        )
        return sites.filter(approved | models.Exists(own))

    def found_by(self, words: str) -> "LocalSiteQuerySet":
        """Sites whose name, city or country has every one of the words."""
        sites = self
        for word in words.replace("\0", " ").split()[:8]:
            codes = [code for code, name in countries if word.casefold() in name.casefold()]
            sites = sites.filter(
                Q(name__icontains=word) | Q(city__icontains=word) | Q(country__in=codes)
            )
        return sites

    def in_order(self) -> "LocalSiteQuerySet":
        """What waits for a decision first, then by city; what was declined last."""
        return self.order_by(
            F("declined_at").asc(nulls_first=True),
            models.Case(models.When(approved_at=None, then=0), default=1),
            "city",
            "pk",
        )

    def near(self, time_zone: str) -> "LocalSiteQuerySet":
        """The sites of a time zone first, then those of its continent."""
        return self.order_by(
            models.Case(
                models.When(time_zone=time_zone, then=0),
                models.When(time_zone__startswith=time_zone.partition("/")[0] + "/", then=1),
                default=2,
            ),
            "city",
            "pk",
        )

    def with_places_left(self) -> "LocalSiteQuerySet":
        """Sites that can be joined."""
        return self.approved().with_taken().filter(is_open=True, taken__lt=F("capacity"))

    def with_taken(self) -> "LocalSiteQuerySet":
        """Count the places that are taken, as `taken`."""
        return self.annotate(taken=Count("places", filter=Q(places__released_at=None)))


class LocalSite(models.Model):
    """A place where participants of a jam meet; proposed, then approved or declined."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        DECLINED = "declined", _("declined")
        CLOSED = "closed", _("approved, not open yet")
        OPEN = "open", _("open")
        FULL = "full", _("full")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="local_sites")
    name = models.CharField(_("name"), max_length=120)
    venue = models.CharField(_("venue"), max_length=160)
    address = models.CharField(_("address"), max_length=240)
    city = models.CharField(_("city"), max_length=80)
    country = CountryField(_("country"))
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    capacity = models.PositiveIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    hours = models.CharField(_("hours"), max_length=200, blank=True)
    access = models.TextField(
        _("how to get in"), max_length=2000, blank=True,
        help_text=_("Shown to those who have a place."),
    )  # fmt: skip
    facilities = models.TextField(_("facilities"), max_length=2000, blank=True)
    contact = models.CharField(
        _("contact"), max_length=200, blank=True, help_text=_("Shown to those who have a place.")
    )
    organizers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="organized_sites", verbose_name=_("site organizers")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined at"), null=True, blank=True)
    decline_reason = models.TextField(_("why it was declined"), blank=True)
    is_open = models.BooleanField(_("open for joining"), default=False)

    objects = LocalSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("local site")
        verbose_name_plural = _("local sites")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="local_site_has_places"),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(approved_at__isnull=False, declined_at=None),
                name="only_approved_sites_open",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | ~Q(decline_reason=""),
                name="declining_a_site_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(latitude__gte=-90, latitude__lte=90),
                name="local_site_latitude",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None) | Q(longitude__gte=-180, longitude__lte=180),
                name="local_site_longitude",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sites:detail", args=[self.jam.slug, self.pk])

    @property
    def map_url(self) -> str:
        """Where a map shows the site, or nothing if its position is not known."""
        if self.latitude is None or self.longitude is None:
            return ""
        here = f"{self.latitude:f}/{self.longitude:f}"
        return (
            f"https://www.openstreetmap.org/?mlat={self.latitude:f}&mlon={self.longitude:f}"
            f"#map=17/{here}"
        )

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None and self.declined_at is None

    @property
    def state(self) -> "LocalSite.State":
        """Where the site stands; needs `taken`, of `with_taken`, to tell full from open."""
        if self.declined_at is not None:
            return self.State.DECLINED
        if self.approved_at is None:
            return self.State.PROPOSED
        if not self.is_open:
            return self.State.CLOSED
        return self.State.FULL if self.taken >= self.capacity else self.State.OPEN

    @property
    def places_left(self) -> int:
        return max(self.capacity - self.taken, 0)

    def is_organized_by(self, user) -> bool:
        """Whether `user` is one of the site's organizers."""
        return any(organizer.pk == user.pk for organizer in self.organizers.all())


class PlaceQuerySet(models.QuerySet):
    def taken(self) -> "PlaceQuerySet":
        return self.filter(released_at=None)


class Place(models.Model):
    """A place at a local site, taken by a participation; released rows stay as a trace."""

    site = models.ForeignKey(LocalSite, on_delete=models.PROTECT, related_name="places")
    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="places"
    )
    shown = models.BooleanField(_("name shown on the site's page"), default=False)
    taken_at = models.DateTimeField(_("taken at"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["taken_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(released_at=None),
                name="one_place_per_participation",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(released_at__gte=F("taken_at")),
                name="place_released_after_taken",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.user} @ {self.site}"
