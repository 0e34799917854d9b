"""The form that begins a jam: a name and dates, and what comes along from an earlier one."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row, Submit
from django import forms
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from jam.forms import time_zones
from jam.jam_templates import laid_out
from jam.models import Jam
from jam.schedule_form import LocalTimeField
from jam.set_up import Portion
from jam.timeline import BOUNDARIES, planning_window

FIRST, *LATER = BOUNDARIES
# The same wherever it is asked.
_SOME_DAY = datetime(2000, 1, 1)


class ZoneField(forms.ChoiceField):
    """A time zone; one by an older name is kept, not silently changed."""

    def __init__(self, *, own: str, **kwargs: Any):
        choices = time_zones()
        if all(own != name for name, _label in choices):
            choices = [(own, own), *choices]
        super().__init__(choices=choices, initial=own, label=_("Time zone"), **kwargs)


def zone_in(data: Any, otherwise: str) -> ZoneInfo:
    """The zone that a posted form is written in."""
    name = (data or {}).get("time_zone", otherwise)
    return ZoneInfo(name if name in zoneinfo.available_timezones() else otherwise)


class NewJamForm(forms.ModelForm):
    """Instants that are left empty follow the ones before them, as the template or the earlier jam
    has it."""

    class Meta:
        model = Jam
        fields = ["title", *(boundary.field for boundary in BOUNDARIES), "time_zone"]

    def __init__(
        self,
        data: Any = None,
        *,
        own_zone: str,
        start: datetime,
        gaps: tuple[timedelta, ...],
        portions: list[Portion],
        moment: datetime,
    ):
        super().__init__(data)
        self.gaps, self.moment = gaps, moment
        self.zone = zone_in(data, own_zone)
        self.fields["title"].label = _("Name")
        self.fields["time_zone"] = ZoneField(own=own_zone)
        self.fields[FIRST.field] = LocalTimeField(
            label=FIRST.label, initial=start, help_text=_("By the clock of the time zone.")
        )
        for earlier, boundary, gap in zip(BOUNDARIES, LATER, gaps, strict=False):
            self.fields[boundary.field] = LocalTimeField(
                label=boundary.label,
                required=False,
                help_text=_("Left empty: %(gap)s after “%(before)s”.")
                % {"gap": timesince(_SOME_DAY, _SOME_DAY + gap), "before": earlier.label},
            )
        for boundary in BOUNDARIES:
            self.fields[boundary.field].zone = self.zone
        if portions:
            self.fields["chosen"] = forms.MultipleChoiceField(
                label=_("What comes along"),
                required=False,
                choices=[(portion.name, portion.label) for portion in portions],
                initial=[portion.name for portion in portions if portion.is_wanted],
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Nothing of people’s: whoever took part then joins anew."),
            )
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = self._layout(bool(portions))
        self.helper.add_input(Submit("save", _("Make a draft")))

    def _layout(self, has_portions: bool) -> Layout:
        return Layout(
            "title",
            Row(Column(FIRST.field), Column("time_zone")),
            HTML("<details class='field'{% if form.has_later %} open{% endif %}><summary>"
                 "{% load i18n %}{% translate 'The other four dates' %}</summary>"),
            Row(*(Column(boundary.field, css_class="col-md-6") for boundary in LATER)),
            HTML("</details>"),
            *([Fieldset("", "chosen")] if has_portions else []),
        )  # fmt: skip

    @property
    def has_later(self) -> bool:
        """Whether something was written of the later instants, or is wrong with them."""
        names = [boundary.field for boundary in LATER]
        written = any(self.data.get(name) for name in names) if self.is_bound else False
        return written or bool(self.non_field_errors())

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        window = planning_window(self.moment)
        for boundary in BOUNDARIES:
            at = fields.get(boundary.field)
            if at is not None and at not in window:
                self.add_error(
                    boundary.field,
                    _("Choose a time that is still to come, within ten years: look at the year."),
                )
        if not any(boundary.field in self.errors for boundary in BOUNDARIES):
            given = {boundary.field: fields[boundary.field] for boundary in LATER}
            fields |= laid_out(fields[FIRST.field], self.gaps, self.zone, given)
        return fields

    @property
    def times(self) -> dict[str, datetime]:
        return {boundary.field: self.cleaned_data[boundary.field] for boundary in BOUNDARIES}
