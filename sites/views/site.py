"""The page of one local site."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from jam import keeping, parts
from jam.views.pages import public
from sites.forms import DeclineForm, MessageForm
from sites.models import LocalSite
from sites.permissions import (
    approve_refusal,
    decline_refusal,
    join_refusal,
    leave_refusal,
    may_run,
    open_refusal,
    propose_again_refusal,
    wait_refusal,
)
from sites.schedule import coming_at
from sites.views.pages import SitePageMixin

PEOPLE_PER_PAGE = 48


class People(Paginator):
    """People of a site, page by page, of whom it is known how many they are."""

    def __init__(self, places: Any, count: int):
        super().__init__(places, PEOPLE_PER_PAGE)
        self.count = count


class SitePage(SitePageMixin, TemplateView):
    template_name = "sites/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, site = self.request.user, self.request.moment, self.site
        is_here = self.place is not None and self.place.site_id == site.pk
        runs = may_run(user, site)
        kwargs.setdefault("decline_form", DeclineForm())
        if runs:
            kwargs.setdefault("message_form", MessageForm(keeping.kept(self.request)))
        return super().get_context_data(
            site=site,
            place=self.place,
            is_here=is_here,
            may_join=moment in self.jam.joining_window,
            has_other_place=self.place is not None and not is_here,
            may_leave=leave_refusal(site, self.place, moment) is None,
            runs=runs,
            may_know=is_here or runs,
            may_propose_again=propose_again_refusal(user, site, moment) is None,
            # Theirs alone, who run it.
            messages_here=site.messages.select_related("author") if runs else (),
            may_approve=approve_refusal(user, site) is None,
            may_decline=decline_refusal(user, site, reason="…") is None,
            may_open=open_refusal(user, site, is_open=True) is None,
            may_close=open_refusal(user, site, is_open=False) is None,
            coming=coming_at(site, moment),
            sections=parts.place_sections_of(self.jam, site, self.reader),
            **self.line(site),
            **self.people(site, runs),
            **kwargs,
        )

    def line(self, site: LocalSite) -> dict[str, Any]:
        """Whether the reader may take a place, wait for one, or has one kept."""
        participation, moment = self.reader.participation, self.request.moment
        # Of someone who cancelled, nothing stands in line.
        position = getattr(site, "position", 0)
        is_offered = position > 0 and site.offer_ends_at is not None
        has_turn = site.has_turn(position, is_offered)
        refusal = join_refusal(site, participation, self.place, moment, has_turn=has_turn)
        wait_refused = wait_refusal(site, participation, self.place, position > 0, moment)
        return {
            "refusal": refusal,
            "has_turn": has_turn and refusal is None,
            "position": position if moment in site.places_window else 0,
            "may_wait": wait_refused is None,
        }

    def people(self, site: LocalSite, runs: bool) -> dict[str, Any]:
        """Who runs the site sees everybody who comes; others see those who agreed."""
        places = site.places.taken(self.request.moment).select_related("participation__user")
        if not runs:
            places = places.filter(shown=True)
        count = site.taken if runs else site.shown
        page = People(places, count).get_page(self.request.GET.get("page"))
        return {"page": page, "hidden": site.taken - count}


@public
class SiteDetail(SitePage):
    pass
