"""Rating: what a rater has done and has to do, and the form beside the work."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from jam.errors import Refused
from jam.views.pages import JamPageMixin, public
from ratings import models as rating_models
from ratings import queue, services
from ratings.forms import RatingForm
from ratings.models import Criterion, Rating, RatingRules
from ratings.permissions import (
    RatingRefusal,
    eligibility_refusal,
    rating_refusal,
    window_refusal,
)
from submissions.models import Submission

PAGE = 24


class RatePageMixin(JamPageMixin):
    tab = "rate"

    def jams(self):
        return super().jams().select_related("rating_rules")


@public
class Rate(RatePageMixin, TemplateView):
    """The rater's own page: progress, the next one, what was rated and skipped."""

    template_name = "ratings/rate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment = self.request.user, self.request.moment
        own = Rating.objects.none()
        skips = []
        if user.is_authenticated:
            own = (
                Rating.objects.filter(submission__jam=self.jam, rater=user)
                .select_related("submission__frozen")
                .defer("submission__body", "submission__frozen__content")
                .order_by("completed_at", "-saved_at")
            )
            skips = list(
                rating_models.Skip.objects.filter(submission__jam=self.jam, rater=user)
                .select_related("submission__frozen")
                .defer("submission__body", "submission__frozen__content")[:PAGE]
            )
        page = Paginator(own, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            query="",
            skips=skips,
            done=sum(rating.is_complete for rating in page)
            if page.paginator.num_pages == 1
            else own.complete().count(),
            rules=RatingRules.of(self.jam),
            not_yet=window_refusal(self.jam, moment),
            refusal=window_refusal(self.jam, moment) or eligibility_refusal(user, self.jam),
            is_over=self.jam.rating_window.is_over(moment),
            **kwargs,
        )


class Next(RatePageMixin, View):
    """Draws the next submission from the queue."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return to_next(request, self.jam)


def to_next(request: HttpRequest, jam: Any, leaving: int | None = None) -> HttpResponse:
    """Lead to the next submission of the queue, or to the rater's page when there is none."""
    try:
        rating = queue.next_rating(
            jam=jam, rater=request.user, moment=request.moment, leaving=leaving
        )
    except Refused as refused:
        messages.error(request, refused.label)
        return redirect("ratings:rate", jam.slug)
    if rating is None:
        messages.success(request, _("There is nothing left for you to rate. Thank you!"))
        return redirect("ratings:rate", jam.slug)
    return redirect("ratings:submission", jam.slug, rating.submission_id)


class FormMixin(RatePageMixin):
    """A submission in the running, the rater's rating of it, and the form."""

    @cached_property
    def submission(self) -> Submission:
        submissions = Submission.objects.visible_to(self.request.user, self.jam)
        return get_object_or_404(
            submissions.filter(frozen__isnull=False)
            .select_related("frozen")
            .prefetch_related("contributors"),
            pk=self.kwargs["pk"],
        )

    @cached_property
    def rating(self) -> Rating | None:
        return (
            Rating.objects.filter(submission=self.submission, rater=self.request.user)
            .prefetch_related("scores")
            .first()
        )

    @cached_property
    def criteria(self) -> list[Criterion]:
        return list(Criterion.objects.filter(jam=self.jam))

    def form(self, data: Any = None) -> RatingForm:
        return RatingForm(data, criteria=self.criteria, rating=self.rating)

    def save(self, form: RatingForm) -> Rating:
        """Store what can be stored. Raises Refused."""
        form.is_valid()
        return services.save(
            jam=self.jam,
            submission=self.submission,
            rater=self.request.user,
            verdicts=form.verdicts(),
            texts=form.texts(),
            signed=bool(form.cleaned_data.get("signed")),
            moment=self.request.moment,
        )


def state_of(rating: Rating | None, form: RatingForm) -> str:
    """Whether a rating counts, in words."""
    if rating is not None and rating.is_complete:
        return _("Complete. It counts; you can change it until rating closes.")
    missing = sum(not row["value"] for row in form.rows())
    if not missing:
        return _("Not saved yet.")
    return ngettext(
        "One criterion has no stars yet. Until then this is a draft and does not count.",
        "%(n)s criteria have no stars yet. Until then this is a draft and does not count.",
        missing,
    ) % {"n": missing}


class RateSubmission(FormMixin, TemplateView):
    template_name = "ratings/submission.html"

    @cached_property
    def refusal(self) -> RatingRefusal | None:
        return rating_refusal(self.request.user, self.submission, self.jam, self.request.moment)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Who has rated may look at it again; others are told why they may not rate.
        if self.refusal is not None and self.rating is None:
            raise PermissionDenied(str(self.refusal.label))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.form()
        done = Rating.objects.filter(submission__jam=self.jam, rater=self.request.user)
        return super().get_context_data(
            submission=self.submission,
            content=self.submission.frozen.content,
            revision=self.submission.frozen,
            rating=self.rating,
            form=form,
            state=state_of(self.rating, form),
            refusal=self.refusal,
            done=done.complete().count(),
            rules=RatingRules.of(self.jam),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        try:
            rating = self.save(form)
        except Refused as refused:
            text = _("%(reason)s What you typed is below, so that you can copy it.")
            messages.error(request, text % {"reason": refused.label})
            return self.render_to_response(self.get_context_data(form=form), status=403)
        if not form.is_valid():
            messages.error(request, _("One thing could not be stored; the rest was. See below."))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if rating.is_complete:
            messages.success(request, _("Your rating is complete, and counts."))
        else:
            messages.info(request, _("Kept as a draft. It counts when every criterion has stars."))
        if "next" in request.POST.getlist("then"):
            return to_next(request, self.jam, leaving=self.submission.pk)
        return redirect("ratings:submission", self.jam.slug, self.submission.pk)


class Autosave(FormMixin, View):
    """Saves while the rater rates, for static/js/autosave.js."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        form = self.form(request.POST)
        try:
            rating = self.save(form)
        except Refused as refused:
            return JsonResponse({"error": refused.label}, status=403)
        html = render_to_string("ratings/_state.html", {"state": state_of(rating, form),
                                                        "rating": rating})  # fmt: skip
        answer = {"saved_at": request.moment.isoformat(), "html": {"#rating-state": html}}
        if form.is_valid():
            return JsonResponse(answer)
        wrong = " ".join(error for errors in form.errors.values() for error in errors)
        text = _("Not stored: %(errors)s The rest is.") % {"errors": wrong}
        return JsonResponse({**answer, "error": text}, status=422)


class Skip(FormMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.skip(
                jam=self.jam,
                submission=self.submission,
                rater=request.user,
                reason=request.POST.get("reason", "").strip()[:500],
                moment=request.moment,
            )
        except Refused as refused:
            messages.error(request, refused.label)
            return redirect("ratings:rate", self.jam.slug)
        messages.info(request, _("Skipped. It costs nothing, and you can take it back."))
        return to_next(request, self.jam, leaving=self.submission.pk)


class Unskip(FormMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.unskip(
                jam=self.jam,
                submission=self.submission,
                rater=request.user,
                moment=request.moment,
            )
        except Refused as refused:
            messages.error(request, refused.label)
        return redirect("ratings:rate", self.jam.slug)
