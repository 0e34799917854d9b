"""Why a person may not do something with a jam: a named refusal, or None."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _

from jam.models import Idea, Jam, Participation, User
from jam.models.schedule import Happening
from jam.roles import HELPING, Right, may


class JoinRefusal(TextChoices):
    """Why someone may not join a jam."""

    SIGNED_OUT = "signed_out", _("Sign in to join.")
    DRAFT = "draft", _("This jam is not published yet.")
    WINDOW_CLOSED = "window_closed", _("Submissions have closed, so nobody can join any more.")
    ALREADY_IN = "already_in", _("You have joined already.")
    BANNED = (
        "banned",
        _("The organizers keep you out of this jam. They have told you why by mail."),
    )
    QUESTIONS = (
        "questions",
        _("The organizers ask something first. Join on the jam’s page, and answer there."),
    )


class CancelRefusal(TextChoices):
    """Why someone may not cancel a participation."""

    NOT_IN = "not_in", _("You do not take part in this jam.")
    WINDOW_CLOSED = "window_closed", _("Submissions have closed, so nobody can cancel any more.")


class ConductRefusal(TextChoices):
    """Why someone may not agree to a code of conduct."""

    NOT_IN = "not_in", _("You do not take part in this jam.")
    CHANGED = "changed", _("The organizers have just changed it. Read it again.")


class CreateRefusal(TextChoices):
    """Why someone may not create a jam."""

    STAFF_ONLY = "staff_only", _("Only staff may create jams here.")
    UNVERIFIED = "unverified", _("Confirm your e-mail address first.")
    NOT_ORGANIZER = (
        "not_organizer",
        _("Only those who organize a jam may begin another one from it."),
    )
    TOO_MANY = "too_many", _("Those were many jams in a day. Go on tomorrow.")


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


class DeskRefusal(TextChoices):
    """Why someone may not sit at the desk of a jam."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers see the desk.")


class SetUpRefusal(TextChoices):
    """Why someone may not change how a jam is set up."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may set a jam up.")
    IN_USE = (
        "in_use",
        _("Somebody has answered it already, or something else needs it. Word it anew instead."),
    )
    ALIKE = "alike", _("Two of them are called the same. Give each a name of its own.")


class PersonRefusal(TextChoices):
    """Why someone may not take a person out of a jam, keep them out, or let them in again."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may do that.")
    NOT_IN = "not_in", _("This person does not take part.")
    ORGANIZER = "organizer", _("This person organizes the jam.")
    HELPER = "helper", _("This person helps to run the jam. An owner has to take that role first.")
    BANNED = "banned", _("This person is banned already.")
    NOT_BANNED = "not_banned", _("This person is not banned.")
    NO_REASON = "no_reason", _("Say why: the person is told.")
    CONFIRMED = "confirmed", _("This address is confirmed.")
    UNREACHABLE = "unreachable", _("This person has no address that a mail could reach.")


class IdeaRefusal(TextChoices):
    """Why someone may not propose, change, take back or hide an idea."""

    NOT_IN = "not_in", _("Join the jam first, then propose an idea.")
    CLOSED = "closed", _("Submissions have closed, so ideas do not change any more.")
    NOT_AUTHOR = "not_author", _("Only whoever proposed this idea may do that.")
    NOT_ORGANIZER = "not_organizer", _("Only organizers may do that.")
    WITHDRAWN = "withdrawn", _("This idea was taken back.")
    HIDDEN = "hidden", _("The organizers have hidden this idea.")
    NO_REASON = "no_reason", _("Say why: the person who proposed it is told.")
    TOO_MANY = "too_many", _("Those were many ideas in a day. Go on tomorrow.")
    NOTHING_TO_DO = "nothing_to_do", _("It is so already.")
    OUTSIDE = "outside", _("Join the jam first, so that others can count on you.")
    MERGED = "merged", _("The organizers have joined this idea to another one.")
    NOT_THERE = "not_there", _("Choose another idea of this jam that stands by itself.")


