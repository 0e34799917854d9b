"""Local sites found by words, places and distance, on the list and on the map."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from sites import finding, mapping
from sites.models import LocalSite
from sites.views import map as views
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.sites.factories import STATES, LocalSiteFactory, PlaceFactory, site_in

pytestmark = pytest.mark.django_db
NOWHERE = {"latitude": None, "longitude": None}


@pytest.fixture(autouse=True)
def _now(at):
    at(MOMENTS["making"])


@pytest.fixture
def jam():
    """A jam with sites in four cities, whose names are written in four ways."""
    jam = JamFactory()
    for name, city, country, latitude, longitude in [
        ("Harbour", "Copenhagen", "DK", "55.67610", "12.56830"),
        ("Fjord", "Aarhus", "DK", "56.15674", "10.21076"),
        ("Castle 🏰", "München", "DE", "48.13743", "11.57549"),
        ("Praça", "São Paulo", "BR", "-23.54750", "-46.63611"),
    ]:
        position = {"latitude": Decimal(latitude), "longitude": Decimal(longitude)}
        LocalSiteFactory(jam=jam, name=name, city=city, country=country, **position)
    return jam


def url(jam, name="list") -> str:
    return reverse(f"sites:{name}", args=[jam.slug])


def names(client, jam, **asked) -> list[str]:
    """The sites of the list, which the map has as well."""
    listed = [site.name for site in client.get(url(jam), asked).context["page"]]
    shown = [site[1] for site in client.get(url(jam, "points"), asked).json()["sites"]]
    assert listed == shown
    return listed


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("copen", {"Harbour"}),
        ("denmark", {"Harbour", "Fjord"}),
        ("Denmark fjord", {"Fjord"}),
        ("fjord munich", set()),
        ("København", {"Harbour"}),
        ("Århus", {"Fjord"}),
        ("munich", {"Castle 🏰"}),
        ("MÜNCHEN germany", {"Castle 🏰"}),
        ("munchen", {"Castle 🏰"}),
        ("Мюнхен", {"Castle 🏰"}),
        ("sao paulo", {"Praça"}),
        ("圣保罗", {"Praça"}),
        ("praca", {"Praça"}),
        ("🏰", {"Castle 🏰"}),
        ("!", set()),
        ("vienna", set()),
    ],
)
def test_words_are_found_without_accents_and_in_other_scripts(jam, asked, found):
    sites = LocalSite.objects.filter(jam=jam)
    assert {site.name for site in finding.found_by(sites, asked)} == found


def test_the_nearest_come_first_with_their_distance(client, jam):
    nearest = ["Harbour", "Fjord", "Castle 🏰", "Praça"]
    assert names(client, jam, near="Malmö") == nearest
    assert names(client, jam, near="55.7,12.6") == nearest
    page = client.get(url(jam), {"near": "Malmö"}).content.decode()
    assert "The nearest to Malmö, Sweden first." in page
    assert "28 km away" in page
    assert names(client, jam, near="Malmö", q="denmark") == ["Harbour", "Fjord"]
    assert "Did" not in page
    other = client.get(url(jam), {"near": "Paris"}).content.decode()
    assert "near=Paris%2C+TX%2C%20United%20States%20of%20America" in other
    texan = client.get(url(jam), {"near": "Paris, TX, United States of America"})
    assert texan.context["origin"].longitude < -90


def test_coordinates_are_used_to_a_tenth_of_a_degree():
    start = finding.origin("55.67611,12.56834")
    assert (start.asked, start.latitude, start.longitude) == ("55.7,12.6", 55.7, 12.6)


@pytest.mark.parametrize("near", ["Nowhereville", "91,0", "0,181", "٣,٤", "1e3,5", "x" * 500])
def test_an_unknown_place_is_said_so_and_orders_nothing(client, jam, near):
    response = client.get(url(jam), {"near": near})
    assert "We know no town called" in response.content.decode()
    assert len(response.context["page"]) == 4


def test_places_left_are_chosen_while_one_can_join(client, at):
    jam = JamFactory()
    for state in STATES:
        site_in(state, jam=jam, name=state)
    assert names(client, jam, places="left") == ["open"]
    at(MOMENTS["finished"])
    assert set(names(client, jam, places="left")) == {"open", "closed", "full"}


@pytest.mark.parametrize(
    ("where", "latitude", "is_exact"),
    [
        ({}, 55.6761, True),
        ({"city": "Kjøbenhavn", **NOWHERE}, 55.67594, False),
        ({"city": "A village", **NOWHERE}, 55.833, False),
        ({"city": "Copenhagen", "country": "AQ", **NOWHERE}, None, None),
    ],
)
def test_where_a_site_is_if_nobody_said_so(where, latitude, is_exact):
    at = finding.position_of(LocalSiteFactory(**where))
    assert (at and at.latitude) == latitude
    assert (at and at.is_exact) == is_exact


def test_a_site_of_which_nobody_knows_where_it_is_comes_last(client, jam):
    LocalSiteFactory(jam=jam, name="Ice", city="Base", country="AQ", **NOWHERE)
    page = client.get(url(jam), {"near": "Malmö"}).context["page"]
    assert [site.name for site in page][-1] == "Ice"
    assert "Ice" not in client.get(url(jam, "points")).content.decode()


def test_the_map_tells_what_the_list_tells_and_no_more(client):
    jam = JamFactory()
    for state in STATES:
        site_in(state, jam=jam, name=f"Hall {state}")
    answer = client.get(url(jam, "points"))
    told = {site[1]: site[2:] for site in answer.json()["sites"]}
    assert set(told) == {"Hall closed", "Hall open", "Hall full"}
    where = ["Copenhagen, Denmark", 55.6761, 12.5683, 1]
    assert told["Hall open"] == [*where, 1, "20 places left"]
    assert told["Hall full"] == [*where, 0, "full"]
    assert "Harbour Street" not in answer.content.decode()
    client.force_login(UserFactory(is_staff=True))
    draft = JamFactory(published_at=None)
    client.logout()
    assert client.get(url(draft, "points")).status_code == 404


def test_the_map_of_a_jam_that_is_over_tells_who_was_there(client, at):
    at(MOMENTS["finished"])
    site = PlaceFactory().site
    (told,) = client.get(url(site.jam, "points")).json()["sites"]
    assert told[-2:] == [0, "1 person took part here"]


def test_the_drawing_has_a_dot_for_what_lies_together(jam):
    sites = LocalSite.objects.filter(jam=jam)
    LocalSiteFactory.create_batch(3, jam=jam)
    drawn = mapping.dots(sites)
    assert len(drawn) == 4
    assert max(drawn, key=lambda dot: dot.r).x == 2191
    assert all(
        mapping.TOP < dot.y < mapping.TOP + mapping.HEIGHT and 0 < dot.x < mapping.SIDE
        for dot in drawn
    )
    assert mapping.on_the_square(0, 0) == (2048, 2048)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_map_asks_the_same_however_many(client, django_assert_num_queries, rows):
    jam = JamFactory()
    for site in LocalSiteFactory.create_batch(rows, jam=jam):
        PlaceFactory.create_batch(rows, site=site)
    with django_assert_num_queries(2):
        answer = client.get(url(jam, "points"), {"q": "denmark", "near": "Malmö"})
    assert len(answer.json()["sites"]) == rows


def test_eight_hundred_sites_are_one_light_page_and_one_light_map(
    client, django_assert_num_queries
):
    jam = JamFactory()
    site = LocalSiteFactory(jam=jam)
    words = {"jam": jam, "country": "DK", "time_zone": "Europe/Copenhagen", "capacity": 20}
    when = {"proposed_at": site.proposed_at, "approved_at": site.approved_at, "is_open": True}
    LocalSite.objects.bulk_create(
        LocalSite(
            name=f"A room of the university’s library, number {number}", venue="The library " * 8,
            address="Street", city=["Copenhagen", "Aarhus", "Somewhere far out"][number % 3],
            latitude=Decimal(number % 120 - 50), longitude=Decimal(number % 300 - 150),
            **words, **when,
        )
        for number in range(800)
    )  # fmt: skip
    with django_assert_num_queries(3):
        page = client.get(url(jam), {"q": "denmark", "near": "Malmö"})
    assert page.context["page"].paginator.count == 801
    assert len(page.content) < 150_000
    assert len(client.get(url(jam, "points")).content) < 150_000


def test_towns_are_suggested_to_those_who_are_signed_in(client):
    towns = reverse("sites:towns")
    assert (
        client.get(towns, {"q": "munich"}, headers={"Accept": "application/json"}).status_code
        == 401
    )
    client.force_login(ParticipationFactory().user)
    (town,) = client.get(towns, {"q": "munich"}).json()["towns"]
    assert town == {
        "name": "Munich",
        "where": "Germany",
        "country": "DE",
        "latitude": "48.13743",
        "longitude": "11.57549",
        "time_zone": "Europe/Berlin",
    }
    assert client.get(towns).json() == {"towns": []}
    assert len(json.loads(client.get(towns, {"q": "san"}).content)["towns"]) == 8


def test_nobody_asks_for_towns_faster_than_they_type(client, monkeypatch):
    cache.clear()
    monkeypatch.setattr(views, "MOST_TOWNS_A_MINUTE", 2)
    client.force_login(UserFactory())
    answers = [client.get(reverse("sites:towns"), {"q": "munich"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Wait a minute" in answers[-1].json()["error"]
