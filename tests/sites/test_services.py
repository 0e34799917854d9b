"""Who may do what at a local site, when, and what is kept of it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from jam import services as jam_services
from jam.errors import Refused
from jam.models import Act, Message
from sites import permissions, services
from sites.models import LocalSite, Place
from sites.permissions import SiteRefusal
from tests.factories import (
    MOMENTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.sites.factories import (
    STATES,
    TYPED,
    LocalSiteFactory,
    PlaceFactory,
    participant,
    site_in,
    taken,
)

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]
FIELDS = {**TYPED, "latitude": None, "longitude": None, "capacity": 12}
# A word of the form, which the site does not keep.
del FIELDS["agrees"]


def verbs(target) -> list[str]:
    """What the log tells of a row, in order."""
    acts = Act.objects.filter(target_type=target._meta.label_lower, target_id=str(target.pk))
    return list(acts.order_by("pk").values_list("verb", flat=True))


# -- states ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_states(state):
    assert taken(site_in(state)).state == state


def test_released_places_are_free():
    site = site_in("full")
    site.places.update(released_at=NOW)
    assert (taken(site).state, taken(site).places_left) == (LocalSite.State.OPEN, 1)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ["visitor", "other", "site organizer", "organizer", "superuser"])
def test_who_sees_which_sites(state, who):
    site = site_in(state)
    user = person(who, site)
    seen = LocalSite.objects.visible_to(user, site.jam).filter(pk=site.pk).exists()
    hidden = state in ("proposed", "declined") and who in ("visitor", "other")
    assert seen is not hidden


def person(who: str, site: LocalSite):
    match who:
        case "visitor":
            return AnonymousUser()
        case "site organizer":
            return site.organizers.get()
        case "superuser":
            return UserFactory(is_superuser=True)
    user = UserFactory()
    if who == "organizer":
        site.jam.organizers.add(user)
    return user


def test_sites_of_other_jams_are_elsewhere():
    site = LocalSiteFactory()
    assert not LocalSite.objects.visible_to(AnonymousUser(), JamFactory()).exists()
    assert LocalSite.objects.visible_to(AnonymousUser(), site.jam).get() == site


def test_proposals_come_first_and_what_was_declined_last():
    jam = JamFactory()
    for state in ("declined", "open", "proposed", "closed"):
        site_in(state, jam=jam, name=state, city={"open": "A", "closed": "B"}.get(state, "M"))
    names = [site.name for site in LocalSite.objects.filter(jam=jam).in_order()]
    assert names == ["proposed", "open", "closed", "declined"]


def test_near_is_the_same_zone_then_the_same_continent():
    jam = JamFactory()
    for zone in ("Asia/Tokyo", "Europe/London", "Europe/Prague"):
        LocalSiteFactory(jam=jam, time_zone=zone, city=zone)
    near = LocalSite.objects.filter(jam=jam).near("Europe/Prague")
    assert [site.city for site in near] == ["Europe/Prague", "Europe/London", "Asia/Tokyo"]


# -- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("participation", "moment", "refusal"),
    [
        ("active", START - timedelta(days=300), None),
        ("active", START, None),
        ("active", SUBMISSIONS_CLOSE - TICK, None),
        ("active", SUBMISSIONS_CLOSE, SiteRefusal.CLOSED),
        ("active", SUBMISSIONS_CLOSE + TICK, SiteRefusal.CLOSED),
        ("cancelled", NOW, SiteRefusal.NOT_IN),
        ("none", NOW, SiteRefusal.NOT_IN),
        ("none", SUBMISSIONS_CLOSE, SiteRefusal.CLOSED),
    ],
)
def test_who_may_propose(participation, moment, refusal):
    jam = JamFactory()
    row = participation_of(participation, jam)
    assert permissions.propose_refusal(jam, row, moment) == refusal


def participation_of(state: str, jam):
    if state == "none":
        return None
    return ParticipationFactory(jam=jam, cancelled_at=NOW if state == "cancelled" else None)


@pytest.mark.parametrize(
    ("state", "participation", "place", "moment", "refusal"),
    [
        ("open", "active", "none", START - timedelta(days=300), None),
        ("open", "active", "none", SUBMISSIONS_CLOSE - TICK, None),
        ("open", "active", "none", SUBMISSIONS_CLOSE, SiteRefusal.CLOSED),
        ("open", "active", "none", SUBMISSIONS_CLOSE + TICK, SiteRefusal.CLOSED),
        ("open", "active", "elsewhere", NOW, None),
        ("open", "active", "here", NOW, SiteRefusal.ALREADY_HERE),
        ("closed", "active", "here", NOW, SiteRefusal.ALREADY_HERE),
        ("open", "none", "none", NOW, SiteRefusal.NOT_IN),
        ("open", "cancelled", "none", NOW, SiteRefusal.NOT_IN),
        ("closed", "active", "none", NOW, SiteRefusal.NOT_OPEN),
        ("closed", "none", "none", NOW, SiteRefusal.NOT_OPEN),
        ("full", "active", "none", NOW, SiteRefusal.FULL),
        ("full", "none", "none", NOW, SiteRefusal.FULL),
        ("full", "active", "elsewhere", NOW, SiteRefusal.FULL),
        ("proposed", "active", "none", NOW, SiteRefusal.NOT_APPROVED),
        ("declined", "active", "none", NOW, SiteRefusal.NOT_APPROVED),
        ("full", "active", "none", SUBMISSIONS_CLOSE, SiteRefusal.CLOSED),
    ],
)
def test_who_may_join(state, participation, place, moment, refusal):
    site = site_in(state)
    row = participation_of(participation, site.jam)
    match place:
        case "here":
            place = PlaceFactory(site=site, participation=row)
        case "elsewhere":
            place = PlaceFactory(site=LocalSiteFactory(jam=site.jam), participation=row)
        case _:
            place = None
    assert permissions.join_refusal(taken(site), row, place, moment) == refusal


@pytest.mark.parametrize(
    ("place", "moment", "refusal"),
    [
        ("here", SUBMISSIONS_CLOSE - TICK, None),
        ("here", SUBMISSIONS_CLOSE, SiteRefusal.CLOSED),
        ("here", SUBMISSIONS_CLOSE + TICK, SiteRefusal.CLOSED),
        ("elsewhere", NOW, SiteRefusal.NO_PLACE),
        ("none", NOW, SiteRefusal.NO_PLACE),
    ],
)
def test_who_may_leave(place, moment, refusal):
    site = LocalSiteFactory()
    other = LocalSiteFactory(jam=site.jam)
    row = {"here": site, "elsewhere": other}.get(place)
    place = PlaceFactory(site=row) if row else None
    assert permissions.leave_refusal(site, place, moment) == refusal


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("organizer", None),
        ("superuser", None),
        ("site organizer", None),
        ("other", SiteRefusal.NOT_ORGANIZER),
        ("visitor", SiteRefusal.NOT_ORGANIZER),
    ],
)
def test_who_may_run_a_site(who, refusal):
    site = LocalSiteFactory()
    assert permissions.run_refusal(person(who, site), site) == refusal


@pytest.mark.parametrize(
    ("who", "state", "to_open", "refusal"),
    [
        ("site organizer", "closed", True, None),
        ("organizer", "closed", True, None),
        ("site organizer", "open", False, None),
        ("site organizer", "full", False, None),
        ("site organizer", "open", True, SiteRefusal.NOTHING_TO_DO),
        ("site organizer", "closed", False, SiteRefusal.NOTHING_TO_DO),
        ("site organizer", "proposed", True, SiteRefusal.NOT_APPROVED),
        ("organizer", "declined", True, SiteRefusal.NOT_APPROVED),
        ("other", "closed", True, SiteRefusal.NOT_ORGANIZER),
        ("visitor", "open", False, SiteRefusal.NOT_ORGANIZER),
    ],
)
def test_who_may_open_and_close(who, state, to_open, refusal):
    site = site_in(state)
    assert permissions.open_refusal(person(who, site), site, to_open) == refusal


@pytest.mark.parametrize(
    ("who", "state", "refusal"),
    [
        ("organizer", "proposed", None),
        ("superuser", "proposed", None),
        ("organizer", "declined", None),
        ("organizer", "closed", SiteRefusal.NOTHING_TO_DO),
        ("site organizer", "proposed", SiteRefusal.NOT_ORGANIZER),
        ("other", "proposed", SiteRefusal.NOT_ORGANIZER),
        ("visitor", "proposed", SiteRefusal.NOT_ORGANIZER),
    ],
)
def test_who_may_approve(who, state, refusal):
    site = site_in(state)
    assert permissions.approve_refusal(person(who, site), site) == refusal


@pytest.mark.parametrize(
    ("who", "state", "reason", "refusal"),
    [
        ("organizer", "proposed", "Too far out", None),
        ("organizer", "open", "It burnt down", None),
        ("organizer", "full", "It burnt down", SiteRefusal.HAS_PEOPLE),
        ("organizer", "declined", "Once more", SiteRefusal.NOTHING_TO_DO),
        ("organizer", "proposed", "", SiteRefusal.NO_REASON),
        ("organizer", "proposed", " \n", SiteRefusal.NO_REASON),
        ("site organizer", "proposed", "Mine", SiteRefusal.NOT_ORGANIZER),
        ("other", "proposed", "", SiteRefusal.NOT_ORGANIZER),
    ],
)
def test_who_may_decline(who, state, reason, refusal):
    site = taken(site_in(state))
    assert permissions.decline_refusal(person(who, site), site, reason) == refusal


def test_the_services_ask_again():
    site = site_in("proposed")
    other = UserFactory()
    calls = {
        SiteRefusal.NOT_IN: [
            lambda: services.propose(jam=site.jam, by=other, fields=FIELDS, moment=NOW)
        ],
        SiteRefusal.NOT_APPROVED: [
            lambda: services.join(site=site, user=other, moment=NOW),
        ],
        SiteRefusal.NO_PLACE: [lambda: services.leave(site=site, user=other, moment=NOW)],
        SiteRefusal.NOT_ORGANIZER: [
            lambda: services.change(site=site, by=other, fields={"name": "X"}, moment=NOW),
            lambda: services.name_organizers(site=site, by=other, organizers=[other], moment=NOW),
            lambda: services.set_open(site=site, by=other, is_open=True, moment=NOW),
            lambda: services.approve(site=site, by=other, moment=NOW),
            lambda: services.decline(site=site, by=other, reason="No", moment=NOW),
        ],
    }
    for refusal, services_called in calls.items():
        for call in services_called:
            with pytest.raises(Refused) as refused:
                call()
            assert refused.value.refusal == refusal
    assert not Act.objects.exists()
    assert not Message.objects.exists()


# -- acts ------------------------------------------------------------------------------------


def test_from_the_proposal_to_the_open_door():
    jam = JamFactory()
    organizer = UserFactory()
    jam.organizers.add(organizer)
    proposer = ParticipationFactory(jam=jam).user
    site = services.propose(jam=jam, by=proposer, fields=FIELDS, moment=NOW)
    assert list(site.organizers.all()) == [proposer]
    assert taken(site).state == LocalSite.State.PROPOSED

    services.approve(site=site, by=organizer, moment=NOW)
    assert taken(site).state == LocalSite.State.CLOSED
    assert list(Message.objects.order_by("pk").values_list("to", "subject")) == [
        (organizer.email, "A local site is proposed: “Under the Bridge”"),
        (proposer.email, "“Under the Bridge” is approved"),
    ]

    services.set_open(site=site, by=proposer, is_open=True, moment=NOW)
    place = services.join(site=site, user=proposer, shown=True, moment=NOW)
    assert (taken(site).taken, place.shown) == (1, True)
    services.leave(site=site, user=proposer, moment=NOW)
    services.set_open(site=site, by=proposer, is_open=False, moment=NOW)
    assert taken(site).state == LocalSite.State.CLOSED
    assert verbs(site) == ["proposed", "approved", "opened", "joined", "left", "closed"]


def test_who_proposed_is_told_once_why_it_was_declined():
    site = site_in("proposed")
    organizer = person("organizer", site)
    services.decline(site=site, by=organizer, reason=" Too far out. ", moment=NOW)
    with pytest.raises(Refused):
        services.decline(site=site, by=organizer, reason="Again", moment=NOW)
    site = taken(site)
    assert (site.state, site.decline_reason) == (LocalSite.State.DECLINED, "Too far out.")
    mail = Message.objects.get()
    assert mail.to == site.organizers.get().email
    assert "Too far out." in mail.text
    assert Act.objects.get(verb="declined").reason == "Too far out."


def test_what_was_declined_may_be_approved_after_all():
    site = site_in("declined")
    services.approve(site=site, by=person("organizer", site), moment=NOW)
    site = taken(site)
    assert (site.state, site.decline_reason) == (LocalSite.State.CLOSED, "")


def test_an_open_site_that_is_declined_is_closed():
    site = LocalSiteFactory()
    services.decline(site=site, by=person("organizer", site), reason="Fire", moment=NOW)
    assert (taken(site).state, taken(site).is_open) == (LocalSite.State.DECLINED, False)


def test_joining_elsewhere_moves():
    old = LocalSiteFactory()
    new = LocalSiteFactory(jam=old.jam)
    user = participant(old).user
    services.join(site=old, user=user, moment=NOW)
    services.join(site=new, user=user, moment=NOW + TICK)
    assert (taken(old).taken, taken(new).taken) == (0, 1)
    assert old.places.get().released_at == NOW + TICK
    assert (verbs(old), verbs(new)) == (["joined", "left"], ["joined"])


def test_who_is_refused_elsewhere_keeps_the_place():
    old = LocalSiteFactory()
    new = site_in("full", jam=old.jam)
    user = participant(old).user
    services.join(site=old, user=user, moment=NOW)
    with pytest.raises(Refused):
        services.join(site=new, user=user, moment=NOW)
    assert (taken(old).taken, taken(new).taken) == (1, 1)


def test_one_can_come_back():
    site = LocalSiteFactory()
    user = participant(site).user
    services.join(site=site, user=user, moment=NOW)
    services.leave(site=site, user=user, moment=NOW)
    services.join(site=site, user=user, moment=NOW)
    assert (taken(site).taken, site.places.count()) == (1, 2)


def test_cancelling_a_participation_frees_the_place():
    place = PlaceFactory()
    other = PlaceFactory(site=place.site)
    jam_services.cancel(jam=place.site.jam, user=place.participation.user, moment=NOW)
    place.refresh_from_db()
    other.refresh_from_db()
    assert (place.released_at, other.released_at) == (NOW, None)
    assert verbs(place.site) == ["left"]


def test_changes_are_logged_before_and_after():
    site = LocalSiteFactory(capacity=20)
    by = site.organizers.get()
    services.change(site=site, by=by, fields={"capacity": 5, "city": "Copenhagen"}, moment=NOW)
    act = Act.objects.get()
    assert (act.before, act.after) == ({"capacity": "20"}, {"capacity": "5"})
    services.change(site=site, by=by, fields={"capacity": 5}, moment=NOW)
    assert Act.objects.count() == 1


def test_no_fewer_places_than_are_taken():
    site = LocalSiteFactory()
    PlaceFactory.create_batch(2, site=site)
    by = site.organizers.get()
    services.change(site=site, by=by, fields={"capacity": 2}, moment=NOW)
    with pytest.raises(Refused) as refused:
        services.change(site=site, by=by, fields={"capacity": 1}, moment=NOW)
    assert refused.value.refusal == SiteRefusal.TOO_SMALL


def test_other_organizers_are_named():
    site = LocalSiteFactory()
    before, after = site.organizers.get(), UserFactory()
    services.name_organizers(site=site, by=before, organizers=[after], moment=NOW)
    assert site.organizers.get() == after
    act = Act.objects.get()
    assert (act.before, act.after) == ({"organizers": [before.pk]}, {"organizers": [after.pk]})


# -- what the database forbids ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"capacity": 0}, "local_site_has_places"),
        ({"approved_at": None}, "only_approved_sites_open"),
        ({"declined_at": NOW, "decline_reason": "No"}, "only_approved_sites_open"),
        ({"declined_at": NOW, "is_open": False}, "declining_a_site_has_a_reason"),
        ({"latitude": "90.00001"}, "local_site_latitude"),
        ({"longitude": "-180.00001"}, "local_site_longitude"),
    ],
)
def test_sites_that_cannot_be(fields, constraint):
    site = LocalSiteFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LocalSite.objects.filter(pk=site.pk).update(**fields)


def test_two_places_at_once_cannot_be():
    place = PlaceFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceFactory(site=LocalSiteFactory(jam=place.site.jam), participation=place.participation)
    place.released_at = NOW
    place.save()
    PlaceFactory(site=place.site, participation=place.participation)


def test_a_place_is_not_released_before_it_is_taken():
    with pytest.raises(IntegrityError, match="place_released_after_taken"), transaction.atomic():
        PlaceFactory(taken_at=NOW, released_at=NOW - TICK)


# -- races -----------------------------------------------------------------------------------


def all_at_once(*calls) -> list[str]:
    """Run the calls in threads of their own, started together; what came of each."""
    together = threading.Barrier(len(calls))
    outcomes: list[str] = []

    def run(call) -> None:
        try:
            together.wait(30)
            call()
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.refusal.value)
        except Exception as error:  # noqa: BLE001 -- told by the assertion
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_forty_want_the_last_place():
    site = LocalSiteFactory(capacity=3)
    PlaceFactory.create_batch(2, site=site)
    users = [participant(site).user for _ in range(40)]
    outcomes = all_at_once(
        *[lambda user=user: services.join(site=site, user=user, moment=NOW) for user in users]
    )
    assert outcomes == ["done", *["full"] * 39]
    assert taken(site).taken == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_person_takes_places_everywhere_at_once():
    jam = JamFactory()
    sites = LocalSiteFactory.create_batch(8, jam=jam)
    user = ParticipationFactory(jam=jam).user
    outcomes = all_at_once(
        *[lambda site=site: services.join(site=site, user=user, moment=NOW) for site in sites]
    )
    assert outcomes == ["done"] * 8
    assert Place.objects.unreleased().count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_cancels_while_joining_has_no_place():
    site = LocalSiteFactory()
    for _ in range(5):
        user = participant(site).user
        outcomes = all_at_once(
            lambda user=user: services.join(site=site, user=user, moment=NOW),
            lambda user=user: jam_services.cancel(jam=site.jam, user=user, moment=NOW),
        )
        assert outcomes in (["done", "done"], ["done", "not_in"])
        assert not Place.objects.unreleased().filter(participation__user=user).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_changing_places_crosswise_does_not_lock_up():
    one = LocalSiteFactory()
    two = LocalSiteFactory(jam=one.jam)
    for _ in range(5):
        first, second = PlaceFactory(site=one), PlaceFactory(site=two)
        outcomes = all_at_once(
            lambda user=first.participation.user: services.join(site=two, user=user, moment=NOW),
            lambda user=second.participation.user: services.join(site=one, user=user, moment=NOW),
        )
        assert outcomes == ["done", "done"]
