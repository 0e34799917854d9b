"""Why a person may not say where a submission comes from, or where it led."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import timeline
from submissions.models import Submission
from submissions.permissions.drafts import DraftRefusal, edit_refusal, is_on_team

MOST_ORIGINS = 12
MOST_CONTINUATIONS = 12


class OriginRefusal(TextChoices):
    """Why someone may not choose these origins, beside the refusals of a draft."""

    FROZEN = "frozen", _("It is in, so what it comes from does not change any more.")
    GONE = "gone", _("One of them is not there any more. Choose again.")
    TOO_MANY = (
        "too_many",
        _("A submission names %(most)s at most. Untick one first.") % {"most": MOST_ORIGINS},
    )


class ContinuationRefusal(TextChoices):
    """Why someone may not say what became of a submission."""

    NOT_TEAM = "not_team", _("Only this submission's team may do that.")
    TOO_EARLY = "too_early", _("The results are not out yet. Come back afterwards.")
    OUT = "out", _("This submission was withdrawn or disqualified.")
    TOO_MANY = (
        "too_many",
        _("That is %(most)s already. Remove one first.") % {"most": MOST_CONTINUATIONS},
    )
    ALREADY = "already", _("This address stands there already.")


def origins_refusal(
    user: Any, submission: Submission, moment: datetime
) -> DraftRefusal | OriginRefusal | None:
    """Why `user` may not choose what the draft grew from and builds on."""
    if refusal := edit_refusal(user, submission, moment):
        return refusal
    # Else later work, which may build on this one, could close a circle.
    return OriginRefusal.FROZEN if submission.is_frozen else None


def continue_refusal(
    user: Any, submission: Submission, moment: datetime
) -> ContinuationRefusal | None:
    """Why `user` may not say what became of the submission."""
    if not is_on_team(user, submission):
        return ContinuationRefusal.NOT_TEAM
    if not timeline.results_due(submission.jam, moment):
        return ContinuationRefusal.TOO_EARLY
    out = submission.withdrawn_at is not None or submission.disqualified_at is not None
    return ContinuationRefusal.OUT if out or not submission.is_frozen else None
