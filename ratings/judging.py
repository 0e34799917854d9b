"""Judges: naming them, links for those without an account, work given by hand, their notes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from jam import log, timeline
from jam.errors import refuse
from jam.models import Jam, User
from jam.roles import Right, may
from ratings import queue
from ratings.models import Conflict, Judge, JudgeAssignment, JudgeLink, JudgeNote, Rating
from ratings.permissions import judges_refusal
from ratings.raters import Rater, rater_in, submissions_for
from submissions.models import Contributor, Submission

# How long a link holds: as it is made, and at most.
DAYS, MOST_DAYS = 30, 120
MOST_NAME = 80
MOST_JUDGES = 300
LONGEST_NOTE = 4000


class JudgingRefusal(TextChoices):
    """Why somebody may not name judges, give them work, or read their notes."""

    NOT_COORDINATOR = "not_coordinator", _("Only those who coordinate judges may do that.")
    CLOSED = "closed", _("Rating has closed, so that who judges cannot change any more.")
    TOO_MANY = "too_many", _("A jam has room for 300 judges.")
    NO_NAME = "no_name", _("Write whose link it is, in at most 80 characters.")
    BAD_DAYS = "bad_days", _("A link holds for 1 to 120 days.")
    NO_LINK = "no_link", _("This judge has no link that holds.")
    HAS_ACCOUNT = "has_account", _("This judge signs in with an account and needs no link.")
    HAS_RATED = "has_rated", _("This judge has rated. Their ratings would count as a peer’s.")
    OUT_OF_RUNNING = "out_of_running", _("This submission is not in the running.")
    OWN = "own", _("It is their own submission. Give it to another judge.")
    CONFLICT = "conflict", _("They declared a conflict of interest. Give it to another judge.")
    ALREADY = "already", _("It is so already.")
    NOT_JUDGE = "not_judge", _("Only judges and those who coordinate them read these notes.")
    NOT_CLOSED = "not_closed", _("Judges write to each other once rating has closed.")
    OWN_WORK = "own_work", _("This is your own submission. Others talk about it.")
    OWN_CONFLICT = "own_conflict", _("You declared a conflict of interest. Others talk about it.")
    DECIDED = "decided", _("The results are out, so that notes are only read.")
    NO_WORDS = "no_words", _("Write something first, 4,000 characters at most.")


def coordinate_refusal(user: User, jam: Jam) -> JudgingRefusal | None:
    """Why `user` may not see how far the judges of `jam` are, and give them work."""
    return None if may(user, jam, Right.JUDGES) else JudgingRefusal.NOT_COORDINATOR


def change_refusal(user: User, jam: Jam, moment: datetime) -> JudgingRefusal | None:
    """Why `user` may not name judges, or take them off."""
    if refusal := coordinate_refusal(user, jam):
        return refusal
    return JudgingRefusal.CLOSED if judges_refusal(jam, moment) else None


def link_refusal(
    user: User, jam: Jam, name: str, days: int, moment: datetime
) -> JudgingRefusal | None:
    """Why `user` may not make a link for somebody new, in the name `name`, that holds for so many
    `days`."""
    if refusal := renew_refusal(user, jam, days, moment):
        return refusal
    if not 0 < len(name.strip()) <= MOST_NAME:
        return JudgingRefusal.NO_NAME
    return JudgingRefusal.TOO_MANY if jam.judges.count() >= MOST_JUDGES else None


def renew_refusal(user: User, jam: Jam, days: int, moment: datetime) -> JudgingRefusal | None:
    """Why `user` may not make another link for somebody who judges, that holds for so many
    `days`."""
    if refusal := change_refusal(user, jam, moment):
        return refusal
    return None if 1 <= days <= MOST_DAYS else JudgingRefusal.BAD_DAYS


def off_refusal(user: User, judge: Judge, moment: datetime) -> JudgingRefusal | None:
    """Why `user` may not have `judge` be none any more."""
    if refusal := change_refusal(user, judge.jam, moment):
        return refusal
    rated = Rating.objects.complete().filter(submission__jam=judge.jam_id, rater=judge.user_id)
    return JudgingRefusal.HAS_RATED if rated.exists() else None


def assign_refusal(
    user: User, judge: Judge, submission: Submission | None, moment: datetime
) -> JudgingRefusal | None:
    """Why `user` may not give `submission` to `judge`; it comes from `submissions_for` the judge,
    and is None where it is not in the running."""
    if refusal := change_refusal(user, judge.jam, moment):
        return refusal
    if submission is None:
        return JudgingRefusal.OUT_OF_RUNNING
    if submission.is_own:
        return JudgingRefusal.OWN
    return JudgingRefusal.CONFLICT if submission.is_conflicted else None


def notes_refusal(rater: Rater, moment: datetime) -> JudgingRefusal | None:
    """Why this person may not read what judges say to each other. Until rating has closed nobody
    does: it would lead those who still rate."""
    if not (rater.is_judge or may(rater.user, rater.jam, Right.DELIBERATE)):
        return JudgingRefusal.NOT_JUDGE
    return None if rater.jam.rating_window.is_over(moment) else JudgingRefusal.NOT_CLOSED


def note_refusal(rater: Rater, submission: Submission, moment: datetime) -> JudgingRefusal | None:
    """Why this person may not read what judges say about `submission`, from `submissions_for`."""
    if refusal := notes_refusal(rater, moment):
        return refusal
    if submission.is_own:
        return JudgingRefusal.OWN_WORK
    return JudgingRefusal.OWN_CONFLICT if submission.is_conflicted else None


def write_refusal(
    rater: Rater, submission: Submission, text: str, moment: datetime
) -> JudgingRefusal | None:
    """Why this person may not write `text` about `submission`."""
    if refusal := note_refusal(rater, submission, moment):
        return refusal
    if timeline.results_due(rater.jam, moment):
        return JudgingRefusal.DECIDED
    return None if 0 < len(text.strip()) <= LONGEST_NOTE else JudgingRefusal.NO_WORDS


# -- naming ------------------------------------------------------------------------------------


def name_judge(*, jam: Jam, user: User, by: User, moment: datetime) -> Judge:
    """Have `user` judge, as they were invited to; twice is as once. Whether they may was asked."""
    judge, is_new = Judge.objects.get_or_create(jam=jam, user=user)
    if is_new:
        queue.rebuild(jam, moment)
        log.record("named a judge", judge, by=by, jam=jam, moment=moment)
    return judge


@transaction.atomic
def take_off(*, judge: Judge, by: User, moment: datetime) -> None:
    """Have somebody who has rated nothing judge no more. Raises Refused."""
    judge = Judge.objects.select_for_update(of=("self",)).select_related("jam", "user").get(
        pk=judge.pk
    )  # fmt: skip
    refuse(off_refusal(by, judge, moment))
    log.record("took a judge off", judge, by=by, jam=judge.jam, moment=moment)
    _end_sessions(judge)
    judge.delete()
    queue.rebuild(judge.jam, moment)


# -- links -------------------------------------------------------------------------------------


def digest_of(secret: str) -> str:
    """What a link's secret is known by."""
    return hashlib.sha256(secret.encode()).hexdigest()


