"""A dry run: a copy of a jam, with invented people, played from its sign-up to its results.

The whole of it happens in one transaction that is always rolled back. So the copy is in no list,
feed or log, nobody gets a mail, and nothing has to be thrown away afterwards: what remains is what
was noted on the way. Whoever looks around in it has it played anew for each page (`jam.seeing`).
Services, rules and sweeps are those of every jam, asked with the moments at which the jam has its
boundaries.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import BigIntegerField, ExpressionWrapper, F, Min, Q, QuerySet, TextChoices
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jam import alone, beginning, limits, parts, questions
from jam.errors import Refused, refuse
from jam.models import Jam, Message, User
from jam.permissions import set_up_refusal
from jam.timeline import BOUNDARIES, SETTLING, not_before

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Eight are enough for teams, for somebody who begins nothing, and for somebody who cancels.
NAMES = "ABCDEFGH"
# Keys of what has an address, so that it has the same each time that it is played: beyond those of
# rows.
FIRST_KEY = 10**12
# One takes a second or two of the server's time.
MOST, SECONDS = 20, 600


class DryRunRefusal(TextChoices):
    """Why a jam is not tried out."""

    TOO_OFTEN = "too_often", gettext_lazy("You have tried it out often just now. Wait ten minutes.")


class Scene(TextChoices):
    """When something happens in a dry run, in order."""

    SIGN_UP = "sign_up", gettext_lazy("People sign up")
    EVE = "eve", gettext_lazy("The day before the start")
    START = "start", gettext_lazy("It starts")
    LAST_DAY = "last_day", gettext_lazy("The last day before the deadline")
    LAST_HOUR = "last_hour", gettext_lazy("The last hour before the deadline")
    DEADLINE = "deadline", gettext_lazy("Submissions close")
    FREEZING = "freezing", gettext_lazy("Two minutes after the deadline")
    RATING = "rating", gettext_lazy("Rating opens")
    LAST_CALL = "last_call", gettext_lazy("The last day of rating")
    RATED = "rated", gettext_lazy("Rating closes")
    RESULTS = "results", gettext_lazy("The results are out")


def moments_of(jam: Jam) -> dict[Scene, datetime]:
    """When each scene is played in `jam`; none before the one that it follows."""
    start, close = jam.starts_at, jam.submissions_close_at
    opens, ends = jam.ratings_open_at, jam.ratings_close_at
    return {
        Scene.SIGN_UP: start - 2 * DAY,
        Scene.EVE: start - DAY,
        Scene.START: start,
        Scene.LAST_DAY: not_before(close - DAY, start),
        Scene.LAST_HOUR: not_before(close - HOUR, start),
        Scene.DEADLINE: close,
        Scene.FREEZING: close + SETTLING,
        Scene.RATING: opens,
        Scene.LAST_CALL: not_before(ends - DAY, opens),
        Scene.RATED: ends,
        Scene.RESULTS: jam.results_at,
    }


@dataclass(frozen=True)
class Line:
    """Something that happened; `is_trouble` where organizers would rather have it otherwise."""

    text: str
    is_trouble: bool = False


@dataclass(frozen=True)
class Mail:
    """A mail that would have gone: to how many, and what it says to the first of them."""

    subject: str
    people: int
    text: str


@dataclass(frozen=True)
class Played:
    """What happened in a scene."""

    scene: Scene
    at: datetime
    lines: list[Line]
    mails: list[Mail]


@dataclass
class Play:
    """A dry run under way: the copy of `source`, those who take part in it, and what it tells of
    the scene."""

    source: Jam
    jam: Jam
    organizer: User
    people: list[User]
    moment: datetime
    lines: list[Line] = field(default_factory=list)

    @property
    def author(self) -> User:
        """Who hands something in, with others."""
        return self.people[0]

    @property
    def idle(self) -> User:
        """Who joins, and begins nothing."""
        return self.people[-2]

    @property
    def leaver(self) -> User:
        """Who joins, and cancels."""
        return self.people[-1]

    def tell(self, text: Any) -> None:
        self.lines.append(Line(str(text)))

    def warn(self, text: Any) -> None:
        self.lines.append(Line(str(text), is_trouble=True))


def refused(act: Callable[[], Any]) -> str:
    """Do `act`; in which words it is refused, if it is."""
    try:
        act()
    except Refused as error:
        return error.label
    return ""


def invent(name: str) -> User:
    """Somebody who does not exist, with a confirmed address at which nobody is."""
    user = User.objects.create(
        # A name of its own, so that two dry runs do not wait for each other.
        email=f"{uuid.uuid4().hex}@dry-run.invalid",
        display_name=name,
        language=get_language() or "",
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def renumber(rows: QuerySet) -> None:
    """Give rows, which were made one after the other, the keys from `FIRST_KEY` on; what refers to
    them goes along."""
    first = rows.aggregate(first=Min("pk"))["first"]
    if first is None:
        return
    there = list(rows.values_list("pk", flat=True))
    fields = [
        relation.field
        for relation in rows.model._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.is_relation and not relation.many_to_many
    ]
    for field_ in [rows.model._meta.pk, *fields]:
        name = field_.attname
        field_.model._base_manager.filter(**{f"{name}__in": there}).update(
            **{name: ExpressionWrapper(F(name) + FIRST_KEY - first, BigIntegerField())}
        )


def answer_to(question: questions.Question) -> str:
    """An answer that a question of the jam's takes."""
    match question.kind:
        case questions.Kind.CHOICE:
            return questions.options_of(question)[0]
        case questions.Kind.YES_NO:
            return questions.YES_NO[0][0]
    return _("An invented answer.")


