"""The ceremony: frozen results one by one, the awards first, then the places up to the first."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ratings.awards import Won, awards_of, card_of
from ratings.models import RatingRules, Results, Standing
from ratings.showing import shown
from submissions.gallery import Card

# So many places are revealed, unless the address asks for others.
PLACES = 10
MOST_PLACES = 30
# Where many share a place, the page stays small, and the evening short.
MOST_REVEALS = 40
# Titles longer than these are set smaller.
LONG, LONGEST = 45, 90


@dataclass(frozen=True)
class Reveal:
    """What is shown by one press of a key; `head` may be read before it, and says not whose."""

    head: str
    lead: str
    card: Card
    why: str = ""
    rank: int | None = None
    score: str = ""
    interval: str = ""
    prizes: tuple[str, ...] = ()
    opens_first: bool = False

    @property
    def is_first(self) -> bool:
        return self.rank == 1

    @property
    def said(self) -> str:
        """All of it in a sentence, to be heard."""
        who = _("%(title)s, by %(names)s") % {"title": self.card.title, "names": self.card.names}
        score = ", ".join(part for part in (self.score, self.interval) if part)
        parts = [f"{self.head}: {who}", score, *self.prizes]
        return ". ".join(part for part in parts if part) + "."

    @property
    def length(self) -> str:
        letters = len(self.card.title)
        return "longest" if letters > LONGEST else "long" if letters > LONG else "short"


def reveals_of(results: Results, places: int = PLACES) -> list[Reveal]:
    """All reveals in their order: awards from the last prize up, then places from the last up.

    What is won by one of these places is told with the place, so that nothing tells it before.
    """
    standings = list(
        results.standings.filter(criterion=None, rank__lte=places)
        .select_related("submission__frozen__site")
        .defer("submission__body", "submission__frozen__content")
        .in_order()[:MOST_REVEALS]
    )
    shown = {standing.submission_id for standing in standings}
    with_place: dict[int, list[Won]] = {}
    apart = []
    for won in awards_of(results):
        if won.prize.place is not None and won.submission in shown:
            with_place.setdefault(won.submission, []).append(won)
        else:
            apart.append(won)
    reveals = [of_award(won) for won in reversed(apart[:MOST_REVEALS])]
    first = next((s for s in reversed(standings) if s.rank == 1), None)
    for standing in reversed(standings):
        won = with_place.get(standing.submission_id, [])
        reveals.append(of_place(results, standing, won, opens_first=standing is first))
    return reveals


def of_award(won: Won) -> Reveal:
    """The reveal of an award that no place tells of."""
    lead = " · ".join(part for part in (won.prize.for_what, won.prize.what) if part)
    return Reveal(won.prize.title, lead, won.card, why=won.why)


def of_place(results: Results, standing: Standing, won: list[Won], *, opens_first: bool) -> Reveal:
    """The reveal of a place, with its score by the official rule and where that may lie."""
    head = _("Place %(rank)s") % {"rank": standing.rank}
    interval = ""
    # It is the adjusted score's; no other rule tells how sure it is.
    if results.rule == RatingRules.Rule.ADJUSTED and standing.low is not None:
        interval = _("with 90 %% certainty between %(low)s and %(high)s") % {
            "low": shown(standing.low), "high": shown(standing.high)
        }  # fmt: skip
    score = _("Score %(score)s") % {"score": shown(standing.score_by(results.rule))}
    return Reveal(
        head,
        "",
        card_of(standing.submission, results.jam),
        rank=standing.rank,
        score=score,
        interval=interval,
        prizes=tuple(_("Wins: %(title)s") % {"title": each.prize.title} for each in won),
        opens_first=opens_first,
    )
