"""Judges: who they are and how far, links, work given by hand; and the page that a link opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from jam import giving_roles, keeping, limits, once
from jam.errors import Refused
from jam.giving_roles import RoleRefusal
from jam.middleware import client_address
from jam.models import RoleInvitation
from jam.roles import Role
from jam.views.pages import JamPageMixin, key_of, public
from ratings import judge_sessions, judging
from ratings.forms import JudgeForm, LinkForm
from ratings.models import Judge, JudgeLink
from ratings.raters import submissions_for

PER_PAGE = 50
# Of one person; and from one address, behind which a whole hall of judges may be.
MOST_AN_HOUR, OPENED_AN_HOUR = 60, 300


class ForCoordinators(JamPageMixin):
    """What only those open who coordinate judges."""

    tab = "rate"
    desk_page = "judges"

    def admit(self) -> None:
        if refusal := judging.coordinate_refusal(self.request.user, self.jam):
            raise PermissionDenied(refusal.label)

    @cached_property
    def may_change(self) -> bool:
        user, moment = self.request.user, self.request.moment
        return judging.change_refusal(user, self.jam, moment) is None

    @property
    def by(self) -> dict[str, Any]:
        return {"by": self.request.user, "moment": self.request.moment}


@keeping.keeps_words
# A page that shows a secret is kept nowhere.
@method_decorator(never_cache, name="dispatch")
class JudgesView(ForCoordinators, TemplateView):
    """The judges with how far each is, and the forms to name more."""

    template_name = "ratings/judges.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        words = keeping.kept(request) or {}
        kept = {f"{words.get('act')}_form": self.forms[words["act"]](words)} if (
            words.get("act") in self.forms
        ) else {}  # fmt: skip
        return self.render_to_response(self.get_context_data(**kept))

    @property
    def forms(self) -> dict[str, type]:
        return {"invite": JudgeForm, "link": LinkForm}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(judging.progress_of(self.jam), PER_PAGE)
        page = page.get_page(self.request.GET.get("page"))
        for name, form in self.forms.items():
            kwargs.setdefault(f"{name}_form", form())
        asked = self.jam.role_invitations.open(self.request.moment).filter(role=Role.JUDGE)
        return super().get_context_data(
            page=page,
            judges=[{"judge": judge, "link": self.link_in_words(judge)} for judge in page],
            invitations=list(asked.select_related("invited_by")),
            may_change=self.may_change,
            rules=self.jam.rating_eligibility,
            **kwargs,
        )

    def link_in_words(self, judge: Judge) -> str:
        """Whether a judge comes by a link: "", "live" or "over"."""
        if judge.holds_until is None:
            return ""
        link = JudgeLink(expires_at=judge.holds_until, revoked_at=judge.was_revoked)
        return "live" if self.request.moment in link.window else "over"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        act = request.POST.get("act", "")
        if act in self.forms:
            return self.take_in(act)
        acts: dict[str, Callable[[], HttpResponse]] = {
            "renew": self.renew, "revoke": self.revoke, "off": self.take_off,
            "withdraw": self.withdraw,
        }  # fmt: skip
        if act not in acts:
            raise Http404
        try:
            return acts[act]()
        except Refused as refused:
            messages.warning(request, refused.label)
        return self.back()

    def back(self) -> HttpResponse:
        return redirect("ratings:judges", self.jam.slug)

    @property
    def judge(self) -> Judge:
        judges = self.jam.judges.select_related("jam", "user")
        return get_object_or_404(judges, pk=key_of(self.request.POST.get("judge", "")))

    def take_in(self, act: str) -> HttpResponse:
        """Invite a judge, by mail or by a link, from what was typed."""
        request, form = self.request, self.forms[act](self.request.POST)
        if form.is_valid():
            try:
                often = f"judges:{request.user.pk}"
                if not limits.within(often, MOST_AN_HOUR, 3600, request.moment):
                    raise Refused(RoleRefusal.TOO_MANY)
                if act == "link":
                    link, secret = judging.invite_by_link(
                        jam=self.jam,
                        shown_at=once.shown_at(request),
                        **form.cleaned_data,
                        **self.by,
                    )
                    return self.show_link(link, secret)
                giving_roles.invite(jam=self.jam, role=Role.JUDGE, **form.cleaned_data, **self.by)
            except Refused as refused:
                form.add_error(None, refused.label)
            else:
                messages.success(request, _("They are asked by mail."))
                return self.back()
        return self.render_to_response(self.get_context_data(**{f"{act}_form": form}), status=422)

    def show_link(self, link: JudgeLink, secret: str) -> HttpResponse:
        """The one page that shows the secret."""
        url = settings.SITE_URL + reverse("ratings:judge_link", args=[secret])
        return self.render_to_response(self.get_context_data(made=link, url=url))

    def renew(self) -> HttpResponse:
        return self.show_link(*judging.renew_link(judge=self.judge, **self.by))

    def revoke(self) -> HttpResponse:
        judging.revoke_link(judge=self.judge, **self.by)
        messages.success(self.request, _("The link has ended, and whatever it had opened."))
        return self.back()

    def take_off(self) -> HttpResponse:
        judging.take_off(judge=self.judge, **self.by)
        messages.success(self.request, _("They judge no more."))
        return self.back()

    def withdraw(self) -> HttpResponse:
        asked = RoleInvitation.objects.filter(jam=self.jam, role=Role.JUDGE).select_related("jam")
        found = asked.filter(pk=key_of(self.request.POST.get("invitation", ""))).first()
        if found is None:
            raise Refused(RoleRefusal.GONE)
        giving_roles.withdraw(invitation=found, **self.by)
        messages.success(self.request, _("The invitation is taken back."))
        return self.back()


class JudgeView(ForCoordinators, TemplateView):
    """What one judge was given by hand, and more to give."""

    template_name = "ratings/judge.html"

    @cached_property
    def judge(self) -> Judge:
        judges = self.jam.judges.select_related("jam", "user")
        return get_object_or_404(judges, pk=self.kwargs["pk"])

    @property
    def q(self) -> str:
        return self.request.GET.get("q", "").replace("\0", "").strip()[:100]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        judge = self.judge
        given = list(judging.given_to(self.jam, judge.user))
        open_to = (
            submissions_for(self.jam, judge.user)
            .in_the_running()
            .filter(is_own=False, is_conflicted=False)
            .exclude(pk__in=[each.submission_id for each in given])
        )
        found = open_to.search(self.q, names=False) if self.q else open_to
        found = found.annotate(places=F("need__places")).order_by("places", "frozen__title", "pk")
        found = found.select_related("frozen").defer("body", "frozen__content")
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            judge=judge,
            given=given,
            page=page,
            q=self.q,
            query=f"q={self.q}&" if self.q else "",
            may_change=self.may_change,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        chosen = [key_of(pk) for pk in request.POST.getlist("submission")[:PER_PAGE]]
        try:
            if request.POST.get("act") == "take":
                judging.unassign(judge=self.judge, submission=sum(chosen[:1]), **self.by)
                messages.success(request, _("Taken back. What was rated stays."))
            elif not chosen:
                messages.warning(request, _("Choose at least one submission."))
            else:
                n = judging.assign(judge=self.judge, submissions=chosen, **self.by)
                text = ngettext("%(n)s submission is given to them.",
                                "%(n)s submissions are given to them.", n)  # fmt: skip
                messages.success(request, text % {"n": n})
        except Refused as refused:
            messages.warning(request, refused.label)
        return redirect("ratings:judge", self.jam.slug, self.judge.pk)


@public
@method_decorator(never_cache, name="dispatch")
class JudgeLinkView(TemplateView):
    """Opening the link asks, since programs open links to look at them; the button signs in."""

    template_name = "ratings/judge_link.html"

    @cached_property
    def link(self) -> JudgeLink:
        """Raises Http404: nobody learns whether it ever was one."""
        request = self.request
        often = f"judge-link:{client_address(request)}"
        if not limits.within(often, OPENED_AN_HOUR, 3600, request.moment):
            raise PermissionDenied(_("Those were many links. Go on in an hour."))
        found = judging.found_by(self.kwargs["secret"], request.moment)
        if found is None:
            raise Http404(_("This link does not hold, or not any more. Ask whoever gave it to "
                            "you for a new one."))  # fmt: skip
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(link=self.link, jam=self.link.judge.jam, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        judge_sessions.begin(request, self.link)
        return redirect("ratings:rate", self.link.judge.jam.slug)
