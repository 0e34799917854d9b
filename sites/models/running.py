from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.models.local_sites import LocalSite


class InvitationQuerySet(models.QuerySet):
    def pending(self) -> "InvitationQuerySet":
        """Those that nobody has answered or taken back."""
        return self.filter(answered_at=None)


class Invitation(models.Model):
    """Being asked to organize a local site along with others, or in somebody's place."""

    site = models.ForeignKey(LocalSite, on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="site_invitations",
        verbose_name=_("person"),
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("invited by"),
    )  # fmt: skip
    hands_over = models.BooleanField(_("in the place of who invited"), default=False)
    invited_at = models.DateTimeField(_("invited at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    was_accepted = models.BooleanField(_("accepted"), default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to organize")
        verbose_name_plural = _("invitations to organize")
        ordering = ["invited_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "user"],
                condition=Q(answered_at=None),
                name="invited_once_to_a_site",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, was_accepted=False)
                | Q(answered_at__isnull=False, answered_at__gte=F("invited_at")),
                name="invitation_answered_afterwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.site}"

    @property
    def name_in_log(self) -> str:
        return f"person {self.user_id} → {self.site}"


class ProposalMessage(models.Model):
    """What the organizers of a jam and those of a local site say to each other about it."""

    site = models.ForeignKey(LocalSite, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("author"),
    )  # fmt: skip
    of_the_jam = models.BooleanField(_("from the organizers of the jam"))
    text = models.TextField(_("text"), max_length=4000)
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("message about a local site")
        verbose_name_plural = _("messages about a local site")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="messages_on_sites_say_something"),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.text[:40]}"

    @property
    def name_in_log(self) -> str:
        return f"message {self.pk} on {self.site}"


class Picture(models.Model):
    """A picture of a local site, drawn anew when it came; the first is shown first."""

    MOST = 6

    site = models.ForeignKey(LocalSite, on_delete=models.CASCADE, related_name="pictures")
    content = models.FileField(_("content"), upload_to="sites/%Y/%m/", max_length=300)
    content_type = models.CharField(_("kind of file"), max_length=40)
    shows = models.CharField(
        _("what it shows"), max_length=200,
        help_text=_("For those who cannot see it: “The big table, by the window”."),
    )  # fmt: skip
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    added_at = models.DateTimeField(_("added at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("picture of a local site")
        verbose_name_plural = _("pictures of a local site")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(shows=""), name="pictures_of_sites_are_told"),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.shows}"
