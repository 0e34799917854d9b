"""The list of a jam's local sites, the page of one, and its buttons."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from jam import keeping, parts
from jam.errors import Refused
from jam.models import Participation
from jam.views.pages import JamPageMixin, public
from sites import services
from sites.forms import DeclineForm, SiteForm
from sites.models import LocalSite, Place
from sites.permissions import (
    SiteRefusal,
    approve_refusal,
    decline_refusal,
    join_refusal,
    leave_refusal,
    may_run,
    open_refusal,
    propose_refusal,
    run_refusal,
)

PER_PAGE = 24
PEOPLE_PER_PAGE = 48


class SitePageMixin(JamPageMixin):
    tab = "sites"

    @cached_property
    def place(self) -> Place | None:
        """The place that the reader has taken, at any site of the jam."""
        if self.reader.participation is None:
            return None
        return services.place_of(self.reader.participation)

    @cached_property
    def site(self) -> LocalSite:
        visible = LocalSite.objects.visible_to(self.request.user, self.jam).with_taken()
        site = get_object_or_404(visible.prefetch_related("organizers"), pk=self.kwargs["pk"])
        site.jam = self.jam
        return site


@public
class SiteList(SitePageMixin, TemplateView):
    template_name = "sites/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        asked = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
        sites = LocalSite.objects.visible_to(user, self.jam).with_taken().in_order()
        if asked:
            sites = sites.found_by(asked)
        page = Paginator(sites, PER_PAGE).get_page(self.request.GET.get("page"))
        online = None
        if not asked and not page.has_next():
            participants = Participation.objects.active().filter(jam=self.jam)
            online = participants.exclude(places__in=Place.objects.taken()).count()
        return super().get_context_data(
            page=page,
            asked=asked,
            query=f"{urlencode({'q': asked})}&" if asked else "",
            place=self.place,
            is_online=self.reader.is_participant and self.place is None,
            online=online,
            may_join=self.request.moment in self.jam.joining_window,
            refusal=propose_refusal(self.jam, self.reader.participation, self.request.moment),
            **kwargs,
        )


class SitePage(SitePageMixin, TemplateView):
    """The page of one site."""

    template_name = "sites/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, site = self.request.user, self.request.moment, self.site
        is_here = self.place is not None and self.place.site_id == site.pk
        runs = may_run(user, site)
        places = site.places.taken().select_related("participation__user")
        # Who runs the site sees everybody who comes; others see those who agreed.
        shown = places if runs else places.filter(shown=True)
        page = Paginator(shown, PEOPLE_PER_PAGE).get_page(self.request.GET.get("page"))
        kwargs.setdefault("decline_form", DeclineForm())
        return super().get_context_data(
            site=site,
            place=self.place,
            is_here=is_here,
            may_join=moment in self.jam.joining_window,
            has_other_place=self.place is not None and not is_here,
            refusal=join_refusal(site, self.reader.participation, self.place, moment),
            may_leave=leave_refusal(site, self.place, moment) is None,
            runs=runs,
            may_know=is_here or runs,
            may_approve=approve_refusal(user, site) is None,
            may_decline=decline_refusal(user, site, reason="…") is None,
            may_open=open_refusal(user, site, is_open=True) is None,
            may_close=open_refusal(user, site, is_open=False) is None,
            page=page,
            hidden=site.taken - page.paginator.count,
            sections=parts.place_sections_of(self.jam, site, self.reader),
            **kwargs,
        )


@public
class SiteDetail(SitePage):
    pass


class FormPage(SitePageMixin, TemplateView):
    """A page with the form of a site; what was typed is kept when it is refused."""

    template_name = "sites/form.html"
    done: Any = ""

    def form(self, data: Any = None) -> SiteForm:
        raise NotImplementedError

    def save(self, fields: dict[str, Any]) -> LocalSite:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(keeping.kept(request))
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            site = self.save(form.cleaned_data)
        except Refused as refused:
            field = "capacity" if refused.refusal == SiteRefusal.TOO_SMALL else None
            form.add_error(field, refused.label)
            return self.render_to_response(self.get_context_data(form=form), status=403)
        messages.success(request, self.done)
        return redirect(site)


@keeping.keeps_words
class Propose(FormPage):
    done = _("Thank you. The organizers look at your proposal, and you are told by mail.")

    def form(self, data: Any = None) -> SiteForm:
        zone = self.request.user.time_zone
        # UTC is what accounts begin with, and hardly ever the clock on a wall.
        return SiteForm(data, initial={"time_zone": "" if zone == "UTC" else zone})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = propose_refusal(self.jam, self.reader.participation, request.moment)
        if refusal is not None:
            return self.render_to_response(self.get_context_data(refusal=refusal), status=403)
        return super().get(request, *args, **kwargs)

    def save(self, fields: dict[str, Any]) -> LocalSite:
        return services.propose(
            jam=self.jam, by=self.request.user, fields=fields, moment=self.request.moment
        )


@keeping.keeps_words
class SiteEdit(FormPage):
    done = _("Saved.")

    def form(self, data: Any = None) -> SiteForm:
        if (refusal := run_refusal(self.request.user, self.site)) is not None:
            raise PermissionDenied(str(refusal.label))
        return SiteForm(data, instance=self.site, label=_("Save"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(site=self.site, **kwargs)

    def save(self, fields: dict[str, Any]) -> LocalSite:
        return services.change(
            site=self.site, by=self.request.user, fields=fields, moment=self.request.moment
        )


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
        return redirect(self.site)


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
