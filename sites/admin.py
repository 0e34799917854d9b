from django.contrib import admin

from sites.models import LocalSite, Place


class PlaceInline(admin.TabularInline):
    """Who has a place; people take and leave places themselves."""

    model = Place
    fields = ["participation", "shown", "taken_at", "released_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def get_queryset(self, request):
        places = super().get_queryset(request)
        return places.select_related("participation__user", "participation__jam")


@admin.register(LocalSite)
class LocalSiteAdmin(admin.ModelAdmin):
    """Sites; approving and declining, with their mails, happen on the site's own page."""

    list_display = ["name", "jam", "city", "country", "capacity", "approved_at", "declined_at"]
    list_filter = ["jam", ("approved_at", admin.EmptyFieldListFilter), "country"]
    list_select_related = ["jam"]
    search_fields = ["name", "city", "venue"]
    autocomplete_fields = ["organizers"]
    readonly_fields = ["proposed_at", "approved_at", "declined_at", "decline_reason", "is_open"]
    inlines = [PlaceInline]

    def has_add_permission(self, request) -> bool:
        return False

    def get_queryset(self, request):
        sites = super().get_queryset(request)
        return sites if request.user.is_superuser else sites.filter(jam__organizers=request.user)
