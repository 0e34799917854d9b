"""Blind jams: until the results, who made what and where is for its team and the organizers.

Querysets hide it: `visible_to` and `shown_to` give others rows without names, whatever is done with
these rows. Only `values()` and `values_list()` go around that, and are not for pages of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.query import ModelIterable

from jam import timeline
from jam.models import Jam
from submissions.models.rules import SubmissionRules

# What a revision's content may tell whoever does not know its team.
TOLD = {
    "title",
    "abstract",
    "body",
    "tags",
    "licence",
    "commit",
    "track",
    "track_reason",
    "links",
    "files",
    "answers",
    "ai_tools",
    "ideas",
    "builds_on",
}


def is_blind(jam: Jam, moment: datetime) -> bool:
    """Whether `jam` hides names at `moment`."""
    # Fetched along with the pages of a jam.
    blind = jam.is_blind if hasattr(jam, "is_blind") else SubmissionRules.of(jam).blind
    return blind and not timeline.results_due(jam, moment)


def hides_names(jam: Jam, user: Any, moment: datetime) -> bool:
    """Whether names are hidden from `user`, save those of their own teams."""
    return is_blind(jam, moment) and not jam.is_organized_by(user)


def still_blind(moment: datetime) -> models.Q:
    """The SQL twin of `is_blind`: submissions of jams that hide names at `moment`."""
    return models.Q(jam__submission_rules__blind=True) & ~timeline.reached(
        "results_at", moment, "jam__"
    )


class Nameless(ModelIterable):
    """Rows without names, save those whose annotation `is_told` is true."""

    def __iter__(self) -> Iterator[Any]:
        for row in super().__iter__():
            if not row.is_told:
                row.hide_names()
            yield row


def without_names(rows: models.QuerySet, is_told: Any) -> models.QuerySet:
    """The rows, of which only those for which `is_told` is true have names."""
    rows = rows.annotate(is_told=is_told)
    rows._iterable_class = Nameless
    return rows


def told_of_all(content: dict[str, Any]) -> dict[str, Any]:
    """A revision's content without who made it and where."""
    return {name: value for name, value in content.items() if name in TOLD}
