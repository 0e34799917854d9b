import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jam.config.settings")

app = Celery("peerjam")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
