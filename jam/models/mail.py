from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet):
    def bounced(self) -> "MessageQuerySet":
        """Mails that the provider says came back, or that the reader complained of."""
        return self.filter(bounced_at__isnull=False)


class Message(models.Model):
    """A mail in the outbox: written in the transaction that decides, sent afterwards.

    `key` says what the mail is about; the database allows one mail for each key and address.
    """

    to = models.EmailField(_("to"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    key = models.CharField(_("key"), max_length=200)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    created_at = models.DateTimeField(_("written at"))
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
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=models.Q(sent_at=None), name="mails_to_send"
            ),
            models.Index(
                fields=["provider_id"], condition=~models.Q(provider_id=""), name="mails_by_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
