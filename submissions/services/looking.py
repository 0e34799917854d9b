"""Finding a team: cards on the board, asking and inviting, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from jam import log, outbox, reporting
from jam import services as jam_services
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Jam, Participation, User
from submissions import waking
from submissions.models import Ask, Card, Contributor, Submission
from submissions.permissions.looking import (
    LookingRefusal,
    answer_ask_refusal,
    ask_refusal,
    remove_card_refusal,
    show_card_refusal,
    withdraw_ask_refusal,
)
from submissions.services.teams import join_team, locked

KIND = "teams"
ANSWERS = {True: Ask.Outcome.ACCEPTED, False: Ask.Outcome.DECLINED}


@transaction.atomic
def show_card(
    *,
    jam: Jam,
    by: User,
    said: dict[str, Any],
    moment: datetime,
    submission: Submission | None = None,
) -> Card:
    """Put up the card of `by`, or that of their team of `submission`, or change it; `said` holds
    valid values by field. Raises Refused."""
    participation = jam_services.participation_for_update(jam, by)
    if submission is not None:
        submission = locked(submission)
    refuse(show_card_refusal(by, jam, participation, submission, moment))
    whose = {"submission": submission} if submission else {"participation": participation}
    hours = waking.waking_hours(
        said["time_zone"], said["wakes_at"], said["sleeps_at"], jam.starts_at
    )
    values = {**said, "hours": hours, "author": by}
    card, is_new = Card.objects.update_or_create(
        jam=jam, **whose, defaults=values, create_defaults={**values, "shown_at": moment}
    )
    log.record("put up a card" if is_new else "changed a card", card, by=by, jam=jam, moment=moment)
    return card


@transaction.atomic
def remove_card(*, card: Card, by: User, moment: datetime, reason: str = "") -> None:
    """Take the card down; when an organizer does, its author is told the `reason`. What was asked
    stays. Raises Refused."""
    refuse(remove_card_refusal(by, card, reason))
    log.record("took down a card", card, by=by, jam=card.jam, reason=reason, moment=moment)
    if by not in card.people:
        outbox.post(
            user=card.author,
            key=f"card-removed:{card.pk}",
            jam=card.jam,
            subject=_("The organizers took your card down"),
            paragraphs=[_("Their reason:"), reason.strip()],
            action_label=_("To the board"),
            action_path=reverse("submissions:board", args=[card.jam.slug]),
            moment=moment,
        )
        reporting.settle(target=card, by=by, moment=moment)
    card.delete()


@transaction.atomic
def ask(*, submission: Submission, user: User, by: User, text: str, moment: datetime) -> Ask:
    """Have `user` ask to join the team of `submission`, or, if `by` is on it, have the team invite
    `user`. Those asked are told. Raises Refused."""
    submission, participation = _lock(submission, user)
    refuse(
        ask_refusal(
            submission=submission, user=user, participation=participation, by=by, moment=moment
        )
    )
    made = Ask.objects.create(
        submission=submission, user=user, by=by, text=text.strip()[:600], made_at=moment
    )
    log.record("invited" if made.is_invitation else "asked to join", made, by=by,
               jam=submission.jam, moment=moment)  # fmt: skip
    said = _("%(name)s would like to join your team.")
    if made.is_invitation:
        said = _("%(name)s invites you to a team.")
    asked = [user] if made.is_invitation else [c.user for c in submission.contributors.all()]
    _tell(made, asked, "ask", said % {"name": by}, made.text, _("Answer"), moment)
    return made


@transaction.atomic
def answer_ask(*, ask: Ask, by: User, accept: bool, moment: datetime) -> Ask:
    """Accept, which makes the person a contributor, or decline. Whoever asked is told. Raises
    Refused."""
    submission, participation = _lock(ask.submission, ask.user)
    ask = Ask.objects.select_for_update(of=("self",)).select_related("user", "by").get(pk=ask.pk)
    ask.submission = submission
    refuse(answer_ask_refusal(by, ask))
    if accept:
        if participation is None or not participation.is_active:
            refuse(LookingRefusal.GONE)
        join_team(submission=submission, user=ask.user, moment=moment)
    _close(ask, ANSWERS[accept], by, moment)
    said = _("%(name)s is on your team.") if accept else _("%(name)s does not join your team.")
    who = [c.user for c in submission.contributors.all()]
    if not ask.is_invitation:
        said = _("You are on the team of %(name)s.") if accept else _(
            "%(name)s had to say no. Ask another team, or put up a card."
        )  # fmt: skip
        who = [ask.user]
    label = _("See your teams")
    _tell(ask, who, "answer", said % {"name": by}, "", label, moment)
    return ask


@transaction.atomic
def withdraw_ask(*, ask: Ask, by: User, moment: datetime) -> None:
    """Take a question or an invitation back; nobody is told. Raises Refused."""
    submission, _participation = _lock(ask.submission, ask.user)
    ask = Ask.objects.select_for_update(of=("self",)).select_related("user", "by").get(pk=ask.pk)
    ask.submission = submission
    refuse(withdraw_ask_refusal(by, ask))
    _close(ask, Ask.Outcome.WITHDRAWN, by, moment)


def stop_looking(*, participation: Participation, moment: datetime) -> None:
    """Take down the card of someone who cancels, and end what is open between them and teams."""
    Card.objects.filter(participation=participation).delete()
    asks = Ask.objects.open().filter(user=participation.user, submission__jam=participation.jam)
    asks.update(outcome=Ask.Outcome.WITHDRAWN, answered_at=moment)


def part_people(*, user: User, whom: User, moment: datetime) -> None:
    """End without a word what is open between one of two people and the other's teams."""

    def between(one: User, other: User) -> Q:
        teams = Contributor.objects.filter(user=other).values("submission")
        return Q(user=one, submission__in=teams)

    asks = Ask.objects.open().filter(between(user, whom) | between(whom, user))
    asks.update(outcome=Ask.Outcome.WITHDRAWN, answered_at=moment)


