"""Forms with which organizers set up how a jam rates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from jam.setting_up_forms import SettingsForm
from ratings.models import Prize, RatingRules
from sites.models import LocalSite
from submissions.models import Track


class RatingRulesForm(SettingsForm):
    class Meta:
        model = RatingRules
        fields = ["eligibility", "rule", "target", "least", "queue_first", "not_own_site",
                  "ratings_file", "feedback", "appeals"]  # fmt: skip


class PrizeForm(forms.ModelForm):
    """A prize; tracks and local sites to choose from are the jam's own."""

    place = forms.IntegerField(
        label=_("Which place"),
        min_value=1,
        max_value=9999,
        initial=1,
        help_text=_("Overall or in the track: 1 for the first."),
        error_messages={"required": _("Say which place; 1 for the first.")},
    )

    class Meta:
        model = Prize
        fields = ["title", "what", "giver", "kind", "place", "track", "site"]

    def __init__(self, *args: Any, jam: Jam, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["site"].label = _("Local site")
        self.fields["track"].empty_label = self.fields["site"].empty_label = "–"
        self.fields["track"].queryset = Track.objects.filter(jam=jam)
        self.fields["site"].queryset = LocalSite.objects.approved().filter(jam=jam)
