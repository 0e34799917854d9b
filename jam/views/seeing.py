"""The page where an organizer begins, and ends, to see a jam as somebody else."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from jam import seeing
from jam.seeing_form import SeeAsForm
from jam.set_up import Role
from jam.views.desk import ForOrganizers


class SeeAsView(ForOrganizers, TemplateView):
    template_name = "jam/see_as.html"
    desk_page = "see_as"

    def form(self, data: Any = None) -> SeeAsForm:
        return SeeAsForm(data, jam=self.jam, moment=self.request.moment)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "stop" in request.POST:
            response = redirect("jam:see_as", self.jam.slug)
            response.delete_cookie(seeing.COOKIE)
            return response
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        sight = seeing.Sight(self.jam, Role(form.cleaned_data["role"]), form.cleaned_data["at"])
        response = redirect(self.jam)
        response.set_cookie(
            seeing.COOKIE,
            seeing.cookie_of(sight, request.user),
            max_age=seeing.LASTS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        sight = seeing.sight_of(self.request)
        is_here = sight is not None and sight.jam.pk == self.jam.pk
        return super().get_context_data(sight=sight if is_here else None, **kwargs)
