from django import forms
from django.core.validators import MaxValueValidator, URLValidator
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from jam import questions
from jam.models import User
from sites.models import LocalSite
from submissions.models import (
    MEANINGS,
    AiUse,
    Continuation,
    Link,
    Role,
    Submission,
    SubmissionRules,
    Track,
)
from submissions.services import DRAFT_FIELDS


class DraftForm(forms.ModelForm):
    """The text of a draft. Nothing is required: what is missing stands on the checklist."""

    affiliation = forms.CharField(
        label=_("Your affiliation"),
        max_length=120,
        required=False,
        help_text=_("As of this jam. It stays with this work, wherever you go later."),
    )

    class Meta:
        model = Submission
        fields = DRAFT_FIELDS
        widgets = {
            "abstract": forms.Textarea(attrs={"rows": 3, "maxlength": 280, "class": "short"}),
            "body": forms.Textarea(attrs={"rows": 18, "class": "mono"}),
            "track_reason": forms.Textarea(attrs={"rows": 2, "maxlength": 280, "class": "short"}),
            "ai_tools": forms.Textarea(attrs={"rows": 3, "class": "short"}),
        }
        help_texts = {
            "title": _("What you did or found, in a line."),
            "abstract": _("Question, method and result, in 280 characters."),
            "body": _("Markdown, with maths between $ or $$. Or upload a PDF below."),
            "track": _("The direction that it is ranked in, besides the whole jam."),
            "ai_use": _(
                "Assistants for code and text, generated pictures, models as judges. A "
                "model that you study is no tool."
            ),
            "ai_tools": _("Name them, and say what each was used for. It is shown with the work."),
            "commit": _("The commit that you hand in, as `git rev-parse HEAD` prints it."),
        }

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        own = next((c for c in self.instance.contributors.all() if c.user_id == by.pk), None)
        self.fields["affiliation"].initial = own.affiliation if own else ""
        # A field for each, so that a browser can keep them one by one.
        for role in Role:
            self.fields[f"role_{role.value}"] = forms.BooleanField(
                label=role.label,
                help_text=MEANINGS[role],
                required=False,
                initial=own is not None and role.value in own.roles,
            )
        self.fields["site"].queryset = LocalSite.objects.approved().filter(jam=self.instance.jam)
        self.fields["site"].empty_label = _("Online")
        if self.instance.has_tracks:
            self.fields["track"].queryset = self.instance.jam.tracks.all()
            self.fields["track"].empty_label = _("Choose a track …")
            self.fields["track"].disabled = self.instance.is_frozen
            self.fields["track_reason"].disabled = self.instance.is_frozen
        else:
            del self.fields["track"], self.fields["track_reason"]
        if SubmissionRules.of(self.instance.jam).ai_tools == SubmissionRules.AiTools.OFF:
            del self.fields["ai_use"], self.fields["ai_tools"]
        else:
            self.fields["ai_use"].choices = [("", _("Choose …")), *AiUse.choices]
        self.asked: dict[str, int] = {}
        for question, answer in self.instance.asked:
            name = f"answer_{question.pk}"
            self.asked[name] = question.pk
            field = self.fields[name] = questions.field_of(question, answered=answer)
            if not question.is_required:
                field.label = _("%(question)s (optional)") % {"question": question.text}
        self.fields["licence"].choices = [
            ("", _("Choose a licence …")),
            *self.fields["licence"].choices[1:],
        ]

    @property
    def questions(self) -> list:
        return [self[name] for name in self.asked]

    @property
    def roles(self) -> list:
        return [self[f"role_{role.value}"] for role in Role]

    def clean(self) -> dict:
        if self.cleaned_data.get("ai_tools") and not self.cleaned_data.get("ai_use"):
            self.cleaned_data["ai_use"] = AiUse.SOME
        return super().clean()

    @property
    def storable(self) -> dict:
        """The fields that can be stored, also where another one cannot."""
        return {
            name: self.cleaned_data[name]
            for name in self._meta.fields
            if name in self.fields and name in self.cleaned_data
        }

    @property
    def part(self) -> dict:
        """The writer's own part, as far as it can be stored."""
        told = {"roles": [r.value for r in Role if self.cleaned_data[f"role_{r.value}"]]}
        if "affiliation" in self.cleaned_data:
            told["affiliation"] = self.cleaned_data["affiliation"]
        return told

    @property
    def answers(self) -> dict[int, str]:
        """The answers that can be stored, by the key of the question."""
        return {
            key: self.cleaned_data[name]
            for name, key in self.asked.items()
            if name in self.cleaned_data
        }


