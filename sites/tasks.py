import logging

from celery import shared_task
from django.db import transaction

from jam import clock, schedule_news
from sites import services
from sites.models import SiteChange
from sites.schedule import people_at

logger = logging.getLogger(__name__)


@shared_task(name="sites.settle_due")
def settle_due() -> None:
    """Note who did not come and which offers lapsed, and offer free places to the next in line."""
    now = clock.now()
    for site in services.due(now):
        try:
            with transaction.atomic():
                services.locked(site, now)
        except Exception:
            # One site that cannot be settled must not keep the others from it.
            logger.exception("places at the site %s could not be settled", site.pk)


@shared_task(name="sites.tell_changes")
def tell_changes() -> None:
    """Tell those who have a place what was moved or cancelled in the schedule of their site."""
    schedule_news.tell_due(SiteChange, people_at, clock.now())
