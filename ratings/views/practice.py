"""Practising on the jam's example before the first rating."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from ratings import services
from ratings.models import MOST_STARS, Example
from ratings.permissions import queue_refusal
from ratings.raters import criteria_for
from ratings.views.rating import RatingPageMixin


class PracticeView(RatingPageMixin, TemplateView):
    """The example with the stars to give; then one's own stars beside those it deserves.

    What is given here is shown back and kept nowhere.
    """

    template_name = "ratings/practice.html"

    @cached_property
    def example(self) -> Example:
        found = Example.objects.filter(jam=self.jam).prefetch_related("anchors").first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := queue_refusal(self.rater, request.moment):
            messages.warning(request, refusal.label)
            return redirect("ratings:rate", self.jam.slug)
        return super().get(request, *args, **kwargs)

    def get_context_data(
        self, given: dict[int, int] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        anchors = {anchor.criterion_id: anchor for anchor in self.example.anchors.all()}
        rows = [
            {
                "criterion": criterion,
                "name": f"stars_{criterion.pk}",
                "value": (given or {}).get(criterion.pk, ""),
                "anchor": anchors.get(criterion.pk),
            }
            for criterion in criteria_for(self.rater)
        ]
        return super().get_context_data(
            example=self.example, rows=rows, is_compared=given is not None, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.example  # noqa: B018 -- there is none: 404
        if refusal := queue_refusal(self.rater, request.moment):
            messages.warning(request, refusal.label)
            return redirect("ratings:rate", self.jam.slug)
        given = {}
        for criterion in criteria_for(self.rater):
            stars = request.POST.get(f"stars_{criterion.pk}", "")
            if stars.isdecimal() and 1 <= int(stars[:2]) <= MOST_STARS:
                given[criterion.pk] = int(stars[:2])
        if not given and "skip" not in request.POST:
            messages.info(request, _("Give stars first, then compare."))
            return redirect("ratings:practice", self.jam.slug)
        services.practise(jam=self.jam, user=request.user, moment=request.moment)
        if "skip" in request.POST:
            return redirect("ratings:rate", self.jam.slug)
        return self.render_to_response(self.get_context_data(given))
