"""Forms with which organizers set a jam up, outside the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import Model
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jam.beginning_form import ZoneField
from jam.models import Host, Jam


class SettingsForm(forms.ModelForm):
    """A form with one button; what it checks it checks on a row of its own."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Save")))


class TextsForm(SettingsForm):
    """What a jam says of itself, and how it looks."""

    new_banner = forms.FileField(
        label=gettext_lazy("Banner"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        help_text=gettext_lazy(
            "A picture for the head of the page: PNG, JPEG, WebP or GIF, 8 MB at most. Without one "
            "a pattern is drawn in the jam’s colour."
        ),
    )

    class Meta:
        model = Jam
        fields = ["title", "tagline", "description", "hashtag", "hue", "code_of_conduct",
                  "time_zone"]  # fmt: skip
        widgets = {
            "description": forms.Textarea(attrs={"rows": 14}),
            "code_of_conduct": forms.Textarea(attrs={"rows": 10}),
            "hue": forms.NumberInput(attrs={"min": 0, "max": 359}),
        }
        help_texts = {"hashtag": gettext_lazy("With its #, like #hackathon2030.")}

    field_order = ["title", "tagline", "description", "hashtag", "hue", "new_banner"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = ZoneField(own=self.instance.time_zone)
        self.fields["time_zone"].help_text = _(
            "By whose clock its dates and its schedule are written. The dates stay where they are."
        )
        if self.instance.banner:
            self.fields["without_banner"] = forms.BooleanField(
                label=_("Take the banner away"), required=False
            )
            self.order_fields([*self.field_order, "without_banner"])


class HostForm(forms.ModelForm):
    url = forms.URLField(
        label=gettext_lazy("Address"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Of a page about them."),
    )

    class Meta:
        model = Host
        fields = ["name", "url"]


class ListFormSet(BaseInlineFormSet):
    """Rows of a jam in their order, which `position` says; new ones come last unless it says so."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        is_new = index is None or index >= self.initial_form_count()
        form.fields["position"] = forms.IntegerField(
            label=_("Place in the list"),
            min_value=1,
            max_value=9999,
            required=False,
            initial=None if is_new else index + 1,
            help_text=_("Empty: at the end.") if is_new else "",
        )
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove it")
            # Last of all, where nobody ticks it by the way.
            form.order_fields([*(name for name in form.fields if name != "DELETE"), "DELETE"])

    def arranged(self) -> list[Model]:
        """The rows that stay and those that are new, in the order that was asked for."""
        asked = []
        for n, form in enumerate(self.forms):
            is_new = n >= self.initial_form_count()
            if form in self.deleted_forms or (is_new and not form.has_changed()):
                continue
            place, before = form.cleaned_data.get("position"), form.fields["position"].initial
            if place is None:
                weight = 10_000.0
            elif before is None or place < before:
                # Before whatever has that place now.
                weight = place - 0.5
            else:
                weight = place + (0.5 if place > before else 0.0)
            asked.append((weight, n, form.instance))
        return [row for _weight, _n, row in sorted(asked, key=lambda each: each[:2])]


def list_form_set(model: type[Model], fields: Iterable[str], *, most: int, extra: int, **more: Any):
    """A class of form sets for a list of a jam, of `most` rows and with `extra` empty forms."""
    # What is too much is taken in to be shown again: it was typed.
    # A tuple: to a list Django adds the jam, and would to that of the page, once a request.
    return inlineformset_factory(
        Jam, model, formset=ListFormSet, fields=tuple(fields), extra=extra, can_delete=True,
        can_delete_extra=False, max_num=most, absolute_max=2 * most, validate_max=True, **more,
    )  # fmt: skip
