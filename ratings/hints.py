"""Hints that a rater may be too near to a submission: shown to the rater alone, who decides."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from submissions.models import Contributor, Submission

MOST = 4


def hints_for(user: Any, submission: Submission) -> list[str]:
    """Who of its team shared a team with `user` in another jam, or has the same affiliation."""
    shared = Contributor.objects.filter(
        user=OuterRef("user"),
        submission__in=Contributor.objects.filter(user=user.pk).values("submission"),
        submission__frozen__isnull=False,
    ).exclude(submission__jam=submission.jam_id)
    team = (
        Contributor.objects.filter(submission=submission)
        .exclude(user=user.pk)
        .select_related("user")
        .annotate(together=Subquery(shared.values("submission__frozen__title")[:1]))
    )
    own = plain(user.affiliation)
    hints = []
    for contributor in team:
        person = contributor.user
        if contributor.together is not None:
            told = {"name": person, "title": contributor.together}
            hints.append(_("You and %(name)s were on a team before, for “%(title)s”.") % told)
        elif own and plain(person.affiliation) == own:
            told = {"name": person, "affiliation": person.affiliation}
            hints.append(_("You and %(name)s are both at %(affiliation)s.") % told)
    return hints[:MOST]


def plain(text: str) -> str:
    """A name of an institution without what people write in different ways."""
    return " ".join(text.casefold().split())
