"""Telling people that what they wanted to come to was moved, cancelled or brought back.

The changes of some minutes go into one notice, which a sweep mails to everybody concerned who
wants such mails. What is told is how things stand by then: what was moved there and back again in
these minutes is no news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jam import choices, outbox, timeline
from jam.models import Jam, Message, ScheduleItem, User
from jam.models.schedule import Change
from jam.timeline import Window

KIND = "schedule"
# A notice waits so long for more changes to come, and no longer than the second.
GATHERING = timedelta(minutes=5)
GATHERING_AT_MOST = timedelta(minutes=20)
# How many mails one transaction writes, and one sweep at most.
CHUNK = 200
MOST_A_SWEEP = 2_000


@dataclass(frozen=True)
class News:
    """What became of one thing in a schedule; `subject` and `sentence` are patterns for it."""

    subject: Any
    sentence: Any
    title: str
    now: datetime
    before: datetime
    reason: str = ""

    def told(self, zone: str) -> str:
        """The sentence, with its times in `zone`."""
        return str(self.sentence) % {
            "title": self.title,
            "now": outbox.tell(self.now, zone),
            "before": outbox.tell(self.before, zone),
            "reason": self.reason,
        }


MOVED = (
    gettext_lazy("Moved: %(title)s"),
    gettext_lazy("“%(title)s” now begins %(now)s. Before, it was to begin %(before)s."),
)
BOUNDARY_MOVED = (
    gettext_lazy("Moved: %(title)s"),
    gettext_lazy("“%(title)s” is now %(now)s. Before, it was %(before)s."),
)
END_MOVED = (
    gettext_lazy("Moved: the end of %(title)s"),
    gettext_lazy("“%(title)s” now ends %(now)s. Before, it was to end %(before)s."),
)
NO_END = (
    gettext_lazy("Moved: the end of %(title)s"),
    gettext_lazy("“%(title)s”, which begins %(now)s, has no fixed end any more."),
)
ELSEWHERE = (
    gettext_lazy("Another place: %(title)s"),
    gettext_lazy("“%(title)s”, which begins %(now)s, takes place here now: %(reason)s"),
)
CANCELLED = (
    gettext_lazy("Cancelled: %(title)s"),
    gettext_lazy(
        "“%(title)s”, which was to begin %(before)s, is cancelled. The reason: %(reason)s"
    ),
)
BACK = (
    gettext_lazy("Not cancelled any more: %(title)s"),
    gettext_lazy("“%(title)s” takes place after all. It begins %(now)s."),
)


def news_of(first: Change) -> list[News]:
    """What is to be told of the subject of `first`, its first change of a notice, as it stands
    now; nothing if it was over already."""
    if not (item := first.item):
        now = getattr(first.jam, first.boundary)
        if now == first.was_at or Window(None, max(now, first.was_at)).is_over(first.made_at):
            return []
        return [News(*BOUNDARY_MOVED, first.subject, now, first.was_at)]
    was = Window(first.was_at, first.was_until or first.was_at)
    if was.is_over(first.made_at) and item.window.is_over(first.made_at):
        return []
    return _news_of_item(first, item)


def _news_of_item(first: Change, item: ScheduleItem) -> list[News]:
    title, begins = item.title, item.starts_at
    if item.is_cancelled:
        reason = item.cancel_reason
        told = News(*CANCELLED, title, begins, first.was_at, reason)
        return [] if first.was_cancelled else [told]
    news = []
    if first.was_cancelled:
        news.append(News(*BACK, title, begins, first.was_at))
    elif begins != first.was_at:
        news.append(News(*MOVED, title, begins, first.was_at))
    elif item.ends_at is None and first.was_until:
        news.append(News(*NO_END, title, begins, first.was_until))
    elif item.ends_at != first.was_until:
        news.append(News(*END_MOVED, title, item.ends_at, first.was_until or begins))
    if item.place and item.place != first.was_place:
        news.append(News(*ELSEWHERE, title, begins, first.was_at, item.place))
    return news


def participants_of(jam: Jam) -> QuerySet[User]:
    """Who is told of what changes in the schedule of `jam`."""
    return User.objects.filter(participations__jam=jam, participations__cancelled_at=None)


def tell_due(
    changes: type[Change], people: Callable[[Any], QuerySet[User]], moment: datetime
) -> int:
    """Mail what has been changed, once to each of the `people` of its jam or local site who want
    such mails; how many mails were written. Interrupted anywhere, the next call goes on."""
    _gather(changes, moment)
    written = 0
    untold = changes.objects.filter(notice__isnull=False, told_at=None).order_by("notice")
    for notice in list(untold.values_list("notice", flat=True).distinct()):
        written += _tell(changes, people, notice, MOST_A_SWEEP - written, moment)
        if written >= MOST_A_SWEEP:
            break
    return written


def _gather(changes: type[Change], moment: datetime) -> None:
    """Put what nobody has added to for some minutes into one notice for each owner."""
    loose = changes.objects.filter(notice=None).order_by()
    groups = loose.values(changes.owner_field).annotate(
        first=Min("made_at"), last=Max("made_at"), newest=Max("pk")
    )
    ripe = timeline.reached("last", moment, after=GATHERING)
    ripe |= timeline.reached("first", moment, after=GATHERING_AT_MOST)
    for group in groups.filter(ripe):
        own = {changes.owner_field: group[changes.owner_field]}
        loose.filter(**own, pk__lte=group["newest"]).update(notice=group["newest"])


def _tell(
    changes: type[Change],
    people: Callable[[Any], QuerySet[User]],
    notice: int,
    most: int,
    moment: datetime,
) -> int:
    rows = list(
        changes.objects.filter(notice=notice)
        .select_related("item", changes.owner_field)
        .order_by("pk")
    )
    owner = getattr(rows[0], changes.owner_field)
    for row in rows:
        # One object for all, and no statement for each.
        setattr(row.item or row, changes.owner_field, owner)
    news = [piece for first in _firsts(rows) for piece in news_of(first)]
    key = f"{KIND}:{changes._meta.model_name}:{notice}"
    written_to = Message.objects.filter(key=key, user=OuterRef("pk"))
    waiting = people(owner).filter(choices.wanted(KIND, "pk"), ~Exists(written_to), is_active=True)
    written = last = 0
    while news and (chunk := list(waiting.filter(pk__gt=last).order_by("pk")[:CHUNK])):
        if written >= most:
            return written
        with transaction.atomic():
            for user in chunk:
                _write(owner, news, user, key, moment)
        written, last = written + len(chunk), chunk[-1].pk
    changes.objects.filter(notice=notice).update(told_at=moment)
    return written


def _firsts(rows: Iterable[Change]) -> list[Change]:
    """Of the changes of each subject the first, which knows how it stood before all of them."""
    firsts: dict[str, Change] = {}
    for row in rows:
        firsts.setdefault(row.of, row)
    return list(firsts.values())


def _write(owner: Any, news: list[News], user: User, key: str, moment: datetime) -> None:
    [first, *more] = news
    with outbox.spoken_to(user):
        if more:
            subject = _("The schedule of %(title)s has changed") % {"title": owner}
        else:
            subject = str(first.subject) % {"title": first.title}
        outbox.post(
            user=user,
            key=key,
            kind=KIND,
            jam=owner if isinstance(owner, Jam) else owner.jam,
            subject=subject,
            paragraphs=[piece.told(user.time_zone) for piece in news],
            action_label=_("See the schedule"),
            action_path=owner.schedule_path,
            footer=_("Calendars that subscribe to the schedule follow by themselves."),
            # Whoever gathers mails for once a day hears of it sooner if it would be too late then.
            until=max(max(piece.now, piece.before) for piece in news),
            moment=moment,
        )
