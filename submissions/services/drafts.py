"""Writing a submission, handing it in, withdrawing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from jam import caching, log, parts, timeline
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Jam, Participation, User
from sites.models import Place
from submissions import freezing
from submissions.models import Answer, Contributor, Link, Revision, Submission
from submissions.permissions import (
    edit_refusal,
    hand_in_refusal,
    later_refusal,
    start_refusal,
    withdraw_refusal,
)
from submissions.services.teams import locked, tell_team

DRAFT_FIELDS = (
    "title", "abstract", "body", "tags", "licence", "commit", "site", "track", "track_reason",
    "ai_use", "ai_tools",
)  # fmt: skip


class StaleDraft(Exception):
    """Someone saved the draft in between; `submission` is what is there now."""

    def __init__(self, submission: Submission):
        super().__init__(submission.pk)
        self.submission = submission


@transaction.atomic
def start(*, jam: Jam, by: User, shown_at: datetime | None = None, moment: datetime) -> Submission:
    """Begin an empty draft with `by` as its first contributor; what `by` has begun since the form
    was `shown_at` is that draft. Raises Refused."""
    # Two clicks at once come one after the other.
    participations = Participation.objects.select_for_update(no_key=True)
    participation = participations.filter(jam=jam, user=by).first()
    refuse(start_refusal(jam, participation, moment))
    if shown_at and (begun := _begun_since(shown_at, jam, by)):
        return begun
    place = Place.objects.taken(moment).filter(participation=participation).first()
    submission = Submission.objects.create(
        jam=jam,
        site_id=place.site_id if place else None,
        created_at=moment,
        saved_at=moment,
        saved_by=by,
    )
    Contributor.objects.create(
        submission=submission, user=by, affiliation=by.affiliation, confirmed_at=moment
    )
    log.record("started", submission, by=by, jam=jam, moment=moment)
    return submission


def _begun_since(at: datetime, jam: Jam, by: User) -> Submission | None:
    begun = Submission.objects.filter(
        timeline.since("created_at", at),
        jam=jam,
        withdrawn_at=None,
        # Whoever came to the team later did not begin it.
        contributors__in=Contributor.objects.filter(
            user=by, confirmed_at=F("submission__created_at")
        ),
    )
    return begun.order_by("pk").last()


@transaction.atomic
def save_draft(
    *,
    submission: Submission,
    by: User,
    fields: dict[str, Any],
    links: list[dict[str, str]] | None,
    version: int,
    moment: datetime,
    answers: dict[int, str] | None = None,
    part: dict[str, Any] | None = None,
) -> Submission:
    """Write `fields` (some of DRAFT_FIELDS), `links` (None leaves them), `answers` (by the key of
    the question) and the writer's own `part` (affiliation, roles) to the draft; what is not named
    stays.

    `version` is the one that the writer saw. Raises Refused, and StaleDraft where someone else
    saved other words in between; saving what is there already is never stale.
    """
    submission = locked(submission)
    refuse(edit_refusal(by, submission, moment))
    changed = {name: value for name, value in fields.items() if getattr(submission, name) != value}
    if submission.is_frozen:
        # It stands in its track already, whatever is handed in late.
        for name in ("track", "track_reason"):
            changed.pop(name, None)
    there = [
        {"kind": link.kind, "url": link.url, "label": link.label} for link in submission.links.all()
    ]
    links_changed = links is not None and links != there
    answered = {}
    if answers:
        for question, before in submission.asked:
            if answers.get(question.pk, before) != before:
                answered[question.pk] = answers[question.pk]
    own = next(c for c in submission.contributors.all() if c.user_id == by.pk)
    own_changed = [name for name, value in (part or {}).items() if getattr(own, name) != value]
    if not (changed or links_changed or answered or own_changed):
        return submission
    if submission.version != version:
        raise StaleDraft(submission)
    for name, value in changed.items():
        setattr(submission, name, value)
    submission.version += 1
    submission.saved_at, submission.saved_by = moment, by
    submission.save(update_fields=[*changed, "version", "saved_at", "saved_by"])
    if links_changed:
        submission.links.all().delete()
        Link.objects.bulk_create(Link(submission=submission, **link) for link in links)
    if own_changed:
        for name in own_changed:
            setattr(own, name, part[name])
        own.save(update_fields=own_changed)
    if answered:
        submission.answers.filter(question__in=answered).delete()
        Answer.objects.bulk_create(
            Answer(submission=submission, question_id=key, text=text)
            for key, text in answered.items()
            if text
        )
    return Submission.objects.with_content().get(pk=submission.pk)


@transaction.atomic
def hand_in(*, submission: Submission, by: User, moment: datetime) -> Revision:
    """Keep the draft as it is as a revision, and send receipts. Raises Refused.

    Handing in twice what is the same is one revision with one receipt.
    """
    submission = locked(submission)
    refuse(hand_in_refusal(by, submission, moment))
    last = submission.revisions.order_by("-number").first()
    is_late = submission.jam.making_window.is_over(moment)
    origin = Revision.Origin.LATE if is_late else Revision.Origin.HANDED_IN
    revision = freezing.revision_of(submission, last, origin=origin, by=by, moment=moment)
    if revision is last:
        return revision
    revision.save()
    freezing.keep_files([revision])
    if is_late:
        # The jam is closed: what comes by a grant goes straight to the raters.
        # It names the contributors as they are now, corrections included.
        submission.frozen, submission.correction = revision, None
        submission.save(update_fields=["frozen", "correction"])
        parts.submissions_frozen(submission.jam)
        caching.forget()
    freezing.send_receipt(revision, list(submission.contributors.all()), moment)
    log.record(
        "handed in",
        submission,
        by=by,
        jam=submission.jam,
        moment=moment,
        after={"revision": revision.number, "digest": revision.digest},
    )
    return revision


@transaction.atomic
def add_later(*, submission: Submission, by: User, note: str, moment: datetime) -> Revision:
    """Keep the draft as a later revision, beside the one that is rated; `note` says what changed.
    Everybody who sees the submission sees it. Raises Refused.

    What is the same as the last revision is that one.
    """
    submission = locked(submission)
    refuse(later_refusal(by, submission, note, moment))
    last = submission.revisions.order_by("-number").first()
    revision = freezing.revision_of(
        submission, last, origin=Revision.Origin.LATER, by=by, moment=moment
    )
    if revision is last:
        return revision
    revision.note = note.strip()
    revision.save()
    freezing.keep_files([revision])
    caching.forget()
    freezing.send_receipt(revision, list(submission.contributors.all()), moment)
    log.record("added a later revision", submission, by=by, jam=submission.jam,
               after={"revision": revision.number, "digest": revision.digest},
               reason=revision.note, moment=moment)  # fmt: skip
    return revision


@transaction.atomic
def withdraw(*, submission: Submission, by: User, moment: datetime) -> None:
    """Take the submission out of the jam for good; the team is told. Raises Refused."""
    submission = locked(submission)
    refuse(withdraw_refusal(by, submission, moment))
    submission.withdrawn_at = moment
    submission.save(update_fields=["withdrawn_at"])
    caching.forget()
    log.record("withdrew", submission, by=by, jam=submission.jam, moment=moment)
    tell_team(
        submission,
        key=f"withdrawn:{submission.pk}",
        subject=_("“%(title)s” was withdrawn") % {"title": submission},
        text=_("%(name)s withdrew your submission. It takes no further part in the jam.")
        % {"name": by},
        moment=moment,
    )
