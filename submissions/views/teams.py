"""Who is on a team."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam.errors import Refused
from jam.models import User
from jam.views.pages import JamPageMixin
from submissions import services
from submissions.models import Submission
from submissions.permissions import TeamRefusal, join_team_refusal
from submissions.views.pages import TeamAction


def keys_in(text: str) -> list[int]:
    """The people of an order, as the buttons of the editor name them."""
    return [int(key[:18]) for key in text.split("-") if key.isdecimal()]


def team_of(submission: Submission, user: User) -> dict[str, Any]:
    """The team in the order that is proposed, or else holds, and the values of the buttons that
    propose another or agree."""
    present = list(submission.contributors.all())
    shown = submission.proposed_team or present
    keys = [contributor.user_id for contributor in shown]

    def button(order: list[int]) -> str:
        return f"{'-'.join(map(str, order))}/{'-'.join(map(str, keys))}"

    def swapped(place: int) -> str:
        order = [*keys[:place], keys[place + 1], keys[place], *keys[place + 2 :]]
        return button(order)

    return {
        "rows": [
            {
                "contributor": contributor,
                "earlier": swapped(place - 1) if place else "",
                "later": swapped(place) if place + 1 < len(keys) else "",
            }
            for place, contributor in enumerate(shown)
        ],
        "proposed": shown is not present,
        "present": ", ".join(map(str, present)),
        "waiting": ", ".join(map(str, submission.not_agreed)),
        "may_agree": user.pk in [contributor.user_id for contributor in submission.not_agreed],
        "agree": button(keys),
        "keep": button([contributor.user_id for contributor in present]),
    }


class Invitation(JamPageMixin, TemplateView):
    """Who holds the link confirms to be on the team."""

    template_name = "submissions/invitation.html"
    tab = "submissions"

    @cached_property
    def submission(self) -> Submission:
        submission = get_object_or_404(
            Submission.objects.filter(jam=self.jam).with_content(),
            pk=self.kwargs["pk"],
            invitation=self.kwargs["token"],
        )
        submission.jam = self.jam
        return submission

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refusal = join_team_refusal(self.request.user, self.submission, self.request.moment)
        return super().get_context_data(submission=self.submission, refusal=refusal, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = (self.jam.slug, self.submission.pk)
        try:
            services.join_team(submission=self.submission, user=request.user, moment=request.moment)
        except Refused as refused:
            if refused.refusal == TeamRefusal.ALREADY_IN:
                return redirect("submissions:edit", *here)
            messages.error(request, refused.label)
            return redirect(request.path)
        messages.success(request, _("You are on the team."))
        return redirect("submissions:edit", *here)


class Leave(TeamAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.leave_team(
                submission=self.submission, user=request.user, moment=request.moment
            )
        except Refused as refused:
            messages.error(request, refused.label)
            return redirect("submissions:edit", self.jam.slug, self.submission.pk)
        messages.success(request, _("You have left the team."))
        return redirect("submissions:gallery", self.jam.slug)


class RenewInvitation(TeamAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.renew_invitation(
                submission=self.submission, by=request.user, moment=request.moment
            )
        except Refused as refused:
            messages.error(request, refused.label)
        else:
            messages.success(request, _("There is a new invitation link; the old one is void."))
        return redirect(f"/jams/{self.jam.slug}/submissions/{self.submission.pk}/edit/#team")
