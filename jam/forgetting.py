"""What is kept of people in a jam, for how long, and forgetting it when its time has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import caching, log, meanwhile, parts, timeline
from jam.errors import refuse
from jam.meanwhile import Seen
from jam.models import Jam, Retention, RoleInvitation, User
from jam.models.retention import MOST_DAYS
from jam.roles import Right, may
from jam.trust import Kept, Period


class RetentionRefusal(TextChoices):
    """Why somebody may not change for how long a jam keeps something."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may change that.")
    BAD_DAYS = "bad_days", _("Write a number of days from 1 to 3650.")
    PROMISED = (
        "promised",
        _("The jam is published, and people were promised less. It can only become shorter."),
    )


@dataclass(frozen=True)
class Told:
    """Something that is kept, for the page that says so: `until` is when it is forgotten."""

    kept: Kept
    days: int | None
    until: datetime | None


def told(jam: Jam) -> list[Told]:
    """All that is kept of people in `jam`, what is forgotten first."""
    retention = Retention.of(jam)
    found = []
    for each in (kept for part in parts.all_parts() for kept in part.kept()):
        days = retention.days(each.until) if each.until else None
        until = timeline.forgetting_at(jam, days) if days else None
        found.append(Told(each, days, until))
    return sorted(found, key=lambda told: told.days or MOST_DAYS + 1)


def retention_refusal(user: Any, jam: Jam) -> RetentionRefusal | None:
    """Why `user` may not change any period of `jam`."""
    return None if may(user, jam, Right.SET_UP) else RetentionRefusal.NOT_ORGANIZER


def change_refusal(
    user: Any, jam: Jam, before: dict[str, int], days: dict[str, int]
) -> RetentionRefusal | None:
    """Why `user` may not have `jam` keep things for so many `days`, by period. What people were
    told when they joined may become less, never more."""
    if refusal := retention_refusal(user, jam):
        return refusal
    if not all(1 <= n <= MOST_DAYS for n in days.values()):
        return RetentionRefusal.BAD_DAYS
    is_longer = any(days[period] > before[period] for period in days)
    return RetentionRefusal.PROMISED if jam.is_published and is_longer else None


@transaction.atomic
def change(
    *, jam: Jam, by: User, days: dict[str, int], seen: Seen | None = None, moment: datetime
) -> None:
    """Keep things for so many `days` after the results, by period. Raises Refused, and Changed
    unless the periods are as they were `seen`."""
    jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    retention = Retention.of(jam)
    before = {period.value: retention.days(period) for period in Period}
    changed = {period: n for period, n in days.items() if n != before[period]}
    refuse(retention_refusal(by, jam))
    if changed:
        # What is longer than was promised meanwhile was not typed to be.
        meanwhile.check(seen, before)
    refuse(change_refusal(by, jam, before, days))
    if not changed:
        return
    for period, n in changed.items():
        setattr(retention, period, n)
    retention.save()
    caching.forget()
    log.record("changed how long is kept", jam, by=by, jam=jam, moment=moment,
               before={period: before[period] for period in changed}, after=changed)  # fmt: skip


def forget_due(moment: datetime) -> int:
    """Forget what is due in every jam, and say so in its log; how many rows. Running it again, or
    after a run that died, forgets what is left."""
    RoleInvitation.objects.filter(timeline.reached("expires_at", moment)).delete()
    # The shortest period is a day.
    over = Jam.objects.filter(timeline.reached("results_at", moment, after=timeline.days(1)))
    found = 0
    for jam in over.select_related("retention").order_by("pk"):
        retention = Retention.of(jam)
        for period in Period:
            if timeline.forget_due(jam, retention.days(period), moment):
                found += forget(jam, period, moment)
    return found


def forget_overdue(jam: Jam, moment: datetime) -> None:
    """Forget what is due in `jam` though no sweep came: whoever would read it comes too late."""
    # The shortest period is a day: before that nobody asks which ones the jam has.
    if not timeline.forget_due(jam, 1, moment):
        return

    def forgotten() -> int | None:
        """After how many days there is more to forget."""
        retention = Retention.of(jam)
        ahead = []
        for period in Period:
            if timeline.forget_due(jam, days := retention.days(period), moment):
                forget(jam, period, moment)
            else:
                ahead.append(days)
        return min(ahead, default=None)

    ahead = caching.kept(jam, "forgotten", forgotten)
    if ahead is not None and timeline.forget_due(jam, ahead, moment):
        forgotten()


@transaction.atomic
def forget(jam: Jam, period: Period, moment: datetime) -> int:
    """Forget what has reached the end of `period`; how many rows. Where there was nothing, the log
    says nothing."""
    rows = sum(part.forget(jam, period, moment) for part in parts.all_parts())
    if rows:
        caching.forget()
        log.record("forgot", jam, by=None, jam=jam, moment=moment,
                   after={"what": period.value, "rows": rows})  # fmt: skip
    return rows
