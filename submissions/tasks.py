import logging

from celery import shared_task
from django.db.models import Exists, OuterRef, Q

from jam import clock
from jam.models import Jam
from jam.timeline import Phase
from submissions import freezing, reminding
from submissions.models import LateGrant

logger = logging.getLogger(__name__)


@shared_task(name="submissions.remind_due")
def remind_due() -> None:
    """Tell teams of every jam whose deadline is near what their drafts lack."""
    now = clock.now()
    for jam in Jam.objects.published().in_phase(Phase.MAKING, moment=now):
        try:
            reminding.remind(jam, now)
        except Exception:
            logger.exception("teams of %s could not be reminded", jam.slug)


@shared_task(name="submissions.close_due")
def close_due() -> None:
    """Close the submissions of every jam that is due: found cheaply, decided under the lock."""
    now = clock.now()
    grants = LateGrant.objects.live().filter(submission__jam=OuterRef("pk"))
    for jam in Jam.objects.closing_due(now).filter(Q(closing=None) | Exists(grants)):
        try:
            freezing.close(jam, now)
        except Exception:
            # One jam that cannot be closed must not keep the others from it.
            logger.exception("submissions of %s could not be closed", jam.slug)
