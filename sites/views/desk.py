"""The desk of those who run a local site: its numbers, who comes, and lists to take away."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from sites import badges
from sites.models import Place
from sites.permissions import check_in_refusal
from sites.views.door import ForSiteOrganizers, scan_url
from sites.views.site import People

# What a spreadsheet would take for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Desk(ForSiteOrganizers, TemplateView):
    template_name = "sites/desk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request, site = self.request, self.site
        moment = request.moment
        asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
        places = site.places.taken(moment).found_by(asked).in_order_of_names()
        page = People(
            places.select_related("participation__user"), places.count() if asked else site.taken
        )
        return super().get_context_data(
            site=site,
            asked=asked,
            query=f"q={asked}&" if asked else "",
            page=page.get_page(request.GET.get("page")),
            counts=site.counts_on_the_day(moment),
            waits=site.waits.standing(moment).in_line().select_related("participation__user")[:50],
            sheets=range(1, badges.sheets(site.taken) + 1),
            may_check_in=check_in_refusal(request.user, site, moment) is None,
            **kwargs,
        )


class PeopleCsv(ForSiteOrganizers, View):
    """Who has a place, and who waits, as a table for other programs."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        site, moment = self.site, request.moment
        rows = [
            [_("name"), _("e-mail address"), _("affiliation"), _("state"), _("since"),
             _("checked in at"), _("name shown")],
        ]  # fmt: skip
        places = site.places.taken(moment).in_order_of_names()
        for place in places.select_related("participation__user").iterator(chunk_size=1000):
            rows.append([
                *_person(place.participation.user), _("place"), _told(place.taken_at, site),
                _told(place.checked_in_at, site), _("yes") if place.shown else _("no"),
            ])  # fmt: skip
        waits = site.waits.standing(moment).in_line()
        for wait in waits.select_related("participation__user").iterator(chunk_size=1000):
            state = _("offered a place") if wait.offered_at else _("waits")
            rows.append([*_person(wait.participation.user), state, _told(wait.joined_at, site)])
        lines = io.StringIO()
        csv.writer(lines).writerows([_harmless(cell) for cell in row] for row in rows)
        # With a mark, so that spreadsheets read it as UTF-8.
        response = HttpResponse("\ufeff" + lines.getvalue(), content_type="text/csv; charset=utf-8")
        return _named(response, site, "csv")


class Badges(ForSiteOrganizers, View):
    """Badges to print, some sheets at a time."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        site, sheet = self.site, self.kwargs["sheet"]
        if not 1 <= sheet <= badges.sheets(site.taken):
            raise Http404
        places = site.places.taken(request.moment).in_order_of_names()
        places = places.select_related("participation__user")
        first = (sheet - 1) * badges.PER_FILE
        held: list[Place] = list(places[first : first + badges.PER_FILE])
        made = []
        for place in held:
            place.site = site
            user = place.participation.user
            made.append(badges.Badge(str(user), user.affiliation, scan_url(place)))
        content = badges.pdf_of(site.name, site.jam.title, site.jam.hue, made)
        return _named(HttpResponse(content, content_type="application/pdf"), site, "pdf")


def _person(user: Any) -> list[str]:
    return [str(user), user.email, user.affiliation]


def _told(at: Any, site: Any) -> str:
    return at.astimezone(site.zone).isoformat(timespec="minutes") if at else ""


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _named(response: HttpResponse, site: Any, extension: str) -> HttpResponse:
    name = f"{slugify(site.name, allow_unicode=True) or site.pk}.{extension}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
