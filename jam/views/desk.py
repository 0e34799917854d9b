"""The organizers' desk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from jam import desk, growing
from jam.permissions import desk_refusal
from jam.views.pages import JamPageMixin


class ForOrganizers(JamPageMixin):
    """A page of the desk, for those who organize the jam."""

    tab = "desk"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # A method that is not taken is told so.
        takes = request.method in ("GET", "HEAD", "POST") and hasattr(self, request.method.lower())
        if takes and (refusal := desk_refusal(request.user, self.jam)):
            raise PermissionDenied(refusal.label)
        return super().dispatch(request, *args, **kwargs)


class DeskView(ForOrganizers, TemplateView):
    """What one person at night has to know of a jam, and the way to everything else."""

    template_name = "jam/desk.html"

    @property
    def desk(self) -> desk.Navigation:
        return desk.navigation(self.jam, self.reader)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader = self.reader
        # Once the reader is known to organize it.
        facts = desk.with_facts(self.jams(), self.jam, reader.user, reader.moment)
        jam = facts.get(pk=self.jam.pk)
        earlier = growing.earlier_jams(jam, reader.user)
        return super().get_context_data(
            decisions=desk.decisions_of(jam, reader),
            coming=desk.coming_of(jam, reader),
            charts=desk.charts_of(jam, earlier, reader.moment),
            **kwargs,
        )
