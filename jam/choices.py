"""Mails by choice: the kinds that there are, who wants which, how and at what hour, and the link
that stops one kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam import hours, log, parts
from jam.models import Jam, MailChoice, MailHours, Message, User
from jam.parts import MailKind
from jam.timeline import Window

How = MailChoice.How
# The mail a day that tells what was gathered. Stopping it stops every kind that is in it.
DIGEST = MailKind("digest", _("the mail a day that tells several things"))
_signer = signing.Signer(salt="stop-mails")


def kinds() -> dict[str, MailKind]:
    """Every kind of mails that people may choose, by its name."""
    return {kind.name: kind for part in parts.all_parts() for kind in part.mail_kinds()}


def default(kind: MailKind) -> MailChoice.How:
    """How mails of `kind` come until a person chooses."""
    return How.NOW if kind.default else How.NEVER


def how(user: User, kind: str) -> MailChoice.How:
    """How `user` wants mails of this kind."""
    chosen = MailChoice.objects.filter(user=user, kind=kind).values_list("how", flat=True).first()
    return default(kinds()[kind]) if chosen is None else How(chosen)


def wants(user: User, kind: str) -> bool:
    """Whether `user` wants mails of this kind, at once or in a digest."""
    return how(user, kind) != How.NEVER


def wanted(kind: str, user: str) -> Q:
    """A filter for rows whose `user` (the path to a person) wants mails of this kind."""
    chosen = MailChoice.objects.filter(user=OuterRef(user), kind=kind)
    if kinds()[kind].default:
        return ~Exists(chosen.filter(how=How.NEVER))
    return Q(Exists(chosen.exclude(how=How.NEVER)))


def how_all(user: User) -> dict[str, MailChoice.How]:
    """How `user` wants mails, of every kind."""
    chosen = dict(MailChoice.objects.filter(user=user).values_list("kind", "how"))
    return {name: How(chosen.get(name, default(kind))) for name, kind in kinds().items()}


def hours_of(user: User) -> MailHours:
    """The hours that `user` chose; without quiet ones where they chose none."""
    try:
        return user.mail_hours
    except MailHours.DoesNotExist:
        return MailHours(user=user)


@dataclass(frozen=True)
class Delivery:
    """How a mail is told: in the digest or by itself, and no sooner than `due_at`."""

    is_daily: bool
    due_at: datetime | None


def delivery(
    user: User, chosen: MailChoice.How, until: datetime | None, moment: datetime
) -> Delivery:
    """How a mail that is ready at `moment` and of use `until` then is told to `user`: never in
    quiet hours and in the digest as chosen, unless it would be of no use by then."""
    own = hours_of(user)
    use = Window(None, until)
    if chosen == How.DAILY:
        at = hours.next_at(moment, user.time_zone, own.digest_at)
        # The digest keeps to the quiet hours as well.
        at = _after_quiet(user, own, at) or at
        if not use.is_over(at):
            return Delivery(True, at)
    end = _after_quiet(user, own, moment)
    return Delivery(False, None if end is None or use.is_over(end) else end)


def _after_quiet(user: User, own: MailHours, moment: datetime) -> datetime | None:
    if own.quiet_from is None:
        return None
    return hours.end_of_quiet(moment, user.time_zone, own.quiet_from, own.quiet_until)


@transaction.atomic
def choose(
    *,
    user: User,
    chosen: Mapping[str, MailChoice.How],
    moment: datetime,
    quiet: tuple[int, int] | None = None,
    digest_at: int | None = None,
) -> None:
    """Note how `user` wants mails; kinds that are not named stay as they are, and with them the
    hours, unless there is a `digest_at`. What waits already is told as chosen now."""
    # Of two at the same time, the second sees what the first chose.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = how_all(user)
    changed = {name: value for name, value in chosen.items() if before[name] != value}
    for name, value in changed.items():
        MailChoice.objects.update_or_create(
            user=user, kind=name, defaults={"how": value, "chosen_at": moment}
        )
    after = {name: str(value) for name, value in changed.items()}
    if digest_at is not None:
        own = hours_of(user)
        said = (own.quiet_from, own.quiet_until, own.digest_at)
        own.quiet_from, own.quiet_until = quiet or (None, None)
        own.digest_at = digest_at
        if said != (own.quiet_from, own.quiet_until, own.digest_at):
            own.save()
            after["hours"] = [own.quiet_from, own.quiet_until, own.digest_at]
    if after:
        settle(user, moment)
        log.record("chose mails", user, by=user, after=after, moment=moment)


def settle(user: User, moment: datetime) -> None:
    """Have what waits for `user` told as they want it now; what they do not want is left out."""
    chosen = how_all(user)
    waiting = Message.objects.waiting().filter(user=user, kind__in=chosen, claimed_at=None)
    for message in waiting.order_by("pk").select_for_update():
        if chosen[message.kind] == How.NEVER:
            message.left_out_at, message.is_daily = moment, False
        else:
            told = delivery(user, chosen[message.kind], message.until, moment)
            message.is_daily = told.is_daily and message.gist is not None
            message.due_at = told.due_at
        message.save(update_fields=["left_out_at", "is_daily", "due_at"])


def left_jam(*, user: User, jam: Jam, moment: datetime) -> None:
    """Leave out what waits to tell `user` of the boundaries of a jam that they left."""
    waiting = Message.objects.waiting().filter(user=user, jam=jam, claimed_at=None)
    waiting.exclude(boundary="").update(left_out_at=moment, is_daily=False)


def stop(*, user: User, kind: str, moment: datetime) -> None:
    """Have `user` get no more mails of `kind`; of the digest, of all kinds that come in it."""
    names = [kind]
    if kind == DIGEST.name:
        names = [name for name, value in how_all(user).items() if value == How.DAILY]
    choose(user=user, chosen=dict.fromkeys(names, How.NEVER), moment=moment)


def stopping_path(user: User, kind: str) -> str:
    """The address that stops mails of this kind to `user`, without signing in."""
    return reverse("jam:stop_mails", args=[_signer.sign(f"{user.pk}:{kind}")])


def stopping(token: str) -> tuple[User, MailKind] | None:
    """Whom, and what, a link of `stopping_path` is about; None if it is none of ours."""
    try:
        pk, _colon, name = _signer.unsign(token).partition(":")
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    kind = DIGEST if name == DIGEST.name else kinds().get(name)
    return (user, kind) if user and kind else None