def play_through(*, jam: Jam, by: User, moment: datetime) -> list[Played]:
    """Play a copy of `jam` from its sign-up to its results; what happened, scene by scene. The
    database is as it was. Raises Refused."""
    refuse(set_up_refusal(by, jam))
    if not limits.within(f"dry-run:{by.pk}", MOST, SECONDS, moment):
        refuse(DryRunRefusal.TOO_OFTEN)
    with transaction.atomic(), alone.for_nobody_else():
        try:
            return list(_played(jam))
        finally:
            transaction.set_rollback(True)


def played_until(source: Jam, until: Scene) -> Play:
    """A copy of `source` after the scene `until`, in a transaction that the caller rolls back."""
    play = _begun(source)
    for scene in _scenes(play):
        if scene == until:
            break
    return play


def _begun(source: Jam) -> Play:
    organizer = invent(_("An organizer"))
    people = [invent(_("Person %(letter)s") % {"letter": letter}) for letter in NAMES]
    moment = moments_of(source)[Scene.SIGN_UP]
    return Play(source, _copied(source, organizer, moment), organizer, people, moment)


def _scenes(play: Play) -> Iterator[Scene]:
    """Play one scene after the other."""
    for scene, moment in moments_of(play.jam).items():
        # As a request has it: what another scene has fetched may have changed.
        play.jam, play.moment, play.lines = Jam.objects.get(pk=play.jam.pk), moment, []
        for part in parts.all_parts():
            part.perform(play, scene)
        yield scene


def _played(source: Jam) -> Iterator[Played]:
    play, last_mail = _begun(source), 0
    for scene in _scenes(play):
        mails = list(_mails_of(play).filter(pk__gt=last_mail).order_by("pk"))
        last_mail = mails[-1].pk if mails else last_mail
        gathered = _gathered(mails, play.jam.slug, source.slug)
        if play.lines or gathered:
            yield Played(scene, play.moment, play.lines, gathered)


def _copied(source: Jam, organizer: User, moment: datetime) -> Jam:
    times = {boundary.field: getattr(source, boundary.field) for boundary in BOUNDARIES}
    copy = Jam.objects.create(
        title=source.title, slug=uuid.uuid4().hex, time_zone=source.time_zone, **times
    )
    chosen = frozenset(portion.name for portion in beginning.portions_of(source))
    beginning.take_along(jam=copy, source=source, chosen=chosen, by=organizer, moment=moment)
    return copy


def _mails_of(play: Play) -> Any:
    return Message.objects.filter(Q(jam=play.jam) | Q(user__in=[play.organizer, *play.people]))


def _gathered(mails: list[Message], slug: str, real_slug: str) -> list[Mail]:
    """The mails by their subjects, in the order in which they were written."""
    by_subject: dict[str, list[Message]] = {}
    for mail in mails:
        by_subject.setdefault(mail.subject, []).append(mail)
    found = []
    for subject, same in by_subject.items():
        # Neither the subject once more, nor what stands below: by links there somebody real, who
        # comes to have the same key, could be kept from their mails.
        words = same[0].text.partition("\n-- \n")[0].partition("\n")[2].strip()
        words = words.replace(slug, real_slug)
        found.append(Mail(subject, len({mail.user_id for mail in same}), words))
    return found
