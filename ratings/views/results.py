"""Results: of the jam, and of each submission."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Max, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import timeline
from jam.models import Jam
from jam.views.pages import JamPageMixin, public
from ratings import awards, explaining, fairness, freezing, plot
from ratings.models import RatingRules, Results, Standing
from ratings.showing import rounded
from ratings.tally.table import OVERALL
from submissions import gallery
from submissions.models import Track

PER_PAGE = 50
# So many are drawn at once; of a larger jam those around the page.
DRAWN = 200
# So many are shown as covers, however many share the first three places.
MOST_WINNERS = 6
Rule = RatingRules.Rule


class ResultsMixin(JamPageMixin):
    tab = "results"

    @cached_property
    def results(self) -> Results | None:
        newest = freezing.frozen_results(self.jam, self.request.moment)
        asked = self.request.GET.get("version", "")
        if newest is None or asked in ("", str(newest.version)):
            return newest
        if not (asked.isdecimal() and len(asked) < 5):
            raise Http404
        return get_object_or_404(Results, jam=self.jam, version=asked)

    @cached_property
    def versions(self) -> list[int]:
        """The newest first; asked only where there is more than one."""
        if self.results.version == 1 and not self.request.GET.get("version"):
            return [1]
        return list(self.jam.results.order_by("-version").values_list("version", flat=True))

    @property
    def other_rules(self) -> list[Rule]:
        return [rule for rule in Rule if rule != self.results.rule]


class Chosen(NamedTuple):
    """Which standings are shown: on a criterion or overall, of a track or of all."""

    criterion: dict[str, Any] | None
    track: Track | None
    # Of the results, unless it is the newest.
    version: int | None = None

    @property
    def id(self) -> int | None:
        return self.criterion and self.criterion["id"]

    @property
    def is_judges(self) -> bool:
        """Whether judges alone gave stars on it, so that all there is is their mean and places."""
        return self.criterion is not None and self.criterion["judges_only"]

    @property
    def is_of_track(self) -> bool:
        """Whether places are those in a track; on a criterion there are none but the jam's."""
        return self.track is not None and self.criterion is None

    def rank_of(self, standing: Standing) -> int | None:
        """The place that is shown."""
        if self.is_judges:
            return standing.judges_rank
        return standing.track_rank if self.is_of_track else standing.rank

    def query(self, **changes: Any) -> str:
        """The address of these standings, with changes."""
        fields = {
            "criterion": self.id,
            "track": self.track and self.track.pk,
            "version": self.version,
            **changes,
        }
        return "&".join(f"{name}={value}" for name, value in fields.items() if value)


