"""Pages about people, and the preview of what they write."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import DetailView, TemplateView, UpdateView

from jam import forgetting, keeping, markdown, parts, services
from jam.errors import Refused
from jam.forms import ProfileForm
from jam.models import Jam, User
from jam.permissions import close_account_refusal


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


class OwnDataView(TemplateView):
    """What is held about the reader, to take along; and the way out."""

    template_name = "jam/own_data.html"


@require_safe
@reauthentication_required
def download_own_data(request: HttpRequest) -> HttpResponse:
    """All that is held about the reader, from every part, as JSON."""
    user = User.objects.get(pk=request.user.pk)
    held: dict[str, Any] = {}
    for jam in Jam.objects.filter(participations__user=user).select_related("retention"):
        forgetting.forget_overdue(jam, request.moment)
    for part in parts.all_parts():
        held |= part.personal_data(user)
    text = json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="my-data.json"',
            "Cache-Control": "no-store",
        },
    )


@method_decorator(reauthentication_required, name="dispatch")
class LeaveView(TemplateView):
    """Closes the reader's account, after they have said once more who they are."""

    template_name = "jam/leave.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refusal = close_account_refusal(self.request.user, self.request.moment)
        return super().get_context_data(refusal=refusal, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("sure") != "yes":
            messages.error(request, _("Tick the box first. Nothing was done yet."))
            return self.render_to_response(self.get_context_data(), status=422)
        user = request.user
        try:
            services.close_account(user=user, by=user, moment=request.moment)
        except Refused as refused:
            messages.error(request, refused.label)
            return self.render_to_response(self.get_context_data(), status=403)
        logout(request)
        messages.success(request, _("Your account is closed. Thank you for having been here."))
        return redirect("jam:front")


class PersonView(DetailView):
    """A person, as others who are signed in see them."""

    queryset = User.objects.filter(is_active=True)
    template_name = "jam/person.html"
    context_object_name = "person"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # To whose organizers they may be reported; the latest, since some take part in very many.
        theirs = Jam.objects.joined_by(self.object) | Jam.objects.filter(organizers=self.object)
        shared = Jam.objects.published().joined_by(self.request.user).filter(
            pk__in=theirs.values("pk")
        )  # fmt: skip
        return super().get_context_data(shared_jams=shared[:5], **kwargs)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The posted ``text`` as it will be shown."""
    return HttpResponse(markdown.render(request.POST.get("text", "")))
