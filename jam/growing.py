"""How a jam grew beside those before it: what came in each day or hour, told from one of its
instants, so that jams of different dates lie over each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDay, TruncHour
from django.utils.translation import gettext as _

from jam import charts
from jam.models import Jam

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TRUNCATED = {DAY: TruncDay, HOUR: TruncHour}
# Compared with.
MOST_EARLIER = len(charts.DASHES) - 1


@dataclass(frozen=True)
class Clock:
    """How time is told: in `unit`s from the instant in the field `zero` of a jam, which `head` says
    in words; from `first` to `last`, which are those of the jam that is looked at."""

    zero: str
    unit: timedelta
    first: int
    last: int
    head: Any

    def x_of(self, jam: Jam, at: datetime) -> int:
        return (at - getattr(jam, self.zero)) // self.unit


def earlier_jams(jam: Jam, user: Any) -> list[Jam]:
    """The last jams that `user` organized before `jam`, the latest first."""
    before = Jam.objects.published().filter(organizers=user, starts_at__lt=jam.starts_at)
    return list(before.order_by("-starts_at")[:MOST_EARLIER])


def drawn(
    name: str,
    title: Any,
    rows: QuerySet,
    *,
    jam: Jam,
    earlier: list[Jam],
    path: str,
    field: str,
    clock: Clock,
    moment: datetime,
) -> charts.Lines | None:
    """The rows of `jam` and of those before it, over time, in one statement; None before the time
    that is drawn begins. `path` leads from a row to its jam, `field` holds when it came."""
    now = min(clock.x_of(jam, moment), clock.last)
    if now < clock.first:
        return None
    jams = {one.pk: one for one in (jam, *earlier)}
    came = TRUNCATED[clock.unit](field, tzinfo=UTC)
    counted = rows.filter(**{f"{path}__in": jams}).order_by().values_list(path, came)
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for pk, at, count in counted.annotate(n=Count("pk")):
        counts[pk][clock.x_of(jams[pk], at)] += count
    growths = [
        charts.growth(str(one), counts[pk], clock.first, now if one is jam else clock.last)
        for pk, one in jams.items()
    ]
    ends = {"first": clock.first, "last": clock.last, "head": clock.head}
    return charts.lines(name, title, growths, **ends, summary=summary(growths, now))


def summary(growths: list[charts.Growth], now: int) -> str:
    """Where the jam stands, beside where the latest one before it stood then."""
    own, *others = growths
    said = _("%(n)s so far.") % {"n": own.last}
    if others:
        said += " " + _("At this point “%(jam)s” had %(n)s.") % {
            "jam": others[0].label,
            "n": others[0].at(now),
        }
    return said
