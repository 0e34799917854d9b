"""Teams that ask for more time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TimeRequestQuerySet(models.QuerySet):
    def open(self) -> "TimeRequestQuerySet":
        return self.filter(settled_at=None)


class TimeRequest(models.Model):
    """A team's word to the organizers that it needs more time. It is settled by giving some, or by
    declining with a reason."""

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.CASCADE, related_name="time_requests"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("why"), max_length=500)
    asked_at = models.DateTimeField(_("asked at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_because = models.TextField(_("why it was declined"), max_length=500, blank=True)

    objects = TimeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for more time")
        verbose_name_plural = _("requests for more time")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(settled_at=None),
                name="one_open_request_per_submission",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="requests_for_time_say_why"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, declined_because="")
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="requests_are_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} – {self.asked_at:%Y-%m-%d %H:%M} UTC"
