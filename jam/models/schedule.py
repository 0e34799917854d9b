from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models.jams import Jam
from jam.timeline import BOUNDARIES, Window


class HappeningQuerySet(models.QuerySet):
    def taking_place(self) -> "HappeningQuerySet":
        """What is not cancelled."""
        return self.filter(cancelled_at=None)

    def not_over(self, moment: datetime) -> "HappeningQuerySet":
        """What is going on at `moment`, and what is to come."""
        return self.exclude(
            timeline.reached("starts_at", moment)
            & (Q(ends_at=None) | timeline.reached("ends_at", moment))
        )


class Happening(models.Model):
    """A line of a schedule. Who organizes its jam or its local site changes it, through
    `jam.scheduling`; it is cancelled, never deleted, since calendar programs have to hear of it."""

    class Kind(models.TextChoices):
        KEYNOTE = "keynote", _("keynote")
        TALK = "talk", _("talk")
        WORKSHOP = "workshop", _("workshop")
        OFFICE_HOURS = "office_hours", _("office hours")
        DEADLINE = "deadline", _("deadline")
        SOCIAL = "social", _("social")

    owner_field: str

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=160)
    speaker = models.CharField(_("speaker"), max_length=160, blank=True)
    description = models.TextField(
        _("description"), max_length=10_000, blank=True, help_text=_("Markdown.")
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(
        _("place"), max_length=160, blank=True, help_text=_("A room, or how to find it.")
    )
    stream_url = models.URLField(_("stream"), max_length=500, blank=True)
    recording_url = models.URLField(_("recording"), max_length=500, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(
        _("why it is cancelled"), max_length=500, blank=True, editable=False
    )
    # How often it was changed: calendar programs take the highest for the newest.
    sequence = models.PositiveIntegerField(_("changes"), default=0, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    objects = HappeningQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="%(class)s_ends_after_start",
                violation_error_message=_("It must end after it starts."),
            ),
            models.CheckConstraint(
                condition=(Q(cancelled_at=None) & Q(cancel_reason=""))
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="%(class)s_is_cancelled_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def window(self) -> Window:
        return Window(self.starts_at, self.ends_at or self.starts_at)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_deadline(self) -> bool:
        return self.kind == self.Kind.DEADLINE

    @property
    def uid(self) -> str:
        """By which calendar programs know it, for ever; without the host."""
        raise NotImplementedError

    @property
    def owner(self) -> Any:
        """What has the schedule that it stands in, its jam or its local site, once it has one."""
        return getattr(self, self.owner_field, None)

    def where(self) -> str:
        """Where to go."""
        return self.place

    def of_jam(self) -> Jam:
        """The jam that it belongs to, at whatever place."""
        raise NotImplementedError

    def is_run_by(self, user: Any) -> bool:
        """Whether `user` decides on the schedule that it stands in."""
        raise NotImplementedError

    def path_to(self, act: str) -> str:
        """The page where it is changed ("edit", "cancel" or "bring_back")."""
        raise NotImplementedError

    def clean(self) -> None:
        # Times that no calendar can hold would break every page that shows them.
        jam = self.of_jam() if self.owner else None
        if jam is None or None in (jam.starts_at, jam.results_at):
            return
        window = timeline.schedule_window(jam)
        for name in ("starts_at", "ends_at"):
            at = getattr(self, name)
            if at is not None and at not in window:
                raise ValidationError(
                    {name: _("Choose a time within a year of the jam: look at the year.")}
                )


class ScheduleItem(Happening):
    """Something that happens during a jam, beside its deadlines."""

    owner_field = "jam"

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="schedule")

    class Meta(Happening.Meta):
        verbose_name = _("schedule item")
        verbose_name_plural = _("schedule")

    def get_absolute_url(self) -> str:
        return f"{self.jam.schedule_path}#{self.uid}"

    @property
    def uid(self) -> str:
        return f"schedule-{self.pk}"

    def of_jam(self) -> Jam:
        return self.jam

    def is_run_by(self, user: Any) -> bool:
        return self.jam.is_organized_by(user)

    def path_to(self, act: str) -> str:
        return reverse(f"jam:{act}_item", args=[self.jam.slug, self.pk])


class ChangeQuerySet(models.QuerySet):
    def lately(self, moment: datetime) -> "ChangeQuerySet":
        """What was changed within the day before `moment`, the first change first."""
        return self.exclude(timeline.reached("made_at", moment, after=timeline.SHOWN_AS_MOVED))


class Change(models.Model):
    """A happening was moved, cancelled or brought back: how it stood before, and who is told.

    Changes that are told in one mail have the same `notice`; `told_at` is set once all of its
    mails are written.
    """

    owner_field: str

    was_at = models.DateTimeField(_("before"))
    was_until = models.DateTimeField(_("until, before"), null=True)
    was_place = models.CharField(_("place before"), max_length=160, blank=True)
    was_cancelled = models.BooleanField(_("cancelled before"), default=False)
    made_at = models.DateTimeField(_("changed at"))
    notice = models.PositiveBigIntegerField(_("notice"), null=True)
    told_at = models.DateTimeField(_("told at"), null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(notice__isnull=False),
                name="%(class)s_is_told_in_a_notice",
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(told_at=None), name="%(class)s_to_tell"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> str:
        """What was changed, by its title."""
        return str(self.item)

    @property
    def of(self) -> str:
        """What was changed, told apart from all else: the `uid` of an item, or a boundary."""
        return self.item.uid


class ScheduleChange(Change):
    """A change of an item of a jam's schedule, or, where `boundary` names one, of an instant of
    the jam itself."""

    owner_field = "jam"

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="schedule_changes")
    item = models.ForeignKey(
        ScheduleItem, on_delete=models.CASCADE, related_name="changes", null=True
    )
    boundary = models.CharField(
        _("boundary"), max_length=24, blank=True,
        choices=[(boundary.field, boundary.label) for boundary in BOUNDARIES],
    )  # fmt: skip

    class Meta(Change.Meta):
        verbose_name = _("change of a schedule")
        verbose_name_plural = _("changes of schedules")
        constraints = [
            *Change.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(item=None) & ~Q(boundary=""))
                | (Q(item__isnull=False) & Q(boundary="")),
                name="a_change_is_of_an_item_or_of_a_boundary",
            ),
        ]

    @property
    def subject(self) -> str:
        return str(self.item) if self.item_id else str(self.get_boundary_display())

    @property
    def of(self) -> str:
        return super().of if self.item_id else self.boundary


class CalendarKey(models.Model):
    """By which a calendar program reads the calendar of one person. Only its digest is kept; who
    has the key reads the calendar, until another one is made or the row is deleted."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("key of a calendar")
        verbose_name_plural = _("keys of calendars")

    def __str__(self) -> str:
        return str(self.user)
