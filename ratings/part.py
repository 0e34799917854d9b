from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jam import timeline
from jam.models import Jam, User
from jam.parts import Action, Number, Part, Reader, Section, Step, Tab
from jam.timeline import Phase
from ratings import freezing, services
from ratings.admin import CriterionInline, JudgeInline, RatingRulesInline
from ratings.explaining import rule_in_words
from ratings.models import Judge, Rating, RatingRules, Results, Score, Skip, Standing
from ratings.permissions import queue_refusal, rater_refusal
from ratings.raters import Progress, progress_of, rater_in
from submissions.models import Submission
from submissions.permissions import is_on_team


class RatingsPart(Part):
    """Criteria, the queue, results."""

    def facts(self) -> dict[str, Any]:
        return {
            "has_results": Exists(Results.objects.filter(jam=OuterRef("pk"))),
            "rating_eligibility": F("rating_rules__eligibility"),
            "rating_rule": F("rating_rules__rule"),
            "rating_least": F("rating_rules__least"),
        }

    def refresh(self, jam: Jam, moment: datetime) -> None:
        if jam.has_results or not (jam.is_published and timeline.results_due(jam, moment)):
            return
        scores = Score.objects.filter(rating__submission__jam=jam)
        if scores[: freezing.AT_ONCE + 1].count() <= freezing.AT_ONCE:
            jam.has_results = freezing.results_of(jam, moment) is not None

    def numbers(self) -> list[Number]:
        return [Number("ratings", gettext_lazy("ratings given"), _given)]

    def tabs(self, jam: Jam, reader: Reader) -> list[Tab]:
        window, moment = jam.rating_window, reader.moment
        rate_to_come = _from(jam.ratings_open_at) if window.is_before(moment) else ""
        results_to_come = "" if window.is_over(moment) else _from(jam.results_at)
        return [
            Tab("rate", _("Rate"), reverse("ratings:rate", args=[jam.slug]), rate_to_come),
            Tab(
                "results",
                _("Results"),
                reverse("ratings:results", args=[jam.slug]),
                results_to_come,
            ),
        ]

    def sections(self, jam: Jam, reader: Reader) -> list[Section]:
        criteria = tuple(
            (c.name, c.question, tuple(c.guidance), c.weight.normalize())
            for c in jam.criteria.all()
        )
        if not criteria:
            return []
        eligibility = RatingRules.Eligibility(jam.rating_eligibility or "verified")
        context = {
            "criteria": criteria,
            "has_weights": len({weight for *_rest, weight in criteria}) > 1,
            "who_rates": str(eligibility.label),
            "rule_words": rule_in_words(jam.rating_rule, jam.rating_least or 1),
        }
        return [Section(_("Criteria"), "criteria", "ratings/_criteria.html", context)]

    def submission_sections(
        self, jam: Jam, submission: Submission, reader: Reader
    ) -> list[Section]:
        """On a submission's page: its ratings in number, the way to rate it, or its results."""
        moment, pk = reader.moment, submission.pk
        context: dict[str, Any] = {}
        if jam.has_results and timeline.results_due(jam, moment) and submission.is_frozen:
            url = reverse("ratings:submission_results", args=[jam.slug, pk])
            context["action"] = Action(_("See its results"), url, icon="star-fill")
        elif moment in jam.rating_window and reader.user.is_authenticated and submission.is_frozen:
            if is_on_team(reader.user, submission):
                n = Rating.objects.complete().filter(submission=submission).count()
                context["text"] = ngettext(
                    "%(n)s rating so far. What it says comes with the results.",
                    "%(n)s ratings so far. What they say comes with the results.",
                    n,
                ) % {"n": n}
            elif not (
                submission.withdrawn_at
                or submission.disqualified_at
                or queue_refusal(rater_in(jam, reader.user), moment)
            ):
                url = reverse("ratings:submission", args=[jam.slug, pk])
                context["action"] = Action(_("Rate this submission"), url, icon="star")
        if not context:
            return []
        return [Section(_("Rating"), "rating", "ratings/_on_submission.html", context)]

    def step(self, jam: Jam, reader: Reader) -> Step | None:
        match jam.phase_at(reader.moment):
            case Phase.RATING:
                return self.rating_step(jam, reader)
            case Phase.FINISHED:
                return self.results_step(jam, reader)
        return None

    def rating_step(self, jam: Jam, reader: Reader) -> Step:
        if not reader.user.is_authenticated:
            return self.signed_out_step(jam)
        rater = rater_in(jam, reader.user)
        desk = Action(_("My ratings"), reverse("ratings:rate", args=[jam.slug]))
        refusal = rater_refusal(rater)
        if refusal:
            return Step(
                60,
                _("The submissions are being rated"),
                _("The results come when rating has closed and all is counted."),
                eyebrow=_("Just now"),
                refusal=refusal.label,
            )
        progress = progress_of(rater)
        if not progress.left:
            return Step(
                60,
                _("You have rated all that there is for you") if progress.rated
                else _("There is nothing for you to rate"),
                _("You can change your ratings until rating closes.") if progress.rated else "",
                action=desk if progress.rated else None,
            )  # fmt: skip
        draw = Action(
            _("Rate the next one"), reverse("ratings:next", args=[jam.slug]), post=True, icon="star"
        )
        text = _("You are given what has the fewest ratings. Stop whenever you like, and go on.")
        if not progress.rated and rater.is_contributor:
            text = _(
                "Others are rating your submission. Give back what you would like to get: "
                "a few minutes of close reading each."
            )
        return Step(60, in_words(progress), text, action=draw, more=(desk,))

    def signed_out_step(self, jam: Jam) -> Step:
        back = "?" + urlencode({"next": reverse("ratings:rate", args=[jam.slug])})
        sign_in = Action(_("Sign in"), reverse("account_login") + back)
        title = _("The submissions are being rated")
        if jam.rating_eligibility == RatingRules.Eligibility.VERIFIED:
            return Step(
                60,
                title,
                _("Everyone may rate. All it takes is a confirmed e-mail address."),
                action=Action(_("Sign up to rate"), reverse("account_signup") + back),
                more=(sign_in,),
            )
        text = _("If you are one of those who rate, sign in.")
        return Step(60, title, text, action=sign_in)

    def results_step(self, jam: Jam, reader: Reader) -> Step:
        if not jam.has_results:
            return Step(
                70,
                _("Counting"),
                _("The results are being computed. They are here in a few minutes."),
                eyebrow=_("Just now"),
            )
        everything = Action(_("See the results"), reverse("ratings:results", args=[jam.slug]))
        own = None
        if reader.user.is_authenticated:
            own = (
                Standing.objects.filter(
                    results__jam=jam,
                    rule=F("results__rule"),
                    criterion=None,
                    submission__contributors__user=reader.user,
                )
                .select_related("submission__frozen")
                .defer("submission__body", "submission__frozen__content")
                .order_by("-results__version", "rank")
                .first()
            )
        if own is None:
            return Step(
                70,
                _("The results are out"),
                _("Every place, and how it was computed."),
                eyebrow=_("Afterwards"),
                action=everything,
            )
        title = own.submission.frozen.title
        text = _("Where “%(title)s” stands, and what raters wrote to you.") % {"title": title}
        page = reverse("ratings:submission_results", args=[jam.slug, own.submission_id])
        return Step(
            75, _("Your results"), text, action=Action(_("See yours"), page), more=(everything,)
        )

    def set_up(self, jam: Jam) -> None:
        services.set_up(jam=jam)

    def personal_data(self, user: User) -> dict[str, Any]:
        return {
            "ratings": [
                {
                    "jam": rating.submission.jam.title,
                    # As it was handed in: the draft behind it is its team's alone.
                    "submission": rating.submission.frozen.title,
                    "saved at": rating.saved_at,
                    "complete": rating.is_complete,
                    "signed": rating.signed,
                    "strong": rating.strong,
                    "weak": rating.weak,
                    "next": rating.next,
                    "scores": [
                        {"criterion": s.criterion.name, "stars": s.stars, "remark": s.remark}
                        for s in rating.scores.all()
                    ],
                }
                for rating in Rating.objects.filter(rater=user)
                .select_related("submission__jam", "submission__frozen")
                .prefetch_related("scores__criterion")
            ],
            "skipped": list(
                Skip.objects.filter(rater=user).values(
                    "submission__frozen__title", "reason", "skipped_at"
                )
            ),
            "judge of": list(Judge.objects.filter(user=user).values_list("jam__title", flat=True)),
        }

    def person_left(self, user: User, moment: datetime) -> None:
        # They go on counting, without a name.
        Rating.objects.filter(rater=user).update(signed=False)

    def admin_inlines(self) -> list[type]:
        return [RatingRulesInline, CriterionInline, JudgeInline]


def _given() -> Coalesce:
    complete = Rating.objects.complete().filter(submission__jam=OuterRef("pk")).order_by()
    counted = complete.values("submission__jam").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def in_words(progress: Progress) -> str:
    """How far a rater is, as the title of what comes next."""
    if progress.is_done:
        return ngettext(
            "%(n)s rated, and thank you. Rate one more?",
            "%(n)s rated, and thank you. Rate one more?",
            progress.rated,
        ) % {"n": progress.rated}
    return _("Rate the next one: %(rated)s of %(wanted)s") % {
        "rated": progress.rated,
        "wanted": progress.wanted,
    }


def _from(at: datetime) -> str:
    return _("from %(when)s") % {"when": date_format(localtime(at), "D j M")}
