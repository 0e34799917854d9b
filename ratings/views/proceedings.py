"""The proceedings: to take along as a zip, and to print."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from jam import limits
from jam.middleware import client_address
from jam.views.files import send_file
from jam.views.pages import JamPageMixin, public
from ratings import freezing, tasks
from ratings.models import Results
from ratings.proceedings import keeping, site
from ratings.proceedings.sheets import Online
from submissions.models import File

# The whole jam is read for each.
MOST_AN_HOUR = 20
# A document of more is printed from the zip.
MOST_PRINTED = 150
# For so long nobody else asks the worker for the same.
BUILDING = 10 * 60


class AfterResultsMixin(JamPageMixin):
    """What there is once the results are out; before, the page of the results says when."""

    tab = "results"

    @cached_property
    def results(self) -> Results | None:
        results = freezing.frozen_results(self.jam, self.request.moment)
        if results is not None:
            results.jam = self.jam
        return results

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.results is None:
            return redirect("ratings:results", self.jam.slug)
        return self.answer()

    def answer(self) -> HttpResponseBase:
        raise NotImplementedError

    def limit(self, what: str) -> None:
        """Raises PermissionDenied for whoever has had too many."""
        request = self.request
        key = f"{what}:{client_address(request)}"
        if not limits.within(key, MOST_AN_HOUR, 3600, request.moment):
            raise PermissionDenied(_("Too many downloads from here. Try again in an hour."))


@public
class ProceedingsView(AfterResultsMixin, TemplateView):
    template_name = "ratings/proceedings.html"

    def answer(self) -> HttpResponseBase:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        path = keeping.path_of(self.results)
        is_kept = default_storage.exists(path)
        return super().get_context_data(
            results=self.results,
            size=default_storage.size(path) if is_kept else None,
            is_ready=is_kept or keeping.is_light(self.jam),
            is_asked="asked" in self.request.GET,
            may_print=self.results.submissions <= MOST_PRINTED,
            **kwargs,
        )


@public
class ProceedingsFile(AfterResultsMixin, View):
    """The zip, built now where that is quick, else asked for."""

    def answer(self) -> HttpResponseBase:
        path = keeping.path_of(self.results)
        if not default_storage.exists(path):
            self.limit("proceedings")
            if not keeping.is_light(self.jam):
                ask_for(self.results)
                page = reverse("ratings:proceedings", args=[self.jam.slug])
                return redirect(f"{page}?asked")
            path = keeping.build(self.results)
        field = File._meta.get_field("content")
        return send_file(
            FieldFile(None, field, path),
            name=f"{self.jam.slug}-proceedings.zip",
            content_type="application/zip",
            as_attachment=True,
        )


def ask_for(results: Results) -> None:
    """Have the worker build them, unless it was asked a moment ago."""
    if cache.add(f"proceedings:{results.pk}", "asked", BUILDING):
        tasks.build_proceedings.delay(results.jam_id)


@public
class ProceedingsPrint(AfterResultsMixin, View):
    """Everything in one document, piece by piece."""

    def answer(self) -> HttpResponseBase:
        if self.results.submissions > MOST_PRINTED:
            return redirect("ratings:proceedings", self.jam.slug)
        self.limit("print")
        shown = {
            "styles": [
                *(static(path) for path in site.STYLES),
                reverse("jam:theme", args=[self.jam.slug]),
            ],
            "scripts": [static(path) for path in site.SCRIPTS],
        }
        pieces = site.printed(self.results, Online(self.jam), shown)
        response: HttpResponse | StreamingHttpResponse = StreamingHttpResponse(pieces)
        response["X-Robots-Tag"] = "noindex"
        return response
