from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ratings.models import MOST_STARS, Criterion, Rating
from ratings.services import TEXTS

STARS = [(str(stars), str(stars)) for stars in range(1, MOST_STARS + 1)]


class RatingForm(forms.Form):
    """A verdict on one submission; nothing is required, an incomplete one is kept as a draft."""

    strong = forms.CharField(label=_("What is strong?"), max_length=10_000, required=False)
    weak = forms.CharField(label=_("What is weak?"), max_length=10_000, required=False)
    next = forms.CharField(label=_("What would you do next?"), max_length=10_000, required=False)
    signed = forms.BooleanField(label=_("Sign it: show my name to the authors"), required=False)

    def __init__(self, data: Any, *, criteria: list[Criterion], rating: Rating | None) -> None:
        initial: dict[str, Any] = {}
        if rating is not None:
            initial = {name: getattr(rating, name) for name in (*TEXTS, "signed")}
            for score in rating.scores.all():
                stars = "na" if score.not_applicable else str(score.stars or "")
                initial[f"score-{score.criterion_id}"] = stars
                initial[f"remark-{score.criterion_id}"] = score.remark
        super().__init__(data, initial=initial)
        self.criteria = criteria
        for name in TEXTS:
            self.fields[name].widget = forms.Textarea(
                attrs={"rows": 3, "class": "form-control short"}
            )
        for criterion in criteria:
            choices = STARS + ([("na", "na")] if criterion.may_be_skipped else [])
            self.fields[f"score-{criterion.pk}"] = forms.ChoiceField(
                choices=choices, required=False
            )
            self.fields[f"remark-{criterion.pk}"] = forms.CharField(
                label=_("A word to this"),
                max_length=1000,
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """For the template: each criterion with the stars chosen, and its remark."""
        return [
            {
                "criterion": criterion,
                "guidance": criterion.guidance,
                "name": f"score-{criterion.pk}",
                "value": self[f"score-{criterion.pk}"].value() or "",
                "not_applicable": criterion.may_be_skipped,
                "remark": self[f"remark-{criterion.pk}"],
            }
            for criterion in self.criteria
        ]

    def verdicts(self) -> dict[int, dict[str, Any]]:
        """What services.save takes; of a field that cannot be stored, nothing."""
        verdicts = {}
        for criterion in self.criteria:
            given = self.cleaned_data.get(f"score-{criterion.pk}") or ""
            verdicts[criterion.pk] = {
                "stars": int(given) if given.isdigit() else None,
                "not_applicable": given == "na",
                "remark": self.cleaned_data.get(f"remark-{criterion.pk}", ""),
            }
        return verdicts

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in TEXTS}
