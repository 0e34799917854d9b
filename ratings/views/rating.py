"""Rating: the rater's desk, one submission with the form beside it, skipping."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from jam import keeping
from jam.errors import Refused
from jam.models import Jam
from jam.views.pages import JamPageMixin, public
from ratings import queue, services
from ratings.explaining import rule_in_words
from ratings.forms import RatingForm, SkipForm
from ratings.models import Rating, Skip
from ratings.permissions import (
    RatingRefusal,
    rater_refusal,
    rating_refusal,
    skip_refusal,
)
from ratings.raters import Rater, progress_of, rater_in, submissions_for
from submissions.models import Submission

PER_PAGE = 24


class RatingPageMixin(JamPageMixin):
    """A page about rating: knows the reader as a rater."""

    tab = "rate"

    @cached_property
    def rater(self) -> Rater:
        return rater_in(self.jam, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rules=self.rater.rules,
            rule_words=rule_in_words(self.rater.rules.rule, self.rater.rules.least),
            **kwargs,
        )


@public
class RateView(RatingPageMixin, TemplateView):
    """What to do next, how far the rater is, what they have rated and skipped."""

    template_name = "ratings/rate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, window = self.request.user, self.request.moment, self.jam.rating_window
        context: dict[str, Any] = {
            "refusal": rater_refusal(self.rater),
            "is_signed_out": not user.is_authenticated,
            "is_before": window.is_before(moment),
            "is_open": moment in window,
            "is_over": window.is_over(moment),
        }
        if user.is_authenticated and not context["is_before"]:
            page = Paginator(ratings_of(self.jam, user), PER_PAGE)
            context |= {
                "page": page.get_page(self.request.GET.get("page")),
                "progress": progress_of(self.rater),
                "criteria_count": self.jam.criteria.count(),
                "skips": skips_of(self.jam, user) if context["is_open"] else [],
            }
        return super().get_context_data(**context, **kwargs)


def ratings_of(jam: Jam, user: Any):
    """The user's own ratings, unfinished ones first, each with how many criteria it has."""
    given = Q(scores__stars__isnull=False) | Q(scores__not_applicable=True)
    return (
        Rating.objects.filter(submission__jam=jam, rater=user)
        .select_related("submission__frozen")
        .defer("submission__body", "submission__frozen__content")
        .annotate(given=Count("scores", filter=given))
        .order_by(F("completed_at").desc(nulls_first=True), "-saved_at", "pk")
    )


def skips_of(jam: Jam, user: Any) -> list[Skip]:
    """What the user has skipped and could still rate."""
    running = Submission.objects.filter(jam=jam).in_the_running()
    skips = Skip.objects.filter(submission__in=running, rater=user)
    return list(skips.select_related("submission__frozen").order_by("-skipped_at")[:100])


def go_on(request: HttpRequest, jam: Jam, after: Submission | None = None) -> HttpResponse:
    """Lead to the next submission of the queue, or, when there is none, to the desk."""
    try:
        submission = queue.next_submission(jam, request.user, request.moment, after)
    except Refused as refused:
        messages.warning(request, refused.label)
        return redirect("ratings:rate", jam.slug)
    if submission is None:
        messages.info(request, _("There is nothing left in your queue. Thank you!"))
        return redirect("ratings:rate", jam.slug)
    return redirect("ratings:submission", jam.slug, submission.pk)


