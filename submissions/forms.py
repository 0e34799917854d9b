from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from sites.models import LocalSite
from submissions.models import Link, Submission
from submissions.services import DRAFT_FIELDS


class DraftForm(forms.ModelForm):
    """The text of a draft. Nothing is required: what is missing stands on the checklist."""

    class Meta:
        model = Submission
        fields = DRAFT_FIELDS
        widgets = {
            "abstract": forms.Textarea(attrs={"rows": 3, "maxlength": 280, "class": "short"}),
            "body": forms.Textarea(attrs={"rows": 18, "class": "mono"}),
        }
        help_texts = {
            "title": _("What you did or found, in a line."),
            "abstract": _("Question, method and result, in 280 characters."),
            "body": _("Markdown, with maths between $ or $$. Or upload a PDF below."),
            "commit": _("The commit that you hand in, as `git rev-parse HEAD` prints it."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = LocalSite.objects.approved().filter(jam=self.instance.jam)
        self.fields["site"].empty_label = _("Online")
        self.fields["licence"].choices = [
            ("", _("Choose a licence …")),
            *self.fields["licence"].choices[1:],
        ]

    @property
    def storable(self) -> dict:
        """The fields that can be stored, also where another one cannot."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}


class ReasonForm(forms.Form):
    """The reason of an act that the team is told of."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
        help_text=_("The team is told, and it is kept in the log."),
    )


class GrantForm(ReasonForm):
    """More time for one submission."""

    expires_at = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )

    field_order = ["expires_at", "reason"]


class LinkForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Link.Kind)
    url = forms.URLField(
        label=_("Address"), max_length=500, required=False, assume_scheme="https",
        error_messages={"invalid": _("This is not a web address. Write it with https://.")},
    )  # fmt: skip
    label = forms.CharField(label=_("Label"), max_length=120, required=False)


LinkFormSet = formset_factory(LinkForm, extra=2, max_num=12, absolute_max=12)


def links_in(formset) -> list[dict[str, str]] | None:
    """The links that were written, in order; None if one of them cannot be stored."""
    if not formset.is_valid():
        return None
    return [
        {name: form.cleaned_data[name] for name in ("kind", "url", "label")}
        for form in formset
        if form.cleaned_data.get("url")
    ]