class ScheduleRefusal(TextChoices):
    """Why someone may not change a schedule."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may change this schedule.")
    CANCELLED = "cancelled", _("This is cancelled. Bring it back first.")
    NOT_CANCELLED = "not_cancelled", _("This is not cancelled.")
    NO_REASON = "no_reason", _("Say why: those who wanted to come are told.")
    FULL = "full", _("A schedule has room for 400 lines, those that are cancelled among them.")


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
    return JoinRefusal.BANNED if jam.has_banned(user) else None


def agree_refusal(
    jam: Jam, participation: Participation | None, conduct: str
) -> ConductRefusal | None:
    """Why this participation may not agree to the code of conduct with the digest `conduct`."""
    if participation is None or not participation.is_active:
        return ConductRefusal.NOT_IN
    return None if conduct and conduct == jam.conduct_digest else ConductRefusal.CHANGED


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


def copy_refusal(user: Any, source: Jam) -> CreateRefusal | None:
    """Why `user` may not begin a new jam from `source`."""
    return None if source.is_organized_by(user) else CreateRefusal.NOT_ORGANIZER


def set_up_refusal(user: Any, jam: Jam) -> SetUpRefusal | None:
    """Why `user` may not change how `jam` is set up."""
    return None if may(user, jam, Right.SET_UP) else SetUpRefusal.NOT_ORGANIZER


def publish_refusal(user: Any, jam: Jam) -> PublishRefusal | None:
    """Why `user` may not publish `jam`."""
    if not (user.is_superuser or jam.is_organized_by(user)):
        return PublishRefusal.NOT_ORGANIZER
    if jam.is_published:
        return PublishRefusal.ALREADY_PUBLISHED
    return None


def desk_refusal(user: Any, jam: Jam) -> DeskRefusal | None:
    """Why `user` may not sit at the desk of `jam`."""
    return None if jam.is_organized_by(user) else DeskRefusal.NOT_ORGANIZER


def remove_refusal(
    by: Any, jam: Jam, participation: Participation | None, reason: str
) -> PersonRefusal | None:
    """Why `by` may not take the one whose participation is given out of `jam` for `reason`."""
    if not jam.is_organized_by(by):
        return PersonRefusal.NOT_ORGANIZER
    if participation is None or not participation.is_active:
        return PersonRefusal.NOT_IN
    return None if reason.strip() else PersonRefusal.NO_REASON


def ban_refusal(
    by: Any, jam: Jam, user: User, is_banned: bool, reason: str
) -> PersonRefusal | None:
    """Why `by` may not keep `user` out of `jam` for `reason`."""
    if not jam.is_organized_by(by):
        return PersonRefusal.NOT_ORGANIZER
    if jam.organizers.filter(pk=user.pk).exists():
        return PersonRefusal.ORGANIZER
    if jam.role_holders.filter(user=user, role__in=HELPING).exists():
        return PersonRefusal.HELPER
    if is_banned:
        return PersonRefusal.BANNED
    return None if reason.strip() else PersonRefusal.NO_REASON


def lift_refusal(by: Any, jam: Jam, is_banned: bool) -> PersonRefusal | None:
    """Why `by` may not let somebody who is banned, or is not, into `jam` again."""
    if not jam.is_organized_by(by):
        return PersonRefusal.NOT_ORGANIZER
    return None if is_banned else PersonRefusal.NOT_BANNED


def resend_refusal(by: Any, jam: Jam, user: User) -> PersonRefusal | None:
    """Why `by` may not have `user`, who has to do with `jam`, asked again to confirm their
    address."""
    if not jam.is_organized_by(by):
        return PersonRefusal.NOT_ORGANIZER
    if not user.is_reachable:
        return PersonRefusal.UNREACHABLE
    return PersonRefusal.CONFIRMED if has_verified_email(user) else None


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


def propose_idea_refusal(
    jam: Jam, participation: Participation | None, moment: datetime
) -> IdeaRefusal | None:
    """Why this participation may not propose an idea."""
    if moment not in jam.joining_window:
        return IdeaRefusal.CLOSED
    if participation is None or not participation.is_active:
        return IdeaRefusal.NOT_IN
    return None


def change_idea_refusal(user: Any, idea: Idea, moment: datetime) -> IdeaRefusal | None:
    """Why `user` may not change what the idea says. What was handed in names it as it was."""
    if refusal := withdraw_idea_refusal(user, idea):
        return refusal
    return gone_refusal(idea) or _closed_refusal(idea, moment)


def withdraw_idea_refusal(user: Any, idea: Idea) -> IdeaRefusal | None:
    """Why `user` may not take the idea back, which is possible for ever."""
    if not user.is_authenticated or idea.author_id != user.pk:
        return IdeaRefusal.NOT_AUTHOR
    return IdeaRefusal.WITHDRAWN if idea.withdrawn_at is not None else None


def hide_idea_refusal(user: Any, idea: Idea, reason: str) -> IdeaRefusal | None:
    """Why `user` may not hide the idea for `reason`."""
    if not may(user, idea.jam, Right.MODERATE):
        return IdeaRefusal.NOT_ORGANIZER
    if idea.hidden_at is not None:
        return IdeaRefusal.NOTHING_TO_DO
    return None if reason.strip() else IdeaRefusal.NO_REASON


def show_idea_refusal(user: Any, idea: Idea) -> IdeaRefusal | None:
    """Why `user` may not show a hidden idea again."""
    if not may(user, idea.jam, Right.MODERATE):
        return IdeaRefusal.NOT_ORGANIZER
    return IdeaRefusal.NOTHING_TO_DO if idea.hidden_at is None else None


def gone_refusal(idea: Idea) -> IdeaRefusal | None:
    """Why nothing can be done with the idea by itself."""
    if idea.withdrawn_at is not None:
        return IdeaRefusal.WITHDRAWN
    if idea.hidden_at is not None:
        return IdeaRefusal.HIDDEN
    return IdeaRefusal.MERGED if idea.merged_into_id is not None else None


def _closed_refusal(idea: Idea, moment: datetime) -> IdeaRefusal | None:
    return None if moment in idea.jam.joining_window else IdeaRefusal.CLOSED


def interest_refusal(
    participation: Participation | None, idea: Idea, moment: datetime
) -> IdeaRefusal | None:
    """Why this participation may not say, or take back, that it is interested in the idea."""
    if refusal := _closed_refusal(idea, moment):
        return refusal
    if participation is None or not participation.is_active:
        return IdeaRefusal.OUTSIDE
    return gone_refusal(idea)


def pin_idea_refusal(user: Any, idea: Idea, is_pinned: bool) -> IdeaRefusal | None:
    """Why `user` may not have the idea stand first in the list, or among the others again."""
    if not idea.jam.is_organized_by(user):
        return IdeaRefusal.NOT_ORGANIZER
    if is_pinned == (idea.pinned_at is not None):
        return IdeaRefusal.NOTHING_TO_DO
    return gone_refusal(idea) if is_pinned else None


def merge_idea_refusal(user: Any, idea: Idea, into: Idea | None) -> IdeaRefusal | None:
    """Why `user` may not join the idea to the other, which says the same."""
    if not idea.jam.is_organized_by(user):
        return IdeaRefusal.NOT_ORGANIZER
    if refusal := gone_refusal(idea):
        return refusal
    if into is None or into.pk == idea.pk or into.jam_id != idea.jam_id or gone_refusal(into):
        return IdeaRefusal.NOT_THERE
    return None


def part_idea_refusal(user: Any, idea: Idea) -> IdeaRefusal | None:
    """Why `user` may not have the idea stand by itself again."""
    if not idea.jam.is_organized_by(user):
        return IdeaRefusal.NOT_ORGANIZER
    return IdeaRefusal.NOTHING_TO_DO if idea.merged_into_id is None else None


def change_item_refusal(user: Any, item: Happening) -> ScheduleRefusal | None:
    """Why `user` may not change the item, or add it where it is not saved yet."""
    if not item.is_run_by(user):
        return ScheduleRefusal.NOT_ORGANIZER
    return ScheduleRefusal.CANCELLED if item.is_cancelled else None


def cancel_item_refusal(user: Any, item: Happening, reason: str) -> ScheduleRefusal | None:
    """Why `user` may not cancel the item for `reason`."""
    if refusal := change_item_refusal(user, item):
        return refusal
    return None if reason.strip() else ScheduleRefusal.NO_REASON


def bring_back_item_refusal(user: Any, item: Happening) -> ScheduleRefusal | None:
    """Why `user` may not bring the cancelled item back."""
    if not item.is_run_by(user):
        return ScheduleRefusal.NOT_ORGANIZER
    return None if item.is_cancelled else ScheduleRefusal.NOT_CANCELLED