class WebField(forms.URLField):
    default_validators = [URLValidator(schemes=["http", "https"])]


class ContinuationForm(forms.ModelForm):
    """Something that a submission became."""

    url = WebField(
        label=_("Address"), max_length=500, assume_scheme="https",
        error_messages={"invalid": _("This is not a web address. Write it with https://.")},
    )  # fmt: skip

    class Meta:
        model = Continuation
        fields = ["kind", "title", "url", "year"]

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = year
        # What is announced for next year is known already.
        self.fields["year"].validators.append(MaxValueValidator(year + 1))
        self.fields["kind"].choices = Continuation.Kind.choices


class ReasonForm(forms.Form):
    """The reason of an act that the team is told of."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
        help_text=_("The team is told, and it is kept in the log."),
    )


class AskTimeForm(forms.Form):
    """Why a team needs more time."""

    text = forms.CharField(
        label=_("What happened, and how long do you need?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control short"}),
        error_messages={"required": _("Say why: the organizers decide by it.")},
    )


class LaterForm(forms.Form):
    """What changed in a later revision."""

    note = forms.CharField(
        label=_("What changed"),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control short"}),
        help_text=_("One or two sentences. Readers see them beside the revision."),
        error_messages={"required": _("Say in a sentence what changed.")},
    )


class MoveForm(ReasonForm):
    """Another track for one submission."""

    track = forms.ModelChoiceField(
        Track.objects.none(), label=_("To the track"), empty_label=_("Choose a track …")
    )

    field_order = ["track", "reason"]

    def __init__(self, *args, submission: Submission, **kwargs):
        super().__init__(*args, **kwargs)
        others = submission.jam.tracks.exclude(pk=submission.track_id)
        self.fields["track"].queryset = others


class CorrectionForm(ReasonForm):
    """Who contributed, and in which order."""

    add = forms.EmailField(
        label=_("Add somebody"),
        required=False,
        help_text=_("The e-mail address of their account here. They stand last."),
    )

    def __init__(self, *args, submission: Submission, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = [contributor.user for contributor in submission.contributors.all()]
        places = [(str(place), str(place)) for place in range(1, len(self.team) + 1)]
        for place, user in enumerate(self.team, start=1):
            self.fields[f"place_{user.pk}"] = forms.ChoiceField(
                label=_("Place of %(name)s") % {"name": user},
                choices=[*places, ("", _("no contributor"))],
                required=False,
                initial=str(place),
            )
        self.order_fields([*(f"place_{user.pk}" for user in self.team), "add", "reason"])

    def clean_add(self) -> User | None:
        if not (address := self.cleaned_data["add"]):
            return None
        user = User.objects.filter(email__iexact=address, is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Nobody has an account with this address."))
        if user in self.team:
            raise forms.ValidationError(_("They are a contributor already."))
        return user

    def clean(self) -> dict:
        placed = {user: self.cleaned_data.get(f"place_{user.pk}") for user in self.team}
        staying = [user for user, place in placed.items() if place]
        taken = [placed[user] for user in staying]
        if len(set(taken)) < len(taken):
            raise forms.ValidationError(_("Two people cannot have the same place."))
        order = sorted(staying, key=lambda user: int(placed[user]))
        if added := self.cleaned_data.get("add"):
            order.append(added)
        return {"order": order, "reason": self.cleaned_data.get("reason", "")}


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
