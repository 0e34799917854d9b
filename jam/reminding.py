"""Reminding participants that their jam starts: a day before, and when it does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from jam import outbox, telling, timeline
from jam.languages import gettext_later as _
from jam.models import Jam, Participation, User

KIND = "starts"
# How long before it, and for how long after it, the start is news.
BEFORE = timedelta(hours=24)
AFTER = timedelta(hours=6)


def near_start(moment: datetime) -> QuerySet[Jam]:
    """Published jams of whose start people may have to be told."""
    return Jam.objects.published().filter(
        timeline.reached("starts_at", moment, after=-BEFORE),
        ~timeline.reached("starts_at", moment, after=AFTER),
        timeline.happens_here("starts_at"),
    )


def remind(jam: Jam, moment: datetime) -> int:
    """Mail those who take part once before the start and once at it; how many mails. A start that
    was moved is a new one."""
    if moment in timeline.before_start(jam, BEFORE):
        return _tell(jam, "soon", jam.starts_at - BEFORE, jam.starts_at, _soon, moment)
    if moment in timeline.after_start(jam, AFTER):
        return _tell(jam, "now", jam.starts_at, jam.submissions_close_at, _now, moment)
    return 0


def _tell(
    jam: Jam, name: str, since: datetime, until: datetime, words: Any, moment: datetime
) -> int:
    # Who joins while it is told has just seen it on the page.
    joined = Participation.objects.active().filter(jam=jam).filter(
        timeline.reached("joined_at", since)
    )  # fmt: skip
    return telling.tell(
        User.objects.filter(pk__in=joined.values("user")),
        key=f"starts:{jam.pk}:{name}:{jam.starts_at:%Y-%m-%d %H:%M}",
        kind=KIND,
        moment=moment,
        write=lambda user: {
            "jam": jam,
            "boundary": "starts_at",
            "until": until,
            "action_label": _("Open the jam"),
            "action_path": jam.get_absolute_url(),
            **words(jam, user),
        },
    )


def _soon(jam: Jam, user: User) -> dict[str, Any]:
    return {
        "subject": _("%(jam)s starts soon") % {"jam": jam.title},
        "paragraphs": [
            _("It begins on %(when)s.") % {"when": outbox.tell(jam.starts_at, user.time_zone)},
            _("Until then you can look at the schedule, choose a local site, and find an idea or "
              "a team."),
        ],
    }  # fmt: skip


def _now(jam: Jam, user: User) -> dict[str, Any]:
    closes = outbox.tell(jam.submissions_close_at, user.time_zone)
    return {
        "subject": _("%(jam)s has begun") % {"jam": jam.title},
        "paragraphs": [
            _("From now on you can start a submission, alone or with others."),
            _("Submissions close on %(when)s.") % {"when": closes},
        ],
    }
