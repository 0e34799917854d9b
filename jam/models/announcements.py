from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam import timeline

from .jams import Jam

# The audience whose announcements everybody may read.
EVERYONE = "everyone"


class AnnouncementQuerySet(models.QuerySet):
    def due(self, moment: datetime) -> "AnnouncementQuerySet":
        """What may be read at `moment` by those whom it is for."""
        return self.filter(
            timeline.reached("send_at", moment), confirmed_at__isnull=False, cancelled_at=None
        )

    def for_everyone(self) -> "AnnouncementQuerySet":
        return self.filter(audience=EVERYONE)


class Announcement(models.Model):
    """What organizers tell an audience: a draft until it is confirmed, then told at `send_at`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        ON_ITS_WAY = "on_its_way", _("on its way")
        SENT = "sent", _("sent")
        CANCELLED = "cancelled", _("cancelled")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="announcements")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="announcements"
    )
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), max_length=20_000, help_text=_("Markdown."))
    # The name of an audience, for one of several of its kind with the number of what it is about,
    # and what it was called when this was written.
    audience = models.CharField(_("goes to"), max_length=40)
    audience_of = models.BigIntegerField(null=True, blank=True)
    audience_label = models.CharField(_("audience"), max_length=200)
    written_at = models.DateTimeField(_("written at"))
    changed_at = models.DateTimeField(_("changed at"), null=True)
    send_at = models.DateTimeField(_("send at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    # From when on mails were written; then all were in the outbox.
    begun_at = models.DateTimeField(_("begun at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-send_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text="") & ~Q(audience=""),
                name="announcements_say_something_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(send_at__isnull=False),
                name="confirmed_announcements_have_a_time",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(confirmed_at__isnull=False, cancelled_at=None),
                name="only_confirmed_announcements_are_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at"],
                condition=Q(confirmed_at__isnull=False, cancelled_at=None, sent_at=None),
                name="announcements_to_send",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jam:announcement", args=[self.jam.slug, self.pk])

    def state_at(self, moment: datetime) -> "Announcement.State":
        if self.cancelled_at is not None:
            return self.State.CANCELLED
        if self.confirmed_at is None:
            return self.State.DRAFT
        if self.sent_at is not None:
            return self.State.SENT
        waits = self.begun_at is None and timeline.Window(self.send_at, None).is_before(moment)
        return self.State.SCHEDULED if waits else self.State.ON_ITS_WAY

    @property
    def is_for_everyone(self) -> bool:
        return self.audience == EVERYONE
