"""The page where a jam is begun."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import beginning, keeping, limits, wall_clock
from jam.beginning_form import NewJamForm
from jam.errors import Refused
from jam.jam_templates import TEMPLATES, Template
from jam.models import Jam
from jam.permissions import CreateRefusal, create_refusal

# Of one person.
MOST_A_DAY = 30
# Earlier jams to begin from, the newest.
SHOWN = 12


@keeping.keeps_words
class NewJamView(TemplateView):
    """A name and dates; ``?template=`` names a template, ``?from=`` an earlier jam."""

    template_name = "jam/new.html"

    def admit(self) -> None:
        """Raises PermissionDenied."""
        if refusal := create_refusal(self.request.user):
            raise PermissionDenied(refusal.label)

    @cached_property
    def source(self) -> Jam | None:
        """The earlier jam; nothing is there for who does not organize it."""
        slug = self.request.GET.get("from", "").replace("\0", " ")
        if not slug:
            return None
        return get_object_or_404(Jam.objects.organized_by(self.request.user), slug=slug)

    @cached_property
    def template(self) -> Template:
        name = self.request.GET.get("template", "")
        if name not in TEMPLATES:
            raise Http404
        return TEMPLATES[name]

    def form(self, data: Any = None) -> NewJamForm:
        moment, source = self.request.moment, self.source
        zone = source.time_zone if source else self.request.user.time_zone
        pattern = self.template
        if source:
            start = wall_clock.again_after(source, source.zone, moment)
        else:
            start = pattern.first(moment, ZoneInfo(zone))
        return NewJamForm(
            data,
            own_zone=zone,
            start=start,
            gaps=wall_clock.gaps_of(source, source.zone) if source else pattern.gaps,
            portions=beginning.portions_of(source) if source else [],
            moment=moment,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        form = self.form(keeping.kept(request))
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        form = self.form(request.POST)
        if form.is_valid():
            try:
                jam = self.begin(form)
            except Refused as refused:
                form.add_error(None, refused.label)
            else:
                messages.success(request, _("Here is your draft. Only you see it."))
                return redirect("jam:set_up", jam.slug)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def begin(self, form: NewJamForm) -> Jam:
        user, moment = self.request.user, self.request.moment
        if not limits.within(f"begin:{user.pk}", MOST_A_DAY, 86_400, moment):
            raise Refused(CreateRefusal.TOO_MANY)
        said = {
            "by": user,
            "title": form.cleaned_data["title"],
            "times": form.times,
            "time_zone": form.cleaned_data["time_zone"],
            "moment": moment,
        }
        if self.source:
            chosen = frozenset(form.cleaned_data.get("chosen", ()))
            return beginning.begin_from(source=self.source, chosen=chosen, **said)
        return beginning.begin(template=self.template, **said)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            source=self.source,
            template=None if self.source else self.template,
            templates=TEMPLATES.values(),
            earlier=beginning.earlier_jams(self.request.user)[:SHOWN],
            **kwargs,
        )
