"""Moving the instants of a jam.

What holds, by `move_refusals`:

* Of a draft anything may move anywhere within ten years: nobody has been promised anything.
* Once a jam is published, an instant that has passed stays where it was, since what was frozen
  and done by it stands; so nothing moves any more once the results are out. And none is moved to
  where it would have passed already.
* What people are at (making, rating, appealing) may end later. It ends sooner only if `NOTICE` is
  left from now on; where less was left anyway, it does not end sooner at all.
* Every move of a published jam has a reason, which the log keeps with what was before and after.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import caching, log, meanwhile, parts, scheduling, timeline
from jam.errors import refuse
from jam.meanwhile import Seen
from jam.models import Jam, User
from jam.permissions import set_up_refusal
from jam.timeline import BOUNDARIES, Window

NOTICE = timedelta(days=1)
FIELDS = tuple(boundary.field for boundary in BOUNDARIES)


class MoveRefusal(TextChoices):
    """Why an instant of a jam may not be moved."""

    PASSED = "passed", _("This has passed, and stays as it was.")
    INTO_THE_PAST = "into_the_past", _("Choose a time that is still to come.")
    TOO_SOON = (
        "too_soon",
        _("People are in the middle of it. It cannot end sooner than a day from now."),
    )
    FAR = "far", _("Choose a time within ten years: look at the year.")
    NOTHING = "nothing", _("Nothing is moved: these are the dates that the jam has.")
    NO_REASON = "no_reason", _("Say why: it is kept in the log.")


def instants(jam: Any) -> dict[str, datetime]:
    """The five instants of `jam` by field."""
    return {name: getattr(jam, name) for name in FIELDS}


def moved(jam: Jam, times: dict[str, datetime]) -> dict[str, datetime]:
    """Those of `times` that are not what `jam` has."""
    return {name: at for name, at in times.items() if at != getattr(jam, name)}


def move_refusals(jam: Jam, times: dict[str, datetime], moment: datetime) -> dict[str, MoveRefusal]:
    """Why instants of `jam` may not be moved to `times`, by field."""
    thinkable = timeline.moving_window(moment)
    moves = moved(jam, times)
    refusals = {name: MoveRefusal.FAR for name, at in moves.items() if at not in thinkable}
    if not jam.is_published:
        return refusals
    under_way = timeline.ends_what_runs(jam, moment)
    for name, at in moves.items():
        if Window(None, getattr(jam, name)).is_over(moment):
            refusals[name] = MoveRefusal.PASSED
        elif Window(None, at).is_over(moment):
            refusals[name] = MoveRefusal.INTO_THE_PAST
        elif name == under_way and timeline.is_cut_short(getattr(jam, name), at, NOTICE, moment):
            refusals[name] = MoveRefusal.TOO_SOON
    return refusals


def effects(jam: Jam, times: dict[str, datetime], moment: datetime) -> list[str]:
    """What moving instants of `jam` to `times` means, in sentences."""
    moves = moved(jam, times)
    return [sentence for part in parts.all_parts() for sentence in part.moving(jam, moves, moment)]


@transaction.atomic
def move(
    *,
    jam: Jam,
    times: dict[str, datetime],
    seen: Seen | None,
    by: User,
    reason: str,
    moment: datetime,
) -> Jam:
    """Move the instants of `jam` to `times`, which are in order; people are told as of
    any change of the schedule. Raises Refused, and Changed unless they are as they were `seen`."""
    # Nothing is frozen meanwhile: freezing takes the same lock.
    jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    refuse(set_up_refusal(by, jam))
    meanwhile.check(seen, instants(jam))
    refuse(next(iter(move_refusals(jam, times, moment).values()), None))
    moves = moved(jam, times)
    refuse(None if moves else MoveRefusal.NOTHING)
    refuse(MoveRefusal.NO_REASON if jam.is_published and not reason.strip() else None)
    before = {name: getattr(jam, name) for name in moves}
    for name, at in moves.items():
        setattr(jam, name, at)
    jam.save(update_fields=list(moves))
    caching.forget()
    scheduling.boundaries_moved(jam=jam, before=before, moment=moment)
    log.record(
        "moved dates", jam, by=by, jam=jam, reason=reason.strip(), moment=moment,
        before={name: at.isoformat() for name, at in before.items()},
        after={name: at.isoformat() for name, at in moves.items()},
    )  # fmt: skip
    return jam
