"""The gallery: which submissions it shows, in which order."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Mod
from django.urls import reverse
from django.utils.translation import gettext as _

from jam.models import Jam
from submissions.models import Submission

# A prime beyond any number of submissions: multiplying modulo it shuffles without collisions.
PRIME = 1_000_003


def submissions_of(
    jam: Jam, user: Any, moment: datetime, *, q: str = "", site: str = "", tag: str = ""
) -> QuerySet[Submission]:
    """The public submissions of `jam`, searched and filtered, by what was frozen of them.

    Until rating closes the order is random, but the same for each reader at every visit (and one
    for all who are signed out), so that nobody is rated more for standing first.
    """
    found = (
        Submission.objects.filter(jam=jam)
        .public()
        .select_related("frozen__cover", "frozen__site")
        .defer("frozen__content", "body")
    )
    if q:
        for word in q.casefold().split():
            found = found.filter(frozen__search_index__contains=word)
    if site.isdecimal():
        found = found.filter(frozen__site_id=int(site[:15]))
    elif site == "online":
        found = found.filter(frozen__site=None)
    if tag:
        found = found.filter(frozen__tag_index__contains=f"|{tag.casefold()}|")
    if jam.rating_window.is_over(moment):
        return found.order_by("frozen__title", "pk")
    seed = hashlib.sha256(f"{jam.pk}:{user.pk or 'everyone'}".encode()).digest()
    factor = 1 + int.from_bytes(seed[:4], "big") % (PRIME - 1)
    return found.order_by(Mod(F("pk") * Value(factor), Value(PRIME)), "pk")


def card(submission: Submission, jam: Jam) -> dict[str, Any]:
    """What components/submission_card.html prints of a frozen submission."""
    revision = submission.frozen
    cover_url = ""
    if revision.cover_id:
        cover_url = reverse("submissions:file", args=[jam.slug, submission.pk, revision.cover_id])
    return {
        "title": revision.title,
        "abstract": revision.abstract,
        "names": revision.names,
        "url": reverse("submissions:detail", args=[jam.slug, submission.pk]),
        "cover_url": cover_url,
        "cover_seed": f"submission-{submission.pk}",
        "hue": jam.hue,
        "site": revision.site.name if revision.site else _("Online"),
        "tags": [tag for tag in revision.tag_index.split("|") if tag][:3],
        "state": _("withdrawn") if submission.withdrawn_at else "",
    }
