"""The product's settings with a fault, or with sweeps that come more often than each minute."""

from celery.schedules import schedule

from jam.config.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.production.faults.Faults"]  # noqa: F405
FAULT = env.str("FAULT", default="")  # noqa: F405
if seconds := env.float("SWEEP_SECONDS", default=0):  # noqa: F405
    CELERY_BEAT_SCHEDULE = {
        name: {**entry, "schedule": schedule(seconds)}
        for name, entry in CELERY_BEAT_SCHEDULE.items()  # noqa: F405
    }
