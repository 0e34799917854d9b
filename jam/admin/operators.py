"""Lists for operators of what has no page of its own in the admin: to find and to read.

Whoever wants to change such a row does so where people do, where rules are asked and acts logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest

from jam.admin.base import Listed, ReadOnly
from jam.models import (
    Ban,
    Block,
    Cleared,
    Host,
    IdeaTag,
    Jam,
    MailChoice,
    MailHours,
    ReportMessage,
    Resource,
    Retention,
    RoleHolder,
    RoleInvitation,
    ScheduleItem,
    SignUpAnswer,
    SignUpQuestion,
)


class OfOperators(Listed, ReadOnly, admin.ModelAdmin):
    """Rows that operators find and read."""

    # Of a long list the rows that fit are counted, and not all of them as well.
    show_full_result_count = False
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # By themselves rows stay. With what they are part of they go, if that one may.
        here = f"{self.opts.app_label}_{self.opts.model_name}_"
        return not request.resolver_match.url_name.startswith(here)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # By itself the admin filters by whatever the address names: an oracle for what is hidden.
        filters = {each if isinstance(each, str) else each[0] for each in self.list_filter}
        field = lookup.split("__")[0]
        return field in {name.split("__")[0] for name in filters} and super().lookup_allowed(
            lookup, value, request
        )


class WithResults(OfOperators):
    """Rows that say something of ratings: there for as long as the results are out."""

    jam_path = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        due = Jam.objects.results_due(request.moment)
        return super().get_queryset(request).filter(**{f"{self.jam_path}__in": due})


def look_at(
    model: type[Model],
    columns: Sequence[str],
    *,
    search: Sequence[str],
    filters: Sequence[Any] = (),
    related: Sequence[str] = (),
    hides: Sequence[str] = (),
    results_of: str = "",
) -> None:
    """Give operators a list of `model`; with `results_of`, which leads to the jam, once its results
    are out. `related` is what the columns name of other tables."""
    told = {
        "__doc__": model.__doc__,
        "list_display": list(columns),
        "search_fields": list(search),
        "list_filter": list(filters),
        "list_select_related": list(related) or False,
        "exclude": list(hides),
        "jam_path": results_of,
    }
    base = WithResults if results_of else OfOperators
    admin.site.register(model, type(f"{model.__name__}Admin", (base,), told))


EMPTY = admin.EmptyFieldListFilter
PERSON = ("user__display_name", "user__email")

look_at(Host, ["name", "jam", "url", "order"], search=["name", "jam__title"], related=["jam"])
look_at(
    Ban, ["user", "jam", "reason", "by", "made_at", "lifted_at"], related=["user", "jam", "by"],
    search=[*PERSON, "jam__title", "reason"], filters=[("lifted_at", EMPTY), "made_at"],
)  # fmt: skip
look_at(
    Block, ["by", "whom", "made_at"], related=["by", "whom"], filters=["made_at"],
    search=["by__email", "by__display_name", "whom__email", "whom__display_name"],
)  # fmt: skip
look_at(
    Cleared, ["target_type", "target_id", "jam", "by", "made_at"], related=["jam", "by"],
    search=["target_type", "target_id", "jam__title", "by__email"], filters=["made_at"],
)  # fmt: skip
look_at(IdeaTag, ["name", "idea"], search=["name", "idea__title"], related=["idea"])
look_at(
    MailChoice, ["user", "kind", "how", "chosen_at"], search=[*PERSON, "kind"],
    filters=["kind", "how"], related=["user"],
)  # fmt: skip
look_at(
    MailHours, ["user", "quiet_from", "quiet_until", "digest_at"], search=PERSON, related=["user"]
)
look_at(
    SignUpQuestion, ["text", "jam", "kind", "is_required", "is_public"], related=["jam"],
    search=["text", "jam__title"], filters=["kind", "is_required", "is_public"],
)  # fmt: skip
look_at(
    SignUpAnswer, ["participation", "question", "text", "is_public"],
    search=["text", "question__text", "participation__user__email"], filters=["is_public"],
    related=["participation__user", "participation__jam", "question"],
)  # fmt: skip
look_at(
    RoleHolder, ["user", "role", "jam", "given_at"], search=[*PERSON, "jam__title"],
    filters=["role", "given_at"], related=["user", "jam"],
)  # fmt: skip
look_at(
    RoleInvitation, ["email", "role", "jam", "invited_by", "invited_at", "expires_at"],
    search=["email", "jam__title"], filters=["role", "expires_at"], related=["jam", "invited_by"],
)  # fmt: skip
look_at(
    Resource, ["title", "kind", "level", "jam", "link_dead_since"], related=["jam"],
    search=["title", "url", "jam__title"], filters=["kind", "level", ("link_dead_since", EMPTY)],
)  # fmt: skip
look_at(Retention, ["jam"], search=["jam__title"], related=["jam"])
look_at(
    ScheduleItem, ["title", "kind", "jam", "starts_at", "cancelled_at"], related=["jam"],
    search=["title", "speaker", "jam__title"], filters=["kind", "starts_at",
                                                         ("cancelled_at", EMPTY)],
)  # fmt: skip


class ReportMessageAdmin(OfOperators):
    """What was written about reports, save those about whoever looks."""

    list_display = ["report", "by", "text", "written_at"]
    list_filter = ["written_at"]
    list_select_related = ["report", "by"]
    search_fields = ["report__target_name", "by__display_name", "text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReportMessage]:
        return super().get_queryset(request).exclude(report__about_person=request.user.pk)


admin.site.register(ReportMessage, ReportMessageAdmin)
