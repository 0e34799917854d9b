"""A jam in the admin, set up whole on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jam import moving, parts, services, timeline
from jam.admin.base import Listed, Searching, for_organizers
from jam.admin.beginnings import ResourceInline, save_resources
from jam.admin.schedule import ScheduleInline, save_schedule
from jam.errors import Refused
from jam.jam_templates import sensible_times
from jam.models import (
    Host,
    Jam,
    Resource,
    ScheduleItem,
    SignUpQuestion,
)
from jam.permissions import create_refusal, publish_refusal
from jam.questions import MOST_QUESTIONS


class HostInline(admin.TabularInline):
    model = Host
    extra = 0


class SignUpQuestionInline(admin.StackedInline):
    model = SignUpQuestion
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Jam | None = None, **kwargs: Any) -> type:
        most = {"max_num": MOST_QUESTIONS, "absolute_max": MOST_QUESTIONS}
        return super().get_formset(request, obj, **{**kwargs, **most})


def told_of(formset: Any) -> str:
    """What was done with rows of one kind, as the log tells it."""
    done = {
        "added": getattr(formset, "new_objects", []),
        "changed": [row for row, _fields in getattr(formset, "changed_objects", [])],
        "removed": getattr(formset, "deleted_objects", []),
    }
    words = [
        f"{what} {', '.join(getattr(row, 'name_in_log', '') or str(row) for row in rows)}"
        for what, rows in done.items()
        if rows
    ]
    return f"{formset.model._meta.verbose_name}: {', '.join(words)}"


@admin.register(Jam)
class JamAdmin(Listed, Searching, admin.ModelAdmin):
    """A jam, set up whole in one place."""

    list_display = ["title", "is_published", "starts_at", "submissions_close_at", "results_at"]
    list_filter = ["published_at", "starts_at"]
    search_fields = ["title", "slug", "tagline"]
    date_hierarchy = "starts_at"
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["organizers"]
    actions = ["publish"]
    change_form_template = "admin/jam/jam/change_form.html"
    fieldsets = [
        (None, {"fields": ["title", "slug", "tagline", "description"]}),
        (_("Look"), {"fields": ["hue", "banner", "hashtag"]}),
        (
            _("Times"),
            {
                "fields": [
                    "time_zone",
                    *[boundary.field for boundary in timeline.BOUNDARIES],
                ],
                "description": _(
                    "Written in the time zone of your own profile, and shown to everybody in "
                    "theirs. Between the closing of submissions and the opening of rating, and "
                    "between the closing of rating and the results, lie at least two minutes."
                ),
            },
        ),
        (_("People"), {"fields": ["organizers", "code_of_conduct"]}),
    ]

    @admin.display(boolean=True, description=_("published"), ordering="published_at")
    def is_published(self, jam: Jam) -> bool:
        return jam.is_published

    # -- who may ---------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Jam]:
        return super().get_queryset(request).organized_by(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Jam | None = None) -> bool:
        return request.user.is_staff and (obj is None or obj.is_organized_by(request.user))

    def has_change_permission(self, request: HttpRequest, obj: Jam | None = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return create_refusal(request.user) is None

    def has_delete_permission(self, request: HttpRequest, obj: Jam | None = None) -> bool:
        # Nothing that somebody took part in goes away, and never several jams at once.
        return request.user.is_superuser and obj is not None and not obj.participations.exists()

    # -- setting up --------------------------------------------------------------------------

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return sensible_times(request.moment) | super().get_changeform_initial_data(request)

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Jam | None = None
    ) -> dict[str, list[str]]:
        # The address of a jam that people know does not follow its title.
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Jam | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        # Owners alone give and take that role, on a page where whoever gets it says yes.
        people = () if request.user.is_superuser else ("organizers",)
        # They are moved on a page that says what it means, and tells people.
        return people + (moving.FIELDS if obj.is_published else ())

    def get_inlines(self, request: HttpRequest, obj: Jam | None) -> list[type[InlineModelAdmin]]:
        inlines: list[type] = [HostInline, ResourceInline, ScheduleInline, SignUpQuestionInline]
        if obj is not None:
            # A new jam comes with what the parts set up; it can be changed right afterwards.
            inlines += [inline for part in parts.all_parts() for inline in part.admin_inlines()]
        return [for_organizers(inline) for inline in inlines]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        through_services = {ScheduleItem: save_schedule, Resource: save_resources}
        if change and formset.model in through_services:
            through_services[formset.model](self, request, formset)
        else:
            super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        jam = form.instance
        if not change:
            services.set_up(jam=jam, by=request.user, moment=request.moment)
            return
        fields = [name for name in form.changed_data if name != "organizers"]
        changed_rows = [told_of(formset) for formset in formsets if formset.has_changed()]
        # Of a row that a jam has one of, its rules, the log tells what stood there.
        rules = [row for formset in formsets if formset.fk.unique for row in formset
                 if row.has_changed()]  # fmt: skip
        if form.changed_data or changed_rows:
            services.note_change(
                jam=jam,
                by=request.user,
                before={name: str(form.initial.get(name)) for name in fields}
                | {name: str(row.initial.get(name)) for row in rules for name in row.changed_data},
                after={name: str(form.cleaned_data[name]) for name in fields}
                | {name: str(row.cleaned_data[name]) for row in rules for name in row.changed_data}
                | ({"rows": "; ".join(changed_rows)} if changed_rows else {})
                | (
                    {"organizers": ", ".join(str(user.pk) for user in jam.organizers.all())}
                    if "organizers" in form.changed_data
                    else {}
                ),
                moment=request.moment,
            )

    def response_add(self, request: HttpRequest, obj: Jam, post_url_continue: str | None = None):
        # On to what the parts have set up.
        if "_addanother" not in request.POST and "_popup" not in request.POST:
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_add(request, obj, post_url_continue)

    # -- publishing --------------------------------------------------------------------------

    @admin.action(description=_("Publish the selected jams"))
    def publish(self, request: HttpRequest, jams: QuerySet[Jam]) -> None:
        for jam in jams:
            try:
                services.publish(jam=jam, by=request.user, moment=request.moment)
            except Refused as refused:
                self.message_user(request, f"{jam}: {refused.label}", messages.WARNING)
            else:
                self.message_user(request, _("%(jam)s is published.") % {"jam": jam})

    def render_change_form(self, request, context, *args, obj: Jam | None = None, **kwargs):
        context["may_publish"] = obj is not None and publish_refusal(request.user, obj) is None
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
