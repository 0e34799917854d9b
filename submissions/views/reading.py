"""Reading submissions: the gallery, one of them, its files and receipts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from jam import parts
from jam.views.files import send_file
from jam.views.pages import JamPageMixin, public
from sites.models import LocalSite
from submissions import freezing, gallery
from submissions.models import LIVE_FILES, File, Revision, Submission
from submissions.permissions import edit_refusal, is_on_team, start_refusal
from submissions.views.pages import TeamMixin

PAGE = 24


@public
class Gallery(JamPageMixin, TemplateView):
    template_name = "submissions/gallery.html"
    tab = "submissions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment = self.request.user, self.request.moment
        asked = {
            name: self.request.GET.get(name, "").replace("\0", "").strip()[:100]
            for name in ("q", "site", "tag")
        }
        found = gallery.submissions_of(self.jam, user, moment, **asked)
        page = Paginator(found, PAGE).get_page(self.request.GET.get("page"))
        query = urlencode({name: value for name, value in asked.items() if value})
        own = []
        if user.is_authenticated:
            own = Submission.objects.filter(jam=self.jam).of_team_member(user).with_checklist()
        return super().get_context_data(
            page=page,
            cards=gallery.cards(page.object_list, self.jam),
            asked=asked,
            is_asked=any(asked.values()),
            query=f"{query}&" if query else "",
            sites=tuple(
                (str(pk), name)
                for pk, name in LocalSite.objects.approved()
                .filter(jam=self.jam)
                .values_list("pk", "name")
            ),
            own=own,
            is_closed=self.jam.is_closed,
            is_making=moment in self.jam.making_window,
            may_start=not start_refusal(self.jam, self.reader.participation, moment),
            handed_in=0
            if self.jam.is_closed
            else Submission.objects.filter(jam=self.jam).handed_in().count(),
            **kwargs,
        )


class VisibleMixin(JamPageMixin):
    """A submission that the reader may see; else there is nothing at the address."""

    tab = "submissions"

    @cached_property
    def submission(self) -> Submission:
        submissions = Submission.objects.visible_to(self.request.user, self.jam)
        if self.request.user.is_authenticated:
            submissions = submissions.with_checklist()
        submission = get_object_or_404(
            submissions.select_related("frozen", "site").with_contributors(),
            pk=self.kwargs["pk"],
        )
        submission.jam = self.jam
        return submission

    @property
    def is_own(self) -> bool:
        return is_on_team(self.request.user, self.submission)


@public
class Detail(VisibleMixin, TemplateView):
    """What was frozen, for everybody; to the team, before that, its draft."""

    template_name = "submissions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission = self.submission
        revisions = []
        if self.is_own:
            revisions = list(submission.revisions.defer("content").order_by("-number"))
        if submission.frozen:
            content = submission.frozen.content
        else:
            # Only the team and the organizers come here before the freezing.
            prefetch_related_objects([submission], "links", LIVE_FILES)
            content = freezing.content_of(submission)
        return super().get_context_data(
            submission=submission,
            content=content,
            is_own=self.is_own,
            sections=parts.submission_sections_of(self.jam, submission, self.reader),
            revisions=revisions,
            is_making=self.request.moment in self.jam.making_window,
            may_edit=edit_refusal(self.request.user, submission, self.request.moment) is None,
            is_organizer=self.jam.is_organized_by(self.request.user),
            **kwargs,
        )


@public
class Download(VisibleMixin, View):
    """A file of what was frozen; to the team and the organizers, every file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submission = self.submission
        found = File.objects.filter(submission=submission, pk=self.kwargs["file_pk"])
        if not self.is_own and not self.jam.is_organized_by(request.user):
            found = found.filter(revisions=submission.frozen_id)
        file = get_object_or_404(found.distinct())
        return send_file(
            file.content,
            name=file.name,
            content_type=file.content_type,
            as_attachment=file.kind != File.Kind.IMAGE,
        )


class RevisionMixin(TeamMixin):
    @cached_property
    def revision(self) -> Revision:
        return get_object_or_404(
            self.submission.revisions.select_related("handed_in_by"), number=self.kwargs["number"]
        )


class Receipt(RevisionMixin, TemplateView):
    template_name = "submissions/receipt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            submission=self.submission,
            revision=self.revision,
            may_edit=edit_refusal(self.request.user, self.submission, self.request.moment) is None,
            **kwargs,
        )


class ReceiptContent(RevisionMixin, View):
    """The very bytes whose SHA-256 the receipt shows."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = f"submission-{self.submission.pk}-revision-{self.revision.number}.json"
        return HttpResponse(
            freezing.canonical(self.revision.content),
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
