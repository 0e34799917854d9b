"""Forms of the floor: signing up, the profile, ideas."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from typing import Any

from allauth.core import context as allauth_context
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jam import acts, guarding, languages, limits, orcid, roles, words
from jam import questions as asked
from jam.middleware import client_address
from jam.models import Idea, Resource, Retention, User
from jam.models.retention import MOST_DAYS
from jam.trust import Period


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
        # So that mails are in the language in which they signed up.
        user.language = get_language()
        user.save(update_fields=["display_name", "language"])


class ProfileForm(forms.ModelForm):
    """What a person says about themselves."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=User._meta.get_field("time_zone").help_text,
    )

    language = forms.ChoiceField(
        label=User._meta.get_field("language").verbose_name,
        required=False,
        choices=lambda: [("", _("as the browser asks")), *languages.own_names()],
        help_text=User._meta.get_field("language").help_text,
    )

    class Meta:
        model = User
        fields = ["display_name", "affiliation", "orcid", "bio", "links", "time_zone", "language"]
        widgets = {
            "display_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "affiliation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "bio": forms.Textarea(attrs={"rows": 6}),
            "links": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"bio": _("Markdown. Seen by everybody who is signed in.")}

    # Room for an address, as people copy it.
    orcid = forms.CharField(
        label=User._meta.get_field("orcid").verbose_name,
        max_length=60,
        required=False,
        help_text=User._meta.get_field("orcid").help_text,
    )

    helper = FormHelper()
    helper.add_input(Submit("save", _("Save"), css_class="btn-primary"))

    def clean_orcid(self) -> str:
        return orcid.plain(self.cleaned_data["orcid"])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        zone = self.initial.get("time_zone")
        choices = self.fields["time_zone"].choices
        # A zone by an older name is kept, not silently changed.
        if zone and all(zone != name for name, _label in choices):
            self.fields["time_zone"].choices = [(zone, zone), *choices]


class IdeaForm(forms.ModelForm):
    """An idea, as it is proposed and changed."""

    tags = forms.CharField(
        label=_("Tags"),
        max_length=400,
        required=False,
        help_text=_("Up to six, separated by commas. People browse by them."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    class Meta:
        model = Idea
        fields = ["title", "text", "tags", "links"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 8}),
            "links": forms.Textarea(attrs={"rows": 3}),
        }

    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True

    def clean_tags(self) -> list[str]:
        tags = words.tags_in(self.cleaned_data["tags"])
        if len(tags) > words.MOST_TAGS:
            raise forms.ValidationError(
                _("These are %(n)s tags; six are enough. Leave out the least useful."),
                params={"n": len(tags)},
            )
        for tag in tags:
            if len(tag) > words.LONGEST_TAG:
                raise forms.ValidationError(
                    _("“%(tag)s” is too long for a tag. Is a comma missing?"),
                    params={"tag": tag},
                )
        return tags


class SignUpForm(forms.Form):
    """What a jam asks those who join, and whether they are shown to each other."""

    def __init__(
        self,
        data: Any = None,
        *,
        questions: list,
        said: dict[int, str],
        shown: bool,
        label: Any,
        conduct: str = "",
    ):
        super().__init__(data)
        self.questions = questions
        if conduct:
            self.fields["conduct"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=conduct
            )
        for question in questions:
            field = asked.field_of(
                question, answered=said.get(question.pk, ""), required=question.is_required
            )
            reach = _("Others see it if you are on the list.") if question.is_public else _(
                "Only organizers see it."
            )  # fmt: skip
            field.help_text = format_lazy("{} {}", question.help_text, reach)
            self.fields[f"q{question.pk}"] = field
        self.fields["shown"] = forms.BooleanField(
            label=_("Put me on the list of participants"),
            help_text=_("Those who take part in this jam see it, and nobody else."),
            required=False,
            initial=shown,
        )
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        if label:
            self.helper.add_input(Submit("save", label))
        else:
            self.helper.form_tag = False

    @property
    def answers(self) -> dict[int, str]:
        """What was answered, by the keys of the questions."""
        return {q.pk: self.cleaned_data.get(f"q{q.pk}", "").strip() for q in self.questions}


class SectionInput(forms.TextInput):
    """A line of text that offers the sections that there are."""

    template_name = "jam/section_input.html"

    def __init__(self, sections: list[str]):
        super().__init__(attrs={"list": "sections", "autocomplete": "off"})
        self.sections = sections

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"sections": self.sections}


class ResourceForm(forms.ModelForm):
    """A resource, as organizers add and change it."""

    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")

    class Meta:
        model = Resource
        fields = ["title", "url", "kind", "section", "description", "level", "minutes",
                  "starts_here"]  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 4, "class": "short"})}

    def __init__(self, *args: Any, sections: list[str], label: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["section"].widget = SectionInput(sections)
        self.fields["kind"].choices = [("", _("choose one")), *Resource.Kind.choices]
        self.fields["level"].choices = [("", _("everybody")), *Resource.Level.choices]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", label))


class ReasonForm(forms.Form):
    """The reason of what organizers do with something that a person wrote."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control short"}),
        help_text=_("Its author is told, and it is kept in the log."),
    )


class DayInput(forms.DateInput):
    """A day, chosen as the browser has it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LogForm(forms.Form):
    """Which lines of the log of acts are wanted; `pairs` are the kinds of targets and the verbs
    that there are."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    who = forms.ChoiceField(label=_("Whose acts"), required=False)
    name = forms.CharField(label=_("Name"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    verb = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DayInput())
    until = forms.DateField(label=_("To"), required=False, widget=DayInput())

    def __init__(self, data: Any, *, pairs: Iterable[tuple[str, str]]):
        super().__init__(data, auto_id="log_%s")
        pairs = list(pairs)
        kinds = {kind: acts.kind_in_words(kind).capitalize() for kind, _verb in pairs}
        verbs = {verb: acts.verb_in_words(verb) for _kind, verb in pairs}
        everything = [("", _("all"))]
        self.fields["who"].choices = [("", _("everybody")), *acts.Who.choices]
        for name, labels in (("kind", kinds), ("verb", verbs)):
            found = sorted(labels.items(), key=lambda pair: pair[1])
            self.fields[name].choices = everything + found
        for name, field in self.fields.items():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
            if name in self.errors:
                field.widget.attrs |= {"aria-describedby": f"log_{name}_error"}


class RoleForm(forms.Form):
    """Inviting somebody to a role."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("They are asked by mail, and need no account yet."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in roles.Role if role != roles.Role.JUDGE],
        initial=roles.Role.ORGANIZER,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("invite", _("Invite")))


class RetentionForm(forms.Form):
    """For how many days after the results each thing is kept."""

    def __init__(self, *args: Any, retention: Retention, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for period in Period:
            self.fields[period.value] = forms.IntegerField(
                label=format_lazy("{}{}", str(period.label)[:1].upper(), str(period.label)[1:]),
                help_text=_("Days after the results."),
                min_value=1,
                max_value=MOST_DAYS,
                initial=retention.days(period),
            )
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Save")))
