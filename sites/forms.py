import zoneinfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from sites.models import LocalSite


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
            "access": forms.Textarea(attrs={"rows": 3}),
            "facilities": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, label="", **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = True
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            Fieldset(_("Where"), "name", "venue", "address",
                     Row(Column("city"), Column("country")), "time_zone",
                     Row(Column("latitude"), Column("longitude"))),
            Fieldset(_("For those who come"), Row(Column("capacity"), Column("hours")),
                     "facilities", "access", "contact"),
        )  # fmt: skip
        self.helper.add_input(Submit("save", label or _("Propose this site")))

    @property
    def time_zones(self) -> list[str]:
        return sorted(zoneinfo.available_timezones())

    def clean_time_zone(self) -> str:
        return self.cleaned_data["time_zone"].strip()
