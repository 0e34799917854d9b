"""“I ran it”: a rater says how running a submission went."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import keeping
from jam.errors import Refused
from ratings import attesting
from ratings.forms import AttestationForm
from ratings.models import Attestation
from ratings.permissions import RatingRefusal, rating_refusal
from ratings.raters import submissions_for
from ratings.views.rating import RatingPageMixin
from submissions import ladders
from submissions.models import Submission


@keeping.keeps_words
class AttestView(RatingPageMixin, TemplateView):
    """The form, with the ladder beside it; what is there already can be changed or taken back."""

    template_name = "ratings/attest.html"

    @cached_property
    def submission(self) -> Submission:
        shown = submissions_for(self.jam, self.request.user).select_related("frozen")
        submission = get_object_or_404(shown, pk=self.kwargs["pk"])
        submission.jam = self.jam
        return submission

    @cached_property
    def own(self) -> Attestation | None:
        return attesting.own(self.submission, self.request.user).first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = rating_refusal(self.rater, self.submission, request.moment)
        if refusal == RatingRefusal.OUT_OF_RUNNING:
            raise Http404
        if refusal:
            raise PermissionDenied(refusal.label)
        words = keeping.kept(request)
        return self.show(AttestationForm(words, instance=self.own))

    def show(self, form: AttestationForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            form=form,
            own=self.own,
            submission=self.submission,
            ladder=ladders.of_frozen(self.submission),
        )
        return self.render_to_response(context, status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = {"submission": self.submission, "rater": request.user, "moment": request.moment}
        # What is stored is changed by the service alone.
        form = AttestationForm(request.POST)
        try:
            if request.POST.get("act") == "take_back":
                attesting.take_back(**here)
                messages.success(request, _("Taken back: nothing is said any more."))
            elif form.is_valid():
                attesting.attest(fields=form.cleaned_data, **here)
                messages.success(request, _("Thank you. Others read it with the results."))
            else:
                return self.show(form, status=422)
        except Refused as refused:
            text = _("%(reason)s What you typed is below, so that you can copy it.")
            messages.error(request, text % {"reason": refused.label})
            return self.show(form, status=403)
        return redirect("ratings:submission", self.jam.slug, self.submission.pk)
