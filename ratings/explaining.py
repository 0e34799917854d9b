"""How results were computed, in words with their numbers."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.models import RatingRules, Results, Standing
from ratings.showing import rounded, shown
from ratings.tally.table import OVERALL

Rule = RatingRules.Rule


def rule_in_words(rule: str, least: int = 1) -> str:
    """The rule that decides the places, in a sentence; a second one where few are not ranked."""
    if rule == Rule.ITCH:
        words = _(
            "Places go by the games-jam rule: the mean of the stars, marked down where a "
            "submission has fewer ratings than the median."
        )
    elif rule == Rule.MEAN:
        words = _("Places go by the mean of the stars that each submission was given.")
    else:
        words = _(
            "Places go by the mean of the stars, adjusted for how strict each rater was; few "
            "ratings pull it towards the jam’s mean."
        )
    if least > 1:
        words += " " + _("With fewer than %(n)s ratings there is no place.") % {"n": least}
    return words


def number(value: float) -> str:
    """A median or a weight: without decimals unless there are some."""
    return f"{value:g}"


def median_of(results: Results, criterion_id: int | None) -> float:
    """The median number of ratings on a criterion, or overall."""
    return results.summary.get(str(criterion_id or OVERALL), {}).get("median", 0)


def the_mean(standing: Standing) -> str:
    """How the mean of a criterion came about."""
    if not standing.n:
        return _("Nobody rated it.")
    # A mean of whole stars: the sum comes out whole.
    return ngettext(
        "%(stars)s stars in %(n)s rating: %(stars)s / %(n)s = %(mean)s.",
        "%(stars)s stars in %(n)s ratings: %(stars)s / %(n)s = %(mean)s.",
        standing.n,
    ) % {"stars": round(standing.raw * standing.n), "n": standing.n, "mean": shown(standing.raw)}


def the_overall_mean(standing: Standing, parts: list[Standing], results: Results) -> str:
    """How the mean of the criteria came about, from their standings `parts` by the same rule."""
    parts = [part for part in parts if part.raw is not None]
    if not parts:
        return _("Nobody rated it.")
    weights = {row["id"]: float(row["weight"]) for row in results.criteria}
    means = [(shown(part.raw), weights[part.criterion_id]) for part in parts]
    if len({weight for _mean, weight in means}) == 1:
        return _("The mean of the criteria: (%(sum)s) / %(total)s = %(mean)s.") % {
            "sum": " + ".join(mean for mean, _weight in means),
            "total": len(means),
            "mean": shown(standing.raw),
        }
    return _("The weighted mean of the criteria: (%(sum)s) / %(total)s = %(mean)s.") % {
        "sum": " + ".join(f"{mean} × {number(weight)}" for mean, weight in means),
        "total": number(sum(weight for _mean, weight in means)),
        "mean": shown(standing.raw),
    }


def the_games_jam_score(standing: Standing, results: Results) -> str:
    """How the score by the games-jam rule came about from the mean."""
    if standing.raw is None:
        return _("Nobody rated it.")
    median = median_of(results, standing.criterion_id)
    numbers = {
        "mean": shown(standing.raw),
        "n": standing.n,
        "median": number(median),
        "score": shown(standing.itch_score),
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


def the_adjusted_score(standing: Standing, results: Results) -> list[str]:
    """How the adjusted score came about, step by step, from the mean that comes first."""
    if standing.raw is None:
        return [_("Nobody rated it.")]
    if standing.adjusted_score is None:
        return [_("This rule was not computed for these results.")]
    summary = results.summary[str(standing.criterion_id or OVERALL)]
    if summary["chance"] is None:
        return [
            _(
                "How strict raters were cannot be told apart from what they rated, for want of "
                "ratings in common; so the mean stays: %(score)s."
            )
            % {"score": shown(standing.adjusted_score)}
        ]
    mean, leaning, n = summary["mean"], standing.strictness, standing.n
    steps = []
    if abs(leaning) < 0.0005:
        steps.append(_("Its raters were, taken together, neither strict nor mild."))
    else:
        words = (
            _("Its raters were mild: on average they gave %(by)s stars more than others would. "
              "Without that, its ratings are at %(rest)s.")
            if leaning > 0
            else _("Its raters were strict: on average they gave %(by)s stars less than others "
                   "would. Without that, its ratings are at %(rest)s.")
        )  # fmt: skip
        rest = pulled_from(standing, summary)
        steps.append(words % {"by": shown(abs(leaning)), "rest": shown(rest)})
    share = pull(standing, summary)
    steps.append(
        ngettext(
            "%(n)s rating says so much: %(share)s %% of the way from the jam’s mean of %(mean)s "
            "to there is %(score)s.",
            "%(n)s ratings say so much: %(share)s %% of the way from the jam’s mean of %(mean)s "
            "to there is %(score)s.",
            n,
        )
        % {
            "n": n,
            "share": rounded(100 * share, 1),
            "mean": shown(mean),
            "score": shown(standing.adjusted_score),
        }
    )
    if standing.low is not None:
        steps.append(
            _("With 90 %% certainty it lies between %(low)s and %(high)s.")
            % {"low": shown(standing.low), "high": shown(standing.high)}
        )
    if standing.rank_low is not None:
        steps.append(
            _("With 90 %% certainty its place lies between %(first)s and %(last)s; the chance of "
              "the first place is %(top)s %%, of the first three %(top3)s %%.")
            % {
                "first": standing.rank_low,
                "last": standing.rank_high,
                "top": rounded(100 * standing.top1, 0),
                "top3": rounded(100 * standing.top3, 0),
            }
        )  # fmt: skip
    if standing.reliability is not None:
        steps.append(
            _("So many ratings have a reliability of %(share)s: 1 would be certainty.")
            % {"share": rounded(standing.reliability, 2)}
        )
    if standing.is_apart:
        steps.append(
            _("No chain of raters connects it with most others, so it has no place among them.")
        )
    return steps


def pull(standing: Standing, summary: dict) -> float:
    """How far the ratings pull a score from the jam's mean to where they are: n / (n + σ²/τq²)."""
    if not summary["submissions"]:
        return 0.0
    return standing.n / (standing.n + summary["chance"] / summary["submissions"])


