"""What bears signs of spam, for organizers and moderators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import spam
from jam.views.pages import JamPageMixin

PER_PAGE = 25


class SpamView(JamPageMixin, TemplateView):
    template_name = "jam/spam.html"
    tab = "desk"
    desk_page = "spam"

    @cached_property
    def suspects(self) -> list[spam.Suspect]:
        """Raises PermissionDenied."""
        if refusal := spam.spam_refusal(self.request.user, self.jam):
            raise PermissionDenied(refusal.label)
        return spam.suspects_of(self.jam, self.reader)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.suspects, PER_PAGE).get_page(self.request.GET.get("page"))
        organizes = self.jam.is_organized_by(self.request.user)
        return super().get_context_data(page=page, organizes=organizes, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.POST.get("clear", "")
        suspect = next((one for one in self.suspects if one.key == asked), None)
        if suspect is not None:
            spam.clear(jam=self.jam, suspect=suspect, by=request.user, moment=request.moment)
            messages.success(request, _("It does not stand here any more."))
        return redirect("jam:spam", self.jam.slug)
