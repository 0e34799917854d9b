"""The page that reveals the results on a projector."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from jam.views.pages import public
from ratings import ceremony
from ratings.views.results import ResultsMixin


@public
class CeremonyView(ResultsMixin, TemplateView):
    """Awards and places, one by one; before the results are out there is nothing to reveal."""

    template_name = "ratings/ceremony.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.results is None:
            return redirect("ratings:results", self.jam.slug)
        return super().get(request, *args, **kwargs)

    @property
    def places(self) -> int:
        asked = self.request.GET.get("places", "")[:4]
        wanted = int(asked) if asked.isdecimal() else ceremony.PLACES
        return min(max(wanted, 1), ceremony.MOST_PLACES)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        results = self.results
        results.jam = self.jam
        reveals = ceremony.reveals_of(results, self.places)
        shares = sum(reveal.is_first for reveal in reveals)
        return super().get_context_data(
            results=results, reveals=reveals, is_shared=shares > 1, **kwargs
        )
