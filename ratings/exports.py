"""Tables of ratings that organizers take away beside those of the archive."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.exports import Export
from jam.models import Jam
from ratings import freezing, publishing
from submissions.models import Submission

COUNTS = (
    ("submission", _("its number, as in addresses")),
    ("title", _("title")),
    ("complete", _("ratings that are complete")),
    ("begun", _("ratings that were begun and are not complete")),
    ("voided", _("ratings that were voided")),
)
STARS = (
    ("submission", _("its number, as in addresses")),
    ("rater", _("a pseudonym")),
    ("criterion", _("criterion")),
    ("score", _("stars; empty: not applicable")),
)


def exports_of(jam: Jam, moment: datetime) -> list[Export]:
    """How many ratings there are, at any time; what they are with the results, as everybody may
    have it."""
    return [
        Export("rating_counts", _("How many ratings each submission has"), COUNTS,
               lambda: counts(jam)),
        Export("ratings", _("The ratings, under pseudonyms"), STARS,
               lambda: stars(jam, moment), to_come=why_not(jam, moment)),
    ]  # fmt: skip


def why_not(jam: Jam, moment: datetime) -> Any:
    """Why the ratings cannot be had, or nothing."""
    if not timeline.results_due(jam, moment):
        return _("with the results")
    results = freezing.frozen_results(jam, moment)
    if results is None:
        return _("once the results are counted")
    return "" if results.offers_file else _("not of this jam: its ratings are not offered")


def counts(jam: Jam) -> Iterator[Iterable[Any]]:
    valid = Q(ratings__voided_at=None)
    yield from (
        Submission.objects.filter(jam=jam, frozen__isnull=False)
        .order_by("pk")
        .values_list("pk", "frozen__title")
        .annotate(
            complete=Count("ratings", filter=valid & Q(ratings__completed_at__isnull=False)),
            begun=Count("ratings", filter=valid & Q(ratings__completed_at=None)),
            voided=Count("ratings", filter=~valid),
        )
        .iterator(chunk_size=1000)
    )


def stars(jam: Jam, moment: datetime) -> Iterator[Iterable[Any]]:
    """The rows of the file that is published beside the newest results."""
    results = freezing.frozen_results(jam, moment)
    lines = (line for piece in publishing.ratings_of(results)
             for line in piece.decode().splitlines(keepends=True))  # fmt: skip
    rows = csv.reader(lines)
    next(rows)
    for submission, rater, criterion, score in rows:
        yield submission, rater, criterion, int(score) if score else None
