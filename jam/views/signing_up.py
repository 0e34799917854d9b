"""What a jam asks those who join, who is in, and what they answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from jam import keeping, signing_up, spreadsheets
from jam.errors import Refused
from jam.forms import SignUpForm
from jam.models import Participation, SignUpAnswer
from jam.permissions import JoinRefusal, join_refusal
from jam.views.pages import JamPageMixin

PER_PAGE = 48
LONGEST_QUERY = 100


@keeping.keeps_words
class SignUpView(JamPageMixin, TemplateView):
    """A jam's questions: joining by answering them, or changing what was answered."""

    template_name = "jam/sign_up.html"

    def form(self, data: Any = None) -> SignUpForm:
        mine = Participation.objects.filter(jam=self.jam, user=self.request.user).first()
        said = SignUpAnswer.objects.filter(participation=mine)
        return SignUpForm(
            data,
            questions=list(self.jam.sign_up_questions.all()),
            said=dict(said.values_list("question", "text")),
            shown=mine is not None and mine.shown,
            label=_("Save") if self.reader.is_participant else _("Join"),
            conduct="" if self.reader.is_participant else self.jam.conduct_digest,
        )

    @property
    def refusal(self) -> Any:
        request, mine = self.request, self.reader.participation
        if mine is not None:
            return signing_up.answer_refusal(self.jam, mine, request.moment)
        return join_refusal(request.user, self.jam, None, request.moment)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = self.refusal
        form = self.form(keeping.kept(request))
        context = self.get_context_data(form=form, refusal=refusal)
        return self.render_to_response(context, status=403 if refusal else 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, refusal = self.form(request.POST), self.refusal
        if refusal == JoinRefusal.DRAFT or not refusal and not form.is_valid():
            status = 403 if refusal else 422
            context = self.get_context_data(form=form, refusal=refusal)
            return self.render_to_response(context, status=status)
        try:
            if refusal:
                raise Refused(refusal)
            self.save(form)
        except Refused as refused:
            context = self.get_context_data(form=form, refusal=refused.refusal)
            return self.render_to_response(context, status=403)
        return redirect(self.jam)

    def save(self, form: SignUpForm) -> None:
        who = {"jam": self.jam, "user": self.request.user, "moment": self.request.moment}
        said = {"answers": form.answers, "shown": form.cleaned_data["shown"]}
        if self.reader.is_participant:
            signing_up.answer(**who, **said)
            messages.success(self.request, _("Your answers are saved."))
        else:
            conduct = self.request.POST.get("conduct", "")
            signing_up.join(**who, **said, conduct=conduct)
            messages.success(
                self.request, _("You take part. You can cancel until submissions close.")
            )


class PreviewView(JamPageMixin, TemplateView):
    """For organizers: the questions as those who join see them."""

    template_name = "jam/sign_up_preview.html"
    desk_page = "sign_up_questions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.jam.is_organized_by(self.request.user):
            raise PermissionDenied(signing_up.ReadRefusal.NOT_IN_CHARGE.label)
        questions = list(self.jam.sign_up_questions.all())
        form = SignUpForm(questions=questions, said={}, shown=False, label="")
        return super().get_context_data(form=form, questions=questions, **kwargs)


class PeopleView(JamPageMixin, TemplateView):
    """Those who take part and agreed to be shown, for those who take part."""

    template_name = "jam/participants.html"
    desk_page = "participants"

    def admit(self) -> None:
        if refusal := signing_up.list_refusal(
            self.request.user, self.jam, self.reader.participation
        ):
            raise PermissionDenied(refusal.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.admit()
        asked = self.request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
        people = signing_up.shown_to(self.request.user, self.jam, asked)
        page = Paginator(people, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            asked=asked,
            query=f"{urlencode({'q': asked})}&" if asked else "",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        shown = request.POST.get("shown") == "yes"
        try:
            signing_up.show(jam=self.jam, user=request.user, shown=shown, moment=request.moment)
        except Refused as refused:
            raise PermissionDenied(refused.label) from refused
        told = _("You are on the list.") if shown else _("You are not on the list any more.")
        messages.success(request, told)
        return redirect("jam:participants", self.jam.slug)


class AnswersView(JamPageMixin, TemplateView):
    """For organizers of the jam and of its sites: what people answered."""

    template_name = "jam/answers.html"
    desk_page = "answers"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = signing_up.in_charge_of(self.jam, self.request.user)
        if people is None:
            raise PermissionDenied(signing_up.ReadRefusal.NOT_IN_CHARGE.label)
        page = Paginator(signing_up.with_answers(people), PER_PAGE)
        return super().get_context_data(page=page.get_page(self.request.GET.get("page")), **kwargs)


class AnswersCsv(JamPageMixin, View):
    """The same as a table for a spreadsheet, however many they are."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        people = signing_up.in_charge_of(self.jam, request.user)
        if people is None:
            raise PermissionDenied(signing_up.ReadRefusal.NOT_IN_CHARGE.label)
        questions = list(self.jam.sign_up_questions.all())

        def rows() -> Iterator[list[Any]]:
            yield [_("name"), _("affiliation"), _("joined at"), *questions]
            for one in signing_up.with_answers(people).iterator(chunk_size=1000):
                said = {answer.question_id: answer.text for answer in one.said}
                own = [said.get(question.pk, "") for question in questions]
                joined = one.joined_at.isoformat(timespec="seconds")
                yield [one.user, one.user.affiliation, joined, *own]

        return spreadsheets.response(rows(), f"{self.jam.slug}-answers.csv")
