"""Local sites in the admin: found, corrected, approved and declined by those whose jam it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jam.models import Act, Message
from sites.models import LocalSite
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.sites.factories import (
    STATES,
    TYPED,
    LocalSiteFactory,
    PlaceFactory,
    site_in,
    taken,
)

pytestmark = pytest.mark.django_db
LIST = reverse("admin:local_sites_localsite_changelist")


@pytest.fixture(autouse=True)
def _now(at):
    at(MOMENTS["making"])


@pytest.fixture
def organizer(client):
    user = UserFactory(is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def jam(organizer):
    jam = JamFactory()
    jam.organizers.add(organizer)
    return jam


def change_url(site) -> str:
    return reverse("admin:local_sites_localsite_change", args=[site.pk])


def words(response) -> str:
    return " ".join(response.content.decode().split())


def act(client, name: str, *sites, **typed):
    data = {"action": name, "_selected_action": [site.pk for site in sites], **typed}
    return client.post(LIST, data, follow=True)


def form_of(site, **typed) -> dict:
    """What the change form is posted with."""
    empty = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
    return {
        **TYPED,
        "organizers": [user.pk for user in site.organizers.all()],
        **{
            f"{rows}-{name}": value
            for rows in ("places", "waits", "invitations", "messages")
            for name, value in empty.items()
        },
        **typed,
    }


def test_staff_find_the_sites_of_their_own_jams(client, jam):
    site = LocalSiteFactory(jam=jam, name="Mine", city="Aarhus")
    other = LocalSiteFactory(name="Theirs")
    page = words(client.get(LIST, {"q": "aarhus"}))
    assert "Mine" in page
    assert "Theirs" not in words(client.get(LIST))
    assert client.get(change_url(site)).status_code == 200
    assert client.get(change_url(other)).status_code == 302
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert "Theirs" in words(client.get(LIST))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_however_long(client, jam, django_assert_num_queries, rows):
    LocalSiteFactory.create_batch(rows, jam=jam)
    # The list of jams and countries to filter by among them.
    with django_assert_num_queries(8):
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_a_site_asks_the_same_however_many_come(client, jam, django_assert_num_queries, rows):
    site = LocalSiteFactory(jam=jam)
    places = PlaceFactory.create_batch(rows, site=site)
    # The content types are asked for once in the life of a process.
    client.get(change_url(site))
    with django_assert_num_queries(13):
        page = words(client.get(change_url(site)))
    assert all(str(place.participation.user) in page for place in places)
    assert 'name="places-0-shown"' not in page


def test_approving_tells_the_proposer(client, jam):
    proposed, closed = site_in("proposed", jam=jam), site_in("closed", jam=jam)
    page = words(act(client, "approve", proposed, closed))
    assert f"{proposed}: approved." in page
    assert f"{closed}: It is so already." in page
    assert taken(proposed).state == LocalSite.State.CLOSED
    assert Message.objects.get().to == proposed.organizers.get().email


def test_declining_wants_a_reason(client, jam):
    site = site_in("proposed", jam=jam)
    assert "Say why" in words(act(client, "decline", site, reason=" "))
    assert taken(site).state == LocalSite.State.PROPOSED
    assert f"{site}: declined." in words(act(client, "decline", site, reason="Too far out"))
    assert taken(site).decline_reason == "Too far out"
    assert "Too far out" in Message.objects.get().text


def test_changes_are_logged(client, jam, organizer):
    site = LocalSiteFactory(jam=jam)
    new = UserFactory()
    response = client.post(change_url(site), form_of(site, organizers=[new.pk]))
    assert response.status_code == 302
    site.refresh_from_db()
    assert (site.name, site.organizers.get()) == ("Under the Bridge", new)
    changed, named = Act.objects.order_by("pk")
    assert (changed.verb, changed.actor, changed.after["capacity"]) == ("changed", organizer, "12")
    assert (named.verb, named.after) == ("named organizers", {"organizers": [new.pk]})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"capacity": "1"}, "More people than that have a place here"),
        ({"organizers": []}, "This field is required."),
        ({"time_zone": "Mars"}, "is not a time zone"),
    ],
)
def test_what_is_wrong_is_said(client, jam, typed, said):
    site = LocalSiteFactory(jam=jam)
    PlaceFactory.create_batch(2, site=site)
    response = client.post(change_url(site), form_of(site, **typed))
    assert response.status_code == 200
    assert said in words(response)
    assert not Act.objects.exists()


@pytest.mark.parametrize("state", STATES)
def test_decisions_are_not_typed_in(client, jam, state):
    site = site_in(state, jam=jam)
    typed = {"is_open": "on", "approved_at": "2030-01-01", "declined_at": "", "jam": "999"}
    assert client.post(change_url(site), form_of(site, **typed)).status_code == 302
    assert (taken(site).is_open, taken(site).approved_at) == (site.is_open, site.approved_at)
    assert taken(site).jam == jam


def test_nothing_is_added_or_deleted(client, jam):
    site = LocalSiteFactory(jam=jam)
    assert client.get(reverse("admin:local_sites_localsite_add")).status_code == 403
    delete = reverse("admin:local_sites_localsite_delete", args=[site.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_others_have_no_business_here(client):
    site = LocalSiteFactory()
    client.force_login(site.organizers.get())
    assert client.get(LIST).status_code in (302, 403)
    client.force_login(UserFactory(is_staff=True))
    act(client, "decline", site, reason="So")
    assert taken(site).state == LocalSite.State.OPEN
