"""The form of an item of a schedule, with its times by the clock of one zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models import ScheduleItem
from jam.permissions import ScheduleRefusal

_PATTERN = "%Y-%m-%dT%H:%M"


class LocalTimeField(forms.DateTimeField):
    """An instant, written as the clock of `zone` shows it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_PATTERN)
    zone = ZoneInfo("UTC")

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            try:
                return super().to_python(value)
            except ValidationError as error:
                if error.code != "ambiguous_timezone":
                    raise
                raise ValidationError(
                    _("Clocks change in that hour, so this time comes twice or not at all. "
                      "Choose one before or after.")
                ) from None  # fmt: skip


class ItemForm(forms.ModelForm):
    """An item as it is added and changed, to the schedule of a jam or of a local site: they have
    the same fields."""

    starts_at = LocalTimeField(label=_("Starts"))
    ends_at = LocalTimeField(label=_("Ends"), required=False)
    stream_url = forms.URLField(
        label=_("Stream"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Shown beforehand, and large while it is on."),
    )
    recording_url = forms.URLField(
        label=_("Recording"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Shown afterwards."),
    )

    class Meta:
        model = ScheduleItem
        fields = [
            "title", "kind", "starts_at", "ends_at", "place", "speaker", "description",
            "stream_url", "recording_url",
        ]  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, zone: ZoneInfo, label: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            self.fields[name].zone = zone
        self.fields["starts_at"].help_text = _("By the clock of %(zone)s.") % {"zone": zone.key}
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            "title",
            "kind",
            Fieldset(_("When and where"), Row(Column("starts_at"), Column("ends_at")), "place"),
            Fieldset(_("What it is"), "speaker", "description"),
            Fieldset(_("To watch"), "stream_url", "recording_url"),
        )
        self.helper.add_input(Submit("save", label))


class CancelItemForm(forms.Form):
    """Why an item does not take place."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control short"}),
        help_text=_("It stands in the schedule, and in the mail."),
        error_messages={"required": ScheduleRefusal.NO_REASON.label},
    )
