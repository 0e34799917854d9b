"""What a submission grew from and what grew from it: as it is kept, and as pages show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jam.models import Idea
from submissions.models import KeptOrigin, Origin, Revision, Submission

# On one page; more are a list of their own, the gallery's.
MOST_SHOWN = 48


def content_of(origins: list[Origin]) -> dict[str, Any]:
    """What a revision keeps of a draft's origins, fetched by `origins_of`; no key without any."""
    kept: dict[str, Any] = {}
    ideas = [
        {"id": origin.idea_id, "title": origin.idea.title, "jam": origin.idea.jam.title}
        for origin in origins
        if origin.idea
    ]
    builds_on = [
        {
            "id": origin.earlier_id,
            "title": origin.earlier.frozen.title,
            "jam": origin.earlier.jam.title,
            "revision": origin.earlier.frozen.number,
            "sha256": origin.earlier.frozen.digest,
        }
        for origin in origins
        if origin.earlier
    ]
    if ideas:
        kept["ideas"] = ideas
    if builds_on:
        kept["builds_on"] = builds_on
    return kept


def keep(revisions: list[Revision]) -> None:
    """Note the origins of revisions that have just been saved."""
    named = {earlier["sha256"] for r in revisions for earlier in r.content.get("builds_on", ())}
    earlier_ones = {}
    if named:
        found = Revision.objects.filter(digest__in=named)
        earlier_ones = {
            (submission, digest): pk
            for pk, submission, digest in found.values_list("pk", "submission", "digest")
        }
    KeptOrigin.objects.bulk_create(
        [
            KeptOrigin(revision=revision, idea_id=idea["id"])
            for revision in revisions
            for idea in revision.content.get("ideas", ())
        ]
        + [
            KeptOrigin(revision=revision, earlier_id=earlier_ones[earlier["id"], earlier["sha256"]])
            for revision in revisions
            for earlier in revision.content.get("builds_on", ())
        ]
    )


@dataclass
class Lineage:
    """Where a submission comes from and what was built on it, for one page."""

    ideas: list[Idea] = field(default_factory=list)
    earlier: list[Submission] = field(default_factory=list)
    later: list[Submission] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.ideas or self.earlier or self.later)


def of(submission: Submission) -> Lineage:
    """The lineage of a submission, as everybody may see it; of a draft, which only its team and
    the organizers see, what it names. One that was fetched by `with_kin` asks only if there is
    any."""
    found = Lineage()
    if not submission.is_frozen:
        for origin in submission.origin_list:
            if origin.idea:
                found.ideas.append(origin.idea)
            else:
                found.earlier.append(origin.earlier)
        return found
    if not getattr(submission, "has_kin", True):
        return found
    own, public = Q(revision=submission.frozen_id), Submission.objects.public()
    shown = Q(idea__withdrawn_at=None, idea__hidden_at=None, idea__isnull=False)
    kept = (
        KeptOrigin.objects.filter(
            (own & shown)
            | (own & Q(earlier__submission__in=public))
            | Q(earlier__submission=submission, revision__frozen_for__in=public)
        )
        .select_related(
            "idea__jam",
            "idea__author",
            "revision__submission__jam",
            "revision__submission__frozen",
            "earlier__submission__jam",
            "earlier__submission__frozen",
        )
        .defer(
            "revision__content",
            "earlier__content",
            "revision__submission__body",
            "earlier__submission__body",
            "revision__submission__frozen__content",
            "earlier__submission__frozen__content",
        )
        .order_by("pk")[:MOST_SHOWN]
    )
    for origin in kept:
        if origin.revision_id != submission.frozen_id:
            found.later.append(origin.revision.submission)
        elif origin.idea:
            found.ideas.append(origin.idea)
        else:
            found.earlier.append(origin.earlier.submission)
    return found


def grown_from(idea: Idea, user: Any, moment: datetime) -> QuerySet[Submission]:
    """The public submissions that grew from an idea, of every jam, as `user` may see them."""
    joined = Q(idea=idea) | Q(idea__merged_into=idea)
    grown = KeptOrigin.objects.filter(joined, revision=OuterRef("frozen"))
    return (
        Submission.objects.public()
        .filter(Exists(grown))
        .shown_across_jams(user, moment)
        .select_related("jam")
        .defer("body", "frozen__content")
        .order_by("frozen__title", "pk")
    )


def came_of() -> Coalesce:
    """An expression over an idea: how many public submissions grew from it."""
    public = Submission.objects.public()
    ideas = Idea.objects.joined_in(2)
    grown = KeptOrigin.objects.filter(idea__in=ideas, revision__frozen_for__in=public)
    return _counted(grown, "revision")


def teams_on() -> Coalesce:
    """An expression over an idea: how many teams have said that they take it up."""
    claims = Origin.objects.filter(idea__in=Idea.objects.joined_in(2), claimed_at__isnull=False)
    return _counted(claims.filter(submission__withdrawn_at=None), "submission")


def _counted(rows: QuerySet, by: str) -> Coalesce:
    # Ideas that are joined are of one jam, so this is one group.
    counted = rows.order_by().values("idea__jam").annotate(n=Count(by, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
