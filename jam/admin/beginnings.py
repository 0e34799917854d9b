"""Ideas and resources in the admin: resources are set up with their jam, through the service."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from jam import resources
from jam.admin.base import Listed, OfOwnJams, ReadOnly
from jam.errors import Refused
from jam.models import Idea, IdeaTag, Interest, Resource, Worked


class ResourceInline(admin.StackedInline):
    """Their order is arranged on the jam's own page."""

    model = Resource
    extra = 0
    fields = [("section", "kind"), "title", "url", "description", ("level", "minutes"),
              "starts_here"]  # fmt: skip


def save_resources(admin_page: admin.ModelAdmin, request: HttpRequest, formset: Any) -> None:
    """Save the rows of a jam's page as if they had been changed where resources are arranged."""
    formset.save(commit=False)
    how = {"by": request.user, "moment": request.moment}

    def said(resource: Resource) -> dict[str, Any]:
        return {"said": {name: getattr(resource, name) for name in resources.FIELDS}}

    # Those that go first, so that what comes finds its place.
    wanted = [(resources.remove, {"resource": gone}) for gone in formset.deleted_objects]
    for changed, _names in formset.changed_objects:
        wanted.append((resources.change, {"resource": changed, **said(changed)}))
    for new in formset.new_objects:
        wanted.append((resources.add, {"jam": formset.instance, **said(new)}))
    for act, values in wanted:
        try:
            act(**values, **how)
        except Refused as refused:
            title = values["said"]["title"] if "said" in values else values["resource"]
            admin_page.message_user(request, f"{title}: {refused.label}", messages.WARNING)


class TagInline(ReadOnly, admin.TabularInline):
    model = IdeaTag
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Idea | None = None) -> bool:
        return request.user.is_staff


@admin.register(Idea)
class IdeaAdmin(OfOwnJams, ReadOnly, admin.ModelAdmin):
    """Ideas to look at. Pinning, joining and hiding one have places of their own."""

    list_display = ["title", "author", "jam", "proposed_at", "pinned_at", "withdrawn_at",
                    "hidden_at"]  # fmt: skip
    list_filter = [
        ("hidden_at", admin.EmptyFieldListFilter),
        ("merged_into", admin.EmptyFieldListFilter),
        "proposed_at",
    ]
    list_select_related = ["author", "jam"]
    search_fields = ["title", "text", "author__display_name", "jam__title"]
    inlines = [TagInline]


@admin.register(Interest)
class InterestAdmin(Listed, ReadOnly, admin.ModelAdmin):
    """Who is interested in what. For operators: who does not agree is shown to no organizer."""

    list_display = ["user", "idea", "is_shown", "marked_at"]
    list_filter = ["is_shown", "marked_at"]
    list_select_related = ["user", "idea"]
    search_fields = ["user__display_name", "user__email", "idea__title"]


@admin.register(Worked)
class WorkedAdmin(Listed, ReadOnly, admin.ModelAdmin):
    """For whom what worked. For operators: everybody else sees how many."""

    list_display = ["user", "resource", "marked_at"]
    list_filter = ["marked_at"]
    list_select_related = ["user", "resource"]
    search_fields = ["user__display_name", "user__email", "resource__title"]
