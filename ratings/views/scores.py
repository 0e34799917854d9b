"""One submission's scores, each opened; and how well the raters agreed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam.views.pages import public
from ratings import explaining, feedback
from ratings.models import RatingRules
from ratings.raters import submissions_for
from ratings.tally.table import OVERALL
from ratings.views.results import ResultsMixin
from submissions.models import Submission

Rule = RatingRules.Rule


@public
class AgreementView(ResultsMixin, TemplateView):
    """How well the raters agreed, and how strict they were."""

    template_name = "ratings/agreement.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.results is None:
            return redirect("ratings:results", self.jam.slug)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        results = self.results
        columns = [(OVERALL, _("Overall"))]
        columns += [(str(c["id"]), c["name"]) for c in results.criteria if not c["judges_only"]]
        found = [
            explaining.agreement(name, results.summary[key])
            for key, name in columns
            if results.summary.get(key, {}).get("leanings")
        ]
        return super().get_context_data(results=results, columns=found, **kwargs)


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
        organizes = self.jam.is_organized_by(user)
        rules = RatingRules.of(self.jam) if is_own or organizes else None
        released = is_own and feedback.is_released(self.jam, rules, self.request.moment)
        reads_feedback = organizes or released
        lines = self.lines(submission)
        if not (lines or is_own or organizes):
            raise Http404
        if reads_feedback:
            kwargs["page"] = feedback.page_of(submission, self.request.GET.get("page"))
        return super().get_context_data(
            submission=submission,
            results=results,
            lines=lines,
            overall=lines[0] if lines else None,
            has_judges=any(line["standing"].judges_n for line in lines),
            rule_words=explaining.rule_in_words(results.rule, results.least),
            other_rules=self.other_rules,
            is_own=is_own,
            # What was disqualified is not there to be read.
            shows_work=submission.disqualified_at is None,
            submission_url=reverse("submissions:detail", args=[self.jam.slug, submission.pk]),
            reads_feedback=reads_feedback,
            may_answer=released,
            waits_for_feedback=is_own and not reads_feedback,
            **kwargs,
        )

    def lines(self, submission: Submission) -> list[dict[str, Any]]:
        """The standings overall and by criterion, each by all rules."""
        results = self.results
        found = {
            standing.criterion_id: standing
            for standing in results.standings.filter(submission=submission).select_related("track")
        }
        if not found:
            return []
        parts = [found[criterion["id"]] for criterion in results.criteria]
        for_judges = {c["id"] for c in results.criteria if c["judges_only"]}
        lines = []
        for key, name in [(None, _("Overall")), *((c["id"], c["name"]) for c in results.criteria)]:
            standing = found[key]
            lines.append(
                {
                    "name": name,
                    "anchor": f"of-{key or OVERALL}",
                    "standing": standing,
                    "score": standing.score_by(results.rule),
                    "opened": standing.judges_mean
                    if key in for_judges
                    else standing.score_by(results.rule),
                    "interval": explaining.interval(standing)
                    if results.rule == Rule.ADJUSTED
                    else "",
                    "places": explaining.likely_places(standing),
                    "others": [
                        (standing.score_by(rule), standing.rank_by(rule))
                        for rule in self.other_rules
                    ],
                    "histogram": explaining.histogram(standing, parts),
                    "strip": explaining.strip(standing),
                    # The mean comes first, since the other rules go on from it.
                    "how": [(_("Judges"), [explaining.the_judges_mean(standing)])]
                    if key in for_judges
                    else [
                        (rule.label, explaining.how(rule, standing, parts, results))
                        for rule in (Rule.MEAN, Rule.ITCH, Rule.ADJUSTED)
                    ],
                }
            )
        return lines
