"""For those who watch over an installation: does it live, and do its parts answer?"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from jam import clock, tasks


class Wrong(Exception):
    """A part that answers, but not as it should; the text is shown."""


class Check(NamedTuple):
    """A part to be asked. Without a vital one nothing can be done here; without another pages
    and hand-ins go on, and something waits."""

    ask: Callable[[], None]
    vital: bool


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Wrong("not applied")


def _files() -> None:
    name = default_storage.save(f"readyz/{uuid.uuid4().hex}", ContentFile(b"ok"))
    default_storage.delete(name)


def _clock() -> None:
    if abs(clock.difference()) > timedelta(seconds=2):
        raise Wrong("differs from the database's")


def _cache() -> None:
    # Under a name of its own, so that two who ask at once do not disturb each other.
    name = f"readyz:{uuid.uuid4().hex}"
    cache.set(name, "ok", 10)
    if cache.get(name) != "ok":
        raise Wrong("what was put in did not come out")
    cache.delete(name)


def _broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=3)


def _sweeps() -> None:
    """Beat, broker and worker together: something is swept each minute."""
    if (swept_at := tasks.last_sweep()) is None:
        raise Wrong("none yet")
    if clock.now() - swept_at > timedelta(minutes=3):
        raise Wrong(f"none since {swept_at:%Y-%m-%d %H:%M:%S} UTC")


CHECKS: dict[str, Check] = {
    "database": Check(_database, vital=True),
    "migrations": Check(_migrations, vital=True),
    "files": Check(_files, vital=True),
    "clock": Check(_clock, vital=False),
    "cache": Check(_cache, vital=False),
    "broker": Check(_broker, vital=False),
    "sweeps": Check(_sweeps, vital=False),
}


@never_cache
@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """Each part and whether it answers; 503 where requests cannot be served."""
    answers, status = {}, 200
    for name, check in CHECKS.items():
        try:
            check.ask()
        except Exception as error:  # noqa: BLE001 -- any failure is the answer
            answers[name] = str(error) if isinstance(error, Wrong) else type(error).__name__
            status = 503 if check.vital else status
        else:
            answers[name] = "ok"
    return JsonResponse(answers, status=status)
