"""Coming to a local site: one's code, the list at the door, and what a code leads to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from jam.errors import Refused
from sites import services
from sites.models import Place
from sites.permissions import SiteRefusal, check_in_refusal, run_refusal, undo_refusal
from sites.views.pages import SitePageMixin
from sites.views.site import People


class ForSiteOrganizers(SitePageMixin):
    """What only those who run the site may open."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # Before anything is looked up that is theirs; a method that is not taken is told so.
        takes = request.method in ("GET", "HEAD", "POST") and hasattr(self, request.method.lower())
        if takes and request.user.is_authenticated:
            refusal = run_refusal(request.user, self.site)
            if refusal is not None:
                raise PermissionDenied(str(refusal.label))
        return super().dispatch(request, *args, **kwargs)


class Pass(SitePageMixin, TemplateView):
    """The reader's place, with its code."""

    template_name = "sites/pass.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.place is None or self.place.site_id != self.site.pk:
            raise Http404
        code = segno.make(scan_url(self.place), error="m", micro=False)
        return super().get_context_data(
            site=self.site,
            place=self.place,
            code=code.svg_data_uri(scale=8, border=2, light="white"),
            **kwargs,
        )


def scan_url(place: Place) -> str:
    """What the code of a place leads to; `place` knows its site and jam."""
    where = [place.site.jam.slug, place.site_id, place.code]
    return settings.SITE_URL + reverse("sites:scan", args=where)


class Door(ForSiteOrganizers, TemplateView):
    """Everybody who has a place, to be checked in with one tap."""

    template_name = "sites/door.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request, site = self.request, self.site
        asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
        places = site.places.taken(request.moment).found_by(asked)
        places = places.select_related("participation__user").in_order_of_names()
        page = People(places, places.count() if asked else site.taken)
        return super().get_context_data(
            site=site,
            asked=asked,
            query=f"{urlencode({'q': asked})}&" if asked else "",
            page=page.get_page(request.GET.get("page")),
            refusal=check_in_refusal(request.user, site, request.moment),
            may_undo=undo_refusal(request.user, site, request.moment) is None,
            **kwargs,
        )


class Scan(ForSiteOrganizers, TemplateView):
    """Where a code leads: who it is, and the button that checks them in."""

    template_name = "sites/scan.html"

    @cached_property
    def found(self) -> Place:
        places = Place.objects.coded(self.kwargs["code"]).filter(site=self.site)
        place = places.select_related("participation__user").first()
        if place is None:
            raise Http404
        return place

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request, site = self.request, self.site
        is_held = site.places.taken(request.moment).filter(pk=self.found.pk).exists()
        return super().get_context_data(
            site=site,
            found=self.found,
            is_held=is_held,
            refusal=check_in_refusal(request.user, site, request.moment),
            may_undo=undo_refusal(request.user, site, request.moment) is None,
            **kwargs,
        )


class CheckIn(ForSiteOrganizers, View):
    """One tap; afterwards the list is where it was."""

    service = staticmethod(services.check_in)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("sites:door", self.jam.slug, self.site.pk)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            place = self.service(
                site=self.site,
                place_id=self.kwargs["place"],
                by=request.user,
                moment=request.moment,
            )
        except Refused as refused:
            if refused.refusal == SiteRefusal.NOT_ORGANIZER:
                raise PermissionDenied(refused.label) from None
            messages.warning(request, refused.label)
        else:
            messages.success(request, self.done(place))
        list_url = reverse("sites:door", args=[self.jam.slug, self.site.pk])
        kept = {name: request.POST[name][:100] for name in ("q", "page") if request.POST.get(name)}
        return redirect(f"{list_url}?{urlencode(kept)}" if kept else list_url)

    def done(self, place: Place) -> str:
        return _("%(name)s is checked in.") % {"name": place.participation.user}


class UndoCheckIn(CheckIn):
    service = staticmethod(services.undo_check_in)

    def done(self, place: Place) -> str:
        return _("%(name)s is not checked in any more.") % {"name": place.participation.user}
