"""The board where people and teams find each other, and what they ask each other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import keeping, limits
from jam.errors import Refused
from jam.models import Jam
from jam.roles import Right, may
from jam.views.pages import JamPageMixin
from jam.views.reporting import ReportMixin
from sites.models import LocalSite
from submissions import services, waking
from submissions.looking_forms import CardForm, Filters
from submissions.models import Ask, Card, CardQuerySet, Contributor, Submission
from submissions.permissions import join_team_refusal
from submissions.permissions.looking import (
    LookingRefusal,
    ask_refusal,
    board_refusal,
    remove_card_refusal,
    show_card_refusal,
)

PER_PAGE = 24
MOST_AN_HOUR = 30


class BoardMixin(JamPageMixin):
    """A page for those who take part; to others there is nothing here."""

    tab = "teams"

    def jams(self) -> Any:
        return super().jams().select_related("submission_rules")

    @cached_property
    def jam(self) -> Jam:
        jam = super().jam
        self.__dict__["jam"] = jam
        if board_refusal(self.request.user, jam, self.reader.participation):
            raise Http404
        return jam

    @cached_property
    def own_card(self) -> Card | None:
        return Card.objects.filter(jam=self.jam, participation__user=self.request.user).first()

    @cached_property
    def own_hours(self) -> int:
        """When the reader is awake: by their card, or as most are in their zone."""
        if self.own_card:
            return self.own_card.hours
        zone = self.request.user.time_zone
        return waking.waking_hours(zone, waking.WAKES, waking.SLEEPS, self.jam.starts_at)

    def cards(self) -> CardQuerySet:
        """What the reader may see of the board, which is empty once teams cannot change."""
        if self.jam.joining_window.is_over(self.request.moment):
            return Card.objects.none()
        return Card.objects.visible_to(self.request.user, self.jam)

    def shown(self, card: Card) -> Card:
        """The card with what its page prints of it."""
        card.jam = self.jam
        card.shared = waking.shared(card.hours, self.own_hours)
        card.language_names = Filters.names_of(card.languages)
        return card


class Board(BoardMixin, TemplateView):
    template_name = "submissions/looking/board.html"
    desk_page = "teams"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jam, user = self.jam, self.request.user
        sites = list(LocalSite.objects.approved().filter(jam=jam).values_list("pk", "name"))
        filters = Filters(self.request.GET, sites=sites)
        cards = filters.of(self.cards(), self.own_hours).with_people()
        page = Paginator(cards, PER_PAGE).get_page(self.request.GET.get("page"))
        mine = self.reader.participation
        refusal = show_card_refusal(user, jam, mine, None, self.request.moment)
        return super().get_context_data(
            page=page,
            cards=[self.shown(card) for card in page],
            filters=filters,
            query=f"{urlencode(filters.asked)}&" if filters.asked else "",
            is_asked=bool(filters.asked),
            has_card=self.own_card is not None,
            refusal=refusal,
            is_before=jam.making_window.is_before(self.request.moment),
            **kwargs,
        )


@keeping.keeps_words
class OwnCard(BoardMixin, TemplateView):
    """The reader's own card: written, changed, taken down."""

    template_name = "submissions/looking/card_form.html"

    @cached_property
    def submission(self) -> Submission | None:
        """The team whose card it is; none if it is a person's own."""
        return None

    @cached_property
    def card(self) -> Card | None:
        return self.own_card

    @property
    def refusal(self) -> Any:
        return show_card_refusal(
            self.request.user, self.jam, self.reader.participation, self.submission,
            self.request.moment,
        )  # fmt: skip

    def form(self, data: Any = None) -> CardForm:
        zone = self.request.user.time_zone
        return CardForm(data, instance=self.card, zone=zone)

    def shown_page(self, form: CardForm, refusal: Any, status: int) -> HttpResponse:
        context = self.get_context_data(
            form=form, refusal=refusal, card=self.card, submission=self.submission
        )
        return self.render_to_response(context, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Before what was kept is taken: to others there is nothing here.
        refusal = self.refusal
        return self.shown_page(self.form(keeping.kept(request)), refusal, 403 if refusal else 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "remove":
            if self.card:
                self.card.jam = self.jam
                services.remove_card(card=self.card, by=request.user, moment=request.moment)
            messages.success(request, _("The card is down."))
            return redirect("submissions:board", self.jam.slug)
        form, refusal = self.form(request.POST), self.refusal
        if refusal or not form.is_valid():
            return self.shown_page(form, refusal, 403 if refusal else 422)
        try:
            card = services.show_card(
                jam=self.jam, by=request.user, said=form.said, submission=self.submission,
                moment=request.moment,
            )  # fmt: skip
        except Refused as refused:
            return self.shown_page(form, refused.refusal, 403)
        messages.success(request, _("Your card is on the board."))
        return redirect("submissions:card", self.jam.slug, card.pk)


class TeamCard(OwnCard):
    """The card of a team, by one of its contributors."""

    @cached_property
    def submission(self) -> Submission:
        own = Contributor.objects.filter(user=self.request.user).values("submission")
        submissions = Submission.objects.filter(jam=self.jam, pk__in=own).with_contributors()
        submission = get_object_or_404(submissions, pk=self.kwargs["pk"])
        submission.jam = self.jam
        return submission

    @cached_property
    def card(self) -> Card | None:
        return Card.objects.filter(submission=self.submission).with_people().first()


class CardMixin(BoardMixin):
    """One card that the reader may see."""

    @cached_property
    def card(self) -> Card:
        card = self.shown(get_object_or_404(self.cards().with_people(), pk=self.kwargs["card_pk"]))
        if card.is_team:
            card.submission.jam = self.jam
        return card

    @cached_property
    def teams(self) -> list[Submission]:
        """Those of the reader that may invite."""
        own = Contributor.objects.filter(user=self.request.user).values("submission")
        submissions = Submission.objects.filter(jam=self.jam, withdrawn_at=None, pk__in=own)
        found = list(submissions.with_contributors()[:20])
        for submission in found:
            submission.jam = self.jam
        return found


@keeping.keeps_words
class CardPage(CardMixin, TemplateView):
    """A card, with the form to ask the team or to invite the person."""

    template_name = "submissions/looking/card.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        card, user, refusal, teams = self.card, self.request.user, None, []
        is_own = user in card.people
        if card.is_team and not is_own:
            refusal = ask_refusal(
                submission=card.submission, user=user, participation=self.reader.participation,
                by=user, moment=self.request.moment,
            )  # fmt: skip
        elif not is_own:
            whom, moment = card.participation.user, self.request.moment
            refusals = [join_team_refusal(whom, team, moment) for team in self.teams]
            teams = [t for t, why in zip(self.teams, refusals, strict=True) if why is None]
            refusal = next(iter(refusals), None) if not teams else None
        may_remove = may(user, self.jam, Right.MODERATE) and not is_own
        context = {"card": card, "is_own": is_own, "refusal": refusal, "teams": teams,
                   "has_team": bool(self.teams) if not card.is_team else True,
                   "may_remove": may_remove}  # fmt: skip
        return super().get_context_data(**{**context, **kwargs})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.card  # noqa: B018 -- nothing that was kept is given back where there is no card
        words = keeping.kept(request) or {}
        return self.render_to_response(self.get_context_data(typed=words.get("text", "")))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        card, user = self.card, request.user
        typed = request.POST.get("text", "")[:600]
        try:
            if request.POST.get("act") == "remove":
                reason = request.POST.get("reason", "")[:500]
                if remove_card_refusal(user, card, "a reason to come"):
                    raise PermissionDenied(LookingRefusal.NOT_YOURS.label)
                services.remove_card(card=card, by=user, reason=reason, moment=request.moment)
                messages.success(request, _("The card is down."))
                return redirect("submissions:board", self.jam.slug)
            if not limits.within(f"ask:{user.pk}", MOST_AN_HOUR, 3600, request.moment):
                raise Refused(LookingRefusal.TOO_MANY)
            self.ask(typed)
        except Refused as refused:
            context = self.get_context_data(typed=typed, error=refused.label)
            return self.render_to_response(context, status=422)
        messages.success(request, _("It is on its way. The answer comes by mail, and stands here."))
        return redirect("submissions:asks", self.jam.slug)

    def ask(self, typed: str) -> None:
        card, user, moment = self.card, self.request.user, self.request.moment
        if card.is_team:
            services.ask(submission=card.submission, user=user, by=user, text=typed, moment=moment)
            return
        chosen = self.request.POST.get("team", "")
        team = next((team for team in self.teams if str(team.pk) == chosen), None)
        if team is None:
            raise Refused(LookingRefusal.NOT_TEAM)
        services.ask(
            submission=team, user=card.participation.user, by=user, text=typed, moment=moment
        )


class ReportCard(CardMixin, ReportMixin):
    @property
    def thing(self) -> Card:
        return self.card


class Asks(BoardMixin, TemplateView):
    """What the reader and their teams asked, and are asked."""

    template_name = "submissions/looking/asks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asks = Ask.objects.concerning(self.request.user, self.jam)
        page = Paginator(asks, PER_PAGE).get_page(self.request.GET.get("page"))
        for ask in page:
            ask.is_mine_to_answer = (ask.user_id == self.request.user.pk) == ask.is_invitation
        is_over = self.jam.making_window.is_over(self.request.moment)
        return super().get_context_data(page=page, is_over=is_over, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pk = request.POST.get("ask", "")
        asks = Ask.objects.concerning(request.user, self.jam)
        ask = get_object_or_404(asks, pk=pk if pk.isdecimal() and len(pk) < 16 else 0)
        ask.submission.jam = self.jam
        act = request.POST.get("act")
        try:
            if act == "withdraw":
                services.withdraw_ask(ask=ask, by=request.user, moment=request.moment)
                messages.success(request, _("It is taken back."))
            else:
                accept = act == "accept"
                services.answer_ask(ask=ask, by=request.user, accept=accept, moment=request.moment)
                told = _("You are a team now.") if accept else _("It is declined.")
                messages.success(request, told)
        except Refused as refused:
            messages.warning(request, refused.label)
        return redirect("submissions:asks", self.jam.slug)
