"""The forms of the board: a card, and what one looks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, Submit
from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from jam.forms import time_zones
from submissions import waking
from submissions.models import Card, CardQuerySet

MOST_LANGUAGES = 8
LONGEST_QUERY = 100
# Without those that are written in two ways, or spoken in one country only, twice.
_CODES = sorted(code for code, info in LANG_INFO.items() if "name" in info and len(code) <= 3)


def language_choices() -> list[tuple[str, str]]:
    """Languages by their names in that of the reader, and in themselves."""
    named = []
    for code in _CODES:
        info = get_language_info(code)
        named.append((code, f"{info['name_translated']} ({info['name_local']})"))
    return sorted(named, key=lambda choice: choice[1].casefold())


def _hours() -> list[tuple[int, str]]:
    return [(hour, f"{hour:02}:00") for hour in range(24)]


class CardForm(forms.ModelForm):
    """What a person or a team says of itself on the board."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=language_choices,
        required=False,
        help_text=_("In which you like to work; several by Ctrl or ⌘."),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    wakes_at = forms.TypedChoiceField(
        label=_("Awake from"), choices=_hours, coerce=int, initial=waking.WAKES
    )
    sleeps_at = forms.TypedChoiceField(
        label=_("until"), choices=_hours, coerce=int, initial=waking.SLEEPS
    )

    class Meta:
        model = Card
        fields = [
            "text", "skills", "interests", "languages", "time_zone", "wakes_at", "sleeps_at",
        ]  # fmt: skip
        widgets = {"text": forms.Textarea(attrs={"rows": 4, "class": "short"})}

    def __init__(self, data: Any = None, *, instance: Card | None, zone: str):
        super().__init__(data, instance=instance)
        if instance is None:
            self.initial["time_zone"] = zone
        else:
            self.initial["languages"] = instance.languages.split()
        # A zone by an older name is kept, not silently changed.
        chosen = self.initial["time_zone"]
        choices = list(self.fields["time_zone"].choices)
        if all(chosen != name for name, _label in choices):
            self.fields["time_zone"].choices = [(chosen, chosen), *choices]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        hours = Div(Field("wakes_at"), Field("sleeps_at"), css_class="card-hours")
        self.helper.layout = Layout("text", "skills", "interests", "languages", "time_zone", hours)
        label = _("Save") if instance else _("Put it on the board")
        self.helper.add_input(Submit("save", label))

    def clean_languages(self) -> str:
        codes = self.cleaned_data["languages"]
        if len(codes) > MOST_LANGUAGES:
            raise forms.ValidationError(
                _("Choose %(n)s languages at most."), params={"n": MOST_LANGUAGES}
            )
        return f" {' '.join(codes)} " if codes else ""

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class Filters:
    """What the address asks of the board; what makes no sense is as if it were not there."""

    KINDS = (("people", _("people")), ("teams", _("teams")))
    HOURS = (3, 6, 9)

    def __init__(self, given: Mapping[str, str], *, sites: list[tuple[int, str]]):
        self.sites = [(str(pk), name) for pk, name in sites]
        allowed = {
            "kind": [kind for kind, _label in self.KINDS],
            "site": ["online", *(pk for pk, _name in self.sites)],
            "language": _CODES,
            "hours": [str(hours) for hours in self.HOURS],
        }
        self.asked = {name: value for name, values in allowed.items()
                      if (value := given.get(name, "")) in values}  # fmt: skip
        if words := given.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]:
            self.asked["q"] = words

    @property
    def languages(self) -> list[tuple[str, str]]:
        return language_choices()

    @staticmethod
    def names_of(languages: str) -> list[str]:
        """The names of codes, in the language of the reader."""
        return [get_language_info(code)["name_translated"] for code in languages.split()
                if code in LANG_INFO]  # fmt: skip

    def of(self, cards: CardQuerySet, own_hours: int) -> CardQuerySet:
        """Those of `cards` that are asked for, by somebody who is awake in `own_hours`."""
        asked = self.asked
        if "kind" in asked:
            cards = cards.filter(submission__isnull=asked["kind"] == "people")
        if "site" in asked and asked["site"] == "online":
            cards = cards.online()
        elif "site" in asked:
            cards = cards.at_site(int(asked["site"]))
        if "language" in asked:
            cards = cards.filter(languages__contains=f" {asked['language']} ")
        if "hours" in asked:
            cards = cards.filter(hours__in=waking.sharing(own_hours, int(asked["hours"])))
        return cards.found_by(asked["q"]) if "q" in asked else cards
