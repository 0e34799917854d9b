"""Calendars to subscribe to: a jam's, and each person's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_safe
from django.views.generic import TemplateView

from jam import calendar_keys, feeds, limits, parts
from jam.languages import language_of
from jam.models import CalendarKey, Jam, ScheduleChange, ScheduleItem, User
from jam.views.pages import for_all, visible_jam

# Of one person.
MOST_KEYS_AN_HOUR = 20


def calendar_file(body: bytes, name: str) -> HttpResponse:
    """An answer for calendar programs."""
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


@require_safe
@conditional_page
@login_not_required
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The jam's schedule and deadlines for calendar programs."""
    jam = visible_jam(request, slug)
    moves = jam.schedule_changes.exclude(boundary="")
    events = feeds.events_of(feeds.Source(jam, list(jam.schedule.all()), moves))
    body = feeds.calendar_of(jam.title, jam.schedule_path, events)
    return for_all(calendar_file(body, jam.slug), jam, 300)


def _own_events(user: User) -> list[Any]:
    """What `user` joined: the jams with their deadlines, and what the parts add."""
    jams = list(Jam.objects.joined_by(user).published().order_by("pk"))
    items: dict[int, list[ScheduleItem]] = {}
    for item in ScheduleItem.objects.filter(jam__in=jams).select_related("jam"):
        items.setdefault(item.jam_id, []).append(item)
    moves: dict[int, list[ScheduleChange]] = {}
    for move in ScheduleChange.objects.filter(jam__in=jams).exclude(boundary=""):
        moves.setdefault(move.jam_id, []).append(move)
    events = []
    for jam in jams:
        source = feeds.Source(jam, items.get(jam.pk, []), moves.get(jam.pk, []))
        events += feeds.events_of(source, alarms=True)
    events += [feeds.event_of(item, alarms=True) for item in parts.calendar_items_of(user)]
    return events


@require_safe
@conditional_page
@login_not_required
def own_calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar of the person who has this key."""
    user = calendar_keys.user_of(key)
    if user is None:
        raise Http404
    with translation.override(language_of(user)):
        body = feeds.calendar_of(_("My jams"), reverse("jam:mine"), _own_events(user))
    response = calendar_file(body, "peerjam")
    patch_cache_control(response, private=True, max_age=300)
    response["X-Robots-Tag"] = "noindex"
    return response


@method_decorator(never_cache, name="dispatch")
class CalendarKeyView(TemplateView):
    """Where one's own calendar is; its address is shown once, when it is made."""

    template_name = "jam/calendar_key.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = CalendarKey.objects.filter(user=self.request.user).first()
        return super().get_context_data(made_at=key and key.made_at, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, moment = request.user, request.moment
        if request.POST.get("act") == "stop":
            calendar_keys.revoke(user=user, moment=moment)
            messages.success(request, _("The address opens nothing any more."))
            return redirect("jam:calendar_key")
        if not limits.within(f"calendar-key:{user.pk}", MOST_KEYS_AN_HOUR, 3600, moment):
            messages.warning(request, _("Those were many addresses in an hour. Try again later."))
            return redirect("jam:calendar_key")
        key = calendar_keys.make(user=user, moment=moment)
        address = settings.SITE_URL + reverse("jam:own_calendar", args=[key])
        _scheme, _colon, rest = address.partition(":")
        return self.render_to_response(
            self.get_context_data(address=address, webcal=f"webcal:{rest}")
        )
