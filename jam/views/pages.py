"""What every page of one jam has in common."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import FilteredRelation, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.generic.base import ContextMixin

from jam import caching, desk, forgetting, parts, timeline
from jam.models import Jam, Participation


class JamPageMixin(ContextMixin):
    """A page of the jam that the address names; drafts exist only for their organizers."""

    # The name of the tab that is lit, and of the page among those for organizers, if it is one.
    tab = ""
    desk_page = ""
    request: HttpRequest
    kwargs: dict[str, Any]

    def jams(self) -> QuerySet[Jam]:
        """Among which that of the address is looked up, with how the reader takes part."""
        user = self.request.user
        jams = parts.with_facts(Jam.objects.visible_to(user))
        if not user.is_authenticated:
            return jams
        own = Q(participations__user=user.pk, participations__cancelled_at=None)
        own = FilteredRelation("participations", condition=own)
        return jams.annotate(of_reader=own).select_related("of_reader", "retention")

    def participation(self) -> Participation | None:
        """How the reader takes part, with what the page needs of it; None unless they do."""
        # Django sets what a filtered relation found, and nothing where it found nothing.
        return getattr(self.jam, "of_reader", None)

    @cached_property
    def jam(self) -> Jam:
        jam = get_object_or_404(self.jams(), slug=self.kwargs["slug"])
        parts.refresh(jam, self.request.moment)
        if self.request.user.is_authenticated:
            # Others are shown nothing that is forgotten one day.
            forgetting.forget_overdue(jam, self.request.moment)
        if jam.is_published:
            caching.share(self.request, [jam])
        return jam

    @cached_property
    def reader(self) -> parts.Reader:
        return parts.Reader(self.request.user, self.request.moment, self.participation)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Nor is anybody else told how a draft may be asked for.
        _exists = self.jam
        return super().options(request, *args, **kwargs)

    @property
    def desk(self) -> desk.Navigation | None:
        """The way to the other pages for organizers, to them and on such a page."""
        if not (self.desk_page and self.jam.is_organized_by(self.request.user)):
            return None
        return desk.navigation(self.jam, self.reader, self.desk_page)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            jam=self.jam,
            reader=self.reader,
            line=timeline.jam_line(self.jam, self.request.moment),
            tabs=[
                {
                    "label": tab.label,
                    "url": tab.url,
                    "to_come": tab.to_come,
                    "active": tab.name == self.tab,
                }
                for tab in parts.tabs_of(self.jam, self.reader)
            ],
            desk=self.desk,
            **kwargs,
        )


def key_of(text: str) -> int:
    """A key that was posted; 0, which is nobody's, where it is none."""
    return int(text) if text.isdecimal() and len(text) < 16 else 0


public = method_decorator(login_not_required, name="dispatch")


def visible_jam(request: HttpRequest, slug: str) -> Jam:
    """The jam, without asking who the reader is unless it is a draft."""
    published = Jam.objects.published().filter(slug=slug).first()
    return published or get_object_or_404(Jam.objects.visible_to(request.user), slug=slug)


def for_all(response: HttpResponse, jam: Jam, seconds: int) -> HttpResponse:
    """Let everybody keep what is of a published jam; of a draft, only its organizers."""
    reach = "public" if jam.is_published else "private"
    patch_cache_control(response, **{reach: True}, max_age=seconds)
    return response
