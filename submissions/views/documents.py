"""The documents of a submission, each at an address of its own, and the search through them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView, View

from jam.views.files import make_harmless
from jam.views.pages import public
from submissions.models import File
from submissions.reading import documents, notebook
from submissions.views.reading import VisibleMixin


class FileMixin(VisibleMixin):
    """A file of what the reader is shown of a submission, if it is read in the page."""

    @property
    def file(self) -> dict[str, Any]:
        found = (f for f in self.content["files"] if f["id"] == self.kwargs["file_pk"])
        file = next(found, None)
        if file is None or file["kind"] not in documents.READ:
            raise Http404
        return file


@public
class Read(FileMixin, TemplateView):
    """A report or a notebook, in the page."""

    template_name = "submissions/read.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = self.request.GET.get("at", "")
        return super().get_context_data(
            submission=self.submission,
            content=self.content,
            work=documents.work_of(self.jam, self.submission, self.content, file=self.file, at=at),
            **kwargs,
        )


@public
class Picture(FileMixin, View):
    """A picture that stands in a notebook."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stored = get_object_or_404(
            File, pk=self.file["id"], submission=self.submission, kind=File.Kind.NOTEBOOK
        )
        try:
            found = notebook.pictures(stored.content.name, stored.content.storage)
            picture = found[self.kwargs["number"]]
        except (notebook.Unreadable, FileNotFoundError, IndexError):
            raise Http404 from None
        response = HttpResponse(picture.content, content_type=picture.content_type)
        if picture.content_type == notebook.DRAWING:
            # In a page it is a picture; at its own address it would be a document.
            response["Content-Type"] += "; charset=utf-8"
            response["Content-Disposition"] = 'attachment; filename="drawing.svg"'
        return make_harmless(response)


@public
class Search(VisibleMixin, TemplateView):
    """Where words stand in a submission."""

    template_name = "submissions/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
        parts = (self.jam, self.submission, self.content)
        return super().get_context_data(
            submission=self.submission,
            content=self.content,
            work=documents.searched(*parts, asked),
            **kwargs,
        )
