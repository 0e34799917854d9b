"""Telling people that rating has opened, that it ends soon, and that the results are out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from jam import outbox, telling, timeline
from jam.audiences import Audience
from jam.languages import gettext_later as _
from jam.languages import ngettext_later as ngettext
from jam.models import Jam, Participation, User
from jam.parts import MailKind, Part
from ratings import feedback, reminding
from ratings.coverage import behind
from ratings.freezing import frozen_results
from ratings.models import Judge, Rating, RatingRules
from ratings.permissions import rater_refusal
from ratings.raters import progress_of, rater_in
from submissions.models import Contributor, Submission

RATING = "rating"
RESULTS = "results"
BEHIND = "behind"
DAY = timedelta(hours=24)
NEWS = timedelta(days=3)

Eligibility = RatingRules.Eligibility


class TellingPart(Part):
    """What people are told about rating: the kinds of mails, and an audience."""

    def mail_kinds(self) -> list[MailKind]:
        return [
            MailKind(RATING, gettext("rating has opened, and ends soon with some to go")),
            MailKind(reminding.KIND, gettext("ratings that I began and that do not count yet")),
            MailKind(feedback.KIND, gettext("what raters say of my submissions")),
            # It would tell which submissions they rated.
            MailKind(
                feedback.ANSWERS, gettext("answers of authors to my ratings"), is_private=True
            ),
            MailKind(RESULTS, gettext("results are out")),
        ]

    def audiences(self, jam: Jam, by: User) -> list[Audience]:
        if not jam.is_organized_by(by):
            return []
        return [Audience(BEHIND, gettext("raters who began ratings and did not complete them"))]

    # Who is behind is told by what was begun, whatever stars there are.
    def people_in(self, jam: Jam, name: str, of: int | None, moment: datetime) -> Any:
        return behind(jam, moment) if name == BEHIND else None

    def announced_to(self, jam: Jam, user: User, moment: datetime) -> Q:
        return Q(Exists(behind(jam, moment).filter(pk=user.pk)), audience=BEHIND)

    def involved(self, jam: Jam) -> list[Any]:
        return [Rating.objects.filter(submission__jam=jam).values("rater")]


def tell_opened(jam: Jam, moment: datetime) -> int:
    """Mail those who may rate that rating has opened; how many mails."""
    if moment not in timeline.opened_window(jam, DAY) or not _running(jam).exists():
        return 0
    return telling.tell(
        _raters(jam),
        key=f"rating-opened:{jam.pk}:{jam.ratings_open_at:%Y-%m-%d %H:%M}",
        kind=RATING,
        moment=moment,
        write=lambda user: {
            "jam": jam,
            "boundary": "ratings_open_at",
            "until": timeline.last_call_window(jam, DAY).opens_at,
            "subject": _("Rating has opened in %(jam)s") % {"jam": jam.title},
            "paragraphs": [
                _("You are given what has the fewest ratings, one at a time. A few minutes of "
                  "close reading each; stop whenever you like, and go on."),
                _("Rating closes on %(when)s.")
                % {"when": outbox.tell(jam.ratings_close_at, user.time_zone)},
            ],
            "action_label": _("Rate the first one"),
            "action_path": f"/jams/{jam.slug}/rate/",
        },
    )  # fmt: skip


def tell_last_call(jam: Jam, moment: datetime) -> int:
    """Mail those who made something or have begun to rate, and have some ratings to go, that
    rating ends soon; how many mails."""
    if moment not in timeline.last_call_window(jam, DAY):
        return 0
    completed = Rating.objects.complete().filter(submission__in=_running(jam), rater=OuterRef("pk"))
    counted = completed.order_by().values("rater").annotate(n=Count("pk")).values("n")
    begun = Rating.objects.filter(submission__in=_running(jam)).values("rater")
    people = (
        _raters(jam)
        .filter(Q(pk__in=_contributors(jam)) | Q(pk__in=begun))
        .annotate(completed=Coalesce(Subquery(counted), 0))
        .filter(completed__lt=RatingRules.of(jam).target)
    )
    return telling.tell(
        people,
        key=f"rating-ends:{jam.pk}:{jam.ratings_close_at:%Y-%m-%d %H:%M}",
        kind=RATING,
        moment=moment,
        write=lambda user: _last_call(jam, user),
    )


def _last_call(jam: Jam, user: User) -> dict[str, Any] | None:
    rater = rater_in(jam, user)
    progress = progress_of(rater)
    to_go = min(progress.wanted - progress.rated, progress.left)
    if to_go <= 0 or rater_refusal(rater):
        return None
    return {
        "jam": jam,
        "boundary": "ratings_close_at",
        "until": jam.ratings_close_at,
        "subject": ngettext(
            "Rating ends soon, and you have %(n)s to go",
            "Rating ends soon, and you have %(n)s to go",
            to_go,
        )
        % {"n": to_go},
        "paragraphs": [
            _("You have rated %(rated)s of %(wanted)s.")
            % {"rated": progress.rated, "wanted": progress.wanted},
            _("Rating closes on %(when)s.")
            % {"when": outbox.tell(jam.ratings_close_at, user.time_zone)},
        ],
        "action_label": _("Rate the next one"),
        "action_path": f"/jams/{jam.slug}/rate/",
    }


def tell_results(jam: Jam, moment: datetime) -> int:
    """Mail those who took part, made something or rated that the results are out; how many."""
    if moment not in timeline.published_window(jam, NEWS) or not frozen_results(jam, moment):
        return 0
    raters = Rating.objects.complete().filter(submission__in=_running(jam)).values("rater")
    people = User.objects.filter(
        Q(pk__in=_participants(jam)) | Q(pk__in=_contributors(jam)) | Q(pk__in=raters)
    )
    return telling.tell(
        people,
        key=f"results:{jam.pk}",
        kind=RESULTS,
        moment=moment,
        write=lambda user: {
            "jam": jam,
            "subject": _("The results of %(jam)s are out") % {"jam": jam.title},
            "paragraphs": [
                _("See how everything did, on each criterion and overall, with what the numbers "
                  "stand on. Anybody can compute them again."),
            ],
            "action_label": _("See the results"),
            "action_path": f"/jams/{jam.slug}/results/",
        },
    )  # fmt: skip


def _running(jam: Jam) -> QuerySet[Submission]:
    return Submission.objects.filter(jam=jam).in_the_running()


def _participants(jam: Jam) -> QuerySet:
    return Participation.objects.active().filter(jam=jam).values("user")


def _contributors(jam: Jam) -> QuerySet:
    return Contributor.objects.filter(submission__in=_running(jam)).values("user")


def _raters(jam: Jam) -> QuerySet[User]:
    """Who may rate and has to do with the jam."""
    judges = Q(pk__in=Judge.objects.filter(jam=jam).values("user"))
    made, joined = Q(pk__in=_contributors(jam)), Q(pk__in=_participants(jam))
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    match RatingRules.of(jam).eligibility:
        case Eligibility.VERIFIED:
            return User.objects.filter(judges | ((made | joined) & Exists(verified)))
        case Eligibility.PARTICIPANTS:
            return User.objects.filter(judges | joined)
        case Eligibility.CONTRIBUTORS:
            return User.objects.filter(judges | made)
    return User.objects.filter(judges)
