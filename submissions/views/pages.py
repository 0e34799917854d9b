"""What the pages of submissions have in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.views.generic import View

from jam.views.pages import JamPageMixin
from submissions import checklist, ladders
from submissions.models import Contributor, Submission, SubmissionQuerySet


class TeamMixin(JamPageMixin):
    """A page for the team of the submission in the address; nobody else knows of it."""

    tab = "submissions"

    def jams(self):
        return super().jams().select_related("submission_rules")

    def own_submissions(self) -> SubmissionQuerySet:
        own = Contributor.objects.filter(user_id=self.request.user.pk).values("submission")
        return Submission.objects.filter(jam=self.jam, pk__in=own).with_content()

    @cached_property
    def submission(self) -> Submission:
        submission = get_object_or_404(self.own_submissions(), pk=self.kwargs["pk"])
        submission.jam = self.jam
        return submission


class TeamAction(TeamMixin, View):
    """Something that the team does with a button."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect("submissions:edit", self.jam.slug, self.submission.pk)


def rail_of(submission: Submission) -> dict[str, str]:
    """The parts of the editor's rail that change with the draft, by where they stand."""
    context = {
        "items": checklist.items_of(submission),
        "ladder": ladders.of_draft(submission),
        "is_draft": True,
    }
    return {
        "#checklist": render_to_string("submissions/_checklist.html", context),
        "#ladder": render_to_string("submissions/_ladder.html", context),
    }
