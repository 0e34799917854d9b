"""Who has which role in a jam: inviting by e-mail, saying yes, changing, taking back."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy

from jam import caching, log, outbox, parts
from jam.errors import Refused, refuse
from jam.languages import gettext_later as _
from jam.models import Jam, RoleHolder, RoleInvitation, User
from jam.roles import HELPING, ORGANIZING, Right, Role, may

HOLDS = timedelta(days=30)
# Waiting at a time, in one jam.
MOST_INVITATIONS = 100


class RoleRefusal(TextChoices):
    """Why somebody may not see, give, take or have a role."""

    NOT_OWNER = "not_owner", gettext_lazy("Only owners of the jam give and take roles.")
    NOT_COORDINATOR = (
        "not_coordinator",
        gettext_lazy("Only those who coordinate judges invite them."),
    )
    NO_ROLE = "no_role", gettext_lazy("Only those who have a role in this jam see that.")
    NOT_HELD = "not_held", gettext_lazy("This person does not have this role.")
    ALREADY = "already", gettext_lazy("This person has this role already.")
    INVITED = "invited", gettext_lazy("This address is invited to this role already.")
    TOO_MANY = "too_many", gettext_lazy("Very many are invited already. Wait for some to answer.")
    LAST_OWNER = (
        "last_owner",
        gettext_lazy("A jam always has an owner. Make somebody else one first."),
    )
    GONE = "gone", gettext_lazy("This invitation does not hold any more. Ask for a new one.")
    BANNED = "banned", gettext_lazy("The organizers keep this person out of the jam.")
    CLOSED = "closed", gettext_lazy("Rating has closed, so that nobody becomes a judge any more.")


def owners_of(jam: Jam) -> list[int]:
    """The keys of those who own `jam`: the organizers that are said to; where nobody is, the first
    of the organizers."""
    rows = Jam.organizers.through.objects.filter(jam=jam, user__is_active=True).order_by("pk")
    organizers = list(rows.values_list("user_id", flat=True))
    said = set(jam.role_holders.filter(role=Role.OWNER).values_list("user_id", flat=True))
    return [pk for pk in organizers if pk in said] or organizers[:1]


def holders_of(jam: Jam) -> list[tuple[User, list[Role]]]:
    """Those who have a role in `jam`, owners first, each with their roles."""
    owners = owners_of(jam)
    held: dict[int, list[Role]] = {}
    people: dict[int, User] = {}
    for user in jam.organizers.filter(is_active=True).order_by("pk"):
        people[user.pk] = user
        held[user.pk] = [Role.OWNER if user.pk in owners else Role.ORGANIZER]
    helping = jam.role_holders.filter(role__in=HELPING, user__is_active=True)
    for holder in helping.select_related("user"):
        people[holder.user_id] = holder.user
        held.setdefault(holder.user_id, []).append(Role(holder.role))
    order = list(Role)
    keys = sorted(people, key=lambda pk: (order.index(held[pk][0]), people[pk].display_name, pk))
    return [(people[pk], held[pk]) for pk in keys]


def see_refusal(user: User, jam: Jam) -> RoleRefusal | None:
    """Why `user` may not see who has which role."""
    is_helper = any(jam.is_helped_by(user, role) for role in HELPING)
    return None if jam.is_organized_by(user) or is_helper else RoleRefusal.NO_ROLE


def give_refusal(user: User, jam: Jam, role: str) -> RoleRefusal | None:
    """Why `user` may not give or take `role`."""
    if role == Role.JUDGE:
        return None if may(user, jam, Right.JUDGES) else RoleRefusal.NOT_COORDINATOR
    if user.is_superuser or user.is_authenticated and user.pk in owners_of(jam):
        return None
    return RoleRefusal.NOT_OWNER


def has_role(jam: Jam, user: User, role: str) -> bool:
    """Whether `user` has `role`, which is none of a judge."""
    if role == Role.OWNER:
        return user.pk in owners_of(jam)
    if role == Role.ORGANIZER:
        return jam.organizers.filter(pk=user.pk).exists()
    return jam.role_holders.filter(user=user, role=role).exists()


def invite_refusal(user: User, jam: Jam, role: str, email: str, moment: datetime) -> Any:
    """Why `user` may not invite whoever has the address `email` to `role`."""
    if refusal := give_refusal(user, jam, role):
        return refusal
    waiting = jam.role_invitations.open(moment)
    if waiting.filter(role=role, email__iexact=email).exists():
        return RoleRefusal.INVITED
    return RoleRefusal.TOO_MANY if waiting.count() >= MOST_INVITATIONS else None


def taken_refusal(jam: Jam, role: str, moment: datetime) -> TextChoices | None:
    """Why nobody may have `role` from now on, as its part says."""
    found = (part.role_refusal(jam, role, moment) for part in parts.all_parts())
    return next(filter(None, found), None)


def take_refusal(user: User, jam: Jam, whom: User, role: str) -> RoleRefusal | None:
    """Why `user` may not take `role` from `whom`; one's own anybody may give back."""
    if user.pk != whom.pk and (refusal := give_refusal(user, jam, role)):
        return refusal
    if not has_role(jam, whom, role):
        return RoleRefusal.NOT_HELD
    is_owner = role in ORGANIZING and whom.pk in owners_of(jam)
    return RoleRefusal.LAST_OWNER if is_owner and owners_of(jam) == [whom.pk] else None


