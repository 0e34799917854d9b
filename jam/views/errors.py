"""Pages for what went wrong: what happened, what was kept, what to do."""

from __future__ import annotations

import errno
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jam import keeping, seeing


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"refusal": str(exception)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    # Pages that are seen as somebody else have no token.
    if seeing.begin(request):
        return seeing.instead(request, 403)
    # A page that was open while its reader signed in again elsewhere.
    if keeping.keep(request):
        return redirect(request.path)
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """What failed: something that comes back by itself (503), a full disk (507), or we (500)."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        status, text = 503, _("The site is being looked after. Try again in a minute.")
    elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        status, text = 507, _("There is no room on this server at the moment.")
    else:
        status, text = 500, _("Something broke on our side.")
    if "application/json" in request.headers.get("Accept", ""):
        response: HttpResponse = JsonResponse({"error": text}, status=status)
    else:
        response = render(request, f"{status}.html", status=status)
    if status == 503:
        response["Retry-After"] = "5"
    return response
