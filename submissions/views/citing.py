"""Citing a submission: files for reference managers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from jam import limits
from jam.middleware import client_address
from jam.views.pages import JamPageMixin, public
from submissions.citing import FORMATS
from submissions.citing.work import work_of
from submissions.models import Submission, is_blind
from submissions.picture import drawn_of, is_kept, kept

# Drawing one takes half a second; whoever links to a whole jam wants many.
MOST_DRAWN_AN_HOUR = 300
# What is withdrawn is gone from other houses' caches as soon.
PICTURE_SECONDS = 600


class CitedMixin(JamPageMixin):
    """A submission that everybody may see, and so may cite: nobody is told of another. As long as
    names are hidden there is nothing to cite."""

    @cached_property
    def submission(self) -> Submission:
        if is_blind(self.jam, self.request.moment):
            raise Http404
        public = Submission.objects.filter(jam=self.jam).public()
        submissions = public.select_related("frozen", "correction").defer("body")
        submission = get_object_or_404(submissions, pk=self.kwargs["pk"])
        submission.jam = self.jam
        return submission


@public
class Cite(CitedMixin, View):
    """The citation as a file, in the format that its name says."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = self.kwargs["file"]
        if name not in FORMATS:
            raise Http404
        hosts = self.jam.hosts.values_list("name", flat=True)
        return HttpResponse(
            FORMATS[name].write(work_of(self.submission, publisher=hosts)),
            content_type=f"{FORMATS[name].content_type}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


@public
class LinkPicture(CitedMixin, View):
    """What a link to the submission shows elsewhere."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drawn = drawn_of(self.submission)
        if not is_kept(drawn) and not limits.within(
            f"pictures:{client_address(request)}", MOST_DRAWN_AN_HOUR, 3600, request.moment
        ):
            raise PermissionDenied(_("Too many pictures from here. Try again in an hour."))
        return HttpResponse(
            kept(drawn),
            content_type="image/png",
            headers={"Cache-Control": f"public, max-age={PICTURE_SECONDS}"},
        )
