"""Results: computed from the ratings alone, and frozen once."""

from __future__ import annotations

import csv
import hashlib
import io
import statistics
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from jam import log, timeline
from jam.models import Jam
from ratings.models import Criterion, Judge, RatingRules, Results, Score, Standing
from ratings.tally import itch, mean
from ratings.tally.table import OVERALL, Table
from ratings.tally.table import Criterion as Weighted
from submissions import freezing
from submissions.models import Submission

Rule = RatingRules.Rule

# A visitor's request freezes a jam of so many scores itself; a larger one waits for beat.
AT_ONCE = 3000


def results_of(jam: Jam, moment: datetime) -> Results | None:
    """The results of `jam`, made if they are due and not made yet; None before they are due.

    Whoever comes first makes them, under a lock on the jam that a rating being saved takes too;
    the others wait and find them made.
    """
    if not timeline.results_due(jam, moment):
        return None
    return newest(jam) or _freeze(jam, moment)


def newest(jam: Jam) -> Results | None:
    """The newest version of the results that is there."""
    return Results.objects.filter(jam=jam).order_by("-version").first()


def counted_scores(jam: Jam) -> list[tuple[int, str, int, int | None]]:
    """The rows that the results are computed from, sorted: submission, rater's pseudonym,
    criterion, stars (None for "not applicable").

    Counted is what is complete and on a submission in the running. Judges' ratings are no peers';
    where only judges rate, all that there are count.
    """
    scores = Score.objects.filter(
        rating__completed_at__isnull=False,
        rating__submission__in=Submission.objects.filter(jam=jam).in_the_running(),
    )
    if RatingRules.of(jam).eligibility != RatingRules.Eligibility.JUDGES:
        scores = scores.exclude(rating__rater__in=Judge.objects.filter(jam=jam).values("user"))
    rows = scores.values_list("rating__submission_id", "rating__rater_id", "criterion_id", "stars")
    pseudonyms: dict[int, str] = {}
    for _submission, rater, _criterion, _stars in rows:
        if rater not in pseudonyms:
            # Another in each jam, and not to be turned back without the installation's key.
            pseudonyms[rater] = salted_hmac("ratings.pseudonym", f"{jam.pk}:{rater}").hexdigest()[
                :16
            ]
    return sorted(
        (
            (submission, pseudonyms[rater], criterion, stars)
            for submission, rater, criterion, stars in rows
        ),
        key=lambda row: row[:3],
    )


def digest_of(rows: list[tuple[int, str, int, int | None]]) -> str:
    """SHA-256, in hexadecimal, of the rows as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return hashlib.sha256(text.getvalue().encode()).hexdigest()


@transaction.atomic
def _freeze(jam: Jam, moment: datetime) -> Results:
    Jam.objects.select_for_update().get(pk=jam.pk)
    if results := newest(jam):
        return results
    freezing.close(jam, moment)
    rules = RatingRules.of(jam)
    criteria = list(Criterion.objects.filter(jam=jam))
    by_key = {criterion.pk: criterion for criterion in criteria}
    submissions = list(
        Submission.objects.filter(jam=jam)
        .in_the_running()
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rows = counted_scores(jam)
    table = Table.of(rows, submissions, [Weighted(c.pk, c.weight) for c in criteria])
    lines = {
        Rule.MEAN: mean.standings(table, least=rules.least),
        Rule.ITCH: itch.standings(table, least=rules.least),
    }
    counts = [line.n for line in lines[Rule.MEAN] if line.criterion == OVERALL]
    by_criterion: dict[object, list[int]] = {}
    for line in lines[Rule.MEAN]:
        by_criterion.setdefault(line.criterion, []).append(line.n)
    results = Results.objects.create(
        jam=jam,
        rule=rules.rule,
        least=rules.least,
        submissions=len(submissions),
        ratings=sum(counts),
        rated=sum(count > 0 for count in counts),
        median=statistics.median(counts) if counts else 0,
        criteria=[{"id": c.pk, "name": c.name, "weight": str(c.weight)} for c in criteria],
        medians={str(key): float(itch.median(ns)) for key, ns in by_criterion.items()},
        digest=digest_of(rows),
        frozen_at=moment,
    )
    Standing.objects.bulk_create(
        (
            Standing(
                results=results,
                rule=rule,
                submission_id=line.submission,
                criterion=by_key.get(line.criterion),
                n=line.n,
                raw=line.raw,
                score=line.score,
                rank=line.rank,
            )
            for rule, of_rule in lines.items()
            for line in of_rule
        ),
        batch_size=2000,
    )
    log.record("froze results", jam, by=None, jam=jam, moment=moment,
               after={"version": results.version, "digest": results.digest})  # fmt: skip
    return results
