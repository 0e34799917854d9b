"""What is kept of people in a jam, why, and for how long; organizers choose the periods here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import forgetting
from jam.errors import Refused
from jam.forms import RetentionForm
from jam.models import Retention
from jam.views.meanwhile import Meanwhile
from jam.views.pages import JamPageMixin, public


@public
class PrivacyView(Meanwhile, JamPageMixin, TemplateView):
    """For everybody to read before they join."""

    template_name = "jam/privacy.html"
    desk_page = "privacy"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(told=forgetting.told(self.jam), **kwargs)

    def form(self, data: Any = None) -> RetentionForm:
        return RetentionForm(data, retention=Retention.of(self.jam))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        may_change = forgetting.retention_refusal(request.user, self.jam) is None
        context = self.get_context_data(**({"form": self.form()} if may_change else {}))
        return self.render_to_response(context)

    def take_in(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := forgetting.retention_refusal(request.user, self.jam):
            raise PermissionDenied(refusal.label)
        form = self.form(request.POST)
        if form.is_valid():
            try:
                forgetting.change(
                    jam=self.jam,
                    by=request.user,
                    days=form.cleaned_data,
                    seen=self.seen,
                    moment=request.moment,
                )
            except Refused as refused:
                form.add_error(None, refused.label)
            else:
                messages.success(request, _("Saved. The page below says so to everybody."))
                return redirect("jam:privacy", self.jam.slug)
        return self.render_to_response(self.get_context_data(form=form), status=422)
