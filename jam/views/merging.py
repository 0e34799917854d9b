"""For operators: making one of two accounts that belong to one person."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from jam import merging
from jam.errors import Refused, refuse
from jam.merging import MergeRefusal
from jam.models import User


class OtherForm(forms.Form):
    """Which account is merged into the one of the page."""

    other = forms.EmailField(
        label=gettext_lazy("E-mail address of the other account"), max_length=254
    )

    def clean_other(self) -> User:
        found = User.objects.filter(email__iexact=self.cleaned_data["other"]).first()
        if found is None:
            raise forms.ValidationError(_("No account has this address."))
        return found


class MergeView(TemplateView):
    """Asks for the other account, shows what would move and what cannot, and then does it. The
    address is posted, so that it stands in no log."""

    template_name = "jam/merge_person.html"

    def admit(self) -> None:
        if not self.request.user.is_superuser:
            raise PermissionDenied(MergeRefusal.NOT_OPERATOR.label)

    @cached_property
    def person(self) -> User:
        return get_object_or_404(User, pk=self.kwargs["pk"], is_active=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.admit()
        kwargs.setdefault("form", OtherForm())
        return super().get_context_data(person=self.person, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        form = OtherForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        other = form.cleaned_data["other"]
        is_meant = request.POST.get("act") == "merge"
        is_sure = request.POST.get("sure") == "yes"
        about = {"user": self.person, "other": other, "by": request.user}
        try:
            if is_meant and is_sure:
                merging.merge(**about, moment=request.moment)
                messages.success(request, _("The two accounts are one."))
                return redirect(self.person)
            refuse(merging.merge_refusal(**about, moment=request.moment))
        except Refused as refused:
            form.add_error(None, refused.label)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if is_meant:
            messages.error(request, _("Tick the box first. Nothing was done yet."))
        context = self.get_context_data(
            form=form,
            other=other,
            lines=merging.lines(merging.plan(self.person, other)),
            notes=merging.notes(self.person, other),
        )
        return self.render_to_response(context, status=422 if is_meant else 200)
