import logging.config
import os

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jam.config.settings")

app = Celery("peerjam")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def as_in_the_settings(**kwargs) -> None:
    """The worker and beat log as the web server does."""
    logging.config.dictConfig(settings.LOGGING)
