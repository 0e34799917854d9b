from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.roles import HELPING, ORGANIZING, Role

from .jams import Jam


class RoleHolder(models.Model):
    """That somebody owns a jam they organize, or helps to run it without organizing it."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="role_holders")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "user", "role"], name="each_role_once"),
            models.CheckConstraint(
                condition=Q(role__in=[Role.OWNER, *HELPING]), name="roles_with_a_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @property
    def name_in_log(self) -> str:
        return f"person {self.user_id}: {self.role}"


class RoleInvitationQuerySet(models.QuerySet):
    def open(self, moment: datetime) -> "RoleInvitationQuerySet":
        """Those that can still be taken up."""
        return self.exclude(timeline.reached("expires_at", moment))

    def sent_to(self, user) -> "RoleInvitationQuerySet":
        """Those to an address that `user` has confirmed."""
        from allauth.account.models import EmailAddress

        known = EmailAddress.objects.filter(user=user.pk, verified=True)
        return self.alias(address=Lower("email")).filter(
            address__in=known.annotate(lower=Lower("email")).values("lower")
        )


class RoleInvitation(models.Model):
    """A role that waits for whoever confirms an e-mail address, or says yes. It goes once it is
    answered: the log tells what became of it, without the address."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="role_invitations")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    email = models.EmailField(_("e-mail address"), max_length=254)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_invitations"
    )
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("holds until"))

    objects = RoleInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a role")
        verbose_name_plural = _("invitations to roles")
        ordering = ["invited_at", "pk"]
        constraints = [
            models.UniqueConstraint("jam", "role", Lower("email"), name="invited_once_to_a_role"),
            models.CheckConstraint(
                condition=Q(role__in=[*ORGANIZING, *HELPING, Role.JUDGE]),
                name="invitations_are_to_a_role",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("invited_at")),
                name="invitations_hold_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_role_display()}"

    @property
    def name_in_log(self) -> str:
        return f"invitation {self.pk}: {self.role}"
