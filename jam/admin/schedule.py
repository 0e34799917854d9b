"""Schedules in the admin: items are set up with their jam, through the services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from jam import scheduling
from jam.admin.base import Listed, OfOwnJams, ReadOnly
from jam.errors import Refused
from jam.models import CalendarKey, Jam, ScheduleChange, ScheduleItem


class ScheduleInline(admin.StackedInline):
    model = ScheduleItem
    extra = 0
    fields = ["kind", "title", "speaker", "description", ("starts_at", "ends_at"), "place",
              "stream_url", "recording_url", "cancelled_at"]  # fmt: skip
    readonly_fields = ["cancelled_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Jam | None = None) -> bool:
        # Once people can have it in their calendars it is cancelled instead, on the schedule.
        return obj is not None and not obj.is_published


def save_schedule(admin_page: admin.ModelAdmin, request: HttpRequest, formset: Any) -> None:
    """Save the rows of a jam's page as if they had been changed on the schedule."""
    formset.save(commit=False)
    for item in formset.deleted_objects:
        item.delete()
    how = {"by": request.user, "moment": request.moment}
    wanted = [(scheduling.add, item, {}) for item in formset.new_objects]
    for item, names in formset.changed_objects:
        fields = {name: getattr(item, name) for name in names}
        wanted.append((scheduling.change, item, {"fields": fields}))
    for act, item, values in wanted:
        try:
            act(item=item, **values, **how)
        except Refused as refused:
            admin_page.message_user(request, f"{item}: {refused.label}", messages.WARNING)


@admin.register(ScheduleChange)
class ScheduleChangeAdmin(OfOwnJams, ReadOnly, admin.ModelAdmin):
    """What was moved, cancelled or brought back, and whether people have been told."""

    list_display = ["subject", "jam", "was_at", "was_cancelled", "made_at", "told_at"]
    list_filter = [("told_at", admin.EmptyFieldListFilter), "made_at"]
    list_select_related = ["item", "jam"]
    search_fields = ["item__title", "jam__title"]


@admin.register(CalendarKey)
class CalendarKeyAdmin(Listed, ReadOnly, admin.ModelAdmin):
    """Who has an address for a calendar of their own; the address itself is kept nowhere."""

    list_display = ["user", "made_at"]
    list_select_related = ["user"]
    search_fields = ["user__display_name", "user__email"]
    fields = ["user", "made_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarKey]:
        return super().get_queryset(request).select_related("user")
