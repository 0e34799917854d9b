"""Why a person may not do something with a jam: a named refusal, or None."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _

from jam.models import Jam, Participation, User


class JoinRefusal(TextChoices):
    """Why someone may not join a jam."""

    SIGNED_OUT = "signed_out", _("Sign in to join.")
    DRAFT = "draft", _("This jam is not published yet.")
    WINDOW_CLOSED = "window_closed", _("Submissions have closed, so nobody can join any more.")
    ALREADY_IN = "already_in", _("You have joined already.")


class CancelRefusal(TextChoices):
    """Why someone may not cancel a participation."""

    NOT_IN = "not_in", _("You do not take part in this jam.")
    WINDOW_CLOSED = "window_closed", _("Submissions have closed, so nobody can cancel any more.")


class CreateRefusal(TextChoices):
    """Why someone may not create a jam."""

    STAFF_ONLY = "staff_only", _("Only staff may create jams here.")
    UNVERIFIED = "unverified", _("Confirm your e-mail address first.")


class CloseAccountRefusal(TextChoices):
    """Why an account may not be closed."""

    ONLY_ORGANIZER = (
        "only_organizer",
        _("You are the only organizer of a jam that is not over. Name another one first."),
    )
    ONLY_OPERATOR = "only_operator", _("Nobody else may run this site. Name someone first.")


class PublishRefusal(TextChoices):
    """Why a jam may not be published."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may publish a jam.")
    ALREADY_PUBLISHED = "already_published", _("This jam is published already.")


def has_verified_email(user: Any) -> bool:
    """Whether `user` has confirmed an e-mail address."""
    return (
        user.is_authenticated
        and EmailAddress.objects.filter(user_id=user.pk, verified=True).exists()
    )


def join_refusal(
    user: Any, jam: Jam, participation: Participation | None, moment: datetime
) -> JoinRefusal | None:
    """Why `user`, whose participation (cancelled or not) is given, may not join `jam`."""
    if not user.is_authenticated:
        return JoinRefusal.SIGNED_OUT
    if not jam.is_published:
        return JoinRefusal.DRAFT
    if moment not in jam.joining_window:
        return JoinRefusal.WINDOW_CLOSED
    if participation is not None and participation.is_active:
        return JoinRefusal.ALREADY_IN
    return None


def cancel_refusal(
    jam: Jam, participation: Participation | None, moment: datetime
) -> CancelRefusal | None:
    """Why the participation may not be cancelled."""
    if participation is None or not participation.is_active:
        return CancelRefusal.NOT_IN
    if moment not in jam.joining_window:
        return CancelRefusal.WINDOW_CLOSED
    return None


def create_refusal(user: Any) -> CreateRefusal | None:
    """Why `user` may not create a jam; who may is the operator's setting."""
    if user.is_staff:
        return None
    if not settings.ANYONE_MAY_CREATE_JAMS:
        return CreateRefusal.STAFF_ONLY
    return None if has_verified_email(user) else CreateRefusal.UNVERIFIED


def publish_refusal(user: Any, jam: Jam) -> PublishRefusal | None:
    """Why `user` may not publish `jam`."""
    if not (user.is_superuser or jam.is_organized_by(user)):
        return PublishRefusal.NOT_ORGANIZER
    if jam.is_published:
        return PublishRefusal.ALREADY_PUBLISHED
    return None


def close_account_refusal(user: User, moment: datetime) -> CloseAccountRefusal | None:
    """Why the account of `user` may not be closed."""
    others = Jam.organizers.through.objects.filter(
        jam=OuterRef("pk"), user__is_active=True
    ).exclude(user_id=user.pk)
    under_way = Jam.objects.under_way(moment).filter(organizers=user)
    if under_way.exclude(Exists(others)).exists():
        return CloseAccountRefusal.ONLY_ORGANIZER
    if user.is_superuser:
        others_here = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
        if not others_here.exists():
            return CloseAccountRefusal.ONLY_OPERATOR
    return None
