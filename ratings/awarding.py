"""Awards that judges and organizers place by hand: the prizes that go by choice."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from jam import caching, log
from jam.errors import refuse
from jam.models import Jam, User
from ratings.models import Award, Conflict, Prize
from ratings.permissions import award_refusal, take_back_refusal
from ratings.raters import rater_in, submissions_for
from submissions.models import Submission


@transaction.atomic
def place_award(
    *, prize: Prize, submission: Submission, by: User, why: str, moment: datetime
) -> Award:
    """Give a prize that goes by choice to a submission; everybody reads `why`, from the results
    on. Raises Refused."""
    placing = rater_in(prize.jam, by, locked=True)
    here = {"submission": OuterRef("pk")}
    chosen = (
        submissions_for(placing.jam, by)
        .in_the_running()
        .annotate(
            is_conflict=Exists(Conflict.objects.filter(**here, rater=by)),
            has_prize=Exists(Award.objects.filter(**here, prize=prize, results=None)),
        )
        .filter(pk=submission.pk)
        .first()
    )
    refuse(award_refusal(placing, prize, chosen, why, moment))
    award = Award.objects.create(
        prize=prize, submission=chosen, given_by=by, given_at=moment, why=why.strip()
    )
    caching.forget()
    log.record("placed an award", chosen, by=by, jam=placing.jam, reason=why.strip(),
               after={"prize": prize.title}, moment=moment)  # fmt: skip
    return award


@transaction.atomic
def take_back_award(*, award: Award, by: User, moment: datetime) -> None:
    """Take back an award that was placed by hand. Raises Refused."""
    jam = Jam.objects.get(prizes=award.prize_id)
    placing = rater_in(jam, by, locked=True)
    there = Award.objects.filter(pk=award.pk).select_related("prize", "submission").first()
    refuse(take_back_refusal(placing, there, moment))
    there.delete()
    caching.forget()
    log.record("took back an award", there.submission, by=by, jam=jam, moment=moment,
               before={"prize": there.prize.title, "why": there.why})  # fmt: skip
