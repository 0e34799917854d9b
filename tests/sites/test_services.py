from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from jam.errors import Refused
from jam.models import Act, Message
from jam.services import cancel
from sites import services
from sites.models import LocalSite, Place
from sites.permissions import SiteRefusal
from tests.factories import (
    MOMENTS,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.sites.factories import LocalSiteFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["announced"]

FIELDS = {
    "name": "Library", "venue": "Old Library", "address": "1 Long Street", "city": "Aarhus",
    "country": "DK", "time_zone": "Europe/Copenhagen", "capacity": 5,
}  # fmt: skip


def participant(jam):
    return ParticipationFactory(jam=jam).user


def refusal_of(call, **kwargs) -> SiteRefusal:
    with pytest.raises(Refused) as caught:
        call(**kwargs)
    return caught.value.refusal


# -- joining -----------------------------------------------------------------------------------


def test_a_place_is_taken_and_given_back():
    site = LocalSiteFactory()
    user = participant(site.jam)
    place = services.join(site=site, user=user, shown=True, moment=NOW)
    assert place.shown
    assert LocalSite.objects.with_taken().get().taken == 1
    services.leave(site=site, user=user, moment=NOW)
    assert LocalSite.objects.with_taken().get().taken == 0
    assert Place.objects.count() == 1, "the row stays as a trace"


def test_joining_another_site_moves_the_place():
    site = LocalSiteFactory()
    other = LocalSiteFactory(jam=site.jam)
    user = participant(site.jam)
    services.join(site=site, user=user, moment=NOW)
    services.join(site=other, user=user, moment=NOW)
    assert Place.objects.taken().get().site == other


def test_a_move_that_is_refused_keeps_the_old_place():
    site, full = LocalSiteFactory(), LocalSiteFactory(capacity=1)
    full.jam = site.jam
    full.save()
    services.join(site=full, user=participant(site.jam), moment=NOW)
    user = participant(site.jam)
    services.join(site=site, user=user, moment=NOW)
    assert refusal_of(services.join, site=full, user=user, moment=NOW) == SiteRefusal.FULL
    assert Place.objects.taken().get(participation__user=user).site == site


@pytest.mark.parametrize(
    ("site_fields", "is_in", "moment", "refusal"),
    [
        ({}, True, NOW, None),
        ({}, True, SUBMISSIONS_CLOSE - TICK, None),
        ({}, True, SUBMISSIONS_CLOSE, SiteRefusal.CLOSED),
        ({}, True, SUBMISSIONS_CLOSE + TICK, SiteRefusal.CLOSED),
        ({}, False, NOW, SiteRefusal.NOT_IN),
        ({"is_open": False}, True, NOW, SiteRefusal.NOT_OPEN),
        ({"is_open": False, "approved_at": None}, True, NOW, SiteRefusal.NOT_APPROVED),
        (
            {"is_open": False, "declined_at": NOW, "decline_reason": "no"},
            True,
            NOW,
            SiteRefusal.NOT_APPROVED,
        ),
    ],
)
def test_who_may_join_when(site_fields, is_in, moment, refusal):
    site = LocalSiteFactory(**site_fields)
    user = participant(site.jam) if is_in else UserFactory()
    if refusal is None:
        assert services.join(site=site, user=user, moment=moment).site == site
    else:
        assert refusal_of(services.join, site=site, user=user, moment=moment) == refusal


def test_leaving_needs_a_place_there_and_an_open_window():
    site = LocalSiteFactory()
    user = participant(site.jam)
    assert refusal_of(services.leave, site=site, user=user, moment=NOW) == SiteRefusal.NO_PLACE
    services.join(site=site, user=user, moment=NOW)
    late = refusal_of(services.leave, site=site, user=user, moment=SUBMISSIONS_CLOSE)
    assert late == SiteRefusal.CLOSED


def test_cancelling_the_participation_frees_the_place():
    site = LocalSiteFactory()
    user = participant(site.jam)
    services.join(site=site, user=user, moment=NOW)
    cancel(jam=site.jam, user=user, moment=NOW)
    assert not Place.objects.taken().exists()


# -- proposing and deciding --------------------------------------------------------------------


def test_from_proposal_to_open():
    jam = JamFactory()
    proposer, organizer = participant(jam), UserFactory()
    jam.organizers.add(organizer)
    site = services.propose(jam=jam, by=proposer, fields=FIELDS, moment=NOW)
    assert list(site.organizers.all()) == [proposer]
    refused = refusal_of(services.set_open, site=site, by=proposer, is_open=True, moment=NOW)
    assert refused == SiteRefusal.NOT_APPROVED
    services.approve(site=site, by=organizer, moment=NOW)
    site = LocalSite.objects.with_taken().get()
    assert site.state == LocalSite.State.CLOSED, "an approved site starts closed"
    services.set_open(site=site, by=proposer, is_open=True, moment=NOW)
    assert LocalSite.objects.with_taken().get().state == LocalSite.State.OPEN
    verbs = list(Act.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["proposed", "approved", "opened"]
    assert Message.objects.get().to == proposer.email


def test_declining_has_a_reason_that_is_told():
    site = LocalSiteFactory(approved_at=None, is_open=False)
    proposer, organizer = UserFactory(), UserFactory()
    site.organizers.add(proposer)
    site.jam.organizers.add(organizer)
    decline = {"site": site, "by": organizer, "moment": NOW}
    assert refusal_of(services.decline, reason="  ", **decline) == SiteRefusal.NO_REASON
    services.decline(reason="No second exit.", **decline)
    assert LocalSite.objects.with_taken().get().state == LocalSite.State.DECLINED
    assert "No second exit." in Message.objects.get(user=proposer).text


@pytest.mark.parametrize(
    ("act", "extra"),
    [
        (services.approve, {}),
        (services.decline, {"reason": "no"}),
        (services.set_open, {"is_open": False}),
        (services.change, {"fields": {"name": "Mine"}}),
    ],
)
def test_strangers_decide_nothing(act, extra):
    site = LocalSiteFactory()
    stranger = participant(site.jam)
    refusal = refusal_of(act, site=site, by=stranger, moment=NOW, **extra)
    assert refusal == SiteRefusal.NOT_ORGANIZER


def test_a_site_is_not_made_smaller_than_it_is_full():
    site = LocalSiteFactory()
    runner = UserFactory()
    site.organizers.add(runner)
    for _ in range(2):
        services.join(site=site, user=participant(site.jam), moment=NOW)
    change = {"site": site, "by": runner, "moment": NOW}
    assert refusal_of(services.change, fields={"capacity": 1}, **change) == SiteRefusal.TOO_SMALL
    services.change(fields={"capacity": 2}, **change)
    assert LocalSite.objects.with_taken().get().state == LocalSite.State.FULL


# -- the database ------------------------------------------------------------------------------


def test_the_database_allows_one_taken_place():
    site = LocalSiteFactory()
    participation = ParticipationFactory(jam=site.jam)
    Place.objects.create(site=site, participation=participation, taken_at=NOW)
    with pytest.raises(IntegrityError, match="one_place_per_participation|UNIQUE"):
        Place.objects.create(site=site, participation=participation, taken_at=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"capacity": 0},
        {"is_open": True, "approved_at": None},
        {"is_open": False, "declined_at": NOW, "decline_reason": ""},
        {"latitude": 91},
        {"longitude": -181},
    ],
)
def test_the_database_refuses(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalSiteFactory(**fields)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_forty_people_want_the_last_place():
    site = LocalSiteFactory(capacity=1)
    users = [participant(site.jam) for _ in range(40)]
    barrier = threading.Barrier(len(users))
    outcomes = []

    def run(user) -> None:
        try:
            barrier.wait(30)
            services.join(site=site, user=user, moment=NOW)
            outcomes.append("in")
        except Refused as refused:
            outcomes.append(refused.refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes.count("in") == 1
    assert outcomes.count(SiteRefusal.FULL) == 39
    assert Place.objects.taken().count() == 1
