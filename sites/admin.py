"""Local sites in the admin: found, corrected, approved and declined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jam.admin import EMPTY, PERSON, Listed, OfOwnJams, ReadOnly, Searching, look_at
from jam.errors import Refused
from jam.models import Jam
from sites import services
from sites.forms import SiteForm
from sites.models import (
    Invitation,
    LocalSite,
    Picture,
    Place,
    ProposalMessage,
    SiteChange,
    SiteItem,
    Wait,
)


class History(ReadOnly, admin.TabularInline):
    """Rows that people make by the pages, shown with the site."""

    related: list[str] = []

    def has_view_permission(self, request: HttpRequest, obj: LocalSite | None = None) -> bool:
        return request.user.is_staff

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("site", *self.related)


class PlaceInline(History):
    """Who has a place; people take and leave places themselves."""

    model = Place
    fields = ["participation", "shown", "taken_at", "checked_in_at", "released_at", "did_not_come"]
    related = ["participation__user", "participation__jam"]


class WaitInline(History):
    """Who waits, or waited, for a place."""

    model = Wait
    fields = ["participation", "joined_at", "offered_at", "offer_ends_at", "ended_at", "ending"]
    related = ["participation__user", "participation__jam"]


class InvitationInline(History):
    """Who was asked to organize it."""

    model = Invitation
    fields = ["user", "by", "hands_over", "invited_at", "answered_at", "was_accepted"]
    related = ["user", "by"]


class MessageInline(History):
    """What its organizers and the jam's told each other."""

    model = ProposalMessage
    fields = ["author", "of_the_jam", "text", "written_at"]
    related = ["author"]


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
        # Those of the sites that are seen: others may be drafts.
        ("jam", admin.RelatedOnlyFieldListFilter),
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
    inlines = [PlaceInline, WaitInline, InvitationInline, MessageInline]
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
        return super().get_queryset(request).as_of(request.moment)

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


class OfOwnSites(Listed, ReadOnly):
    """Rows that belong to a local site: staff see those of the jams that they organize."""

    # Fetched along: where the rows are fetched so, the admin's own setting does nothing.
    related: list[str] = []

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_staff

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("site__jam", *self.related)
        if request.user.is_superuser:
            return rows
        return rows.filter(site__jam__in=Jam.objects.organized_by(request.user))


@admin.register(SiteItem)
class SiteItemAdmin(OfOwnSites, admin.ModelAdmin):
    """Schedules of local sites. They are changed on the pages of the sites."""

    list_display = ["title", "site", "kind", "starts_at", "cancelled_at", "sequence"]
    list_filter = [("cancelled_at", admin.EmptyFieldListFilter), "kind", "starts_at"]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    search_fields = ["title", "speaker", "site__name"]


@admin.register(SiteChange)
class SiteChangeAdmin(OfOwnSites, admin.ModelAdmin):
    """What was moved, cancelled or brought back, and whether people have been told."""

    list_display = ["subject", "site", "was_at", "was_cancelled", "made_at", "told_at"]
    list_filter = [("told_at", admin.EmptyFieldListFilter), "made_at"]
    related = ["item"]
    search_fields = ["item__title", "site__name"]


TAKEN_PART = ("participation__user__display_name", "participation__user__email", "site__name")
THERE = ("participation__user", "participation__jam", "site")

look_at(
    Place, ["participation", "site", "taken_at", "checked_in_at", "released_at", "did_not_come"],
    search=TAKEN_PART, filters=[("released_at", EMPTY), ("checked_in_at", EMPTY), "did_not_come"],
    related=THERE,
)  # fmt: skip
look_at(
    Wait, ["participation", "site", "joined_at", "offered_at", "ended_at", "ending"],
    search=TAKEN_PART, filters=[("ended_at", EMPTY), "ending", "joined_at"], related=THERE,
)  # fmt: skip
look_at(
    Invitation, ["user", "site", "by", "invited_at", "answered_at", "was_accepted"],
    search=[*PERSON, "site__name"], filters=[("answered_at", EMPTY), "was_accepted"],
    related=["user", "site", "by"],
)  # fmt: skip
look_at(
    ProposalMessage, ["site", "author", "of_the_jam", "text", "written_at"],
    search=["site__name", "author__display_name", "text"], filters=["of_the_jam", "written_at"],
    related=["site", "author"],
)  # fmt: skip
look_at(
    Picture, ["shows", "site", "content_type", "added_at", "removed_at"],
    search=["shows", "site__name"], filters=[("removed_at", EMPTY), "added_at"], related=["site"],
)  # fmt: skip
