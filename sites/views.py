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

from jam import parts
from jam.errors import Refused
from jam.models import Participation
from jam.views.pages import JamPageMixin, public
from sites import services
from sites.forms import SiteForm
from sites.models import LocalSite, Place
from sites.permissions import (
    SiteRefusal,
    decide_refusal,
    join_refusal,
    may_run,
    propose_refusal,
    run_refusal,
)

PAGE = 24


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
        site = get_object_or_404(visible, pk=self.kwargs["pk"])
        site.jam = self.jam
        return site


@public
class SiteList(SitePageMixin, TemplateView):
    template_name = "sites/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        asked = self.request.GET.get("q", "").strip()[:100]
        sites = LocalSite.objects.visible_to(user, self.jam).with_taken().in_order()
        if asked:
            sites = sites.found_by(asked)
        page = Paginator(sites, PAGE).get_page(self.request.GET.get("page"))
        online = Participation.objects.active().filter(jam=self.jam)
        return super().get_context_data(
            page=page,
            asked=asked,
            query=f"{urlencode({'q': asked})}&" if asked else "",
            place=self.place,
            online=online.exclude(places__in=Place.objects.taken()).count(),
            may_propose=not propose_refusal(
                self.jam, self.reader.participation, self.request.moment
            ),
            **kwargs,
        )


@public
class SiteDetail(SitePageMixin, TemplateView):
    template_name = "sites/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, site = self.request.user, self.request.moment, self.site
        is_here = self.place is not None and self.place.site_id == site.pk
        runs = may_run(user, site)
        places = site.places.taken().select_related("participation__user")
        people = [
            place.participation.user for place in (places if runs else places.filter(shown=True))
        ]
        is_organizer = self.jam.is_organized_by(user)
        context = {
            "decline_reason": "",
            **kwargs,
        }
        return super().get_context_data(
            site=site,
            is_here=is_here,
            runs=runs,
            is_organizer=is_organizer,
            may_know=is_here or runs,
            may_leave=is_here and moment in self.jam.joining_window,
            may_decide=is_organizer and not site.taken,
            refusal=None
            if is_here
            else join_refusal(site, self.reader.participation, self.place, moment),
            people=people,
            hidden=site.taken - len(people),
            has_other_place=self.place is not None and not is_here,
            sections=parts.place_sections_of(self.jam, site, self.reader),
            **context,
        )


class FormMixin(SitePageMixin):
    """A page with the form of a site; what was typed is kept when it is refused."""

    template_name = "sites/form.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            site = self.save(form.cleaned_data)
        except Refused as refused:
            form.add_error("capacity" if refused.refusal == SiteRefusal.TOO_SMALL else None,
                           refused.label)  # fmt: skip
            return self.render_to_response(self.get_context_data(form=form), status=403)
        messages.success(request, self.done)
        return redirect(site)


class Propose(FormMixin, TemplateView):
    done = _("Thank you. The organizers look at your proposal and tell you.")

    def form(self, data: Any = None) -> SiteForm:
        return SiteForm(data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        participation = self.reader.participation
        refusal = propose_refusal(self.jam, participation, self.request.moment)
        kwargs.setdefault("form", self.form())
        return super().get_context_data(refusal=refusal, **kwargs)

    def save(self, fields: dict[str, Any]) -> LocalSite:
        return services.propose(
            jam=self.jam, by=self.request.user, fields=fields, moment=self.request.moment
        )


class SiteEdit(FormMixin, TemplateView):
    done = _("Saved.")

    def form(self, data: Any = None) -> SiteForm:
        if (refusal := run_refusal(self.request.user, self.site)) is not None:
            raise PermissionDenied(str(refusal.label))
        return SiteForm(data, instance=self.site, label=_("Save"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            kwargs["form"] = self.form()
        return super().get_context_data(site=self.site, **kwargs)

    def save(self, fields: dict[str, Any]) -> LocalSite:
        return services.change(
            site=self.site, by=self.request.user, fields=fields, moment=self.request.moment
        )


class SiteAction(SitePageMixin, View):
    """Something that is done at a site with a button."""

    http_method_names = ["post"]
    done = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act()
        except Refused as refused:
            if refused.refusal == SiteRefusal.NOT_ORGANIZER:
                raise PermissionDenied(refused.label) from None
            messages.error(request, refused.label)
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
    done = _("The site is open: people can join.")
    is_open = True

    def act(self) -> None:
        services.set_open(
            site=self.site,
            by=self.request.user,
            is_open=self.is_open,
            moment=self.request.moment,
        )


class Close(Open):
    done = _("The site is closed for joining. Who has a place keeps it.")
    is_open = False


class Approve(SiteAction):
    done = _("Approved. Its organizers are told.")

    def act(self) -> None:
        services.approve(site=self.site, by=self.request.user, moment=self.request.moment)


class Decline(SiteDetail):
    """Declining wants a reason; without one the page comes back and says so."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reason = request.POST.get("reason", "")[:2000]
        refusal = decide_refusal(request.user, self.site, reason)
        if refusal == SiteRefusal.NOT_ORGANIZER:
            raise PermissionDenied(str(refusal.label))
        try:
            services.decline(site=self.site, by=request.user, reason=reason, moment=request.moment)
        except Refused as refused:
            messages.error(request, refused.label)
            context = self.get_context_data(decline_reason=reason)
            return self.render_to_response(context, status=422)
        messages.success(request, _("Declined. Its organizers are told why."))
        return redirect("sites:list", self.jam.slug)
