"""Local sites in the admin: found, corrected, approved and declined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jam.admin import OfOwnJams, ReadOnly, Searching
from jam.errors import Refused
from sites import services
from sites.forms import SiteForm
from sites.models import LocalSite, Place


class PlaceInline(ReadOnly, admin.TabularInline):
    """Who has a place; people take and leave places themselves."""

    model = Place
    fields = ["participation", "shown", "taken_at", "released_at"]

    def has_view_permission(self, request: HttpRequest, obj: LocalSite | None = None) -> bool:
        return request.user.is_staff

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        places = super().get_queryset(request)
        return places.select_related("site", "participation__user", "participation__jam")


class ReasonForm(ActionForm):
    """Declining has a reason, which the site's organizers are told."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000)


@admin.register(LocalSite)
class LocalSiteAdmin(OfOwnJams, Searching, admin.ModelAdmin):
    form = SiteForm
    list_display = ["name", "jam", "city", "country", "state", "taken", "capacity", "proposed_at"]
    list_filter = [
        ("approved_at", admin.EmptyFieldListFilter),
        ("declined_at", admin.EmptyFieldListFilter),
        "is_open",
        "jam",
        "country",
    ]
    list_select_related = ["jam"]
    search_fields = ["name", "venue", "city", "organizers__display_name", "organizers__email"]
    autocomplete_fields = ["organizers"]
    readonly_fields = [
        "jam", "state", "proposed_at", "approved_at", "declined_at", "decline_reason",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": ["jam", "state", "name", "organizers"]}),
        (
            _("Where"),
            {"fields": ["venue", "address", "city", "country", "time_zone",
                        "latitude", "longitude"]},
        ),
        (
            _("For those who come"),
            {"fields": ["capacity", "hours", "access", "facilities", "contact"]},
        ),
        (_("Decisions"), {"fields": ["proposed_at", "approved_at", "declined_at",
                                     "decline_reason"]}),
    ]  # fmt: skip
    inlines = [PlaceInline]
    action_form = ReasonForm
    actions = ["approve", "decline"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LocalSite | None = None) -> bool:
        return request.user.is_staff and (obj is None or obj.jam.is_organized_by(request.user))

    def has_delete_permission(self, request: HttpRequest, obj: LocalSite | None = None) -> bool:
        # What is not wanted is declined, and stays as a trace.
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LocalSite]:
        return super().get_queryset(request).with_taken()

    @admin.display(description=_("state"))
    def state(self, site: LocalSite) -> str:
        return site.state.label

    @admin.display(description=_("taken"), ordering="taken")
    def taken(self, site: LocalSite) -> int:
        return site.taken

    # -- changing, by the services, so that it is logged --------------------------------------

    def save_model(self, request: HttpRequest, obj: LocalSite, form: Any, change: bool) -> None:
        fields = {n: form.cleaned_data[n] for n in form.changed_data if n != "organizers"}
        services.change(site=obj, by=request.user, fields=fields, moment=request.moment)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if "organizers" in form.changed_data:
            services.name_organizers(
                site=form.instance,
                by=request.user,
                organizers=form.cleaned_data["organizers"],
                moment=request.moment,
            )
        super().save_related(request, form, formsets, change)

    @admin.action(description=_("Approve"))
    def approve(self, request: HttpRequest, sites: QuerySet[LocalSite]) -> None:
        self.decide(request, sites, services.approve, _("approved"))

    @admin.action(description=_("Decline, for the reason given"))
    def decline(self, request: HttpRequest, sites: QuerySet[LocalSite]) -> None:
        reason = request.POST.get("reason", "")
        self.decide(request, sites, services.decline, _("declined"), reason=reason)

    def decide(
        self,
        request: HttpRequest,
        sites: QuerySet[LocalSite],
        service: Callable[..., None],
        done: Any,
        **how: str,
    ) -> None:
        for site in sites:
            try:
                service(site=site, by=request.user, moment=request.moment, **how)
            except Refused as refused:
                self.message_user(request, f"{site}: {refused.label}", messages.ERROR)
            else:
                self.message_user(request, f"{site}: {done}.", messages.SUCCESS)
