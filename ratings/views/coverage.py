"""For organizers: who still lacks ratings, and who has begun some and not completed them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from jam import timeline
from jam.roles import Right, may
from jam.views.pages import JamPageMixin
from ratings import coverage
from ratings.models import RatingRules, Skip
from ratings.permissions import OrganizerRefusal

PER_PAGE = 50
LATEST = 50


class CoverageView(JamPageMixin, TemplateView):
    """Counts alone: nothing on it depends on what anybody gave. Who has begun, and who skipped what
    and why, is for those alone who may see people."""

    template_name = "ratings/coverage.html"
    tab = "rate"
    desk_page = "coverage"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, self.jam, Right.COVERAGE):
            raise PermissionDenied(OrganizerRefusal.NOT_ORGANIZER.label)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jam, asked = self.jam, self.request.GET
        rules = RatingRules.of(jam)
        found = coverage.coverage_of(jam, rules)
        lacking = Paginator(coverage.lacking(jam, rules), PER_PAGE)
        people = Paginator(coverage.behind(jam, self.request.moment), PER_PAGE)
        # Both were counted with the rest.
        lacking.count, people.count = found.submissions - found.covered, found.behind
        page = lacking.get_page(asked.get("page"))
        skips = Skip.objects.filter(submission__jam=jam).select_related(
            "submission__frozen", "rater"
        )
        if not timeline.results_due(jam, self.request.moment):
            # Why somebody would not rate it hints at what others give.
            skips = skips.exclude(submission__contributors__user=self.request.user)
        return super().get_context_data(
            rules=rules,
            coverage=found,
            page=page,
            lacks=coverage.lacks_of(list(page), rules),
            sees_people=may(self.request.user, jam, Right.PEOPLE),
            behind=people.get_page(asked.get("raters")),
            skips=skips.order_by("-skipped_at")[:LATEST],
            is_open=self.request.moment in jam.rating_window,
            is_before=jam.rating_window.is_before(self.request.moment),
            **kwargs,
        )
