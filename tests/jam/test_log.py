"""The log of acts: one line for each act, with all that it was about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from jam import log
from jam.models import Act
from tests.factories import START, JamFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_line_holds_who_what_whom_when_before_after_and_why():
    jam, user = JamFactory(title="x" * 120), UserFactory()
    act = log.record(
        "moved",
        jam,
        by=user,
        jam=jam,
        before={"starts_at": START, "weight": Decimal("1.50")},
        after={"starts_at": None},
        reason="The hall is taken.",
        moment=START,
    )
    act.refresh_from_db()
    assert (act.verb, act.actor, act.jam, act.moment) == ("moved", user, jam, START)
    assert (act.target_type, act.target_id, act.target_name) == ("jam.jam", str(jam.pk), "x" * 120)
    assert act.before == {"starts_at": "2030-05-03T17:00:00Z", "weight": "1.50"}
    assert act.after == {"starts_at": None}
    assert act.reason == "The hall is taken."


def test_the_clock_acts_too():
    assert log.record("closed", JamFactory(), by=None, moment=START).actor is None


def test_a_line_goes_with_its_transaction():
    jam = JamFactory()
    with transaction.atomic():
        log.record("closed", jam, by=None, jam=jam, moment=START)
        transaction.set_rollback(True)
    assert not Act.objects.exists()


def test_what_the_log_tells_of_cannot_be_deleted():
    jam, user = JamFactory(), UserFactory(verified=False)
    log.record("closed", jam, by=user, jam=jam, moment=START)
    with pytest.raises(ProtectedError):
        user.delete()
    with pytest.raises(ProtectedError):
        jam.delete()