def found_by(secret: str, moment: datetime) -> JudgeLink | None:
    """The link with this secret, if it opens something."""
    live = JudgeLink.objects.live(moment).select_related("judge__jam", "judge__user")
    return live.filter(digest=digest_of(secret)).first()


@transaction.atomic
def invite_by_link(
    *, jam: Jam, by: User, name: str, days: int = DAYS, shown_at: datetime | None = None,
    moment: datetime,
) -> tuple[JudgeLink, str]:  # fmt: skip
    """Let whoever gets the link judge under `name`, without an account; the link, and its secret,
    which is nowhere else. One that `by` has made under that name since the form was `shown_at`, and
    that nobody has opened, holds no more, since nobody has seen its secret. Raises Refused."""
    jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    if shown_at and (judge := _linked_since(shown_at, jam, by, name.strip())):
        return renew_link(judge=judge, by=by, days=days, moment=moment)
    refuse(link_refusal(by, jam, name, days, moment))
    # Nobody signs in with it: it has no password, and no mail reaches it.
    user = User.objects.create_user(
        email=User.unreachable_address(f"judge-{secrets.token_hex(12)}"),
        display_name=name.strip(),
    )
    judge = name_judge(jam=jam, user=user, by=by, moment=moment)
    return _new_link(judge, by, days, moment)


