"""The forms of the page with all submissions: which, and what to do with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from ratings.overview import ONLINE, Covered, State
from sites.models import LocalSite

ALL = ("", _("all"))
SHORT = {"rows": 2, "class": "form-control short"}


class SubmissionsForm(forms.Form):
    """Which submissions are wanted."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *State.choices])
    coverage = forms.ChoiceField(
        label=_("Ratings"), required=False, choices=[ALL, *Covered.choices]
    )
    track = forms.ChoiceField(label=_("Track"), required=False)
    site = forms.ChoiceField(label=_("Local site"), required=False)

    def __init__(self, data: Any, *, jam: Jam):
        super().__init__(data, auto_id="which_%s")
        tracks = list(jam.tracks.values_list("pk", "name"))
        sites = list(LocalSite.objects.approved().filter(jam=jam).values_list("pk", "name"))
        self.fields["track"].choices = [ALL, *tracks]
        self.fields["site"].choices = [ALL, (ONLINE, _("Online")), *sites]
        if not tracks:
            del self.fields["track"]
        self.fields["q"].widget.attrs["placeholder"] = _("title, or somebody on the team")
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"


class WriteForm(forms.Form):
    """Words to teams."""

    subject = forms.CharField(
        label=_("Subject"), max_length=160, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        help_text=_("Markdown. The same words reach a person once."),
    )


class ReasonForm(forms.Form):
    """The reason of what is done with submissions."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs=SHORT),
        help_text=_("Each team is told, and it is kept in the log."),
    )
