"""The form in which an organizer says where to look around in a dry run, and as whom."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _

from jam.dry_run import Scene
from jam.set_up import Role


class LookAroundForm(forms.Form):
    def __init__(self, data: Any = None):
        super().__init__(data)
        self.fields["scene"] = forms.ChoiceField(label=_("When"), choices=Scene.choices)
        self.fields["role"] = forms.ChoiceField(label=_("As"), choices=Role.choices)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("look", _("Look around")))
