from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jam import timeline

# How long organizers are told that a mail came back.
LATELY = timedelta(days=7)


class MessageQuerySet(models.QuerySet):
    def bounced(self) -> "MessageQuerySet":
        """Mails that the provider says came back, or that the reader complained of."""
        return self.filter(bounced_at__isnull=False)

    def failing(self, moment: datetime) -> "MessageQuerySet":
        """Mails that came back lately, and those that the mail server has not taken so far."""
        came_back = ~timeline.reached("bounced_at", moment, after=LATELY)
        not_taken = Q(sent_at=None, left_out_at=None, digest=None) & ~Q(error="")
        return self.filter(Q(bounced_at__isnull=False) & came_back | not_taken)

    def waiting(self) -> "MessageQuerySet":
        """What is still to be told: neither sent, nor left out, nor part of a digest."""
        return self.filter(sent_at=None, left_out_at=None, digest=None)


class Message(models.Model):
    """A mail in the outbox: written in the transaction that decides, sent afterwards.

    `key` says what the mail is about; the database allows one mail for each key and address.
    """

    to = models.EmailField(_("to"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    key = models.CharField(_("key"), max_length=200)
    # One of `jam.choices.kinds`, where people choose whether they want such mails.
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    jam = models.ForeignKey("jam.Jam", on_delete=models.SET_NULL, null=True, related_name="+")
    # The field of the jam that the mail counts down to or tells of, and what it said then: once
    # organizers have moved it, the mail is of no use.
    boundary = models.CharField(_("boundary"), max_length=40, blank=True)
    boundary_at = models.DateTimeField(_("boundary at"), null=True)
    # Afterwards it is of no use.
    until = models.DateTimeField(_("of use until"), null=True)
    created_at = models.DateTimeField(_("written at"))
    # No sooner than this; null for at once.
    due_at = models.DateTimeField(_("due at"), null=True)
    # Told in a digest, made of `gist`: the paragraphs, and where the button leads.
    is_daily = models.BooleanField(_("waits for the digest"), default=False)
    gist = models.JSONField(_("words for a digest"), null=True)
    digest = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="gathered",
        verbose_name=_("told in the digest"),
    )  # fmt: skip
    left_out_at = models.DateTimeField(_("left out at"), null=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    provider_id = models.CharField(_("the provider's id"), max_length=200, blank=True)
    bounced_at = models.DateTimeField(_("came back at"), null=True)
    bounce = models.TextField(_("why it came back"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("outbox")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "to"], name="one_mail_per_key_and_address"),
            models.CheckConstraint(
                condition=Q(is_daily=False) | Q(gist__isnull=False, sent_at=None),
                name="daily_mails_have_words_for_a_digest",
            ),
            models.CheckConstraint(
                condition=Q(left_out_at=None) | Q(sent_at=None, digest=None),
                name="mails_are_told_or_left_out",
            ),
            models.CheckConstraint(
                condition=Q(boundary="", boundary_at=None)
                | Q(~Q(boundary=""), boundary_at__isnull=False),
                name="a_boundary_of_a_mail_has_its_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(sent_at=None, left_out_at=None, digest=None),
                name="mails_to_tell",
            ),
            models.Index(
                fields=["jam", "user"],
                condition=Q(bounced_at__isnull=False) | ~Q(error=""),
                name="mails_that_fail",
            ),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="mails_by_id"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class MailChoice(models.Model):
    """How a person wants mails of one kind; without a row the kind's own default holds."""

    class How(models.TextChoices):
        NOW = "now", _("at once")
        DAILY = "daily", _("in one mail a day")
        NEVER = "never", _("not at all")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choices"
    )
    kind = models.CharField(_("kind"), max_length=40)
    how = models.CharField(_("how"), max_length=5, choices=How)
    chosen_at = models.DateTimeField(_("chosen at"))

    class Meta:
        verbose_name = _("choice of mails")
        verbose_name_plural = _("choices of mails")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_choice_per_kind_of_mail"),
            models.CheckConstraint(
                condition=Q(how__in=["now", "daily", "never"]), name="mails_now_daily_or_never"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.how}"


class MailHours(models.Model):
    """When a person's mails of kinds that one may choose come, in whole hours of their zone;
    without a row at any hour, and digests at `DIGEST`."""

    DIGEST = 8

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_hours"
    )
    quiet_from = models.PositiveSmallIntegerField(_("quiet from"), null=True)
    quiet_until = models.PositiveSmallIntegerField(_("quiet until"), null=True)
    digest_at = models.PositiveSmallIntegerField(_("digest at"), default=DIGEST)

    class Meta:
        verbose_name = _("hours for mails")
        verbose_name_plural = _("hours for mails")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & Q(quiet_from__lt=24, quiet_until__lt=24)
                & ~Q(quiet_from=F("quiet_until")),
                name="quiet_hours_are_a_stretch_of_a_day",
            ),
            models.CheckConstraint(condition=Q(digest_at__lt=24), name="digests_have_an_hour"),
        ]

    def __str__(self) -> str:
        return str(self.user)
