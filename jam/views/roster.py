"""Everybody of a jam, and one person's whole part in it, with what organizers may do about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from jam import accounts, parts, removing, roster
from jam.desk_forms import ReasonForm
from jam.errors import Refused
from jam.models import User
from jam.views.desk import ForOrganizers

PER_PAGE = 50
LONGEST_QUERY = 100


class PeopleList(ForOrganizers, TemplateView):
    """Who takes part, who has left, who is kept out: searched and filtered."""

    template_name = "jam/people.html"
    desk_page = "people"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
        state = self.request.GET.get("state", "")
        state = state if state in roster.State.values else roster.State.IN
        people = roster.found(roster.people_of(self.jam, self.request.moment), state, asked)
        page = Paginator(people, PER_PAGE).get_page(self.request.GET.get("page"))
        query = {"q": asked, "state": state}
        return super().get_context_data(
            page=page,
            asked=asked,
            state=state,
            states=roster.State.choices,
            is_narrowed=bool(asked) or state != roster.State.IN,
            query=urlencode({name: value for name, value in query.items() if value}) + "&",
            **kwargs,
        )


class PersonOfJam(ForOrganizers, TemplateView):
    """A page with a section of every part, a form for each act, and what was done."""

    template_name = "jam/organize_person.html"
    desk_page = "people"
    # By the name of the button: the form, and what is said afterwards.
    acts: dict[str, tuple[type[forms.Form], Any]] = {
        "remove": (ReasonForm, gettext_lazy("They do not take part any more.")),
        "ban": (ReasonForm, gettext_lazy("They are kept out of this jam.")),
        "lift": (forms.Form, gettext_lazy("They may take part again.")),
        "resend": (forms.Form, gettext_lazy("They are asked once more to confirm their address.")),
    }

    @cached_property
    def person(self) -> User:
        return get_object_or_404(roster.person_of(self.jam), pk=self.kwargs["pk"])

    def form_of(self, name: str, data: Any = None) -> forms.Form:
        return self.acts[name][0](data, auto_id=f"{name}_%s")

    def service_of(self, name: str) -> Callable[..., Any]:
        match name:
            case "remove":
                return removing.remove
            case "ban":
                return removing.ban
            case "lift":
                return removing.lift
        return lambda **given: accounts.ask_to_confirm(request=self.request, **given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, mine = self.person, roster.own(self.person)
        for name in self.acts:
            kwargs.setdefault(f"{name}_form", self.form_of(name))
        return super().get_context_data(
            person=person,
            takes_part=mine is not None and mine.is_active,
            ban=roster.ban_on(person),
            may_join=self.request.moment in self.jam.joining_window,
            sections=parts.person_sections_of(self.jam, person, self.reader),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person, name = self.person, request.POST.get("act", "")
        if name not in self.acts:
            return redirect(request.path)
        form = self.form_of(name, request.POST)
        if form.is_valid():
            given = {"jam": self.jam, "user": person, "by": request.user, **form.cleaned_data}
            try:
                self.service_of(name)(**given, moment=request.moment)
            except Refused as refused:
                form.add_error(None, refused.label)
            else:
                messages.success(request, str(self.acts[name][1]))
                return redirect(request.path)
        messages.error(request, _("Nothing was done yet. See below why."))
        context = self.get_context_data(**{f"{name}_form": form})
        return self.render_to_response(context, status=422)
