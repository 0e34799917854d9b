from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ratings import judging
from ratings.models import (
    MOST_STARS,
    Attestation,
    Conflict,
    Criterion,
    Prize,
    Rating,
    Score,
    Skip,
)
from ratings.permissions import RatingRefusal
from ratings.services import Given
from submissions.models import Revision, Submission, SubmissionQuerySet

NOT_APPLICABLE = "na"
# So many are there to choose from at once; more are found by searching.
MOST_CHOICES = 200


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


class ConflictForm(forms.ModelForm):
    class Meta:
        model = Conflict
        fields = ["kind"]
        labels = {"kind": _("Why")}
        help_texts = {"kind": _("Only the organizers see it.")}
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # No empty choice: a reason is wanted.
        self.fields["kind"].choices = Conflict.Kind.choices


class AttestationForm(forms.ModelForm):
    class Meta:
        model = Attestation
        fields = ["outcome", "environment", "minutes", "word", "signed"]
        help_texts = {
            "environment": _("The machine and what was on it: “laptop, Python 3.12, no GPU”."),
            "minutes": _("From the first look to the outcome, running included."),
            "word": _("What you changed, what came out, or where it stopped."),
        }
        widgets = {
            "outcome": forms.RadioSelect,
            "environment": forms.TextInput(attrs={"class": "form-control"}),
            "minutes": forms.NumberInput(attrs={"class": "form-control", "min": 1}),
            "word": forms.Textarea(attrs={"class": "form-control short", "rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # No empty choice: an outcome is wanted.
        self.fields["outcome"].choices = Attestation.Outcome.choices

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        is_told = given.get("outcome") in (None, Attestation.Outcome.AS_DESCRIBED)
        if not (is_told or given.get("word") or "word" in self.errors):
            self.add_error("word", RatingRefusal.SAY_WHAT.label)
        return given


def in_a_line(revision: Revision) -> str:
    """A frozen submission among others to choose from; without names where they are hidden."""
    return f"{revision.title} ({revision.names})" if revision.names else revision.title


class AwardForm(forms.Form):
    """A prize, a submission, and why. `running` may be thousands: those that `q` finds are there
    to choose from, as far as there is room. `q` finds people only where `names` are shown."""

    prize = forms.ModelChoiceField(
        Prize.objects.none(), label=_("Prize"), empty_label=_("Choose a prize …")
    )
    submission = forms.ModelChoiceField(Submission.objects.none(), label=_("Submission"))
    why = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
        help_text=_("Everybody reads it with the award."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        prizes: QuerySet[Prize],
        running: SubmissionQuerySet,
        q: str = "",
        names: bool = True,
    ):
        super().__init__(data)
        self.fields["prize"].queryset = prizes
        self.fields["submission"].queryset = running
        found = list(
            running.search(q, names=names)
            .only("frozen__title", "frozen__names")
            .order_by("frozen__title", "pk")[: MOST_CHOICES + 1]
        )
        self.found, self.has_more = len(found[:MOST_CHOICES]), len(found) > MOST_CHOICES
        self.fields["submission"].choices = [
            ("", _("Choose a submission …")),
            *((each.pk, in_a_line(each.frozen)) for each in found[:MOST_CHOICES]),
        ]


class JudgeForm(forms.Form):
    """Inviting a judge by e-mail."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("They are asked by mail, and need no account yet."),
    )


class LinkForm(forms.Form):
    """Inviting a judge by a link."""

    name = forms.CharField(
        label=_("Their name"),
        max_length=judging.MOST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Whoever opens the link judges under it."),
    )
    days = forms.IntegerField(
        label=_("Days for which it holds"),
        min_value=1,
        max_value=judging.MOST_DAYS,
        initial=judging.DAYS,
    )


class NoteForm(forms.Form):
    """A note for the other judges."""

    text = forms.CharField(
        label=_("A note for the other judges"),
        max_length=judging.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control short"}),
        help_text=_("Judges and those who coordinate them read it, and nobody else."),
    )
