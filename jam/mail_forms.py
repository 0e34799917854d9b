"""Forms about what people are told: how and when mails come, and announcements."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from jam import choices
from jam.audiences import Audience
from jam.models import MailChoice, User

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
# What is offered to those who have no quiet hours yet.
NIGHT = (22, 8)


class HourField(forms.TypedChoiceField):
    """A whole hour of a day."""

    def __init__(self, label: Any):
        super().__init__(
            label=label,
            coerce=int,
            choices=HOURS,
            widget=forms.Select(attrs={"class": "form-select"}),
        )


class MailsForm(forms.Form):
    """How a person wants mails of every kind, their quiet hours, and when the digest comes."""

    is_quiet = forms.BooleanField(
        label=_("Keep quiet"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    quiet_from = HourField(_("from"))
    quiet_until = HourField(_("to"))
    digest_at = HourField(_("The mail a day comes at"))

    def __init__(self, data: Any = None, *, user: User):
        self.kinds = choices.kinds()
        now, own = choices.how_all(user), choices.hours_of(user)
        start, end = NIGHT if own.quiet_from is None else (own.quiet_from, own.quiet_until)
        initial = {
            "is_quiet": own.quiet_from is not None,
            "quiet_from": start,
            "quiet_until": end,
            "digest_at": own.digest_at,
            **{f"how-{name}": how for name, how in now.items()},
        }
        super().__init__(data, initial=initial)
        for name, kind in self.kinds.items():
            self.fields[f"how-{name}"] = forms.ChoiceField(
                label=kind.label,
                choices=MailChoice.How.choices,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )

    @property
    def rows(self) -> list[Any]:
        """The fields of the kinds."""
        return [self[f"how-{name}"] for name in self.kinds]

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        if self.quiet and self.quiet[0] == self.quiet[1]:
            self.add_error("quiet_until", _("Quiet hours end at another hour than they begin."))
        return fields

    @property
    def chosen(self) -> dict[str, MailChoice.How]:
        """How mails of each kind are to come."""
        return {name: MailChoice.How(self.cleaned_data[f"how-{name}"]) for name in self.kinds}

    @property
    def quiet(self) -> tuple[int, int] | None:
        """The hours to keep quiet, if any."""
        fields = self.cleaned_data
        if not fields.get("is_quiet") or not {"quiet_from", "quiet_until"} <= fields.keys():
            return None
        return fields["quiet_from"], fields["quiet_until"]


class AnnouncementForm(forms.Form):
    """An announcement, as it is written and changed; times are in the zone of who writes it."""

    title = forms.CharField(label=_("Title"), max_length=160)
    text = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Markdown. The mail says it as it is written here."),
    )
    audience = forms.ChoiceField(label=_("Goes to"))
    send_at = forms.DateTimeField(
        label=_("Send at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, *args: Any, own: list[Audience], zone: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.own = {audience.key: audience for audience in own}
        self.fields["audience"].choices = [(key, a.label) for key, a in self.own.items()]
        self.fields["send_at"].help_text = _(
            "In your time zone, %(zone)s. Leave it empty to send at once when you press “Send”."
        ) % {"zone": zone}
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Save and preview")))

    def clean_audience(self) -> Audience:
        return self.own[self.cleaned_data["audience"]]
