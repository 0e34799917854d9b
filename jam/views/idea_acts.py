"""What people do with an idea that is there: be interested, take it back, report it; and what
organizers do: pin it, join it to another, hide it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from jam import keeping, proposing
from jam.errors import Refused
from jam.models import Idea
from jam.permissions import IdeaRefusal, gone_refusal
from jam.views.hiding import HideMixin
from jam.views.ideas import IdeaMixin, alike
from jam.views.reporting import ReportMixin

# Offered for joining an idea to, by one search.
MOST_OFFERED = 20


class IdeaButton(IdeaMixin, View):
    """A button of the idea's page."""

    done: Any = ""
    # Who is refused for these has no business here; others are told why on the page.
    forbidden = (IdeaRefusal.NOT_AUTHOR, IdeaRefusal.NOT_ORGANIZER)

    def act(self) -> Any:
        """Do it, and say what was done. Raises Refused."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect(self.idea)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            done = self.act()
        except Refused as refused:
            if refused.refusal in self.forbidden:
                raise PermissionDenied(refused.label) from refused
            messages.warning(request, refused.label)
        else:
            messages.success(request, done)
        return redirect(self.leads_to())

    def leads_to(self) -> Any:
        return self.idea


class WithdrawView(IdeaButton):
    def act(self) -> str:
        proposing.withdraw(idea=self.idea, by=self.request.user, moment=self.request.moment)
        return _("Your idea is taken back.")

    def leads_to(self) -> str:
        return reverse("jam:ideas", args=[self.jam.slug])


class InterestView(IdeaButton):
    """Being interested, shown with one's name or only counted, or not any more."""

    def act(self) -> str:
        own = {"idea": self.idea, "by": self.request.user, "moment": self.request.moment}
        if self.request.POST.get("act") == "undo":
            proposing.unmark_interest(**own)
            return _("You are not counted any more.")
        is_shown = self.request.POST.get("shown") == "yes"
        proposing.mark_interest(is_shown=is_shown, **own)
        if is_shown:
            return _("Noted. Those who take part see your name here.")
        return _("Noted. You are counted, and your name is not shown.")


class PinView(IdeaButton):
    def act(self) -> str:
        is_pinned = self.request.POST.get("act") != "undo"
        proposing.pin(
            idea=self.idea, by=self.request.user, is_pinned=is_pinned, moment=self.request.moment
        )
        if is_pinned:
            return _("It stands first in the list now.")
        return _("It stands among the others again.")


class PartView(IdeaButton):
    def act(self) -> str:
        proposing.part(idea=self.idea, by=self.request.user, moment=self.request.moment)
        return _("It stands by itself again. Its author is told.")


class MergeView(IdeaMixin, TemplateView):
    """For organizers: to which other idea this one is joined."""

    template_name = "jam/idea_merge.html"

    def admit(self) -> None:
        if not self.jam.is_organized_by(self.request.user):
            raise PermissionDenied(IdeaRefusal.NOT_ORGANIZER.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.admit()
        asked = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
        idea = self.idea
        if asked:
            others = Idea.objects.filter(jam=self.jam).listed().exclude(pk=idea.pk)
            others = others.found_by(asked).select_related("author")[:MOST_OFFERED]
        else:
            others = alike(self.jam, idea.title, idea.text, but=idea)
        return super().get_context_data(
            idea=idea, asked=asked, others=others, refusal=gone_refusal(idea), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        pk = request.POST.get("into", "")
        known = pk.isdecimal() and len(pk) < 16
        into = Idea.objects.filter(jam=self.jam, pk=int(pk)).first() if known else None
        try:
            if into is None:
                raise Refused(IdeaRefusal.NOT_THERE)
            proposing.merge(idea=self.idea, into=into, by=request.user, moment=request.moment)
        except Refused as refused:
            context = self.get_context_data(error=refused.label)
            return self.render_to_response(context, status=422)
        messages.success(request, _("Joined. The author is told; you can part them again here."))
        return redirect(into)


class HideView(IdeaMixin, HideMixin):
    @property
    def thing(self) -> Idea:
        return self.idea

    def hide(self, reason: str) -> None:
        proposing.hide(
            idea=self.idea, by=self.request.user, reason=reason, moment=self.request.moment
        )

    def show(self, reason: str) -> None:
        proposing.show(
            idea=self.idea, by=self.request.user, reason=reason, moment=self.request.moment
        )


@keeping.keeps_words
class ReportView(IdeaMixin, ReportMixin):
    @property
    def thing(self) -> Idea:
        return self.idea
