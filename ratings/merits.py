"""What certificates say of rating and of winning, by the results that hold."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Exists, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam import timeline
from jam.models import Jam, User
from jam.parts import Merit
from ratings.awards import for_what
from ratings.models import Award, Rating, Results, Standing
from submissions.citing.work import address_of, one_line
from submissions.models import Certificate, Submission

Kind = Certificate.Kind


def merits_of(jam: Jam, user: User, moment: datetime) -> list[Merit]:
    """Nothing before the results are out."""
    if not timeline.results_due(jam, moment):
        return []
    newest = Results.objects.filter(jam=jam).order_by("-version").values("pk")[:1]
    return [*rating(jam, user, newest), *winning(jam, user, newest)]


def rating(jam: Jam, user: User, newest: QuerySet) -> list[Merit]:
    """Complete ratings, of what is in the newest results, that were not voided."""
    counted = Standing.objects.filter(results=Subquery(newest), criterion=None)
    n = (
        Rating.objects.complete()
        .filter(Q(rater=user) | Q(rater__merged_into=user), voided_at=None)
        .filter(submission__in=counted.values("submission"))
        .aggregate(n=Count("submission", distinct=True))["n"]
    )
    if not n:
        return []
    sentence = ngettext(
        "rated %(n)s submission of %(jam)s on all of its criteria; the rating counts.",
        "rated %(n)s submissions of %(jam)s on all of its criteria; the ratings count.",
        n,
    ) % {"n": n, "jam": one_line(jam.title)}
    return [Merit(Kind.RATING, sentence, {"ratings": n})]


def winning(jam: Jam, user: User, newest: QuerySet) -> list[Merit]:
    """Prizes of submissions that name the person: by place in the newest results, or by choice."""
    own = Submission.objects.filter(jam=jam).public().of_team_member(user)
    awards = (
        Award.objects.filter(Q(results=Subquery(newest)) | Q(results=None))
        .filter(Exists(Results.objects.filter(jam=jam)), submission__in=own)
        .select_related(
            "prize__track", "prize__site", "submission__frozen", "submission__correction"
        )
        .defer("submission__body")
        .order_by("prize", "pk")
    )
    merits = {}
    for award in awards:
        prize, submission = award.prize, award.submission
        if submission.credit_of(user) is None:
            continue
        submission.jam = jam
        details = [(_("Given for"), for_what(prize)), (_("Submission"), address_of(submission))]
        if prize.giver:
            details.append((_("Given by"), one_line(prize.giver)))
        told = {"prize": one_line(prize.title), "title": one_line(submission.frozen.title)}
        merit = Merit(
            Kind.WINNING,
            _("won “%(prize)s” of %(jam)s with “%(title)s”.")
            % {**told, "jam": one_line(jam.title)},
            told,
            submission=submission.pk,
            thing=str(prize.pk),
            details=tuple(details),
        )
        # By place and by choice as well it is one prize.
        merits.setdefault(merit.key, merit)
    return list(merits.values())