def _linked_since(at: datetime, jam: Jam, by: User, name: str) -> Judge | None:
    made = JudgeLink.objects.filter(
        timeline.since("made_at", at), revoked_at=None, used_at=None, made_by=by
    )
    judges = Judge.objects.filter(jam=jam, user__display_name=name, links__in=made)
    return judges.select_related("jam", "user").first()


@transaction.atomic
def renew_link(
    *, judge: Judge, by: User, days: int = DAYS, moment: datetime
) -> tuple[JudgeLink, str]:
    """Make a new link for a judge who came by one; an older one holds no more. Raises Refused."""
    refuse(renew_refusal(by, judge.jam, days, moment))
    refuse(None if judge.links.exists() else JudgingRefusal.HAS_ACCOUNT)
    _revoke(judge, by, moment)
    return _new_link(judge, by, days, moment)


def _new_link(judge: Judge, by: User, days: int, moment: datetime) -> tuple[JudgeLink, str]:
    secret = secrets.token_urlsafe(32)
    link = JudgeLink.objects.create(
        judge=judge,
        digest=digest_of(secret),
        made_by=by,
        made_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    log.record("made a judge’s link", link, by=by, jam=judge.jam, moment=moment,
               after={"holds until": link.expires_at})  # fmt: skip
    return link, secret


@transaction.atomic
def revoke_link(*, judge: Judge, by: User, moment: datetime) -> None:
    """End a link and whatever it has opened, at once; what was rated stays. Raises Refused."""
    refuse(coordinate_refusal(by, judge.jam))
    refuse(None if _revoke(judge, by, moment) else JudgingRefusal.NO_LINK)


def _revoke(judge: Judge, by: User, moment: datetime) -> bool:
    link = judge.links.select_for_update().filter(revoked_at=None).first()
    if link is None:
        return False
    link.revoked_at = moment
    link.save(update_fields=["revoked_at"])
    _end_sessions(judge)
    log.record("revoked a judge’s link", link, by=by, jam=judge.jam, moment=moment)
    return True


def _end_sessions(judge: Judge) -> None:
    """Of somebody who has no account but the link."""
    if judge.links.exists():
        sessions = UserSession.objects.filter(user=judge.user_id)
        keys = list(sessions.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        sessions.delete()


def use(*, link: JudgeLink, moment: datetime) -> None:
    """Note that a link was opened for the first time."""
    if JudgeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=moment):
        log.record("opened a judge’s link", link, by=link.judge.user, jam=link.judge.jam,
                   moment=moment)  # fmt: skip


# -- work --------------------------------------------------------------------------------------


@transaction.atomic
def assign(*, judge: Judge, submissions: Iterable[int], by: User, moment: datetime) -> int:
    """Give submissions, by their keys, to a judge, who is given them before what the queue gives;
    how many were new. Raises Refused, and then nothing is given."""
    refuse(change_refusal(by, judge.jam, moment))
    wanted = list(dict.fromkeys(submissions))
    running = submissions_for(judge.jam, judge.user).in_the_running()
    found = {each.pk: each for each in running.filter(pk__in=wanted)}
    held = set(judge.assignments.values_list("submission", flat=True))
    new = [pk for pk in wanted if pk not in held]
    for pk in new:
        submission = found.get(pk)
        refuse(assign_refusal(by, judge, submission, moment))
        JudgeAssignment.objects.create(
            judge=judge, submission=submission, given_by=by, given_at=moment
        )
        log.record("gave to a judge", submission, by=by, jam=judge.jam, moment=moment,
                   after={"judge": judge.user_id})  # fmt: skip
    return len(new)


@transaction.atomic
def unassign(*, judge: Judge, submission: int, by: User, moment: datetime) -> None:
    """Take back a submission that a judge was given; a rating of it stays. Raises Refused."""
    refuse(coordinate_refusal(by, judge.jam))
    given = judge.assignments.filter(submission=submission).select_related("submission").first()
    refuse(JudgingRefusal.ALREADY if given is None else None)
    given.delete()
    log.record("took from a judge", given.submission, by=by, jam=judge.jam, moment=moment,
               before={"judge": judge.user_id})  # fmt: skip


def given_to(jam: Jam, user: User) -> QuerySet[JudgeAssignment]:
    """What `user` was given by hand, each with whether they have rated it (`is_rated`), begun it,
    or stand in a conflict with it."""
    pair = {"submission": OuterRef("submission"), "rater": user.pk}
    own = Contributor.objects.filter(submission=OuterRef("submission"), user=user.pk)
    return (
        JudgeAssignment.objects.filter(judge__jam=jam, judge__user=user.pk)
        .annotate(
            is_rated=Exists(Rating.objects.complete().filter(**pair)),
            is_begun=Exists(Rating.objects.filter(**pair)),
            is_conflicted=Exists(Conflict.objects.filter(**pair)) | Exists(own),
        )
        .select_related("submission__frozen")
        .defer("submission__body", "submission__frozen__content")
    )


def progress_of(jam: Jam) -> QuerySet[Judge]:
    """The judges of `jam`, each with how far they are, in counts alone: `given` by hand, `done` of
    these, `completed` and `begun` of all, `conflicts`, `last_saved`; and with a link `holds_until`
    or `was_revoked`."""
    running = Submission.objects.filter(jam=jam).in_the_running().values("pk")
    ratings = Rating.objects.filter(rater=OuterRef("user"), submission__in=running)
    given = JudgeAssignment.objects.filter(judge=OuterRef("pk"), submission__in=running)
    rated = Rating.objects.complete().filter(
        submission=OuterRef("submission"), rater=OuterRef("judge__user")
    )
    conflicts = Conflict.objects.filter(rater=OuterRef("user"), submission__jam=jam)
    latest = JudgeLink.objects.filter(judge=OuterRef("pk")).order_by("-made_at", "-pk")
    return (
        jam.judges.select_related("user")
        .annotate(
            given=_counted(given, "judge"),
            done=_counted(given.filter(Exists(rated)), "judge"),
            completed=_counted(ratings.complete(), "rater"),
            begun=_counted(ratings.filter(completed_at=None), "rater"),
            conflicts=_counted(conflicts, "rater"),
            last_saved=Subquery(
                ratings.order_by().values("rater").annotate(at=Max("saved_at")).values("at")
            ),
            holds_until=Subquery(latest.values("expires_at")[:1]),
            was_revoked=Subquery(latest.values("revoked_at")[:1]),
            was_used=Subquery(latest.values("used_at")[:1]),
        )
        .order_by("user__display_name", "pk")
    )


def _counted(rows: QuerySet, by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)


# -- notes -------------------------------------------------------------------------------------


def deliberated(rater: Rater) -> QuerySet[Submission]:
    """What judges talk about: what is in the running and neither this person's own nor in conflict
    with them, each with how many `notes` there are, and when the `latest` was written."""
    running = submissions_for(rater.jam, rater.user).in_the_running()
    return (
        running.filter(is_own=False, is_conflicted=False)
        .annotate(notes=Count("judge_notes"), latest=Max("judge_notes__written_at"))
        .select_related("frozen")
        .defer("body", "frozen__content")
    )


@transaction.atomic
def write(*, submission: Submission, by: User, text: str, moment: datetime) -> JudgeNote:
    """Write a note about `submission` for the other judges. Raises Refused."""
    rater = rater_in(submission.jam, by, locked=True)
    submission = submissions_for(rater.jam, by).get(pk=submission.pk)
    refuse(write_refusal(rater, submission, text, moment))
    note = submission.judge_notes.create(author=by, text=text.strip(), written_at=moment)
    log.record("wrote a judges’ note", note, by=by, jam=rater.jam, moment=moment)
    return note
