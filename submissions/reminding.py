"""Telling teams, a day and an hour before the deadline, what their drafts still lack."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam import log, outbox, timeline
from jam.models import Act, Jam
from submissions.checklist import missing_from
from submissions.models import Submission

BEFORE = (timedelta(hours=24), timedelta(hours=1))


def remind(jam: Jam, moment: datetime) -> int:
    """Mail the teams of drafts that lack something, once for each of `BEFORE`; how many drafts.

    A line in the log says that all were told. A run that dies before it begins anew, and writes no
    mail twice.
    """
    before = timeline.reached_before_deadline(jam, moment, BEFORE)
    if before is None:
        return 0
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
            _tell(submission, f"lacking:{submission.pk}:{verb}", moment)
    log.record(verb, jam, by=None, jam=jam, after={"drafts": lacking}, moment=moment)
    return lacking


def _tell(submission: Submission, key: str, moment: datetime) -> None:
    jam = submission.jam
    missing = missing_from(submission)
    for contributor in submission.contributors.all():
        outbox.post(
            user=contributor.user,
            key=key,
            jam=jam,
            subject=ngettext(
                "One thing is missing from “%(title)s”",
                "%(n)s things are missing from “%(title)s”",
                len(missing),
            )
            % {"n": len(missing), "title": submission},
            paragraphs=[
                _("Submissions close on %(when)s.")
                % {"when": outbox.tell(jam.submissions_close_at, contributor.user.time_zone)},
                _("Still missing:") + "".join(f"\n– {item.label}" for item in missing),
                _("A draft that is complete by then counts as handed in, without a click. One that "
                  "is not does not, save what you handed in before."),
            ],
            action_label=_("Go on writing"),
            action_path=f"/jams/{jam.slug}/submissions/{submission.pk}/edit/",
            moment=moment,
        )  # fmt: skip
