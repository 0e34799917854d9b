"""Results: counted once, under a lock on the jam that a rating being saved also takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db import transaction

from jam import caching, log, timeline
from jam.models import Jam
from ratings.models import Criterion, Rating, RatingRules, Results, Score, Standing, new_salt
from ratings.tally import itch, mean
from ratings.tally.table import OVERALL, Table
from ratings.tally.table import Criterion as Counted
from submissions import freezing as submissions_freezing
from submissions.models import Submission

# A visitor's request counts a jam of so many scores itself; a larger one waits for beat.
AT_ONCE = 3_000


class Row(NamedTuple):
    """A counted score: what results are computed from, and all that they are computed from."""

    submission: int
    rater: str
    criterion: int
    stars: int | None


def frozen_results(jam: Jam, moment: datetime) -> Results | None:
    """The newest results of `jam` that may be seen, without making any."""
    if not timeline.results_due(jam, moment):
        return None
    return Results.objects.filter(jam=jam).order_by("-version").first()


def results_of(jam: Jam, moment: datetime) -> Results | None:
    """The newest results of `jam`, made now if they are due and not there: None before that.

    Whoever comes first makes them; the others wait for the lock and find them. All happens in one
    transaction, so that there are results or none, never half of them.
    """
    if not (jam.is_published and timeline.results_due(jam, moment)):
        return None
    return frozen_results(jam, moment) or freeze(jam, moment)


@transaction.atomic
def freeze(jam: Jam, moment: datetime) -> Results | None:
    """Close the submissions, count the ratings and keep the standings, unless that is done."""
    jam = Jam.objects.select_for_update().get(pk=jam.pk)
    if results := frozen_results(jam, moment):
        return results
    # The times may have changed before the lock was there.
    if not timeline.results_due(jam, moment):
        return None
    submissions_freezing.close(jam, moment)

    rules, criteria, salt = RatingRules.of(jam), list(jam.criteria.all()), new_salt()
    submissions = (
        Submission.objects.filter(jam=jam).in_the_running().order_by("pk").values_list("pk")
    )
    digest = hashlib.sha256()
    table = Table.of(
        hashed(counted_rows(jam, rules, salt), digest),
        [pk for (pk,) in submissions],
        [Counted(criterion.pk, criterion.weight) for criterion in criteria],
    )
    results = Results.objects.create(
        jam=jam,
        rule=rules.rule,
        least=rules.least,
        submissions=len(table.submissions),
        ratings=int(table.ratings.sum()),
        criteria=[{"id": c.pk, "name": c.name, "weight": str(c.weight)} for c in criteria],
        medians={str(c.key): float(itch.median(c.counts)) for c in table.columns()},
        digest=digest.hexdigest(),
        salt=salt,
        frozen_at=moment,
    )
    keep(results, RatingRules.Rule.MEAN, mean.standings(table, rules.least))
    keep(results, RatingRules.Rule.ITCH, itch.standings(table, least=rules.least))
    caching.forget()
    log.record(
        "froze results",
        jam,
        by=None,
        jam=jam,
        after={"version": results.version, "digest": results.digest},
        moment=moment,
    )
    return results


def keep(results: Results, rule: str, lines: Iterable) -> None:
    """Store the standings by one rule."""
    Standing.objects.bulk_create(
        (
            Standing(
                results=results,
                submission_id=line.submission,
                rule=rule,
                criterion_id=None if line.criterion == OVERALL else line.criterion,
                n=line.n,
                raw=line.raw,
                score=line.score,
                rank=line.rank,
            )
            for line in lines
        ),
        batch_size=2000,
    )


def counted_rows(jam: Jam, rules: RatingRules, salt: str) -> Iterator[Row]:
    """The counted scores of `jam`, sorted by submission, pseudonym of the rater, and criterion."""
    running = Submission.objects.filter(jam=jam).in_the_running()
    ratings = Rating.objects.counted(rules).filter(submission__in=running)
    scores = (
        Score.objects.filter(rating__in=ratings, criterion__in=Criterion.objects.filter(jam=jam))
        .order_by("rating__submission")
        .values_list("rating__submission", "rating__rater", "criterion", "stars")
    )
    names: dict[int, str] = {}
    for _submission, group in groupby(scores.iterator(chunk_size=10_000), key=lambda row: row[0]):
        rows = []
        for submission, rater, criterion, stars in group:
            if rater not in names:
                names[rater] = pseudonym(rater, salt)
            rows.append(Row(submission, names[rater], criterion, stars))
        # The stars need no comparing: there is one row for each criterion of a rating.
        yield from sorted(rows, key=lambda row: row[:3])


def pseudonym(rater: int, salt: str) -> str:
    """What stands for a rater: the beginning of SHA-256 of the results' secret salt and the id."""
    return hashlib.sha256(f"{salt}:{rater}".encode()).hexdigest()[:16]


def canonical(row: Row) -> bytes:
    """A counted score as a line of CSV: submission, rater, criterion, stars; empty stars stand
    for "not applicable". The digest of results is SHA-256 of all lines, sorted, in UTF-8."""
    stars = "" if row.stars is None else row.stars
    return f"{row.submission},{row.rater},{row.criterion},{stars}\n".encode()


def hashed(rows: Iterable[Row], digest) -> Iterator[Row]:
    """The rows, while `digest` takes in each of them."""
    for row in rows:
        digest.update(canonical(row))
        yield row
