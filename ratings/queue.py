"""The queue: which submission a rater is given next, and whose places are taken.

What each frozen submission needs is kept in `Need`, so that the next one is found by an index
however large the jam is. All that is written here is written under the lock on the jam.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from jam import bulk, timeline
from jam.errors import refuse
from jam.models import Jam, User
from ratings.models import UNDER_WAY, Conflict, Need, Rating, RatingRules, Skip
from ratings.permissions import draw_refusal
from ratings.raters import Rater, own_sites, rater_in, submissions_for, with_pieces
from ratings.tally import agreement
from ratings.tally.variances import Design
from submissions.models import Contributor, Submission

# A piece that may have come apart is looked at anew at once where so many places are taken; in a
# larger jam by the sweep.
AT_ONCE = 5_000


@transaction.atomic
def next_submission(
    jam: Jam, rater: User, moment: datetime, after: Submission | None = None
) -> Submission | None:
    """Give `rater` the next submission to rate, and keep the place by beginning the rating.

    What they have begun comes first; then what a judge was given by hand; then the one with the
    fewest ratings, counted or under way. `after` is what they have just been at, and do not want at
    once again. None if none is left. Raises Refused.
    """
    # Under the lock, so that no two raters are given the same place.
    asking = rater_in(jam, rater, locked=True)
    refuse(draw_refusal(asking, moment))
    give_back_lapsed(asking.jam, moment)
    begun = begun_by(asking)
    rating = (begun.exclude(submission=after.pk) if after else begun).first()
    if rating is None:
        submission = given_by_hand(asking, after) or neediest(asking, after)
        if submission is None and not Need.objects.filter(jam=asking.jam).exists():
            # What was frozen before there was a queue, or brought in otherwise.
            rebuild(asking.jam, moment)
            submission = neediest(asking, after)
        if submission is None:
            return None
        rating = Rating(submission=submission, rater=rater, from_queue=True,
                        started_at=moment, saved_at=moment)  # fmt: skip
        take(rating, asking, submission)
        rating.save()
    elif not rating.holds_place:
        take(rating, asking, submissions_for(asking.jam, rater).get(pk=rating.submission_id))
        rating.save(update_fields=["holds_place"])
    return rating.submission


def begun_by(rater: Rater) -> QuerySet[Rating]:
    """What `rater` has begun and can go on with, the oldest first."""
    pair = {"submission": OuterRef("submission")}
    by = {**pair, "rater": rater.user.pk}
    return (
        Rating.objects.filter(
            ~Exists(Skip.objects.filter(**by)),
            ~Exists(Conflict.objects.filter(**by)),
            ~Exists(Contributor.objects.filter(**pair, user=rater.user.pk)),
            rater=rater.user,
            completed_at=None,
            submission__in=Submission.objects.filter(jam=rater.jam).in_the_running(),
        )
        .select_related("submission")
        .only("saved_at", "holds_place", "submission__jam", "rater")
        .order_by("saved_at", "pk")
    )


def open_to(rater: Rater) -> QuerySet[Submission]:
    """What `rater` may be given and has not begun, the one with the fewest places taken first;
    of equal ones by chance."""
    pair = {"submission": OuterRef("pk")}
    by = {**pair, "rater": rater.user.pk}
    submissions = Submission.objects.filter(
        ~Exists(Rating.objects.filter(**by)),
        ~Exists(Skip.objects.filter(**by)),
        ~Exists(Conflict.objects.filter(**by)),
        ~Exists(Contributor.objects.filter(**pair, user=rater.user.pk)),
        need__jam=rater.jam,
        withdrawn_at=None,
        disqualified_at=None,
    )
    if rater.rules.not_own_site:
        submissions = submissions.exclude(frozen__site__in=own_sites(rater.user))
    return with_pieces(submissions, rater.jam, rater.user).order_by("need__places", "need__ticket")


def given_by_hand(rater: Rater, after: Submission | None = None) -> Submission | None:
    """What a judge was given by a coordinator and has not begun, the earliest first."""
    if not rater.is_judge:
        return None
    waiting = open_to(rater).filter(
        judge_assignments__judge__user=rater.user.pk, judge_assignments__judge__jam=rater.jam
    )
    if after:
        waiting = waiting.exclude(pk=after.pk)
    return waiting.order_by("judge_assignments__given_at", "judge_assignments__pk").first()


def neediest(rater: Rater, after: Submission | None = None) -> Submission | None:
    """The one with the fewest places taken; of equal ones, one that ties the rater's piece of the
    graph of raters and submissions to another piece, if there is one; else by chance."""
    waiting = open_to(rater).only("jam")
    if after:
        waiting = waiting.exclude(pk=after.pk)
    least = waiting.annotate(places=F("need__places")).first()
    if least is None:
        return None
    mine = least.own_piece
    if mine is None or least.piece != mine or not has_other_pieces(rater.jam, mine):
        return least
    return waiting.filter(need__places=least.places).exclude(need__piece=mine).first() or least


def has_other_pieces(jam: Jam, piece: int) -> bool:
    """Whether not all submissions are in `piece`."""
    return Need.objects.filter(jam=jam).exclude(piece=piece).exists()


def take(rating: Rating, rater: Rater, submission: Submission) -> None:
    """Count `rating`, which is saved by the caller, among the places of its submission, which
    knows its piece and the rater's (`with_pieces`)."""
    if rating.holds_place or not rater.is_counted or submission.piece is None:
        return
    rating.holds_place = True
    if submission.own_piece not in (None, submission.piece):
        join(rater.jam, submission.own_piece, submission.piece)
    Need.objects.filter(pk=submission.pk).update(places=F("places") + 1, ticket=new_ticket())


