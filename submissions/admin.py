from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import URLField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jam.admin import EMPTY, PERSON, Listed, OfOwnJams, ReadOnly, look_at
from jam.errors import Refused
from jam.questions import MOST_QUESTIONS
from submissions import services
from submissions.models import (
    Answer,
    Ask,
    Card,
    Certificate,
    Closing,
    Comment,
    Continuation,
    Contributor,
    Correction,
    File,
    KeptOrigin,
    LateGrant,
    Link,
    Origin,
    Original,
    Question,
    Revision,
    Submission,
    SubmissionRules,
    TimeRequest,
    Track,
    Upload,
)
from submissions.permissions import blind_refusal


class SubmissionRulesInline(admin.StackedInline):
    model = SubmissionRules

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return ["blind"] if obj is not None and blind_refusal(obj, request.moment) else []


class TrackInline(admin.TabularInline):
    model = Track
    extra = 0


class QuestionInline(admin.StackedInline):
    model = Question
    extra = 0

    def get_formset(self, request, obj=None, **kwargs):
        most = {"max_num": MOST_QUESTIONS, "absolute_max": MOST_QUESTIONS}
        return super().get_formset(request, obj, **{**kwargs, **most})


class Shown(ReadOnly):
    """Rows that whoever sees the submission sees."""

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.is_staff


class ContributorInline(Shown, admin.TabularInline):
    model = Contributor
    fields = ["user", "order", "affiliation", "roles", "confirmed_at"]


class CorrectionInline(ReadOnly, admin.TabularInline):
    model = Correction
    fields = ["contributors", "reason", "made_by", "made_at"]


class LinkInline(Shown, admin.TabularInline):
    model = Link
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


class FileInline(Shown, admin.TabularInline):
    model = File
    fields = ["kind", "name", "size", "sha256", "uploaded_at", "removed_at"]


class LateGrantInline(ReadOnly, admin.TabularInline):
    model = LateGrant
    fields = ["expires_at", "reason", "given_by", "given_at", "revoked_at"]


