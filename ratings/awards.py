"""Prizes and who won them, for showing: those by place beside those that were placed by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from jam.models import Jam
from ratings.models import Award, Prize, Results, Standing
from sites.models import LocalSite
from submissions import gallery
from submissions.gallery import Card
from submissions.models import Submission, Track


@dataclass(frozen=True)
class Told:
    """A prize in words; `place` is the overall one that it is for, if it is for one."""

    title: str
    what: str
    giver: str
    for_what: str
    place: int | None = None


@dataclass(frozen=True)
class Won:
    """A prize that a submission has won; `why` is told where it was placed by hand."""

    prize: Told
    submission: int
    card: Card
    url: str
    why: str
    by_choice: bool


def prizes_of(jam: Jam) -> tuple[Told, ...]:
    """The prizes of `jam`, in order, each with what it is for."""
    return tuple(told(prize) for prize in jam.prizes.select_related("track", "site"))


def told(prize: Prize) -> Told:
    """A prize in words."""
    return Told(
        title=prize.title,
        what=prize.what,
        giver=prize.giver,
        for_what=for_what(prize),
        place=prize.place if prize.kind == Prize.Kind.PLACE else None,
    )


def for_what(prize: Prize) -> str:
    """What a prize is given for."""
    match prize.kind:
        case Prize.Kind.PLACE:
            return _("Place %(place)s overall") % {"place": prize.place}
        case Prize.Kind.TRACK:
            return _("Place %(place)s in the track “%(track)s”") % {
                "place": prize.place, "track": prize.track
            }  # fmt: skip
        case Prize.Kind.SITE:
            return _("The best of what was made at %(site)s") % {"site": prize.site}
    return _("Chosen by the judges and the organizers")


def awards_of(results: Results) -> list[Won]:
    """Who won which prize, in the order of the prizes, in one statement: by places in these
    `results`, or by choice, as long as what was chosen is there to be seen."""
    return _shown(Q(results=results), results.jam_id)


def awards_at(site: LocalSite) -> list[Won]:
    """What was won by submissions made at a local site, by the newest results or by choice."""
    newest = Results.objects.filter(jam=site.jam_id).order_by("-version").values("pk")[:1]
    return _shown(Q(results=Subquery(newest)), site.jam_id, submission__frozen__site=site)


def _shown(by_place: Q, jam: int, **of: Any) -> list[Won]:
    seen = Submission.objects.filter(jam=jam).public()
    awards = (
        Award.objects.filter(by_place | Q(results=None, submission__in=seen), prize__jam=jam, **of)
        .select_related("prize__jam", "prize__track", "prize__site", "submission__frozen__site")
        .defer("submission__body", "submission__frozen__content", "prize__jam__description")
        .order_by("prize", "submission__frozen__title", "pk")
    )
    return [won(award) for award in awards]


def won(award: Award) -> Won:
    """An award as it is shown."""
    jam, submission, by_choice = award.prize.jam, award.submission, award.results_id is None
    card = card_of(submission, jam)
    # Places stay, also those of what is not there to be read any more.
    page = reverse("ratings:submission_results", args=[jam.slug, submission.pk])
    return Won(
        prize=told(award.prize),
        submission=submission.pk,
        card=card,
        url=card.url if by_choice else page,
        why=award.why,
        by_choice=by_choice,
    )


def card_of(submission: Submission, jam: Jam) -> Card:
    """The card of a submission in frozen results, whatever has become of it since."""
    card = gallery.card(submission, jam)
    if submission.disqualified_at is not None:
        return replace(card, cover_url="", state=_("disqualified"))
    return card


def titles_won(submission: Submission) -> list[str]:
    """The titles of the prizes that a submission has won, by the newest results or by choice."""
    newest = Results.objects.filter(jam=submission.jam_id).order_by("-version").values("pk")[:1]
    awards = Award.objects.filter(Q(results=None) | Q(results=Subquery(newest)))
    awards = awards.filter(submission=submission).order_by("prize")
    return list(awards.values_list("prize__title", flat=True))


def tracks_of(results: Results) -> QuerySet[Track]:
    """The tracks that have standings in these results."""
    standings = Standing.objects.filter(results=results, criterion=None, track=OuterRef("pk"))
    return Track.objects.filter(Exists(standings), jam=results.jam_id)
