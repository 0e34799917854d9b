"""Asking the links of submissions whether they still answer, as `jam.link_answers` does."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from jam import timeline
from jam.link_answers import HOLDS, SECONDS_OF_A_SWEEP, UNTIL, answer_of, may_ask
from jam.models import Jam
from submissions.models import Link, Submission
from submissions.reproducibility import links

# How soon links of a draft that is being written are asked again.
SOONEST = timedelta(minutes=15)
# Submissions that one sweep looks at, at most.
PORTION = 50


def due(moment: datetime) -> QuerySet[Submission]:
    """Submissions whose links are to be asked, those never asked first."""
    jams = Jam.objects.published().filter(~timeline.reached("results_at", moment, after=UNTIL))
    changed = Q(links_asked_at__lt=F("saved_at")) & Q(links_asked_at__lt=moment - SOONEST)
    never_or_long_ago = Q(links_asked_at=None) | Q(links_asked_at__lt=moment - HOLDS)
    return (
        Submission.objects.filter(never_or_long_ago | changed, jam__in=jams, withdrawn_at=None)
        .filter(Exists(Link.objects.filter(submission=OuterRef("pk"))))
        .select_related("frozen")
        .prefetch_related("links")
        .order_by(F("links_asked_at").asc(nulls_first=True), "pk")
    )


def ask_due(moment: datetime) -> None:
    """Ask the links that are due, as far as a sweep has time."""
    until = time.monotonic() + SECONDS_OF_A_SWEEP
    for submission in due(moment)[:PORTION]:
        if time.monotonic() > until:
            return
        claim = Submission.objects.filter(
            pk=submission.pk, links_asked_at=submission.links_asked_at
        )
        if claim.update(links_asked_at=moment):
            ask(submission, moment)


def ask(submission: Submission, moment: datetime) -> None:
    """Ask each link of `submission`, unless it was asked a short while ago."""
    before, answers = submission.link_answers or {}, {}
    all_asked = True
    for url in addresses_of(submission):
        known = before.get(url)
        if known and datetime.fromisoformat(known["at"]) > moment - HOLDS:
            answers[url] = known
        elif may_ask(url, moment):
            answers[url] = answer_of(url, moment)
        else:
            all_asked = False
    kept: dict[str, Any] = {"link_answers": answers}
    if not all_asked:
        # The rest is asked by the next sweep.
        kept["links_asked_at"] = None
    Submission.objects.filter(pk=submission.pk).update(**kept)


def addresses_of(submission: Submission) -> list[str]:
    """The links that can be asked: of what was frozen, else of the draft."""
    if submission.frozen:
        urls = [link["url"] for link in submission.frozen.content["links"]]
    else:
        urls = [link.url for link in submission.links.all()]
    return [url for url in dict.fromkeys(urls) if links.look_at(url).fault is None]
