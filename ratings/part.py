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

from jam import caching, timeline
from jam.archive.tables import Table
from jam.exports import Export
from jam.models import Jam, User
from jam.parts import Action, Merit, Number, Reader, Section, Step, Tab
from jam.roles import Role
from jam.timeline import Phase
from ratings import attesting, awards, exports, freezing, merits, queue, services, tables
from ratings.admin import CriterionInline, JudgeInline, PrizeInline, RatingRulesInline
from ratings.desk_part import DeskPart
from ratings.dry_run_part import DryRunPart
from ratings.explaining import rule_in_words
from ratings.models import (
    Prize,
    Rating,
    RatingRules,
    Results,
    Score,
    Standing,
)
from ratings.people import PeoplePart
from ratings.permissions import awarding_refusal, queue_refusal, rater_refusal
from ratings.raters import Progress, progress_of, rater_in
from ratings.setting_up import SettingUpPart
from ratings.telling import TellingPart
from submissions.models import Submission
from submissions.permissions import is_on_team


class RatingsPart(SettingUpPart, DeskPart, DryRunPart, PeoplePart, TellingPart):
    """Criteria, the queue, results."""

    def facts(self) -> dict[str, Any]:
        return {
            "has_results": Exists(Results.objects.filter(jam=OuterRef("pk"))),
            "rating_eligibility": F("rating_rules__eligibility"),
            "rating_rule": F("rating_rules__rule"),
            "rating_least": F("rating_rules__least"),
            "rating_appeals": F("rating_rules__appeals"),
            "rating_released": F("rating_rules__feedback_released_at"),
            "has_prizes": Exists(Prize.objects.filter(jam=OuterRef("pk"))),
            "has_choice_prizes": Exists(
                Prize.objects.filter(jam=OuterRef("pk"), kind=Prize.Kind.CHOICE)
            ),
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
        sections = [*self.criteria_section(jam), *self.prizes_section(jam)]
        return self.judges_section(jam, reader) + sections

    def judges_section(self, jam: Jam, reader: Reader) -> list[Section]:
        """To those who coordinate judges without organizing, who have a desk, where that is done:
        judges are invited before there is a page to rate on."""
        if not jam.is_helped_by(reader.user, Role.COORDINATOR):
            return []
        if jam.is_organized_by(reader.user):
            return []
        return [Section(_("Judges"), "judges", "ratings/_judges.html", {}, leads=True)]

    def criteria_section(self, jam: Jam) -> list[Section]:
        eligibility = RatingRules.Eligibility(jam.rating_eligibility or "verified")
        # Where only judges rate, all are for all who rate.
        marks = eligibility != RatingRules.Eligibility.JUDGES
        criteria = tuple(
            (c.name, c.question, tuple(c.guidance), c.weight.normalize(), c.judges_only and marks)
            for c in caching.kept(jam, "criteria", lambda: list(jam.criteria.all()))
        )
        if not criteria:
            return []
        context = {
            "criteria": criteria,
            "has_weights": len({weight for *_rest, weight, _mark in criteria}) > 1,
            "who_rates": str(eligibility.label),
            "rule_words": rule_in_words(jam.rating_rule, jam.rating_least or 1),
        }
        return [Section(_("Criteria"), "criteria", "ratings/_criteria.html", context)]

    def prizes_section(self, jam: Jam) -> list[Section]:
        if not jam.has_prizes:
            return []
        context = {"prizes": awards.prizes_of(jam)}
        return [Section(_("Prizes"), "prizes", "ratings/_prizes.html", context)]

    def place_sections(self, jam: Jam, place: Any, reader: Reader) -> list[Section]:
        """What was won by what was made at a local site, once the results are out."""
        if not (jam.has_prizes and jam.has_results and timeline.results_due(jam, reader.moment)):
            return []
        won = awards.awards_at(place)
        if not won:
            return []
        return [Section(_("Won here"), "won-here", "ratings/_won_here.html", {"awards": won})]

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
        sections = self.reproducibility_section(jam, submission, reader, context.get("action"))
        if context:
            rating = Section(_("Rating"), "rating", "ratings/_on_submission.html", context)
            sections = [rating, *sections]
        if titles := self.titles_won(jam, submission, moment):
            won = Section(_("Prizes"), "won", "ratings/_won.html", {"titles": titles})
            return [won, *sections]
        return sections

    def reproducibility_section(
        self, jam: Jam, submission: Submission, reader: Reader, rating: Action | None
    ) -> list[Section]:
        """Below the work: the ladder; with the results also who ran it, and how it went."""
        if not submission.is_frozen:
            return []
        are_open = attesting.are_open(jam, reader.moment)
        found = attesting.tried(submission) if are_open else attesting.Tried()
        context = {
            "ladder": attesting.ladder_of(submission, found),
            "tried": found,
            "to_come": not are_open,
        }
        # Whoever may rate it now may say that they ran it.
        if rating and reader.moment in jam.rating_window:
            url = reverse("ratings:attest", args=[jam.slug, submission.pk])
            context["action"] = Action(_("I ran it, or tried to …"), url, icon="play")
        return [
            Section(
                _("Reproducibility"),
                "reproducibility",
                "ratings/_reproducibility.html",
                context,
                below=True,
            )
        ]

    def titles_won(self, jam: Jam, submission: Submission, moment: datetime) -> list[str]:
        out = jam.has_results and timeline.results_due(jam, moment)
        if not (out and jam.has_prizes and submission.is_frozen):
            return []
        return awards.titles_won(submission)

    def merits(self, jam: Jam, user: User, moment: datetime) -> list[Merit]:
        return merits.merits_of(jam, user, moment)

    def step(self, jam: Jam, reader: Reader) -> Step | None:
        match jam.phase_at(reader.moment):
            case Phase.RATING:
                return self.rating_step(jam, reader)
            case Phase.COUNTING:
                return self.awards_step(jam, reader) or self.own_step(jam, reader)
            case Phase.FINISHED:
                return self.results_step(jam, reader)
        return None

    def awards_step(self, jam: Jam, reader: Reader) -> Step | None:
        """For judges and organizers, between the last rating and the results."""
        if not (jam.has_choice_prizes and reader.user.is_authenticated):
            return None
        if awarding_refusal(rater_in(jam, reader.user), reader.moment):
            return None
        return Step(
            60,
            _("Who wins the prizes that go by choice?"),
            _("Judges and organizers place them, each with a reason. Everybody sees them with the "
              "results."),
            action=Action(
                _("Place the awards"), reverse("ratings:awards", args=[jam.slug]), icon="star"
            ),
        )  # fmt: skip

    def own_step(self, jam: Jam, reader: Reader) -> Step | None:
        """For authors, before the results, where there is something to read already."""
        appeals = jam.rating_appeals and reader.moment in timeline.appealing_window(jam)
        released = jam.rating_released and timeline.counting_due(jam, reader.moment)
        if not (reader.user.is_authenticated and (appeals or released)):
            return None
        running = Submission.objects.filter(jam=jam).in_the_running()
        own = running.of_team_member(reader.user).only("pk").first()
        if own is None:
            return None
        page = Action(_("See it"), reverse("ratings:own", args=[jam.slug, own.pk]), icon="star")
        text = _("What they wrote is there as well.") if released else ""
        if appeals:
            text += " " + _("It is provisional, and your team may appeal until the results.")
        return Step(55, _("What raters gave your submission"), text.strip(), action=page)

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
        own, more = None, ()
        if reader.user.is_authenticated:
            url = reverse("submissions:certificates", args=[jam.slug])
            more = (Action(_("My certificates"), url),)
            own = (
                Standing.objects.filter(
                    results__jam=jam,
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
                more=more,
            )
        title = own.submission.frozen.title
        text = _("Where “%(title)s” stands, and what raters wrote to you.") % {"title": title}
        page = reverse("ratings:submission_results", args=[jam.slug, own.submission_id])
        see = Action(_("See yours"), page)
        return Step(75, _("Your results"), text, action=see, more=(everything, *more))

    def set_up(self, jam: Jam) -> None:
        services.set_up(jam=jam)

    def submissions_frozen(self, jam: Jam) -> None:
        queue.enter(jam)

    def export_tables(self) -> list[Table]:
        return tables.tables()

    def left_out_of_exports(self) -> dict[type, str]:
        return tables.left_out()

    def exports(self, jam: Jam, moment: datetime) -> list[Export]:
        return exports.exports_of(jam, moment)

    def jam_taken_in(self, jam: Jam, moment: datetime) -> None:
        queue.rebuild(jam, moment)

    def admin_inlines(self) -> list[type]:
        return [RatingRulesInline, CriterionInline, JudgeInline, PrizeInline]


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
    return _("from %(when)s") % {"when": date_format(localtime(at), _("D j M"))}
