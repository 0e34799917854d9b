"""Who has which role in a jam and what each may do; and the roles that the reader is offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import giving_roles, keeping, limits
from jam.errors import Refused
from jam.forms import RoleForm
from jam.giving_roles import RoleRefusal
from jam.models import RoleInvitation, User
from jam.roles import TABLE, Right, Role
from jam.views.pages import JamPageMixin, key_of

PER_PAGE = 50
# Invitations by one person.
MOST_AN_HOUR = 60
# Judges have a page of their own.
OURS = set(Role) - {Role.JUDGE}


@keeping.keeps_words
class RolesView(JamPageMixin, TemplateView):
    """The table of rights, who has what, and for those who give roles the forms to do so."""

    template_name = "jam/roles.html"
    desk_page = "roles"

    def admit(self) -> None:
        if refusal := giving_roles.see_refusal(self.request.user, self.jam):
            raise PermissionDenied(refusal.label)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        return self.render_to_response(self.get_context_data(typed=keeping.kept(request)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jam, user, moment = self.jam, self.request.user, self.request.moment
        gives = giving_roles.give_refusal(user, jam, Role.ORGANIZER) is None
        page = Paginator(giving_roles.holders_of(jam), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        if gives and "form" not in kwargs:
            typed = kwargs.get("typed") or {}
            kwargs["form"] = RoleForm(typed if "email" in typed else None)
        waiting = jam.role_invitations.open(moment).exclude(role=Role.JUDGE)
        return super().get_context_data(
            roles=list(Role),
            rights=[(right, [(role, right in TABLE[role]) for role in Role]) for right in Right],
            page=page,
            holders=[{"user": who, "roles": roles, "others": others_than(roles)}
                     for who, roles in page],
            gives=gives,
            invitations=list(waiting.select_related("invited_by")) if gives else [],
            **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        acts: dict[str, Callable[[], str]] = {
            "take": self.take, "change": self.change, "withdraw": self.withdraw
        }  # fmt: skip
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return self.invite()
        try:
            messages.success(request, act())
        except Refused as refused:
            messages.warning(request, refused.label)
        gone = giving_roles.see_refusal(request.user, type(self.jam).objects.get(pk=self.jam.pk))
        return redirect("jam:detail" if gone else "jam:roles", self.jam.slug)

    def invite(self) -> HttpResponse:
        request, form = self.request, RoleForm(self.request.POST)
        if form.is_valid():
            try:
                if not limits.within(
                    f"roles:{request.user.pk}", MOST_AN_HOUR, 3600, request.moment
                ):
                    raise Refused(RoleRefusal.TOO_MANY)
                giving_roles.invite(
                    jam=self.jam, by=request.user, **form.cleaned_data, moment=request.moment
                )
            except Refused as refused:
                form.add_error("email", refused.label)
            else:
                messages.success(request, _("They are asked by mail."))
                return redirect("jam:roles", self.jam.slug)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @property
    def person(self) -> User:
        return get_object_or_404(User, pk=key_of(self.request.POST.get("user", "")))

    @property
    def named(self) -> dict[str, Any]:
        """Who, which role, by whom and when, as the services want it. Raises Refused."""
        role = self.request.POST.get("role", "")
        if role not in OURS:
            raise Refused(RoleRefusal.NOT_HELD)
        return {
            "jam": self.jam,
            "user": self.person,
            "role": role,
            "by": self.request.user,
            "moment": self.request.moment,
        }

    def take(self) -> str:
        giving_roles.take(**self.named)
        return _("Done. They are told.") if self.person != self.request.user else _("Done.")

    def change(self) -> str:
        to = self.request.POST.get("to", "")
        if to not in OURS:
            raise Refused(RoleRefusal.NOT_HELD)
        giving_roles.change(**self.named, to=to)
        return _("Done.")

    def withdraw(self) -> str:
        waiting = RoleInvitation.objects.filter(jam=self.jam).select_related("jam")
        asked = waiting.filter(pk=key_of(self.request.POST.get("invitation", ""))).first()
        if asked is None:
            raise Refused(RoleRefusal.GONE)
        giving_roles.withdraw(invitation=asked, by=self.request.user, moment=self.request.moment)
        return _("The invitation is taken back.")


def others_than(roles: list[Role]) -> list[Role]:
    """The roles that somebody may be changed to."""
    return [role for role in Role if role not in (*roles, Role.JUDGE)]


class OfferedRolesView(TemplateView):
    """What the reader is asked to be, to say yes or no to."""

    template_name = "jam/offered_roles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = giving_roles.offered_to(self.request.user, self.request.moment)
        return super().get_context_data(
            offered=[
                {"invitation": each, "rights": [right.label for right in Right
                                                if right in TABLE[Role(each.role)]]}
                for each in offered[:PER_PAGE]
            ],
            **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        offered = giving_roles.offered_to(request.user, request.moment)
        asked = offered.filter(pk=key_of(request.POST.get("invitation", ""))).first()
        accepts = request.POST.get("act") == "accept"
        try:
            if asked is None:
                raise Refused(RoleRefusal.GONE)
            giving_roles.answer(
                invitation=asked, user=request.user, accepts=accepts, moment=request.moment
            )
        except Refused as refused:
            messages.warning(request, refused.label)
            return redirect("jam:offered_roles")
        if not accepts:
            messages.success(request, _("You said no. Nobody asks why."))
            return redirect("jam:offered_roles")
        messages.success(
            request,
            _("You are %(role)s of %(jam)s.")
            % {"role": asked.get_role_display(), "jam": asked.jam.title},
        )
        return redirect(asked.jam)
