"""The files that are published beside results: what anybody can check them by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import PositiveBigIntegerField
from django.db.models.functions import Coalesce

from ratings import freezing
from ratings.models import RatingRules, Results, Standing
from ratings.tally import files
from ratings.tally.table import OVERALL

# What was made elsewhere is called as it was there.
KNOWN_AS = Coalesce("submission__number", "submission_id", output_field=PositiveBigIntegerField())


def ratings_of(results: Results) -> Iterator[bytes]:
    """The ratings under pseudonyms, as CSV; whether they are offered is the caller's to ask."""
    return freezing.file_of(freezing.ballot_of(results))


def rules_of(results: Results) -> dict[str, Any]:
    """Rule, weights, seed and the least number of ratings, and the submissions' titles."""
    overall = results.standings.filter(criterion=None).order_by("submission")
    titles = overall.values_list(KNOWN_AS, "submission__frozen__title")
    return {
        "jam": results.jam.title,
        "version": results.version,
        "rule": results.rule,
        "least": results.least,
        "seed": results.seed,
        "weights": {
            c["name"]: float(c["weight"]) for c in results.criteria if not c["judges_only"]
        },
        "software": results.software,
        "sha256": results.digest,
        "submissions": {str(pk): title for pk, title in titles},
    }


def standings_of(results: Results, rule: str) -> Iterable[tuple[Any, ...]]:
    """The standings as they were frozen, in the order of `ratings.tally`."""
    yield files.STANDING
    names = {c["id"]: c["name"] for c in results.criteria if not c["judges_only"]}
    has_ends = rule == RatingRules.Rule.ADJUSTED
    for key in [*sorted(names, key=names.__getitem__), None]:
        standings: Iterable[Standing] = (
            results.standings.filter(criterion=key)
            .annotate(known_as=KNOWN_AS)
            .order_by("submission")
            .iterator()
        )
        for s in standings:
            ends = (s.low, s.high) if has_ends else (None, None)
            yield (
                s.known_as, names.get(key, OVERALL), s.n, s.raw,
                s.score_by(rule), *ends, s.rank_by(rule),
            )  # fmt: skip