@public
class ResultsView(ResultsMixin, TemplateView):
    """The standings; before they are there, when they come."""

    template_name = "ratings/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jam, moment, results = self.jam, self.request.moment, self.results
        if results is None:
            return super().get_context_data(
                results=None,
                is_counting=jam.rating_window.is_over(moment),
                is_open=moment in jam.rating_window,
                is_due=timeline.results_due(jam, moment),
                **kwargs,
            )
        tracks = awards.tracks_of(results)
        chosen = self.chosen(tracks)
        standings = self.standings(chosen)
        paginator = Paginator(standings, PER_PAGE)
        if not chosen.track:
            # Each submission has one standing on a criterion.
            paginator.count = results.submissions
        page = paginator.get_page(self.request.GET.get("page"))
        drawn = self.drawn(standings, page.start_index() - 1 if page else 0, chosen)
        winners = self.winners()
        won = awards.awards_of(results)
        rows = rows_of(jam, results, list(page), chosen)
        return super().get_context_data(
            results=results,
            versions=self.versions,
            headline=headline([s for s in winners if s.rank == 1]),
            winners=[
                {
                    "standing": s,
                    "score": s.score_by(results.rule),
                    "card": gallery.card(s.submission, jam),
                    "prizes": [w.prize.title for w in won if w.submission == s.submission_id],
                }
                for s in winners[:MOST_WINNERS]
            ],
            numbers=numbers_of(results),
            awards=won,
            rule_words=explaining.rule_in_words(results.rule, results.least),
            median=explaining.number(explaining.median_of(results, chosen.id)),
            criterion=chosen.criterion,
            track=chosen.track,
            criteria_tabs=[
                {"name": name, "query": chosen.query(criterion=key), "is_current": key == chosen.id}
                for key, name in [(None, _("Overall"))]
                + [(each["id"], each["name"]) for each in results.criteria]
            ],
            track_tabs=[
                {
                    "name": track.name if track else _("All tracks"),
                    "query": chosen.query(track=track and track.pk, criterion=None),
                    "is_current": track == chosen.track,
                }
                for track in [None, *tracks]
            ]
            if tracks
            else [],
            rows=rows,
            is_judges=chosen.is_judges,
            is_of_track=chosen.is_of_track,
            has_judges=any(row.judges is not None for row in rows),
            has_intervals=any(row.low is not None for row in rows),
            plot=plot.plot_of(drawn),
            plot_summary=self.summary(drawn),
            other_rules=[] if chosen.is_judges else self.other_rules,
            page=page,
            query=f"{query}&" if (query := chosen.query()) else "",
            anchor="#standings-title",
            command=explaining.command_of(results),
            done_by_organizers=fairness.summary_of(jam),
            **kwargs,
        )

    def chosen(self, tracks: list[Track]) -> Chosen:
        """What the address asks for, as far as there is such a thing."""
        asked = self.request.GET
        criterion, track = asked.get("criterion", ""), asked.get("track", "")
        return Chosen(
            next((c for c in self.results.criteria if str(c["id"]) == criterion), None),
            next((t for t in tracks if str(t.pk) == track), None),
            self.results.version if self.results.version != self.versions[0] else None,
        )

    def standings(self, chosen: Chosen) -> QuerySet[Standing]:
        standings = (
            self.results.standings.filter(criterion=chosen.id)
            .select_related("submission__frozen")
            .defer("submission__body", "submission__frozen__content")
        )
        ordered = standings.in_judges_order if chosen.is_judges else standings.in_order
        standings = ordered()
        if not chosen.track:
            return standings
        # The track is kept with the overall standing.
        of_track = self.results.standings.filter(criterion=None, track=chosen.track)
        return standings.filter(submission__in=of_track.values("submission"))

    def drawn(
        self, standings: QuerySet[Standing], first: int, chosen: Chosen
    ) -> list[plot.Standing]:
        """What is drawn: of the ranked ones, those around the page."""
        start = first - first % DRAWN
        is_adjusted = self.results.rule == Rule.ADJUSTED
        placed = {"judges_rank__isnull" if chosen.is_judges else "rank__isnull": False}
        found = standings.filter(**placed)[start : start + DRAWN]
        return [
            plot.Standing(
                rank=chosen.rank_of(s),
                title=s.submission.frozen.title,
                url=url_of(self.jam, s.submission_id),
                score=s.judges_mean if chosen.is_judges else s.score_by(self.results.rule),
                low=s.low if is_adjusted else None,
                high=s.high if is_adjusted else None,
                level=s.level if is_adjusted and not chosen.track else None,
                judges=None if chosen.is_judges else s.judges_mean,
            )
            for s in found
        ]

    def summary(self, drawn: list[plot.Standing]) -> str:
        """What the drawing says at first sight."""
        levels = [s.level for s in drawn if s.level is not None]
        first = levels.count(levels[0]) if levels and drawn[0].rank == 1 else 0
        if first > 1:
            return _("The first %(n)s cannot be told apart with certainty.") % {"n": first}
        if first == 1:
            return _("The first place is clear.")
        return ""

    def winners(self) -> list[Standing]:
        """The first three places overall by the official rule; of many first ones, all."""
        standings = self.results.standings.filter(criterion=None, rank__lte=3)
        return list(
            standings.select_related("submission__frozen__cover", "submission__frozen__site")
            .defer("submission__body", "submission__frozen__content")
            .in_order()[:100]
        )


def url_of(jam: Jam, pk: int) -> str:
    return reverse("ratings:submission_results", args=[jam.slug, pk])


class Row(NamedTuple):
    """A line of the standings; `state` is withdrawn, disqualified, apart, unrated or nothing.
    `level` is the words that head a group that begins here."""

    rank: int | None
    url: str
    title: str
    names: str
    state: str
    score: float | None
    low: float | None
    high: float | None
    places: str
    n: int
    judges: float | None
    judges_rank: int | None
    # Score and place by each of the other rules.
    others: tuple[tuple[float | None, int | None], ...]
    level: str
    bar: tuple[float, float, float] | None


