"""Why a person may not rate: a named refusal, or None."""

from __future__ import annotations

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from ratings.models import Rating, RatingRules
from ratings.raters import Rater
from submissions.models import Submission

Eligibility = RatingRules.Eligibility


class RatingRefusal(TextChoices):
    """Why someone may not rate a submission."""

    SIGNED_OUT = "signed_out", _("Sign in to rate.")
    UNVERIFIED = "unverified", _("Confirm your e-mail address first.")
    NOT_PARTICIPANT = "not_participant", _("In this jam only participants rate.")
    NOT_CONTRIBUTOR = (
        "not_contributor",
        _("In this jam only contributors of a submission that was handed in rate."),
    )
    NOT_JUDGE = "not_judge", _("In this jam only its judges rate.")
    NOT_OPEN = "not_open", _("Rating has not opened yet.")
    CLOSED = "closed", _("Rating has closed.")
    OUT_OF_RUNNING = "out_of_running", _("This submission is not in the running any more.")
    OWN = "own", _("This is your own submission. Others rate it.")
    ALREADY_RATED = "already_rated", _("You have rated this one already.")
    NOT_SKIPPED = "not_skipped", _("You have not skipped this one.")


class SettingsRefusal(TextChoices):
    """Why how a jam rates may not be changed."""

    FIXED = "fixed", _("Criteria and rules are fixed once rating has opened.")


def rater_refusal(rater: Rater) -> RatingRefusal | None:
    """Why this person may not rate in the jam, at whatever time."""
    if not rater.user.is_authenticated:
        return RatingRefusal.SIGNED_OUT
    if rater.is_organizer or rater.is_judge:
        return None
    match rater.rules.eligibility:
        case Eligibility.VERIFIED if not rater.is_verified:
            return RatingRefusal.UNVERIFIED
        case Eligibility.PARTICIPANTS if not rater.is_participant:
            return RatingRefusal.NOT_PARTICIPANT
        case Eligibility.CONTRIBUTORS if not rater.is_contributor:
            return RatingRefusal.NOT_CONTRIBUTOR
        case Eligibility.JUDGES:
            return RatingRefusal.NOT_JUDGE
    return None


def window_refusal(jam: Jam, moment: datetime) -> RatingRefusal | None:
    """Why nobody may rate at `moment`."""
    if jam.rating_window.is_before(moment):
        return RatingRefusal.NOT_OPEN
    return RatingRefusal.CLOSED if jam.rating_window.is_over(moment) else None


def queue_refusal(rater: Rater, moment: datetime) -> RatingRefusal | None:
    """Why this person may not draw a submission to rate."""
    return rater_refusal(rater) or window_refusal(rater.jam, moment)


def rating_refusal(rater: Rater, submission: Submission, moment: datetime) -> RatingRefusal | None:
    """Why this person may not rate `submission`, which comes from `submissions_for`."""
    if refusal := queue_refusal(rater, moment):
        return refusal
    # What arrived in time is taken, however late it is carried out, until all is counted.
    if submission.is_counted:
        return RatingRefusal.CLOSED
    if submission.withdrawn_at is not None or submission.disqualified_at is not None:
        return RatingRefusal.OUT_OF_RUNNING
    return RatingRefusal.OWN if submission.is_own else None


def skip_refusal(
    rater: Rater, submission: Submission, rating: Rating | None, moment: datetime
) -> RatingRefusal | None:
    """Why this person may not skip `submission`, on which they have `rating`."""
    if refusal := rating_refusal(rater, submission, moment):
        return refusal
    return RatingRefusal.ALREADY_RATED if rating and rating.is_complete else None


def unskip_refusal(rater: Rater, submission: Submission, moment: datetime) -> RatingRefusal | None:
    """Why this person may not take back having skipped `submission`."""
    if refusal := queue_refusal(rater, moment):
        return refusal
    return None if submission.is_skipped else RatingRefusal.NOT_SKIPPED


def settings_refusal(jam: Jam, moment: datetime) -> SettingsRefusal | None:
    """Why nobody may change the criteria and the rules of `jam`."""
    return None if jam.rating_window.is_before(moment) else SettingsRefusal.FIXED


def judges_refusal(jam: Jam, moment: datetime) -> RatingRefusal | None:
    """Why nobody may name judges or take them off: it would change what is counted."""
    return RatingRefusal.CLOSED if jam.rating_window.is_over(moment) else None
