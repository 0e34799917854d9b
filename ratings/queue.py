"""The queue: which submission a rater is given next."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Random

from jam.errors import refuse
from jam.models import Jam, User
from ratings.models import Rating
from ratings.permissions import queue_refusal
from ratings.raters import Rater, rater_in, submissions_for
from submissions.models import Submission


@transaction.atomic
def next_submission(
    jam: Jam, rater: User, moment: datetime, after: Submission | None = None
) -> Submission | None:
    """Give `rater` the next submission to rate, and keep the place by beginning the rating.

    What they have begun comes first; then the one with the fewest ratings, given or under way.
    `after` is what they have just been at, and do not want at once again. None if none is left.
    Raises Refused.
    """
    # Under the lock, so that no two raters are given the same place.
    asking = rater_in(jam, rater, locked=True)
    refuse(queue_refusal(asking, moment))
    waiting = waiting_for(asking, moment)
    submission = waiting.exclude(pk=after.pk).first() if after else waiting.first()
    if submission is not None and not submission.is_begun:
        Rating.objects.create(
            submission=submission, rater=rater, from_queue=True, started_at=moment, saved_at=moment
        )
    return submission


def waiting_for(rater: Rater, moment: datetime) -> QuerySet[Submission]:
    """What `rater` may be given, in the order of need; ties in random order."""
    ratings = Rating.objects.filter(submission=OuterRef("pk"))
    own = ratings.filter(rater_id=rater.user.pk)
    # Two counts, each of which an index of its own answers.
    given = number_of(ratings.complete().of_counted_raters(rater.rules))
    begun = number_of(ratings.under_way(moment))
    return (
        submissions_for(rater.jam, rater.user)
        .in_the_running()
        .filter(~Exists(own.complete()), is_own=False, is_skipped=False)
        .annotate(is_begun=Exists(own), places=given + begun)
        .order_by("-is_begun", "places", Random())
    )


def number_of(ratings: QuerySet[Rating]) -> Coalesce:
    counted = ratings.order_by().values("submission").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), 0)
