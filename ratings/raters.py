"""Who rates in a jam, what the rules want to know of them, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jam.models import Jam, Participation
from ratings.counting import peers_criteria
from ratings.models import (
    Conflict,
    Criterion,
    Example,
    Judge,
    Practice,
    Rating,
    RatingRules,
    Results,
    Skip,
)  # fmt: skip
from sites.models import Place
from submissions.models import Contributor, Revision, Submission


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
    # From the jam.
    is_banned: bool = False
    # How many ratings that the queue gave they have completed.
    drawn: int = 0
    # Whether the jam has an example on which they have not practised, and they have not rated.
    is_to_practise: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether their ratings enter the standings, as `RatingQuerySet.of_counted_raters` has
        it."""
        if self.rules.eligibility == RatingRules.Eligibility.JUDGES:
            return self.is_judge or self.is_organizer
        return not self.is_judge

    @property
    def may_choose(self) -> bool:
        """Whether they may rate what they choose, besides what the queue gives."""
        return self.is_organizer or self.is_judge or self.drawn >= self.rules.queue_first


FACTS = ("is_organizer", "is_judge", "is_verified", "is_participant", "is_contributor", "drawn",
         "is_to_practise", "is_banned")  # fmt: skip


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
    drawn = (
        Rating.objects.complete()
        .filter(rater_id=user.pk, from_queue=True, submission__jam=OuterRef("pk"))
        .order_by()
        .values("rater")
        .annotate(n=Count("pk"))
    )
    jams = (
        Jam.objects.with_reader(user)
        .select_related("rating_rules")
        .annotate(
            drawn=Coalesce(Subquery(drawn.values("n")), 0),
            is_to_practise=Exists(Example.objects.filter(jam=OuterRef("pk")))
            & ~Exists(Practice.objects.filter(**here))
            & ~Exists(Rating.objects.filter(submission__jam=OuterRef("pk"), rater_id=user.pk)),
            is_organizer=F("organized_by_reader"),
            # Who is banned reads no notes and places no awards either.
            is_judge=Exists(Judge.objects.filter(**here)) & Q(bans_reader=False),
            is_verified=Exists(EmailAddress.objects.filter(user_id=user.pk, verified=True)),
            is_participant=Exists(Participation.objects.active().filter(**here)),
            is_contributor=Exists(contributions),
            is_banned=F("bans_reader"),
        )
    )
    if locked:
        jams = jams.select_for_update(of=("self",))
    found = jams.get(pk=jam.pk)
    facts = {name: getattr(found, name) for name in FACTS}
    return Rater(user, found, RatingRules.of(found), **facts)


def own_sites(user: Any) -> QuerySet:
    """The local sites at which `user` has a place."""
    # Also where somebody did not come: they may know who did.
    return Place.objects.unreleased().filter(participation__user=user.pk).values("site")


def with_pieces(submissions: QuerySet[Submission], jam: Jam, user: Any) -> QuerySet[Submission]:
    """Fetch along in which piece of the graph of raters and submissions each is, and `user`, who
    is in none while they hold no place."""
    held = Rating.objects.filter(rater_id=user.pk, holds_place=True, submission__jam=jam)
    return submissions.annotate(
        piece=F("need__piece"), own_piece=Subquery(held.values("submission__need__piece")[:1])
    )


def criteria_for(rater: Rater, criteria: list[Criterion] | None = None) -> list[Criterion]:
    """The criteria that `rater` gives stars on, of those of the jam: what is for judges alone is
    not there for others."""
    if criteria is None:
        criteria = list(rater.jam.criteria.all())
    return criteria if rater.is_judge else peers_criteria(rater.rules, criteria)


def submissions_for(jam: Jam, user: Any) -> QuerySet[Submission]:
    """The frozen submissions of `jam`, each with what decides whether `user` may rate it."""
    pair = {"submission": OuterRef("pk")}
    submissions = (
        Submission.objects.filter(jam=jam, frozen__isnull=False)
        .defer("body")
        .annotate(
            is_own=Exists(Contributor.objects.filter(**pair, user_id=user.pk)),
            is_skipped=Exists(Skip.objects.filter(**pair, rater_id=user.pk)),
            is_conflicted=Exists(Conflict.objects.filter(**pair, rater_id=user.pk)),
            is_of_own_site=Exists(
                Revision.objects.filter(pk=OuterRef("frozen"), site__in=own_sites(user))
            ),
            is_drawn=Exists(Rating.objects.filter(**pair, rater_id=user.pk, from_queue=True)),
            is_counted=Exists(Results.objects.filter(jam=OuterRef("jam"))),
        )
    )
    return with_pieces(submissions, jam, user)


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
    pair = {"submission": OuterRef("pk")}
    by = {**pair, "rater_id": rater.user.pk}
    running = Submission.objects.filter(jam=rater.jam).in_the_running()
    is_barred = Exists(Contributor.objects.filter(**pair, user_id=rater.user.pk)) | Exists(
        Conflict.objects.filter(**by)
    )
    if rater.rules.not_own_site:
        is_barred |= Exists(
            Revision.objects.filter(pk=OuterRef("frozen"), site__in=own_sites(rater.user))
        )
    is_rated = Exists(Rating.objects.complete().filter(**by))
    counts = Jam.objects.filter(pk=rater.jam.pk).values(
        everything=number_of(running),
        barred=number_of(running.filter(is_barred)),
        rated=number_of(running.filter(is_rated).exclude(is_barred)),
        skipped=number_of(
            running.filter(Exists(Skip.objects.filter(**by))).exclude(is_rated | is_barred)
        ),
    )[0]
    there = counts["everything"] - counts["barred"]
    return Progress(
        rated=counts["rated"],
        wanted=min(rater.rules.target, there),
        left=there - counts["rated"] - counts["skipped"],
    )


def number_of(submissions: QuerySet[Submission]) -> Coalesce:
    """How many they are, as an expression over their jam."""
    counted = submissions.order_by().values("jam").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def choosing_from(rater: Rater) -> int:
    """How many ratings of what the queue gives are still to come before free choice."""
    return 0 if rater.may_choose else rater.rules.queue_first - rater.drawn


def ratings_of(jam: Jam, user: Any):
    """The user's own ratings, unfinished ones first, each with how many criteria it has."""
    given = Q(scores__stars__isnull=False) | Q(scores__not_applicable=True)
    return (
        Rating.objects.filter(submission__jam=jam, rater=user)
        .select_related("submission__frozen")
        .defer("submission__body", "submission__frozen__content")
        .annotate(given=Count("scores", filter=given))
        .order_by(F("completed_at").desc(nulls_first=True), "-saved_at", "pk")
    )


def set_aside_by(rater: Rater) -> QuerySet[Submission]:
    """What the rater skipped, or declared a conflict with, and could otherwise rate."""
    by = {"submission": OuterRef("pk"), "rater": rater.user}
    aside = submissions_for(rater.jam, rater.user).in_the_running().select_related("frozen")
    skipped, conflicting = Skip.objects.filter(**by), Conflict.objects.filter(**by)
    return (
        aside.filter(Exists(skipped) | Exists(conflicting))
        .defer("body", "frozen__content")
        .order_by("frozen__title", "pk")[:100]
    )
