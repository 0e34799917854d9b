"""The log of acts for organizers: to read, to sift, and as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from jam import acts, spreadsheets
from jam.forms import LogForm
from jam.models import Act
from jam.views.pages import JamPageMixin

PER_PAGE = 50


class LogMixin(JamPageMixin):
    """Whoever may read the log, and the lines that they ask for."""

    @cached_property
    def all_acts(self) -> QuerySet[Act]:
        """Raises PermissionDenied."""
        if refusal := acts.log_refusal(self.request.user, self.jam):
            raise PermissionDenied(refusal.label)
        return acts.acts_of(self.jam, self.request.user, self.request.moment)

    @cached_property
    def form(self) -> LogForm:
        return LogForm(self.request.GET, pairs=self.all_acts.order_by().values_list(
            "target_type", "verb").distinct())  # fmt: skip

    @property
    def acts(self) -> QuerySet[Act]:
        # What is wrong in one field does not hinder the others.
        self.form.is_valid()
        return acts.sifted(self.all_acts, self.jam, self.form.cleaned_data)


class LogView(LogMixin, TemplateView):
    """The lines, the newest first, and the form that sifts them."""

    template_name = "jam/log.html"
    desk_page = "log"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.acts, PER_PAGE).get_page(self.request.GET.get("page"))
        asked = {name: value for name, value in self.request.GET.items() if name != "page"}
        asked = {name: value for name, value in asked.items() if name in self.form.fields and value}
        query = urlencode(asked)
        return super().get_context_data(
            form=self.form,
            page=page,
            lines=acts.lines_of(page),
            is_sifted=bool(asked),
            query=f"{query}&" if query else "",
            **kwargs,
        )


class LogCsv(LogMixin, View):
    """The lines that were asked for, as a table for a spreadsheet."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        return spreadsheets.response(acts.as_table(self.acts), f"{self.jam.slug}-log.csv")


class LogJson(LogMixin, View):
    """The same as JSON."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        return StreamingHttpResponse(
            acts.as_json(self.acts),
            content_type="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="{self.jam.slug}-log.json"',
                "Cache-Control": "no-store",
            },
        )
