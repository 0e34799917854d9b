import logging

from celery import shared_task

from jam import clock
from jam.models import Jam
from submissions import freezing

logger = logging.getLogger(__name__)


@shared_task(name="submissions.close_due")
def close_due() -> None:
    """Close the submissions of every jam that is due: found cheaply, decided under the lock."""
    now = clock.now()
    for jam in Jam.objects.closing_due(now).filter(closing=None):
        try:
            freezing.close(jam, now)
        except Exception:
            # One jam that cannot be closed must not keep the others from it.
            logger.exception("submissions of %s could not be closed", jam.slug)
