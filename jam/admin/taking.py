"""Every list of the admin as a file: the rows and the columns that it shows to whoever takes it.

What the page of a row shows beside its list comes along where the page is ours: others show keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.utils import flatten_fieldsets, lookup_field
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Field, FileField, ForeignKey, Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_POST

from jam import exports, log
from jam.admin.base import Listed, OfOwnJams
from jam.archive.writing import plain
from jam.models import Jam

# Rows of a list can hold texts of 200,000 characters.
AT_ONCE = 100
# Whatever a page shows in place of these, a file would have them as they are.
NEVER = {"password", "digest", "salt", "key", "session_key", "secret", "token", "token_secret",
         "truncated_token", "data", "invitation"}  # fmt: skip


def columns_of(of: ModelAdmin, request: HttpRequest) -> list[str]:
    """The names of the columns that `request` may have; `id` comes first."""
    names = [name for name in of.get_list_display(request) if isinstance(name, str)]
    if isinstance(of, Listed):
        plain_fields = {each.name for each in of.opts.concrete_fields if _is_plain(each)}
        names += [
            name
            for name in flatten_fieldsets(of.get_fieldsets(request))
            if name in plain_fields and name not in names
        ]
    left = {*NEVER, "action_checkbox", "__str__", "id"}
    return ["id", *(name for name in names if name not in left)]


def _is_plain(column: Field) -> bool:
    return not isinstance(column, FileField) and not column.is_relation


def _value(of: ModelAdmin, row: Model, name: str) -> Any:
    if name == "id":
        return row.pk
    try:
        column, _attr, value = lookup_field(name, row, of)
    except ObjectDoesNotExist:
        return None
    if value is None or isinstance(value, (bool, int, float, Decimal, list, dict)):
        return value
    is_text = isinstance(value, Promise) or isinstance(column, ForeignKey)
    told = str(value) if is_text else plain(value)
    # Countries, durations, networks and rows: as they are read.
    return told if isinstance(told, str) else str(told)


def table_of(of: ModelAdmin, request: HttpRequest) -> exports.Export:
    """The list as `request` filters and searches it. Raises IncorrectLookupParameters."""
    names = columns_of(of, request)
    found = of.get_changelist_instance(request).queryset.defer(None)

    def rows() -> Iterator[list[Any]]:
        for row in found.iterator(chunk_size=AT_ONCE):
            yield [_value(of, row, name) for name in names]

    about = of.opts.verbose_name_plural
    return exports.Export(of.opts.model_name, about, tuple((name, "") for name in names), rows)


def _jams_in(of: ModelAdmin, request: HttpRequest) -> list[Jam | None]:
    """In whose logs it is told that `request` takes the list: those who organize a jam together
    see what each of them took, and what an operator took of everything is no jam's own."""
    if request.user.is_superuser or not isinstance(of, OfOwnJams):
        return [None]
    jams = Jam.objects.organized_by(request.user)
    if any(field.name == "jam" for field in of.opts.fields):
        listed = of.get_changelist_instance(request).queryset.order_by()
        jams = jams.filter(pk__in=listed.values("jam"))
    return list(jams) or [None]


@require_POST
def take(
    request: HttpRequest, app_label: str, model_name: str, form: str
) -> HttpResponseBase:  # fmt: skip
    """A list as a file; posted, since it leaves a line in the log."""
    named = f"{app_label}.{model_name}"
    by_name = {model._meta.label_lower: of for model, of in admin.site._registry.items()}
    of = by_name.get(named)
    if of is None or form not in exports.Form:
        raise Http404
    if not of.has_view_permission(request):
        raise PermissionDenied
    if isinstance(of, Listed) and not of.has_take_permission(request):
        raise PermissionDenied
    try:
        table = table_of(of, request)
    except IncorrectLookupParameters:
        return redirect(f"{reverse(f'admin:{app_label}_{model_name}_changelist')}?e=1")
    filters = request.GET.copy()
    # Words are mostly somebody's name or address, and the log outlives an account.
    searched = {"searched": True} if filters.pop(SEARCH_VAR, None) else {}
    asked = {"asked": filters.urlencode()[:500]} if filters else {}
    taken = {"table": named, "form": form} | searched | asked
    for jam in _jams_in(of, request):
        log.record("took a table away", jam or request.user, by=request.user, jam=jam, after=taken,
                   moment=request.moment)  # fmt: skip
    return exports.response(table, form, app_label)
