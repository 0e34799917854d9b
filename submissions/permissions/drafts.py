"""Why a person may not write, hand in or withdraw a submission."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Jam, Participation
from submissions.checklist import missing_from
from submissions.models import Revision, Submission

# So many that all of them can be named on one page.
MOST_LATER = 40


class DraftRefusal(TextChoices):
    """Why someone may not start, write or hand in a submission."""

    NOT_IN = "not_in", _("Join the jam first, then start a submission.")
    NOT_TEAM = "not_team", _("Only this submission's team may do that.")
    NOT_STARTED = "not_started", _("The jam has not started yet.")
    CLOSED = "closed", _("Submissions have closed.")
    CLOSING = (
        "closing",
        _("The last submissions are being taken in. Your extra time begins in a few minutes."),
    )
    GRANT_OVER = "grant_over", _("Your extra time is over.")
    IN_RATING = (
        "in_rating",
        _("It is in and being rated, so it does not change any more. Add a later revision."),
    )
    NOT_LATER = "not_later", _("Later revisions can be added once rating has opened.")
    NO_NOTE = "no_note", _("Say in a sentence what changed: readers see it.")
    TOO_MANY = "too_many", _("There are so many later revisions already that no more are taken.")
    WITHDRAWN = "withdrawn", _("This submission was withdrawn.")
    DISQUALIFIED = "disqualified", _("This submission was disqualified.")
    INCOMPLETE = "incomplete", _("Something is still missing. See the checklist.")


class WithdrawRefusal(TextChoices):
    """Why someone may not withdraw a submission."""

    NOT_TEAM = "not_team", _("Only this submission's team may do that.")
    ALREADY = "already", _("This submission was withdrawn already.")
    RESULTS_OUT = "results_out", _("The results are out. They do not change any more.")


def is_on_team(user: Any, submission: Submission) -> bool:
    """Whether `user` is a contributor of `submission`."""
    if not user.is_authenticated:
        return False
    return any(c.user_id == user.pk for c in submission.contributors.all())


def start_refusal(
    jam: Jam, participation: Participation | None, moment: datetime
) -> DraftRefusal | None:
    """Why this participation may not start a submission."""
    if jam.making_window.is_before(moment):
        return DraftRefusal.NOT_STARTED
    if jam.making_window.is_over(moment):
        return DraftRefusal.CLOSED
    if participation is None or not participation.is_active:
        return DraftRefusal.NOT_IN
    return None


def edit_refusal(user: Any, submission: Submission, moment: datetime) -> DraftRefusal | None:
    """Why `user` may not change the draft. Once what raters see is fixed, it is what a later
    revision will be."""
    if not is_on_team(user, submission):
        return DraftRefusal.NOT_TEAM
    if submission.withdrawn_at is not None:
        return DraftRefusal.WITHDRAWN
    if submission.disqualified_at is not None:
        return DraftRefusal.DISQUALIFIED
    if submission.jam.making_window.is_before(moment):
        return DraftRefusal.NOT_STARTED
    if submission.jam.making_window.is_over(moment):
        return _late_refusal(submission, moment)
    # What arrived in time is taken, however late it is carried out, until all is frozen.
    return DraftRefusal.CLOSED if submission.is_frozen else None


def _late_refusal(submission: Submission, moment: datetime) -> DraftRefusal | None:
    """Why a draft may not be changed after the deadline."""
    if is_in_rating(submission, moment):
        return None
    until = submission.granted_until
    if until is None:
        return DraftRefusal.CLOSED
    if timeline.late_window(submission.jam, until).is_over(moment):
        return DraftRefusal.GRANT_OVER
    if not submission.is_jam_closed:
        # What there was at the deadline is yet to be kept.
        return DraftRefusal.CLOSING
    return None


def is_in_rating(submission: Submission, moment: datetime) -> bool:
    """Whether `submission` is frozen and rating has opened, so that nothing replaces it."""
    return submission.is_frozen and not submission.jam.rating_window.is_before(moment)


def hand_in_refusal(user: Any, submission: Submission, moment: datetime) -> DraftRefusal | None:
    """Why `user` may not hand the submission in; it is to be fetched by `with_checklist`."""
    if refusal := edit_refusal(user, submission, moment):
        return refusal
    if is_in_rating(submission, moment):
        return DraftRefusal.IN_RATING
    return DraftRefusal.INCOMPLETE if missing_from(submission) else None


def later_refusal(
    user: Any, submission: Submission, note: str, moment: datetime
) -> DraftRefusal | None:
    """Why `user` may not add the draft as a later revision, of which `note` says what changed."""
    if refusal := edit_refusal(user, submission, moment):
        return refusal
    if not is_in_rating(submission, moment):
        return DraftRefusal.NOT_LATER
    if missing_from(submission):
        return DraftRefusal.INCOMPLETE
    if not note.strip():
        return DraftRefusal.NO_NOTE
    if submission.revisions.filter(origin=Revision.Origin.LATER).count() >= MOST_LATER:
        return DraftRefusal.TOO_MANY
    return None


def withdraw_refusal(user: Any, submission: Submission, moment: datetime) -> WithdrawRefusal | None:
    """Why `user` may not withdraw the submission."""
    if not is_on_team(user, submission):
        return WithdrawRefusal.NOT_TEAM
    if submission.withdrawn_at is not None:
        return WithdrawRefusal.ALREADY
    if timeline.results_due(submission.jam, moment):
        return WithdrawRefusal.RESULTS_OUT
    return None
