"""What time it is. Processes on several machines have one clock: the database's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone


def shared() -> datetime | None:
    """The database's time; None for SQLite, which has none but the machine's."""
    if connection.vendor != "postgresql" or not settings.DATABASE_CLOCK:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def difference() -> timedelta:
    """How far this machine's clock is behind the database's."""
    theirs = shared()
    return theirs - timezone.now() if theirs else timedelta(0)


def now() -> datetime:
    """The time by which sweeps and commands act: a machine whose clock is wrong neither closes a
    jam too early nor keeps it open."""
    return shared() or timezone.now()
