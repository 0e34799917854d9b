"""Taking up an idea with a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import View

from jam.errors import Refused
from jam.views.ideas import IdeaMixin
from submissions import services
from submissions.models import Submission


class TakeUp(IdeaMixin, View):
    """A button of an idea's page: a draft of one's own, or a new one, grows from it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect(self.idea)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = {"idea": self.idea, "by": request.user, "moment": request.moment}
        draft = self.draft()
        try:
            if draft and request.POST.get("act") == "undo":
                services.give_up(submission=draft, **own)
                messages.success(request, _("Your team is not counted there any more."))
                return redirect(self.idea)
            taken = services.take_up(submission=draft, **own)
        except Refused as refused:
            messages.warning(request, refused.label)
            return redirect(self.idea)
        messages.success(request, _("Your draft grows from it. Others see that a team is on it."))
        if draft:
            return redirect(self.idea)
        return redirect("submissions:edit", self.jam.slug, taken.pk)

    def draft(self) -> Submission | None:
        """The draft that was chosen, of the reader's own; None for a new one. Raises Http404."""
        pk = self.request.POST.get("draft", "")
        if not pk:
            return None
        own = Submission.objects.filter(jam=self.jam).of_team_member(self.request.user)
        draft = get_object_or_404(own, pk=int(pk) if pk.isdecimal() and len(pk) < 16 else 0)
        draft.jam = self.jam
        return draft
