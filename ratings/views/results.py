"""Results: of the jam, and of one submission."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import timeline
from jam.views.pages import JamPageMixin, public
from ratings.freezing import newest
from ratings.models import Rating, RatingRules, Results, Standing
from ratings.wording import explain, headline, rule_sentence
from submissions import gallery
from submissions.models import Submission
from submissions.permissions import is_on_team

PAGE = 50
WINNERS = 6
Rule = RatingRules.Rule


class ResultsMixin(JamPageMixin):
    tab = "results"

    @cached_property
    def results(self) -> Results | None:
        """The frozen results, from their moment on; never anything before it."""
        if not timeline.results_due(self.jam, self.request.moment):
            return None
        return newest(self.jam)


@public
class ResultsPage(ResultsMixin, TemplateView):
    template_name = "ratings/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(results=self.results, **kwargs)
        if self.results is not None:
            context |= self.results_context(self.results)
        return context

    def results_context(self, results: Results) -> dict[str, Any]:
        criteria = results.criteria
        asked = self.request.GET.get("criterion", "")
        chosen = next((c for c in criteria if str(c["id"]) == asked), None)
        criterion_id = chosen["id"] if chosen else None
        other_rule = Rule.ITCH if results.rule == Rule.MEAN else Rule.MEAN

        standings = (
            Standing.objects.filter(results=results, rule=results.rule, criterion=criterion_id)
            .select_related("submission__frozen__cover", "submission__site")
            .defer("submission__body", "submission__frozen__content")
            .in_order()
        )
        page = Paginator(standings, PAGE).get_page(self.request.GET.get("page"))
        others = {
            standing.submission_id: standing
            for standing in Standing.objects.filter(
                results=results,
                rule=other_rule,
                criterion=criterion_id,
                submission__in=[standing.submission_id for standing in page],
            )
        }
        rows = [{"first": s, "second": others.get(s.submission_id)} for s in page]
        for row in rows:
            row["mean"], row["itch"] = (
                (row["first"], row["second"])
                if results.rule == Rule.MEAN
                else (row["second"], row["first"])
            )
        # The first page of the overall table begins with the winners.
        if criterion_id is None and page.number == 1:
            leaders = list(page)
        else:
            leaders = list(
                Standing.objects.filter(results=results, rule=results.rule, criterion=None)
                .select_related("submission__frozen__cover", "submission__site")
                .defer("submission__body", "submission__frozen__content")
                .in_order()[:WINNERS]
            )
        winners = [s for s in leaders if s.rank and s.rank <= 3][:WINNERS]
        return {
            "rows": rows,
            "page": page,
            "query": f"criterion={criterion_id}&" if criterion_id else "",
            "chosen": chosen,
            "criteria": criteria,
            "winners": [
                {"standing": s, "card": gallery.card(s.submission, self.jam)} for s in winners
            ],
            "headline": headline(winners),
            "rule": rule_sentence(results.rule, results.least),
            "share": round(100 * results.rated / results.submissions) if results.submissions else 0,
            "average": results.ratings / results.submissions if results.submissions else 0,
        }


@public
class SubmissionResults(ResultsMixin, TemplateView):
    """How a submission stands on each criterion, how that was computed, and its feedback."""

    template_name = "ratings/submission_results.html"

    @cached_property
    def submission(self) -> Submission:
        submissions = Submission.objects.visible_to(self.request.user, self.jam)
        return get_object_or_404(
            submissions.filter(frozen__isnull=False)
            .select_related("frozen")
            .prefetch_related("contributors"),
            pk=self.kwargs["pk"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.results is None:
            raise Http404
        standings = Standing.objects.filter(results=self.results, submission=self.submission)
        by_criterion: dict[Any, dict[str, Standing]] = {}
        for standing in standings:
            by_criterion.setdefault(standing.criterion_id, {})[standing.rule] = standing
        if not by_criterion:
            raise Http404
        rows = [
            {
                "name": criterion["name"] if criterion else _("Overall"),
                "is_overall": criterion is None,
                "mean": of_rule[Rule.MEAN],
                "itch": of_rule[Rule.ITCH],
                "how": explain(
                    of_rule, self.results.medians["overall" if not criterion else str(key)]
                ),
            }
            for criterion in [*self.results.criteria, None]
            if (of_rule := by_criterion.get(key := criterion["id"] if criterion else None))
        ]
        may_read = is_on_team(self.request.user, self.submission) or self.jam.is_organized_by(
            self.request.user
        )
        return super().get_context_data(
            submission=self.submission,
            results=self.results,
            rows=rows,
            overall=by_criterion[None][self.results.rule],
            rule=rule_sentence(self.results.rule, self.results.least),
            may_read=may_read,
            feedback=self.feedback() if may_read else [],
            **kwargs,
        )

    def feedback(self) -> list[Rating]:
        """The complete ratings with their words, in an order that tells nothing of the raters."""
        ratings = (
            Rating.objects.filter(submission=self.submission)
            .complete()
            .select_related("rater")
            .prefetch_related("scores__criterion")
        )
        return sorted(
            ratings, key=lambda rating: salted_hmac("ratings.order", str(rating.pk)).hexdigest()
        )
