"""What raters gave and wrote, for the authors: when they may read it, how it is shown, their
answers; and what they hold against provisional scores."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Prefetch, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.crypto import salted_hmac

from jam import choices, log, outbox, timeline
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Jam, Message, User
from ratings.counting import peers_criteria
from ratings.explaining import Bar
from ratings.models import (
    MOST_STARS,
    Answer,
    Appeal,
    Helpful,
    Rating,
    RatingRules,
    Results,
    Score,
)
from ratings.permissions import (
    answer_appeal_refusal,
    answer_refusal,
    appeal_refusal,
    helpful_refusal,
    release_refusal,
)
from submissions.models import Contributor, Submission

PER_PAGE = 24
KIND, ANSWERS = "feedback", "answers_to_ratings"
# Mails of one sweep, and how long after the release they are still news.
AT_ONCE, NEWS = 300, timedelta(days=14)


def is_released(jam: Jam, rules: RatingRules, moment: datetime) -> bool:
    """Whether authors may read what raters gave and wrote."""
    if rules.feedback == RatingRules.Feedback.BY_HAND:
        return rules.feedback_released_at is not None and timeline.counting_due(jam, moment)
    return timeline.results_due(jam, moment)


def ratings_of(submission: Submission) -> QuerySet[Rating]:
    """The complete ratings of a submission that were not voided, those of judges as well."""
    return Rating.objects.complete().filter(submission=submission, voided_at=None)


def counted_of(submission: Submission, rules: RatingRules) -> QuerySet[Rating]:
    """Those of them that are counted."""
    return ratings_of(submission).of_counted_raters(rules)


def handle_of(pk: int) -> str:
    """What names a rating to its authors: its id would tell which one was begun first."""
    return salted_hmac("feedback", str(pk)).hexdigest()[:16]


def page_of(submission: Submission, number: str | None) -> Page:
    """A page of ratings: signed ones by name, then the others in an order that tells nothing of
    who they are."""

    def place(row: tuple[int, bool, str]) -> tuple[bool, str, str]:
        pk, signed, name = row
        return not signed, name.casefold() if signed else "", handle_of(pk)

    rows = ratings_of(submission).values_list("pk", "signed", "rater__display_name")
    page = Paginator([row[0] for row in sorted(rows, key=place)], PER_PAGE).get_page(number)
    ratings = (
        Rating.objects.select_related("rater", "answer", "helpful")
        .prefetch_related(Prefetch("scores", Score.objects.select_related("criterion")))
        .in_bulk(list(page))
    )
    page.object_list = [ratings[pk] for pk in page]
    for rating in page:
        rating.handle = handle_of(rating.pk)
    return page


def by_handle(submission: Submission, handle: str) -> Rating | None:
    """The rating of `submission` that a handle names."""
    keys = ratings_of(submission).values_list("pk", flat=True)
    found = next((pk for pk in keys if handle_of(pk) == handle), None)
    return ratings_of(submission).filter(pk=found).first()


@dataclass(frozen=True)
class Distribution:
    """How often each number of stars was given on a criterion, from five to one."""

    name: str
    n: int
    mean: float | None
    bars: tuple[Bar, ...]


def distributions_of(submission: Submission, rules: RatingRules) -> list[Distribution]:
    """The distribution of stars on each of the peers' criteria, from the submission's own counted
    ratings alone."""
    criteria = peers_criteria(rules, list(submission.jam.criteria.all()))
    found: dict[int, Counter] = {criterion.pk: Counter() for criterion in criteria}
    scores = Score.objects.filter(rating__in=counted_of(submission, rules), stars__isnull=False)
    for criterion, stars in scores.order_by().values_list("criterion", "stars"):
        if criterion in found:
            found[criterion][stars] += 1
    told = []
    for criterion in criteria:
        counts = found[criterion.pk]
        n, most = counts.total(), max(counts.values(), default=1)
        mean = sum(stars * count for stars, count in counts.items()) / n if n else None
        bars = tuple(
            Bar(stars, counts[stars], round(100 * counts[stars] / most))
            for stars in range(MOST_STARS, 0, -1)
        )
        told.append(Distribution(criterion.name, n, mean, bars))
    return told


@transaction.atomic
def release(*, jam: Jam, by: User, moment: datetime) -> None:
    """Let the authors read what raters gave and wrote, where that is done by hand. Raises
    Refused."""
    RatingRules.objects.get_or_create(jam=jam)
    rules = RatingRules.objects.select_for_update().get(jam=jam)
    refuse(release_refusal(by, jam, rules, moment))
    rules.feedback_released_at = moment
    rules.save(update_fields=["feedback_released_at"])
    log.record("released feedback", jam, by=by, jam=jam, moment=moment)


def tell(jam: Jam, moment: datetime) -> int:
    """Mail contributors once that their feedback is there, a portion at a time; how many."""
    rules = RatingRules.of(jam)
    since = rules.feedback_released_at
    if rules.feedback == RatingRules.Feedback.RESULTS:
        results = Results.objects.filter(jam=jam).order_by("version").first()
        since = results and results.frozen_at
    if since is None or not is_released(jam, rules, moment) or moment - since > NEWS:
        return 0
    prefix = f"feedback:{jam.pk}:"
    key = Concat(Value(prefix), Cast(OuterRef("submission"), CharField()))
    rated = Rating.objects.complete().filter(submission=OuterRef("submission"), voided_at=None)
    waiting = (
        Contributor.objects.filter(
            choices.wanted(KIND, "user"),
            Exists(rated),
            ~Exists(Message.objects.filter(user=OuterRef("user"), key=key)),
            submission__jam=jam,
            submission__frozen__isnull=False,
            user__is_active=True,
        )
        .select_related("user", "submission__frozen")
        .defer("submission__body", "submission__frozen__content")
        .order_by("pk")
    )
    told = 0
    for contributor in waiting[:AT_ONCE]:
        submission = contributor.submission
        told += bool(
            outbox.post(
                user=contributor.user,
                key=f"{prefix}{submission.pk}",
                kind=KIND,
                jam=jam,
                subject=_("What raters say of “%(title)s”") % {"title": submission.frozen.title},
                paragraphs=[
                    _("What raters gave “%(title)s”, and what they wrote to you, is there to read.")
                    % {"title": submission.frozen.title},
                    _("You may answer each of them once."),
                    *certificates_line(jam, moment),
                ],
                action_label=_("Read it"),
                action_path=f"/jams/{jam.slug}/rate/own/{submission.pk}/",
                moment=moment,
            )
        )
    return told


def certificates_line(jam: Jam, moment: datetime) -> list[str]:
    """Where certificates are to be had, once there are those that want results."""
    if not timeline.results_due(jam, moment):
        return []
    address = settings.SITE_URL + reverse("submissions:certificates", args=[jam.slug])
    return [_("What you did in this jam can be certified: %(address)s") % {"address": address}]


@transaction.atomic
def answer(*, rating: Rating, author: User, text: str, moment: datetime) -> Answer:
    """Answer a rating of one's submission, once; its rater is told. Raises Refused."""
    rating = (
        Rating.objects.select_for_update(of=("self",))
        .select_related("submission__jam", "submission__frozen", "rater")
        .get(pk=rating.pk)
    )
    jam = rating.submission.jam
    released = is_released(jam, RatingRules.of(jam), moment)
    refuse(answer_refusal(author, rating, released, text))
    given = Answer.objects.create(
        rating=rating, author=author, text=text.strip(), written_at=moment
    )
    outbox.post(
        user=rating.rater,
        key=f"answer:{rating.pk}",
        kind=ANSWERS,
        jam=jam,
        subject=_("The authors of “%(title)s” answered")
        % {"title": rating.submission.frozen.title},
        paragraphs=[_("They read your rating and wrote:"), given.text],
        action_label=_("See your rating"),
        action_path=f"/jams/{jam.slug}/rate/{rating.submission_id}/",
        moment=moment,
    )
    return given


