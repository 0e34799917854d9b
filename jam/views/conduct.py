"""The code of conduct of a jam, with a button to agree to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import services
from jam.errors import Refused
from jam.views.pages import JamPageMixin, public


@public
class ConductView(JamPageMixin, TemplateView):
    """What those who take part agree to, and whom to tell when somebody does not keep to it."""

    template_name = "jam/conduct.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = self.reader.participation
        return super().get_context_data(
            organizers=self.jam.organizers.filter(is_active=True).order_by("display_name", "pk"),
            asks=mine is not None and not mine.has_agreed,
            agreed_at=mine.agreed_at if mine and mine.has_agreed else None,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        jam = self.jam
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        try:
            services.agree(
                jam=jam,
                user=request.user,
                conduct=request.POST.get("conduct", ""),
                moment=request.moment,
            )
        except Refused as refused:
            messages.warning(request, refused.label)
            return redirect("jam:conduct", jam.slug)
        messages.success(request, _("Thank you. That you agreed is noted."))
        return redirect(jam)
