"""Every write of the jam app: a verb, keyword-only, one transaction, `moment` last."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jam import caching, choices, log, parts
from jam.errors import refuse
from jam.models import Jam, Participation, RoleHolder, SignUpQuestion, User
from jam.permissions import (
    JoinRefusal,
    agree_refusal,
    cancel_refusal,
    close_account_refusal,
    join_refusal,
    publish_refusal,
)
from jam.roles import Role


def participation_for_update(jam: Jam, user: User) -> Participation | None:
    """The participation of `user`, cancelled or not, locked until the transaction ends."""
    return Participation.objects.select_for_update().filter(jam=jam, user=user).first()


@transaction.atomic
def join(
    *, jam: Jam, user: User, moment: datetime, conduct: str = "", answered: bool = False
) -> Participation:
    """Have `user` take part in `jam`; `conduct` is the digest of the code of conduct that they
    were shown, `answered` whether they answer what the jam asks. Raises Refused."""
    # Of a ban and a joining at the same time, the later one sees the other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    refuse(join_refusal(user, jam, participation_for_update(jam, user), moment))
    participation, is_new = Participation.objects.select_for_update().get_or_create(
        jam=jam, user=user, defaults={"joined_at": moment}
    )
    if not is_new:
        # Cancelled before; or the second click of two finds the row that the first has just made.
        refuse(join_refusal(user, jam, participation, moment))
        participation.joined_at, participation.cancelled_at = moment, None
        participation.save(update_fields=["joined_at", "cancelled_at"])
    if not answered and _asks_more_of(participation):
        refuse(JoinRefusal.QUESTIONS)
    log.record("joined", participation, by=user, jam=jam, moment=moment)
    if conduct and conduct == jam.conduct_digest:
        _note_agreement(participation, conduct, moment)
    return participation


def _asks_more_of(participation: Participation) -> bool:
    """Whether the jam requires an answer that this person has not given, now or earlier."""
    required = SignUpQuestion.objects.filter(jam=participation.jam, is_required=True)
    return required.exclude(answers__participation=participation).exists()


@transaction.atomic
def agree(*, jam: Jam, user: User, conduct: str, moment: datetime) -> None:
    """Note that `user`, who takes part in `jam`, agrees to its code of conduct, shown to them in
    the words that have the digest `conduct`; twice is as once. Raises Refused."""
    participation = participation_for_update(jam, user)
    refuse(agree_refusal(jam, participation, conduct))
    if participation.agreed_digest != conduct:
        _note_agreement(participation, conduct, moment)


def _note_agreement(participation: Participation, conduct: str, moment: datetime) -> None:
    participation.agreed_at, participation.agreed_digest = moment, conduct
    participation.save(update_fields=["agreed_at", "agreed_digest"])
    log.record("agreed to the code of conduct", participation, by=participation.user,
               jam=participation.jam, after={"digest": conduct}, moment=moment)  # fmt: skip


@transaction.atomic
def cancel(*, jam: Jam, user: User, moment: datetime) -> Participation:
    """End the taking part of `user`; the row stays as a trace. Raises Refused."""
    participation = participation_for_update(jam, user)
    refuse(cancel_refusal(jam, participation, moment))
    end(participation, by=user, moment=moment)
    log.record("cancelled", participation, by=user, jam=jam, moment=moment)
    return participation


def end(participation: Participation, *, by: User, moment: datetime) -> None:
    """End a participation, which is locked, with all that hangs on it; `by` is who does it."""
    participation.cancelled_at = moment
    participation.save(update_fields=["cancelled_at"])
    for part in parts.all_parts():
        part.participation_cancelled(participation, by, moment)
    choices.left_jam(user=participation.user, jam=participation.jam, moment=moment)


@transaction.atomic
def publish(*, jam: Jam, by: User, moment: datetime) -> Jam:
    """Show `jam` to everybody. Raises Refused."""
    jam = Jam.objects.select_for_update().get(pk=jam.pk)
    refuse(publish_refusal(by, jam))
    jam.published_at = moment
    jam.save(update_fields=["published_at"])
    caching.forget()
    log.record("published", jam, by=by, jam=jam, moment=moment)
    return jam


@transaction.atomic
def change_profile(*, user: User, profile: dict[str, str], moment: datetime) -> User:
    """Change what `user` says about themselves; `profile` holds valid values by field."""
    user = User.objects.select_for_update().get(pk=user.pk)
    changed = [name for name, value in profile.items() if getattr(user, name) != value]
    if changed:
        for name in changed:
            setattr(user, name, profile[name])
        user.save(update_fields=changed)
        # Which fields, not what they said: the log outlives an account.
        log.record("changed profile", user, by=user, after={"fields": changed}, moment=moment)
    return user


@transaction.atomic
def set_up(*, jam: Jam, by: User, moment: datetime) -> Jam:
    """Give a jam that has just been saved its owner, and every part's good defaults."""
    jam.organizers.add(by)
    RoleHolder.objects.get_or_create(
        jam=jam, user=by, role=Role.OWNER, defaults={"given_at": moment}
    )
    parts.set_up(jam)
    log.record("created", jam, by=by, jam=jam, moment=moment)
    return jam


@transaction.atomic
def note_change(
    *, jam: Jam, by: User, before: dict[str, str], after: dict[str, str], moment: datetime
) -> None:
    """Log what an organizer changed in the admin, where the change itself has been saved."""
    caching.forget()
    log.record("changed", jam, by=by, jam=jam, before=before, after=after, moment=moment)


@transaction.atomic
def close_account(*, user: User, by: User, moment: datetime) -> None:
    """Anonymize `user` for good: nobody can sign in, and nothing tells who it was, save names in
    what was handed in under them. Ratings go on counting. Doing it twice is as once. Raises
    Refused."""
    # Not against references: a hand-in of the same team holds what is wanted below.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.is_closed:
        return
    # Of two organizers who leave at the same time, the second is the last one.
    list(user.organized_jams.order_by("pk").select_for_update(no_key=True))
    refuse(close_account_refusal(user, moment))
    for participation in Participation.objects.active().filter(user=user).select_related("jam"):
        if cancel_refusal(participation.jam, participation, moment) is None:
            cancel(jam=participation.jam, user=user, moment=moment)
    for part in parts.all_parts():
        part.person_left(user, moment)
    user.email, user.display_name = user.closed_address, ""
    user.affiliation = user.orcid = user.bio = user.links = ""
    user.time_zone, user.language = "UTC", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    caching.forget()
    log.record("closed the account", user, by=by, moment=moment)