@transaction.atomic
def mark_helpful(*, rating: Rating, by: User, is_helpful: bool, moment: datetime) -> None:
    """Mark a rating of one's submission as helpful, or take the mark back; twice is as once. Its
    rater sees it once the results are out. Raises Refused."""
    rating = (
        Rating.objects.select_for_update(of=("self",), no_key=True)
        .select_related("submission__jam")
        .get(pk=rating.pk)
    )
    jam = rating.submission.jam
    refuse(helpful_refusal(by, rating, is_released(jam, RatingRules.of(jam), moment)))
    if is_helpful:
        Helpful.objects.get_or_create(rating=rating, defaults={"by": by, "marked_at": moment})
    else:
        Helpful.objects.filter(rating=rating).delete()


def thanks_to(rater: User, jam: Jam, moment: datetime) -> int:
    """How many of a rater's ratings were marked as helpful: none before the results."""
    if not timeline.results_due(jam, moment):
        return 0
    return Helpful.objects.filter(rating__rater=rater, rating__submission__jam=jam).count()


@transaction.atomic
def appeal(*, submission: Submission, author: User, text: str, moment: datetime) -> Appeal:
    """Hold something against provisional scores, once. Raises Refused."""
    locked = Submission.objects.select_for_update(of=("self",)).select_related("jam")
    submission = locked.get(pk=submission.pk)
    rules = RatingRules.of(submission.jam)
    refuse(appeal_refusal(author, submission, rules, text, moment))
    made = Appeal.objects.create(
        submission=submission, author=author, text=text.strip(), made_at=moment
    )
    log.record("appealed", submission, by=author, jam=submission.jam, moment=moment)
    return made


@transaction.atomic
def answer_appeal(*, appeal: Appeal, by: User, text: str, moment: datetime) -> Appeal:
    """Answer an appeal, once; the team is told. Raises Refused."""
    appeal = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("submission__jam", "submission__frozen")
        .get(pk=appeal.pk)
    )
    jam = appeal.submission.jam
    refuse(answer_appeal_refusal(by, jam, appeal, text, moment))
    appeal.answer, appeal.answered_by, appeal.answered_at = text.strip(), by, moment
    appeal.save(update_fields=["answer", "answered_by", "answered_at"])
    log.record("answered an appeal", appeal.submission, by=by, jam=jam, moment=moment)
    for contributor in appeal.submission.contributors.select_related("user"):
        outbox.post(
            user=contributor.user,
            key=f"appeal:{appeal.pk}",
            jam=jam,
            subject=_("Your appeal for “%(title)s” is answered")
            % {"title": appeal.submission.frozen.title},
            paragraphs=[_("The organizers wrote:"), appeal.answer],
            action_label=_("See your page"),
            action_path=f"/jams/{jam.slug}/rate/own/{appeal.submission_id}/",
            moment=moment,
        )
    return appeal
