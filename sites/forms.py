from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Hidden, Layout, Row, Submit
from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.errors import refuse
from jam.models import Jam, User
from jam.models.people import validate_time_zone
from jam.schedule_form import LocalTimeField
from sites import locating
from sites.models import LocalSite, Place
from sites.permissions import SiteRefusal


class SiteForm(forms.ModelForm):
    """A local site, as it is proposed and changed.

    For a jam it fills in what the city tells and was left empty, and asks once whether that, and
    what looks like a slip, is right (`questions`). Whoever sends it again has seen it.
    """

    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        validators=[validate_time_zone],
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
        help_text=_("Like “Europe/Copenhagen”."),
    )

    class Meta:
        model = LocalSite
        fields = [
            "name", "venue", "address", "city", "country", "time_zone", "latitude", "longitude",
            "capacity", "hours", "access", "facilities", "contact",
        ]  # fmt: skip
        widgets = {
            "access": forms.Textarea(attrs={"rows": 3, "class": "short"}),
            "facilities": forms.Textarea(attrs={"rows": 3, "class": "short"}),
        }

    def __init__(
        self, data: Any = None, *args: Any, label: Any = "", jam: Jam | None = None, **kwargs: Any
    ):
        self.jam, self.questions = jam, []
        if jam is not None and data is not None and data.get("seen") != _seen(data):
            data = data.copy()
            filled = locating.fill(data)
            for name, value in filled.fields.items():
                data[name] = value
            self.questions += filter(None, [filled.said])
        super().__init__(data, *args, **kwargs)
        if jam is not None:
            towns = {"data-towns": reverse("sites:towns"), "data-town-fills": ""}
            self.fields["city"].widget.attrs |= towns
            self.fields["city"].help_text = _(
                "Country, time zone and position are filled in for it. Change what is not right."
            )
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            Fieldset(_("Where"), "name", "venue", "address",
                     Row(Column("city"), Column("country")), "time_zone",
                     Row(Column("latitude"), Column("longitude"))),
            Fieldset(_("For those who come"), Row(Column("capacity"), Column("hours")),
                     "facilities", "access", "contact"),
        )  # fmt: skip
        if jam is not None and not self.instance.pk:
            self.fields["agrees"] = forms.BooleanField(
                label=format_html(
                    _('I agree to the <a href="{}">code of conduct</a>, and see that it is kept '
                      "here."),
                    reverse("jam:conduct", args=[jam.slug]),
                ),
                error_messages={"required": _("Nobody can propose a site without it.")},
            )  # fmt: skip
            self.helper.layout.append("agrees")
        self.helper.add_input(Submit("save", label or _("Propose this local site")))

    @property
    def time_zones(self) -> list[str]:
        return sorted(zoneinfo.available_timezones())

    def clean_capacity(self) -> int:
        capacity = self.cleaned_data["capacity"]
        if self.instance.pk and capacity < self.instance.places.unreleased().count():
            raise forms.ValidationError(SiteRefusal.TOO_SMALL.label)
        return capacity

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        position = [fields.get("latitude"), fields.get("longitude")]
        if not {"latitude", "longitude"} & self.errors.keys() and position.count(None) == 1:
            missing = ("latitude", "longitude")[position.index(None)]
            self.add_error(missing, _("A position is both, latitude and longitude, or neither."))
        if self.jam is not None and self.data.get("seen") != _seen(self.data):
            self.ask(fields, position)
        return fields

    def ask(self, fields: dict[str, Any], position: list[Any]) -> None:
        """Note what looks like a slip."""
        if {"city", "country", "time_zone", "latitude", "longitude"} & self.errors.keys():
            return
        self.questions += locating.doubts(
            city=fields["city"],
            country=fields["country"],
            time_zone=fields["time_zone"],
            position=None if None in position else tuple(position),
            starts_at=self.jam.starts_at,
        )
        if self.questions:
            self.helper.layout.append(Hidden("seen", _seen(self.data)))


def _seen(data: Any) -> str:
    """What a person has seen who sends the same once more."""
    return " · ".join(data.get(name, "").strip() for name in ("city", "country", "time_zone"))


class DeclineForm(forms.Form):
    """Why a site is declined."""

    reason = forms.CharField(
        label=_("Decline, with a reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control short"}),
        error_messages={"required": SiteRefusal.NO_REASON.label},
    )


class SmallForm(forms.Form):
    """A form with one button; `field_of` tells beside which field a refusal stands."""

    field_of: dict[SiteRefusal, str] = {}
    button: Any = ""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", self.button))


