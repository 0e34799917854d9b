"""The gallery: which submissions it shows, in which order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from jam.models import Jam
from submissions.models import Submission, hides_names

# A prime beyond the number of submissions of any jam: multiplying modulo it shuffles without
# collisions.
PRIME = 1_000_003
# What a card wants of a revision.
SHOWN = ("title", "abstract", "names", "tag_index", "cover", "origin")


def submissions_of(
    jam: Jam,
    user: Any,
    moment: datetime,
    *,
    q: str = "",
    site: str = "",
    tag: str = "",
    track: str = "",
) -> QuerySet[Submission]:
    """The public submissions of `jam`, searched and filtered, by what was frozen of them.

    Until rating closes the order is random, but the same for each reader at every visit (and one
    for all who are signed out), so that nobody is rated more for standing first.
    """
    is_hidden = hides_names(jam, user, moment)
    found = Submission.objects.filter(jam=jam).public().search(q, names=not is_hidden)
    if site and is_hidden:
        found = found.none()
    elif site.isdecimal():
        found = found.filter(frozen__site_id=int(site[:15]))
    elif site == "online":
        found = found.filter(frozen__site=None)
    if track.isdecimal():
        # That of a frozen submission is not its draft's any more.
        found = found.filter(track_id=int(track[:15]))
    if tag:
        found = found.filter(frozen__tag_index__contains=f"|{tag.casefold()}|")
    if jam.rating_window.is_over(moment):
        return found.order_by("frozen__title", "pk")
    seed = hashlib.sha256(f"{jam.pk}:{user.pk or 'everyone'}".encode()).digest()
    factor = 1 + int.from_bytes(seed[:4], "big") % (PRIME - 1)
    # The key is made small first, so that no product leaves a bigint; and by the operator, which is
    # exact for every key: the function Mod is one of floating point on SQLite.
    return found.order_by(F("pk") % PRIME * factor % PRIME, "pk")


@dataclass(frozen=True)
class Card:
    """What components/submission_card.html prints of a frozen submission."""

    title: str
    abstract: str
    names: str
    url: str
    cover_url: str
    cover_seed: str
    hue: int
    site: str
    tags: tuple[str, ...]
    state: str


def cards(found: QuerySet[Submission], jam: Jam, user: Any, moment: datetime) -> list[Card]:
    """The cards of a page of what `submissions_of` found for `user`, in its order, which names no
    annotations."""
    # Which ones is found by itself: sorting whole rows of a large jam takes ten times as long as
    # sorting their keys.
    submissions = (
        Submission.objects.shown_to(user, jam, moment)
        .select_related("frozen__site")
        .only(
            "withdrawn_at",
            "frozen",
            "frozen__site__name",
            *(f"frozen__{name}" for name in SHOWN),
        )
        .filter(pk__in=found.values("pk"))
        .order_by(*found.query.order_by)
    )
    return [card(submission, jam) for submission in submissions]


def card(submission: Submission, jam: Jam) -> Card:
    """The card of a frozen submission."""
    revision = submission.frozen
    cover_url = ""
    if revision.cover_id:
        cover_url = reverse("submissions:file", args=[jam.slug, submission.pk, revision.cover_id])
    return Card(
        title=revision.title,
        abstract=revision.abstract,
        names=revision.names,
        url=reverse("submissions:detail", args=[jam.slug, submission.pk]),
        cover_url=cover_url,
        cover_seed=f"submission-{submission.pk}",
        hue=jam.hue,
        site=revision.site.name
        if revision.site
        else _("names come with the results")
        if submission.hides_names
        else _("Online"),
        tags=tuple(tag for tag in revision.tag_index.split("|") if tag)[:3],
        state=_("withdrawn")
        if submission.withdrawn_at
        else _("late")
        if submission.is_late
        else "",
    )
