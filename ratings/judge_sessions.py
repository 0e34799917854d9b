"""Sessions that a judge's link has opened: they judge one jam, and do nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ratings import judging
from ratings.models import JudgeLink

_KEY = "judge-link"
_BACKEND = "django.contrib.auth.backends.ModelBackend"
# What judging is done with; whatever else of the jam everybody may read, they may read too.
JUDGING = {
    "ratings:rate",
    "ratings:next",
    "ratings:submission",
    "ratings:autosave",
    "ratings:skip",
    "ratings:unskip",
    "ratings:conflict",
    "ratings:no_conflict",
    "ratings:attest",
    "ratings:practice",
    "ratings:awards",
    "ratings:notes",
    "ratings:note",
}
# Of no jam.
LEAVING = {"account_logout", "jam:language", "ratings:judge_link"}
# Asked along with each page, and the same for everybody.
PLAIN = {"jam:theme", "jam:banner"}


def begin(request: HttpRequest, link: JudgeLink) -> None:
    """Sign in whoever has the link, as the judge that it is for."""
    logout(request)
    judging.use(link=link, moment=request.moment)
    login(request, link.judge.user, _BACKEND)
    request.session[_KEY] = link.pk
    request.session.set_expiry(link.expires_at)


class OnlyJudging:
    """The middleware: ends a session at once when its link does, and refuses all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raises PermissionDenied."""
        asked = request.resolver_match.view_name
        # Who is signed out has nothing looked up for this.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or asked in PLAIN:
            return
        if (key := request.session.get(_KEY)) is None:
            return
        live = JudgeLink.objects.live(request.moment).select_related("judge__jam")
        link = live.filter(pk=key, judge__user=request.user.pk).first()
        if link is None:
            logout(request)
            raise PermissionDenied(
                _("This link does not hold any more. What you rated is kept. Ask whoever gave it "
                  "to you for a new one.")
            )  # fmt: skip
        request.judge_link = link
        if asked in LEAVING:
            return
        is_read = request.method in ("GET", "HEAD") and not getattr(view, "login_required", True)
        is_here = kwargs.get("slug") == link.judge.jam.slug
        if not (is_here and (asked in JUDGING or is_read)):
            raise PermissionDenied(
                _("Your link is for judging “%(jam)s” and nothing else. Sign out to look around.")
                % {"jam": link.judge.jam.title}
            )
