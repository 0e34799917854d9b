from __future__ import annotations

import pytest

from jam.models import Participation
from sites import services
from sites.models import LocalSite
from tests.factories import (
    MOMENTS,
    SUBMISSIONS_CLOSE,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.sites.factories import LocalSiteFactory

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Library 📚", "venue": "Old Library", "address": "1 Long Street", "city": "Aarhus",
    "country": "DK", "time_zone": "Europe/Copenhagen", "capacity": "5",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _announced(at):
    at(MOMENTS["announced"])


def url_of(site, page="") -> str:
    return f"/jams/{site.jam.slug}/sites/{site.pk}/{page}"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_however_long(client, rows, django_assert_num_queries):
    jam = JamFactory()
    for _ in range(rows):
        services.join(
            site=LocalSiteFactory(jam=jam),
            user=ParticipationFactory(jam=jam).user,
            moment=MOMENTS["announced"],
        )
    with django_assert_num_queries(4):
        response = client.get(f"/jams/{jam.slug}/sites/")
    assert response.content.decode().count("badge-good") == rows
    assert not client.cookies


@pytest.mark.parametrize("rows", [1, 3])
def test_a_site_asks_the_same_however_many_come(client, rows, django_assert_num_queries):
    site = LocalSiteFactory()
    for _ in range(rows):
        services.join(
            site=site,
            user=ParticipationFactory(jam=site.jam).user,
            shown=True,
            moment=MOMENTS["announced"],
        )
    user = ParticipationFactory(jam=site.jam).user
    client.force_login(user)
    with django_assert_num_queries(9):
        response = client.get(url_of(site))
    assert response.content.decode().count('class="person"') == rows


def test_who_does_not_agree_is_counted_and_not_named(client):
    site = LocalSiteFactory()
    shy = ParticipationFactory(jam=site.jam, user__display_name="Shy Sheila").user
    services.join(site=site, user=shy, shown=False, moment=MOMENTS["announced"])
    text = client.get(url_of(site)).content.decode()
    assert "Shy Sheila" not in text
    assert "1 person who does not wish to be named" in text


def test_how_to_get_in_is_for_those_who_have_a_place(client):
    site = LocalSiteFactory()
    assert "blue gate" not in client.get(url_of(site)).content.decode()
    user = ParticipationFactory(jam=site.jam).user
    client.force_login(user)
    assert "blue gate" not in client.get(url_of(site)).content.decode()
    response = client.post(url_of(site, "join/"), {"shown": "on"}, follow=True)
    assert "blue gate" in response.content.decode()
    response = client.post(url_of(site, "leave/"), follow=True)
    assert "blue gate" not in response.content.decode()


def test_a_proposal_is_known_to_its_proposer_and_the_organizers_alone(client):
    site = LocalSiteFactory(approved_at=None, is_open=False)
    proposer, organizer = UserFactory(), UserFactory()
    site.organizers.add(proposer)
    site.jam.organizers.add(organizer)
    statuses = {}
    for name, user in {"visitor": None, "other": UserFactory(), "proposer": proposer,
                       "organizer": organizer}.items():  # fmt: skip
        if user:
            client.force_login(user)
        statuses[name] = client.get(url_of(site)).status_code
    assert statuses == {"visitor": 404, "other": 404, "proposer": 200, "organizer": 200}


def test_proposing_keeps_what_was_typed_when_something_is_wrong(client):
    jam = JamFactory()
    client.force_login(ParticipationFactory(jam=jam).user)
    response = client.post(f"/jams/{jam.slug}/sites/propose/", {**FORM, "time_zone": "Atlantis"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Library 📚" in text
    assert "“Atlantis” is not a time zone" in text
    response = client.post(f"/jams/{jam.slug}/sites/propose/", FORM, follow=True)
    assert response.status_code == 200
    assert LocalSite.objects.get().name == "Library 📚"


def test_proposing_is_for_participants(client):
    jam = JamFactory()
    client.force_login(UserFactory())
    response = client.post(f"/jams/{jam.slug}/sites/propose/", FORM)
    assert response.status_code == 403
    assert "Join the jam first." in response.content.decode()
    assert not LocalSite.objects.exists()


def test_declining_without_a_reason_brings_the_page_back(client):
    site = LocalSiteFactory(approved_at=None, is_open=False)
    organizer = UserFactory()
    site.jam.organizers.add(organizer)
    client.force_login(organizer)
    response = client.post(url_of(site, "decline/"), {"reason": " "})
    assert response.status_code == 422
    assert "Say why" in response.content.decode()
    client.post(url_of(site, "decline/"), {"reason": "Too far"})
    assert LocalSite.objects.get().decline_reason == "Too far"


@pytest.mark.parametrize("page", ["approve/", "open/", "close/", "decline/"])
def test_what_only_organizers_do_is_403_for_others(client, page):
    site = LocalSiteFactory()
    client.force_login(ParticipationFactory(jam=site.jam).user)
    assert client.post(url_of(site, page), {"reason": "x"}).status_code == 403
    assert client.get(url_of(site, page)).status_code == 405


def test_a_late_click_is_told_why(client, at):
    site = LocalSiteFactory()
    user = ParticipationFactory(jam=site.jam).user
    at(SUBMISSIONS_CLOSE)
    client.force_login(user)
    response = client.post(url_of(site, "join/"), follow=True)
    assert "Submissions have closed" in response.content.decode()


def test_the_search_finds_by_city_and_country(client):
    jam = JamFactory()
    LocalSiteFactory(jam=jam, name="North", city="Århus", country="DK")
    LocalSiteFactory(jam=jam, name="South", city="Nairobi", country="KE")
    text = client.get(f"/jams/{jam.slug}/sites/", {"q": "kenya"}).content.decode()
    assert "South" in text
    assert "North" not in text
    text = client.get(f"/jams/{jam.slug}/sites/", {"q": "zzz"}).content.decode()
    assert "No site matches" in text


def test_online_is_where_those_are_who_choose_none(client):
    site = LocalSiteFactory()
    for _ in range(3):
        ParticipationFactory(jam=site.jam)
    services.join(site=site, user=Participation.objects.first().user, moment=MOMENTS["announced"])
    text = client.get(f"/jams/{site.jam.slug}/sites/").content.decode()
    assert "2 participants without a site" in text
