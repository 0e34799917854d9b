"""Results: of the jam, and of each submission."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import timeline
from jam.models import Jam
from jam.views.pages import JamPageMixin, public
from ratings import explaining, freezing
from ratings.models import Rating, RatingRules, Results, Score, Standing
from ratings.raters import submissions_for
from submissions import gallery
from submissions.models import Submission

PER_PAGE = 50
FEEDBACK_PER_PAGE = 24
# So many are shown as covers, however many share the first three places.
MOST_WINNERS = 6
Rule = RatingRules.Rule


class ResultsMixin(JamPageMixin):
    tab = "results"

    @cached_property
    def results(self) -> Results | None:
        return freezing.frozen_results(self.jam, self.request.moment)

    @property
    def other_rule(self) -> str:
        return Rule.MEAN if self.results.rule == Rule.ITCH else Rule.ITCH


@public
class ResultsView(ResultsMixin, TemplateView):
    """The standings; before they are there, when they come."""

    template_name = "ratings/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jam, moment = self.jam, self.request.moment
        if self.results is None:
            return super().get_context_data(
                results=None,
                is_counting=jam.rating_window.is_over(moment),
                is_open=moment in jam.rating_window,
                is_due=timeline.results_due(jam, moment),
                **kwargs,
            )
        results = self.results
        chosen = self.request.GET.get("criterion", "")
        criterion = next((c for c in results.criteria if str(c["id"]) == chosen), None)
        standings = (
            results.standings.filter(rule=results.rule, criterion=criterion and criterion["id"])
            .select_related("submission__frozen")
            .defer("submission__body", "submission__frozen__content")
            .in_order()
        )
        paginator = Paginator(standings, PER_PAGE)
        # Each submission has one standing by a rule on a criterion.
        paginator.count = results.submissions
        page = paginator.get_page(self.request.GET.get("page"))
        others = {
            standing.submission_id: standing
            for standing in results.standings.filter(
                rule=self.other_rule,
                criterion=criterion and criterion["id"],
                submission__in=[standing.submission_id for standing in page],
            ).order_by()
        }
        winners = self.winners()
        return super().get_context_data(
            results=results,
            headline=headline([s for s in winners if s.rank == 1]),
            winners=[
                {"standing": s, "card": gallery.card(s.submission, jam)}
                for s in winners[:MOST_WINNERS]
            ],
            numbers=numbers_of(results),
            rule_words=explaining.rule_in_words(results.rule, results.least),
            median=explaining.number(explaining.median_of(results, criterion and criterion["id"])),
            criterion=criterion,
            rows=tuple(row(jam, standing, others[standing.submission_id]) for standing in page),
            other_rule=Rule(self.other_rule),
            page=page,
            query=f"criterion={criterion['id']}&" if criterion else "",
            **kwargs,
        )

    def winners(self) -> list[Standing]:
        """The first three places overall by the official rule; of many first ones, all."""
        standings = self.results.standings.filter(
            rule=self.results.rule, criterion=None, rank__lte=3
        )
        return list(
            standings.select_related("submission__frozen__cover", "submission__frozen__site")
            .defer("submission__body", "submission__frozen__content")
            .in_order()[:100]
        )


class Row(NamedTuple):
    """A line of the standings; `state` is withdrawn, disqualified, unrated or nothing."""

    rank: int | None
    url: str
    title: str
    names: str
    state: str
    score: float | None
    n: int
    raw: float | None
    other_rank: int | None
    other_score: float | None


def row(jam: Jam, official: Standing, other: Standing) -> Row:
    """The line of a submission, from its standings by the official and the other rule."""
    submission = official.submission
    state = "" if official.n else "unrated"
    if submission.withdrawn_at:
        state = "withdrawn"
    elif submission.disqualified_at:
        state = "disqualified"
    return Row(
        rank=official.rank,
        url=reverse("ratings:submission_results", args=[jam.slug, submission.pk]),
        title=submission.frozen.title,
        names=submission.frozen.names,
        state=state,
        score=official.score,
        n=official.n,
        raw=official.raw,
        other_rank=other.rank,
        other_score=other.score,
    )


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
    overall = results.standings.filter(rule=results.rule, criterion=None)
    rated = overall.aggregate(rated=Count("pk", filter=Q(n__gt=0)))["rated"]
    numbers = [
        {"value": results.submissions, "label": _("submissions")},
        {"value": results.ratings, "label": _("ratings")},
    ]
    if results.submissions:
        mean = results.ratings / results.submissions
        median = explaining.median_of(results, None)
        numbers += [
            {"value": f"{100 * rated / results.submissions:.0f} %", "label": _("rated")},
            {"value": f"{mean:.1f}", "label": _("ratings each, mean")},
            {"value": explaining.number(median), "label": _("ratings each, median")},
        ]
    return numbers


@public
class SubmissionResultsView(ResultsMixin, TemplateView):
    """Where one submission stands and why; to its contributors also what raters wrote."""

    template_name = "ratings/submission_results.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.results is None:
            return redirect("ratings:results", self.jam.slug)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, results = self.request.user, self.results
        submission = get_object_or_404(
            submissions_for(self.jam, user).select_related("frozen"), pk=self.kwargs["pk"]
        )
        is_own = submission.is_own
        reads_feedback = is_own or self.jam.is_organized_by(user)
        lines = self.lines(submission)
        if not (lines or reads_feedback):
            raise Http404
        if reads_feedback:
            kwargs |= self.feedback(submission)
        return super().get_context_data(
            submission=submission,
            results=results,
            lines=lines,
            overall=lines[0] if lines else None,
            rule_words=explaining.rule_in_words(results.rule, results.least),
            other_rule=Rule(self.other_rule),
            is_own=is_own,
            # What was disqualified is not there to be read.
            shows_work=submission.disqualified_at is None,
            submission_url=reverse("submissions:detail", args=[self.jam.slug, submission.pk]),
            reads_feedback=reads_feedback,
            **kwargs,
        )

    def lines(self, submission: Submission) -> list[dict[str, Any]]:
        """The standings overall and by criterion, each by both rules."""
        found = {
            (standing.criterion_id, standing.rule): standing
            for standing in self.results.standings.filter(submission=submission)
        }
        if not found:
            return []
        criteria = self.results.criteria
        parts = {
            rule: [found[criterion["id"], rule] for criterion in criteria] for rule in Rule.values
        }
        lines = []
        for key, name in [(None, _("Overall")), *((c["id"], c["name"]) for c in criteria)]:
            official, other = found[key, self.results.rule], found[key, self.other_rule]
            # The mean comes first, since the games-jam rule goes on from it.
            both = [found[key, Rule.MEAN], found[key, Rule.ITCH]]
            lines.append(
                {
                    "name": name,
                    "official": official,
                    "other": other,
                    "how": [
                        (Rule(s.rule).label, explaining.how(s, parts[s.rule], self.results))
                        for s in both
                    ],
                }
            )
        return lines

    def feedback(self, submission: Submission) -> dict[str, Any]:
        """What raters wrote: signed ones by name, then the others in an order that tells
        nothing of who they are."""
        complete = Rating.objects.complete().filter(submission=submission)
        salt = self.results.salt

        def place(row: tuple[int, bool, str]) -> tuple[bool, str, str]:
            pk, signed, name = row
            shuffled = hashlib.sha256(f"{salt}:rating:{pk}".encode()).hexdigest()
            return not signed, name.casefold() if signed else "", shuffled

        rows = sorted(complete.values_list("pk", "signed", "rater__display_name"), key=place)
        page = Paginator([pk for pk, _signed, _name in rows], FEEDBACK_PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        ratings = (
            Rating.objects.select_related("rater")
            .prefetch_related(Prefetch("scores", Score.objects.select_related("criterion")))
            .in_bulk(list(page))
        )
        return {"page": page, "feedback": [ratings[pk] for pk in page]}
