"""What ratings bring to the organizers' desk; nothing of it depends on their values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jam import growing, timeline
from jam.charts import Bar, Bars
from jam.desk import Decision, DeskPage, Group, counted
from jam.models import Act, Jam, Participation, User
from jam.parts import Number, Part, Reader, Section
from ratings import coverage
from ratings.models import Appeal, Award, Conflict, Judge, Prize, Rating, Results, Skip
from submissions.models import Submission

# Rating that lasts longer is drawn by days.
DRAWN_BY_HOURS = 4 * growing.DAY
# What changes what is counted.
VOIDING = ("voided a rating", "restored a rating")


class DeskPart(Part):
    """Coverage, and what is to be looked into before the results."""

    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        moment = reader.moment
        closed = "" if jam.rating_window.is_over(moment) else _from(jam.ratings_close_at)
        out = "" if timeline.results_due(jam, moment) else _from(jam.results_at)

        def page(group: Group, name: str, label: str, to_come: str = "") -> DeskPage:
            url = reverse(f"ratings:{name}", args=[jam.slug])
            return DeskPage(group, name, label, url, to_come)

        rules = reverse("ratings:rules", args=[jam.slug])
        pages = [
            DeskPage(Group.SET_UP, "rating_rules", _("Rules for rating"), rules),
            page(Group.SET_UP, "criteria", _("Criteria")),
            page(Group.SET_UP, "prizes", _("Prizes")),
            page(Group.SUBMISSIONS, "submissions", _("All submissions")),
            page(Group.RATINGS, "coverage", _("Coverage")),
            page(Group.RATINGS, "judges", _("Judges")),
        ]
        if jam.has_choice_prizes:
            pages.append(page(Group.RATINGS, "awards", _("Awards"), closed))
        return [
            *pages,
            page(Group.RATINGS, "ceremony", _("Ceremony"), out),
            page(Group.FAIRNESS, "integrity", _("Integrity"), closed),
            page(Group.FAIRNESS, "appeals", _("Appeals and feedback"), closed),
        ]

    def person_facts(self, jam: Jam) -> dict[str, Any]:
        given = Rating.objects.filter(submission__jam=jam)
        judging = Judge.objects.filter(jam=jam, user=OuterRef("pk"))
        return {
            "ratings_completed": counted(given.complete(), "rater"),
            "ratings_begun": counted(given.filter(completed_at=None), "rater"),
            "skipped": counted(Skip.objects.filter(submission__jam=jam), "rater"),
            "conflicts_declared": counted(Conflict.objects.filter(submission__jam=jam), "rater"),
            "is_judge_here": Exists(judging),
        }

    def person_sections(self, jam: Jam, user: User, reader: Reader) -> list[Section]:
        title, context = _("Ratings that they gave"), {"person": user}
        return [Section(title, "ratings", "ratings/_of_person.html", context)]

    def desk_facts(self, user: User, moment: datetime) -> dict[str, Any]:
        choice = Prize.objects.filter(kind=Prize.Kind.CHOICE)
        own = Submission.objects.in_the_running().filter(contributors__user=user.pk)
        results = Results.objects.filter(jam=OuterRef("jam")).order_by("-version")
        voided = Act.objects.filter(
            verb__in=VOIDING,
            jam=OuterRef("pk"),
            moment__gt=Subquery(results.values("frozen_at")[:1]),
        )
        return {
            "desk_target": F("rating_rules__target"),
            "desk_appeals": counted(
                Appeal.objects.filter(answered_at=None), "submission__jam"
            ),
            "desk_not_placed": counted(
                choice.exclude(pk__in=Award.objects.filter(results=None).values("prize"))
            ),
            "desk_contributes": Exists(own.filter(jam=OuterRef("pk"))),
            "desk_voided": Exists(voided),
        }  # fmt: skip

    def funnel(self, jam: Jam) -> list[Number]:
        given = Rating.objects.complete().filter(submission__jam=jam).order_by().values("rater")
        rated = Participation.objects.active().filter(user__in=given)
        return [Number("rated", gettext_lazy("have rated others"), lambda: counted(rated))]

    def decisions(self, jam: Jam, reader: Reader) -> list[Decision]:
        """Only what is to be looked at, and by whom it may be, not what was found."""
        if not timeline.counting_due(jam, reader.moment):
            return []
        is_out = timeline.results_due(jam, reader.moment)
        found = []
        if not jam.desk_contributes:
            found += self._to_look_into(jam, is_out)
        if jam.desk_not_placed and not is_out:
            text = ngettext(
                "%(n)s prize that goes by choice has no winner.",
                "%(n)s prizes that go by choice have no winner.",
                jam.desk_not_placed,
            ) % {"n": jam.desk_not_placed}
            url = reverse("ratings:awards", args=[jam.slug])
            found.append(Decision(text, _("Place the awards"), url))
        return found

    def _to_look_into(self, jam: Jam, is_out: bool) -> list[Decision]:
        integrity = reverse("ratings:integrity", args=[jam.slug])
        found = []
        if not is_out:
            text = _("Rating has closed: see what stands out before the results are out.")
            found.append(Decision(text, _("Look into the ratings"), integrity))
        elif jam.desk_voided:
            text = _("Ratings were voided or restored since the results: they do not show it.")
            found.append(Decision(text, _("Publish a correction"), integrity))
        if jam.desk_appeals:
            text = ngettext(
                "%(n)s appeal has no answer.", "%(n)s appeals have no answer.", jam.desk_appeals
            ) % {"n": jam.desk_appeals}
            url = reverse("ratings:appeals", args=[jam.slug])
            found.append(Decision(text, _("Answer the appeals"), url))
        return found

    def growths(self, jam: Jam) -> list[growing.Growing]:
        length = jam.ratings_close_at - jam.ratings_open_at
        by_hours = length <= DRAWN_BY_HOURS
        unit = growing.HOUR if by_hours else growing.DAY
        clock = growing.Clock(
            "ratings_open_at",
            unit,
            first=0,
            last=max(length // unit, 1),
            head=_("Hours since rating opened") if by_hours else _("Days since rating opened"),
        )
        grown = growing.Growing(
            "ratings",
            _("Ratings given"),
            Rating.objects.complete(),
            path="submission__jam",
            field="completed_at",
            clock=clock,
        )
        return [grown]

    def charts(self, jam: Jam, moment: datetime) -> list[Any]:
        """How many submissions have how many ratings, those under way among them."""
        if jam.rating_window.is_before(moment):
            return []
        target = jam.desk_target or 1
        # Beyond the target it is enough, however many there are.
        places = Least("places", Value(target))
        found = coverage.needs_of(jam).order_by().values_list(places).annotate(n=Count("pk"))
        counts = dict(found)
        if not counts:
            return []
        whole = sum(counts.values())
        bars = tuple(
            Bar(
                _("%(n)s or more") % {"n": n} if n == target else str(n),
                counts.get(n, 0),
                whole,
                url=reverse("ratings:coverage", args=[jam.slug]) if n == 0 else "",
            )
            for n in range(target + 1)
        )
        note = _("Those under way are counted until they lapse.")
        head = (_("Ratings"), _("Submissions"))
        return [Bars("coverage", _("How many ratings submissions have"), head, bars, note)]


def _from(at: datetime) -> str:
    return _("from %(when)s") % {"when": date_format(localtime(at), _("D j M"))}
