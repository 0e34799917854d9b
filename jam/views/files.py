"""Handing out what was uploaded."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header


def send_file(
    file: FieldFile, *, name: str, content_type: str, as_attachment: bool
) -> HttpResponseBase:
    """The file, from here or by way of the front server. Raises Http404 where it is gone."""
    if settings.MEDIA_ACCEL:
        response: HttpResponseBase = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = settings.MEDIA_ACCEL + quote(file.name)
        response["Content-Disposition"] = content_disposition_header(as_attachment, name)
    else:
        try:
            content = file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(
            content, as_attachment=as_attachment, filename=name, content_type=content_type
        )
    return make_harmless(response)


def make_harmless(response: HttpResponseBase) -> HttpResponseBase:
    """Whatever is inside, it cannot act for the reader."""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=3600"
    return response
