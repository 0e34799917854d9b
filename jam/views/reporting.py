"""Reporting something to the organizers, their list of it, and the conversation about each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from jam import keeping, limits, reporting
from jam.errors import Refused
from jam.models import Jam, Report, User
from jam.reporting import ReportRefusal
from jam.roles import Right, may
from jam.views.pages import JamPageMixin

PER_PAGE = 50
MOST_AN_HOUR = 20


class ReportMixin(JamPageMixin, TemplateView):
    """A form with a reason; the `thing` has an author, a text and an address."""

    template_name = "jam/report.html"
    done: Any = gettext_lazy("The organizers are told. Thank you.")

    @property
    def about_person(self) -> User | None:
        """Whom it is about, where that is not the author of the thing."""
        return None

    @property
    def beginning(self) -> str:
        """What the form says before anything is typed."""
        return ""

    @property
    def thing(self) -> Any:
        """What is reported, if this reader may see it. Raises Http404."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        words = keeping.kept(request) or {}
        refusal = reporting.report_refusal(request.user, self.thing, "words to come")
        typed = words.get("reason") or self.beginning
        context = self.get_context_data(typed=typed, report_refusal=refusal)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(thing=self.thing, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = request.POST.get("reason", "")[:2000]
        try:
            if not limits.within(f"report:{request.user.pk}", MOST_AN_HOUR, 3600, request.moment):
                raise Refused(ReportRefusal.TOO_MANY)
            made = reporting.report(
                target=self.thing, jam=self.jam, by=request.user, reason=typed,
                about_person=self.about_person, moment=request.moment,
            )  # fmt: skip
        except Refused as refused:
            context = self.get_context_data(typed=typed, error=refused.label)
            return self.render_to_response(context, status=422)
        made.jam = self.jam
        messages.success(request, self.done)
        return redirect(self.after(made))

    def after(self, made: Report) -> Any:
        """Where a report leads."""
        return self.thing.get_absolute_url()


class ReportPerson(ReportMixin):
    """Reports a person and how they behaved, on a page of a jam or in a room."""

    @cached_property
    def thing(self) -> User:
        return get_object_or_404(User, pk=self.kwargs["pk"], is_active=True)

    def after(self, made: Report) -> Any:
        return made


class ReportJam(ReportMixin):
    """Tells the organizers of something that is on no page; of one of those who look into reports,
    without that one."""

    @cached_property
    def thing(self) -> Jam:
        return self.jam

    @cached_property
    def organizers(self) -> list[User]:
        people = User.objects.filter(reporting.in_charge_of(self.jam), is_active=True)
        return list(people.order_by("display_name", "pk"))

    @property
    def beginning(self) -> str:
        # Who answers what was done to their work names it.
        title = self.request.GET.get("re", "").replace("\0", "").strip()[:200]
        return _("About “%(title)s”:") % {"title": title} + " " if title else ""

    @property
    def about_person(self) -> User | None:
        chosen = self.request.POST.get("about", "")
        return next((person for person in self.organizers if str(person.pk) == chosen), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [person for person in self.organizers if person != self.request.user]
        return super().get_context_data(
            organizers=others, chosen=self.request.POST.get("about", ""), **kwargs
        )

    def after(self, made: Report) -> Any:
        return made


@keeping.keeps_words
class ReportThread(JamPageMixin, TemplateView):
    """A report and what is written about it, for who made it and those who look into it."""

    template_name = "jam/report_thread.html"
    desk_page = "reports"

    @cached_property
    def report(self) -> Report:
        visible = Report.objects.visible_to(self.request.user).filter(jam=self.jam)
        found = get_object_or_404(visible.select_related("by"), pk=self.kwargs["pk"])
        found.jam = self.jam
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report, user = self.report, self.request.user
        written = report.messages.select_related("by").order_by("-written_at", "-pk")
        page = Paginator(written, PER_PAGE).get_page(self.request.GET.get("page"))
        # The latest stand on the first page, and on each the earlier ones first.
        return super().get_context_data(
            report=report,
            page=page,
            written=list(page)[::-1],
            is_mine=report.by_id == user.pk,
            may_close=report.is_open and reporting.handle_refusal(user, report) is None,
            **kwargs,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.report  # noqa: B018 -- nothing that was kept is given back where there is none
        words = keeping.kept(request) or {}
        return self.render_to_response(self.get_context_data(typed=words.get("text", "")))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = request.POST.get("text", "")[:4000]
        try:
            if not limits.within(f"report:{request.user.pk}", MOST_AN_HOUR, 3600, request.moment):
                raise Refused(ReportRefusal.TOO_MANY)
            reporting.write(report=self.report, by=request.user, text=typed, moment=request.moment)
        except Refused as refused:
            context = self.get_context_data(typed=typed, error=refused.label)
            return self.render_to_response(context, status=422)
        messages.success(request, _("It is sent."))
        return redirect(self.report)


class OwnReports(TemplateView):
    """What the reader has reported, and what became of it."""

    template_name = "jam/own_reports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reports = self.request.user.reports.select_related("jam").annotate(n=Count("messages"))
        page = Paginator(reports.order_by("-made_at", "-pk"), PER_PAGE)
        return super().get_context_data(page=page.get_page(self.request.GET.get("page")), **kwargs)


class ReportsView(JamPageMixin, TemplateView):
    """For organizers: what is reported and not decided yet."""

    template_name = "jam/reports.html"
    desk_page = "reports"

    def admit(self) -> None:
        if not may(self.request.user, self.jam, Right.MODERATE):
            raise PermissionDenied(ReportRefusal.NOT_ORGANIZER.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.admit()
        reports = Report.objects.open().handled_by(self.request.user).filter(jam=self.jam)
        reports = (
            reports.select_related("by").annotate(n=Count("messages")).order_by("made_at", "pk")
        )
        page = Paginator(reports, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        pk = request.POST.get("report", "")
        reports = Report.objects.handled_by(request.user).filter(jam=self.jam)
        found = get_object_or_404(reports, pk=pk if pk.isdecimal() and len(pk) < 16 else 0)
        found.jam = self.jam
        reporting.close(report=found, by=request.user, moment=request.moment)
        messages.success(request, _("It is put aside."))
        return redirect("jam:reports", self.jam.slug)
