"""Joining, cancelling, publishing: who may, when, and what is kept."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from jam import parts, services
from jam.errors import Refused
from jam.models import Act, Jam, Participation
from jam.permissions import (
    CancelRefusal,
    CreateRefusal,
    JoinRefusal,
    PublishRefusal,
    cancel_refusal,
    create_refusal,
    join_refusal,
    publish_refusal,
)
from tests.factories import (
    MOMENTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import TIMES

pytestmark = pytest.mark.django_db


@pytest.fixture
def jam() -> Jam:
    return JamFactory()


@pytest.fixture
def user():
    return UserFactory()


def participation_of(jam, user, state):
    if state == "none":
        return None
    cancelled_at = MOMENTS["announced"] if state == "cancelled" else None
    return ParticipationFactory(jam=jam, user=user, cancelled_at=cancelled_at)


@pytest.mark.parametrize(
    ("signed_in", "published", "state", "moment", "refusal"),
    [
        (True, True, "none", START - timedelta(days=300), None),
        (True, True, "none", START, None),
        (True, True, "none", SUBMISSIONS_CLOSE - TICK, None),
        (True, True, "cancelled", SUBMISSIONS_CLOSE - TICK, None),
        (True, True, "none", SUBMISSIONS_CLOSE, JoinRefusal.WINDOW_CLOSED),
        (True, True, "cancelled", SUBMISSIONS_CLOSE + TICK, JoinRefusal.WINDOW_CLOSED),
        (True, True, "active", MOMENTS["making"], JoinRefusal.ALREADY_IN),
        (True, False, "none", MOMENTS["announced"], JoinRefusal.DRAFT),
        (False, True, "none", MOMENTS["announced"], JoinRefusal.SIGNED_OUT),
        (False, False, "none", SUBMISSIONS_CLOSE, JoinRefusal.SIGNED_OUT),
    ],
)
def test_who_may_join(signed_in, published, state, moment, refusal):
    jam = JamFactory(published_at=START if published else None)
    user = UserFactory() if signed_in else AnonymousUser()
    participation = participation_of(jam, user, state) if signed_in else None
    assert join_refusal(user, jam, participation, moment) == refusal


@pytest.mark.parametrize(
    ("state", "moment", "refusal"),
    [
        ("active", START - timedelta(days=300), None),
        ("active", SUBMISSIONS_CLOSE - TICK, None),
        ("active", SUBMISSIONS_CLOSE, CancelRefusal.WINDOW_CLOSED),
        ("active", SUBMISSIONS_CLOSE + TICK, CancelRefusal.WINDOW_CLOSED),
        ("cancelled", MOMENTS["making"], CancelRefusal.NOT_IN),
        ("none", MOMENTS["making"], CancelRefusal.NOT_IN),
    ],
)
def test_who_may_cancel(jam, user, state, moment, refusal):
    assert cancel_refusal(jam, participation_of(jam, user, state), moment) == refusal


@pytest.mark.parametrize(
    ("staff", "verified", "anyone", "refusal"),
    [
        (True, False, False, None),
        (True, True, True, None),
        (False, True, False, CreateRefusal.STAFF_ONLY),
        (False, True, True, None),
        (False, False, True, CreateRefusal.UNVERIFIED),
    ],
)
def test_who_may_create_a_jam_is_the_operators_setting(settings, staff, verified, anyone, refusal):
    settings.ANYONE_MAY_CREATE_JAMS = anyone
    assert create_refusal(UserFactory(is_staff=staff, verified=verified)) == refusal


@pytest.mark.parametrize(
    ("who", "published", "refusal"),
    [
        ("organizer", False, None),
        ("superuser", False, None),
        ("staff", False, PublishRefusal.NOT_ORGANIZER),
        ("other", False, PublishRefusal.NOT_ORGANIZER),
        ("visitor", False, PublishRefusal.NOT_ORGANIZER),
        ("organizer", True, PublishRefusal.ALREADY_PUBLISHED),
        ("other", True, PublishRefusal.NOT_ORGANIZER),
    ],
)
def test_who_may_publish(who, published, refusal):
    jam = JamFactory(published_at=START if published else None)
    user = AnonymousUser()
    if who != "visitor":
        user = UserFactory(is_staff=who == "staff", is_superuser=who == "superuser")
    if who == "organizer":
        jam.organizers.add(user)
    assert publish_refusal(user, jam) == refusal


def test_joining_cancelling_and_joining_again_keep_one_row_and_each_act(jam, user):
    first = services.join(jam=jam, user=user, moment=START)
    assert (first.joined_at, first.cancelled_at) == (START, None)
    cancelled = services.cancel(jam=jam, user=user, moment=START + TICK)
    assert cancelled.cancelled_at == START + TICK
    again = services.join(jam=jam, user=user, moment=START + 2 * TICK)
    assert Participation.objects.get() == first == again
    assert (again.joined_at, again.cancelled_at) == (START + 2 * TICK, None)
    acts = Act.objects.order_by("pk")
    assert [act.verb for act in acts] == ["joined", "cancelled", "joined"]
    assert {(act.actor, act.jam) for act in acts} == {(user, jam)}


def test_a_refused_join_changes_nothing(jam, user):
    with pytest.raises(Refused) as refused:
        services.join(jam=jam, user=user, moment=SUBMISSIONS_CLOSE)
    assert refused.value.refusal == JoinRefusal.WINDOW_CLOSED
    assert not Participation.objects.exists()
    assert not Act.objects.exists()


def test_a_refused_cancellation_changes_nothing(jam, user):
    ParticipationFactory(jam=jam, user=user)
    with pytest.raises(Refused) as refused:
        services.cancel(jam=jam, user=user, moment=SUBMISSIONS_CLOSE)
    assert refused.value.refusal == CancelRefusal.WINDOW_CLOSED
    assert Participation.objects.get().is_active


def test_a_part_clears_up_when_somebody_cancels(jam, user, monkeypatch):
    told = []
    monkeypatch.setattr(
        parts.Part,
        "participation_cancelled",
        lambda _part, who, by, when: told.append((who, by, when)),
    )
    # Parts with something to clear up have a method of their own; the others share this one.
    participation = ParticipationFactory(jam=jam, user=user)
    services.cancel(jam=jam, user=user, moment=START)
    assert told
    assert set(told) == {(participation, user, START)}


def test_the_database_allows_one_participation_per_person(jam, user):
    ParticipationFactory(jam=jam, user=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParticipationFactory(jam=jam, user=user)


def test_publishing_once(user):
    jam = JamFactory(published_at=None)
    jam.organizers.add(user)
    assert services.publish(jam=jam, by=user, moment=START).published_at == START
    with pytest.raises(Refused) as refused:
        services.publish(jam=jam, by=user, moment=START + TICK)
    assert refused.value.refusal == PublishRefusal.ALREADY_PUBLISHED
    jam.refresh_from_db()
    assert jam.published_at == START
    assert [act.verb for act in Act.objects.all()] == ["published"]


def test_setting_up_makes_its_maker_an_organizer(user):
    jam = Jam.objects.create(title="New", slug="new-one", **TIMES)
    services.set_up(jam=jam, by=user, moment=START)
    assert jam.organizers.get() == user
    assert Act.objects.get().verb == "created"


def test_changing_a_profile_logs_the_fields_and_not_the_words(user):
    profile = {"display_name": "Ada", "bio": "secret of mine", "time_zone": user.time_zone}
    changed = services.change_profile(user=user, profile=profile, moment=START)
    assert (changed.display_name, changed.bio) == ("Ada", "secret of mine")
    act = Act.objects.get()
    assert act.after == {"fields": ["display_name", "bio"]}
    services.change_profile(user=user, profile=profile, moment=START)
    assert Act.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_double_click_joins_once():
    jam, user = JamFactory(), UserFactory()
    ready = threading.Barrier(8)
    problems = []

    def click():
        try:
            ready.wait(timeout=10)
            services.join(jam=jam, user=user, moment=START)
        except Refused as refused:
            if refused.refusal != JoinRefusal.ALREADY_IN:
                problems.append(refused)
        except Exception as error:  # noqa: BLE001 -- told below, in the thread of the test
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert problems == []
    assert Participation.objects.count() == 1
    assert Act.objects.filter(verb="joined").count() == 1
