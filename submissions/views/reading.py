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
from submissions.citing.page import citation_of
from submissions.models import (
    LIVE_FILES,
    File,
    Revision,
    Submission,
    SubmissionQuerySet,
    hides_names,
    is_blind,
)
from submissions.permissions import edit_refusal, is_in_rating, is_on_team, start_refusal
from submissions.reading import documents
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
            for name in ("q", "site", "track", "tag")
        }
        found = gallery.submissions_of(self.jam, user, moment, **asked)
        page = Paginator(found, PAGE).get_page(self.request.GET.get("page"))
        query = urlencode({name: value for name, value in asked.items() if value})
        own = []
        if user.is_authenticated:
            own = Submission.objects.filter(jam=self.jam).of_team_member(user).with_checklist()
        return super().get_context_data(
            page=page,
            cards=gallery.cards(page.object_list, self.jam, user, moment),
            asked=asked,
            hides_names=hides_names(self.jam, user, moment),
            is_asked=any(asked.values()),
            query=f"{query}&" if query else "",
            sites=tuple(
                (str(pk), name)
                for pk, name in LocalSite.objects.approved()
                .filter(jam=self.jam)
                .values_list("pk", "name")
            ),
            tracks=tuple((str(track.pk), track.name) for track in self.jam.tracks.all())
            if self.jam.has_tracks
            else (),
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

    def submissions(self) -> SubmissionQuerySet:
        user, moment = self.request.user, self.request.moment
        submissions = Submission.objects.visible_to(user, self.jam, moment)
        if self.request.user.is_authenticated:
            submissions = submissions.with_checklist()
        shown = submissions.select_related("frozen", "site", "track", "correction__made_by")
        return shown.with_later().with_contributors()

    @cached_property
    def submission(self) -> Submission:
        submission = get_object_or_404(self.submissions(), pk=self.kwargs["pk"])
        submission.jam = self.jam
        return submission

    @cached_property
    def content(self) -> dict[str, Any]:
        """What was frozen; before that, for the team and the organizers, the draft."""
        submission = self.submission
        if submission.frozen:
            return submission.shown
        prefetch_related_objects([submission], "links", LIVE_FILES)
        return freezing.content_of(submission)

    @property
    def is_own(self) -> bool:
        return is_on_team(self.request.user, self.submission)


@public
class Detail(VisibleMixin, TemplateView):
    """What was frozen, for everybody; to the team, before that, its draft."""

    template_name = "submissions/detail.html"

    def submissions(self) -> SubmissionQuerySet:
        return super().submissions().with_kin()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission = self.submission
        revisions = []
        if self.is_own:
            revisions = list(submission.revisions.defer("content").order_by("-number"))
        sections = parts.submission_sections_of(self.jam, submission, self.reader)
        return super().get_context_data(
            submission=submission,
            content=self.content,
            work=documents.work_of(
                self.jam, submission, self.content, at=self.request.GET.get("at", "")
            ),
            is_own=self.is_own,
            citation=citation_of(submission, self.request.moment),
            sections_above=[section for section in sections if not section.below],
            sections_below=[section for section in sections if section.below],
            revisions=revisions,
            is_making=self.request.moment in self.jam.making_window,
            may_edit=edit_refusal(self.request.user, submission, self.request.moment) is None,
            is_blind=is_blind(self.jam, self.request.moment),
            is_later=is_in_rating(submission, self.request.moment),
            is_organizer=self.jam.is_organized_by(self.request.user),
            **kwargs,
        )


@public
class Download(VisibleMixin, View):
    """A file of a revision that the reader may see; to the team and the organizers, every file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submission = self.submission
        found = File.objects.filter(submission=submission, pk=self.kwargs["file_pk"])
        if not self.is_own and not self.jam.is_organized_by(request.user):
            shown = Revision.objects.visible_to(request.user, self.jam, request.moment)
            found = found.filter(revisions__in=shown)
        file = get_object_or_404(found.distinct())
        return send_file(
            file.content,
            name=file.name,
            content_type=file.content_type,
            as_attachment=file.kind != File.Kind.IMAGE,
        )


class Receipt(TeamMixin, TemplateView):
    template_name = "submissions/receipt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        revisions = self.submission.revisions.select_related("handed_in_by")
        return super().get_context_data(
            submission=self.submission,
            revision=get_object_or_404(revisions, number=self.kwargs["number"]),
            may_edit=edit_refusal(self.request.user, self.submission, self.request.moment) is None,
            **kwargs,
        )
