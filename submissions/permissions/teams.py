"""Why a person may not join or leave a team."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from submissions.models import Submission, SubmissionRules
from submissions.permissions.drafts import DraftRefusal, edit_refusal, is_in_rating, is_on_team


class TeamRefusal(TextChoices):
    """Why someone may not join or leave a team."""

    ALREADY_IN = "already_in", _("You are on this team already.")
    FULL = "full", _("This team is full.")
    CLOSED = "closed", _("Submissions have closed, so teams cannot change any more.")
    WITHDRAWN = "withdrawn", _("This submission was withdrawn.")
    NOT_TEAM = "not_team", _("You are not on this team.")
    LAST_ONE = "last_one", _("You are the last one on this team. Withdraw the submission instead.")


class OrderRefusal(TextChoices):
    """Why someone may not propose, or agree to, an order of the contributors."""

    CHANGED = (
        "changed",
        _("Team or order have changed since you opened the page. Nothing was done: look again."),
    )
    NO_PROPOSAL = "no_proposal", _("Nobody proposes another order any more.")
    AGREED = "agreed", _("You have agreed to this order already.")


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


def propose_order_refusal(
    user: Any, submission: Submission, order: list[int], seen: list[int], moment: datetime
) -> DraftRefusal | OrderRefusal | None:
    """Why `user` may not propose `order` in the place of what they have `seen`; both name people
    by their keys."""
    if refusal := edit_refusal(user, submission, moment):
        return refusal
    if is_in_rating(submission, moment):
        # What is written now is a later revision; its team stays.
        return DraftRefusal.CLOSED
    team = [contributor.user_id for contributor in submission.contributors.all()]
    shown = [contributor.user_id for contributor in submission.proposed_team] or team
    return OrderRefusal.CHANGED if seen != shown or sorted(order) != sorted(team) else None


def agree_refusal(
    user: Any, submission: Submission, seen: list[int], moment: datetime
) -> DraftRefusal | OrderRefusal | None:
    """Why `user` may not agree to the order that they have `seen`."""
    if refusal := edit_refusal(user, submission, moment):
        return refusal
    if is_in_rating(submission, moment):
        return DraftRefusal.CLOSED
    if not submission.proposed_team:
        return OrderRefusal.NO_PROPOSAL
    if seen != [contributor.user_id for contributor in submission.proposed_team]:
        return OrderRefusal.CHANGED
    waiting = [contributor.user_id for contributor in submission.not_agreed]
    return None if user.pk in waiting else OrderRefusal.AGREED
