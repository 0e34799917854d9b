"""Every sweep that beat sends exists."""

from __future__ import annotations

import pytest
from django.conf import settings

from jam.config import celery_app


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=lambda e: e["task"])
def test_beat_sends_only_tasks_that_exist(entry):
    celery_app.loader.import_default_modules()
    assert entry["task"] in celery_app.tasks


def test_no_results_are_kept_and_unfinished_tasks_come_again():
    assert celery_app.conf.task_ignore_result
    assert celery_app.conf.task_acks_late
    assert celery_app.conf.result_backend is None
