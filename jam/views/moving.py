"""The page where the dates of a jam are moved: first what that means, then, with a reason, it is
done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import keeping, meanwhile, moving
from jam.errors import Refused
from jam.moving import MoveRefusal
from jam.moving_form import DatesForm, MoveForm
from jam.timeline import BOUNDARIES, is_later
from jam.views.desk import ForOrganizers
from jam.views.meanwhile import Meanwhile


@dataclass(frozen=True)
class Move:
    """An instant that is moved, in words."""

    label: Any
    before: datetime
    after: datetime

    @property
    def by(self) -> str:
        if is_later(self.after, self.before):
            return _("%(time)s later") % {"time": timesince(self.before, self.after)}
        return _("%(time)s earlier") % {"time": timesince(self.after, self.before)}


@keeping.keeps_words
class DatesView(Meanwhile, ForOrganizers, TemplateView):
    template_name = "jam/dates.html"
    desk_page = "dates"

    def form(self, data: Any = None) -> DatesForm:
        return DatesForm(data, jam=self.jam, moment=self.request.moment)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(keeping.kept(request))
        return self.render_to_response(self.get_context_data(form=form))

    def take_in(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        is_valid = form.is_valid()
        if is_valid and not moving.moved(self.jam, form.times):
            return self.refused(form, MoveRefusal.NOTHING.label)
        # Before it is said what that means: of what was moved meanwhile it would be said as well.
        meanwhile.check(self.seen, moving.instants(self.jam))
        if not is_valid:
            return self.refused(form)
        confirms = "confirm" in request.POST
        asks = MoveForm(request.POST if confirms else None)
        if self.jam.is_published and not (confirms and asks.is_valid()):
            return self.ask(form, asks)
        reason = asks.cleaned_data["reason"] if confirms and asks.is_valid() else ""
        try:
            moving.move(
                jam=self.jam,
                times=form.times,
                seen=self.seen,
                by=request.user,
                reason=reason,
                moment=request.moment,
            )
        except Refused as refused:
            return self.refused(self.form(request.POST), refused.label)
        if self.jam.is_published:
            messages.success(request, _("Moved. People are told by mail in some minutes."))
        else:
            messages.success(request, _("Saved."))
        return redirect("jam:set_up", self.jam.slug)

    def refused(self, form: DatesForm, trouble: Any = "") -> HttpResponse:
        context = self.get_context_data(form=form, trouble=trouble)
        return self.render_to_response(context, status=422)

    def ask(self, form: DatesForm, asks: MoveForm) -> HttpResponse:
        """Say what it means, and ask whether it is to be done."""
        moves = moving.moved(self.jam, form.times)
        labels = {boundary.field: boundary.label for boundary in BOUNDARIES}
        context = self.get_context_data(
            form=form,
            asks=asks,
            moves=[Move(labels[name], getattr(self.jam, name), at) for name, at in moves.items()],
            effects=moving.effects(self.jam, form.times, self.request.moment),
        )
        return self.render_to_response(context, status=422 if asks.is_bound else 200)
