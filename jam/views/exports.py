"""Tables of a jam for organizers to take away."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView, View

from jam import exports
from jam.errors import Refused
from jam.views.pages import JamPageMixin


class ExportsView(JamPageMixin, TemplateView):
    """What there is, and what is in it; those that tell of people apart."""

    template_name = "jam/exports.html"
    desk_page = "exports"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if refusal := exports.export_refusal(self.request.user, self.jam):
            raise PermissionDenied(refusal.label)
        found = exports.exports_of(self.jam, self.request.moment)
        return super().get_context_data(
            of_the_jam=[export for export in found if not export.is_personal],
            of_people=[export for export in found if export.is_personal],
            forms=exports.Form,
            **kwargs,
        )


class TakeView(JamPageMixin, View):
    """A table as a file; posted, since it leaves a line in the log."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.kwargs["form"]
        if form not in exports.Form:
            raise Http404
        try:
            export = exports.take_away(
                jam=self.jam,
                name=self.kwargs["name"],
                form=form,
                by=request.user,
                moment=request.moment,
            )
        except Refused as refused:
            raise PermissionDenied(refused.label) from refused
        except KeyError:
            raise Http404 from None
        return exports.response(export, form, self.jam.slug)
