"""Writing a submission and handing it in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from jam import keeping, once
from jam.errors import Refused
from jam.views.pages import JamPageMixin
from submissions import checklist, freezing, ladders, services
from submissions.forms import DraftForm, LinkFormSet, links_in
from submissions.models import (
    Revision,
    Submission,
    SubmissionQuerySet,
    SubmissionRules,
    Upload,
    UploadQuerySet,
    is_blind,
)
from submissions.permissions import edit_refusal, is_in_rating, withdraw_refusal
from submissions.reading import documents
from submissions.views.pages import TeamAction, TeamMixin, rail_of
from submissions.views.teams import keys_in, team_of


class Start(JamPageMixin, View):
    """One click begins a draft."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect("submissions:gallery", self.jam.slug)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            submission = services.start(
                jam=self.jam,
                by=request.user,
                shown_at=once.shown_at(request),
                moment=request.moment,
            )
        except Refused as refused:
            messages.error(request, refused.label)
            return redirect(self.jam)
        return redirect("submissions:edit", self.jam.slug, submission.pk)


class EditorMixin(TeamMixin):
    """The form of a draft, its links beside it."""

    def forms_for(self, data: Any = None) -> tuple[DraftForm, Any]:
        links = [
            {"kind": link.kind, "url": link.url, "label": link.label}
            for link in self.submission.links.all()
        ]
        form = DraftForm(data, instance=self.submission, by=self.request.user)
        return form, LinkFormSet(data, initial=None if data else links, prefix="links")

    def save(self, form: DraftForm, links: Any) -> Submission:
        """Store what can be stored. Raises Refused and StaleDraft."""
        form.is_valid()
        try:
            version = int(self.request.POST.get("version", ""))
        except ValueError:
            version = -1
        return services.save_draft(
            submission=self.submission,
            by=self.request.user,
            fields=form.storable,
            links=links_in(links),
            answers=form.answers,
            part=form.part,
            version=version,
            moment=self.request.moment,
        )

    def stale_text(self, stale: services.StaleDraft) -> str:
        return _(
            "%(name)s saved this draft while you were writing. Nothing of yours is stored yet, "
            "and nothing of theirs is lost: your words are in the form below."
        ) % {"name": stale.submission.saved_by or _("Someone of your team")}


