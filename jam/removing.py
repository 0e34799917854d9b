"""What organizers do about one person of their jam: out of it, kept out of it, let in again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from jam import log, outbox, services
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Ban, Jam, Participation, User
from jam.permissions import ban_refusal, lift_refusal, remove_refusal


@transaction.atomic
def remove(*, jam: Jam, user: User, by: User, reason: str, moment: datetime) -> Participation:
    """End the taking part of `user`, who is told why and may join again. What their place and
    their teams were is not given back. Raises Refused."""
    participation = services.participation_for_update(jam, user)
    refuse(remove_refusal(by, jam, participation, reason))
    services.end(participation, by=by, moment=moment)
    log.record(
        "removed", participation, by=by, jam=jam, reason=reason.strip(), moment=moment
    )  # fmt: skip
    _tell(
        jam,
        user,
        f"removed:{participation.pk}:{moment.isoformat()}",
        _("You no longer take part in %(jam)s") % {"jam": jam},
        [_("The organizers took you out of this jam. Their reason:"), reason.strip()],
        moment,
    )
    return participation


@transaction.atomic
def ban(*, jam: Jam, user: User, by: User, reason: str, moment: datetime) -> Ban:
    """Have `user` neither take part in `jam` nor join it again, rate or comment there, until that
    is lifted; they are told why. Raises Refused."""
    # Of a ban and a joining at the same time, the later one sees the other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    participation = services.participation_for_update(jam, user)
    is_banned = Ban.objects.in_force().filter(jam=jam, user=user).exists()
    refuse(ban_refusal(by, jam, user, is_banned, reason))
    made = Ban.objects.create(jam=jam, user=user, by=by, reason=reason.strip(), made_at=moment)
    if participation is not None and participation.is_active:
        services.end(participation, by=by, moment=moment)
    log.record("banned", made, by=by, jam=jam, reason=reason.strip(), moment=moment)
    _tell(
        jam,
        user,
        f"banned:{made.pk}",
        _("You cannot take part in %(jam)s") % {"jam": jam},
        [_("The organizers keep you out of this jam. Their reason:"), made.reason],
        moment,
    )
    return made


@transaction.atomic
def lift(*, jam: Jam, user: User, by: User, moment: datetime) -> None:
    """Let `user` take part again, who is told. Raises Refused."""
    found = Ban.objects.in_force().filter(jam=jam, user=user).select_for_update().first()
    refuse(lift_refusal(by, jam, found is not None))
    found.lifted_at, found.lifted_by = moment, by
    found.save(update_fields=["lifted_at", "lifted_by"])
    log.record(
        "lifted a ban", found, by=by, jam=jam, before={"reason": found.reason}, moment=moment
    )  # fmt: skip
    outbox.post(
        user=user,
        key=f"ban-lifted:{found.pk}",
        jam=jam,
        subject=_("You may take part in %(jam)s again") % {"jam": jam},
        paragraphs=[_("The organizers let you in again.")],
        action_label=_("See the jam"),
        action_path=jam.get_absolute_url(),
        moment=moment,
    )


def _tell(
    jam: Jam, user: User, key: str, subject: Any, paragraphs: list[Any], moment: datetime
) -> None:
    outbox.post(
        user=user,
        key=key,
        jam=jam,
        subject=subject,
        paragraphs=[*paragraphs, _("If you think that this is wrong, write to them.")],
        action_label=_("Write to the organizers"),
        action_path=f"{jam.get_absolute_url()}reports/new/",
        moment=moment,
    )
