"""Why a person may not do something with a submission: a named refusal, or None."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Jam, Participation
from submissions.checklist import missing_from
from submissions.models import Submission, SubmissionRules


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
    IN_RATING = "in_rating", _("It is in and being rated, so it does not change any more.")
    WITHDRAWN = "withdrawn", _("This submission was withdrawn.")
    DISQUALIFIED = "disqualified", _("This submission was disqualified.")
    INCOMPLETE = "incomplete", _("Something is still missing. See the checklist.")


class TeamRefusal(TextChoices):
    """Why someone may not join or leave a team."""

    ALREADY_IN = "already_in", _("You are on this team already.")
    FULL = "full", _("This team is full.")
    CLOSED = "closed", _("Submissions have closed, so teams cannot change any more.")
    WITHDRAWN = "withdrawn", _("This submission was withdrawn.")
    NOT_TEAM = "not_team", _("You are not on this team.")
    LAST_ONE = "last_one", _("You are the last one on this team. Withdraw the submission instead.")


class WithdrawRefusal(TextChoices):
    """Why someone may not withdraw a submission."""

    NOT_TEAM = "not_team", _("Only this submission's team may do that.")
    ALREADY = "already", _("This submission was withdrawn already.")
    RESULTS_OUT = "results_out", _("The results are out. They do not change any more.")


class OrganizerRefusal(TextChoices):
    """Why someone may not disqualify or reinstate a submission, or give it more time."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may do that.")
    NO_REASON = "no_reason", _("Say why: the team is told.")
    NOTHING_TO_DO = "nothing_to_do", _("It is so already.")
    WITHDRAWN = "withdrawn", _("This submission was withdrawn.")
    IN_RATING = "in_rating", _("It is in and being rated, so it needs no more time.")
    BAD_TIME = (
        "bad_time",
        _("Choose a time that is still to come, after the deadline and before rating closes."),
    )


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
    """Why `user` may not change the draft."""
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
    until = submission.granted_until
    if until is None:
        return DraftRefusal.CLOSED
    if timeline.late_window(submission.jam, until).is_over(moment):
        return DraftRefusal.GRANT_OVER
    if not submission.is_jam_closed:
        # What there was at the deadline is yet to be kept.
        return DraftRefusal.CLOSING
    if is_in_rating(submission, moment):
        return DraftRefusal.IN_RATING
    return None


def is_in_rating(submission: Submission, moment: datetime) -> bool:
    """Whether `submission` is frozen and rating has opened, so that nothing replaces it."""
    return submission.is_frozen and not submission.jam.rating_window.is_before(moment)


def hand_in_refusal(user: Any, submission: Submission, moment: datetime) -> DraftRefusal | None:
    """Why `user` may not hand the submission in; it is to be fetched by `with_checklist`."""
    refusal = edit_refusal(user, submission, moment)
    if refusal is None and missing_from(submission):
        return DraftRefusal.INCOMPLETE
    return refusal


def join_team_refusal(user: Any, submission: Submission, moment: datetime) -> TeamRefusal | None:
    """Why `user`, who holds the invitation, may not join the team."""
    if is_on_team(user, submission):
        return TeamRefusal.ALREADY_IN
    if submission.withdrawn_at is not None:
        return TeamRefusal.WITHDRAWN
    if moment not in submission.jam.making_window or submission.is_frozen:
        return TeamRefusal.CLOSED
    if len(submission.contributors.all()) >= SubmissionRules.of(submission.jam).team_size:
        return TeamRefusal.FULL
    return None


def leave_team_refusal(user: Any, submission: Submission, moment: datetime) -> TeamRefusal | None:
    """Why `user` may not leave the team."""
    if not is_on_team(user, submission):
        return TeamRefusal.NOT_TEAM
    if moment not in submission.jam.making_window or submission.is_frozen:
        return TeamRefusal.CLOSED
    if len(submission.contributors.all()) == 1:
        return TeamRefusal.LAST_ONE
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


def grant_refusal(
    user: Any, submission: Submission, expires_at: datetime, reason: str, moment: datetime
) -> OrganizerRefusal | None:
    """Why `user` may not give the submission time until `expires_at`."""
    if not submission.jam.is_organized_by(user):
        return OrganizerRefusal.NOT_ORGANIZER
    if submission.withdrawn_at is not None or submission.disqualified_at is not None:
        return OrganizerRefusal.WITHDRAWN
    if is_in_rating(submission, moment):
        return OrganizerRefusal.IN_RATING
    if expires_at not in timeline.granting_window(submission.jam, moment):
        return OrganizerRefusal.BAD_TIME
    return None if reason.strip() else OrganizerRefusal.NO_REASON


def revoke_refusal(user: Any, submission: Submission) -> OrganizerRefusal | None:
    """Why `user` may not take back the time that was given to the submission."""
    if not submission.jam.is_organized_by(user):
        return OrganizerRefusal.NOT_ORGANIZER
    return OrganizerRefusal.NOTHING_TO_DO if submission.granted_until is None else None


def disqualify_refusal(user: Any, submission: Submission, reason: str) -> OrganizerRefusal | None:
    """Why `user` may not disqualify the submission for `reason`."""
    if not submission.jam.is_organized_by(user):
        return OrganizerRefusal.NOT_ORGANIZER
    if submission.disqualified_at is not None:
        return OrganizerRefusal.NOTHING_TO_DO
    return None if reason.strip() else OrganizerRefusal.NO_REASON


def reinstate_refusal(user: Any, submission: Submission) -> OrganizerRefusal | None:
    """Why `user` may not reinstate the submission."""
    if not submission.jam.is_organized_by(user):
        return OrganizerRefusal.NOT_ORGANIZER
    return OrganizerRefusal.NOTHING_TO_DO if submission.disqualified_at is None else None
