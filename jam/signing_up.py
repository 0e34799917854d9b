"""What a jam asks those who join: answering, and who reads the answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from jam import blocking, log, parts, services
from jam.errors import refuse
from jam.models import Jam, Participation, SignUpAnswer, User
from jam.permissions import JoinRefusal


class AnswerRefusal(TextChoices):
    """Why somebody may not answer, or be shown or not, any more."""

    NOT_IN = "not_in", _("You do not take part in this jam.")
    CLOSED = "closed", _("Submissions have closed, so answers cannot change any more.")


class ReadRefusal(TextChoices):
    """Why somebody may not read who takes part, or what they answered."""

    NOT_IN = "not_in", _("Those who take part see each other. Join the jam first.")
    NOT_IN_CHARGE = "not_in_charge", _("Only organizers of the jam and of its sites see answers.")


def answer_refusal(
    jam: Jam, participation: Participation | None, moment: datetime
) -> AnswerRefusal | None:
    """Why this participation may not change its answers."""
    if participation is None or not participation.is_active:
        return AnswerRefusal.NOT_IN
    return None if moment in jam.joining_window else AnswerRefusal.CLOSED


def list_refusal(user: User, jam: Jam, participation: Participation | None) -> ReadRefusal | None:
    """Why `user`, whose participation is given, may not see who takes part."""
    if participation is None and not jam.is_organized_by(user):
        return ReadRefusal.NOT_IN
    return None


def answers_refusal(user: User, jam: Jam) -> ReadRefusal | None:
    """Why `user` may not read what people answered."""
    return ReadRefusal.NOT_IN_CHARGE if in_charge_of(jam, user) is None else None


def in_charge_of(jam: Jam, user: User) -> QuerySet[Participation] | None:
    """Those whose answers `user` reads, public or not: organizers all; others those whom a part
    has them look after. None for whoever looks after nobody."""
    people = Participation.objects.active().filter(jam=jam).order_by("joined_at", "pk")
    if jam.is_organized_by(user):
        return people
    looked_after = parts.looked_after(jam, user)
    return None if looked_after is None else people.filter(looked_after)


def with_answers(people: QuerySet[Participation]) -> QuerySet[Participation]:
    """Fetch along who they are and all that they answered, as `said`."""
    answers = SignUpAnswer.objects.select_related("question")
    return people.select_related("user").prefetch_related(
        Prefetch("answers", queryset=answers, to_attr="said")
    )


def shown_to(user: User, jam: Jam, words: str = "") -> QuerySet[Participation]:
    """Those who take part and agreed to be shown, with their public answers as `said`, without
    those whom `user` has blocked or who have blocked them; with `words`, those whose name,
    affiliation or public answer has them."""
    people = Participation.objects.active().filter(jam=jam, shown=True, user__is_active=True)
    people = people.exclude(blocking.between(user, "user"))
    if words:
        said = SignUpAnswer.objects.public().filter(text__icontains=words)
        people = people.filter(
            Q(user__display_name__icontains=words)
            | Q(user__affiliation__icontains=words)
            | Q(pk__in=said.values("participation"))
        )
    answers = SignUpAnswer.objects.public().select_related("question")
    return (
        people.select_related("user")
        .prefetch_related(Prefetch("answers", queryset=answers, to_attr="said"))
        .order_by("-joined_at", "-pk")
    )


@transaction.atomic
def join(
    *,
    jam: Jam,
    user: User,
    answers: Mapping[int, str],
    shown: bool,
    moment: datetime,
    conduct: str = "",
) -> Participation:
    """Have `user` take part in `jam` with these answers, by the keys of the questions; `shown` on
    the list of participants or not; `conduct` as `jam.services.join` has it. Raises Refused."""
    asked = list(jam.sign_up_questions.all())
    given = {question for question, text in answers.items() if text}
    required = {question.pk for question in asked if question.is_required}
    refuse(JoinRefusal.QUESTIONS if required - given else None)
    participation = services.join(jam=jam, user=user, conduct=conduct, answered=True, moment=moment)
    _store(participation, asked, answers, shown)
    return participation


@transaction.atomic
def answer(
    *, jam: Jam, user: User, answers: Mapping[int, str], shown: bool, moment: datetime
) -> None:
    """Change what `user` answered, and whether they are `shown`. Raises Refused."""
    participation = services.participation_for_update(jam, user)
    refuse(answer_refusal(jam, participation, moment))
    asked = list(jam.sign_up_questions.all())
    required = {question.pk for question in asked if question.is_required}
    refuse(JoinRefusal.QUESTIONS if any(not answers.get(pk) for pk in required) else None)
    _store(participation, asked, answers, shown)
    # That they did, not what they said: the log outlives an account.
    log.record("changed answers", participation, by=user, jam=jam, moment=moment)


@transaction.atomic
def show(*, jam: Jam, user: User, shown: bool, moment: datetime) -> None:
    """Show `user` on the list of participants, or not; not to be shown is always possible. Raises
    Refused."""
    participation = services.participation_for_update(jam, user)
    if participation is None or not participation.is_active:
        refuse(AnswerRefusal.NOT_IN)
    if participation.shown != shown:
        participation.shown = shown
        participation.save(update_fields=["shown"])
        log.record("is shown" if shown else "is not shown", participation, by=user, jam=jam,
                   moment=moment)  # fmt: skip


def _store(participation: Participation, asked: list, answers: Mapping[int, str], shown: bool):
    before = {said.question_id: said for said in participation.answers.all()}
    for question in asked:
        text, said = answers.get(question.pk, ""), before.get(question.pk)
        if said and not text:
            said.delete()
        elif text and (said is None or said.text != text or said.is_public != question.is_public):
            SignUpAnswer.objects.update_or_create(
                participation=participation,
                question=question,
                defaults={"text": text, "is_public": question.is_public},
            )
    participation.shown = shown
    participation.save(update_fields=["shown"])
