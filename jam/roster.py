"""Everybody of a jam, as its organizers look for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import (
    CharField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from jam import acts, audiences, choices, parts
from jam.models import Act, Ban, Jam, Message, Participation, SignUpAnswer, User
from jam.parts import Reader, Section

# Of mails, and of acts, the latest.
MOST_MAILS, MOST_ACTS = 20, 50


class State(TextChoices):
    """Whom to list."""

    IN = "in", _("who take part")
    LEFT = "left", _("who have left")
    BANNED = "banned", _("who are banned")
    UNCONFIRMED = "unconfirmed", _("whose address is not confirmed")
    MAILS = "mails", _("whose mails do not arrive")


def people_of(jam: Jam, moment: datetime) -> QuerySet[User]:
    """Everybody who joined `jam`, whether they take part still or not, and who is kept out of it,
    with what the list shows of them: `own` is their participation."""
    banned = Ban.objects.in_force().filter(jam=jam, user=OuterRef("pk"))
    failing = Message.objects.failing(moment).filter(jam=jam, user=OuterRef("pk"))
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    people = User.objects.annotate(
        own=FilteredRelation("participations", condition=Q(participations__jam=jam)),
        joined_at=F("own__joined_at"),
        cancelled_at=F("own__cancelled_at"),
        is_banned=Exists(banned),
        has_failing_mails=Exists(failing),
        is_confirmed=Exists(confirmed),
    )
    return people.filter(Q(own__isnull=False) | Q(is_banned=True))


def found(people: QuerySet[User], state: str, words: str) -> QuerySet[User]:
    """Those of `people_of` who are in this state, of `State`, and whose name, affiliation or
    address has all the words; who joined last, first."""
    match state:
        case State.LEFT:
            people = people.filter(own__cancelled_at__isnull=False)
        case State.BANNED:
            people = people.filter(is_banned=True)
        case State.UNCONFIRMED:
            people = people.filter(own__cancelled_at=None, is_confirmed=False)
        case State.MAILS:
            people = people.filter(has_failing_mails=True)
        case _:
            people = people.filter(own__isnull=False, own__cancelled_at=None)
    for word in words.split():
        people = people.filter(
            Q(display_name__icontains=word)
            | Q(affiliation__icontains=word)
            | Q(email__icontains=word)
        )
    return people.order_by(F("joined_at").desc(nulls_last=True), "pk")


def person_of(jam: Jam) -> QuerySet[User]:
    """Everybody about whom organizers of `jam` have a page: who ever joined it, or has to do with
    it otherwise, or is kept out of it. With `own`, how they take part or took part, `ban`, the one
    in force, and what else the page tells of them."""
    organizing = Jam.organizers.through.objects.filter(jam=jam, user=OuterRef("pk"))
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    facts: dict[str, Any] = {}
    for part in parts.all_parts():
        facts |= part.person_facts(jam)
    people = User.objects.filter(
        Q(pk__in=audiences.everyone(jam).values("pk"))
        | Q(pk__in=jam.participations.values("user"))
        | Q(pk__in=jam.bans.values("user"))
    )
    return people.annotate(
        own=FilteredRelation("participations", condition=Q(participations__jam=jam)),
        ban=FilteredRelation("bans", condition=Q(bans__jam=jam, bans__lifted_at=None)),
        is_organizer=Exists(organizing),
        is_confirmed=Exists(confirmed),
        **facts,
    ).select_related("own", "ban__by")


def own(person: User) -> Participation | None:
    """How somebody who comes from `person_of` takes part, or took part."""
    # Django sets what a filtered relation found, and nothing where it found nothing.
    return getattr(person, "own", None)


def ban_on(person: User) -> Ban | None:
    """The ban in force on somebody who comes from `person_of`."""
    return getattr(person, "ban", None)


def sections_about(jam: Jam, person: User, reader: Reader) -> list[Section]:
    """What the floor knows of somebody who comes from `person_of`: taking part, answers, mails,
    and what was done."""
    mine = own(person)
    said = SignUpAnswer.objects.filter(participation=mine).select_related("question")
    kinds = choices.kinds()
    # A subject may tell an organizer who reported them.
    private = [name for name, kind in kinds.items() if kind.is_private]
    mails = Message.objects.filter(jam=jam, user=person).exclude(kind__in=private)
    mails = mails.defer("text", "html", "gist")
    told = [(mail, kinds.get(mail.kind)) for mail in mails[:MOST_MAILS]]
    context = {"participation": mine, "answers": list(said) if mine else [], "person": person}
    lines = acts.lines_of(acts_about(jam, person, reader)[:MOST_ACTS])
    return [
        Section(_("Taking part"), "taking-part", "jam/people/_taking_part.html", context),
        Section(_("Mails"), "mails", "jam/people/_mails.html", {"mails": told}, below=True),
        Section(_("What was done"), "acts", "jam/people/_acts.html", {"lines": lines}, below=True),
    ]


def acts_about(jam: Jam, person: User, reader: Reader) -> QuerySet[Act]:
    """What somebody who comes from `person_of` did in `jam`, and what was done about them, as far
    as `reader` may see it. Reports are told on their own page."""
    bans = jam.bans.filter(user=person).values(key=Cast("pk", CharField()))
    about = Q(actor=person) | Q(target_type="jam.ban", target_id__in=bans)
    for row in filter(None, (person, own(person))):
        about |= Q(target_type=row._meta.label_lower, target_id=str(row.pk))
    found = acts.acts_of(jam, reader.user, reader.moment).filter(about)
    return found.exclude(target_type="jam.report")
