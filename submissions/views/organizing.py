"""What organizers do with one submission: more time, another track, out of the running."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import FilteredRelation, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from jam.errors import Refused
from jam.models import Act, Jam
from jam.views.pages import JamPageMixin
from submissions import checklist, crediting, services, tracks
from submissions.forms import CorrectionForm, GrantForm, MoveForm, ReasonForm
from submissions.models import Contributor, Correction, Submission
from submissions.permissions import OrganizerRefusal, is_in_rating, move_refusal

ACTS = 50


class Organize(JamPageMixin, TemplateView):
    """One page with the state of a submission, a form for each act, and what was done."""

    template_name = "submissions/organize.html"
    tab = "submissions"
    desk_page = "submissions"
    # By the name of the button: the form, the service, and what is said afterwards.
    acts = {
        "grant": (GrantForm, services.grant_time, gettext_lazy("The team has more time.")),
        "decline": (ReasonForm, services.decline_time, gettext_lazy("The team is told.")),
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
        "correct": (
            CorrectionForm,
            crediting.correct_contributors,
            gettext_lazy("The contributors are corrected."),
        ),
        "move": (MoveForm, tracks.move_track, gettext_lazy("The submission is in that track.")),
    }

    def jams(self) -> QuerySet[Jam]:
        return super().jams().select_related("submission_rules")

    @cached_property
    def submission(self) -> Submission:
        user, moment = self.request.user, self.request.moment
        visible = Submission.objects.visible_to(user, self.jam, moment).annotate(
            open_request=FilteredRelation(
                "time_requests", condition=Q(time_requests__settled_at=None)
            ),
            live_grant=FilteredRelation(
                "grants", condition=Q(grants__revoked_at=None, grants__settled_at=None)
            ),
        )
        found = get_object_or_404(
            visible.with_checklist()
            .select_related("frozen", "track", "open_request__by", "live_grant__given_by")
            .prefetch_related(
                Prefetch("contributors", Contributor.objects.select_related("user")),
                Prefetch("corrections", Correction.objects.select_related("made_by")),
            ),
            pk=self.kwargs["pk"],
        )
        if not self.jam.is_organized_by(self.request.user):
            raise PermissionDenied(OrganizerRefusal.NOT_ORGANIZER.label)
        found.jam = self.jam
        return found

    def form_of(self, name: str, data: Any = None) -> forms.Form:
        form_class = self.acts[name][0]
        knows = {"submission": self.submission}
        if form_class not in (MoveForm, CorrectionForm):
            knows = {}
        return form_class(data, auto_id=f"{name}_%s", **knows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission = self.submission
        out = submission.withdrawn_at is not None or submission.disqualified_at is not None
        for name in self.acts:
            kwargs.setdefault(f"{name}_form", self.form_of(name))
        return super().get_context_data(
            submission=submission,
            missing=checklist.missing_from(submission),
            asked=getattr(submission, "open_request", None),
            granted=getattr(submission, "live_grant", None),
            may_move=submission.has_tracks
            and move_refusal(self.request.user, submission, self.request.moment) is None,
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
        _form_class, service, done = self.acts[name]
        form = self.form_of(name, request.POST)
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
