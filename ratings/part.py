from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jam import timeline
from jam.models import Jam
from jam.parts import Action, Number, Part, Reader, Section, Step, Tab
from jam.timeline import Phase
from ratings.admin import CriterionInline, JudgeInline, RatingRulesInline
from ratings.defaults import CRITERIA
from ratings.freezing import AT_ONCE, results_of
from ratings.models import Criterion, Rating, RatingRules, Results, Score
from ratings.permissions import eligibility_refusal, rating_refusal
from ratings.wording import rule_sentence
from submissions.models import Contributor, Submission
from submissions.permissions import is_on_team


class RatingsPart(Part):
    """Criteria, the queue, results."""

    def facts(self) -> dict[str, Any]:
        return {"has_results": Exists(Results.objects.filter(jam=OuterRef("pk")))}

    def numbers(self, moment: datetime) -> list[Number]:
        complete = (
            Rating.objects.complete()
            .filter(submission__jam=OuterRef("pk"))
            .order_by()
            .values("submission__jam")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return [
            Number(
                "ratings",
                gettext_lazy("ratings"),
                Coalesce(Subquery(complete, output_field=IntegerField()), 0),
            )
        ]

    def tabs(self, jam: Jam, reader: Reader) -> list[Tab]:
        moment = reader.moment
        rate = results = ""
        if jam.rating_window.is_before(moment):
            rate = _("from %(when)s") % {"when": day(jam.ratings_open_at)}
        if not timeline.results_due(jam, moment):
            results = _("on %(when)s") % {"when": day(jam.results_at)}
        return [
            Tab("rate", _("Rate"), reverse("ratings:rate", args=[jam.slug]), rate),
            Tab("results", _("Results"), reverse("ratings:results", args=[jam.slug]), results),
        ]

    def sections(self, jam: Jam, reader: Reader) -> list[Section]:
        criteria = list(Criterion.objects.filter(jam=jam).select_related("jam__rating_rules"))
        if not criteria:
            return []
        rules = RatingRules.of(criteria[0].jam)
        context = {
            "criteria": criteria,
            "weighted": len({criterion.weight for criterion in criteria}) > 1,
            "who": _("Who rates: %(who)s. Nobody rates their own work.")
            % {"who": rules.get_eligibility_display()},
            "rule": rule_sentence(rules.rule, rules.least),
        }
        return [
            Section(_("How submissions are rated"), "criteria", "ratings/_criteria.html", context)
        ]

    def submission_sections(
        self, jam: Jam, submission: Submission, reader: Reader
    ) -> list[Section]:
        """On a submission's page: the way to rate it, or to its results."""
        context: dict[str, Any] = {}
        if jam.has_results and timeline.results_due(jam, reader.moment):
            if submission.is_frozen and not submission.disqualified_at:
                url = reverse("ratings:submission_results", args=[jam.slug, submission.pk])
                context["action"] = Action(_("See its results"), url, icon="trophy")
        elif reader.moment in jam.rating_window and reader.user.is_authenticated:
            if is_on_team(reader.user, submission):
                n = Rating.objects.complete().filter(submission=submission).count()
                context["text"] = _("Ratings so far: %(n)s. What they say comes with the results.")
                context["text"] %= {"n": n}
            elif rating_refusal(reader.user, submission, jam, reader.moment) is None:
                url = reverse("ratings:submission", args=[jam.slug, submission.pk])
                context["action"] = Action(_("Rate this submission"), url, icon="star")
        if not context:
            return []
        return [Section(_("Rating"), "rating", "ratings/_on_submission.html", context)]

    def step(self, jam: Jam, reader: Reader) -> Step | None:
        phase = jam.phase_at(reader.moment)
        if phase == Phase.RATING:
            return self.rating_step(jam, reader)
        if phase == Phase.FINISHED:
            return self.results_step(jam, reader)
        return None

    def rating_step(self, jam: Jam, reader: Reader) -> Step:
        url = reverse("ratings:rate", args=[jam.slug])
        if not reader.user.is_authenticated:
            return Step(
                weight=60,
                title=_("Rate what was made"),
                text=_("Sign in, and you are given a submission that needs ratings."),
                action=Action(_("Sign in to rate"), f"{reverse('account_login')}?next={url}"),
                more=(
                    Action(
                        _("See the submissions"), reverse("submissions:gallery", args=[jam.slug])
                    ),
                ),
            )
        if (refusal := eligibility_refusal(reader.user, jam)) is not None:
            return Step(
                weight=60,
                title=_("Rating is under way"),
                refusal=refusal.label,
                action=Action(
                    _("See the submissions"), reverse("submissions:gallery", args=[jam.slug])
                ),
            )
        counted = Rating.objects.filter(rater=reader.user, submission__jam=jam).aggregate(
            done=Count("pk", filter=Q(completed_at__isnull=False)), all=Count("pk")
        )
        target = RatingRules.of(jam).target
        progress = {"done": counted["done"], "target": target}
        if not counted["all"]:
            title = _("Rate your first submission")
        elif counted["done"] < target:
            title = _("Rate the next one: %(done)s of %(target)s") % progress
        else:
            title = _("You have rated %(done)s. One more?") % progress
        return Step(
            weight=60,
            title=title,
            text=_("You are given the submission that needs ratings most."),
            action=Action(
                _("Rate the next one"),
                reverse("ratings:next", args=[jam.slug]),
                post=True,
                icon="star",
            ),
            more=(Action(_("Your ratings"), url),),
        )

    def results_step(self, jam: Jam, reader: Reader) -> Step:
        url = reverse("ratings:results", args=[jam.slug])
        if not jam.has_results:
            return Step(
                weight=70,
                title=_("Counting"),
                text=_("The results are here in a few minutes."),
                action=Action(
                    _("See the submissions"), reverse("submissions:gallery", args=[jam.slug])
                ),
            )
        if reader.user.is_authenticated:
            own = (
                Contributor.objects.filter(
                    user=reader.user,
                    submission__in=Submission.objects.filter(jam=jam).in_the_running(),
                )
                .order_by("pk")
                .first()
            )
            if own is not None:
                own_url = reverse("ratings:submission_results", args=[jam.slug, own.submission_id])
                return Step(
                    weight=75,
                    title=_("Your results are out"),
                    text=_("See how your submission stands, and what its raters wrote."),
                    action=Action(_("Your results"), own_url, icon="trophy"),
                    more=(Action(_("All results"), url),),
                )
        return Step(
            weight=70,
            title=_("The results are out"),
            text=_("Every score can be opened to see how it was computed."),
            action=Action(_("See the results"), url, icon="trophy"),
        )

    def refresh(self, jam: Jam, moment: datetime) -> None:
        if jam.has_results or not jam.is_published or not timeline.results_due(jam, moment):
            return
        scores = Score.objects.filter(rating__submission__jam=jam)
        if scores[: AT_ONCE + 1].count() <= AT_ONCE:
            jam.has_results = results_of(jam, moment) is not None
            jam.is_closed = jam.is_closed or jam.has_results

    def set_up(self, jam: Jam) -> None:
        RatingRules.objects.get_or_create(jam=jam)
        if not Criterion.objects.filter(jam=jam).exists():
            Criterion.objects.bulk_create(
                Criterion(
                    jam=jam,
                    order=order,
                    name=str(criterion["name"]),
                    question=str(criterion["question"]),
                    **{
                        f"guidance_{stars}": str(line)
                        for stars, line in enumerate(criterion["guidance"], start=1)
                    },
                )
                for order, criterion in enumerate(CRITERIA)
            )

    def admin_inlines(self) -> list[type]:
        return [RatingRulesInline, CriterionInline, JudgeInline]


def day(at: datetime) -> str:
    """A date in the reader's zone, with its weekday."""
    return date_format(localtime(at), "D j M")
