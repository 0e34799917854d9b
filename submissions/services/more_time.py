"""Asking for more time, and declining it; giving it is in `organizing`."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from jam import log, outbox
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import User
from submissions.models import Submission, TimeRequest
from submissions.permissions import ask_time_refusal, decline_time_refusal
from submissions.services.teams import locked, tell_team


@transaction.atomic
def ask_time(*, submission: Submission, by: User, text: str, moment: datetime) -> TimeRequest:
    """Ask the organizers for more time, who are told. Raises Refused."""
    submission = locked(submission)
    has_asked = submission.time_requests.open().exists()
    refuse(ask_time_refusal(by, submission, has_asked, text, moment))
    jam, text = submission.jam, text.strip()
    made = submission.time_requests.create(by=by, text=text, asked_at=moment)
    # Not why, which may be about health: the log outlives an account.
    log.record("asked for more time", submission, by=by, jam=jam, moment=moment)
    for organizer in jam.organizers.filter(is_active=True).order_by("pk"):
        outbox.post(
            user=organizer,
            key=f"asks-for-time:{made.pk}",
            jam=jam,
            subject=_("“%(title)s” asks for more time") % {"title": submission},
            paragraphs=[_("Their reason:"), text],
            action_label=_("Give it, or decline"),
            action_path=reverse("submissions:organize", args=[jam.slug, submission.pk]),
            moment=moment,
        )
    return made


@transaction.atomic
def decline_time(*, submission: Submission, by: User, reason: str, moment: datetime) -> None:
    """Give the team no more time; it is told why, and may ask once more. Raises Refused."""
    submission = locked(submission)
    asked = submission.time_requests.open().first()
    refuse(decline_time_refusal(by, submission, asked is not None, reason))
    asked.settled_at, asked.settled_by, asked.declined_because = moment, by, reason.strip()
    asked.save(update_fields=["settled_at", "settled_by", "declined_because"])
    log.record("declined more time", submission, by=by, jam=submission.jam, reason=reason.strip(),
               moment=moment)  # fmt: skip
    tell_team(
        submission,
        key=f"time-declined:{asked.pk}",
        subject=_("No more time for “%(title)s”") % {"title": submission},
        text=_("The organizers do not give you more time. Their reason:") + "\n" + reason.strip(),
        moment=moment,
    )