def rows_of(jam: Jam, results: Results, page: list[Standing], chosen: Chosen) -> tuple[Row, ...]:
    """The lines of a page of standings."""
    rule, rows = results.rule, []
    scale = bar_scale(page) if rule == Rule.ADJUSTED else None
    groups = levels_of(results, page, chosen) if rule == Rule.ADJUSTED else {}
    before = None
    for standing in page:
        submission = standing.submission
        n = standing.judges_n if chosen.is_judges else standing.n
        state = "" if n else "unrated"
        if submission.withdrawn_at:
            state = "withdrawn"
        elif submission.disqualified_at:
            state = "disqualified"
        elif standing.is_apart and standing.n and standing.rank is None:
            state = "apart"
        level = groups.get(standing.level, "") if standing.level != before else ""
        before = standing.level
        has_ends = scale is not None and standing.low is not None
        rows.append(
            Row(
                rank=chosen.rank_of(standing),
                url=url_of(jam, submission.pk),
                title=submission.frozen.title,
                names=submission.frozen.names,
                state=state,
                score=standing.judges_mean if chosen.is_judges else standing.score_by(rule),
                low=standing.low if rule == Rule.ADJUSTED else None,
                high=standing.high if rule == Rule.ADJUSTED else None,
                places=explaining.likely_places(standing) if rule == Rule.ADJUSTED else "",
                n=n,
                judges=None if chosen.is_judges else standing.judges_mean,
                judges_rank=standing.judges_rank,
                others=tuple(
                    (standing.score_by(other), standing.rank_by(other))
                    for other in Rule
                    if other != rule and not chosen.is_judges
                ),
                level=level,
                bar=(scale(standing.low), scale(standing.adjusted_score), scale(standing.high))
                if has_ends
                else None,
            )
        )
    return tuple(rows)


def bar_scale(page: list[Standing]) -> plot.Scale | None:
    """The scale of the small bars of a page, 100 wide."""
    ends = [end for s in page if s.low is not None for end in (s.low, s.high)]
    return plot.Scale(min(ends), max(ends), 2, 98) if ends and max(ends) > min(ends) else None


def levels_of(results: Results, page: list[Standing], chosen: Chosen) -> dict[int, str]:
    """The groups of a page that cannot be told apart, in words."""
    if chosen.track:
        return {}
    found = (
        results.standings.filter(
            criterion=chosen.id,
            level__in={s.level for s in page if s.level is not None},
            rank__isnull=False,
        )
        .order_by()
        .values("level")
        .annotate(count=Count("pk"), last=Max("rank"))
    )
    return {
        row["level"]: plot.level_in_words(row["level"], row["last"], row["count"])
        for row in found
        if row["count"] > 1
    }


def headline(first: list[Standing]) -> str:
    """Who won, in a sentence."""
    titles = [standing.submission.frozen.title for standing in first]
    match titles:
        case []:
            return _("No submission has a place")
        case [title]:
            return _("“%(title)s” wins") % {"title": title}
        case [*some, last] if len(titles) <= 3:
            listed = ", ".join(f"“{title}”" for title in some)
            return _("%(some)s and “%(last)s” share the first place") % {
                "some": listed, "last": last
            }  # fmt: skip
    return _("%(n)s submissions share the first place") % {"n": len(titles)}


def numbers_of(results: Results) -> list[dict[str, Any]]:
    """The numbers at the head of the results; none without a value."""
    rated = results.summary.get(OVERALL, {}).get("rated")
    numbers = [
        {"value": results.submissions, "label": _("submissions")},
        {"value": results.ratings, "label": _("ratings")},
    ]
    if results.submissions:
        mean = results.ratings / results.submissions
        median = explaining.median_of(results, None)
        if rated is not None:
            share = f"{100 * rated / results.submissions:.0f} %"
            numbers.append({"value": share, "label": _("rated")})
        numbers += [
            {"value": rounded(mean, 1), "label": _("ratings each, mean")},
            {"value": explaining.number(median), "label": _("ratings each, median")},
        ]
    return numbers
