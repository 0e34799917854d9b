"""The records of revisions: what was handed in and how to check it; what came later, and how it
differs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from jam import keeping
from jam.errors import Refused
from jam.views.pages import public
from submissions import checksums, freezing, services
from submissions.differences import differences
from submissions.forms import LaterForm
from submissions.models import Revision, RevisionQuerySet, SubmissionQuerySet
from submissions.permissions import DraftRefusal, later_refusal
from submissions.views.pages import TeamMixin
from submissions.views.reading import VisibleMixin

# Of the revisions that the reader may see, so many are named.
MOST = 50


class RecordMixin(VisibleMixin):
    """A revision that the reader may see, of a submission that the reader may see."""

    def submissions(self) -> SubmissionQuerySet:
        return super().submissions().defer("body", "frozen__content")

    def revisions(self) -> RevisionQuerySet:
        user, moment = self.request.user, self.request.moment
        return self.submission.revisions.visible_to(user, self.jam, moment)

    def named(self) -> list[Revision]:
        """The revisions that the reader may see, the newest first, without their contents."""
        return list(self.revisions().defer("content").order_by("-number")[:MOST])

    @cached_property
    def revision(self) -> Revision:
        revision = get_object_or_404(self.revisions(), number=self.kwargs["number"])
        revision.submission = self.submission
        return revision

    @property
    def checked(self) -> list[checksums.Checked]:
        return checksums.checked(self.revision, self.jam.slug)


@public
class Record(RecordMixin, TemplateView):
    template_name = "submissions/record.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, here = self.checked, [self.jam.slug, self.submission.pk, self.revision.number]
        sums = reverse("submissions:checksums", args=here)
        return super().get_context_data(
            submission=self.submission,
            revision=self.revision,
            content=self.revision.content,
            digest=found[0].sha256,
            commands=checksums.commands(found, sums, self.request.build_absolute_uri),
            revisions=self.named(),
            is_frozen=self.revision.pk == self.submission.frozen_id,
            is_rated=self.jam.rating_window.is_over(self.request.moment),
            is_own=self.is_own,
            hides_names=self.submission.hides_names,
            **kwargs,
        )


@public
class RecordContent(RecordMixin, View):
    """The very bytes whose SHA-256 the record shows."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = checksums.content_name(self.revision)
        return HttpResponse(
            freezing.bytes_of(self.revision),
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


@public
class Checksums(RecordMixin, View):
    """Hashes of the content and the files, for `sha256sum --check`."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(
            checksums.listed(self.checked),
            content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{checksums.LIST}"'},
        )


@public
class Changes(RecordMixin, TemplateView):
    """What differs between two revisions: if not asked otherwise, between the frozen one and the
    last."""

    template_name = "submissions/changes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        named = self.named()
        if not named:
            raise Http404
        first = next((r for r in named if r.pk == self.submission.frozen_id), named[-1])
        numbers = [self.asked("before", first.number), self.asked("after", named[0].number)]
        found = {r.number: r for r in self.revisions().filter(number__in=numbers)}
        if not found.keys() >= set(numbers):
            raise Http404
        before, after = (found[number] for number in numbers)
        return super().get_context_data(
            submission=self.submission,
            revisions=named,
            before=before,
            after=after,
            differences=differences(before.content, after.content),
            **kwargs,
        )

    def asked(self, name: str, otherwise: int) -> int:
        value = self.request.GET.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 9 else otherwise


@keeping.keeps_words
class AddLater(TeamMixin, TemplateView):
    """What a later revision will change, and the button that adds it."""

    template_name = "submissions/add_later.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = {}
        if words := keeping.kept(request):
            context["form"] = LaterForm(words)
        return self.render_to_response(self.get_context_data(**context))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission, moment = self.submission, self.request.moment
        last = submission.revisions.order_by("-number").first()
        content = freezing.content_of(submission)
        # What is missing still is the draft's matter, and what is typed here comes with the button.
        refusal = later_refusal(self.request.user, submission, "…", moment)
        kwargs.setdefault("form", LaterForm())
        return super().get_context_data(
            submission=submission,
            last=last,
            refusal=refusal,
            may_write=refusal in (None, DraftRefusal.INCOMPLETE),
            differences=differences(last.content, content) if last else [],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LaterForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            revision = services.add_later(
                submission=self.submission,
                by=request.user,
                note=form.cleaned_data["note"],
                moment=request.moment,
            )
        except Refused as refused:
            messages.error(request, refused.label)
            return self.render_to_response(self.get_context_data(form=form), status=403)
        messages.success(request, _("Revision %(number)s is kept.") % {"number": revision.number})
        return redirect("submissions:record", self.jam.slug, self.submission.pk, revision.number)
