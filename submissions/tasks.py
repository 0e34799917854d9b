import logging

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from jam import clock, timeline
from jam.models import Jam
from jam.timeline import Phase
from submissions import asking, freezing, ladders, link_answers, reminding, services
from submissions.models import LateGrant

logger = logging.getLogger(__name__)


@shared_task(name="submissions.remind_due")
def remind_due() -> None:
    """Tell those who take part in a jam whose deadline is near what is still to do."""
    now = clock.now()
    for jam in Jam.objects.published().in_phase(Phase.MAKING, moment=now):
        try:
            reminding.remind(jam, now)
            reminding.remind_idle(jam, now)
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


@shared_task(name="submissions.send_receipts")
def send_receipts() -> None:
    """Write the receipts that were left when submissions of large jams were closed."""
    now = clock.now()
    closed = Jam.objects.filter(closing__closed_at__gt=now - freezing.RECEIPTS_FOR)
    for jam in closed.filter(timeline.happens_here("closing__closed_at")):
        try:
            with transaction.atomic():
                freezing.send_receipts(jam, now)
        except Exception:
            logger.exception("receipts of %s could not be written", jam.slug)


@shared_task(name="submissions.ask_due")
def ask_due() -> None:
    """Ask authors who agreed what became of their work."""
    now = clock.now()
    for jam in asking.due(now):
        try:
            asking.ask(jam, now)
        except Exception:
            logger.exception("authors of %s could not be asked", jam.slug)


@shared_task(name="submissions.sweep_uploads")
def sweep_uploads() -> None:
    """Forget uploads that nobody went on with. Until then they count; afterwards they are gone,
    swept or not."""
    services.sweep_uploads(clock.now())


@shared_task(name="submissions.look_at_files")
def look_at_files() -> None:
    """Look at files that were stored before there was a ladder."""
    while ladders.look_at_files() == ladders.PORTION:
        pass


@shared_task(name="submissions.ask_links")
def ask_links() -> None:
    """Ask the hosts of links whether they answer, where the operator allows it."""
    if settings.CHECK_LINKS:
        link_answers.ask_due(clock.now())
