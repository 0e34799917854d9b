"""All submissions of a jam as its organizers look for them: drafts among them, and how many ratings
each has. Neither what is found nor its order depends on what those say."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from submissions.models import Contributor, Revision, Submission

# The site of those who are at none.
ONLINE = "online"


class State(TextChoices):
    """Where a submission stands."""

    DRAFT = "draft", _("not handed in")
    IN = "in", _("in")
    LATE = "late", _("in, and late")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DISQUALIFIED = "disqualified", _("disqualified")


class Covered(TextChoices):
    """Whether a submission has the ratings that are wanted."""

    LACKS = "lacks", _("lack ratings")
    ENOUGH = "enough", _("have enough")


def submissions_of(jam: Jam) -> QuerySet[Submission]:
    """Every submission of `jam` with what the list shows of it; `places` are its ratings, those
    under way among them."""
    revisions = Revision.objects.filter(submission=OuterRef("pk"))
    return Submission.objects.filter(jam=jam).annotate(
        is_handed_in=Exists(revisions), places=F("need__places")
    )


def sifted(
    found: QuerySet[Submission], wanted: dict[str, Any], target: int
) -> QuerySet[Submission]:
    """Those of `submissions_of` that were asked for; `wanted` is what the form of the page holds,
    `target` how many ratings are wanted for each."""
    standing = Q(withdrawn_at=None, disqualified_at=None)
    match wanted.get("state"):
        case State.DRAFT:
            found = found.filter(standing, is_handed_in=False)
        case State.IN:
            found = found.filter(standing, is_handed_in=True)
        case State.LATE:
            found = found.filter(standing, frozen__origin=Revision.Origin.LATE)
        case State.WITHDRAWN:
            found = found.filter(withdrawn_at__isnull=False, disqualified_at=None)
        case State.DISQUALIFIED:
            found = found.filter(disqualified_at__isnull=False)
    match wanted.get("coverage"):
        case Covered.LACKS:
            found = found.filter(standing, places__lt=target)
        case Covered.ENOUGH:
            found = found.filter(standing, places__gte=target)
    if track := wanted.get("track"):
        found = found.filter(track=track)
    if site := wanted.get("site"):
        site = None if site == ONLINE else int(site)
        # What is frozen stays where it was made.
        found = found.filter(
            Q(frozen__isnull=True, site=site) | Q(frozen__isnull=False, frozen__site=site)
        )
    for word in (wanted.get("q") or "").split()[:8]:
        team = Contributor.objects.filter(
            Q(user__display_name__icontains=word) | Q(user__email__icontains=word),
            submission=OuterRef("pk"),
        )
        found = found.filter(
            Q(title__icontains=word) | Q(frozen__title__icontains=word) | Exists(team)
        )
    return found


def shown(found: QuerySet[Submission]) -> QuerySet[Submission]:
    """The same with all that their lines print, in order."""
    team = Contributor.objects.select_related("user")
    return (
        found.select_related("track", "site", "frozen__site")
        .defer("body", "frozen__content", "frozen__search_index")
        .prefetch_related(Prefetch("contributors", team))
        .order_by("pk")
    )
