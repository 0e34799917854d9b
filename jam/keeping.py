"""What was typed into a form that could not be taken is there again after signing in.

A form that is sent when the session is over, or with a token that has changed since, is refused
before a view sees it. If the view is marked by `keeps_words`, the words wait in the session and
`kept` gives them back when its page is opened.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.utils.translation import gettext as _

from jam import limits
from jam.middleware import client_address

_KEY = "kept"
# Characters, which is more than the longest report, and how many forms an hour from one address.
LARGEST = 300_000
MOST_AN_HOUR = 300


def keeps_words(view: type) -> type:
    """Mark a class-based view: a form of its page that cannot be taken is kept until it is."""
    post = view.post

    @wraps(post)
    def post_and_forget(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = post(self, request, *args, **kwargs)
        if (
            response.status_code == 302
            and request.session.get(_KEY, {}).get("path") == request.path
        ):
            del request.session[_KEY]
        return response

    view.post = post_and_forget
    view.keeps_words = True
    return view


def keep(request: HttpRequest) -> bool:
    """Keep what was posted, if it comes from a page of ours that wants it kept; whether it is."""
    view = getattr(request.resolver_match.func, "view_class", None)
    ours = f"{request.scheme}://{request.get_host()}"
    if (
        request.method != "POST"
        or not getattr(view, "keeps_words", False)
        # Nobody else may put words into a form of ours.
        or request.headers.get("Origin") != ours
    ):
        return False
    words = {name: values for name, values in request.POST.lists() if "csrf" not in name}
    if sum(len(value) for values in words.values() for value in values) > LARGEST:
        return False
    if not limits.within(f"kept:{client_address(request)}", MOST_AN_HOUR, 3600, request.moment):
        return False
    request.session[_KEY] = {"path": request.path, "words": words}
    return True


def kept(request: HttpRequest, version: Any = None) -> QueryDict | None:
    """What was kept for this page, told to the reader; None if nothing was.

    With `version`, what the form calls so in its present state, words that are still based on it
    stay kept until they are saved; others are given back once.
    """
    found = request.session.get(_KEY) if request.method == "GET" else None
    if not found or found["path"] != request.path:
        return None
    words = QueryDict(mutable=True)
    for name, values in found["words"].items():
        words.setlist(name, values)
    if version is None or words.get("version") != str(version):
        del request.session[_KEY]
    messages.warning(
        request, _("What you had typed is in the form again. It is not stored yet: save it.")
    )
    return words


def hand_on(request: HttpRequest, path: str) -> None:
    """What was kept for this page, which has no form of its own, belongs to the one at `path`."""
    found = request.session.get(_KEY)
    if found and found["path"] == request.path:
        request.session[_KEY] = {**found, "path": path}


def sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """Lead to the sign-in, with what was typed kept: for a form on a page that is public."""
    if keep(request):
        messages.info(request, _("Sign in, and what you typed is in the form again."))
    return redirect_to_login(request.get_full_path())


class SignInFirst(LoginRequiredMiddleware):
    """Leads to the sign-in, and keeps what was typed; a script is told so."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:
        if "application/json" in request.headers.get("Accept", ""):
            text = _("You are signed out, so this was not saved. Sign in in another window.")
            return JsonResponse({"error": text}, status=401)
        if keep(request):
            messages.info(request, _("Sign in, and what you typed is in the form again."))
        return super().handle_no_permission(request, view_func)