class InviteForm(SmallForm):
    """Asking somebody to organize a local site."""

    button = _("Ask them")
    field_of = {
        SiteRefusal.ALREADY_ORGANIZER: "email",
        SiteRefusal.ALREADY_INVITED: "email",
        SiteRefusal.UNKNOWN_ADDRESS: "email",
    }
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Of somebody who has an account here."),
    )
    hands_over = forms.BooleanField(
        label=_("Hand it over: I stop organizing it when they accept"), required=False
    )

    def __init__(self, *args: Any, may_hand_over: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not may_hand_over:
            del self.fields["hands_over"]

    def clean(self) -> dict[str, Any]:
        return {"hands_over": False, **super().clean()}

    def found(self) -> User:
        """Whose address it is. Raises Refused."""
        users = User.objects.filter(is_active=True)
        user = users.filter(email__iexact=self.cleaned_data["email"]).first()
        refuse(SiteRefusal.UNKNOWN_ADDRESS if user is None else None)
        return user


class MessageForm(forms.Form):
    """A message between the organizers of a jam and those of a local site."""

    text = forms.CharField(
        label=_("Write to them"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control short"}),
        error_messages={"required": SiteRefusal.NOTHING_SAID.label},
    )


class PictureForm(SmallForm):
    """A picture of a local site, with words for those who cannot see it."""

    button = _("Add the picture")
    picture = forms.FileField(
        label=_("Picture"),
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}
        ),
        help_text=_("PNG, JPEG, WebP or GIF, 8 MB at most. Where it was taken is not kept."),
    )
    shows = forms.CharField(
        label=_("What it shows"),
        max_length=200,
        help_text=_("For those who cannot see it: “The big table, by the window”."),
    )


class DayForm(SmallForm):
    """The hours of a local site, typed and shown by the clock there."""

    button = _("Save")
    field_of = {SiteRefusal.HOUR_PAST: "no_shows_at", SiteRefusal.END_PAST: "ends_at"}
    no_shows_at = LocalTimeField(
        label=_("Places of those who have not come are free from"),
        required=False,
        help_text=_("Whoever is not checked in by then loses the place to the next in line. "
                    "Empty: nobody does."),
    )  # fmt: skip
    ends_at = LocalTimeField(
        label=_("Ends at"),
        required=False,
        help_text=_("When everybody has to be out. Empty: when submissions close."),
    )
    offer_hours = forms.IntegerField(
        label=_("Hours to answer an offer"),
        min_value=1,
        max_value=168,
        help_text=_("How long a free place is kept for the first in line. It is less when "
                    "submissions close soon."),
    )  # fmt: skip

    def __init__(self, *args: Any, site: LocalSite, **kwargs: Any):
        self.site = site
        super().__init__(*args, **kwargs)
        for name in ("no_shows_at", "ends_at"):
            self.fields[name].zone = site.zone
            self.initial[name] = getattr(site, name)
        self.initial["offer_hours"] = site.offer_hours

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        no_shows_at, ends_at = fields.get("no_shows_at"), fields.get("ends_at")
        jam = self.site.jam
        if no_shows_at and no_shows_at not in timeline.places_window(jam, ends_at):
            self.add_error(
                "no_shows_at", _("By then this site is over, or submissions have closed.")
            )
        if ends_at and timeline.making_window(jam).is_before(ends_at):
            self.add_error("ends_at", _("By then the jam has not begun."))
        return fields


class MovePersonForm(forms.Form):
    """Another local site for somebody who has the place `now`, or none."""

    to = forms.ModelChoiceField(
        LocalSite.objects.none(), label=_("To"), required=False, empty_label=_("online")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control short"}),
        help_text=_("The person is told, and it is kept in the log."),
        error_messages={"required": SiteRefusal.OTHER_NO_REASON.label},
    )

    def __init__(
        self, *args: Any, jam: Jam, now: Place | None, moment: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id="move_%s", **kwargs)
        self.now = now
        to = self.fields["to"]
        to.widget.attrs["class"] = "form-select"
        to.queryset = LocalSite.objects.approved().filter(jam=jam).as_of(moment)
        to.initial = now and now.site_id
        to.label_from_instance = lambda site: (
            _("%(site)s (%(taken)s of %(capacity)s)")
            % {
                "site": site.name,
                "taken": site.taken,
                "capacity": site.capacity,
            }
        )
