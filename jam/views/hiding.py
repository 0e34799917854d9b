"""The page on which organizers hide what a person wrote, and show it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import keeping
from jam.errors import Refused
from jam.forms import ReasonForm
from jam.permissions import IdeaRefusal
from jam.roles import Right, may
from jam.views.pages import JamPageMixin


@keeping.keeps_words
class HideMixin(JamPageMixin, TemplateView):
    """A form with a reason for one thing, which has `hidden_at`, `hidden_reason`, `author`,
    `text` and an address of its own."""

    template_name = "jam/hide.html"

    @property
    def thing(self) -> Any:
        """What is hidden, if this reader may see it. Raises Http404."""
        raise NotImplementedError

    def hide(self, reason: str) -> None:
        raise NotImplementedError

    def show(self, reason: str) -> None:
        raise NotImplementedError

    def admit(self) -> None:
        """Raises Http404 and PermissionDenied."""
        _thing = self.thing
        if not may(self.request.user, self.jam, Right.MODERATE):
            raise PermissionDenied(IdeaRefusal.NOT_ORGANIZER.label)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        form = ReasonForm(initial=keeping.kept(request))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(thing=self.thing, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        back = self.thing.get_absolute_url()
        act = self.show if request.POST.get("act") == "show" else self.hide
        form = ReasonForm(request.POST)
        form.fields["reason"].required = act == self.hide
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error(None, refused.label)
                status = 403
            else:
                messages.success(request, _("Done. Its author is told."))
                return redirect(back)
        return self.render_to_response(self.get_context_data(form=form), status=status)