class ReasonForm(ActionForm):
    """Acts on submissions have a reason, which the team is told."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=500)


@admin.register(Submission)
class SubmissionAdmin(OfOwnJams, ReadOnly, admin.ModelAdmin):
    """Submissions to look at, and two acts with a reason: disqualify and reinstate."""

    list_display = ["title", "jam", "is_frozen", "withdrawn_at", "disqualified_at", "saved_at"]
    # Of the jams, those of the rows that are seen: others may be drafts.
    list_filter = [("jam", admin.RelatedOnlyFieldListFilter),
                   ("withdrawn_at", admin.EmptyFieldListFilter),
                   ("disqualified_at", admin.EmptyFieldListFilter)]  # fmt: skip
    list_select_related = ["jam"]
    search_fields = ["title", "frozen__search_index", "contributors__user__email"]
    exclude = ["invitation", "version"]
    inlines = [ContributorInline, CorrectionInline, LinkInline, FileInline, LateGrantInline]
    action_form = ReasonForm
    actions = ["disqualify", "reinstate"]

    @admin.display(boolean=True, description=gettext_lazy("frozen"))
    def is_frozen(self, submission: Submission) -> bool:
        return submission.is_frozen

    @admin.action(description=gettext_lazy("Disqualify, for the reason given"))
    def disqualify(self, request, submissions) -> None:
        self.act(request, submissions, services.disqualify, _("disqualified"))

    @admin.action(description=gettext_lazy("Reinstate"))
    def reinstate(self, request, submissions) -> None:
        self.act(request, submissions, services.reinstate, _("reinstated"))

    def act(self, request, submissions, service, done: str) -> None:
        reason = request.POST.get("reason", "")
        for submission in submissions:
            try:
                service(
                    submission=submission,
                    by=request.user,
                    reason=reason,
                    moment=request.moment,
                )
            except Refused as refused:
                self.message_user(request, f"{submission}: {refused.label}", messages.ERROR)
            else:
                self.message_user(request, f"{submission}: {done}.", messages.SUCCESS)


@admin.register(Revision)
class RevisionAdmin(Listed, ReadOnly, admin.ModelAdmin):
    list_display = ["title", "submission", "number", "origin", "arrived_at"]
    list_filter = ["submission__jam", "origin"]
    list_select_related = ["submission"]
    search_fields = ["title", "digest"]


@admin.register(Comment)
class CommentAdmin(Listed, ReadOnly, admin.ModelAdmin):
    """Comments to look at. Hiding one has a page of its own, with a reason."""

    list_display = ["text", "author", "submission", "written_at", "deleted_at", "hidden_at"]
    list_filter = [("hidden_at", admin.EmptyFieldListFilter), "written_at"]
    list_select_related = ["author", "submission"]
    search_fields = ["text", "author__display_name", "submission__title"]


@admin.register(Closing)
class ClosingAdmin(Listed, ReadOnly, admin.ModelAdmin):
    list_display = ["jam", "closed_at", "handed_in"]
    list_select_related = ["jam"]


WORK = ("submission__title",)

look_at(
    SubmissionRules, ["jam", "team_size", "report_required", "repository_required", "blind"],
    search=["jam__title"], filters=["blind", "report_required", "ai_tools"], related=["jam"],
)  # fmt: skip
look_at(Track, ["name", "jam", "order"], search=["name", "jam__title"], related=["jam"])
look_at(
    Question, ["text", "jam", "kind", "is_required"], search=["text", "jam__title"],
    filters=["kind", "is_required"], related=["jam"],
)  # fmt: skip
look_at(
    Answer, ["question", "submission", "text"], search=[*WORK, "question__text", "text"],
    related=["question", "submission"],
)  # fmt: skip
look_at(
    Contributor, ["user", "submission", "affiliation", "order", "confirmed_at"],
    search=[*PERSON, *WORK], filters=["confirmed_at"], related=["user", "submission"],
)  # fmt: skip
look_at(
    Correction, ["submission", "reason", "made_by", "made_at"], search=[*WORK, "reason"],
    filters=["made_at"], related=["submission", "made_by"],
)  # fmt: skip
look_at(
    Link, ["url", "kind", "submission"], search=[*WORK, "url"], filters=["kind"],
    related=["submission"],
)  # fmt: skip
look_at(
    File, ["name", "kind", "size", "submission", "uploaded_by", "uploaded_at", "removed_at"],
    search=[*WORK, "name", "sha256"], filters=["kind", ("removed_at", EMPTY), "uploaded_at"],
    related=["submission", "uploaded_by"],
)  # fmt: skip
look_at(
    Upload, ["name", "submission", "uploaded_by", "received", "size", "touched_at"],
    search=[*WORK, "name"], filters=["touched_at"], related=["submission", "uploaded_by"],
)  # fmt: skip
look_at(
    LateGrant, ["submission", "expires_at", "reason", "given_by", "given_at", "revoked_at"],
    search=[*WORK, "reason"], filters=[("revoked_at", EMPTY), "expires_at"],
    related=["submission", "given_by"],
)  # fmt: skip
look_at(
    TimeRequest, ["submission", "by", "text", "asked_at", "settled_at"], search=[*WORK, "text"],
    filters=[("settled_at", EMPTY), "asked_at"], related=["submission", "by"],
)  # fmt: skip
look_at(
    Origin, ["submission", "idea", "earlier", "claimed_at"], search=[*WORK, "idea__title"],
    filters=[("claimed_at", EMPTY)], related=["submission", "idea", "earlier"],
)  # fmt: skip
look_at(
    KeptOrigin, ["revision", "idea", "earlier"], search=["revision__title", "idea__title"],
    related=["revision", "idea", "earlier"],
)  # fmt: skip
look_at(
    Original, ["revision"], search=["revision__title", "revision__digest"], related=["revision"]
)
look_at(
    Continuation, ["title", "kind", "year", "submission", "added_by", "added_at"],
    search=[*WORK, "title", "url"], filters=["kind", "year"], related=["submission", "added_by"],
)  # fmt: skip
look_at(
    Card, ["author", "jam", "text", "skills", "shown_at"], related=["author", "jam"],
    search=["author__display_name", "jam__title", "text", "skills"], filters=["shown_at"],
)  # fmt: skip
look_at(
    Ask, ["user", "submission", "by", "outcome", "made_at"], search=[*PERSON, *WORK],
    filters=["outcome", "made_at"], related=["user", "submission", "by"],
)  # fmt: skip
look_at(
    Certificate, ["code", "kind", "user", "jam", "issued_at"], related=["user", "jam"],
    search=[*PERSON, "code", "jam__title"], filters=["kind", "issued_at"],
)  # fmt: skip
