"""Saying where a submission comes from, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from jam import caching, log
from jam.errors import refuse
from jam.models import Idea, User
from submissions.models import Continuation, Origin, Submission
from submissions.permissions import (
    MOST_CONTINUATIONS,
    MOST_ORIGINS,
    ContinuationRefusal,
    OriginRefusal,
    continue_refusal,
    origins_refusal,
)
from submissions.services.drafts import start
from submissions.services.teams import locked


@transaction.atomic
def choose_origins(
    *,
    submission: Submission,
    by: User,
    add: Iterable[tuple[str, int]],
    remove: Iterable[tuple[str, int]] = (),
    moment: datetime,
) -> None:
    """Name ideas and earlier submissions that the draft comes from, each as ("idea" or "earlier",
    key), and stop naming others. Raises Refused."""
    submission = locked(submission)
    refuse(origins_refusal(by, submission, moment))
    there = {
        ("idea", origin.idea_id) if origin.idea_id else ("earlier", origin.earlier_id): origin.pk
        for origin in submission.origins.all()
    }
    new = [key for key in dict.fromkeys(add) if key not in there]
    gone = [there[key] for key in set(remove) if key in there]
    if not new and not gone:
        return
    wanted = {kind: [pk for k, pk in new if k == kind] for kind in ("idea", "earlier")}
    found = ideas_to_choose().filter(pk__in=wanted["idea"]).count()
    found += works_to_choose(submission, moment).filter(pk__in=wanted["earlier"]).count()
    if found < len(new):
        refuse(OriginRefusal.GONE)
    if len(there) - len(gone) + len(new) > MOST_ORIGINS:
        refuse(OriginRefusal.TOO_MANY)
    submission.origins.filter(pk__in=gone).delete()
    Origin.objects.bulk_create(
        Origin(submission=submission, **{f"{kind}_id": pk}) for kind, pk in new
    )
    submission.saved_at, submission.saved_by = moment, by
    submission.save(update_fields=["saved_at", "saved_by"])


@transaction.atomic
def take_up(*, idea: Idea, submission: Submission | None, by: User, moment: datetime) -> Submission:
    """Name the idea as one that the draft grew from, and let everybody know that a team is on it;
    None begins one. Twice with a draft is as once. Raises Refused."""
    if submission is None:
        submission = start(jam=idea.jam, by=by, moment=moment)
    submission = locked(submission)
    refuse(origins_refusal(by, submission, moment))
    there = submission.origins.filter(idea=idea).first()
    if there is None:
        choose_origins(submission=submission, by=by, add=[("idea", idea.pk)], moment=moment)
        there = submission.origins.get(idea=idea)
    if there.claimed_at is None and idea.jam_id == submission.jam_id:
        there.claimed_at = moment
        there.save(update_fields=["claimed_at"])
        log.record("took up an idea", submission, by=by, jam=submission.jam, moment=moment,
                   after={"idea": idea.pk})  # fmt: skip
    return submission


@transaction.atomic
def give_up(*, idea: Idea, submission: Submission, by: User, moment: datetime) -> None:
    """Let nobody think any more that this team is on the idea; the draft goes on naming it. Twice
    is as once. Raises Refused."""
    submission = locked(submission)
    refuse(origins_refusal(by, submission, moment))
    joined = Q(idea=idea) | Q(idea__merged_into=idea)
    if submission.origins.filter(joined, claimed_at__isnull=False).update(claimed_at=None):
        log.record("gave up an idea", submission, by=by, jam=submission.jam, moment=moment,
                   after={"idea": idea.pk})  # fmt: skip


def ideas_to_choose():
    """Ideas that a draft may name: those of every jam that everybody sees."""
    return Idea.objects.listed().filter(jam__published_at__isnull=False)


def works_to_choose(submission: Submission, moment: datetime):
    """Submissions that a draft may build on: what is frozen and public, of every jam. Not as long
    as names are hidden: their hashes, which a revision keeps, would prove a guess."""
    return Submission.objects.public().told_by(moment).exclude(pk=submission.pk)


@transaction.atomic
def add_continuation(
    *,
    submission: Submission,
    by: User,
    kind: str,
    title: str,
    url: str,
    year: int,
    moment: datetime,
) -> Continuation:
    """Say on the submission's page where it led. Raises Refused."""
    submission = locked(submission)
    refuse(continue_refusal(by, submission, moment))
    there = submission.continuations.values_list("url", flat=True)
    if url in there:
        refuse(ContinuationRefusal.ALREADY)
    if len(there) >= MOST_CONTINUATIONS:
        refuse(ContinuationRefusal.TOO_MANY)
    added = Continuation.objects.create(
        submission=submission, kind=kind, title=title, url=url, year=year, added_by=by,
        added_at=moment,
    )  # fmt: skip
    caching.forget()
    log.record("continued", submission, by=by, jam=submission.jam, moment=moment,
               after={"kind": kind, "title": title, "url": url, "year": year})  # fmt: skip
    return added


@transaction.atomic
def remove_continuation(*, submission: Submission, by: User, pk: int, moment: datetime) -> None:
    """Take it from the page again; twice is as once. Raises Refused."""
    submission = locked(submission)
    refuse(continue_refusal(by, submission, moment))
    found = submission.continuations.filter(pk=pk).first()
    if found is None:
        return
    before = {"kind": found.kind, "title": found.title, "url": found.url, "year": found.year}
    found.delete()
    caching.forget()
    log.record("removed a continuation", submission, by=by, jam=submission.jam, before=before,
               moment=moment)  # fmt: skip
