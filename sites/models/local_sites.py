import zoneinfo
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from jam import timeline
from jam.models import Jam
from jam.models.people import validate_time_zone
from jam.timeline import Window


class LocalSiteQuerySet(models.QuerySet):
    def approved(self) -> "LocalSiteQuerySet":
        return self.filter(approved_at__isnull=False, declined_at=None)

    def waiting_for_approval(self) -> "LocalSiteQuerySet":
        return self.filter(approved_at=None, declined_at=None)

    def visible_to(self, user, jam: Jam) -> "LocalSiteQuerySet":
        """The jam's approved sites; organizers see all, those who organize one, or are asked to,
        theirs as well."""
        sites = self.filter(jam=jam)
        if jam.is_organized_by(user):
            return sites
        approved = Q(approved_at__isnull=False, declined_at=None)
        if not user.is_authenticated:
            return sites.filter(approved)
        own = LocalSite.organizers.through.objects.filter(
            localsite=models.OuterRef("pk"), user_id=user.pk
        )
        # Imported here, since invitations are invitations to a site.
        from sites.models.running import Invitation

        invited = Invitation.objects.pending().filter(site=models.OuterRef("pk"), user_id=user.pk)
        return sites.filter(approved | models.Exists(own) | models.Exists(invited))

    def without_details(self) -> "LocalSiteQuerySet":
        """For lists: what is read on the page of one site alone is left where it is."""
        return self.defer("address", "hours", "access", "facilities", "contact", "decline_reason")

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

    def with_places_left(self, moment: datetime) -> "LocalSiteQuerySet":
        """Sites where anybody may take a place: more are free than people wait for."""
        return (
            self.approved()
            .as_of(moment)
            .filter(is_open=True, is_over=False, capacity__gt=F("taken") + F("waiting"))
        )

    def with_line_of(self, user, moment: datetime) -> "LocalSiteQuerySet":
        """Find out how `user` stands in the line of each site: `position` (0 if not at all) and
        `offer_ends_at`; whether they are asked to organize it (`is_invited`); and how many of
        those who have a place are `shown`."""
        # Imported here, since all of these are of a site.
        from sites.models.places import Place, Wait
        from sites.models.running import Invitation

        here = {"site": OuterRef("pk")}
        sites = self.annotate(shown=_number_of(Place.objects.taken(moment).filter(shown=True)))
        if not user.is_authenticated:
            return sites
        own = Wait.objects.standing(moment).filter(**here, participation__user=user)
        return sites.annotate(
            position=Coalesce(Subquery(own.with_position(moment).values("position")[:1]), 0),
            offer_ends_at=Subquery(own.values("offer_ends_at")[:1]),
            is_invited=models.Exists(Invitation.objects.pending().filter(**here, user=user)),
        )

    def as_of(self, moment: datetime) -> "LocalSiteQuerySet":
        """Count, as of `moment`, the places `taken`, those `waiting` for one and those of them who
        are `offered` one, and find out whether the site `is_over`."""
        # Imported here, since places are places of a site.
        from sites.models.places import Place, Wait

        waits = Wait.objects.standing(moment)
        return self.annotate(
            taken=_number_of(Place.objects.taken(moment)),
            waiting=_number_of(waits),
            offered=_number_of(waits.filter(offered_at__isnull=False)),
            is_over=ExpressionWrapper(timeline.is_gathering_over(moment), models.BooleanField()),
        )


def _number_of(rows: models.QuerySet) -> Coalesce:
    """How many of `rows` belong to a site."""
    counted = rows.filter(site=OuterRef("pk")).order_by().values("site").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


class LocalSite(models.Model):
    """A place where participants of a jam meet; proposed, then approved or declined."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        DECLINED = "declined", _("declined")
        CLOSED = "closed", _("approved, not open yet")
        OPEN = "open", _("open")
        FULL = "full", _("full")
        OVER = "over", _("over")

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
    agreed_at = models.DateTimeField(
        _("agreed to the code of conduct at"), null=True, blank=True, editable=False
    )
    ends_at = models.DateTimeField(
        _("ends at"), null=True, blank=True,
        help_text=_("When everybody has to be out. Empty: when submissions close."),
    )  # fmt: skip
    no_shows_at = models.DateTimeField(
        _("places of those who have not come are free from"), null=True, blank=True,
        help_text=_("Whoever is not checked in by then loses the place to the next in line. "
                    "Empty: nobody does."),
    )  # fmt: skip
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"), default=24,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
        help_text=_("How long a free place is kept for the first in line. It is less when "
                    "submissions close soon."),
    )  # fmt: skip

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
            models.CheckConstraint(
                condition=Q(offer_hours__gte=1, offer_hours__lte=168), name="offers_have_their_time"
            ),
            models.CheckConstraint(
                condition=Q(no_shows_at=None) | Q(ends_at=None) | Q(no_shows_at__lt=F("ends_at")),
                name="no_shows_before_the_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sites:detail", args=[self.jam.slug, self.pk])

    @property
    def schedule_path(self) -> str:
        return reverse("sites:schedule", args=[self.jam.slug, self.pk])

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
        """Where the site stands, as of the moment that it was fetched for by `as_of`."""
        if self.declined_at is not None:
            return self.State.DECLINED
        if self.approved_at is None:
            return self.State.PROPOSED
        if self.is_over:
            return self.State.OVER
        if not self.is_open:
            return self.State.CLOSED
        return self.State.OPEN if self.places_left else self.State.FULL

    @property
    def places_left(self) -> int:
        """Places that anybody may take: those that are free and that nobody waits for."""
        return max(self.capacity - self.taken - self.waiting, 0)

    @property
    def places_window(self) -> Window:
        """When places here may be taken, waited for and given back."""
        return timeline.places_window(self.jam, self.ends_at)

    @property
    def arriving_window(self) -> Window:
        """When people are checked in here."""
        return timeline.arriving_window(self.jam, self.ends_at)

    @property
    def staying_window(self) -> Window:
        """Until when a place is kept for someone who has not come."""
        return Window(None, self.no_shows_at)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def counts_on_the_day(self, moment: datetime) -> dict[str, int]:
        """How many have `come`, and how many places were lost to those who had not (`no_shows`)."""
        gone = Q(did_not_come=True)
        if self.staying_window.is_over(moment):
            gone |= Q(released_at=None, checked_in_at=None, taken_at__lt=F("site__no_shows_at"))
        return self.places.aggregate(
            come=Count("pk", filter=Q(released_at=None, checked_in_at__isnull=False)),
            no_shows=Count("pk", filter=gone),
        )

    def has_turn(self, position: int, is_offered: bool) -> bool:
        """Whether a place is kept for whoever stands at `position` in line; the site is to be
        fetched by `as_of`. Who was offered a place may take it though the site has closed since."""
        return 0 < position <= self.capacity - self.taken and (self.is_open or is_offered)

    def is_organized_by(self, user) -> bool:
        """Whether `user` is one of the site's organizers."""
        return any(organizer.pk == user.pk for organizer in self.organizers.all())
