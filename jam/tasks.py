from celery import shared_task
from django.utils import timezone

from jam import outbox


@shared_task(name="jam.send_mail_due")
def send_mail_due() -> None:
    """Send what waits in the outbox."""
    outbox.send_due(timezone.now())
