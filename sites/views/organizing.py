"""Who organizes a local site, and what they and the jam's organizers tell each other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from jam import keeping, limits
from jam.errors import Refused
from jam.views.meanwhile import Meanwhile
from sites import services
from sites.forms import DayForm, InviteForm, MessageForm
from sites.permissions import SiteRefusal, stop_organizing_refusal
from sites.views.acting import SiteAction
from sites.views.door import ForSiteOrganizers
from sites.views.site import SitePage

# Addresses that one person asks about in a day.
MOST_INVITED = 20


class FormOfSite(ForSiteOrganizers, TemplateView):
    """A page with one form, which comes back with what was typed when it is refused."""

    def form(self, data: Any = None, files: Any = None) -> Any:
        raise NotImplementedError

    def save(self, form: Any) -> str:
        """Do it; what is said afterwards."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(keeping.kept(request))
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                done = self.save(form)
            except Refused as refused:
                form.add_error(form.field_of.get(refused.refusal), refused.label)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, done)
                return redirect(self.after())
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def after(self) -> str:
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(site=self.site, **kwargs)


@keeping.keeps_words
class Organizers(FormOfSite):
    """Who organizes the site, who is asked to, and asking somebody."""

    template_name = "sites/organizers.html"

    def form(self, data: Any = None, files: Any = None) -> InviteForm:
        return InviteForm(data, may_hand_over=self.site.is_organized_by(self.request.user))

    def save(self, form: InviteForm) -> str:
        user, moment = self.request.user, self.request.moment
        if not limits.within(f"site-invites:{user.pk}", MOST_INVITED, 86_400, moment):
            raise Refused(SiteRefusal.TOO_MANY_ASKED)
        invited = form.found()
        services.invite(
            site=self.site,
            by=user,
            invited=invited,
            hands_over=form.cleaned_data["hands_over"],
            moment=moment,
        )
        return _("%(name)s is asked by mail.") % {"name": invited}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pending = self.site.invitations.pending().select_related("user")
        return super().get_context_data(
            pending=pending,
            organizes=self.site.is_organized_by(self.request.user),
            stop_refusal=stop_organizing_refusal(self.request.user, self.site),
            **kwargs,
        )


class WithdrawInvitation(ForSiteOrganizers, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("sites:organizers", self.jam.slug, self.site.pk)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.withdraw_invitation(
                site=self.site,
                invitation_id=self.kwargs["invitation"],
                by=request.user,
                moment=request.moment,
            )
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, _("The invitation is taken back."))
        return self.get(request)


class StopOrganizing(SiteAction):
    done = gettext_lazy("You do not organize this local site any more.")

    def act(self) -> None:
        services.stop_organizing(site=self.site, by=self.request.user, moment=self.request.moment)

    def after(self) -> str:
        # A proposal is not there any more for whoever left it.
        return self.site.get_absolute_url() if self.site.is_approved else self.list_url


class AnswerInvitation(SiteAction):
    def act(self) -> None:
        accepts = self.request.POST.get("answer") == "accept"
        services.answer_invitation(
            site=self.site, by=self.request.user, accepts=accepts, moment=self.request.moment
        )
        self.done = (
            _("You organize this local site.") if accepts else _("You have said no. Thank you.")
        )

    def after(self) -> str:
        accepts = self.request.POST.get("answer") == "accept"
        if accepts or self.site.is_approved:
            return self.site.get_absolute_url()
        return self.list_url


class ProposeAgain(SiteAction):
    done = gettext_lazy("Proposed again. The organizers look at it, and you are told by mail.")

    def act(self) -> None:
        services.propose_again(site=self.site, by=self.request.user, moment=self.request.moment)


@keeping.keeps_words
class Talk(ForSiteOrganizers, SitePage):
    """A message to the other side; the form stands on the page of the site."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keeping.hand_on(request, self.site.get_absolute_url())
        return redirect(f"{self.site.get_absolute_url()}#talk")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        site, form = self.site, MessageForm(request.POST)
        if form.is_valid():
            try:
                services.write(
                    site=site,
                    by=request.user,
                    text=form.cleaned_data["text"],
                    moment=request.moment,
                )
            except Refused as refused:
                form.add_error(None, refused.label)
            else:
                messages.success(request, _("Sent. The others are told by mail."))
                return redirect(f"{site.get_absolute_url()}#talk")
        return self.render_to_response(self.get_context_data(message_form=form), status=422)


@keeping.keeps_words
class Day(Meanwhile, FormOfSite):
    """The hours of the day: the end, when no-shows lose their place, how long offers hold."""

    template_name = "sites/day.html"

    def form(self, data: Any = None, files: Any = None) -> DayForm:
        return DayForm(data, site=self.site)

    def save(self, form: DayForm) -> str:
        services.change(
            site=self.site,
            by=self.request.user,
            fields=form.cleaned_data,
            seen=self.seen,
            moment=self.request.moment,
        )
        return _("Saved.")
