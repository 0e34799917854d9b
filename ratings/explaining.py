"""How results were computed, in words with their numbers."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.models import RatingRules, Results, Standing
from ratings.tally.table import OVERALL, show

Rule = RatingRules.Rule


def rule_in_words(rule: str, least: int = 1) -> str:
    """The rule that decides the places, in a sentence; a second one where few are not ranked."""
    if rule == Rule.ITCH:
        words = _(
            "Places go by the games-jam rule: the mean of the stars, marked down where a "
            "submission has fewer ratings than the median."
        )
    else:
        words = _("Places go by the mean of the stars that each submission was given.")
    if least > 1:
        words += " " + _("With fewer than %(n)s ratings there is no place.") % {"n": least}
    return words


def number(value: float) -> str:
    """A median or a weight: without decimals unless there are some."""
    return f"{value:g}"


def median_of(results: Results, criterion_id: int | None) -> float:
    """The median number of ratings on a criterion, or overall."""
    return results.medians.get(str(criterion_id or OVERALL), 0)


def the_mean(standing: Standing) -> str:
    """How the mean of a criterion came about."""
    if not standing.n:
        return _("Nobody rated it.")
    # A mean of whole stars: the sum comes out whole.
    return ngettext(
        "%(stars)s stars in %(n)s rating: %(stars)s / %(n)s = %(mean)s.",
        "%(stars)s stars in %(n)s ratings: %(stars)s / %(n)s = %(mean)s.",
        standing.n,
    ) % {"stars": round(standing.raw * standing.n), "n": standing.n, "mean": show(standing.raw)}


def the_overall_mean(standing: Standing, parts: list[Standing], results: Results) -> str:
    """How the mean of the criteria came about, from their standings `parts` by the same rule."""
    parts = [part for part in parts if part.raw is not None]
    if not parts:
        return _("Nobody rated it.")
    weights = {row["id"]: float(row["weight"]) for row in results.criteria}
    means = [(show(part.raw), weights[part.criterion_id]) for part in parts]
    if len({weight for _mean, weight in means}) == 1:
        return _("The mean of the criteria: (%(sum)s) / %(total)s = %(mean)s.") % {
            "sum": " + ".join(mean for mean, _weight in means),
            "total": len(means),
            "mean": show(standing.raw),
        }
    return _("The weighted mean of the criteria: (%(sum)s) / %(total)s = %(mean)s.") % {
        "sum": " + ".join(f"{mean} × {number(weight)}" for mean, weight in means),
        "total": number(sum(weight for _mean, weight in means)),
        "mean": show(standing.raw),
    }


def the_games_jam_score(standing: Standing, results: Results) -> str:
    """How the score by the games-jam rule came about from the mean."""
    if standing.raw is None:
        return _("Nobody rated it.")
    median = median_of(results, standing.criterion_id)
    numbers = {
        "mean": show(standing.raw),
        "n": standing.n,
        "median": number(median),
        "score": show(standing.score),
    }
    if not median or standing.n >= median:
        words = ngettext(
            "%(n)s rating is not less than the median of %(median)s, so the mean stays: %(score)s.",
            "%(n)s ratings are not fewer than the median of %(median)s, so the mean stays: "
            "%(score)s.",
            standing.n,
        )
    else:
        words = ngettext(
            "%(n)s rating is less than the median of %(median)s: "
            "%(mean)s × √(%(n)s / %(median)s) = %(score)s.",
            "%(n)s ratings are fewer than the median of %(median)s: "
            "%(mean)s × √(%(n)s / %(median)s) = %(score)s.",
            standing.n,
        )
    return words % numbers


def how(standing: Standing, parts: list[Standing], results: Results) -> str:
    """How a standing was computed; `parts` are the criteria's, for the overall one."""
    if standing.rule == Rule.ITCH:
        return the_games_jam_score(standing, results)
    if standing.criterion_id is None:
        return the_overall_mean(standing, parts, results)
    return the_mean(standing)
