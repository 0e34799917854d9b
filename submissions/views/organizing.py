"""What organizers do with one submission: give it more time, disqualify it, reinstate it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from jam.errors import Refused
from jam.models import Act
from jam.views.pages import JamPageMixin
from submissions import checklist, services
from submissions.forms import GrantForm, ReasonForm
from submissions.models import Submission
from submissions.permissions import OrganizerRefusal, is_in_rating

ACTS = 50


class Organize(JamPageMixin, TemplateView):
    """One page with the state of a submission, a form for each act, and what was done."""

    template_name = "submissions/organize.html"
    tab = "submissions"
    # By the name of the button: the form, the service, and what is said afterwards.
    acts = {
        "grant": (GrantForm, services.grant_time, gettext_lazy("The team has more time.")),
        "revoke": (ReasonForm, services.revoke_time, gettext_lazy("The extra time is over.")),
        "disqualify": (
            ReasonForm,
            services.disqualify,
            gettext_lazy("The submission is disqualified."),
        ),
        "reinstate": (
            ReasonForm,
            services.reinstate,
            gettext_lazy("The submission is back in the running."),
        ),
    }

    @cached_property
    def submission(self) -> Submission:
        visible = Submission.objects.visible_to(self.request.user, self.jam)
        found = get_object_or_404(
            visible.with_checklist()
            .select_related("frozen")
            .prefetch_related("contributors__user", "grants__given_by"),
            pk=self.kwargs["pk"],
        )
        if not self.jam.is_organized_by(self.request.user):
            raise PermissionDenied(OrganizerRefusal.NOT_ORGANIZER.label)
        found.jam = self.jam
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission = self.submission
        out = submission.withdrawn_at is not None or submission.disqualified_at is not None
        for name, (form, _service, _done) in self.acts.items():
            kwargs.setdefault(f"{name}_form", form(auto_id=f"{name}_%s"))
        return super().get_context_data(
            submission=submission,
            missing=checklist.missing_from(submission),
            may_grant=not out and not is_in_rating(submission, self.request.moment),
            log=Act.objects.filter(
                target_type=submission._meta.label_lower, target_id=str(submission.pk)
            ).select_related("actor")[:ACTS],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submission, name = self.submission, request.POST.get("act", "")
        if name not in self.acts:
            return redirect(request.path)
        form_class, service, done = self.acts[name]
        form: forms.Form = form_class(request.POST, auto_id=f"{name}_%s")
        if form.is_valid():
            try:
                service(
                    submission=submission,
                    by=request.user,
                    moment=request.moment,
                    **form.cleaned_data,
                )
            except Refused as refused:
                is_of_time = refused.refusal == OrganizerRefusal.BAD_TIME
                form.add_error("expires_at" if is_of_time else None, refused.label)
            else:
                messages.success(request, str(done))
                return redirect(request.path)
        messages.error(request, _("Nothing was done yet. See below why."))
        context = self.get_context_data(**{f"{name}_form": form})
        return self.render_to_response(context, status=422)
