"""Rating: the rater's desk, one submission with the form beside it, skipping."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from jam import keeping, timeline
from jam.errors import Refused
from jam.models import Jam
from jam.views.pages import JamPageMixin, public
from ratings import feedback, judging, queue, services
from ratings.explaining import rule_in_words
from ratings.forms import ConflictForm, RatingForm, SkipForm
from ratings.hints import hints_for
from ratings.models import Attestation, JudgeAssignment, Rating
from ratings.permissions import (
    RatingRefusal,
    awarding_refusal,
    declare_refusal,
    rater_refusal,
    rating_refusal,
    skip_refusal,
)
from ratings.raters import (
    Rater,
    choosing_from,
    criteria_for,
    progress_of,
    rater_in,
    ratings_of,
    set_aside_by,
    submissions_for,
)
from submissions import ladders
from submissions.later import record_note
from submissions.models import Submission
from submissions.reading import documents

PER_PAGE = 24
MOST_GIVEN = 200


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
            "is_organizer": self.rater.is_organizer,
            "is_signed_out": not user.is_authenticated,
            "is_before": window.is_before(moment),
            "is_open": moment in window,
            "is_over": window.is_over(moment),
            "coordinates": judging.coordinate_refusal(user, self.jam) is None,
            "reads_notes": judging.notes_refusal(self.rater, moment) is None,
            "places_awards": self.jam.has_choice_prizes
            and awarding_refusal(self.rater, moment) is None,
        }
        if user.is_authenticated and not context["is_before"]:
            page = Paginator(ratings_of(self.jam, user), PER_PAGE)
            context |= {
                "page": page.get_page(self.request.GET.get("page")),
                "progress": progress_of(self.rater),
                "chooses_from": choosing_from(self.rater),
                "set_aside": list(set_aside_by(self.rater)) if context["is_open"] else [],
                "thanks": feedback.thanks_to(user, self.jam, moment),
                "given": self.given,
                "criteria_count": len(criteria_for(self.rater)),
            }
        return super().get_context_data(**context, **kwargs)

    @property
    def given(self) -> list[JudgeAssignment]:
        """What a judge was given by hand; of very much, the earliest."""
        if not self.rater.is_judge:
            return []
        return list(judging.given_to(self.jam, self.request.user)[:MOST_GIVEN])


def go_on(request: HttpRequest, jam: Jam, after: Submission | None = None) -> HttpResponse:
    """Lead to the next submission of the queue, or, when there is none, to the desk."""
    try:
        submission = queue.next_submission(jam, request.user, request.moment, after)
    except Refused as refused:
        if refused.refusal == RatingRefusal.PRACTISE:
            return redirect("ratings:practice", jam.slug)
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
        submissions = Submission.objects.filter(
            jam__in=visible, jam__slug=self.kwargs["slug"], frozen__isnull=False
        )
        # Criteria are fixed by now: the form and the service go by the same rows.
        return submissions.select_related("jam").prefetch_related("jam__criteria")


class NextView(DeskAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Without what the pages of a jam show: nothing is shown.
        jams = Jam.objects.visible_to(request.user)
        return go_on(request, get_object_or_404(jams, slug=self.kwargs["slug"]))


class FormMixin(DeskAction):
    """Takes a rating from the form."""

    def bound_form(self, data: Any = None) -> RatingForm:
        jam = self.submission.jam
        criteria = list(jam.criteria.all())
        if any(criterion.judges_only for criterion in criteria):
            criteria = criteria_for(rater_in(jam, self.request.user), criteria)
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
        # By the submission's own key: a number that no key can be finds nothing there.
        named = Submission.objects.filter(pk=self.kwargs["pk"])
        ratings = Rating.objects.filter(submission__in=named, rater=self.request.user)
        return ratings.select_related("answer", "helpful").prefetch_related("scores").first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if words := keeping.kept(request, services.version_of(self.rating)):
            form = self.bound_form(words)
            return self.again(form, words.get("version"), status=200, is_kept=True)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = Attestation.objects.filter(submission=OuterRef("pk"), rater=self.request.user)
        shown = (
            submissions_for(self.jam, self.request.user)
            .shown_to(self.request.user, self.jam, self.request.moment)
            .select_related("track", "correction__made_by")
            .annotate(attested=Subquery(said.values("outcome")))
            .with_later()
        )
        submission = get_object_or_404(shown, pk=self.kwargs["pk"])
        submission.jam = self.jam
        refusal = rating_refusal(self.rater, submission, self.request.moment)
        if "form" not in kwargs:
            if refusal == RatingRefusal.OUT_OF_RUNNING and not self.rating:
                raise Http404
            if refusal and not self.rating:
                raise PermissionDenied(refusal.label)
            criteria = criteria_for(self.rater)
            kwargs["form"] = RatingForm(criteria=criteria, rating=self.rating)
            kwargs["version"] = services.version_of(self.rating)
            kwargs["missing"] = missing_from(self.rating, criteria)
        progress = progress_of(self.rater)
        gone = submission.withdrawn_at is not None or submission.disqualified_at is not None
        return super().get_context_data(
            submission=submission,
            content=submission.shown,
            work=documents.work_of(self.jam, submission, submission.frozen.content),
            rating=self.rating,
            refusal=refusal,
            may_skip=not skip_refusal(self.rater, submission, self.rating, self.request.moment),
            skip_form=SkipForm(),
            may_declare=not declare_refusal(self.rater, submission, self.request.moment),
            conflict_form=ConflictForm(),
            hints=[]
            if refusal or submission.hides_names
            else hints_for(self.request.user, submission),
            answer=getattr(self.rating, "answer", None),
            is_thanked=hasattr(self.rating, "helpful")
            and timeline.results_due(self.jam, self.request.moment),
            shows_work=not gone,
            ladder=ladders.of_frozen(submission),
            attested=Attestation.Outcome(submission.attested).label if submission.attested else "",
            note=record_note(self.jam, submission, self.request.moment),
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


class ConflictView(DeskAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ConflictForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose why, then declare the conflict again."))
            return redirect("ratings:submission", self.kwargs["slug"], self.submission.pk)
        try:
            services.declare_conflict(
                submission=self.submission,
                rater=request.user,
                kind=form.cleaned_data["kind"],
                moment=request.moment,
            )
        except Refused as refused:
            messages.warning(request, refused.label)
            return redirect("ratings:rate", self.kwargs["slug"])
        messages.success(request, _("Noted: others rate it. You find it among your ratings."))
        return redirect("ratings:rate", self.kwargs["slug"])


class NoConflictView(DeskAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.take_back_conflict(
                submission=self.submission, rater=request.user, moment=request.moment
            )
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, _("Taken back. You may rate it again."))
        return redirect("ratings:rate", self.kwargs["slug"])
