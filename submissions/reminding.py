"""Telling people, a day and an hour before the deadline, what is still to do: teams what their
drafts lack, and a day before it also those who have not begun."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from jam import log, outbox, telling, timeline
from jam.languages import gettext_later as _
from jam.languages import ngettext_later as ngettext
from jam.models import Act, Jam, Message, Participation, User
from submissions.checklist import Item, missing_from
from submissions.models import Contributor, Submission

KIND = "deadline"
BEFORE = (timedelta(hours=24), timedelta(hours=1))
LACKING, NOT_BEGUN = "lacking", "not-begun"


def remind(jam: Jam, moment: datetime) -> int:
    """Mail the teams of drafts that lack something, once for each of `BEFORE`; how many drafts.

    A line in the log says that all were told. A run that dies before it begins anew, and writes no
    mail twice.
    """
    before = timeline.reached_before_deadline(jam, moment, BEFORE)
    if before is None:
        return 0
    # What comes a day before is of use until the reminder of the last hour.
    later = [lead for lead in BEFORE if lead < before]
    until = jam.submissions_close_at - (later[0] if later else timedelta(0))
    hours = int(before.total_seconds() // 3600)
    # A deadline that was moved is a new one.
    verb = f"reminded {hours} h before {jam.submissions_close_at:%Y-%m-%d %H:%M}"
    if Act.objects.filter(jam=jam, verb=verb).exists():
        return 0
    drafts = Submission.objects.with_content().filter(
        jam=jam,
        withdrawn_at=None,
        disqualified_at=None,
        created_at__lt=jam.submissions_close_at - before,
    )
    lacking = 0
    for submission in drafts.iterator(chunk_size=500):
        if missing_from(submission):
            lacking += 1
            _tell(submission, f"{LACKING}:{submission.pk}:{verb}", until, moment)
    log.record(verb, jam, by=None, jam=jam, after={"drafts": lacking}, moment=moment)
    return lacking


def _tell(submission: Submission, key: str, until: datetime, moment: datetime) -> None:
    jam = submission.jam
    missing = missing_from(submission)
    for contributor in submission.contributors.select_related("user__mail_hours"):
        outbox.post(
            user=contributor.user,
            key=key,
            kind=KIND,
            jam=jam,
            boundary="submissions_close_at",
            until=until,
            moment=moment,
            **_lacking(submission, missing, contributor.user),
        )


def _lacking(submission: Submission, missing: list[Item], user: User) -> dict[str, Any]:
    jam = submission.jam
    lacking = _("Still missing:")
    for item in missing:
        lacking = lacking + "\n– " + item.label
    return {
        "subject": ngettext(
            "One thing is missing from “%(title)s”",
            "%(n)s things are missing from “%(title)s”",
            len(missing),
        )
        % {"n": len(missing), "title": submission},
        "paragraphs": [
            _("Submissions close on %(when)s.")
            % {"when": outbox.tell(jam.submissions_close_at, user.time_zone)},
            lacking,
            _("A draft that is complete by then counts as handed in, without a click. One that "
              "is not does not, save what you handed in before."),
        ],
        "action_label": _("Go on writing"),
        "action_path": f"/jams/{jam.slug}/submissions/{submission.pk}/edit/",
    }  # fmt: skip


def remind_idle(jam: Jam, moment: datetime) -> int:
    """Mail those who take part and have not begun, once, a day before the deadline; how many. An
    hour before it there is nothing to be begun any more, and who joined since then knows."""
    before = timeline.reached_before_deadline(jam, moment, BEFORE)
    if before != BEFORE[0]:
        return 0
    joined = Participation.objects.active().filter(jam=jam).filter(
        timeline.reached("joined_at", jam.submissions_close_at, after=before)
    )  # fmt: skip
    idle = User.objects.filter(pk__in=joined.values("user")).exclude(pk__in=_has_begun(jam))
    close = jam.submissions_close_at
    return telling.tell(
        idle,
        key=f"{NOT_BEGUN}:{jam.pk}:{close:%Y-%m-%d %H:%M}",
        kind=KIND,
        moment=moment,
        write=lambda user: {
            "jam": jam,
            "boundary": "submissions_close_at",
            "until": close - BEFORE[1],
            "subject": _("You have not begun, and %(jam)s closes soon")
            % {"jam": jam.title},
            "paragraphs": [
                _("Submissions close on %(when)s.") % {"when": outbox.tell(close, user.time_zone)},
                _("There is time for something small: a title, an abstract, a licence and a page "
                  "of what you found make a submission. Or join a team that is at it."),
                _("If you make nothing this time, you need not do anything."),
            ],
            "action_label": _("Begin, or find a team"),
            "action_path": jam.get_absolute_url(),
        },
    )  # fmt: skip


def _has_begun(jam: Jam) -> QuerySet:
    """Who is on a team, also of what was disqualified; not of what was withdrawn."""
    return Contributor.objects.filter(
        submission__jam=jam, submission__withdrawn_at=None, user__isnull=False
    ).values("user")


def still_holds(message: Message) -> bool:
    """Whether a reminder that has waited is still to be sent; one of a draft that lacks something
    else by now says that."""
    what, _colon, rest = message.key.partition(":")
    if message.kind != KIND:
        return True
    if what == NOT_BEGUN:
        return message.jam is not None and not _has_begun(message.jam).filter(
            user=message.user
        ).exists()  # fmt: skip
    mine = Submission.objects.with_content().filter(
        Exists(Contributor.objects.filter(submission=OuterRef("pk"), user=message.user)),
        pk=int(rest.partition(":")[0]),
        withdrawn_at=None,
        disqualified_at=None,
    )
    submission = mine.first()
    missing = missing_from(submission) if submission else []
    if not missing:
        return False
    words = _lacking(submission, missing, message.user)
    if outbox.letter_to(message.user, **words).gist != message.gist:
        outbox.reword(message, **words)
    return True
