"""The page on which an organizer has a copy of the jam played through, and looks around in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from jam import dry_run, seeing
from jam.dry_run_form import LookAroundForm
from jam.errors import Refused
from jam.set_up import Role
from jam.views.desk import ForOrganizers
from jam.views.seeing import begun, own_sight


class DryRunView(ForOrganizers, TemplateView):
    template_name = "jam/dry_run.html"
    desk_page = "dry_run"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "look" in request.POST:
            return self.look(LookAroundForm(request.POST))
        # Shown at once: there is nothing that another request could find.
        try:
            played = dry_run.play_through(jam=self.jam, by=request.user, moment=request.moment)
        except Refused as refusal:
            context = self.get_context_data(trouble=refusal.label)
            return self.render_to_response(context, status=422)
        return self.render_to_response(self.get_context_data(played=played))

    def look(self, form: LookAroundForm) -> HttpResponse:
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        scene, role = dry_run.Scene(form.cleaned_data["scene"]), Role(form.cleaned_data["role"])
        at = dry_run.moments_of(self.jam)[scene]
        return begun(self.request, seeing.Sight(self.jam, role, at, scene))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", LookAroundForm())
        return super().get_context_data(sight=own_sight(self.request, self.jam), **kwargs)
