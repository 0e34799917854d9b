"""Files of a draft: added by a form, or in pieces by static/js/upload.js; stripped and removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jam import keeping, limits
from jam.errors import Refused
from submissions import files, services
from submissions.files import pieces
from submissions.models import Submission, Upload, is_blind
from submissions.permissions import edit_refusal
from submissions.views.drafts import Edit
from submissions.views.pages import TeamAction, rail_of

# Uploads of one person: each is read whole, and pictures are drawn anew.
MOST_AN_HOUR = 200


class FilesAction(Edit):
    """What is done with files by a button. The words of the draft's form may come along: they are
    saved as by “Save”, so that nothing typed is lost."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        here = redirect("submissions:edit", self.jam.slug, self.submission.pk)
        keeping.hand_on(request, here.url)
        return here

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act(request)
        except (Refused, files.FileRefused) as refused:
            messages.error(request, reason_of(refused))
        if "version" in request.POST:
            # With the files as they are now.
            self.__dict__.pop("submission", None)
            response = super().post(request, *args, **kwargs)
            if response.status_code != 302:
                return response
        return redirect(f"/jams/{self.jam.slug}/submissions/{self.submission.pk}/edit/#files")

    def act(self, request: HttpRequest) -> None:
        raise NotImplementedError


class AddFiles(FilesAction):
    """The form that works without JavaScript."""

    def act(self, request: HttpRequest) -> None:
        uploads = request.FILES.getlist("file")
        if not uploads:
            messages.error(request, _("Choose a file first."))
        if not may_upload(request):
            messages.error(request, _("That were many uploads. Go on in an hour."))
            uploads = []
        for upload in uploads:
            names = {"name": files.clean_name(upload.name)}
            try:
                services.add_file(
                    submission=self.submission,
                    by=request.user,
                    upload=upload,
                    moment=request.moment,
                )
            except (Refused, files.FileRefused) as refused:
                text = _("“%(name)s” was not taken. %(reason)s")
                messages.error(request, text % {**names, "reason": reason_of(refused)})
            else:
                messages.success(request, _("“%(name)s” is stored.") % names)


class RemoveFile(FilesAction):
    def act(self, request: HttpRequest) -> None:
        services.remove_file(
            submission=self.submission,
            by=request.user,
            file_id=self.kwargs["file_pk"],
            moment=request.moment,
        )


class StripFile(FilesAction):
    def act(self, request: HttpRequest) -> None:
        file = services.strip_file(
            submission=self.submission,
            by=request.user,
            file_id=self.kwargs["file_pk"],
            moment=request.moment,
        )
        text = _("“%(name)s” is a copy now without the names that could be taken out.")
        messages.success(request, text % {"name": file.name})


class GiveUpUpload(FilesAction):
    def act(self, request: HttpRequest) -> None:
        services.give_up_upload(
            submission=self.submission, by=request.user, upload_id=self.kwargs["upload_pk"]
        )


class BeginUpload(TeamAction):
    """Announces a file that will come in pieces, or asks how much of it is here."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        size = request.POST.get("size", "")
        if not may_upload(request):
            return JsonResponse(
                {"error": _("That were many uploads. Go on in an hour.")}, status=429
            )
        try:
            upload = services.begin_upload(
                submission=self.submission,
                by=request.user,
                name=request.POST.get("name", ""),
                size=int(size[:15]) if size.isascii() and size.isdecimal() else 0,
                sha256=request.POST.get("sha256", ""),
                moment=request.moment,
            )
        except (Refused, files.FileRefused) as refused:
            return refusal_of(refused)
        return JsonResponse(state_of(upload), status=201)


class Pieces(TeamAction):
    """Takes the piece that begins at `?offset=`."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = Upload.objects.of(self.submission, request.user).live(request.moment)
        return JsonResponse(state_of(get_object_or_404(own, pk=self.kwargs["upload_pk"])))

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        offset = request.GET.get("offset", "")
        try:
            upload = services.take_piece(
                submission=self.submission,
                by=request.user,
                upload_id=self.kwargs["upload_pk"],
                offset=int(offset[:15]) if offset.isascii() and offset.isdecimal() else -1,
                content=request.body,
                moment=request.moment,
            )
        except UnreadablePostError:
            # The connection broke; the browser asks again how much is here.
            return HttpResponse(status=400)
        except Upload.DoesNotExist:
            raise Http404 from None
        except (Refused, files.FileRefused) as refused:
            return refusal_of(refused)
        if upload.file_id is None:
            return JsonResponse(state_of(upload))
        del self.submission
        return JsonResponse({**state_of(upload), "html": self.fragments(request)})

    def fragments(self, request: HttpRequest) -> dict[str, str]:
        """The parts of the page that a new file changes."""
        context = files_of(self.submission, request)
        context |= {"jam": self.jam, "is_blind": is_blind(self.jam, request.moment)}
        listed = render_to_string("submissions/editor/_file_list.html", context)
        return {"#file-list": listed, **rail_of(self.submission)}


def files_of(submission: Submission, request: HttpRequest) -> dict[str, Any]:
    """What the list of files in the editor shows."""
    return {
        "submission": submission,
        "refusal": edit_refusal(request.user, submission, request.moment),
        "under_way": Upload.objects.of(submission, request.user).under_way().live(request.moment),
    }


def may_upload(request: HttpRequest) -> bool:
    return limits.within(f"upload:{request.user.pk}", MOST_AN_HOUR, 3600, request.moment)


def state_of(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.pk,
        "name": upload.name,
        "received": upload.received,
        "piece": pieces.SIZE,
        "is_stored": upload.file_id is not None,
    }


def reason_of(refused: Refused | files.FileRefused) -> str:
    return refused.label if isinstance(refused, Refused) else str(refused)


def refusal_of(refused: Refused | files.FileRefused) -> JsonResponse:
    """507 where it may be tried again once there is room."""
    status = 403 if isinstance(refused, Refused) else 422
    if isinstance(refused, files.NoRoom):
        status = 507
    return JsonResponse({"error": reason_of(refused)}, status=status)
