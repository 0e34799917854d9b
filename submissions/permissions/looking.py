"""Why a person may not look for a team, ask, invite or answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import blocking
from jam.models import Jam, Participation
from jam.roles import Right, may
from submissions.models import Ask, Card, Submission
from submissions.permissions.drafts import is_on_team
from submissions.permissions.teams import TeamRefusal, join_team_refusal

# Open at a time: of a person, and of a team.
MOST_ASKS = 5
MOST_INVITATIONS = 10


class LookingRefusal(TextChoices):
    """Why someone may not look for a team, ask, invite or answer."""

    NOT_IN = "not_in", _("Join the jam first.")
    CLOSED = "closed", _("Submissions have closed, so teams cannot change any more.")
    NOT_STARTED = "not_started", _("Teams are made once the jam has started.")
    NOT_YOURS = "not_yours", _("This card is not yours.")
    NO_REASON = "no_reason", _("Say why: who wrote the card is told.")
    NOT_TEAM = "not_team", _("You are not on this team.")
    ALREADY = "already", _("There is an open question between you already. Answer that one.")
    TOO_MANY = (
        "too_many",
        _("You are waiting for several answers already. Take one back, or wait for it."),
    )
    NOT_AVAILABLE = "not_available", _("That is not possible just now.")
    ANSWERED = "answered", _("It has been answered or taken back already.")
    NOT_ASKED = "not_asked", _("This question is not yours to answer.")
    NOT_ASKER = "not_asker", _("Only whoever asked can take it back.")
    GONE = "gone", _("They do not take part in this jam any more.")


def board_refusal(
    user: Any, jam: Jam, participation: Participation | None
) -> LookingRefusal | None:
    """Why `user` may not see who looks for a team."""
    if participation is None and not may(user, jam, Right.MODERATE):
        return LookingRefusal.NOT_IN
    return None


def show_card_refusal(
    user: Any,
    jam: Jam,
    participation: Participation | None,
    submission: Submission | None,
    moment: datetime,
) -> LookingRefusal | TeamRefusal | None:
    """Why `user` may not put up a card: their own, or that of the team of `submission`."""
    if moment not in jam.joining_window:
        return LookingRefusal.CLOSED
    if participation is None or not participation.is_active:
        return LookingRefusal.NOT_IN
    if submission is None:
        return None
    if not is_on_team(user, submission):
        return LookingRefusal.NOT_TEAM
    if submission.withdrawn_at is not None:
        return TeamRefusal.WITHDRAWN
    return None


def remove_card_refusal(user: Any, card: Card, reason: str) -> LookingRefusal | None:
    """Why `user` may not take the card down; who moderates says why, its people need not."""
    if user in card.people:
        return None
    if not may(user, card.jam, Right.MODERATE):
        return LookingRefusal.NOT_YOURS
    return None if reason.strip() else LookingRefusal.NO_REASON


def ask_refusal(
    *,
    submission: Submission,
    user: Any,
    participation: Participation | None,
    by: Any,
    moment: datetime,
) -> LookingRefusal | TeamRefusal | None:
    """Why there may be no question between the team of `submission` and `user`, whose
    participation is given; `by` is `user`, who asks, or a contributor, who invites them."""
    if participation is None or not participation.is_active:
        return LookingRefusal.NOT_IN if by.pk == user.pk else LookingRefusal.GONE
    if by.pk != user.pk and not is_on_team(by, submission):
        return LookingRefusal.NOT_TEAM
    if submission.jam.making_window.is_before(moment):
        return LookingRefusal.NOT_STARTED
    if refusal := join_team_refusal(user, submission, moment):
        return refusal
    # It does not say of whom: who is blocked is not told.
    if blocking.is_between(user, [c.user_id for c in submission.contributors.all()]):
        return LookingRefusal.NOT_AVAILABLE
    open_asks = Ask.objects.open()
    if open_asks.filter(submission=submission, user=user).exists():
        return LookingRefusal.ALREADY
    if by.pk == user.pk:
        waiting = open_asks.filter(submission__jam=submission.jam, user=user, by=user)
        return LookingRefusal.TOO_MANY if waiting.count() >= MOST_ASKS else None
    waiting = open_asks.filter(submission=submission).exclude(by=user)
    return LookingRefusal.TOO_MANY if waiting.count() >= MOST_INVITATIONS else None


def answer_ask_refusal(by: Any, ask: Ask) -> LookingRefusal | None:
    """Why `by` may not answer: an invitation is the person's to answer, a question the team's."""
    asked = ask.user_id == by.pk if ask.is_invitation else is_on_team(by, ask.submission)
    if not asked:
        return LookingRefusal.NOT_ASKED
    return None if ask.is_open else LookingRefusal.ANSWERED


def withdraw_ask_refusal(by: Any, ask: Ask) -> LookingRefusal | None:
    """Why `by` may not take the question back; an invitation is the whole team's."""
    asks = is_on_team(by, ask.submission) if ask.is_invitation else ask.user_id == by.pk
    if not asks:
        return LookingRefusal.NOT_ASKER
    return None if ask.is_open else LookingRefusal.ANSWERED
