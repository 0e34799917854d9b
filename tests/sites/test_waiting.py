"""The line at a local site that is full, no-shows, and coming: true by time, whoever notes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from jam import services as jam_services
from jam.errors import Refused
from jam.models import Message
from sites import services
from sites.models import LocalSite, Place, Wait
from sites.permissions import SiteRefusal
from sites.tasks import settle_due
from tests.factories import MOMENTS, START, SUBMISSIONS_CLOSE, TICK, UserFactory
from tests.sites.factories import (
    LocalSiteFactory,
    PlaceFactory,
    WaitFactory,
    participant,
    site_in,
    taken,
)
from tests.sites.test_services import all_at_once, verbs

pytestmark = pytest.mark.django_db
NOW = MOMENTS["announced"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def line(site: LocalSite, n: int) -> list:
    """So many people who stand in line, the first first."""
    users = [participant(site).user for _ in range(n)]
    for place, user in enumerate(users):
        services.wait(site=site, user=user, moment=NOW + place * TICK)
    return users


def refusal_of(call, **how) -> SiteRefusal | None:
    try:
        call(**how)
    except Refused as refused:
        return refused.refusal
    return None


def leave_first(site: LocalSite, moment=NOW + HOUR) -> None:
    place = site.places.unreleased().first()
    services.leave(site=site, user=place.participation.user, moment=moment)


def subjects(user) -> list[str]:
    mails = Message.objects.filter(to=user.email).order_by("pk")
    return list(mails.values_list("subject", flat=True))


# -- standing in line ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "who", "moment", "refusal"),
    [
        ("full", "active", NOW, None),
        ("full", "active", SUBMISSIONS_CLOSE - TICK, None),
        ("full", "active", SUBMISSIONS_CLOSE, SiteRefusal.CLOSED),
        ("full", "active", SUBMISSIONS_CLOSE + TICK, SiteRefusal.CLOSED),
        ("full", "none", NOW, SiteRefusal.NOT_IN),
        ("full", "here", NOW, SiteRefusal.ALREADY_HERE),
        ("full", "waiting", NOW, SiteRefusal.ALREADY_WAITING),
        ("open", "active", NOW, SiteRefusal.NOT_FULL),
        ("closed", "active", NOW, SiteRefusal.NOT_OPEN),
        ("proposed", "active", NOW, SiteRefusal.NOT_APPROVED),
    ],
)
def test_who_may_wait(state, who, moment, refusal):
    site = site_in(state)
    match who:
        case "none":
            user = UserFactory()
        case "here":
            user = site.places.get().participation.user
        case "waiting":
            user = WaitFactory(site=site).participation.user
        case _:
            user = participant(site).user
    assert refusal_of(services.wait, site=site, user=user, moment=moment) == refusal


def test_a_place_given_back_is_offered_to_the_first_in_line():
    site = site_in("full")
    first, second = line(site, 2)
    leave_first(site)
    wait = Wait.objects.get(participation__user=first)
    # A quarter of the five days that are left would be more than the site's 24 hours.
    assert (wait.offered_at, wait.offer_ends_at) == (NOW + HOUR, NOW + HOUR + DAY)
    assert subjects(first) == [f"A place at “{site}” is yours to take"]
    assert subjects(second) == []

    # It is theirs alone.
    late = participant(site).user
    for user in (second, late):
        moment = NOW + 2 * HOUR
        assert refusal_of(services.join, site=site, user=user, moment=moment) == SiteRefusal.FULL
    place = services.join(site=site, user=first, moment=NOW + HOUR + DAY - TICK)
    assert place.site == site
    wait.refresh_from_db()
    assert wait.ending == Wait.Ending.ACCEPTED


@pytest.mark.parametrize(
    ("before_the_end", "length"),
    [
        (5 * DAY, DAY),
        (4 * DAY, DAY),
        (2 * DAY, 12 * HOUR),
        (4 * HOUR, HOUR),
        (HOUR, 30 * timedelta(minutes=1)),
        (timedelta(minutes=10), timedelta(minutes=10)),
    ],
)
def test_offers_are_shorter_near_the_end(before_the_end, length):
    site = site_in("full")
    (first,) = line(site, 1)
    moment = SUBMISSIONS_CLOSE - before_the_end
    leave_first(site, moment)
    wait = Wait.objects.get(participation__user=first)
    assert wait.offer_ends_at - moment == length


@pytest.mark.parametrize("swept", [True, False])
def test_an_offer_lapses_by_time_alone(swept):
    site = site_in("full")
    first, second, third = line(site, 3)
    leave_first(site)
    end = NOW + HOUR + DAY
    if swept:
        with time_machine.travel(end, tick=False):
            settle_due()
            settle_due()
        assert subjects(second) == [f"A place at “{site}” is yours to take"]
        assert subjects(first)[1:] == [f"The place at “{site}” went to the next in line"]
    else:
        assert subjects(second) == []
    for user in (first, third):
        assert refusal_of(services.join, site=site, user=user, moment=end) == SiteRefusal.FULL
    services.join(site=site, user=second, moment=end)
    assert taken(site, end).taken == 1
    lapsed = Wait.objects.get(participation__user=first)
    assert (lapsed.ending, lapsed.ended_at) == (Wait.Ending.LAPSED, end)


def test_who_let_it_lapse_may_stand_in_line_again_last():
    site = site_in("full")
    first, second = line(site, 2)
    leave_first(site)
    moment = NOW + HOUR + DAY
    services.wait(site=site, user=first, moment=moment)
    services.stop_waiting(site=site, user=second, moment=moment)
    waits = Wait.objects.filter(participation__user=first).order_by("pk")
    assert [wait.ending for wait in waits] == [Wait.Ending.LAPSED, ""]
    assert waits[1].offered_at == moment


def test_declining_asks_the_next():
    site = site_in("full")
    first, second = line(site, 2)
    leave_first(site)
    services.stop_waiting(site=site, user=first, moment=NOW + 2 * HOUR)
    assert subjects(second) == [f"A place at “{site}” is yours to take"]
    assert verbs(site)[-1] == "left the line"


def test_who_cancels_leaves_every_line():
    site, other = site_in("full"), None
    other = site_in("full", jam=site.jam)
    first, second = line(site, 2)
    services.wait(site=other, user=first, moment=NOW)
    leave_first(site)
    jam_services.cancel(jam=site.jam, user=first, moment=NOW + 2 * HOUR)
    assert not Wait.objects.unended().filter(participation__user=first).exists()
    # True at once, and told by the sweep.
    assert taken(other, NOW + 2 * HOUR).waiting == 0
    with time_machine.travel(NOW + 2 * HOUR, tick=False):
        settle_due()
    assert len(subjects(second)) == 1


def test_a_place_elsewhere_is_kept_until_one_here_is_taken():
    site = site_in("full")
    elsewhere = PlaceFactory(site=LocalSiteFactory(jam=site.jam))
    user = elsewhere.participation.user
    services.wait(site=site, user=user, moment=NOW)
    leave_first(site)
    elsewhere.refresh_from_db()
    assert elsewhere.released_at is None
    services.join(site=site, user=user, moment=NOW + 2 * HOUR)
    elsewhere.refresh_from_db()
    assert elsewhere.released_at == NOW + 2 * HOUR


def test_more_places_are_offered_as_they_are_made():
    site = site_in("full")
    users = line(site, 3)
    by = site.organizers.get()
    services.change(site=site, by=by, fields={"capacity": 3}, moment=NOW + HOUR)
    assert [len(subjects(user)) for user in users] == [1, 1, 0]
    # Who is offered one counts as if here.
    few = {"site": site, "by": by, "fields": {"capacity": 2}, "moment": NOW + 2 * HOUR}
    assert refusal_of(services.change, **few) == SiteRefusal.TOO_SMALL
    assert taken(site, NOW + 2 * HOUR).state == LocalSite.State.FULL


def test_a_closed_site_offers_nothing_new_and_keeps_its_word():
    site = site_in("full")
    first, second = line(site, 2)
    leave_first(site)
    by = site.organizers.get()
    services.set_open(site=site, by=by, is_open=False, moment=NOW + 2 * HOUR)
    services.join(site=site, user=first, moment=NOW + 3 * HOUR)
    leave_first(site, NOW + 4 * HOUR)
    call = {"site": site, "user": second, "moment": NOW + 4 * HOUR}
    assert refusal_of(services.join, **call) == SiteRefusal.NOT_OPEN
    services.set_open(site=site, by=by, is_open=True, moment=NOW + 5 * HOUR)
    assert len(subjects(second)) == 1


def test_free_places_that_nobody_waits_for_are_for_anybody():
    site = site_in("full", name="Harbour")
    (first,) = line(site, 1)
    services.change(site=site, by=site.organizers.get(), fields={"capacity": 3}, moment=NOW + HOUR)
    site = taken(site, NOW + HOUR)
    assert (site.state, site.places_left) == (LocalSite.State.OPEN, 1)
    services.join(site=site, user=participant(site).user, moment=NOW + HOUR)
    services.join(site=site, user=first, moment=NOW + HOUR)


# -- no-shows and coming -----------------------------------------------------------------------


DOORS = START + 3 * HOUR


@pytest.mark.parametrize("swept", [True, False])
def test_places_of_those_who_have_not_come_are_free_at_the_hour(swept):
    site = LocalSiteFactory(capacity=2, no_shows_at=DOORS)
    came, stayed_away = PlaceFactory(site=site), PlaceFactory(site=site)
    by = site.organizers.get()
    services.check_in(site=site, place_id=came.pk, by=by, moment=DOORS - TICK)
    (first,) = line(site, 1)
    assert taken(site, DOORS - TICK).taken == 2
    assert taken(site, DOORS).taken == 1
    assert list(Place.objects.taken(DOORS)) == [came]
    if swept:
        with time_machine.travel(DOORS, tick=False):
            settle_due()
            settle_due()
        assert len(subjects(first)) == 1
        assert subjects(stayed_away.participation.user) == [
            f"Your place at “{site}” has been given on"
        ]
    services.join(site=site, user=first, moment=DOORS)
    stayed_away.refresh_from_db()
    assert (stayed_away.released_at, stayed_away.did_not_come) == (DOORS, True)
    # Who takes a place after the hour has it for good.
    assert taken(site, DOORS + DAY).taken == 2


@pytest.mark.parametrize(
    ("who", "moment", "refusal"),
    [
        ("site organizer", START - DAY - TICK, SiteRefusal.TOO_EARLY),
        ("site organizer", START - DAY, None),
        ("site organizer", SUBMISSIONS_CLOSE - TICK, None),
        ("site organizer", SUBMISSIONS_CLOSE, SiteRefusal.OVER),
        ("other", START, SiteRefusal.NOT_ORGANIZER),
        ("holder", START, SiteRefusal.NOT_ORGANIZER),
    ],
)
def test_who_may_check_people_in_and_when(who, moment, refusal):
    place = PlaceFactory()
    site = place.site
    users = {
        "site organizer": site.organizers.get(),
        "holder": place.participation.user,
        "other": UserFactory(),
    }
    call = {"site": site, "place_id": place.pk, "by": users[who], "moment": moment}
    assert refusal_of(services.check_in, **call) == refusal


def test_checking_in_twice_is_as_once_and_can_be_undone():
    place = PlaceFactory()
    call = {"site": place.site, "place_id": place.pk, "by": place.site.organizers.get()}
    for moment in (START, START + HOUR):
        assert services.check_in(**call, moment=moment).checked_in_at == START
    assert verbs(place) == ["checked in"]
    assert services.undo_check_in(**call, moment=START + HOUR).checked_in_at is None
    services.undo_check_in(**call, moment=START + HOUR)
    assert verbs(place) == ["checked in", "undid the check-in"]


def test_undoing_would_give_the_place_away_once_the_hour_has_passed():
    place = PlaceFactory(site__no_shows_at=DOORS)
    call = {"site": place.site, "place_id": place.pk, "by": place.site.organizers.get()}
    services.check_in(**call, moment=START)
    refusal = refusal_of(services.undo_check_in, **call, moment=DOORS)
    assert refusal == SiteRefusal.GIVEN_ON


def test_places_given_back_and_of_other_sites_are_not_checked_in():
    site = LocalSiteFactory()
    for place in (PlaceFactory(site=site, released_at=NOW), PlaceFactory()):
        call = {"site": site, "place_id": place.pk, "by": site.organizers.get()}
        assert refusal_of(services.check_in, **call, moment=START) == SiteRefusal.PLACE_GONE


def test_an_hour_that_has_passed_is_not_set():
    site = LocalSiteFactory()
    call = {"site": site, "by": site.organizers.get(), "moment": DOORS}
    refusal = refusal_of(services.change, **call, fields={"no_shows_at": DOORS})
    assert refusal == SiteRefusal.HOUR_PAST
    assert refusal_of(services.change, **call, fields={"ends_at": DOORS}) == SiteRefusal.END_PAST
    assert refusal_of(services.change, **call, fields={"no_shows_at": DOORS + TICK}) is None


@pytest.mark.parametrize(
    ("ends_at", "moment", "state"),
    [
        (None, SUBMISSIONS_CLOSE - TICK, LocalSite.State.OPEN),
        (None, SUBMISSIONS_CLOSE, LocalSite.State.OVER),
        (DOORS, DOORS - TICK, LocalSite.State.OPEN),
        (DOORS, DOORS, LocalSite.State.OVER),
        (SUBMISSIONS_CLOSE + HOUR, SUBMISSIONS_CLOSE, LocalSite.State.OPEN),
        (SUBMISSIONS_CLOSE + HOUR, SUBMISSIONS_CLOSE + HOUR, LocalSite.State.OVER),
    ],
)
def test_a_site_is_over_by_its_own_end_or_the_jams(ends_at, moment, state):
    site = LocalSiteFactory(ends_at=ends_at)
    assert taken(site, moment).state == state
    user = participant(site).user
    refusal = refusal_of(services.join, site=site, user=user, moment=moment)
    assert (refusal is None) == (moment in site.places_window)


# -- what the database forbids -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"offered_at": NOW}, "an_offer_has_an_end"),
        ({"offered_at": NOW, "offer_ends_at": NOW}, "an_offer_has_an_end"),
        ({"ended_at": NOW}, "a_wait_ends_somehow"),
        ({"ending": "left"}, "a_wait_ends_somehow"),
        ({"ended_at": NOW, "ending": "lapsed"}, "only_offers_lapse"),
    ],
)
def test_waits_that_cannot_be(fields, constraint):
    wait = WaitFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Wait.objects.filter(pk=wait.pk).update(**fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"checked_in_at": START}, "somebody_checks_in"),
        ({"did_not_come": True}, "who_came_is_no_no_show"),
    ],
)
def test_places_that_cannot_be(fields, constraint):
    place = PlaceFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Place.objects.filter(pk=place.pk).update(**fields)


def test_nobody_waits_twice_at_a_site():
    wait = WaitFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        WaitFactory(site=wait.site, participation=wait.participation)
    WaitFactory(site=LocalSiteFactory(jam=wait.site.jam), participation=wait.participation)


# -- pages -------------------------------------------------------------------------------------


def url_of(site, name="detail", *more) -> str:
    return reverse(f"sites:{name}", args=[site.jam.slug, site.pk, *more])


def test_from_the_line_to_the_door(client, at):
    at(NOW)
    site = site_in("full")
    user = participant(site).user
    client.force_login(user)
    assert "Wait for a place" in client.get(url_of(site)).content.decode()
    page = client.post(url_of(site, "wait"), follow=True).content.decode()
    assert "You are number 1 in line" in page
    leave_first(site, NOW)
    page = client.get(url_of(site)).content.decode()
    assert "A place is yours to take" in page
    assert "It is kept for you until" in page
    client.post(url_of(site, "join"))
    page = client.get(url_of(site, "pass")).content.decode()
    assert "data:image/svg+xml" in page
    assert "Ring the bell twice" in page

    at(START)
    place = site.places.unreleased().get()
    assert client.get(url_of(site, "scan", place.code)).status_code == 403
    client.force_login(site.organizers.get())
    page = client.get(url_of(site, "scan", place.code)).content.decode()
    assert str(user) in page
    assert client.get(url_of(site, "scan", f"{place.pk}:made-up")).status_code == 404
    page = client.post(url_of(site, "check_in", place.pk), {"q": str(user)}, follow=True)
    assert f"{user} is checked in." in page.content.decode()
    assert page.redirect_chain[0][0].endswith(f"?q={str(user).replace(' ', '+')}")
    place.refresh_from_db()
    assert place.checked_in_at == START


def test_a_pass_is_for_those_who_have_a_place(client, at):
    at(NOW)
    site = LocalSiteFactory()
    client.force_login(participant(site).user)
    assert client.get(url_of(site, "pass")).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_at_the_door_asks_the_same_however_long(
    client, at, django_assert_num_queries, rows
):
    at(START)
    site = LocalSiteFactory()
    PlaceFactory.create_batch(rows, site=site, participation__user__affiliation="Loom")
    PlaceFactory(site=site, participation__user__display_name="Zoe")
    client.force_login(site.organizers.get())
    with django_assert_num_queries(6):
        page = client.get(url_of(site, "door")).content.decode()
    assert page.count('class="person"') == rows + 1
    page = client.get(url_of(site, "door"), {"q": "loom"}).content.decode()
    assert page.count('class="person"') == rows


# -- races -------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_forty_join_wait_leave_and_come_at_once():
    site = LocalSiteFactory(capacity=10, no_shows_at=DOORS)
    by = site.organizers.get()
    holders = PlaceFactory.create_batch(10, site=site)
    waiting = line(site, 10)
    comers = [participant(site).user for _ in range(10)]
    calls = [
        *[lambda u=p.participation.user: services.leave(site=site, user=u, moment=START)
          for p in holders[:5]],
        *[lambda p=p: services.check_in(site=site, place_id=p.pk, by=by, moment=START)
          for p in [*holders[5:], *holders[5:]]],
        *[lambda u=u: services.join(site=site, user=u, moment=START) for u in waiting],
        *[lambda u=u: services.join(site=site, user=u, moment=START) for u in comers[:5]],
        *[lambda u=u: services.wait(site=site, user=u, moment=START) for u in comers],
    ]  # fmt: skip
    assert len(calls) == 40
    outcomes = all_at_once(*calls)
    assert set(outcomes) <= {"done", "full", "already_here"}
    now = taken(site, START)
    # No place is lost, none is given twice, and what is free is offered in the order of the line.
    assert now.taken + now.offered == 10
    assert site.places.filter(checked_in_at=START).count() == 5
    took = {w.participation.user_id for w in Wait.objects.filter(ending=Wait.Ending.ACCEPTED)}
    offered = {w.participation.user_id for w in Wait.objects.standing(START) if w.offered_at}
    assert took | offered == {user.pk for user in waiting[:5]}
    assert not Place.objects.unreleased().filter(participation__user__in=comers).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_hour_of_no_shows_and_forty_who_want_their_places():
    site = LocalSiteFactory(capacity=4, no_shows_at=DOORS)
    late = PlaceFactory.create_batch(4, site=site)
    waiting = line(site, 36)
    by = site.organizers.get()
    calls = [
        *[lambda p=p: services.check_in(site=site, place_id=p.pk, by=by, moment=DOORS)
          for p in late],
        *[lambda u=u: services.join(site=site, user=u, moment=DOORS) for u in waiting],
    ]  # fmt: skip
    outcomes = all_at_once(*calls)
    assert outcomes.count("done") <= 4
    assert outcomes.count("place_gone") == 4
    assert Place.objects.unreleased().filter(site=site).count() == outcomes.count("done")
    ids = {p.participation.user_id for p in Place.objects.unreleased().filter(site=site)}
    assert ids <= {user.pk for user in waiting[:4]}
