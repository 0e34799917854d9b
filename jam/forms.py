from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(forms.Form):
    """What signing up asks beside e-mail address and password."""

    display_name = forms.CharField(
        label=_("Your name"), max_length=80, help_text=_("As others see it, in any script.")
    )

    def signup(self, request, user) -> None:
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])
