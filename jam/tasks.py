import logging
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command

from jam import (
    announcing,
    clock,
    digests,
    forgetting,
    outbox,
    reminding,
    resource_links,
    schedule_news,
)
from jam.models import ScheduleChange

logger = logging.getLogger(__name__)
_SWEPT = "swept-at"


def last_sweep() -> datetime | None:
    """When a worker last swept, as far as the cache remembers."""
    return cache.get(_SWEPT)


@shared_task(name="jam.send_mail_due")
def send_mail_due() -> None:
    """Write the digests whose hour has come, and send what waits in the outbox."""
    now = clock.now()
    digests.gather_due(now)
    outbox.send_due(now)
    cache.set(_SWEPT, now, timeout=None)


@shared_task(name="jam.remind_due")
def remind_due() -> None:
    """Tell those who take part in a jam that it starts."""
    now = clock.now()
    for jam in reminding.near_start(now):
        try:
            reminding.remind(jam, now)
        except Exception:
            # One jam about which nothing can be told must not keep the others from it.
            logger.exception("participants of %s could not be told of its start", jam.slug)


@shared_task(name="jam.tell_changes")
def tell_changes() -> None:
    """Tell participants what was moved or cancelled in the schedules of their jams."""
    schedule_news.tell_due(ScheduleChange, schedule_news.participants_of, clock.now())


@shared_task(name="jam.announce_due")
def announce_due() -> None:
    """Write the mails of announcements whose time has come."""
    announcing.send_due(clock.now())


@shared_task(name="jam.forget_due")
def forget_due() -> None:
    """Forget what jams do not keep any longer."""
    forgetting.forget_due(clock.now())


@shared_task(name="jam.clear_sessions")
def clear_sessions() -> None:
    """Remove sessions that have expired."""
    call_command("clearsessions")


@shared_task(name="jam.ask_links")
def ask_links() -> None:
    """Ask whether the links of resources answer, where the operator allows it."""
    if settings.CHECK_LINKS:
        resource_links.ask_due(clock.now())
