"""Announcements of a jam: the list, the page of one, the feed, and writing and sending them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy
from django.views.decorators.http import conditional_page, require_safe
from django.views.generic import TemplateView, View

from jam import announcing, keeping, limits, newsfeed
from jam.announcing import AnnouncementRefusal
from jam.audiences import Audience, audiences_of
from jam.errors import Refused
from jam.mail_forms import AnnouncementForm
from jam.models import Announcement, Jam
from jam.views.meanwhile import Meanwhile
from jam.views.pages import JamPageMixin, public

PER_PAGE = 20
# Of one person.
MOST_A_DAY = 30


class AnnouncementsMixin(JamPageMixin):
    tab = "announcements"
    desk_page = "announcements"

    @cached_property
    def own_audiences(self) -> list[Audience]:
        """To whom the reader may write."""
        user = self.request.user
        return audiences_of(self.jam, user) if user.is_authenticated else []


@public
class ListView(AnnouncementsMixin, TemplateView):
    """What the reader was told; to those who write, what they are about to tell as well."""

    template_name = "jam/announcements.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment = self.request.user, self.request.moment
        told = announcing.shown_to(self.jam, user, moment)
        if self.own_audiences:
            told = told | announcing.written_by(self.jam, user).due(moment)
        page = Paginator(told.distinct(), PER_PAGE).get_page(self.request.GET.get("page"))
        coming = []
        if self.own_audiences:
            coming = announcing.written_by(self.jam, user).exclude(
                pk__in=Announcement.objects.due(moment).values("pk")
            )[:PER_PAGE]
        return super().get_context_data(
            page=page,
            coming=[(row, row.state_at(moment)) for row in coming],
            may_write=bool(self.own_audiences),
            **kwargs,
        )


@require_safe
@conditional_page
@login_not_required
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What was announced to everybody, for feed readers."""
    jam = get_object_or_404(Jam.objects.visible_to(request.user), slug=slug)
    told = Announcement.objects.due(request.moment).for_everyone().filter(jam=jam)
    rows = list(told.select_related("author")[:PER_PAGE])
    response = HttpResponse(newsfeed.feed_of(jam, rows), content_type="application/atom+xml")
    reach = "public" if jam.is_published else "private"
    patch_cache_control(response, **{reach: True}, max_age=60)
    return response


class AnnouncementMixin(AnnouncementsMixin):
    """An announcement that the reader may see; else there is nothing at the address."""

    @cached_property
    def own(self) -> bool:
        """Whether the reader may look after it."""
        written = announcing.written_by(self.jam, self.request.user)
        return written.filter(pk=self.kwargs["pk"]).exists()

    @cached_property
    def announcement(self) -> Announcement:
        user, moment = self.request.user, self.request.moment
        rows = announcing.written_by(self.jam, user) if self.own else announcing.shown_to(
            self.jam, user, moment
        )  # fmt: skip
        announcement = get_object_or_404(rows, pk=self.kwargs["pk"])
        announcement.jam = self.jam
        return announcement

    def admit(self) -> Announcement:
        """The announcement, for those who may look after it."""
        announcement = self.announcement
        if not self.own:
            raise PermissionDenied(AnnouncementRefusal.NOT_YOURS.label)
        return announcement


@public
class PageView(AnnouncementMixin, TemplateView):
    template_name = "jam/announcement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, it = self.request.user, self.request.moment, self.announcement
        if self.own:
            change = announcing.change_refusal(user, it, moment)
            kwargs |= {
                "state": it.state_at(moment),
                "may_change": change is None,
                "may_send": announcing.confirm_refusal(user, it, moment) is None,
                "refusal": announcing.confirm_refusal(user, it, moment),
                "reach": announcing.reach(it, moment) if change is None else None,
                "letter": announcing.preview(it, user),
            }
        return super().get_context_data(announcement=it, own=self.own, **kwargs)


class FormView(AnnouncementsMixin, TemplateView):
    """A form with an announcement in it; what was typed stays, whatever happens."""

    template_name = "jam/announcement_form.html"
    done: Any = gettext_lazy("Saved. Look at it once more, then send it.")

    def form(self, data: Any = None) -> AnnouncementForm:
        return AnnouncementForm(
            data, own=self.own_audiences, zone=self.request.user.time_zone, initial=self.initial()
        )

    def initial(self) -> dict[str, Any]:
        return {"audience": self.request.GET.get("to", "")}

    def admit(self) -> None:
        """Raises Http404 and PermissionDenied."""
        if not self.own_audiences:
            raise PermissionDenied(AnnouncementRefusal.NOT_YOURS.label)

    def save(self, **fields: Any) -> Announcement:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        with timezone.override(request.user.time_zone):
            form = self.form(keeping.kept(request))
            return self.render_to_response(self.get_context_data(form=form)).render()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        with timezone.override(request.user.time_zone):
            form = self.form(request.POST)
            if form.is_valid():
                try:
                    saved = self.save(**form.cleaned_data, moment=request.moment)
                except Refused as refused:
                    is_time = refused.refusal == AnnouncementRefusal.PAST
                    form.add_error("send_at" if is_time else None, refused.label)
                else:
                    messages.success(request, self.done)
                    return redirect(saved)
            return self.render_to_response(self.get_context_data(form=form), status=422).render()


@keeping.keeps_words
class WriteView(FormView):
    def save(self, **fields: Any) -> Announcement:
        by = self.request.user
        if not limits.within(f"announce:{by.pk}", MOST_A_DAY, 86_400, fields["moment"]):
            raise Refused(AnnouncementRefusal.TOO_MANY)
        return announcing.write(jam=self.jam, by=by, **fields)


@keeping.keeps_words
class EditView(Meanwhile, AnnouncementMixin, FormView):
    done = gettext_lazy("Saved.")

    def tell_changed(self) -> HttpResponse:
        with timezone.override(self.request.user.time_zone):
            return super().tell_changed().render()

    def admit(self) -> None:
        refusal = announcing.change_refusal(
            self.request.user, AnnouncementMixin.admit(self), self.request.moment
        )
        if refusal:
            raise PermissionDenied(refusal.label)

    def initial(self) -> dict[str, Any]:
        it = self.announcement
        key = Audience(it.audience, it.audience_label, it.audience_of).key
        return {"title": it.title, "text": it.text, "audience": key, "send_at": it.send_at}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(announcement=self.announcement, **kwargs)

    def save(self, **fields: Any) -> Announcement:
        return announcing.change(
            announcement=self.announcement, by=self.request.user, seen=self.seen, **fields
        )


class ActView(AnnouncementMixin, View):
    """A button of the announcement's page."""

    done: Any = ""

    def act(self) -> None:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect(self.announcement)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        try:
            self.act()
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, self.done)
        return redirect(self.announcement)


class SendView(ActView):
    done = gettext_lazy("Confirmed. It goes out at its time, within a minute or so.")

    def act(self) -> None:
        announcing.confirm(
            announcement=self.announcement, by=self.request.user, moment=self.request.moment
        )


class CancelView(ActView):
    done = gettext_lazy("Cancelled. Nobody is told.")

    def act(self) -> None:
        announcing.cancel(
            announcement=self.announcement, by=self.request.user, moment=self.request.moment
        )
