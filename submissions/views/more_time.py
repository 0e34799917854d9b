"""A team asks for more time."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import keeping
from jam.errors import Refused
from submissions import services
from submissions.forms import AskTimeForm
from submissions.models import TimeRequest
from submissions.permissions import TimeRefusal, ask_time_refusal
from submissions.views.pages import TeamMixin


@keeping.keeps_words
class AskTime(TeamMixin, TemplateView):
    """The form, and what became of what was asked before."""

    template_name = "submissions/ask_time.html"

    @cached_property
    def asked(self) -> list[TimeRequest]:
        return list(self.submission.time_requests.select_related("by", "settled_by"))

    @property
    def refusal(self) -> TimeRefusal | None:
        waits = any(request.settled_at is None for request in self.asked)
        user, moment = self.request.user, self.request.moment
        return ask_time_refusal(user, self.submission, waits, "words to come", moment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", AskTimeForm(keeping.kept(self.request)))
        return super().get_context_data(
            submission=self.submission, asked=self.asked, refusal=self.refusal, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AskTimeForm(request.POST)
        given = {"submission": self.submission, "by": request.user, "moment": request.moment}
        if form.is_valid():
            try:
                services.ask_time(**given, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, refused.label)
            else:
                messages.success(request, _("The organizers are asked. You are told by mail."))
                return redirect("submissions:edit", self.jam.slug, self.submission.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)
