"""Every write of the ratings app: a verb, keyword-only, one transaction, `moment` last.

Saving a rating is not put into the log of acts: the row says who and when, what it holds is
secret, and there are thousands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jam import log
from jam.errors import refuse
from jam.models import Jam, User
from ratings import queue
from ratings.defaults import CRITERIA, SHOWS_LADDER
from ratings.models import Conflict, Criterion, Practice, Rating, RatingRules, Score, Skip
from ratings.permissions import (
    declare_refusal,
    no_conflict_refusal,
    queue_refusal,
    rating_refusal,
    skip_refusal,
    unskip_refusal,
)
from ratings.raters import Rater, criteria_for, rater_in, submissions_for
from submissions.models import Submission

WORDS = ("strong", "weak", "next")
# Why a rating is void whose rater declared a conflict; told in one language, as the log is.
OWN_CONFLICT = "Its rater declared a conflict of interest."
# And of one whose rater turned out to be a contributor.
OWN_WORK = "Its rater is a contributor of the submission."


@dataclass(frozen=True)
class Given:
    """What a rater gives on one criterion."""

    stars: int | None = None
    not_applicable: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Saved:
    """A rating as it was saved; it counts when no criterion is missing."""

    rating: Rating
    missing: list[Criterion]
    was_complete: bool


class StaleRating(Exception):
    """The rater saved other words elsewhere in between; `rating` is what is there now."""

    def __init__(self, rating: Rating):
        super().__init__(rating.pk)
        self.rating = rating


def version_of(rating: Rating | None) -> str:
    """What a form carries, so that words saved elsewhere are not overwritten unseen."""
    return rating.saved_at.isoformat() if rating else ""


def under_lock(submission: Submission, user: User) -> tuple[Rater, Submission]:
    """The rater and the submission as they are once the jam is locked, as freezing locks it."""
    rater = rater_in(submission.jam, user, locked=True)
    return rater, submissions_for(rater.jam, user).get(pk=submission.pk)


@transaction.atomic
def save(
    *,
    submission: Submission,
    rater: User,
    scores: Mapping[int, Given],
    strong: str = "",
    weak: str = "",
    next: str = "",
    signed: bool = False,
    version: str | None = None,
    moment: datetime,
) -> Saved:
    """Write the rating of `submission` by `rater`; `scores` are by the criterion's id.

    It counts once every criterion that is for them has stars or, where that is allowed, is not
    applicable; until then, or from then on, it is a draft. `version` is the one that the writer
    saw, if they saw one. Raises Refused, and StaleRating rather than dropping words that the
    writer did not see.
    """
    criteria = list(submission.jam.criteria.all())
    asking, submission = under_lock(submission, rater)
    refuse(rating_refusal(asking, submission, moment))
    criteria = criteria_for(asking, criteria)
    rating = Rating.objects.filter(submission=submission, rater=rater).first()
    was_complete = rating is not None and rating.is_complete
    words = {"strong": strong, "weak": weak, "next": next}
    given = {criterion: _allowed(scores, criterion) for criterion in criteria}
    if rating is None:
        rating = Rating(submission=submission, rater=rater, started_at=moment)
    elif version is not None and version != version_of(rating):
        _refuse_to_drop_words(rating, words, given)

    missing = [c for c, score in given.items() if not (score.stars or score.not_applicable)]
    for name, text in words.items():
        setattr(rating, name, text)
    rating.signed = signed
    rating.saved_at = moment
    if missing or not criteria:
        rating.completed_at = None
    elif not was_complete:
        rating.completed_at = moment
    queue.take(rating, asking, submission)
    rating.save()
    Score.objects.bulk_create(
        [
            Score(
                rating=rating,
                criterion=criterion,
                stars=score.stars,
                not_applicable=score.not_applicable,
                remark=score.remark,
            )
            for criterion, score in given.items()
        ],
        update_conflicts=True,
        unique_fields=["rating", "criterion"],
        update_fields=["stars", "not_applicable", "remark"],
    )
    if submission.is_skipped:
        Skip.objects.filter(submission=submission, rater=rater).delete()
    return Saved(rating, missing, was_complete)


def _allowed(scores: Mapping[int, Given], criterion: Criterion) -> Given:
    score = scores.get(criterion.pk, Given())
    if score.stars or (score.not_applicable and not criterion.may_be_skipped):
        return Given(score.stars, remark=score.remark)
    return score


def _refuse_to_drop_words(
    rating: Rating, words: Mapping[str, str], given: Mapping[Criterion, Given]
) -> None:
    remarks = dict(rating.scores.values_list("criterion", "remark"))
    pairs = [(getattr(rating, name), text) for name, text in words.items()]
    pairs += [(remarks.get(criterion.pk, ""), score.remark) for criterion, score in given.items()]
    # Words that were merely continued are not dropped: the last autosave may still have been on
    # its way when the form was sent.
    if any(stored not in written for stored, written in pairs):
        raise StaleRating(rating)


@transaction.atomic
def skip(*, submission: Submission, rater: User, reason: str = "", moment: datetime) -> Skip:
    """Have the queue not offer `submission` to `rater` any more. Raises Refused."""
    asking, submission = under_lock(submission, rater)
    rating = Rating.objects.filter(submission=submission, rater=rater).first()
    refuse(skip_refusal(asking, submission, rating, moment))
    give_up(rating, asking)
    skipped, _is_new = Skip.objects.update_or_create(
        submission=submission, rater=rater, defaults={"reason": reason, "skipped_at": moment}
    )
    log.record("skipped", submission, by=rater, jam=asking.jam, reason=reason, moment=moment)
    return skipped


def give_up(rating: Rating | None, rater: Rater) -> None:
    """Give back the place of a rating; what nothing was written to goes, words are kept."""
    if rating is None:
        return
    queue.give_back([rating], rater.jam)
    if not any(getattr(rating, name) for name in WORDS) and not rating.scores.exists():
        rating.delete()


@transaction.atomic
def unskip(*, submission: Submission, rater: User, moment: datetime) -> None:
    """Have the queue offer `submission` to `rater` again. Raises Refused."""
    asking, submission = under_lock(submission, rater)
    refuse(unskip_refusal(asking, submission, moment))
    Skip.objects.filter(submission=submission, rater=rater).delete()
    log.record("took back skipping", submission, by=rater, jam=asking.jam, moment=moment)


@transaction.atomic
def declare_conflict(
    *, submission: Submission, rater: User, kind: str, moment: datetime
) -> Conflict:
    """Have `rater` neither be given `submission` nor rate it; a rating of theirs does not count
    any more. Raises Refused."""
    asking, submission = under_lock(submission, rater)
    refuse(declare_refusal(asking, submission, moment))
    rating = Rating.objects.filter(submission=submission, rater=rater).first()
    give_up(rating, asking)
    if rating is not None and rating.is_complete:
        rating.voided_at, rating.voided_by, rating.void_reason = moment, rater, OWN_CONFLICT
        rating.save(update_fields=["voided_at", "voided_by", "void_reason"])
    conflict = Conflict.objects.create(
        submission=submission, rater=rater, kind=kind, declared_at=moment
    )
    log.record("declared a conflict", submission, by=rater, jam=asking.jam,
               reason=str(conflict.get_kind_display()), moment=moment)  # fmt: skip
    return conflict


@transaction.atomic
def become_own(*, submission: Submission, rater: User, by: User, moment: datetime) -> None:
    """Have a rating of what organizers found to be the rater's own not count any more."""
    rating = Rating.objects.filter(submission=submission, rater=rater, voided_at=None).first()
    give_up(rating, rater_in(submission.jam, rater, locked=True))
    if rating is not None and rating.is_complete:
        rating.voided_at, rating.voided_by, rating.void_reason = moment, by, OWN_WORK
        rating.save(update_fields=["voided_at", "voided_by", "void_reason"])
        log.record("voided a rating", submission, by=by, jam=submission.jam, reason=OWN_WORK,
                   after={"rating": rating.pk}, moment=moment)  # fmt: skip


