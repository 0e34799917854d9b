"""Why a team may not ask for more time, or nobody decline that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from submissions.models import Submission
from submissions.permissions.drafts import is_in_rating, is_on_team
from submissions.permissions.organizing import OrganizerRefusal


class TimeRefusal(TextChoices):
    """Why someone may not ask for more time."""

    NOT_TEAM = "not_team", _("Only this submission's team may do that.")
    OUT = "out", _("This submission was withdrawn or disqualified.")
    NOT_STARTED = "not_started", _("The jam has not started yet.")
    IN_RATING = "in_rating", _("It is in and being rated, so it needs no more time.")
    CLOSED = "closed", _("Rating has closed, so nothing can be handed in any more.")
    HAS_TIME = "has_time", _("You have more time already.")
    ASKED = "asked", _("You have asked already. The organizers have not answered yet.")
    NO_WORDS = "no_words", _("Say why: the organizers decide by it.")


def ask_time_refusal(
    user: Any, submission: Submission, has_asked: bool, text: str, moment: datetime
) -> TimeRefusal | None:
    """Why `user` may not ask for more time for the submission, fetched by `with_checklist`, of
    which is known whether an answer is due. What the person can mend comes last."""
    if not is_on_team(user, submission):
        return TimeRefusal.NOT_TEAM
    if submission.withdrawn_at is not None or submission.disqualified_at is not None:
        return TimeRefusal.OUT
    if submission.jam.making_window.is_before(moment):
        return TimeRefusal.NOT_STARTED
    if is_in_rating(submission, moment):
        return TimeRefusal.IN_RATING
    if submission.jam.rating_window.is_over(moment):
        return TimeRefusal.CLOSED
    if submission.granted_until is not None:
        return TimeRefusal.HAS_TIME
    if has_asked:
        return TimeRefusal.ASKED
    return None if text.strip() else TimeRefusal.NO_WORDS


def decline_time_refusal(
    user: Any, submission: Submission, has_asked: bool, reason: str
) -> OrganizerRefusal | None:
    """Why `user` may not decline to give the submission more time."""
    if not submission.jam.is_organized_by(user):
        return OrganizerRefusal.NOT_ORGANIZER
    if not has_asked:
        return OrganizerRefusal.NOTHING_TO_DO
    return None if reason.strip() else OrganizerRefusal.NO_REASON
