"""Announcements: what organizers tell an audience, now or at a time; counted before it is sent."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy

from jam import audiences, caching, log, meanwhile, outbox, telling, timeline
from jam.audiences import Audience
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.meanwhile import Seen
from jam.models import Announcement, Jam, Participation, User
from jam.timeline import Window

logger = logging.getLogger(__name__)

KIND = "announcements"
# What was to be sent longer ago than that, while no worker ran, is on the page alone.
NEWS = timedelta(days=3)


class AnnouncementRefusal(TextChoices):
    """Why someone may not announce something, change it or take it back."""

    NOT_YOURS = "not_yours", gettext_lazy("Only organizers may announce that.")
    DRAFT_JAM = "draft_jam", gettext_lazy("Publish the jam first: nobody else can see it yet.")
    SENT = "sent", gettext_lazy("It has gone out, so it does not change any more.")
    CANCELLED = "cancelled", gettext_lazy("It was cancelled.")
    PAST = (
        "past",
        gettext_lazy("That time has passed. Choose a later one, or none to send at once."),
    )
    CONFIRMED = "confirmed", gettext_lazy("It is confirmed already.")
    TOO_MANY = "too_many", gettext_lazy("Those were many announcements in a day. Go on tomorrow.")


def write_refusal(by: Any, jam: Jam, name: str, of: int | None) -> AnnouncementRefusal | None:
    """Why `by` may not announce something to this audience."""
    if not by.is_authenticated:
        return AnnouncementRefusal.NOT_YOURS
    own = audiences.audiences_of(jam, by)
    if not any((audience.name, audience.of) == (name, of) for audience in own):
        return AnnouncementRefusal.NOT_YOURS
    return None


def change_refusal(
    by: Any, announcement: Announcement, moment: datetime
) -> AnnouncementRefusal | None:
    """Why `by` may not change the announcement, or cancel it."""
    it = announcement
    if refusal := write_refusal(by, it.jam, it.audience, it.audience_of):
        return refusal
    match it.state_at(moment):
        case Announcement.State.CANCELLED:
            return AnnouncementRefusal.CANCELLED
        case Announcement.State.SENT | Announcement.State.ON_ITS_WAY:
            return AnnouncementRefusal.SENT
    return None


def confirm_refusal(
    by: Any, announcement: Announcement, moment: datetime
) -> AnnouncementRefusal | None:
    """Why `by` may not have the announcement sent."""
    if refusal := change_refusal(by, announcement, moment):
        return refusal
    if announcement.confirmed_at is not None:
        return AnnouncementRefusal.CONFIRMED
    if not announcement.jam.is_published:
        return AnnouncementRefusal.DRAFT_JAM
    return time_refusal(announcement.send_at, moment)


def time_refusal(send_at: datetime | None, moment: datetime) -> AnnouncementRefusal | None:
    """Why nothing can be sent at `send_at`; None there is for at once."""
    if send_at is not None and not Window(send_at, None).is_before(moment):
        return AnnouncementRefusal.PAST
    return None


def shown_to(jam: Jam, user: Any, moment: datetime) -> QuerySet[Announcement]:
    """What was announced in `jam` to `user`, or to everybody, the newest first."""
    return (
        Announcement.objects.due(moment)
        .filter(audiences.announced_to(jam, user, moment), jam=jam)
        .select_related("author")
    )


def written_by(jam: Jam, user: Any) -> QuerySet[Announcement]:
    """What `user` may look after: of organizers all, of others what goes to their own audiences."""
    own = Announcement.objects.filter(jam=jam).select_related("author")
    if jam.is_organized_by(user):
        return own
    condition = Q(pk__in=[])
    for audience in audiences.audiences_of(jam, user) if user.is_authenticated else ():
        condition |= Q(audience=audience.name, audience_of=audience.of)
    return own.filter(condition)


@transaction.atomic
def write(
    *,
    jam: Jam,
    by: User,
    title: str,
    text: str,
    audience: Audience,
    send_at: datetime | None,
    moment: datetime,
) -> Announcement:
    """Write an announcement as a draft, to be sent at `send_at` or, if that is None, at once when
    it is confirmed. Raises Refused."""
    refuse(write_refusal(by, jam, audience.name, audience.of) or time_refusal(send_at, moment))
    announcement = Announcement.objects.create(
        jam=jam,
        author=by,
        title=title,
        text=text,
        audience=audience.name,
        audience_of=audience.of,
        audience_label=str(audience.label),
        send_at=send_at,
        written_at=moment,
    )
    log.record("wrote", announcement, by=by, jam=jam, moment=moment)
    return announcement


@transaction.atomic
def change(
    *,
    announcement: Announcement,
    by: User,
    title: str,
    text: str,
    audience: Audience,
    send_at: datetime | None,
    seen: Seen | None = None,
    moment: datetime,
) -> Announcement:
    """Change an announcement that has not gone out. One that is scheduled stays so, unless its
    time is taken away: then it is a draft again. Raises Refused, and Changed unless it is as it
    was `seen`."""
    it = _locked(announcement)
    refuse(
        change_refusal(by, it, moment)
        or write_refusal(by, it.jam, audience.name, audience.of)
        or time_refusal(send_at, moment)
    )
    if (it.title, it.text, it.audience, it.audience_of, it.send_at) != (
        title, text, audience.name, audience.of, send_at,
    ):  # fmt: skip
        to = Audience(it.audience, it.audience_label, it.audience_of)
        meanwhile.check(seen, meanwhile.of_row(it) | {"audience": to.key})
    before = {"title": it.title, "audience": it.audience_label, "send at": str(it.send_at)}
    it.title, it.text, it.changed_at, it.send_at = title, text, moment, send_at
    it.audience, it.audience_of = audience.name, audience.of
    it.audience_label = str(audience.label)
    if send_at is None:
        it.confirmed_at = None
    it.save()
    after = {"title": it.title, "audience": it.audience_label, "send at": str(it.send_at)}
    log.record("changed", it, by=by, jam=it.jam, before=before, after=after, moment=moment)
    return it


@transaction.atomic
def confirm(*, announcement: Announcement, by: User, moment: datetime) -> Announcement:
    """Have the announcement sent at its time, or at once if it has none. Raises Refused."""
    it = _locked(announcement)
    refuse(confirm_refusal(by, it, moment))
    it.confirmed_at, it.send_at = moment, it.send_at or moment
    it.save(update_fields=["confirmed_at", "send_at"])
    caching.forget()
    log.record("announced", it, by=by, jam=it.jam, after={"to": it.audience_label}, moment=moment)
    return it


@transaction.atomic
def cancel(*, announcement: Announcement, by: User, moment: datetime) -> None:
    """Take the announcement back before it goes out. Raises Refused."""
    it = _locked(announcement)
    refuse(change_refusal(by, it, moment))
    it.cancelled_at = moment
    it.save(update_fields=["cancelled_at"])
    log.record("cancelled", it, by=by, jam=it.jam, moment=moment)


def _locked(announcement: Announcement) -> Announcement:
    found = Announcement.objects.select_related("jam").select_for_update(of=("self",))
    return found.get(pk=announcement.pk)


@dataclass(frozen=True)
class Reach:
    """How many people an announcement is for, and how many of them are mailed."""

    people: int
    mails: int


def reach(announcement: Announcement, moment: datetime) -> Reach:
    """Whom an announcement would reach, sent at `moment`."""
    people = _people(announcement, moment)
    return Reach(people.count(), telling.waiting(people, key=_key(announcement), kind=KIND).count())


def _people(announcement: Announcement, moment: datetime) -> QuerySet[User]:
    it = announcement
    people = audiences.people_in(it.jam, it.audience, it.audience_of, moment)
    # Who joins afterwards reads it on the page.
    later = Participation.objects.filter(
        ~timeline.reached("joined_at", it.send_at or moment), jam=it.jam, user=OuterRef("pk")
    )
    return people.filter(~Exists(later))


def _key(announcement: Announcement) -> str:
    return f"announcement:{announcement.pk}"


def words(announcement: Announcement) -> dict[str, Any]:
    """What the mail of an announcement says."""
    it = announcement
    return {
        "jam": it.jam,
        "subject": it.title,
        "paragraphs": [],
        "markdown": it.text,
        "action_label": _("Open it on the page"),
        "action_path": it.get_absolute_url(),
        "footer": _("From %(who)s, to: %(audience)s.")
        % {"who": it.author, "audience": it.audience_label},
    }


def preview(announcement: Announcement, reader: User) -> dict[str, Any]:
    """The mail as `reader` would get it: what it says, and its text as a whole."""
    said = {name: value for name, value in words(announcement).items() if name != "jam"}
    letter = outbox.letter_to(reader, **said)
    text, _html = outbox.drawn(letter, user=reader, jam=announcement.jam, kind=KIND)
    return {"said": letter, "text": text}


def send_due(moment: datetime) -> int:
    """Write the mails of announcements whose time has come; how many."""
    written = 0
    for announcement in (
        Announcement.objects.due(moment).filter(sent_at=None).select_related("jam", "author")
    ):
        try:
            written += send(announcement, moment)
        except Exception:
            # One that cannot be sent must not keep the others from it.
            logger.exception("announcement %s could not be sent", announcement.pk)
    return written


def send(announcement: Announcement, moment: datetime) -> int:
    """Write the mails of an announcement to those who have none yet, a portion at a time, and note
    when all are there; how many. A run that dies anywhere is taken up by the next."""
    # Under the same lock as changing and cancelling: what has begun is not taken back.
    own = Announcement.objects.filter(pk=announcement.pk)
    own.due(moment).filter(begun_at=None).update(begun_at=moment)
    if not own.filter(begun_at__isnull=False, sent_at=None).exists():
        return 0
    written = 0
    if moment in Window(None, announcement.send_at + NEWS):
        said = words(announcement)
        people = _people(announcement, moment)
        written = telling.tell(
            people, key=_key(announcement), kind=KIND, moment=moment, write=lambda user: said
        )
        if telling.waiting(people, key=_key(announcement), kind=KIND).exists():
            return written
    own.filter(sent_at=None).update(sent_at=moment)
    return written
