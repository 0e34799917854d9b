"""The page on which judges and organizers place the prizes that go by choice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import timeline
from jam.errors import Refused
from ratings import awarding
from ratings.forms import AwardForm
from ratings.models import Award, Prize
from ratings.permissions import AwardRefusal, awarding_refusal
from ratings.views.rating import RatingPageMixin
from submissions.models import Submission, hides_names


class AwardsView(RatingPageMixin, TemplateView):
    """What was placed, and the form to place more."""

    template_name = "ratings/awards.html"
    desk_page = "awards"

    def admit(self) -> None:
        if refusal := awarding_refusal(self.rater, self.request.moment):
            raise PermissionDenied(refusal.label)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        return super().get(request, *args, **kwargs)

    @property
    def choices(self) -> QuerySet[Prize]:
        return self.jam.prizes.filter(kind=Prize.Kind.CHOICE)

    @cached_property
    def prizes(self) -> QuerySet[Prize]:
        user, moment = self.request.user, self.request.moment
        submissions = Submission.objects.shown_to(user, self.jam, moment)
        submissions = submissions.defer("body", "frozen__content")
        placed = (
            Award.objects.filter(results=None)
            .select_related("given_by")
            .prefetch_related(Prefetch("submission", submissions))
        )
        return self.choices.prefetch_related(Prefetch("awards", placed, "placed"))

    def form(self, data: Any = None) -> AwardForm:
        user, moment = self.request.user, self.request.moment
        running = Submission.objects.filter(jam=self.jam).in_the_running()
        return AwardForm(
            data,
            prizes=self.choices,
            running=running.shown_to(user, self.jam, moment),
            q=self.q,
            names=not hides_names(self.jam, user, moment),
        )

    @property
    def q(self) -> str:
        return self.request.GET.get("q", "").replace("\0", "").strip()[:100]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        return super().get_context_data(
            prizes=self.prizes,
            q=self.q,
            is_out=timeline.results_due(self.jam, self.request.moment),
            is_organizer=self.jam.is_organized_by(self.request.user),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        if request.POST.get("act") == "take_back":
            return self.take_back()
        form = self.form(request.POST)
        if form.is_valid():
            try:
                awarding.place_award(**form.cleaned_data, by=request.user, moment=request.moment)
            except Refused as refused:
                is_of_why = refused.refusal == AwardRefusal.NO_REASON
                form.add_error("why" if is_of_why else "submission", refused.label)
            else:
                messages.success(request, _("The award is placed."))
                return redirect(request.get_full_path())
        messages.error(request, _("Nothing was done yet. See below why."))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def take_back(self) -> HttpResponse:
        request = self.request
        number = request.POST.get("award", "")[:15]
        placed = Award.objects.filter(prize__jam=self.jam, results=None)
        award = placed.filter(pk=number if number.isdecimal() else None).first()
        try:
            if award is None:
                raise Refused(AwardRefusal.GONE)
            awarding.take_back_award(award=award, by=request.user, moment=request.moment)
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, _("The award is taken back."))
        return redirect(request.get_full_path())