def forget_person(user: User, moment: datetime) -> None:
    """Clear what somebody whose account is closed said here."""
    Card.objects.filter(Q(participation__user=user) | Q(author=user)).delete()
    asks = Ask.objects.filter(Q(user=user) | Q(by=user))
    asks.open().update(outcome=Ask.Outcome.WITHDRAWN, answered_at=moment)
    asks.filter(by=user).update(text="")


def said_by(user: User) -> dict[str, Any]:
    """What is held about `user` here, for their download."""
    card = ("jam__title", "text", "skills", "interests", "languages", "time_zone", "wakes_at",
            "sleeps_at", "shown_at")  # fmt: skip
    ask = ("submission__jam__title", "text", "made_at", "outcome", "answered_at")
    own = Card.objects.filter(Q(participation__user=user) | Q(author=user))
    return {
        "cards": list(own.values(*card)),
        # Not what others wrote to them.
        "asks to join teams": list(Ask.objects.filter(by=user).values(*ask)),
    }


def _lock(submission: Submission, user: User) -> tuple[Submission, Participation | None]:
    """Lock the person's participation first, as cancelling does, and then the submission."""
    participation = jam_services.participation_for_update(submission.jam, user)
    return locked(submission), participation


def _close(ask: Ask, outcome: Ask.Outcome, by: User, moment: datetime) -> None:
    ask.outcome, ask.answered_at, ask.answered_by = outcome, moment, by
    ask.save(update_fields=["outcome", "answered_at", "answered_by"])
    log.record(f"{outcome} an ask", ask, by=by, jam=ask.submission.jam, moment=moment)


def _tell(
    ask: Ask, who: list[User], key: str, said: Any, words: str, label: Any, moment: datetime
) -> None:
    jam = ask.submission.jam
    for user in who:
        outbox.post(
            user=user,
            key=f"team-{key}:{ask.pk}",
            kind=KIND,
            jam=jam,
            subject=said,
            paragraphs=[said, words] if words else [said],
            action_label=label,
            action_path=reverse("submissions:asks", args=[jam.slug]),
            moment=moment,
        )
