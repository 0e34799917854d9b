"""What is done at a local site with a button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from jam.errors import Refused
from sites import services
from sites.forms import DeclineForm
from sites.permissions import (
    SiteRefusal,
)
from sites.views.pages import SitePageMixin
from sites.views.site import SitePage


class SiteAction(SitePageMixin, View):
    """Something that is done at a site with a button."""

    done: Any = ""

    def act(self) -> None:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect(self.site)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act()
        except Refused as refused:
            if refused.refusal == SiteRefusal.NOT_ORGANIZER:
                raise PermissionDenied(refused.label) from None
            messages.warning(request, refused.label)
        else:
            messages.success(request, self.done)
            return redirect(self.after())
        return redirect(self.site)

    def after(self) -> str:
        """Where it leads once it is done."""
        return self.site.get_absolute_url()

    @property
    def list_url(self) -> str:
        return reverse("sites:list", args=[self.jam.slug])


class Join(SiteAction):
    done = _("You have a place here.")

    def act(self) -> None:
        services.join(
            site=self.site,
            user=self.request.user,
            shown="shown" in self.request.POST,
            moment=self.request.moment,
        )


class Leave(SiteAction):
    done = _("You have given your place back.")

    def act(self) -> None:
        services.leave(site=self.site, user=self.request.user, moment=self.request.moment)


class Wait(SiteAction):
    done = _("You are in line. As soon as a place is free and it is your turn, you get a mail.")

    def act(self) -> None:
        services.wait(site=self.site, user=self.request.user, moment=self.request.moment)


class StopWaiting(SiteAction):
    done = _("You do not wait for a place here any more.")

    def act(self) -> None:
        services.stop_waiting(site=self.site, user=self.request.user, moment=self.request.moment)


class Show(SiteAction):
    """Whether one's name is on the page."""

    def act(self) -> None:
        shown = self.request.POST.get("shown") == "yes"
        services.show(
            site=self.site, user=self.request.user, shown=shown, moment=self.request.moment
        )
        self.done = (
            _("Your name is shown on this page.")
            if shown
            else _("Your name is shown to the organizers only.")
        )


class Open(SiteAction):
    done = _("The local site is open: people can take places.")
    is_open = True

    def act(self) -> None:
        services.set_open(
            site=self.site,
            by=self.request.user,
            is_open=self.is_open,
            moment=self.request.moment,
        )


class Close(Open):
    done = _("The local site is closed for joining. Who has a place keeps it.")
    is_open = False


class Approve(SiteAction):
    done = _("Approved. Its organizers are told by mail.")

    def act(self) -> None:
        services.approve(site=self.site, by=self.request.user, moment=self.request.moment)


class Decline(SitePage):
    """Declining wants a reason; without one the page comes back and says so."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.site)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # First of all, so that a site that is not theirs to see is not there.
        site = self.site
        if not self.jam.is_organized_by(request.user):
            raise PermissionDenied(str(SiteRefusal.NOT_ORGANIZER.label))
        form = DeclineForm(request.POST)
        if form.is_valid():
            try:
                services.decline(
                    site=site,
                    by=request.user,
                    reason=form.cleaned_data["reason"],
                    moment=request.moment,
                )
            except Refused as refused:
                form.add_error(None, refused.label)
            else:
                messages.success(request, _("Declined. Its organizers are told why by mail."))
                return redirect(site)
        return self.render_to_response(self.get_context_data(decline_form=form), status=422)
