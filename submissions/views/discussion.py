"""The discussion of a submission: threads, one thread, and what is done with a comment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from jam import keeping, limits
from jam.errors import Refused
from jam.roles import Right, may
from jam.views.hiding import HideMixin
from jam.views.pages import public
from jam.views.reporting import ReportMixin
from submissions import services
from submissions.models import Comment, CommentQuerySet, SubmissionQuerySet
from submissions.permissions import (
    CommentRefusal,
    comment_refusal,
    delete_comment_refusal,
    edit_comment_refusal,
    is_discussion_hidden,
)
from submissions.views.reading import VisibleMixin

THREADS = 50
# Answers that the list shows of each thread; the thread's own page shows all.
FIRST = 3
MOST_AN_HOUR = 30
LONGEST = 5_000


class DiscussionMixin(VisibleMixin):
    """The comments of a submission that this reader may see, unless the jam hides them now."""

    def submissions(self) -> SubmissionQuerySet:
        # What is not frozen has none yet.
        return super().submissions().filter(frozen__isnull=False)

    @cached_property
    def rule(self) -> str:
        return self.jam.discussion_rule or "hidden"

    @property
    def is_hidden(self) -> bool:
        return is_discussion_hidden(self.jam, self.rule, self.request.moment)

    @cached_property
    def comments(self) -> CommentQuerySet:
        if self.is_hidden:
            return Comment.objects.none()
        user = self.request.user
        shown = self.submission.comments.shown_to(user, may(user, self.jam, Right.MODERATE))
        return shown.select_related("author")

    def found(self, **where: Any) -> Comment:
        comment = get_object_or_404(self.comments, pk=self.kwargs["comment_pk"], **where)
        comment.submission = self.submission
        return comment

    @property
    def refusal(self) -> CommentRefusal | None:
        return comment_refusal(self.request.user, self.submission, self.rule, self.request.moment)

    def dress(self, comments: list[Comment]) -> list[Comment]:
        """Note of each what the page says and offers besides its words."""
        user = self.request.user
        team = {c.user_id for c in self.submission.contributors.all()}
        for comment in comments:
            comment.is_of_team = comment.author_id in team
            comment.is_own = user.is_authenticated and comment.author_id == user.pk
        return comments

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            submission=self.submission,
            title=self.content["title"],
            refusal=self.refusal,
            is_hidden=self.is_hidden,
            is_organizer=may(self.request.user, self.jam, Right.MODERATE),
            longest=LONGEST,
            **kwargs,
        )


class WritingMixin(DiscussionMixin, TemplateView):
    """A page with a text to write, which stays whatever happens."""

    def write(self, text: str) -> Comment:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The pages are public, what is written on them is not.
        if request.method == "POST" and not request.user.is_authenticated:
            return keeping.sign_in_first(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        words = keeping.kept(request) or {}
        given = {"typed": words["text"]} if "text" in words else {}
        return self.render_to_response(self.get_context_data(**given))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = request.POST.get("text", "")
        try:
            if len(text) > LONGEST:
                error = _("A comment has %(most)s characters at most.") % {"most": LONGEST}
                return self.again(text, error, 422)
            if not limits.within(f"comment:{request.user.pk}", MOST_AN_HOUR, 3600, request.moment):
                raise Refused(CommentRefusal.TOO_MANY)
            written = self.write(text)
        except Refused as refused:
            status = 422 if refused.refusal == CommentRefusal.EMPTY else 403
            return self.again(text, refused.label, status)
        return redirect(written.get_absolute_url())

    def again(self, text: str, error: str, status: int) -> HttpResponse:
        context = self.get_context_data(typed=text, error=error)
        return self.render_to_response(context, status=status)


@public
@keeping.keeps_words
class Discussion(WritingMixin):
    """All threads, the first answers of each below it."""

    template_name = "submissions/discussion/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        threads = self.comments.filter(answers_to=None).annotate(
            n_answers=Count("answers", Q(answers__deleted_at=None, answers__hidden_at=None))
        )
        threads = threads.order_by("written_at", "pk")
        page = Paginator(threads, THREADS).get_page(self.request.GET.get("page"))
        firsts = (
            self.comments.filter(answers_to__in=[thread.pk for thread in page])
            .annotate(place=Window(RowNumber(), "answers_to", order_by=[F("written_at"), F("pk")]))
            .filter(place__lte=FIRST)
            .order_by("written_at", "pk")
        )
        answers: dict[int, list[Comment]] = {}
        for answer in self.dress(list(firsts) if page.object_list else []):
            answers.setdefault(answer.answers_to_id, []).append(answer)
        for thread in self.dress(page.object_list):
            thread.first_answers = answers.get(thread.pk, [])
            thread.more = thread.n_answers - len(thread.first_answers)
        return super().get_context_data(page=page, **kwargs)

    def write(self, text: str) -> Comment:
        return services.comment(
            submission=self.submission, by=self.request.user, text=text, moment=self.request.moment
        )


@public
@keeping.keeps_words
class Thread(WritingMixin):
    """One comment with all that answers it, and room for another answer."""

    template_name = "submissions/discussion/thread.html"

    @cached_property
    def thread(self) -> Comment:
        return self.found(answers_to=None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answers = self.comments.filter(answers_to=self.thread)
        page = Paginator(answers, THREADS).get_page(self.request.GET.get("page"))
        self.dress([self.thread, *page.object_list])
        live = self.thread.deleted_at is None and self.thread.hidden_at is None
        return super().get_context_data(thread=self.thread, page=page, is_live=live, **kwargs)

    def write(self, text: str) -> Comment:
        return services.comment(
            submission=self.submission,
            by=self.request.user,
            text=text,
            answers_to=self.thread,
            moment=self.request.moment,
        )


@keeping.keeps_words
class EditComment(WritingMixin):
    template_name = "submissions/discussion/edit.html"

    @cached_property
    def comment(self) -> Comment:
        return self.found()

    @property
    def refusal(self) -> CommentRefusal | None:
        refusal = edit_comment_refusal(
            self.request.user, self.comment, self.rule, self.request.moment
        )
        if refusal == CommentRefusal.NOT_AUTHOR:
            raise PermissionDenied(refusal.label)
        return refusal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("typed", self.comment.text)
        return super().get_context_data(comment=self.comment, **kwargs)

    def write(self, text: str) -> Comment:
        _refusal = self.refusal
        return services.edit_comment(
            comment=self.comment, by=self.request.user, text=text, moment=self.request.moment
        )


class DeleteComment(DiscussionMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect(self.found().get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        comment = self.found()
        try:
            services.delete_comment(comment=comment, by=request.user, moment=request.moment)
        except Refused as refused:
            if delete_comment_refusal(request.user, comment) == CommentRefusal.NOT_AUTHOR:
                raise PermissionDenied(refused.label) from refused
            messages.warning(request, refused.label)
        else:
            messages.success(request, _("Your comment is deleted."))
        return redirect("submissions:discussion", self.jam.slug, self.submission.pk)


class HideComment(DiscussionMixin, HideMixin):
    @cached_property
    def thing(self) -> Comment:
        return self.found(deleted_at=None)

    def hide(self, reason: str) -> None:
        self.set_hidden(True, reason)

    def show(self, reason: str) -> None:
        self.set_hidden(False, reason)

    def set_hidden(self, is_hidden: bool, reason: str) -> None:
        services.hide_comment(
            comment=self.thing,
            by=self.request.user,
            is_hidden=is_hidden,
            reason=reason,
            moment=self.request.moment,
        )


@keeping.keeps_words
class ReportComment(DiscussionMixin, ReportMixin):
    @cached_property
    def thing(self) -> Comment:
        return self.found(deleted_at=None)
