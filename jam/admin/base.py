"""What the pages of the admin share: who sees which rows, and what is safe to ask for."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters, InlineModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Field, Model, QuerySet, URLField
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest

from jam import loading
from jam.models import Jam

# Of what is set up with a jam, on one page of the admin.
MOST_ROWS = 400


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
    """A list of ours; where its rows can be loaded from a file, it leads there."""

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        name = self.opts.label_lower
        told = {"stays": not self.has_take_permission(request)}
        if name in loading.kinds():
            told["loads"] = name
        return super().changelist_view(request, told | (extra_context or {}))

    def has_take_permission(self, request: HttpRequest) -> bool:
        """Whether the list may be taken away as a file."""
        return self.has_view_permission(request)

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
