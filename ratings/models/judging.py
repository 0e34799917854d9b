"""Judges at work: the link by which one comes without an account, what they are given by hand, and
the notes that they write to each other."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.timeline import Window
from ratings.models.rules import Judge
from submissions.models import Submission


class JudgeLinkQuerySet(models.QuerySet):
    def live(self, moment: datetime) -> JudgeLinkQuerySet:
        """Those that open something at `moment`."""
        return self.filter(revoked_at=None).exclude(timeline.reached("expires_at", moment))


class JudgeLink(models.Model):
    """A link that lets whoever has it judge one jam under one name, and do nothing else."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="links")
    # Of the secret, which is shown once and kept nowhere.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="judge_links_made"
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("holds until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    used_at = models.DateTimeField(_("first used at"), null=True, blank=True)

    objects = JudgeLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of a judge")
        verbose_name_plural = _("links of judges")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["judge"], condition=Q(revoked_at=None), name="one_link_a_judge"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="links_hold_for_a_while"
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="links_have_a_digest"),
        ]

    def __str__(self) -> str:
        return str(self.judge)

    @property
    def name_in_log(self) -> str:
        return f"link of {self.judge.name_in_log}"

    @property
    def window(self) -> Window:
        """When it opens something."""
        return Window(None, self.revoked_at or self.expires_at)


class JudgeAssignment(models.Model):
    """A submission that a judge was given by hand, before what the queue gives."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="assignments")
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="judge_assignments"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("work for a judge")
        verbose_name_plural = _("work for judges")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["judge", "submission"], name="given_once_to_a_judge"),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.submission}"


class JudgeNote(models.Model):
    """What a judge or a coordinator says to the others about a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="judge_notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="judge_notes"
    )
    text = models.TextField(_("text"), max_length=4000)
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("note of the judges")
        verbose_name_plural = _("notes of the judges")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="judges_notes_say_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def name_in_log(self) -> str:
        return f"note {self.pk}"
