import logging
from datetime import timedelta

from celery import shared_task

from jam import clock, timeline
from jam.models import Jam
from jam.timeline import Phase
from ratings import feedback, freezing, queue, reminding, telling
from ratings.models import RatingRules
from ratings.proceedings import keeping

logger = logging.getLogger(__name__)
# Jams whose results are older are not looked at any more.
TOLD_FOR = timedelta(days=30)


@shared_task(name="ratings.freeze_due")
def freeze_due() -> None:
    """Freeze the results of every jam that is due: found cheaply, decided under the lock."""
    now = clock.now()
    for jam in Jam.objects.results_due(now).filter(results=None):
        try:
            freezing.results_of(jam, now)
        except Exception:
            # One jam whose results cannot be frozen must not keep the others from theirs.
            logger.exception("results of %s could not be frozen", jam.slug)


@shared_task(name="ratings.news_due")
def news_due() -> None:
    """Tell those whom it concerns that rating has opened, and that the results are out."""
    now = clock.now()
    published = timeline.reached("results_at", now)
    published &= ~timeline.reached("results_at", now, after=telling.NEWS)
    published &= timeline.happens_here("results_at")
    rated = timeline.in_phase(Phase.RATING, now) & timeline.happens_here("ratings_open_at")
    for jam in Jam.objects.published().filter(rated | published):
        try:
            telling.tell_opened(jam, now)
            telling.tell_results(jam, now)
        except Exception:
            logger.exception("nobody could be told of the rating of %s", jam.slug)


@shared_task(name="ratings.remind_behind")
def remind_behind() -> None:
    """Remind the raters of every jam in rating of what they began, and of its end."""
    now = clock.now()
    for jam in Jam.objects.published().in_phase(Phase.RATING, moment=now):
        try:
            reminding.remind(jam, now)
            telling.tell_last_call(jam, now)
        except Exception:
            logger.exception("raters of %s could not be reminded", jam.slug)


@shared_task(name="ratings.find_pieces")
def find_pieces() -> None:
    """Look anew at the graphs of large jams in which places were given back."""
    for rules in RatingRules.objects.filter(pieces_are_stale=True).select_related("jam"):
        queue.mend(rules.jam)


@shared_task(name="ratings.tell_due")
def tell_due() -> None:
    """Tell authors that what raters wrote is there, for as long as that is news."""
    now = clock.now()
    closed = timeline.reached("ratings_close_at", now)
    closed &= timeline.happens_here("results_at")
    for jam in Jam.objects.published().filter(closed, results_at__gt=now - TOLD_FOR):
        try:
            feedback.tell(jam, now)
        except Exception:
            logger.exception("authors of %s could not be told of their feedback", jam.slug)


@shared_task(name="ratings.build_proceedings")
def build_proceedings(jam: int) -> None:
    """Build the proceedings of a large jam; does nothing where they are there, or not due."""
    results = freezing.frozen_results(Jam.objects.get(pk=jam), clock.now())
    if results is not None:
        keeping.build(results)
