"""Results: counted once, under a lock on the jam that a rating being saved also takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import numpy as np
from django.conf import settings
from django.db import transaction

from jam import bulk, caching, log, timeline
from jam.models import Jam, User
from ratings import counting
from ratings.counting import Ballot, Counts, Sheet
from ratings.models import Award, Prize, Rating, RatingRules, Results, Standing
from ratings.tally import files
from ratings.tally.table import OVERALL
from submissions import freezing as submissions_freezing
from submissions.models import Submission

# A visitor's request counts a jam of so many scores itself; a larger one waits for beat.
AT_ONCE = 3_000
# With fewer raters than these their ratings are not offered, unless the organizers say so.
ENOUGH_RATERS = 10


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
    results = keep(jam, version=1, moment=moment)
    log.record(
        "froze results",
        jam,
        by=None,
        jam=jam,
        after={"version": results.version, "digest": results.digest},
        moment=moment,
    )
    return results


def current_ballot(jam: Jam) -> Ballot:
    """What counts as things are now."""
    running = Submission.objects.filter(jam=jam).in_the_running()
    ratings = Rating.objects.complete().filter(submission__in=running, voided_at=None)
    submissions = list(running.order_by("pk").values_list("pk", flat=True))
    return counting.ballot_of(jam, RatingRules.of(jam), submissions, ratings)


def ballot_of(results: Results) -> Ballot:
    """What these results were counted from, whatever was voided or restored since."""
    rules = RatingRules.of(results.jam)
    rules.rule, rules.least = results.rule, results.least
    overall = results.standings.filter(criterion=None)
    ratings = Rating.objects.complete().filter(submission__in=overall.values("submission"))
    ratings = ratings.exclude(pk__in=results.left_out)
    submissions = list(overall.order_by("submission").values_list("submission", flat=True))
    return counting.ballot_of(results.jam, rules, submissions, ratings)


def digest_of(ballot: Ballot) -> str:
    """SHA-256 of the file of ratings, in hexadecimal."""
    digest = hashlib.sha256()
    for piece in file_of(ballot):
        digest.update(piece)
    return digest.hexdigest()


def file_of(ballot: Ballot) -> Iterator[bytes]:
    """The file of ratings, in pieces. What was made elsewhere is called in it as it was there."""
    table, jam = ballot.table, ballot.rules.jam
    if jam.imported_at is not None:
        known = Submission.objects.filter(jam=jam, number__isnull=False)
        numbers = {str(pk): str(number) for pk, number in known.values_list("pk", "number")}
        submissions = [numbers.get(key, key) for key in table.submissions]
        table = replace(table, submissions=submissions)
    return files.written(table)


def seed_of(digest: str) -> int:
    """What draws begin from: taken from the ratings, so that nobody can choose it."""
    return int(digest[:8], 16)


def software() -> str:
    return f"Peerjam {settings.VERSION}, numpy {np.__version__}"


def keep(
    jam: Jam, *, version: int, moment: datetime, reason: str = "", by: User | None = None
) -> Results:
    """Count what counts now, and keep it as a version of the results of a locked jam."""
    ballot = current_ballot(jam)
    rules, table, digest = ballot.rules, ballot.table, digest_of(ballot)
    counts = counting.count(ballot, seed=seed_of(digest))
    criteria = list(jam.criteria.all())
    mine = {criterion.pk for criterion in ballot.criteria}
    voided = Rating.objects.complete().filter(submission__jam=jam, voided_at__isnull=False)
    results = Results.objects.create(
        jam=jam,
        version=version,
        rule=rules.rule,
        least=rules.least,
        submissions=len(table.submissions),
        ratings=len(table.place),
        raters=len(table.raters),
        criteria=[
            {"id": c.pk, "name": c.name, "weight": str(c.weight), "judges_only": c.pk not in mine}
            for c in criteria
            if c.pk in mine or ballot.judges
        ],
        summary=summary_of(counts, {c.name: c.pk for c in criteria}),
        digest=digest,
        seed=seed_of(digest),
        software=software(),
        left_out=list(voided.order_by("pk").values_list("pk", flat=True)),
        offers_file=offers_file(rules, len(table.raters)),
        frozen_at=moment,
        reason=reason,
        made_by=by,
    )
    running = Submission.objects.filter(pk__in=ballot.submissions)
    tracks = dict(running.filter(track__isnull=False).values_list("pk", "track"))
    sheet = Sheet(counts, rules.rule, {c.name: c.pk for c in criteria}, tracks)
    bulk.insert(Standing, counting.FIELDS, sheet.rows(results.pk))
    give_prizes(results, moment)
    caching.forget()
    return results


def summary_of(counts: list[Counts], ids: dict[str, int]) -> dict:
    """What is kept of each column, by the criterion's id or "overall"."""
    return {
        OVERALL if c.name == OVERALL else str(ids[c.name]): c.summary
        for c in counts
        if c.mean is not None
    }


def offers_file(rules: RatingRules, raters: int) -> bool:
    """Whether the ratings are offered for download."""
    if rules.ratings_file == RatingRules.RatingsFile.FROM_TEN:
        return raters >= ENOUGH_RATERS
    return rules.ratings_file == RatingRules.RatingsFile.ALWAYS


def give_prizes(results: Results, moment: datetime) -> None:
    """Award the prizes that go by places; those who share a place share its prize."""
    overall = results.standings.filter(criterion=None, rank__isnull=False)
    awards = []
    for prize in Prize.objects.filter(jam=results.jam):
        match prize.kind:
            case Prize.Kind.PLACE:
                won = overall.filter(rank=prize.place)
            case Prize.Kind.TRACK:
                won = overall.filter(track=prize.track_id, track_rank=prize.place)
            case Prize.Kind.SITE:
                there = overall.filter(submission__frozen__site=prize.site_id)
                first = there.order_by("rank").values_list("rank", flat=True).first()
                won = there.filter(rank=first)
            case _:
                continue
        awards += [
            Award(prize=prize, submission_id=pk, results=results, given_at=moment)
            for pk in won.values_list("submission", flat=True)
        ]
    Award.objects.bulk_create(awards)
