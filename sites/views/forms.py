"""Proposing a local site, and changing what is said of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from jam import keeping
from jam.errors import Refused
from jam.views.meanwhile import Meanwhile
from sites import services
from sites.forms import SiteForm
from sites.models import LocalSite
from sites.permissions import (
    SiteRefusal,
    propose_refusal,
    run_refusal,
)
from sites.views.pages import SitePageMixin


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
        if not form.is_valid() or form.questions:
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
        return SiteForm(data, jam=self.jam, initial={"time_zone": "" if zone == "UTC" else zone})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = propose_refusal(self.jam, self.reader.participation, request.moment)
        if refusal is not None:
            return self.render_to_response(self.get_context_data(refusal=refusal), status=403)
        return super().get(request, *args, **kwargs)

    def save(self, fields: dict[str, Any]) -> LocalSite:
        # Without it the form is not valid.
        fields.pop("agrees")
        return services.propose(
            jam=self.jam, by=self.request.user, fields=fields, moment=self.request.moment
        )


@keeping.keeps_words
class SiteEdit(Meanwhile, FormPage):
    done = _("Saved.")

    def form(self, data: Any = None) -> SiteForm:
        if (refusal := run_refusal(self.request.user, self.site)) is not None:
            raise PermissionDenied(str(refusal.label))
        return SiteForm(data, jam=self.jam, instance=self.site, label=_("Save"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(site=self.site, **kwargs)

    def save(self, fields: dict[str, Any]) -> LocalSite:
        return services.change(
            site=self.site,
            by=self.request.user,
            fields=fields,
            seen=self.seen,
            moment=self.request.moment,
        )
