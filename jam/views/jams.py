"""Lists of jams, the pages of one jam, and its buttons."""

from __future__ import annotations

import mimetypes
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page, require_safe
from django.views.generic import TemplateView, View

from jam import caching, markdown, parts, services, timeline
from jam.errors import Refused
from jam.models import Jam
from jam.permissions import PublishRefusal, cancel_refusal, create_refusal, publish_refusal
from jam.views.files import send_file
from jam.views.pages import JamPageMixin, for_all, public, visible_jam

PER_PAGE = 24
# On the jam's page; the others are on theirs.
MOST_RESOURCES = 12


class Shelf(NamedTuple):
    """Jams in the same state, as a list shows them."""

    name: str
    title: Any
    jams: QuerySet[Jam]


class ShelvesView(TemplateView):
    """Jams on shelves: the first of each, or, with ``?when=``, all of one, page by page."""

    per_shelf = 12

    def shelves(self) -> list[Shelf]:
        moment = self.request.moment
        jams = Jam.objects.visible_to(self.request.user)
        return [
            Shelf("running", _("Running now"), jams.running(moment)),
            Shelf("upcoming", _("Coming up"), jams.upcoming(moment)),
            Shelf("past", _("Past jams"), jams.past(moment)),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shelves = self.shelves()
        chosen = next((s for s in shelves if s.name == self.request.GET.get("when")), None)
        page = None
        if chosen:
            page = Paginator(chosen.jams, PER_PAGE).get_page(self.request.GET.get("page"))
            shown = [self.shown(chosen, page.object_list)]
        else:
            shown = [self.shown(shelf, shelf.jams[: self.per_shelf + 1]) for shelf in shelves]
        caching.share(self.request, [card["jam"] for shelf in shown for card in shelf["cards"]])
        return super().get_context_data(
            shelves=[shelf for shelf in shown if shelf["cards"]],
            chosen=chosen,
            page=page,
            page_query=f"when={chosen.name}&" if chosen else "",
            **kwargs,
        )

    def shown(self, shelf: Shelf, jams: QuerySet[Jam]) -> dict[str, Any]:
        cards = [{"jam": jam, "line": timeline.jam_line(jam, self.request.moment)} for jam in jams]
        limit = PER_PAGE if self.request.GET.get("when") == shelf.name else self.per_shelf
        return {
            "name": shelf.name,
            "title": shelf.title,
            "cards": cards[:limit],
            "has_more": len(cards) > limit,
        }


@public
class FrontView(ShelvesView):
    template_name = "jam/front.html"
    per_shelf = 6


@public
class JamListView(ShelvesView):
    template_name = "jam/list.html"


class MyJamsView(ShelvesView):
    """What the reader has joined, until the results are out; what they organize; what was."""

    template_name = "jam/mine.html"
    extra_context = {"look_around": parts.Action(_("See the jams"), reverse_lazy("jam:list"))}

    def shelves(self) -> list[Shelf]:
        user, moment = self.request.user, self.request.moment
        joined = Jam.objects.joined_by(user)
        return [
            Shelf("joined", _("You take part in"), joined.under_way(moment)),
            Shelf("organized", _("You organize or help with"), Jam.objects.run_by(user)),
            Shelf("past", _("Over, with results"), joined.past(moment)),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_create = create_refusal(self.request.user) is None
        return super().get_context_data(may_create=may_create, **kwargs)


@public
class DetailView(JamPageMixin, TemplateView):
    """A jam at a glance."""

    template_name = "jam/detail.html"
    tab = "overview"

    def jams(self) -> QuerySet[Jam]:
        return parts.with_numbers(super().jams(), self.kwargs["slug"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jam, reader = self.jam, self.reader
        steps = parts.steps_of(jam, reader)
        resources = caching.kept(jam, "resources", lambda: list(jam.resources.all()))
        begins = any(step.is_beginning for step in steps)
        path = [resource for resource in resources if begins and resource.starts_here]
        groups: dict[str, list] = {}
        for r in [] if path else resources[:MOST_RESOURCES]:
            shown = (r.title, r.url, r.get_kind_display(), r.description)
            groups.setdefault(r.section, []).append(shown)
        return super().get_context_data(
            step=parts.next_step(steps),
            numbers=parts.numbers_of(jam),
            sections=parts.sections_of(jam, reader),
            headings=[h for h in markdown.headings(jam.description) if h.level == 2],
            hosts=caching.kept(jam, "hosts", lambda: list(jam.hosts.all())),
            path=path,
            resources=tuple((name, tuple(group)) for name, group in groups.items()),
            all_resources=len(resources),
            soon=list(jam.schedule.taking_place().not_over(reader.moment)[:3]),
            is_over=timeline.results_due(jam, reader.moment),
            conduct_due=reader.is_participant and not reader.participation.has_agreed,
            may_cancel=cancel_refusal(jam, reader.participation, reader.moment) is None,
            may_publish=publish_refusal(reader.user, jam) is None,
            **kwargs,
        )


class ButtonView(JamPageMixin, View):
    """A button of a jam's page: does its act, says what came of it, and leads back."""

    done: Any = ""

    def act(self) -> None:
        raise NotImplementedError

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect(self.jam)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        try:
            self.act()
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, self.done % {"jam": self.jam.title})
        return redirect(self.jam)


class JoinView(ButtonView):
    done = _("You take part in %(jam)s. You can cancel until submissions close.")

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        if self.jam.asks_first and not self.reader.is_participant:
            return redirect("jam:sign_up", slug)
        answer = super().post(request, slug)
        # What may be answered, or not, comes after the one click.
        return redirect("jam:sign_up", slug) if self.jam.asks else answer

    def act(self) -> None:
        services.join(
            jam=self.jam,
            user=self.request.user,
            conduct=self.request.POST.get("conduct", ""),
            moment=self.request.moment,
        )


class CancelView(ButtonView):
    done = _("You no longer take part in %(jam)s. Come back until submissions close.")

    def act(self) -> None:
        services.cancel(jam=self.jam, user=self.request.user, moment=self.request.moment)


class PublishView(ButtonView):
    done = _("%(jam)s is published. Everybody can see it now.")

    def act(self) -> None:
        refusal = publish_refusal(self.request.user, self.jam)
        if refusal == PublishRefusal.NOT_ORGANIZER:
            raise PermissionDenied(refusal.label)
        services.publish(jam=self.jam, by=self.request.user, moment=self.request.moment)


@require_safe
@login_not_required
def banner(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The picture at the head of the jam's page."""
    jam = visible_jam(request, slug)
    if not jam.banner:
        raise Http404
    name = jam.banner.name.rpartition("/")[2]
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return send_file(jam.banner, name=name, content_type=kind, as_attachment=False)


@require_safe
@conditional_page
@login_not_required
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """The jam's hue, from which the style sheets derive all its tones."""
    jam = visible_jam(request, slug)
    response = HttpResponse(f":root{{--jam-hue:{jam.hue}}}\n", content_type="text/css")
    return for_all(response, jam, 300)
