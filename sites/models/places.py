from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Participation
from sites.models.local_sites import LocalSite

_signer = signing.Signer(salt="places")


class PlaceQuerySet(models.QuerySet):
    def coded(self, code: str) -> "PlaceQuerySet":
        """The place of a square code; none if it is none of ours."""
        try:
            return self.filter(pk=_signer.unsign(code))
        except signing.BadSignature:
            return self.none()

    def unreleased(self) -> "PlaceQuerySet":
        """Places that nobody has noted as released; those of people who did not come are among
        them until that is noted."""
        return self.filter(released_at=None)

    def no_shows(self, moment: datetime) -> "PlaceQuerySet":
        """Places, not noted as released, of people who had not come by the hour of their site."""
        return self.unreleased().filter(
            timeline.reached("site__no_shows_at", moment),
            checked_in_at=None,
            taken_at__lt=F("site__no_shows_at"),
        )

    def taken(self, moment: datetime) -> "PlaceQuerySet":
        """Places that people have at `moment`."""
        return self.unreleased().exclude(
            timeline.reached("site__no_shows_at", moment),
            checked_in_at=None,
            taken_at__lt=F("site__no_shows_at"),
        )

    def in_order_of_names(self) -> "PlaceQuerySet":
        return self.order_by(Lower("participation__user__display_name"), "pk")

    def found_by(self, words: str) -> "PlaceQuerySet":
        """Places of people whose name or affiliation has every one of the words."""
        places = self
        for word in words.replace("\0", " ").split()[:8]:
            places = places.filter(
                Q(participation__user__display_name__icontains=word)
                | Q(participation__user__affiliation__icontains=word)
            )
        return places


class Place(models.Model):
    """A place at a local site, taken by a participation; released rows stay as a trace."""

    site = models.ForeignKey(LocalSite, on_delete=models.PROTECT, related_name="places")
    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="places"
    )
    shown = models.BooleanField(_("name shown on the site's page"), default=False)
    taken_at = models.DateTimeField(_("taken at"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    did_not_come = models.BooleanField(_("did not come"), default=False)
    checked_in_at = models.DateTimeField(_("checked in at"), null=True, blank=True)
    checked_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("checked in by"),
    )  # fmt: skip

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
            models.CheckConstraint(
                condition=Q(checked_in_at=None, checked_in_by=None)
                | Q(checked_in_at__isnull=False, checked_in_by__isnull=False),
                name="somebody_checks_in",
            ),
            models.CheckConstraint(
                condition=Q(checked_in_at=None) | Q(checked_in_at__gte=F("taken_at")),
                name="checked_in_after_taken",
            ),
            models.CheckConstraint(
                condition=Q(did_not_come=False) | Q(released_at__isnull=False, checked_in_at=None),
                name="who_came_is_no_no_show",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.user} @ {self.site}"

    @property
    def name_in_log(self) -> str:
        return f"person {self.participation.user_id} @ {self.site}"

    @property
    def code(self) -> str:
        """What the square code of this place says, that nobody else can make up."""
        return _signer.sign(self.pk)


class WaitQuerySet(models.QuerySet):
    def unended(self) -> "WaitQuerySet":
        """Those whose end nobody has noted; offers that lapsed are among them until it is."""
        return self.filter(ended_at=None)

    def lapsed(self, moment: datetime) -> "WaitQuerySet":
        """Those whose offer ran out unanswered, which nobody has noted."""
        return self.unended().filter(timeline.reached("offer_ends_at", moment))

    def standing(self, moment: datetime) -> "WaitQuerySet":
        """Those who stand in line at `moment`."""
        return self.unended().exclude(timeline.reached("offer_ends_at", moment))

    def in_line(self) -> "WaitQuerySet":
        """Who came first, first."""
        return self.order_by("joined_at", "pk")

    def with_position(self, moment: datetime) -> "WaitQuerySet":
        """Count who stands in line up to each, itself included, as `position`."""
        before = (
            Wait.objects.standing(moment)
            .filter(
                Q(joined_at__lt=OuterRef("joined_at"))
                | Q(joined_at=OuterRef("joined_at"), pk__lte=OuterRef("pk")),
                site=OuterRef("site"),
            )
            .order_by()
            .values("site")
            .annotate(n=models.Count("pk"))
        )
        return self.annotate(position=Coalesce(Subquery(before.values("n")), 0))


class Wait(models.Model):
    """Waiting for a place at a local site that is full. Whose turn it is follows from the order of
    joining and from how many places are free; being told of it begins the time to answer."""

    class Ending(models.TextChoices):
        ACCEPTED = "accepted", _("took the place")
        LEFT = "left", _("waits no longer")
        LAPSED = "lapsed", _("did not answer in time")

    site = models.ForeignKey(LocalSite, on_delete=models.PROTECT, related_name="waits")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="waits")
    joined_at = models.DateTimeField(_("waits since"))
    offered_at = models.DateTimeField(_("offered a place at"), null=True, blank=True)
    offer_ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=12, choices=Ending, blank=True)

    objects = WaitQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting for a place")
        verbose_name_plural = _("waiting list")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "participation"],
                condition=Q(ended_at=None),
                name="waits_once_at_a_site",
            ),
            models.CheckConstraint(
                condition=Q(offered_at=None, offer_ends_at=None)
                | Q(
                    offered_at__isnull=False,
                    offered_at__gte=F("joined_at"),
                    offer_ends_at__isnull=False,
                    offer_ends_at__gt=F("offered_at"),
                ),
                name="an_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="")
                | (Q(ended_at__isnull=False, ended_at__gte=F("joined_at")) & ~Q(ending="")),
                name="a_wait_ends_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(ending="lapsed")
                | Q(offer_ends_at__isnull=False, ended_at=F("offer_ends_at")),
                name="only_offers_lapse",
            ),
        ]
        indexes = [
            models.Index(
                fields=["site", "joined_at"], condition=Q(ended_at=None), name="line_of_a_site"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.user} → {self.site}"

    @property
    def name_in_log(self) -> str:
        return f"person {self.participation.user_id} → {self.site}"
