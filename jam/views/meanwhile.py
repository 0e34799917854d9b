"""Telling what was changed elsewhere while a form was open, with both texts to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crispy_forms.layout import Hidden
from django import forms
from django.forms import BaseFormSet, BaseModelFormSet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jam import meanwhile
from jam.meanwhile import FIELD, Changed, Seen, digest


@dataclass(frozen=True)
class Difference:
    """Something that was changed meanwhile: what is stored now; and whether the form below still
    says what its writer typed, or that."""

    label: Any
    now: str
    is_typed_too: bool = False


class Meanwhile:
    """Mixed into a page whose `form` is of something that is stored: its service is given `seen`,
    and may raise Changed."""

    @property
    def seen(self) -> Seen | None:
        return meanwhile.read(self.request.POST.get(FIELD))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self.take_in(request, *args, **kwargs)
        except Changed:
            return self.tell_changed()

    def take_in(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs)

    def tell_changed(self) -> HttpResponse:
        """The page with what is stored now, and with what was typed wherever something was."""
        typed = self.form(self.request.POST)
        typed.is_valid()
        # As a request that comes now has it: this one may have read what was there before.
        page = type(self)()
        page.setup(self.request, *self.args, **self.kwargs)
        form = page.form()
        is_list = isinstance(form, BaseFormSet)
        told = (_merge_list if is_list else _merge)(typed, form, self.seen or {})
        context = page.get_context_data(
            form=form, changed_meanwhile=told, has_files=bool(self.request.FILES)
        )
        return page.render_to_response(context, status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form")
        if form is not None:
            # What is typed stays based on what its page was shown with.
            as_shown = form.data.get(FIELD) if form.is_bound else None
            kwargs[FIELD] = _written(form) if as_shown is None else as_shown
            helper = form.__dict__.get("helper")
            if helper is not None and helper.form_tag:
                helper.add_input(Hidden(FIELD, kwargs[FIELD]))
        return super().get_context_data(**kwargs)


def _written(form: Any) -> str:
    """What a form has hidden; kept, since what was typed is put into it afterwards."""
    if not hasattr(form, "as_shown"):
        is_list = isinstance(form, BaseFormSet)
        form.as_shown = meanwhile.written(_stored_in_list(form) if is_list else _stored(form))
    return form.as_shown


def _stored(form: forms.BaseForm) -> dict[str, Any]:
    """What the fields of a form say that nobody has typed into."""
    stored = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if not isinstance(field, forms.FileField):
            stored[name] = bool(value) if isinstance(field, forms.BooleanField) else value
    return stored


def _stored_in_list(form_set: BaseModelFormSet) -> dict[str, Any]:
    values = {
        f"{form.instance.pk}.{name}": value
        for form in form_set.initial_forms
        for name, value in _stored(form).items()
    }
    return values | {"order": [form.instance.pk for form in form_set.initial_forms]}


def _merge(typed: forms.BaseForm, form: forms.BaseForm, seen: Seen, of: str = "") -> list:
    """Have `form`, which says what is stored, say what was typed into the other one; what is stored
    and neither was seen there nor typed."""
    if not of:
        _written(form)
    told = []
    for name, value in _stored(form).items():
        if name not in typed.fields:
            continue
        now, said = digest(value), digest(typed.cleaned_data.get(name))
        before = seen.get(of + name)
        is_typed = name in typed.errors or said != before
        if is_typed:
            form.initial[name] = typed[name].value()
        if name == "position" and of:
            # The number of a row follows from what became of the others.
            continue
        if now != before and (name in typed.errors or now != said):
            told.append(Difference(form[name].label, _text(form, name, value), is_typed))
    return told


def _merge_list(typed: BaseModelFormSet, form_set: BaseModelFormSet, seen: Seen) -> list:
    ours = {}
    homeless = [form for form in typed.extra_forms if form.has_changed()]
    told = []
    for form in typed.initial_forms:
        key = form.data.get(form.add_prefix(form.instance._meta.pk.name), "")
        ours[key] = form
    there = {str(pk) for pk in form_set.get_queryset().values_list("pk", flat=True)}
    for key, form in ours.items():
        if key not in there:
            label = str(form[next(iter(form_set.form.base_fields))].value() or "")
            told.append(Difference(label, _("It was removed.")))
            if not form_set._should_delete_form(form):
                homeless.append(form)
    form_set.extra += len(homeless)
    # Where the list is full, what is too much is told when it is sent again.
    form_set.max_num += len(homeless)
    _written(form_set)
    for form in form_set.initial_forms:
        key = str(form.instance.pk)
        if key in ours:
            told += [
                Difference(f"{form.instance}: {each.label}", each.now, each.is_typed_too)
                for each in _merge(ours[key], form, seen, of=f"{key}.")
            ]
        else:
            told.append(Difference(str(form.instance), _("It was added.")))
    for form, typed_form in zip(form_set.extra_forms, homeless, strict=False):
        for name in form.fields.keys() & typed_form.fields.keys() - {"id", "jam"}:
            form.initial[name] = typed_form[name].value()
    common = [key for key in ours if key in there]
    now = [str(f.instance.pk) for f in form_set.initial_forms if str(f.instance.pk) in ours]
    if common != now:
        told.append(Difference(_("The order"), _("It has changed.")))
    return told


def _text(form: forms.BaseForm, name: str, value: Any) -> str:
    """What people read of a value."""
    field = form.fields[name]
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if choices := getattr(field, "choices", None):
        for key, label in choices:
            if str(key) == str("" if value is None else value):
                return str(label)
    prepared = field.prepare_value(value)
    if isinstance(prepared, datetime):
        # By the clock of the form, which it names itself.
        return date_format(prepared, _("D j M Y, H:i"))
    shown = field.widget.format_value(prepared)
    return str("" if shown is None else shown)
