"""The page where an organizer begins, and ends, to see a jam as somebody else."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from jam import seeing
from jam.models import Jam
from jam.seeing_form import SeeAsForm
from jam.set_up import Role
from jam.views.desk import ForOrganizers


def begun(request: HttpRequest, sight: seeing.Sight) -> HttpResponse:
    """The way to the jam, from now on as `sight` has it."""
    response = redirect(sight.jam)
    response.set_cookie(
        seeing.COOKIE,
        seeing.cookie_of(sight, request.user),
        max_age=seeing.LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def own_sight(request: HttpRequest, jam: Jam) -> seeing.Sight | None:
    """As whom the reader sees `jam` just now, if they do."""
    sight = seeing.sight_of(request)
    return sight if sight is not None and sight.jam.pk == jam.pk else None


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
        role, at = Role(form.cleaned_data["role"]), form.cleaned_data["at"]
        return begun(request, seeing.Sight(self.jam, role, at))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        sight = own_sight(self.request, self.jam)
        return super().get_context_data(sight=sight, **kwargs)
