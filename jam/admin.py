"""The floor in the admin. Organizers among the staff set up their own jams, superusers all."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.usersessions.admin import UserSessionAdmin
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters, InlineModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Field, Model, QuerySet, URLField
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jam import parts, services, timeline
from jam.errors import Refused
from jam.models import Act, Host, Jam, Message, Participation, Resource, ScheduleItem, User
from jam.permissions import create_refusal, publish_refusal

# Of what is set up with a jam, on one page of the admin.
MOST_ROWS = 400

admin.site.site_header = admin.site.site_title = "Peerjam"
admin.site.index_title = _("Administration")
# It searches by a name for signing in, which our people do not have.
UserSessionAdmin.search_fields = ["user__email", "ip"]
# The same door for all: with its limits on attempts, and its second factor.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.unregister(Group)


def sensible_times(moment: datetime) -> dict[str, datetime]:
    """The five instants of a weekend that begins on the Friday after the next four weeks."""
    friday = moment + timedelta(days=28 + (4 - moment.weekday()) % 7)
    start = friday.replace(hour=17, minute=0, second=0, microsecond=0)
    close = start + timedelta(days=2, hours=12)
    rating = close + timedelta(hours=1)
    counting = rating + timedelta(days=14)
    return {
        "starts_at": start,
        "submissions_close_at": close,
        "ratings_open_at": rating,
        "ratings_close_at": counting,
        "results_at": counting + timedelta(hours=6),
    }


class ReadOnly:
    """Rows that the admin shows and never changes."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def is_key(value: Any) -> bool:
    return str(value).isdecimal() and len(str(value)) < 19


class KeysOnly:
    """Shows what is chosen again when a form has errors; Django's own breaks on what is no key."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> list:
        return super().optgroups(name, [key for key in value if is_key(key)], attr)


class OneOfMany(KeysOnly, AutocompleteSelect):
    pass


class SomeOfMany(KeysOnly, AutocompleteSelectMultiple):
    pass


class SomeRows(ModelMultipleChoiceField):
    """Refuses what is no key; Django's own breaks on numbers that no key can be."""

    def clean(self, value: Any) -> Any:
        for key in value or []:
            if not is_key(key):
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": key})
        return super().clean(value)


class Searching:
    """Fields named in `autocomplete_fields` are chosen by searching."""

    def formfield_for_foreignkey(self, db_field: Field, request: HttpRequest, **kwargs: Any):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = OneOfMany(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Field, request: HttpRequest, **kwargs: Any):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = SomeOfMany(db_field, self.admin_site)
            kwargs["form_class"] = SomeRows
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class Rows(ChangeList):
    """A list that leads back to itself when it is asked for a number beyond all keys."""

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except (OverflowError, DataError) as error:
            raise IncorrectLookupParameters from error


class Listed:
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Rows


class OfOwnJams(Listed):
    """Rows that belong to a jam: staff see those of the jams that they organize."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_staff

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(jam__in=Jam.objects.organized_by(request.user))


class OrganizersInline(InlineModelAdmin):
    """Who may change the jam may change the rows that are set up with it.

    Put before Django's own permissions in each inline, and after what the inline itself says.
    """

    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def get_formset(self, request: HttpRequest, obj: Jam | None = None, **kwargs: Any) -> type:
        # Django takes two thousand rows if a request says so, which are seven seconds of work.
        most = {"max_num": MOST_ROWS, "absolute_max": MOST_ROWS}
        return super().get_formset(request, obj, **{**most, **kwargs})

    def has_view_permission(self, request: HttpRequest, obj: Jam | None = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@cache
def for_organizers(inline: type[InlineModelAdmin]) -> type[InlineModelAdmin]:
    return type(inline.__name__, (inline, OrganizersInline), {})


class HostInline(admin.TabularInline):
    model = Host
    extra = 0


class ResourceInline(admin.StackedInline):
    model = Resource
    extra = 0


class ScheduleInline(admin.StackedInline):
    model = ScheduleItem
    extra = 0


@admin.register(Jam)
class JamAdmin(Searching, admin.ModelAdmin):
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
        (_("People"), {"fields": ["organizers"]}),
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

    def get_inlines(self, request: HttpRequest, obj: Jam | None) -> list[type[InlineModelAdmin]]:
        inlines: list[type] = [HostInline, ResourceInline, ScheduleInline]
        if obj is not None:
            # A new jam comes with what the parts set up; it can be changed right afterwards.
            inlines += [inline for part in parts.all_parts() for inline in part.admin_inlines()]
        return [for_organizers(inline) for inline in inlines]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        jam = form.instance
        if not change:
            services.set_up(jam=jam, by=request.user, moment=request.moment)
            return
        fields = [name for name in form.changed_data if name != "organizers"]
        changed_rows = [str(formset.model._meta.verbose_name) for formset in formsets
                        if formset.has_changed()]  # fmt: skip
        if form.changed_data or changed_rows:
            services.note_change(
                jam=jam,
                by=request.user,
                before={name: str(form.initial.get(name)) for name in fields},
                after={name: str(form.cleaned_data[name]) for name in fields}
                | ({"rows": ", ".join(changed_rows)} if changed_rows else {})
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


@admin.register(Participation)
class ParticipationAdmin(OfOwnJams, ReadOnly, admin.ModelAdmin):
    """Who takes part. People join and cancel by themselves."""

    list_display = ["user", "email", "jam", "joined_at", "cancelled_at"]
    list_filter = [("cancelled_at", admin.EmptyFieldListFilter), "joined_at"]
    list_select_related = ["user", "jam"]
    search_fields = ["user__display_name", "user__email", "jam__title"]

    @admin.display(description=_("e-mail address"), ordering="user__email")
    def email(self, participation: Participation) -> str:
        return participation.user.email


@admin.register(Act)
class ActAdmin(OfOwnJams, ReadOnly, admin.ModelAdmin):
    """The log of acts."""

    list_display = ["moment", "actor", "verb", "target_name", "jam", "reason"]
    list_filter = ["verb", "moment"]
    list_select_related = ["actor", "jam"]
    search_fields = ["verb", "target_name", "actor__display_name", "reason"]
    date_hierarchy = "moment"


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin):
    """The outbox. Mails about accounts hold keys, so what they say is not shown."""

    list_display = ["subject", "to", "created_at", "sent_at", "attempts", "bounced_at"]
    list_filter = [
        ("sent_at", admin.EmptyFieldListFilter),
        ("bounced_at", admin.EmptyFieldListFilter),
        "created_at",
        "attempts",
    ]
    search_fields = ["to", "subject"]
    fields = ["to", "subject", "words", "created_at", "claimed_at", "sent_at", "attempts", "error",
              "bounced_at", "bounce"]  # fmt: skip

    @admin.display(description=_("text"))
    def words(self, message: Message) -> str:
        if message.user_id is None:
            return _("Not shown: a mail about an account may hold its key.")
        return message.text


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "display_name"]
        field_classes = {}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(StockUserAdmin):
    """People. Staff may look them up, to name organizers; only superusers change them."""

    add_form = NewUserForm
    list_display = ["email", "display_name", "affiliation", "is_staff", "is_active", "date_joined"]
    list_filter = ["is_staff", "is_superuser", "is_active", "date_joined"]
    search_fields = ["email", "display_name", "affiliation"]
    ordering = ["email"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Profile"), {"fields": ["display_name", "affiliation", "bio", "links", "time_zone"]}),
        (_("May"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "display_name", "usable_password", "password1", "password2"],
            },
        ),
    ]

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_staff

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Their ratings go on counting: who leaves is anonymized.
        return False
