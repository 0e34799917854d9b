"""What every page of one jam has in common."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.generic.base import ContextMixin

from jam import caching, parts, timeline
from jam.models import Jam, Participation


class JamPageMixin(ContextMixin):
    """A page of the jam that the address names; drafts exist only for their organizers."""

    # The name of the tab that is lit.
    tab = ""
    request: HttpRequest
    kwargs: dict[str, Any]

    def jams(self):
        return parts.with_facts(Jam.objects.visible_to(self.request.user))

    @cached_property
    def jam(self) -> Jam:
        jam = get_object_or_404(self.jams(), slug=self.kwargs["slug"])
        parts.refresh(jam, self.request.moment)
        if jam.is_published:
            caching.share(self.request, [jam])
        return jam

    @cached_property
    def reader(self) -> parts.Reader:
        user = self.request.user
        participation = None
        if user.is_authenticated:
            participation = (
                Participation.objects.active().filter(jam=self.jam, user_id=user.pk).first()
            )
        return parts.Reader(user, self.request.moment, participation)

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
            **kwargs,
        )


public = method_decorator(login_not_required, name="dispatch")
