from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ratings.models import MOST_STARS, Criterion, Rating, Score, Skip
from ratings.services import Given

NOT_APPLICABLE = "na"


class RatingForm(forms.ModelForm):
    """Stars and a remark on each criterion, and words on the whole. All of it may be missing."""

    class Meta:
        model = Rating
        fields = ["strong", "weak", "next", "signed"]

    def __init__(self, data: Any = None, *, criteria: list[Criterion], rating: Rating | None):
        super().__init__(data, instance=rating)
        self.criteria = criteria
        scores = {s.criterion_id: s for s in rating.scores.all()} if rating else {}
        for name in ("strong", "weak", "next"):
            self.fields[name].widget.attrs = {"class": "form-control short", "rows": 3}
        for criterion in criteria:
            score = scores.get(criterion.pk, Score())
            choices = [(str(stars), str(stars)) for stars in range(1, MOST_STARS + 1)]
            if criterion.may_be_skipped:
                choices.append((NOT_APPLICABLE, _("not applicable")))
            self.fields[self.stars_of(criterion)] = forms.ChoiceField(
                choices=choices,
                required=False,
                label=criterion.name,
                initial=NOT_APPLICABLE if score.not_applicable else str(score.stars or ""),
            )
            self.fields[self.remark_of(criterion)] = forms.CharField(
                max_length=1000,
                required=False,
                label=_("A word on this"),
                initial=score.remark,
                widget=forms.Textarea(attrs={"class": "form-control short", "rows": 2}),
            )

    @staticmethod
    def stars_of(criterion: Criterion) -> str:
        return f"stars_{criterion.pk}"

    @staticmethod
    def remark_of(criterion: Criterion) -> str:
        return f"remark_{criterion.pk}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the template prints for each criterion."""
        return [
            {
                "criterion": criterion,
                "name": self.stars_of(criterion),
                "value": self[self.stars_of(criterion)].value(),
                "errors": self[self.stars_of(criterion)].errors,
                "remark": self[self.remark_of(criterion)],
            }
            for criterion in self.criteria
        ]

    @property
    def scores(self) -> dict[int, Given]:
        """What is given on each criterion, once the form is valid."""
        return {
            criterion.pk: Given(
                stars=int(chosen) if chosen.isdecimal() else None,
                not_applicable=chosen == NOT_APPLICABLE,
                remark=self.cleaned_data[self.remark_of(criterion)],
            )
            for criterion in self.criteria
            for chosen in [self.cleaned_data[self.stars_of(criterion)]]
        }

    @property
    def words(self) -> dict[str, Any]:
        """The rest of what is given, as `services.save` takes it."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SkipForm(forms.ModelForm):
    class Meta:
        model = Skip
        fields = ["reason"]
        labels = {"reason": _("Why (optional)")}
        help_texts = {"reason": _("Only the organizers read it.")}
        widgets = {"reason": forms.TextInput(attrs={"class": "form-control"})}
