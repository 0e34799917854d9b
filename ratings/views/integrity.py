"""For organizers, once rating has closed: what stands out, voiding, corrections; and for everybody
what a correction changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from jam.errors import Refused
from jam.views.pages import JamPageMixin, public
from ratings import freezing, integrity
from ratings.integrity import Move
from ratings.models import Rating, RatingRules
from ratings.permissions import integrity_refusal
from ratings.showing import rounded
from ratings.tally.suspicions import Finding
from ratings.views.results import ResultsMixin, url_of
from submissions.forms import ReasonForm

PER_PAGE, MOVES_PER_PAGE = 10, 100
# So many pairs at most come with one form.
MOST_PAIRS = 500
# The largest changes of place that are told of a finding; the others are counted.
MOST_MOVES = 5
KINDS = {
    "address": gettext_lazy("Came from one address and rated one submission"),
    "hour": gettext_lazy("Signed up within one hour and rated one submission"),
    "mutual": gettext_lazy("Praised each other’s submissions"),
    "favour": gettext_lazy("Gave far more than others did"),
    "off": gettext_lazy("Far off from everyone"),
    "same": gettext_lazy("Gave every submission the same"),
}


class IntegrityView(JamPageMixin, TemplateView):
    """Findings under pseudonyms, each with what voiding its ratings would change."""

    template_name = "ratings/integrity.html"
    tab = "rate"
    desk_page = "integrity"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        return super().get(request, *args, **kwargs)

    def admit(self) -> None:
        if refusal := integrity_refusal(self.request.user, self.jam, self.request.moment):
            raise PermissionDenied(refusal.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jam, moment = self.jam, self.request.moment
        ballot = freezing.current_ballot(jam)
        before = integrity.overall(ballot.table, ballot.rules)
        findings = integrity.findings_of(jam, ballot)
        page = Paginator(findings, PER_PAGE).get_page(self.request.GET.get("page"))
        found = [(f, integrity.moves_without(ballot, before, f)) for f in page]
        newest = freezing.frozen_results(jam, moment)
        voided = list(
            Rating.objects.filter(submission__jam=jam, voided_at__isnull=False)
            .select_related("submission__frozen", "voided_by")
            .defer("submission__body", "submission__frozen__content")
            .order_by("-voided_at", "pk")[:200]
        )
        keys = {int(s) for f, _moves in found for s in f.submissions}
        keys |= {move.submission for _f, moves in found for move in moves[:MOST_MOVES]}
        titles = integrity.titles_of(keys)
        kwargs.setdefault("reason_form", ReasonForm())
        return super().get_context_data(
            page=page,
            findings=[told(jam, f, moves, titles) for f, moves in found],
            ratings=len(ballot.table.place),
            voided=[
                {"rating": r, "rater": ballot.rules.pseudonym_of(r.rater_id)[:8],
                 "pair": f"{r.submission_id}:{ballot.rules.pseudonym_of(r.rater_id)}"}
                for r in voided
            ],
            newest=newest,
            differs=newest is not None and freezing.digest_of(ballot) != newest.digest,
            **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        act, form = request.POST.get("act", ""), ReasonForm(request.POST)
        if act not in ("void", "restore", "correct"):
            raise Http404
        if not form.is_valid():
            messages.error(request, _("Say why, in at most 500 characters. Nothing was done."))
            return redirect("ratings:integrity", self.jam.slug)
        by = {"jam": self.jam, "by": request.user, "reason": form.cleaned_data["reason"]}
        try:
            said = self.carry_out(act, {**by, "moment": request.moment})
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, said)
        return redirect("ratings:integrity", self.jam.slug)

    def carry_out(self, act: str, given: dict[str, Any]) -> str:
        """Do it, and say what was done."""
        if act == "correct":
            results = integrity.correct(**given)
            return _("Version %(n)s of the results is out.") % {"n": results.version}
        pairs = pairs_of(self.request.POST.getlist("rating")[:MOST_PAIRS])
        if act == "void":
            n = integrity.void(pairs=pairs, **given)
            return ngettext("%(n)s rating is void.", "%(n)s ratings are void.", n) % {"n": n}
        n = integrity.restore(pairs=pairs, **given)
        return ngettext("%(n)s rating counts again.", "%(n)s ratings count again.", n) % {"n": n}


def pairs_of(given: list[str]) -> list[tuple[int, str]]:
    """Pairs of a submission's id and a pseudonym, as the form has them; junk is left out."""
    pairs = (text.partition(":") for text in given)
    return [(int(pk), name) for pk, _colon, name in pairs if pk.isdecimal() and len(pk) < 16]


def told(jam: Any, finding: Finding, moves: list, titles: dict[int, str]) -> dict[str, Any]:
    """A finding in words."""
    numbers = [
        ngettext("%(n)s rating", "%(n)s ratings", len(finding.ratings))
        % {"n": len(finding.ratings)}
    ]
    if finding.kind == "same":
        numbers.append(_("all stars alike"))
    elif finding.kind == "off":
        numbers.append(
            _("%(stars)s stars from others on average, %(times)s times what is usual")
            % {"stars": rounded(finding.stars, 1), "times": rounded(finding.measure, 1)}
        )
    else:
        numbers.append(_("%(stars)s stars above others") % {"stars": rounded(finding.stars, 1)})
    return {
        "kind": KINDS[finding.kind],
        "raters": [str(name)[:8] for name in finding.raters],
        "submissions": [(titles.get(int(s), "?"), url(jam, int(s))) for s in finding.submissions],
        "numbers": ", ".join(numbers),
        "pairs": [f"{submission}:{rater}" for submission, rater in finding.ratings],
        "moves": moves_told(moves[:MOST_MOVES], titles),
        "changes": len(moves),
        "more": len(moves[MOST_MOVES:]),
    }


def url(jam: Any, pk: int) -> str:
    return f"/jams/{jam.slug}/submissions/{pk}/"


def moves_told(moves: Iterable[Move], titles: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {"title": titles.get(m.submission, "?"), "before": m.before, "after": m.after,
         "pk": m.submission}
        for m in moves
    ]  # fmt: skip


@public
class ChangesView(ResultsMixin, TemplateView):
    """What a version of the results changed against the one before it."""

    template_name = "ratings/changes.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.results is None:
            return redirect("ratings:results", self.jam.slug)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        results = self.results
        before = self.jam.results.filter(version=results.version - 1).first()
        if before is None:
            raise Http404
        changes = integrity.changes_between(before, results)
        page = Paginator(changes.moves, MOVES_PER_PAGE).get_page(self.request.GET.get("page"))
        keys = {m.submission for m in page} | {*changes.came, *changes.left}
        titles = integrity.titles_of(keys)
        return super().get_context_data(
            results=results,
            versions=self.versions,
            before=before,
            moves=[{**m, "url": url_of(self.jam, m["pk"])}
                   for m in moves_told(page, titles)],
            page=page,
            query=f"version={results.version}&",
            came=[titles.get(pk, "?") for pk in changes.came],
            left=[titles.get(pk, "?") for pk in changes.left],
            rules_kept=RatingRules.Rule(results.rule).label,
            **kwargs,
        )  # fmt: skip
