"""Pages about people, and the preview of what they write."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, UpdateView

from jam import keeping, markdown, services
from jam.forms import ProfileForm
from jam.models import User


@keeping.keeps_words
class ProfileView(UpdateView):
    """What the reader says about themselves."""

    form_class = ProfileForm
    template_name = "jam/profile.html"
    success_url = reverse_lazy("jam:profile")

    def get_object(self, queryset: Any = None) -> User:
        # A row of its own: a form with errors leaves the reader of this request as they are.
        return User.objects.get(pk=self.request.user.pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if words := keeping.kept(self.request):
            kwargs["data"] = words
        return kwargs

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        services.change_profile(
            user=self.request.user, profile=form.cleaned_data, moment=self.request.moment
        )
        messages.success(self.request, _("Your profile is saved."))
        return redirect(self.success_url)

    def form_invalid(self, form: ProfileForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class PersonView(DetailView):
    """A person, as others who are signed in see them."""

    queryset = User.objects.filter(is_active=True)
    template_name = "jam/person.html"
    context_object_name = "person"


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The posted ``text`` as it will be shown."""
    return HttpResponse(markdown.render(request.POST.get("text", "")))
