from __future__ import annotations

import zoneinfo
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from sites.models import LocalSite
from sites.permissions import SiteRefusal


class SiteForm(forms.ModelForm):
    """A local site, as it is proposed and changed."""

    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
        help_text=_("Like “Europe/Copenhagen”."),
    )

    class Meta:
        model = LocalSite
        fields = [
            "name", "venue", "address", "city", "country", "time_zone", "latitude", "longitude",
            "capacity", "hours", "access", "facilities", "contact",
        ]  # fmt: skip
        widgets = {
            "access": forms.Textarea(attrs={"rows": 3, "class": "short"}),
            "facilities": forms.Textarea(attrs={"rows": 3, "class": "short"}),
        }

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            Fieldset(_("Where"), "name", "venue", "address",
                     Row(Column("city"), Column("country")), "time_zone",
                     Row(Column("latitude"), Column("longitude"))),
            Fieldset(_("For those who come"), Row(Column("capacity"), Column("hours")),
                     "facilities", "access", "contact"),
        )  # fmt: skip
        self.helper.add_input(Submit("save", label or _("Propose this local site")))

    @property
    def time_zones(self) -> list[str]:
        return sorted(zoneinfo.available_timezones())

    def clean_capacity(self) -> int:
        capacity = self.cleaned_data["capacity"]
        if self.instance.pk and capacity < self.instance.places.taken().count():
            raise forms.ValidationError(SiteRefusal.TOO_SMALL.label)
        return capacity

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        position = [fields.get("latitude"), fields.get("longitude")]
        if not {"latitude", "longitude"} & self.errors.keys() and position.count(None) == 1:
            missing = ("latitude", "longitude")[position.index(None)]
            self.add_error(missing, _("A position is both, latitude and longitude, or neither."))
        return fields


class DeclineForm(forms.Form):
    """Why a site is declined."""

    reason = forms.CharField(
        label=_("Decline, with a reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control short"}),
        error_messages={"required": SiteRefusal.NO_REASON.label},
    )
