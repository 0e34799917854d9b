"""Why someone may not decide about a submission."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Jam
from submissions.models import Submission, Track
from submissions.permissions.drafts import is_in_rating


class OrganizerRefusal(TextChoices):
    """Why someone may not disqualify, reinstate or move a submission, or give it more time."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may do that.")
    NO_REASON = "no_reason", _("Say why: the team is told.")
    NOTHING_TO_DO = "nothing_to_do", _("It is so already.")
    WITHDRAWN = "withdrawn", _("This submission was withdrawn.")
    IN_RATING = "in_rating", _("It is in and being rated, so it needs no more time.")
    NO_TRACK = "no_track", _("Choose another track of this jam.")
    NOT_FROZEN = (
        "not_frozen",
        _("It is not frozen yet: until submissions close, its team chooses the track."),
    )
    NOT_CLOSED = "not_closed", _("Until submissions close, its team decides who is on it.")
    NOBODY = "nobody", _("A submission has at least one contributor.")
    RESULTS_OUT = "results_out", _("The results are out. They do not change any more.")
    NO_WORDS = "no_words", _("Write something first.")
    NONE_CHOSEN = "none_chosen", _("Choose a submission first.")
    TOO_MANY_AT_ONCE = (
        "too_many_at_once",
        _("Those are more than 100 submissions. Choose fewer, one part after the other."),
    )
    TOO_MANY = "too_many", _("Those were many mails to teams in a day. Go on tomorrow.")
    BAD_TIME = (
        "bad_time",
        _("Choose a time that is still to come, after the deadline and before rating closes."),
    )


class BlindRefusal(TextChoices):
    """Why names may be neither hidden nor shown any more."""

    CLOSED = "closed", _("Submissions have closed: who made what is shown or hidden by now.")


def blind_refusal(jam: Jam, moment: datetime) -> BlindRefusal | None:
    """Why `jam` may neither be made blind nor stop being so: from the closing on others see its
    submissions, with names or without."""
    return BlindRefusal.CLOSED if jam.making_window.is_over(moment) else None


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


def move_refusal(user: Any, submission: Submission, moment: datetime) -> OrganizerRefusal | None:
    """Why `user` may not move the submission to whatever other track."""
    if not submission.jam.is_organized_by(user):
        return OrganizerRefusal.NOT_ORGANIZER
    if not submission.is_frozen:
        return OrganizerRefusal.NOT_FROZEN
    if timeline.results_due(submission.jam, moment):
        return OrganizerRefusal.RESULTS_OUT
    return None


def move_track_refusal(
    user: Any, submission: Submission, track: Track, reason: str, moment: datetime
) -> OrganizerRefusal | None:
    """Why `user` may not move the submission to `track` for `reason`."""
    if refusal := move_refusal(user, submission, moment):
        return refusal
    if track.jam_id != submission.jam_id or track.pk == submission.track_id:
        return OrganizerRefusal.NO_TRACK
    return None if reason.strip() else OrganizerRefusal.NO_REASON


def correct_refusal(
    user: Any, submission: Submission, order: list[int], reason: str
) -> OrganizerRefusal | None:
    """Why `user` may not have the people whose keys `order` holds be the contributors."""
    if not submission.jam.is_organized_by(user):
        return OrganizerRefusal.NOT_ORGANIZER
    if not submission.is_frozen:
        return OrganizerRefusal.NOT_CLOSED
    if not order:
        return OrganizerRefusal.NOBODY
    if order == [contributor.user_id for contributor in submission.contributors.all()]:
        return OrganizerRefusal.NOTHING_TO_DO
    return None if reason.strip() else OrganizerRefusal.NO_REASON


def write_to_teams_refusal(user: Any, jam: Jam, text: str) -> OrganizerRefusal | None:
    """Why `user` may not write `text` to teams of `jam`."""
    if not jam.is_organized_by(user):
        return OrganizerRefusal.NOT_ORGANIZER
    return None if text.strip() else OrganizerRefusal.NO_WORDS