@keeping.keeps_words
class Edit(EditorMixin, TemplateView):
    template_name = "submissions/edit.html"

    def own_submissions(self) -> SubmissionQuerySet:
        last = Revision.objects.filter(submission=OuterRef("pk")).order_by("-number")
        return (
            super()
            .own_submissions()
            .annotate(
                last_number=Subquery(last.values("number")[:1]),
                last_arrived_at=Subquery(last.values("arrived_at")[:1]),
                is_uploading=Exists(self.under_way),
            )
        )

    @property
    def under_way(self) -> UploadQuerySet:
        """The reader's uploads that can be gone on with."""
        own = Upload.objects.of(self.kwargs["pk"], self.request.user)
        return own.under_way().live(self.request.moment)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = {}
        if words := keeping.kept(request, self.submission.version):
            form, links = self.forms_for(words)
            context = {"form": form, "links": links, "version": words.get("version")}
        return self.render_to_response(self.get_context_data(is_kept=bool(context), **context))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            kwargs["form"], kwargs["links"] = self.forms_for()
        kwargs.setdefault("version", self.submission.version)
        refusal = edit_refusal(self.request.user, self.submission, self.request.moment)
        return super().get_context_data(
            submission=self.submission,
            refusal=refusal,
            items=checklist.items_of(self.submission),
            under_way=self.under_way if self.submission.is_uploading else (),
            ladder=ladders.of_draft(self.submission),
            team=team_of(self.submission, self.request.user),
            is_blind=is_blind(self.jam, self.request.moment),
            is_later=is_in_rating(self.submission, self.request.moment),
            team_size=SubmissionRules.of(self.jam).team_size,
            invitation_url=self.request.build_absolute_uri(
                f"/jams/{self.jam.slug}/submissions/{self.submission.pk}"
                f"/join/{self.submission.invitation}/"
            ),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, links = self.forms_for(request.POST)
        version = request.POST.get("version")
        try:
            saved = self.save(form, links)
        except Refused as refused:
            text = _("%(reason)s What you typed is below, so that you can copy it.")
            messages.error(request, text % {"reason": refused.label})
            return self.again(form, links, version, status=403)
        except services.StaleDraft as stale:
            text = _("%(what)s “Save” now puts them over what is stored.")
            messages.warning(request, text % {"what": self.stale_text(stale)})
            return self.again(form, links, stale.submission.version, status=409)
        if not (form.is_valid() and links.is_valid()):
            text = _("One thing could not be stored; the rest was. See below what is wrong.")
            messages.error(request, text)
            return self.again(form, links, saved.version, status=422)
        if "order" in request.POST:
            return move(request, saved, request.POST["order"])
        if "hand_in" in request.POST:
            return hand_in(request, saved)
        if "later" in request.POST:
            return redirect("submissions:add_later", self.jam.slug, saved.pk)
        messages.success(request, _("Saved."))
        return redirect("submissions:edit", self.jam.slug, saved.pk)

    def again(self, form: DraftForm, links: Any, version: Any, status: int) -> HttpResponse:
        context = self.get_context_data(form=form, links=links, version=version)
        return self.render_to_response(context, status=status)


class Autosave(EditorMixin, View):
    """Saves while the draft is being written, for static/js/autosave.js."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        form, links = self.forms_for(request.POST)
        try:
            saved = self.save(form, links)
        except Refused as refused:
            return JsonResponse({"error": refused.label}, status=403)
        except services.StaleDraft as stale:
            text = _("%(what)s Press “Save” to decide.") % {"what": self.stale_text(stale)}
            return JsonResponse({"error": text}, status=409)
        answer = {
            "saved_at": request.moment.isoformat(),
            "version": saved.version,
            "html": rail_of(saved),
        }
        if form.is_valid() and links.is_valid():
            return JsonResponse(answer)
        wrong = [error for errors in form.errors.values() for error in errors]
        wrong += [error for row in links.errors for errors in row.values() for error in errors]
        text = _("Not stored: %(errors)s The rest is.") % {"errors": " ".join(wrong)}
        return JsonResponse({**answer, "error": text}, status=422)


class Preview(TeamMixin, TemplateView):
    """The submission as others will read it."""

    template_name = "submissions/preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        content = freezing.content_of(self.submission)
        return super().get_context_data(
            submission=self.submission,
            content=content,
            work=documents.work_of(self.jam, self.submission, content),
            **kwargs,
        )


def move(request: HttpRequest, submission: Submission, asked: str) -> HttpResponse:
    """Propose an order of the contributors, or agree to one: "2-1/1-2" is the order that is wanted
    and the one that was seen, people by their keys."""
    wanted, _slash, seen = asked.partition("/")
    order = {"order": keys_in(wanted), "seen": keys_in(seen)}
    try:
        if wanted == seen:
            del order["order"]
            services.agree_to_order(
                submission=submission, by=request.user, moment=request.moment, **order
            )
        else:
            services.propose_order(
                submission=submission, by=request.user, moment=request.moment, **order
            )
    except Refused as refused:
        messages.error(request, refused.label)
    return redirect(f"/jams/{submission.jam.slug}/submissions/{submission.pk}/edit/#team")


def hand_in(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Hand in, and lead to the receipt; or back to what is missing."""
    here = (submission.jam.slug, submission.pk)
    try:
        revision: Revision = services.hand_in(
            submission=submission, by=request.user, moment=request.moment
        )
    except Refused as refused:
        messages.error(request, refused.label)
        return redirect("submissions:edit", *here)
    messages.success(request, _("It is in. This is your receipt."))
    return redirect("submissions:receipt", *here, revision.number)


class HandIn(TeamAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return hand_in(request, self.submission)


class Withdraw(TeamMixin, TemplateView):
    """A page that says what withdrawing means, and the button that does it."""

    template_name = "submissions/withdraw.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refusal = withdraw_refusal(self.request.user, self.submission, self.request.moment)
        return super().get_context_data(submission=self.submission, refusal=refusal, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.withdraw(submission=self.submission, by=request.user, moment=request.moment)
        except Refused as refused:
            messages.error(request, refused.label)
        else:
            messages.success(request, _("Your submission is withdrawn."))
        return redirect("submissions:gallery", self.jam.slug)
