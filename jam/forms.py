"""Forms of the floor: signing up, and the profile."""

from __future__ import annotations

import zoneinfo
from typing import Any

from allauth.core import context as allauth_context
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jam import guarding, limits
from jam.middleware import client_address
from jam.models import User


def time_zones() -> list[tuple[str, str]]:
    """Time zones to choose from: those named after places, and UTC."""
    places = (name for name in zoneinfo.available_timezones() if "/" in name)
    named = sorted(name for name in places if not name.startswith(("Etc/", "SystemV/", "US/")))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in named)]


class SignupForm(forms.Form):
    """What signing up asks beside e-mail address and password."""

    display_name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("As others see it, in any script."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    # Nobody sees it; robots fill in whatever there is.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    proof = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ["display_name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = allauth_context.request
        self.fields["proof"].widget.attrs["data-challenge"] = guarding.challenge(request.moment)

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        fields = self.cleaned_data if fields is None else fields
        request = allauth_context.request
        if fields.get("website"):
            raise forms.ValidationError(
                _("A field that nobody can see was filled in, as robots do. Empty “Leave this "
                  "empty”, or have your browser fill in nothing, and send it again.")
            )  # fmt: skip
        if self.errors:
            # Another attempt follows; a proof is good for one.
            return fields
        if fields.get("proof"):
            if not guarding.is_solved(fields["proof"], request.moment):
                raise forms.ValidationError(
                    _("This page was open for too long, or was sent twice. Send it again.")
                )
        elif not limits.within(
            f"unproved:{client_address(request)}",
            guarding.WITHOUT_PROOF_AN_HOUR,
            3600,
            request.moment,
        ):
            raise forms.ValidationError(
                _("Many people sign up from your network just now. Switch JavaScript on, or try "
                  "again in an hour.")
            )  # fmt: skip
        return fields

    def signup(self, request: HttpRequest, user: User) -> None:
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])


class ProfileForm(forms.ModelForm):
    """What a person says about themselves."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=User._meta.get_field("time_zone").help_text,
    )

    class Meta:
        model = User
        fields = ["display_name", "affiliation", "bio", "links", "time_zone"]
        widgets = {
            "display_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "affiliation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "bio": forms.Textarea(attrs={"rows": 6}),
            "links": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"bio": _("Markdown. Seen by everybody who is signed in.")}

    helper = FormHelper()
    helper.add_input(Submit("save", _("Save"), css_class="btn-primary"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        zone = self.initial.get("time_zone")
        choices = self.fields["time_zone"].choices
        # A zone by an older name is kept, not silently changed.
        if zone and all(zone != name for name, _label in choices):
            self.fields["time_zone"].choices = [(zone, zone), *choices]