class DeskAction(JamPageMixin, View):
    """A button of the desk. Signing in, when that came between, leads back to the desk."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("ratings:rate", self.jam.slug)

    @cached_property
    def submission(self) -> Submission:
        return get_object_or_404(self.candidates(), pk=self.kwargs["pk"])

    def candidates(self):
        # What was withdrawn is refused by name, so that nothing typed is lost in a 404.
        visible = Jam.objects.visible_to(self.request.user)
        return Submission.objects.filter(
            jam__in=visible, jam__slug=self.kwargs["slug"], frozen__isnull=False
        ).select_related("jam")


class NextView(DeskAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return go_on(request, self.jam)


class FormMixin(DeskAction):
    """Takes a rating from the form."""

    def bound_form(self, data: Any = None) -> RatingForm:
        criteria = list(self.submission.jam.criteria.all())
        return RatingForm(data or self.request.POST, criteria=criteria, rating=None)

    def save(self, form: RatingForm) -> services.Saved:
        return services.save(
            submission=self.submission,
            rater=self.request.user,
            scores=form.scores,
            **form.words,
            version=self.request.POST.get("version"),
            moment=self.request.moment,
        )


@keeping.keeps_words
class SubmissionView(FormMixin, RatingPageMixin, TemplateView):
    """The work and the form side by side."""

    template_name = "ratings/submission.html"

    @cached_property
    def rating(self) -> Rating | None:
        ratings = Rating.objects.filter(submission_id=self.kwargs["pk"], rater=self.request.user)
        return ratings.prefetch_related("scores").first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if words := keeping.kept(request, services.version_of(self.rating)):
            form = self.bound_form(words)
            return self.again(form, words.get("version"), status=200, is_kept=True)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = submissions_for(self.jam, self.request.user).select_related("frozen")
        submission = get_object_or_404(shown, pk=self.kwargs["pk"])
        submission.jam = self.jam
        refusal = rating_refusal(self.rater, submission, self.request.moment)
        if "form" not in kwargs:
            if refusal == RatingRefusal.OUT_OF_RUNNING and not self.rating:
                raise Http404
            if refusal and not self.rating:
                raise PermissionDenied(refusal.label)
            criteria = list(self.jam.criteria.all())
            kwargs["form"] = RatingForm(criteria=criteria, rating=self.rating)
            kwargs["version"] = services.version_of(self.rating)
            kwargs["missing"] = missing_from(self.rating, criteria)
        progress = progress_of(self.rater)
        gone = submission.withdrawn_at is not None or submission.disqualified_at is not None
        return super().get_context_data(
            submission=submission,
            content=submission.frozen.content,
            rating=self.rating,
            refusal=refusal,
            may_skip=not skip_refusal(self.rater, submission, self.rating, self.request.moment),
            skip_form=SkipForm(),
            shows_work=not gone,
            progress=progress,
            is_first=not progress.rated,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.bound_form()
        if not form.is_valid():
            messages.error(request, _("Not saved yet. See below what is wrong."))
            return self.again(form, request.POST.get("version"), status=422)
        try:
            saved = self.save(form)
        except Refused as refused:
            text = _("%(reason)s What you typed is below, so that you can copy it.")
            messages.error(request, text % {"reason": refused.label})
            return self.again(form, request.POST.get("version"), status=403)
        except services.StaleRating as stale:
            messages.warning(request, stale_text(stale) + " " + _("“Save” puts these over them."))
            return self.again(form, services.version_of(stale.rating), status=409)
        tell(request, saved)
        if "next" in request.POST.getlist("then"):
            return go_on(request, saved.rating.submission.jam, after=self.submission)
        return redirect("ratings:submission", self.kwargs["slug"], self.submission.pk)

    def again(
        self, form: RatingForm, version: str | None, status: int, is_kept: bool = False
    ) -> HttpResponse:
        criteria = form.criteria
        missing = missing_from(self.rating, criteria)
        context = self.get_context_data(
            form=form, version=version, missing=missing, is_kept=is_kept
        )
        return self.render_to_response(context, status=status)


def missing_from(rating: Rating | None, criteria: list) -> list:
    """The criteria on which the stored rating says nothing yet."""
    scores = rating.scores.all() if rating else []
    given = {s.criterion_id for s in scores if s.stars or s.not_applicable}
    return [criterion for criterion in criteria if criterion.pk not in given]


def stale_text(stale: services.StaleRating) -> str:
    return _(
        "You have saved other words on this submission in another window. They are still there, "
        "and those typed here are not saved yet."
    )


def tell(request: HttpRequest, saved: services.Saved) -> None:
    """Say whether the rating counts, and what is missing."""
    title = saved.rating.submission.title
    if not saved.missing:
        messages.success(request, _("Saved. Your rating of “%(title)s” counts.") % {"title": title})
        return
    names = ", ".join(criterion.name for criterion in saved.missing)
    text = ngettext(
        "Kept as a draft: “%(title)s” has no stars yet for %(names)s.",
        "Kept as a draft: “%(title)s” has no stars yet for %(names)s.",
        len(saved.missing),
    ) % {"title": title, "names": names}
    if saved.was_complete:
        text += " " + _("It counted before, and does not count now.")
    messages.warning(request, text)


class AutosaveView(FormMixin):
    """Saves while the rating is being given, for static/js/autosave.js."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        form = self.bound_form()
        if not form.is_valid():
            errors = " ".join(str(error) for found in form.errors.values() for error in found)
            return JsonResponse({"error": _("Not saved: %(e)s") % {"e": errors}}, status=422)
        try:
            saved = self.save(form)
        except Refused as refused:
            return JsonResponse({"error": refused.label}, status=403)
        except services.StaleRating as stale:
            return JsonResponse({"error": stale_text(stale)}, status=409)
        context = {"rating": saved.rating, "missing": saved.missing}
        return JsonResponse(
            {
                "saved_at": request.moment.isoformat(),
                "version": services.version_of(saved.rating),
                "html": {"#missing": render_to_string("ratings/_missing.html", context)},
            }
        )


class SkipView(DeskAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SkipForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("The reason may have 500 characters. It was not skipped."))
            return redirect("ratings:submission", self.kwargs["slug"], self.submission.pk)
        try:
            services.skip(
                submission=self.submission,
                rater=request.user,
                reason=form.cleaned_data["reason"],
                moment=request.moment,
            )
        except Refused as refused:
            messages.warning(request, refused.label)
            return redirect("ratings:rate", self.kwargs["slug"])
        messages.success(request, _("Skipped. You find it among your ratings, to undo it."))
        return go_on(request, self.submission.jam)


class UnskipView(DeskAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.unskip(submission=self.submission, rater=request.user, moment=request.moment)
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, _("It is in your queue again."))
        return redirect("ratings:rate", self.kwargs["slug"])
