"""Whatever an organizer does at any address leaves a line in the log: carried out, and counted.

`tests/config/test_verbs.py` reads the code of the services; this asks the pages themselves.
"""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from jam.models import Act
from tests.config.test_matrix import OF_SESSIONS
from tests.world import Address, World, addresses

pytestmark = pytest.mark.django_db

# What is written without a line, by address, and why.
WITHOUT = {
    "jam:block": "nobody else learns of it, the log included",
    "jam:dry_run": "rolled back: nothing of it stays",
    "sites:undo_check_in": "nobody is checked in there, so that nothing is undone",
    "ratings:submission": "what a rating holds is secret; its row says who and when",
    "ratings:autosave": "what a rating holds is secret; its row says who and when",
    "ratings:next": "a place in the queue, which its row tells",
    "ratings:practice": "an exercise",
    "ratings:attest": "what is said is secret until the results; its row says when",
}
# The jam's own, and what somebody does with an account.
OURS = [each for each in addresses() if not each.is_foreign]


def written_by(world: World, address: Address) -> tuple[set[str], int]:
    """Which tables an organizer who posts to `address` writes to, and how many lines they leave;
    all of it is undone."""
    tables: set[str] = set()

    def watch(execute, sql, *rest):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            tables.add(sql.split('"')[1])
        return execute(sql, *rest)

    with transaction.atomic():
        before = Act.objects.count()
        with connection.execute_wrapper(watch):
            world.clients["organizer"].post(world.path(address), world.posted(address.name))
        lines = Act.objects.count() - before
        transaction.set_rollback(True)
    return tables - OF_SESSIONS, lines


@pytest.mark.parametrize("phase", ["announced", "making", "rating", "counting", "finished"])
def test_what_an_organizer_does_leaves_a_line(at, phase, settings, without_log):
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    world = World(phase, at)
    # So that what is due by the clock is not taken for somebody's act.
    world.clients["organizer"].get(f"/jams/{world.jam.slug}/")
    silent, told = {}, 0
    for address in OURS:
        tables, lines = written_by(world, address)
        told += lines > 0
        if tables and not lines and address.name not in WITHOUT:
            silent[address.name] = tables
    assert not silent
    assert told > 5
