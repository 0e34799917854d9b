"""The form in which an organizer says as whom, and as of when, to see a jam."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _

from jam.models import Jam
from jam.schedule_form import LocalTimeField
from jam.seeing import see_refusal
from jam.set_up import Role
from jam.timeline import BOUNDARIES

MINUTE = timedelta(minutes=1)


class SeeAsForm(forms.Form):
    """A moment that is written goes before one that is chosen."""

    def __init__(self, data: Any = None, *, jam: Jam, moment: datetime):
        super().__init__(data)
        self.jam, self.moment = jam, moment
        self.moments = {"now": moment}
        labels = [("now", _("now"))]
        for boundary in BOUNDARIES:
            at, label = getattr(jam, boundary.field), {"what": boundary.label}
            for name, by, words in (
                (f"before-{boundary.field}", -MINUTE, _("a minute before: %(what)s")),
                (f"after-{boundary.field}", MINUTE, _("a minute after: %(what)s")),
            ):
                self.moments[name] = at + by
                if see_refusal(jam, at + by, moment) is None:
                    labels.append((name, words % label))
        self.fields["role"] = forms.ChoiceField(label=_("As"), choices=Role.choices)
        self.fields["when"] = forms.ChoiceField(label=_("As of"), choices=labels)
        self.fields["at"] = LocalTimeField(
            label=_("Or as of another moment"),
            required=False,
            help_text=_("By the clock of %(zone)s.") % {"zone": jam.time_zone},
        )
        self.fields["at"].zone = jam.zone
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("See it so")))

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        if self.errors:
            return fields
        name = "at" if fields["at"] else "when"
        fields["at"] = fields["at"] or self.moments[fields["when"]]
        if refusal := see_refusal(self.jam, fields["at"], self.moment):
            self.add_error(name, refusal.label)
        return fields
