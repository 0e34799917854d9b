"""The form of a jam's five instants, by the clock of its own zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from jam import moving
from jam.models import Jam
from jam.moving import FIELDS, MoveRefusal
from jam.schedule_form import LocalTimeField
from jam.timeline import BOUNDARIES, Window


class DatesForm(forms.ModelForm):
    """What has passed in a published jam is shown and cannot be changed."""

    class Meta:
        model = Jam
        fields = FIELDS

    def __init__(self, data: Any = None, *, jam: Jam, moment: datetime):
        # A row of its own: a form with errors leaves the jam of this request as it is.
        super().__init__(data, instance=Jam(pk=jam.pk, **moving.instants(jam)))
        self.jam, self.moment = jam, moment
        for boundary in BOUNDARIES:
            passed = Window(None, getattr(jam, boundary.field)).is_over(moment)
            field = self.fields[boundary.field] = LocalTimeField(label=boundary.label)
            field.zone = jam.zone
            if jam.is_published and passed:
                field.disabled = True
                field.help_text = MoveRefusal.PASSED.label
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        label = _("See what that means") if jam.is_published else _("Save")
        self.helper.add_input(Submit("save", label))

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        for name in FIELDS:
            was, said = getattr(self.jam, name), fields.get(name)
            # A field shows whole minutes; what nobody touched stays as it is.
            if said and _minute(said) == _minute(was):
                fields[name] = was
        times = {name: fields[name] for name in FIELDS if fields.get(name)}
        for name, refusal in moving.move_refusals(self.jam, times, self.moment).items():
            self.add_error(name, refusal.label)
        return fields

    @property
    def times(self) -> dict[str, datetime]:
        return {name: self.cleaned_data[name] for name in FIELDS}


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


class MoveForm(forms.Form):
    """Why dates are moved."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control short"}),
        help_text=_("It is kept in the log."),
        error_messages={"required": MoveRefusal.NO_REASON.label},
    )
