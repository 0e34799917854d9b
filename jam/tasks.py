from datetime import datetime

from celery import shared_task
from django.core.cache import cache
from django.core.management import call_command

from jam import clock, outbox

_SWEPT = "swept-at"


def last_sweep() -> datetime | None:
    """When a worker last swept, as far as the cache remembers."""
    return cache.get(_SWEPT)


@shared_task(name="jam.send_mail_due")
def send_mail_due() -> None:
    """Send what waits in the outbox."""
    now = clock.now()
    outbox.send_due(now)
    cache.set(_SWEPT, now, timeout=None)


@shared_task(name="jam.clear_sessions")
def clear_sessions() -> None:
    """Remove sessions that have expired."""
    call_command("clearsessions")
