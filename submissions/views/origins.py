"""Choosing what a draft grew from and builds on, and telling what became of a submission."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from jam import choices, keeping
from jam.errors import Refused
from jam.models import Idea
from submissions import asking, services
from submissions.forms import ContinuationForm
from submissions.models import Submission
from submissions.permissions import ContinuationRefusal, continue_refusal, origins_refusal
from submissions.views.pages import TeamMixin

# Of each kind, for one search.
MOST_FOUND = 20


def asked_for(words: str, host: str) -> tuple[str, int] | None:
    """The idea or submission whose address `words` are, as ("idea" or "earlier", key)."""
    try:
        address = urlsplit(words.strip())
        found = resolve(address.path)
    except (ValueError, Resolver404):
        return None
    if address.netloc not in ("", host) or "pk" not in found.kwargs:
        return None
    kind = {"jam": "idea", "submissions": "earlier"}.get(found.app_name)
    if kind == "idea" and "idea" not in (found.url_name or ""):
        return None
    return (kind, found.kwargs["pk"]) if kind else None


def keys_in(values: list[str]) -> list[tuple[str, int]]:
    """Which ideas and submissions posted values like "idea-3" name; what is none is left out."""
    pairs = [value.partition("-") for value in values[:100]]
    return [
        (kind, int(pk))
        for kind, _hyphen, pk in pairs
        if kind in ("idea", "earlier") and pk.isdecimal() and len(pk) < 16
    ]


class Origins(TeamMixin, TemplateView):
    """What is chosen, a search, and what it found, each with a box to tick."""

    template_name = "submissions/origins.html"

    @property
    def asked(self) -> str:
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        return given.get("q", "").replace("\0", "").strip()[:300]

    def ideas(self) -> QuerySet[Idea]:
        """Those that were looked for; without a search, the jam's newest."""
        ideas = services.ideas_to_choose().select_related("jam", "author")
        if not self.asked:
            return ideas.filter(jam=self.jam)[:MOST_FOUND]
        if found := asked_for(self.asked, self.request.get_host()):
            return ideas.filter(pk=found[1]) if found[0] == "idea" else ideas.none()
        return ideas.found_by(self.asked, authors=False)[:MOST_FOUND]

    def works(self) -> QuerySet[Submission]:
        works = services.works_to_choose(self.submission, self.request.moment)
        works = works.select_related("jam", "frozen")
        works = works.defer("body", "frozen__content")
        if not self.asked:
            return works.none()
        if found := asked_for(self.asked, self.request.get_host()):
            return works.filter(pk=found[1]) if found[0] == "earlier" else works.none()
        for word in self.asked.split()[:8]:
            works = works.filter(frozen__title__icontains=word)
        return works.order_by("frozen__title", "pk")[:MOST_FOUND]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refusal = origins_refusal(self.request.user, self.submission, self.request.moment)
        chosen = self.submission.origin_list
        there = {(o.idea_id, o.earlier_id) for o in chosen}
        return super().get_context_data(
            submission=self.submission,
            refusal=refusal,
            chosen=chosen,
            asked=self.asked,
            ideas=[] if refusal else [i for i in self.ideas() if (i.pk, None) not in there],
            works=[] if refusal else [w for w in self.works() if (None, w.pk) not in there],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ticked = keys_in(request.POST.getlist("chosen"))
        shown = keys_in(request.POST.getlist("shown"))
        is_script = "application/json" in request.headers.get("Accept", "")
        try:
            services.choose_origins(
                submission=self.submission,
                by=request.user,
                add=ticked,
                remove=set(shown) - set(ticked),
                moment=request.moment,
            )
        except Refused as refused:
            if is_script:
                return JsonResponse({"error": refused.label}, status=403)
            messages.error(request, refused.label)
            return self.render_to_response(self.get_context_data(ticked=ticked), status=403)
        if is_script:
            return JsonResponse({"saved_at": request.moment.isoformat()})
        here = reverse("submissions:origins", args=[self.jam.slug, self.submission.pk])
        if "find" in request.POST:
            return redirect(f"{here}?{urlencode({'q': self.asked})}" if self.asked else here)
        messages.success(request, _("Saved."))
        return redirect("submissions:edit", self.jam.slug, self.submission.pk)


@keeping.keeps_words
class Continued(TeamMixin, TemplateView):
    """What became of a submission after the results: a list, a form, and whether to be asked."""

    template_name = "submissions/continued.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        form = ContinuationForm(keeping.kept(request), year=request.moment.year)
        return self.render_to_response(self.get_context_data(form=form))

    def admit(self) -> ContinuationRefusal | None:
        """Raises Http404 before there is such a page."""
        refusal = continue_refusal(self.request.user, self.submission, self.request.moment)
        if refusal == ContinuationRefusal.TOO_EARLY:
            raise Http404
        return refusal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            submission=self.submission,
            refusal=self.admit(),
            continuations=self.submission.continuations.all(),
            is_asked=choices.wants(self.request.user, asking.KIND),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        act = request.POST.get("act")
        own = {"submission": self.submission, "by": request.user, "moment": request.moment}
        if act == "ask":
            how = choices.How.NOW if request.POST.get("wanted") == "yes" else choices.How.NEVER
            choices.choose(user=request.user, chosen={asking.KIND: how}, moment=request.moment)
            messages.success(request, _("Noted."))
            return redirect("submissions:continued", self.jam.slug, self.submission.pk)
        form = ContinuationForm(None if act == "remove" else request.POST, year=request.moment.year)
        status = 422
        try:
            if act == "remove":
                pk = request.POST.get("pk", "")
                if pk.isdecimal() and len(pk) < 16:
                    services.remove_continuation(pk=int(pk), **own)
                    messages.success(request, _("It is gone from the page."))
                return redirect("submissions:continued", self.jam.slug, self.submission.pk)
            if form.is_valid():
                services.add_continuation(**form.cleaned_data, **own)
                messages.success(request, _("It is shown on your submission’s page."))
                return redirect("submissions:continued", self.jam.slug, self.submission.pk)
        except Refused as refused:
            messages.error(request, refused.label)
            status = 403
        return self.render_to_response(self.get_context_data(form=form), status=status)