def pulled_from(standing: Standing, summary: dict) -> float:
    """Where the ratings are without their raters' leaning."""
    share = pull(standing, summary)
    if not share:
        return standing.raw - standing.strictness
    return summary["mean"] + (standing.adjusted_score - summary["mean"]) / share


def the_judges_mean(standing: Standing) -> str:
    """How the mean of a criterion that is for judges alone came about."""
    if not standing.judges_n:
        return _("No judge rated it.")
    return ngettext(
        "%(n)s judge gave it %(mean)s stars: place %(rank)s by the judges. It is no part of "
        "the overall score.",
        "%(n)s judges gave it %(mean)s stars on average: place %(rank)s by the judges. It is no "
        "part of the overall score.",
        standing.judges_n,
    ) % {
        "n": standing.judges_n,
        "mean": shown(standing.judges_mean),
        "rank": standing.judges_rank,
    }


def the_published_mean(standing: Standing) -> str:
    """Where a mean comes from of which nobody has the ratings."""
    if standing.raw is None:
        return _("Nobody rated it.")
    return ngettext(
        "As it was published where the jam was held: %(mean)s, from %(n)s rating.",
        "As it was published where the jam was held: %(mean)s, from %(n)s ratings.",
        standing.n,
    ) % {"n": standing.n, "mean": shown(standing.raw)}


def how(rule: str, standing: Standing, parts: list[Standing], results: Results) -> list[str]:
    """How a standing was computed by a rule, step by step; `parts` are the criteria's, for the
    overall one."""
    if rule == Rule.ITCH:
        return [the_games_jam_score(standing, results)]
    if rule == Rule.ADJUSTED:
        return the_adjusted_score(standing, results)
    if results.are_as_published:
        return [the_published_mean(standing)]
    if standing.criterion_id is None:
        return [the_overall_mean(standing, parts, results)]
    return [the_mean(standing)]


def interval(standing: Standing) -> str:
    """Where the adjusted score lies with 90 %, or nothing."""
    if standing.low is None:
        return ""
    return f"{shown(standing.low)}–{shown(standing.high)}"


def likely_places(standing: Standing) -> str:
    """Where the place lies with 90 %, or nothing."""
    first, last = standing.rank_low, standing.rank_high
    if first is None:
        return ""
    return f"{first}" if first == last else f"{first}–{last}"


def command_of(results: Results) -> str:
    """What recomputes the published table from the files that are offered beside it."""
    return (
        f"python manage.py recompute ratings.csv --weights rules.json --rule {results.rule} "
        "| diff - standings.csv"
    )


class Bar(NamedTuple):
    """How often so many stars were given; the width is a whole percentage of the widest."""

    stars: int
    count: int
    width: int


def histogram(standing: Standing, parts: list[Standing]) -> list[Bar]:
    """The stars that a mean came from, from five to one; overall, those of all `parts`."""
    of = parts if standing.criterion_id is None else [standing]
    counts = [sum(each) for each in zip(*(s.histogram for s in of if s.histogram), strict=True)]
    most = max(counts, default=0)
    return [
        Bar(stars, count, round(100 * count / most))
        for stars, count in reversed(list(enumerate(counts, start=1)))
        if most
    ]


def strip(standing: Standing) -> list[float]:
    """Where on a strip from −2 to 2 stars, 200 wide, each of the raters' leanings is drawn."""
    return [round(100 + 50 * min(max(leaning, -2), 2), 1) for leaning in standing.leanings]


class Agreement(NamedTuple):
    """How well raters agreed on a criterion; shares are whole percentages of the variance."""

    name: str
    alpha: str
    words: str
    shares: tuple[int, int, int] | None
    strictness: str
    pieces: int
    # x, y and height of the bars of a drawing 170 × 60, and how many raters each stands for.
    bars: list[tuple[int, float, float, int]]


def agreement(name: str, summary: dict) -> Agreement:
    """What is told of a column's raters."""
    alpha, parts = summary["alpha"], ("submissions", "raters", "chance")
    shares = None
    if summary["chance"] is not None:
        whole = sum(summary[part] for part in parts) or 1
        first, second = (round(100 * summary[part] / whole) for part in parts[:2])
        shares = first, second, 100 - first - second
    most = max(summary["leanings"]) or 1
    return Agreement(
        name=name,
        alpha="–" if alpha is None else rounded(alpha, 2).replace("-", "−"),
        words=alpha_in_words(alpha),
        shares=shares,
        strictness="–" if summary["raters"] is None else rounded(summary["raters"] ** 0.5, 2),
        pieces=summary["pieces"],
        bars=[
            (10 * place, round(60 - 56 * n / most, 1), round(56 * n / most, 1), n)
            for place, n in enumerate(summary["leanings"])
        ],
    )


def alpha_in_words(alpha: float | None) -> str:
    """What Krippendorff's alpha says, with the bounds that he gave (2004): .8 and .667."""
    if alpha is None:
        return _("cannot be told")
    if alpha >= 0.8:
        return _("they agreed")
    if alpha >= 0.667:
        return _("they agreed by and large")
    if alpha >= 0.2:
        return _("they agreed somewhat; single ratings say little, many say more")
    if alpha > 0:
        return _("they hardly agreed")
    return _("they did not agree more than by chance")
