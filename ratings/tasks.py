import logging

from celery import shared_task

from jam import clock
from jam.models import Jam
from ratings import freezing

logger = logging.getLogger(__name__)


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
