"""Results in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.models import RatingRules, Standing
from ratings.tally.table import show

Rule = RatingRules.Rule


def rule_sentence(rule: str, least: int = 1) -> str:
    """The official rule, in one sentence."""
    if rule == Rule.ITCH:
        text = _(
            "The score is the mean of the stars, marked down where a submission has fewer ratings "
            "than the median (the rule of the games jams)."
        )
    else:
        text = _("The score is the mean of the stars; overall, the weighted mean of the criteria.")
    if least > 1:
        text += " " + _("A ranked place takes at least %(least)s ratings.") % {"least": least}
    return text


def headline(winners: list[Standing]) -> str:
    """Who came first, in one sentence."""
    first = [standing.submission.frozen.title for standing in winners if standing.rank == 1]
    if not first:
        return _("Nothing was rated, so there is no first place.")
    if len(first) == 1:
        return _("“%(title)s” came first.") % {"title": first[0]}
    titles = ", ".join(f"“{title}”" for title in first[:-1])
    return _("%(titles)s and “%(last)s” share the first place.") % {
        "titles": titles,
        "last": first[-1],
    }


def explain(of_rule: dict[str, Standing], median: float) -> dict[str, Any]:
    """How both scores of a submission on a criterion were computed, with its numbers."""
    plain, marked = of_rule[Rule.MEAN], of_rule[Rule.ITCH]
    if plain.raw is None:
        nothing = _("Nobody rated this, so there is no score.")
        return {"mean": nothing, "itch": nothing}
    mean = ngettext(
        "The mean of %(n)s rating is %(raw)s.", "The mean of %(n)s ratings is %(raw)s.", plain.n
    ) % {"n": plain.n, "raw": show(plain.raw)}
    values = {"n": plain.n, "m": f"{median:g}", "raw": show(plain.raw), "score": show(marked.score)}
    if not median or plain.n >= median:
        itch = _("With %(n)s ratings against a median of %(m)s, nothing is marked down: %(score)s.")
    else:
        itch = _(
            "With %(n)s ratings against a median of %(m)s, %(raw)s is multiplied by "
            "√(%(n)s ÷ %(m)s): %(score)s."
        )
    return {"mean": mean, "itch": itch % values}