def offered_to(user: User, moment: datetime) -> QuerySet[RoleInvitation]:
    """The roles that wait for an answer by `user`."""
    waiting = RoleInvitation.objects.sent_to(user).open(moment)
    return waiting.select_related("jam", "invited_by")


@transaction.atomic
def invite(*, jam: Jam, by: User, role: str, email: str, moment: datetime) -> RoleInvitation:
    """Invite whoever has the address `email` to `role`, by a mail to it. Nobody learns whether it
    has an account. Raises Refused."""
    jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    refuse(invite_refusal(by, jam, role, email, moment))
    jam.role_invitations.filter(role=role, email__iexact=email).delete()
    made = RoleInvitation.objects.create(
        jam=jam,
        role=role,
        email=email.strip().lower(),
        invited_by=by,
        invited_at=moment,
        expires_at=moment + HOLDS,
    )
    log.record("invited", made, by=by, jam=jam, moment=moment)
    outbox.write_to(
        email=made.email,
        key=f"role:{made.pk}",
        jam=jam,
        subject=_("Will you be %(role)s of %(jam)s?")
        % {"role": Role(role).label, "jam": jam.title},
        paragraphs=[
            _("%(name)s asks you to help with %(jam)s.") % {"name": by, "jam": jam.title},
            _("Sign in with this address and say yes. If you have no account yet, sign up with it: "
              "you have the role once you have confirmed the address."),
            _("If you want nothing to do with it, you need do nothing."),
        ],
        action_label=_("See what you are asked"),
        action_path=reverse("jam:offered_roles"),
        moment=moment,
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw(*, invitation: RoleInvitation, by: User, moment: datetime) -> None:
    """Take an invitation back. Raises Refused."""
    jam = invitation.jam
    refuse(give_refusal(by, jam, invitation.role))
    log.record("withdrew", invitation, by=by, jam=jam, moment=moment)
    invitation.delete()


@transaction.atomic
def answer(*, invitation: RoleInvitation, user: User, accepts: bool, moment: datetime) -> None:
    """Have `user`, to a confirmed address of whom it went, take the role, or not. It holds as long
    as whoever sent it may give the role. Raises Refused."""
    found = offered_to(user, moment).select_for_update(of=("self",)).filter(pk=invitation.pk)
    waiting = found.first()
    refuse(RoleRefusal.GONE if waiting is None else None)
    jam, role, sender = waiting.jam, waiting.role, waiting.invited_by
    holds = sender.is_active and give_refusal(sender, jam, role) is None
    refuse(RoleRefusal.GONE if accepts and not holds else None)
    verb = "accepted" if accepts else "declined"
    if accepts:
        give(jam=jam, user=user, role=role, by=sender, moment=moment)
    log.record(verb, waiting, by=user, jam=jam, moment=moment)
    waiting.delete()


def take_up(*, user: User, moment: datetime) -> None:
    """Have somebody who has just confirmed an address take the roles that wait for it."""
    for invitation in offered_to(user, moment):
        # What is refused meanwhile (rating has closed, say) keeps nobody from signing up.
        with contextlib.suppress(Refused):
            answer(invitation=invitation, user=user, accepts=True, moment=moment)


@transaction.atomic
def give(*, jam: Jam, user: User, role: str, by: User, moment: datetime) -> None:
    """Have `user` have `role`; twice is as once. Raises Refused."""
    refuse(taken_refusal(jam, role, moment))
    refuse(RoleRefusal.BANNED if jam.has_banned(user) else None)
    if role == Role.JUDGE:
        for part in parts.all_parts():
            part.role_given(jam, user, role, by, moment)
        return
    if has_role(jam, user, role):
        return
    _write_owners_down(jam, moment)
    if role in ORGANIZING:
        jam.organizers.add(user)
    if role != Role.ORGANIZER:
        RoleHolder.objects.get_or_create(
            jam=jam, user=user, role=role, defaults={"given_at": moment}
        )
    caching.forget()
    log.record("gave a role", user, by=by, jam=jam, after={"role": role}, moment=moment)


@transaction.atomic
def take(*, jam: Jam, user: User, role: str, by: User, moment: datetime) -> None:
    """Take `role` from `user`, who is told, or give back one's own. An owner who is none any more
    goes on organizing; who does not organize any more does not own either. Raises Refused."""
    jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    refuse(take_refusal(by, jam, user, role))
    _write_owners_down(jam, moment)
    if role == Role.ORGANIZER:
        jam.organizers.remove(user)
    gone = [Role.OWNER, Role.ORGANIZER] if role == Role.ORGANIZER else [role]
    jam.role_holders.filter(user=user, role__in=gone).delete()
    _withdraw_sent_by(user, jam, by, moment)
    caching.forget()
    log.record("took a role", user, by=by, jam=jam, before={"role": role}, moment=moment)
    if by.pk != user.pk:
        outbox.post(
            user=user,
            key=f"role-taken:{jam.pk}:{role}:{moment.isoformat()}",
            jam=jam,
            subject=_("Your role in %(jam)s has ended") % {"jam": jam.title},
            paragraphs=[
                _("You are not %(role)s of %(jam)s any more.")
                % {"role": Role(role).label, "jam": jam.title}
            ],
            action_label=_("See the jam"),
            action_path=jam.get_absolute_url(),
            moment=moment,
        )


@transaction.atomic
def change(*, jam: Jam, user: User, role: str, to: str, by: User, moment: datetime) -> None:
    """Have `user` have the role `to` in the place of `role`. Raises Refused."""
    jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    refuse(give_refusal(by, jam, to))
    refuse(None if has_role(jam, user, role) else RoleRefusal.NOT_HELD)
    # Owners are organizers too, so that one of them may become merely that.
    has_it = has_role(jam, user, to) and (role, to) != (Role.OWNER, Role.ORGANIZER)
    refuse(RoleRefusal.ALREADY if has_it else None)
    give(jam=jam, user=user, role=to, by=by, moment=moment)
    if not (role == Role.ORGANIZER and to == Role.OWNER):
        is_demoted = role == Role.OWNER and to not in ORGANIZING
        take(jam=jam, user=user, role=Role.ORGANIZER if is_demoted else role, by=by, moment=moment)


def _withdraw_sent_by(user: User, jam: Jam, by: User, moment: datetime) -> None:
    """Take back what `user` invited others to and may not give any more."""
    # What the other row knows of its organizers is what held before.
    jam = Jam.objects.get(pk=jam.pk)
    lost = [role for role in Role if give_refusal(user, jam, role)]
    for invitation in jam.role_invitations.filter(invited_by=user, role__in=lost):
        log.record("withdrew", invitation, by=by, jam=jam, moment=moment)
        invitation.delete()


def _write_owners_down(jam: Jam, moment: datetime) -> None:
    """So that who owns the jam as its first organizer stays so when there are others."""
    for pk in owners_of(jam):
        RoleHolder.objects.get_or_create(
            jam=jam, user_id=pk, role=Role.OWNER, defaults={"given_at": moment}
        )
