"""Seeing a jam as somebody else does, and as of any moment.

An organizer looks at pages of the jam through somebody who is made up for one request, in a
transaction that is always rolled back: nothing is written, sent, or kept for others. Pages are
those that parts name; whatever would change something is refused as long as it lasts.

No moment lies behind the end of rating as long as the results are not out, since pages would tell
what was given. In a scene of a dry run (`jam.dry_run`) nothing was given by anybody: it is the copy
that is shown there, under the address of the jam.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core import signing
from django.core.handlers.exception import convert_exception_to_response
from django.db import transaction
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jam import alone, dry_run, keeping, parts, timeline
from jam.dry_run import Scene
from jam.models import Jam, User
from jam.permissions import set_up_refusal
from jam.set_up import Role

COOKIE = "see-as"
LASTS = timedelta(hours=1)
_SALT = "see-as"
# What belongs to every page of a jam, and is the same for everybody; and where it is ended.
PLAIN = {"jam:theme", "jam:banner", "sites:picture", "submissions:picture", "jam:see_as",
         "jam:dry_run"}  # fmt: skip
# Whoever looks can leave at any time.
LEAVING = {"account_logout"}
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')


class SeeRefusal(TextChoices):
    """Why a jam may not be seen as of a moment."""

    FAR = "far", gettext_lazy("Choose a time within a year of the jam: look at the year.")
    RESULTS = (
        "results",
        gettext_lazy("Until the results are out, nobody sees what comes after the end of rating."),
    )


def see_refusal(jam: Jam, at: datetime, moment: datetime) -> SeeRefusal | None:
    """Why `jam` may not be seen as of `at`, by whomever."""
    if at not in timeline.schedule_window(jam):
        return SeeRefusal.FAR
    if not timeline.results_due(jam, moment) and jam.rating_window.is_over(at):
        return SeeRefusal.RESULTS
    return None


@dataclass(frozen=True)
class Sight:
    """As whom, and as of when, somebody sees a jam, or the copy of it in a `scene`."""

    jam: Jam
    role: Role
    at: datetime
    scene: Scene | None = None

    @property
    def label(self) -> str:
        return str(self.role.label)


def cookie_of(sight: Sight, user: User) -> str:
    """What a browser sends along to see it so, which nobody else can make up."""
    told = [user.pk, sight.jam.pk, sight.role.value, sight.at.timestamp(), sight.scene or ""]
    return signing.dumps(told, salt=_SALT)


def sight_of(request: HttpRequest) -> Sight | None:
    """As whom the reader of this request wants to see a jam; None unless they may."""
    if COOKIE not in request.COOKIES or not request.user.is_authenticated:
        return None
    try:
        told = signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=LASTS)
        user, key, role, at, scene = told
    except (signing.BadSignature, ValueError, TypeError):
        return None
    jam = Jam.objects.filter(pk=key).first() if user == request.user.pk else None
    if jam is None or set_up_refusal(request.user, jam):
        return None
    sight = Sight(jam, Role(role), datetime.fromtimestamp(at, UTC), Scene(scene) if scene else None)
    if sight.scene is None and see_refusal(jam, sight.at, request.moment):
        return None
    return sight


class NoMessages(BaseStorage):
    """Messages are for whoever looks, and wait for them."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list, bool]:
        return [], True

    def _store(self, messages: list, response: HttpResponse, *args: Any, **kwargs: Any) -> list:
        return []


class AsSomebodyElse:
    """The middleware: shows what is to be seen so, and refuses what would change something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        sight = sight_of(request) if COOKIE in request.COOKIES else None
        asked = request.resolver_match.view_name
        is_here = sight is not None and kwargs.get("slug") == sight.jam.slug
        if sight is None or asked in LEAVING or (is_here and asked in PLAIN):
            return None
        request.sight = sight
        if request.method not in ("GET", "HEAD"):
            # What was typed in another window is there again once this has ended.
            keeping.keep(request)
            return instead(request, 403)
        if not is_here:
            return None
        if asked not in {name for part in parts.all_parts() for name in part.pages_to_see()}:
            return instead(request, 200)
        return shown(request, sight, view, args, kwargs)


def begin(request: HttpRequest) -> Sight | None:
    """Have the page be marked, if its reader sees a jam as somebody else; how they do."""
    sight = sight_of(request)
    if sight is not None:
        request.sight = sight
    return sight


def instead(request: HttpRequest, status: int) -> HttpResponse:
    """The page that is shown where a request is not answered, which has to be marked."""
    response = render(request, "jam/not_seen.html", {"jam": request.sight.jam}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def shown(
    request: HttpRequest, sight: Sight, view: Callable, args: Any, kwargs: Any
) -> HttpResponse:
    """The page as `sight` has it. Whatever comes of it, the database is as it was."""
    own = request.user, request.moment, request.session, request._messages
    with transaction.atomic(), alone.for_nobody_else():
        try:
            shown_jam, request.user = _stand_in(sight)
            request.moment = sight.at
            request.session, request._messages = SessionStore(), NoMessages(request)
            if not request.user.is_authenticated and getattr(view, "login_required", True):
                request.user, request.moment, request.session, request._messages = own
                response = instead(request, 200)
            else:
                response = _answer(request, view, args, kwargs | {"slug": shown_jam.slug})
                _call(response, shown_jam.slug, sight.jam.slug)
        finally:
            request.user, request.moment, request.session, request._messages = own
            transaction.set_rollback(True)
    response["Cache-Control"] = "private, no-store"
    return response


def _answer(request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse:
    def asked(request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    # Here, so that pages about failures are theirs too.
    response = convert_exception_to_response(asked)(request)
    if response.streaming:
        return instead(request, 200)
    # What is opened in another window when this has ended changes nothing either.
    response.content = _TOKEN.sub(rb"\1", response.content)
    return response


def _call(response: HttpResponse, slug: str, as_slug: str) -> None:
    """Have the addresses of a copy be those under which it is seen."""
    if slug == as_slug:
        return
    response.content = response.content.replace(slug.encode(), as_slug.encode())
    if "Location" in response:
        response["Location"] = response["Location"].replace(slug, as_slug)


def _stand_in(sight: Sight) -> tuple[Jam, User | AnonymousUser]:
    """The jam to show, and somebody who is made up, with all that belongs to the role; rolled back
    with the rest."""
    if sight.scene is not None:
        play = dry_run.played_until(sight.jam, sight.scene)
        jam = Jam.objects.get(pk=play.jam.pk)
        if sight.role == Role.CONTRIBUTOR:
            return jam, play.author
        return jam, _somebody(jam, sight)
    jam = Jam.objects.get(pk=sight.jam.pk)
    if not jam.is_published:
        jam.published_at = min(sight.at, jam.created_at)
        jam.save(update_fields=["published_at"])
    return jam, _somebody(jam, sight)


def _somebody(jam: Jam, sight: Sight) -> User | AnonymousUser:
    if sight.role == Role.VISITOR:
        return AnonymousUser()
    user = User.objects.create(
        # So that two who look at the same time do not wait for each other.
        email=f"stand-in-{uuid.uuid4().hex}@account.invalid",
        display_name=_("Somebody"),
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    for part in parts.all_parts():
        part.stand_in(jam, user, sight.role, sight.at)
    return User.objects.get(pk=user.pk)
