"""Who still lacks ratings, and who has begun ratings and not completed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Aggregate, Count, F, Max, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from jam.models import Jam, User
from ratings.models import Conflict, Need, Rating, RatingRules
from submissions.models import Submission


@dataclass(frozen=True)
class Coverage:
    """How far a jam is from its target: submissions in the running, how many of them have as many
    ratings as wanted, or under way, and how many ratings are still needed; people who have rated,
    people who are behind, and conflicts declared."""

    submissions: int
    covered: int
    needed: int
    raters: int
    behind: int
    conflicts: int


def coverage_of(jam: Jam, rules: RatingRules) -> Coverage:
    """The coverage of `jam` in numbers, in one statement."""
    ratings = Rating.objects.filter(submission__jam=jam)
    begun = ratings.filter(completed_at=None, submission__in=in_the_running(jam))
    people = Count("rater", distinct=True)
    numbers = {
        "submissions": number(needs_of(jam), "jam", Count("pk")),
        "covered": number(needs_of(jam).filter(places__gte=rules.target), "jam", Count("pk")),
        "needed": number(needs_of(jam), "jam", Sum(Greatest(rules.target - F("places"), 0))),
        "raters": number(ratings.complete(), "submission__jam", people),
        "behind": number(begun, "submission__jam", people),
        "conflicts": number(
            Conflict.objects.filter(submission__jam=jam), "submission__jam", Count("pk")
        ),
    }
    counted = Jam.objects.filter(pk=jam.pk).values_list(*numbers.values()).get()
    return Coverage(**dict(zip(numbers, counted, strict=True)))


def number(rows: QuerySet, by: str, what: Aggregate) -> Coalesce:
    """An aggregate over all `rows`, as an expression over the jam."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=what).values("n")), 0)


def in_the_running(jam: Jam) -> QuerySet[Submission]:
    return Submission.objects.filter(jam=jam).in_the_running()


def needs_of(jam: Jam) -> QuerySet[Need]:
    """The needs of submissions in the running."""
    return Need.objects.filter(
        jam=jam, submission__withdrawn_at=None, submission__disqualified_at=None
    )


def lacking(jam: Jam, rules: RatingRules) -> QuerySet[Need]:
    """The needs of submissions that have fewer places than wanted, the fewest first."""
    return (
        needs_of(jam)
        .filter(places__lt=rules.target)
        .select_related("submission__frozen")
        .defer("submission__body", "submission__frozen__content")
        .order_by("places", "submission__frozen__title", "pk")
    )


@dataclass(frozen=True)
class Lack:
    """A submission that lacks ratings: how many count, and how many are under way."""

    submission: Submission
    counted: int
    under_way: int


def lacks_of(needs: list[Need], rules: RatingRules) -> list[Lack]:
    """A page of `lacking`, with what their places are."""
    ratings = Rating.objects.filter(submission__in=[need.pk for need in needs], voided_at=None)
    counts = dict(
        ratings.complete()
        .of_counted_raters(rules)
        .order_by()
        .values_list("submission")
        .annotate(n=Count("pk"))
    )
    return [
        Lack(need.submission, n, max(need.places - n, 0))
        for need in needs
        for n in [counts.get(need.pk, 0)]
    ]


def behind(jam: Jam, moment: datetime) -> QuerySet[User]:
    """People who have begun ratings of submissions in the running and not completed them, with
    how many, how many they have completed, and when they last saved one."""
    running = in_the_running(jam)
    of_jam = Q(ratings__submission__in=running)
    return (
        User.objects.filter(
            pk__in=Rating.objects.filter(completed_at=None, submission__in=running).values("rater")
        )
        .annotate(
            begun=Count("ratings", filter=of_jam & Q(ratings__completed_at=None)),
            completed=Count("ratings", filter=of_jam & Q(ratings__completed_at__isnull=False)),
            last_saved=Max("ratings__saved_at", filter=of_jam),
        )
        .order_by("last_saved", "pk")
    )