def join(jam: Jam, one: int, other: int) -> None:
    """Make one piece of two: the smaller takes the name of the larger."""
    needs = Need.objects.filter(jam=jam)
    small, large = sorted((one, other), key=lambda piece: needs.filter(piece=piece).count())
    needs.filter(piece=small).update(piece=large)


def give_back(ratings: Iterable[Rating], jam: Jam) -> None:
    """Free the places that `ratings` hold."""
    freed = [rating for rating in ratings if rating.holds_place]
    if not freed:
        return
    for rating in freed:
        Need.objects.filter(submission=rating.submission_id).update(
            places=F("places") - 1, ticket=new_ticket()
        )
        rating.holds_place = False
    Rating.objects.filter(pk__in=[rating.pk for rating in freed]).update(holds_place=False)
    # What nobody holds any more stands alone; all else may have come apart.
    alone = Need.objects.filter(submission__in=[r.submission_id for r in freed], places=0)
    for need in alone:
        Need.objects.filter(pk=need.pk).update(piece=new_piece())
    others = {rating.submission_id for rating in freed} - {need.pk for need in alone}
    holding = Rating.objects.filter(rater__in=[r.rater_id for r in freed], holds_place=True)
    if others and holding.filter(submission__jam=jam).exists():
        rules = RatingRules.objects.filter(jam=jam)
        if Rating.objects.filter(submission__jam=jam, holds_place=True)[AT_ONCE:].exists():
            rules.update(pieces_are_stale=True)
        else:
            find_pieces(jam)


def give_back_lapsed(jam: Jam, moment: datetime) -> None:
    """Free the places on which nothing has been done for long."""
    lapsed = Rating.objects.filter(
        timeline.reached("saved_at", moment, after=UNDER_WAY),
        submission__jam=jam,
        completed_at=None,
        holds_place=True,
    )
    give_back(list(lapsed), jam)


def enter(jam: Jam) -> None:
    """Have the queue know the frozen submissions that it does not know yet."""
    new = Submission.objects.filter(jam=jam, frozen__isnull=False, need=None)
    Need.objects.bulk_create(
        (
            Need(submission_id=pk, jam=jam, piece=new_piece(), ticket=new_ticket())
            for pk in new.values_list("pk", flat=True)
        ),
        batch_size=2000,
    )


@transaction.atomic
def rebuild(jam: Jam, moment: datetime) -> None:
    """Count all places anew from the ratings: after judges were named, or rows came otherwise."""
    Jam.objects.select_for_update().get(pk=jam.pk)
    enter(jam)
    ratings = Rating.objects.filter(submission__jam=jam)
    active = ratings.complete().filter(voided_at=None) | ratings.under_way(moment)
    holding = set(active.of_counted_raters(RatingRules.of(jam)).values_list("pk", flat=True))
    held_before = set(ratings.filter(holds_place=True).values_list("pk", flat=True))
    for keys, holds in ((holding - held_before, True), (held_before - holding, False)):
        for some in batched(sorted(keys), 5_000):
            Rating.objects.filter(pk__in=some).update(holds_place=holds)
    find_pieces(jam)


@transaction.atomic
def mend(jam: Jam) -> None:
    """Name the connected pieces of a jam anew, under its lock."""
    find_pieces(Jam.objects.select_for_update().get(pk=jam.pk))


def find_pieces(jam: Jam) -> None:
    """Count the places and name the connected pieces anew, from the places that are held."""
    held = Rating.objects.filter(submission__jam=jam, holds_place=True)
    pairs = bulk.fetch(held.values_list("submission_id", "rater_id"))
    rated, e = np.unique(pairs[:, 0], return_inverse=True)
    _people, r = np.unique(pairs[:, 1], return_inverse=True)
    design = Design.of(e, r)
    piece = agreement.pieces(design) if len(pairs) else np.empty(0, dtype=int)
    names = [new_piece() for _ in range(int(piece.max(initial=-1)) + 1)]
    known = {
        pk: (n, names[k])
        for pk, n, k in zip(rated.tolist(), design.n_e.tolist(), piece.tolist(), strict=True)
    }
    needs = list(Need.objects.filter(jam=jam))
    for need in needs:
        need.places, need.piece = known.get(need.pk) or (0, new_piece())
    # Made anew: twenty times as quick as changing them one by one.
    Need.objects.filter(jam=jam).delete()
    Need.objects.bulk_create(needs, batch_size=2_000)
    RatingRules.objects.filter(jam=jam).update(pieces_are_stale=False)


def batched(keys: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def new_piece() -> int:
    return secrets.randbits(62)


def new_ticket() -> float:
    return random.random()  # noqa: S311
