"""All submissions for organizers: to sift, and to act on several at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from jam import limits
from jam.errors import Refused
from jam.views.desk import ForOrganizers
from ratings import overview
from ratings.models import RatingRules
from ratings.overview_forms import ReasonForm, SubmissionsForm, WriteForm
from submissions import services
from submissions.models import Submission
from submissions.permissions import OrganizerRefusal

PER_PAGE = 50
# So many are acted on at once, and so often a day one person writes to teams.
MOST_AT_ONCE = 100
MOST_A_DAY = 30


class SubmissionsView(ForOrganizers, TemplateView):
    """The list, and under it a form for each act on those that are ticked, or on all found."""

    template_name = "ratings/submissions.html"
    desk_page = "submissions"
    acts: dict[str, type[forms.Form]] = {
        "write": WriteForm,
        "disqualify": ReasonForm,
        "reinstate": ReasonForm,
    }

    @cached_property
    def rules(self) -> RatingRules:
        return RatingRules.of(self.jam)

    @cached_property
    def sift(self) -> SubmissionsForm:
        form = SubmissionsForm(self.request.GET, jam=self.jam)
        # What is wrong in one field does not hinder the others.
        form.is_valid()
        return form

    @property
    def found(self) -> QuerySet[Submission]:
        every = overview.submissions_of(self.jam)
        return overview.sifted(every, self.sift.cleaned_data, self.rules.target)

    def chosen(self) -> list[Submission]:
        """Those that are ticked, or all that are found. Raises Refused."""
        posted = self.request.POST
        found = self.found
        if posted.get("which") != "all":
            ticked = [pk for pk in posted.getlist("chosen") if pk.isdecimal() and len(pk) < 16]
            found = found.filter(pk__in=ticked[: MOST_AT_ONCE + 1])
        chosen = list(found.order_by("pk")[: MOST_AT_ONCE + 1])
        if not chosen:
            raise Refused(OrganizerRefusal.NONE_CHOSEN)
        if len(chosen) > MOST_AT_ONCE:
            raise Refused(OrganizerRefusal.TOO_MANY_AT_ONCE)
        return chosen

    def form_of(self, name: str, data: Any = None) -> forms.Form:
        return self.acts[name](data, prefix=name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        for name in self.acts:
            kwargs.setdefault(f"{name}_form", self.form_of(name))
        page = Paginator(overview.shown(self.found), PER_PAGE)
        asked = {name: value for name, value in self.sift.cleaned_data.items() if value}
        return super().get_context_data(
            sift=self.sift,
            page=page.get_page(self.request.GET.get("page")),
            is_sifted=bool(asked),
            query=f"{urlencode(asked)}&" if asked else "",
            target=self.rules.target,
            most=MOST_AT_ONCE,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("act", "")
        if name not in self.acts:
            return redirect(request.get_full_path())
        form = self.form_of(name, request.POST)
        if form.is_valid():
            try:
                said = self.carry_out(name, form.cleaned_data)
            except Refused as refused:
                form.add_error(None, refused.label)
            else:
                messages.success(request, said)
                return redirect(request.get_full_path())
        messages.error(request, _("Nothing was done yet. See below why."))
        context = self.get_context_data(
            **{f"{name}_form": form},
            ticked=request.POST.getlist("chosen"),
            is_for_all=request.POST.get("which") == "all",
        )
        return self.render_to_response(context, status=422)

    def carry_out(self, name: str, words: dict[str, str]) -> str:
        """Do it, and say what was done. Raises Refused."""
        request = self.request
        given = {"submissions": self.chosen(), "by": request.user, **words}
        if name == "write":
            if not limits.within(f"teams:{request.user.pk}", MOST_A_DAY, 86_400, request.moment):
                raise Refused(OrganizerRefusal.TOO_MANY)
            n = services.write_to_teams(jam=self.jam, **given, moment=request.moment)
            return ngettext("%(n)s person is written to.", "%(n)s people are written to.", n) % {
                "n": n
            }
        if name == "disqualify":
            n = services.disqualify_many(**given, moment=request.moment)
            return ngettext(
                "%(n)s submission is disqualified.", "%(n)s submissions are disqualified.", n
            ) % {"n": n}
        n = services.reinstate_many(**given, moment=request.moment)
        return ngettext(
            "%(n)s submission is back in the running.",
            "%(n)s submissions are back in the running.",
            n,
        ) % {"n": n}
