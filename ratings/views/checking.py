"""What anybody can check results by: the ratings, the rules, the standings, as files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.generic import View

from jam import limits
from jam.middleware import client_address
from jam.views.pages import public
from ratings import publishing
from ratings.models import RatingRules, Results
from ratings.tally import files
from ratings.views.results import ResultsMixin

# The ratings of a large jam take a second to gather.
MOST_AN_HOUR = 60


class ResultsFile(ResultsMixin, View):
    """A file beside the results; there are none before them."""

    name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.results is None:
            raise Http404
        if not limits.within(
            f"files:{client_address(request)}", MOST_AN_HOUR, 3600, request.moment
        ):
            raise PermissionDenied(_("Too many downloads from here. Try again in an hour."))
        pieces, content_type = self.content(self.results)
        response = StreamingHttpResponse(pieces, content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{self.name}"'
        return response

    def content(self, results: Results) -> tuple[Iterable[bytes | str], str]:
        raise NotImplementedError


@public
class RatingsFileView(ResultsFile):
    """The ratings under pseudonyms, where the jam offers them."""

    name = "ratings.csv"

    def content(self, results: Results) -> tuple[Iterable[bytes | str], str]:
        if not results.offers_file:
            raise PermissionDenied(_("The ratings of this jam are not published."))
        return publishing.ratings_of(results), "text/csv; charset=utf-8"


@public
class RulesFileView(ResultsFile):
    """Rule, weights, seed and the least number of ratings, and the submissions' titles."""

    name = "rules.json"

    def content(self, results: Results) -> tuple[Iterable[bytes | str], str]:
        text = json.dumps(publishing.rules_of(results), indent=1, ensure_ascii=False) + "\n"
        return [text], "application/json"


@public
class StandingsFileView(ResultsFile):
    """The published standings by one rule, in the words of `manage.py recompute`."""

    name = "standings.csv"

    def content(self, results: Results) -> tuple[Iterable[bytes | str], str]:
        rule = self.request.GET.get("rule", results.rule)
        if rule not in RatingRules.Rule.values:
            raise Http404
        return files.lines(publishing.standings_of(results, rule)), "text/csv; charset=utf-8"
