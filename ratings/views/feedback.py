"""Authors' own pages: feedback, provisional scores, appeals; and the organizers' side of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import keeping, timeline
from jam.errors import Refused
from jam.views.pages import JamPageMixin
from ratings import feedback
from ratings.models import Appeal, RatingRules
from ratings.permissions import FeedbackRefusal, appeal_refusal, appeals_refusal, release_refusal
from submissions.models import Submission

PER_PAGE = 25


@keeping.keeps_words
class OwnView(JamPageMixin, TemplateView):
    """What raters say of one's own submission: provisional until the results, then for good."""

    template_name = "ratings/own.html"
    tab = "rate"

    @cached_property
    def rules(self) -> RatingRules:
        return RatingRules.of(self.jam)

    @cached_property
    def submission(self) -> Submission:
        own = Submission.objects.filter(jam=self.jam, frozen__isnull=False)
        found = get_object_or_404(
            own.of_team_member(self.request.user).select_related("frozen", "appeal"),
            pk=self.kwargs["pk"],
        )
        found.jam = self.jam
        if not (self.is_provisional or self.is_released):
            raise Http404
        return found

    @property
    def is_provisional(self) -> bool:
        window = timeline.appealing_window(self.jam)
        return self.rules.appeals and self.request.moment in window

    @property
    def is_released(self) -> bool:
        return feedback.is_released(self.jam, self.rules, self.request.moment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission, request = self.submission, self.request
        if words := keeping.kept(request):
            kwargs.setdefault("typed", words.get("text"))
        page = None
        if self.is_released:
            page = feedback.page_of(submission, request.GET.get("page"))
        refusal = appeal_refusal(
            request.user, submission, self.rules, "words to come", request.moment
        )
        return super().get_context_data(
            submission=submission,
            n=feedback.counted_of(submission, self.rules).count(),
            distributions=feedback.distributions_of(submission, self.rules),
            is_provisional=self.is_provisional,
            is_out=timeline.results_due(self.jam, request.moment),
            page=page,
            may_answer=True,
            may_appeal=refusal is None,
            appeal=getattr(submission, "appeal", None),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submission, text = self.submission, request.POST.get("text", "")[:5_000]
        try:
            if request.POST.get("act") == "appeal":
                feedback.appeal(
                    submission=submission, author=request.user, text=text, moment=request.moment
                )
                messages.success(request, _("Your appeal is with the organizers."))
            elif request.POST.get("act") in ("helpful", "not helpful"):
                rating = feedback.by_handle(submission, request.POST.get("rating", ""))
                if rating is None:
                    raise Http404
                feedback.mark_helpful(
                    rating=rating,
                    by=request.user,
                    is_helpful=request.POST["act"] == "helpful",
                    moment=request.moment,
                )
            else:
                rating = feedback.by_handle(submission, request.POST.get("rating", ""))
                if rating is None:
                    raise Http404
                feedback.answer(
                    rating=rating, author=request.user, text=text, moment=request.moment
                )
                messages.success(request, _("Your answer is sent."))
        except Refused as refused:
            text = _("%(reason)s What you typed is below, so that you can copy it.")
            messages.warning(request, text % {"reason": refused.label})
            context = self.get_context_data(typed=request.POST.get("text", ""))
            return self.render_to_response(context, status=403)
        return redirect("ratings:own", self.jam.slug, submission.pk)


@keeping.keeps_words
class AppealsView(JamPageMixin, TemplateView):
    """For organizers: appeals, answered once each; and the release of feedback by hand."""

    template_name = "ratings/appeals.html"
    tab = "rate"
    desk_page = "appeals"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        return super().get(request, *args, **kwargs)

    def admit(self) -> None:
        # Who contributed may release the feedback, and reads no appeals.
        if self.refusal not in (None, FeedbackRefusal.CONTRIBUTOR):
            raise PermissionDenied(self.refusal.label)

    @cached_property
    def refusal(self) -> FeedbackRefusal | None:
        return appeals_refusal(self.request.user, self.jam, self.request.moment)

    def appeals(self) -> QuerySet[Appeal]:
        if self.refusal:
            return Appeal.objects.none()
        return (
            Appeal.objects.filter(submission__jam=self.jam)
            .select_related("submission__frozen", "author", "answered_by")
            .defer("submission__body", "submission__frozen__content")
            .order_by("answered_at", "made_at", "pk")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = RatingRules.of(self.jam)
        if words := keeping.kept(self.request):
            kwargs.setdefault("typed", words.get("text"))
        refusal = release_refusal(self.request.user, self.jam, rules, self.request.moment)
        return super().get_context_data(
            page=Paginator(self.appeals(), PER_PAGE).get_page(self.request.GET.get("page")),
            rules=rules,
            refusal=self.refusal,
            may_release=refusal is None,
            is_released=refusal == FeedbackRefusal.ALREADY,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        given = {"by": request.user, "moment": request.moment}
        try:
            if request.POST.get("act") == "release":
                feedback.release(jam=self.jam, **given)
                messages.success(request, _("The authors can read their feedback now."))
            else:
                pk = request.POST.get("appeal", "")
                if not (pk.isdecimal() and len(pk) < 16):
                    raise Http404
                appeal = get_object_or_404(self.appeals(), pk=pk)
                feedback.answer_appeal(
                    appeal=appeal, text=request.POST.get("text", "")[:5_000], **given
                )
                messages.success(request, _("Your answer is sent to the team."))
        except Refused as refused:
            text = _("%(reason)s What you typed is below, so that you can copy it.")
            messages.warning(request, text % {"reason": refused.label})
            context = self.get_context_data(typed=request.POST.get("text", ""))
            return self.render_to_response(context, status=403)
        return redirect("ratings:appeals", self.jam.slug)
