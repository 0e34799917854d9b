from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam.roles import Right, having

from .jams import Jam
from .roles import RoleHolder


class ReportQuerySet(models.QuerySet):
    def open(self) -> "ReportQuerySet":
        return self.filter(closed_at=None)

    def handled_by(self, user) -> "ReportQuerySet":
        """Those that `user` is to look into: of the jams that they organize or moderate, and of
        operators all, save what is about themselves."""
        found = self.exclude(about_person=user)
        if user.is_superuser:
            return found
        moderated = RoleHolder.objects.filter(user=user, role__in=having(Right.MODERATE))
        return found.filter(
            Q(jam__in=Jam.organizers.through.objects.filter(user=user).values("jam"))
            | Q(jam__in=moderated.values("jam"))
        )

    def visible_to(self, user) -> "ReportQuerySet":
        """Those that `user` made, and those that they are to look into."""
        # By keys: joined, a jam of several organizers would come several times.
        handled = Report.objects.handled_by(user).values("pk")
        return self.filter(Q(by=user) | Q(pk__in=handled))

    def about(self, target: models.Model) -> "ReportQuerySet":
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk))


class Report(models.Model):
    """Somebody's word to the organizers that something in their jam should not be there.

    What it is about is named as in the log of acts, so that it may be anything.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports"
    )
    target_type = models.CharField(_("kind of target"), max_length=60)
    target_id = models.CharField(_("target"), max_length=40)
    target_name = models.CharField(_("name of the target"), max_length=200)
    # Within the site, where the organizers see it.
    target_path = models.CharField(max_length=300)
    # Whoever wrote it, or is it: they learn nothing of the report, also where they organize.
    about_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), max_length=2000)
    made_at = models.DateTimeField(_("made at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reports_have_a_reason"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="reports_are_closed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["by", "target_type", "target_id"],
                condition=Q(closed_at=None),
                name="one_open_report_per_person",
            ),
        ]
        indexes = [
            models.Index(fields=["jam", "made_at"], condition=Q(closed_at=None),
                         name="open_reports"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.target_name

    def get_absolute_url(self) -> str:
        return reverse("jam:report_thread", args=[self.jam.slug, self.pk])

    @property
    def name_in_log(self) -> str:
        return f"report {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class ReportMessage(models.Model):
    """What the one who reported and the organizers write to each other about it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="report_messages"
    )
    text = models.TextField(_("text"), max_length=4000)
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("message about a report")
        verbose_name_plural = _("messages about reports")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="report_messages_say_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
