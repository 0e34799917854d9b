"""Who rates in a jam, what the rules want to know of them, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jam.models import Jam, Participation
from ratings.models import Judge, Rating, RatingRules, Results, Skip
from submissions.models import Contributor, Submission


@dataclass(frozen=True)
class Rater:
    """A person as the rules of a jam's rating see them."""

    user: Any
    jam: Jam
    rules: RatingRules
    is_organizer: bool = False
    is_judge: bool = False
    is_verified: bool = False
    is_participant: bool = False
    is_contributor: bool = False


FACTS = ("is_organizer", "is_judge", "is_verified", "is_participant", "is_contributor")


def rater_in(jam: Jam, user: Any, *, locked: bool = False) -> Rater:
    """`user` as a rater in `jam`, in one statement; `locked` also locks the jam's row."""
    if not user.is_authenticated:
        return Rater(user, jam, RatingRules.of(jam))
    here = {"jam": OuterRef("pk"), "user_id": user.pk}
    contributions = Contributor.objects.filter(
        user_id=user.pk,
        submission__jam=OuterRef("pk"),
        submission__frozen__isnull=False,
        submission__withdrawn_at=None,
        submission__disqualified_at=None,
    )
    jams = Jam.objects.select_related("rating_rules").annotate(
        is_organizer=Exists(Jam.organizers.through.objects.filter(**here)),
        is_judge=Exists(Judge.objects.filter(**here)),
        is_verified=Exists(EmailAddress.objects.filter(user_id=user.pk, verified=True)),
        is_participant=Exists(Participation.objects.active().filter(**here)),
        is_contributor=Exists(contributions),
    )
    if locked:
        jams = jams.select_for_update(of=("self",))
    found = jams.get(pk=jam.pk)
    facts = {name: getattr(found, name) for name in FACTS}
    return Rater(user, found, RatingRules.of(found), **facts)


def submissions_for(jam: Jam, user: Any) -> QuerySet[Submission]:
    """The frozen submissions of `jam`, each with what decides whether `user` may rate it."""
    pair = {"submission": OuterRef("pk")}
    return (
        Submission.objects.filter(jam=jam, frozen__isnull=False)
        .defer("body")
        .annotate(
            is_own=Exists(Contributor.objects.filter(**pair, user_id=user.pk)),
            is_skipped=Exists(Skip.objects.filter(**pair, rater_id=user.pk)),
            is_counted=Exists(Results.objects.filter(jam=OuterRef("jam"))),
        )
    )


@dataclass(frozen=True)
class Progress:
    """How many submissions a rater has rated, of how many; `left` are still in the queue."""

    rated: int
    wanted: int
    left: int

    @property
    def is_done(self) -> bool:
        return self.rated >= self.wanted


def progress_of(rater: Rater) -> Progress:
    """How far `rater` is; everyone is asked for as many ratings as each submission wants."""
    mine = Rating.objects.complete().filter(submission=OuterRef("pk"), rater_id=rater.user.pk)
    counts = (
        submissions_for(rater.jam, rater.user)
        .in_the_running()
        .filter(is_own=False)
        .annotate(is_rated=Exists(mine))
        .aggregate(
            all=Count("pk"),
            rated=Count("pk", filter=Q(is_rated=True)),
            skipped=Count("pk", filter=Q(is_rated=False, is_skipped=True)),
        )
    )
    return Progress(
        rated=counts["rated"],
        wanted=min(rater.rules.target, counts["all"]),
        left=counts["all"] - counts["rated"] - counts["skipped"],
    )
