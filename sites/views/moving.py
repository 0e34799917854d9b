"""Moving a person of the jam to another local site."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import roster
from jam.errors import Refused
from jam.models import User
from jam.views.desk import ForOrganizers
from sites import services
from sites.forms import MovePersonForm
from sites.models import Place
from sites.permissions import move_refusal


class MovePerson(ForOrganizers, TemplateView):
    """The form of the page about a person, by itself where something is wrong with it."""

    template_name = "sites/move_person.html"
    desk_page = "people"

    @cached_property
    def person(self) -> User:
        return get_object_or_404(roster.person_of(self.jam), pk=self.kwargs["pk"])

    def form(self, data: Any = None) -> MovePersonForm:
        places = Place.objects.unreleased().filter(participation__jam=self.jam)
        now = places.filter(participation__user=self.person).first()
        return MovePersonForm(data, jam=self.jam, now=now, moment=self.request.moment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        refusal = move_refusal(
            self.request.user, self.jam, roster.own(self.person), self.request.moment
        )
        return super().get_context_data(person=self.person, refusal=refusal, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person, form = self.person, self.form(request.POST)
        if form.is_valid():
            try:
                services.move(
                    jam=self.jam,
                    user=person,
                    by=request.user,
                    moment=request.moment,
                    **form.cleaned_data,
                )
            except Refused as refused:
                form.add_error(None, refused.label)
            else:
                messages.success(request, _("They are moved, and told why."))
                return redirect("jam:organize_person", self.jam.slug, person.pk)
        messages.error(request, _("Nothing was done yet. See below why."))
        return self.render_to_response(self.get_context_data(form=form), status=422)