@transaction.atomic
def take_back_conflict(*, submission: Submission, rater: User, moment: datetime) -> None:
    """Have `rater` be able to rate `submission` again. Raises Refused."""
    asking, submission = under_lock(submission, rater)
    refuse(no_conflict_refusal(asking, submission, moment))
    Conflict.objects.filter(submission=submission, rater=rater).delete()
    rating = Rating.objects.filter(
        submission=submission, rater=rater, void_reason=OWN_CONFLICT, voided_by=rater
    ).first()
    if rating is not None:
        rating.voided_at, rating.voided_by, rating.void_reason = None, None, ""
        queue.take(rating, asking, submission)
        rating.save()
    log.record("took back a conflict", submission, by=rater, jam=asking.jam, moment=moment)


@transaction.atomic
def practise(*, jam: Jam, user: User, moment: datetime) -> None:
    """Note that `user` has practised on the jam's example, or would rather not. Raises Refused."""
    refuse(queue_refusal(rater_in(jam, user), moment))
    Practice.objects.get_or_create(jam=jam, user=user, defaults={"done_at": moment})


@transaction.atomic
def set_up(*, jam: Jam) -> None:
    """Give a new jam the rules by default and the five criteria that every jam begins with."""
    RatingRules.objects.get_or_create(jam=jam)
    if jam.criteria.exists():
        return
    Criterion.objects.bulk_create(
        Criterion(
            jam=jam,
            order=order,
            name=name,
            question=question,
            shows_ladder=name == SHOWS_LADDER,
            **{f"guidance_{stars}": line for stars, line in enumerate(guidance, start=1)},
        )
        for order, (name, question, guidance) in enumerate(CRITERIA)
    )
