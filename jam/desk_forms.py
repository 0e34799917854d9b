"""Forms of the organizers' desk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """The reason of an act that a person is told of."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control short"}),
        help_text=_("The person is told, and it is kept in the log."),
        error_messages={"required": _("Say why: the person is told.")},
    )
