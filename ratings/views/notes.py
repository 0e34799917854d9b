"""What judges and who coordinates them say to each other, once rating has closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import keeping
from jam.errors import Refused
from ratings import judging
from ratings.forms import NoteForm
from ratings.raters import submissions_for
from ratings.views.rating import RatingPageMixin
from submissions.models import Submission

PER_PAGE = 50


class NotesView(RatingPageMixin, TemplateView):
    """The submissions that there is to talk about, those with the latest notes first."""

    template_name = "ratings/notes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if refusal := judging.notes_refusal(self.rater, self.request.moment):
            raise PermissionDenied(refusal.label)
        found = judging.deliberated(self.rater).order_by("-notes", "-latest", "frozen__title", "pk")
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


@keeping.keeps_words
class NoteView(RatingPageMixin, TemplateView):
    """The notes about one submission, and the form to write one."""

    template_name = "ratings/note.html"

    @cached_property
    def submission(self) -> Submission:
        shown = submissions_for(self.jam, self.request.user).in_the_running()
        shown = shown.select_related("frozen").defer("body", "frozen__content")
        found = get_object_or_404(shown, pk=self.kwargs["pk"])
        found.jam = self.jam
        return found

    def admit(self) -> None:
        # Who may not read any is not told which there are.
        moment = self.request.moment
        if refusal := judging.notes_refusal(self.rater, moment):
            raise PermissionDenied(refusal.label)
        if refusal := judging.note_refusal(self.rater, self.submission, moment):
            raise PermissionDenied(refusal.label)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        return self.show(NoteForm(keeping.kept(request)))

    def show(self, form: NoteForm, status: int = 200) -> HttpResponse:
        written = self.submission.judge_notes.select_related("author")
        page = Paginator(written, PER_PAGE)
        page = page.get_page(self.request.GET.get("page") or page.num_pages)
        refusal = judging.write_refusal(self.rater, self.submission, "words to come",
                                        self.request.moment)  # fmt: skip
        context = self.get_context_data(
            submission=self.submission, page=page, form=form, refusal=refusal
        )
        return self.render_to_response(context, status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        form = NoteForm(request.POST)
        if form.is_valid():
            try:
                judging.write(submission=self.submission, by=request.user,
                              **form.cleaned_data, moment=request.moment)  # fmt: skip
            except Refused as refused:
                form.add_error("text", refused.label)
            else:
                messages.success(request, _("The other judges read it."))
                return redirect("ratings:note", self.jam.slug, self.submission.pk)
        return self.show(form, status=422)
