"""How a jam grew beside those before it: what came in each day or hour, told from one of its
instants, so that jams of different dates lie over each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Value
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


@dataclass(frozen=True)
class Growing:
    """What is drawn over time: the `rows` that came at the instant in their `field`; `path` leads
    from a row to its jam."""

    name: str
    title: Any
    rows: QuerySet
    path: str
    field: str
    clock: Clock


def earlier_jams(jam: Jam, user: Any) -> list[Jam]:
    """The last jams that `user` organized before `jam`, the latest first."""
    before = Jam.objects.published().filter(organizers=user, starts_at__lt=jam.starts_at)
    return list(before.order_by("-starts_at")[:MOST_EARLIER])


def drawn(
    growing: Sequence[Growing], jam: Jam, earlier: Sequence[Jam], moment: datetime
) -> list[charts.Lines]:
    """What grows in `jam`, beside those before it, in one statement for all of it; nothing of what
    begins only after `moment`."""
    begun = [one for one in growing if one.clock.x_of(jam, moment) >= one.clock.first]
    jams = {one.pk: one for one in (jam, *earlier)}
    counts: dict[str, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for name, pk, at, count in _counted(begun, jams):
        clock = next(one.clock for one in begun if one.name == name)
        own = counts[name][pk]
        x = clock.x_of(jams[pk], at)
        own[x] = own.get(x, 0) + count
    return [_drawn(one, jam, jams, counts[one.name], moment) for one in begun]


def _counted(growing: Sequence[Growing], jams: Mapping[int, Jam]) -> list[tuple]:
    """How many rows came when: of what, in which jam, at which hour or day."""
    asked = []
    for one in growing:
        came = TRUNCATED[one.clock.unit](one.field, tzinfo=UTC)
        rows = one.rows.filter(**{f"{one.path}__in": jams}).order_by()
        asked.append(rows.values_list(Value(one.name), one.path, came).annotate(n=Count("pk")))
    return list(asked[0].union(*asked[1:], all=True)) if asked else []


def _drawn(
    one: Growing,
    jam: Jam,
    jams: Mapping[int, Jam],
    counts: Mapping[int, Mapping[int, int]],
    moment: datetime,
) -> charts.Lines:
    clock = one.clock
    now = min(clock.x_of(jam, moment), clock.last)
    growths = [
        charts.growth(
            str(each), counts.get(pk, {}), clock.first, now if each is jam else clock.last
        )
        for pk, each in jams.items()
    ]
    ends = {"first": clock.first, "last": clock.last, "head": clock.head}
    return charts.lines(one.name, one.title, growths, **ends, summary=summary(growths, now))


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
