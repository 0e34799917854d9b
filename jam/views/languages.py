"""The reader chooses a language, at the foot of any page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from jam import languages, services
from jam.views.pages import public


@public
# The foot of a page is the same for all readers and holds no token of theirs. Other sites' forms
# are told apart by where they say that they come from, and bring no session along.
@method_decorator(csrf_exempt, name="dispatch")
class ChooseView(View):
    """Keeps the choice in a cookie, and for who is signed in also with their account."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ours = f"{request.scheme}://{request.get_host()}"
        if request.headers.get("Origin", ours) != ours:
            raise PermissionDenied(_("That came from another site. Nothing was changed."))
        back = request.headers.get("Referer", "")
        response = (
            HttpResponseRedirect(back)
            if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
            else redirect("jam:front")
        )
        language = request.POST.get("language", "")
        if not languages.is_spoken(language):
            return response
        if request.user.is_authenticated:
            services.change_profile(
                user=request.user, profile={"language": language}, moment=request.moment
            )
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
        return response
