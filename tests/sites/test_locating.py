"""What a city fills in of a proposal, and what is asked about before it is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from sites import locating
from sites.models import LocalSite
from tests.factories import MOMENTS, JamFactory, ParticipationFactory
from tests.sites.factories import TYPED, LocalSiteFactory

pytestmark = pytest.mark.django_db
AARHUS = Decimal("56.15674"), Decimal("10.21076")
SUMMER = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def propose(client, at):
    at(MOMENTS["making"])
    jam = JamFactory()
    client.force_login(ParticipationFactory(jam=jam).user)

    def post(**typed):
        return client.post(reverse("sites:propose", args=[jam.slug]), {**TYPED, **typed})

    return post


def words(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("typed", "filled"),
    [
        ({"city": "Munich"}, {"country", "time_zone", "latitude", "longitude"}),
        ({"city": "München", "country": "DE"}, {"time_zone", "latitude", "longitude"}),
        ({"city": "Munich", "time_zone": "Europe/Rome"}, {"country", "latitude", "longitude"}),
        ({"city": "Munich", "latitude": "48"}, {"country", "time_zone"}),
        ({"city": "A village", "country": "DK"}, {"time_zone"}),
        ({"city": "A village", "country": "US"}, set()),
        ({"city": "Munich", "country": "JP"}, {"time_zone"}),
        ({"city": "A village"}, set()),
        ({}, set()),
    ],
)
def test_what_is_empty_is_filled_where_it_is_known(typed, filled):
    found = locating.fill(typed)
    assert set(found.fields) == filled
    assert bool(found.said) == bool(filled)


def test_the_country_says_which_of_two_towns_is_meant():
    assert locating.fill({"city": "Paris", "country": "US"}).fields["time_zone"] == (
        "America/Chicago"
    )


@pytest.mark.parametrize(
    ("place", "asked"),
    [
        (("Aarhus", "DK", "Europe/Copenhagen", AARHUS), []),
        (("Aarhus", "DK", "Europe/Berlin", AARHUS), []),
        (("Aarhus", "DK", "Europe/Copenhagen", None), []),
        (("Aarhus", "DK", "Europe/London", AARHUS), ["Europe/London"]),
        (("A village", "DK", "Asia/Tokyo", AARHUS), ["Asia/Tokyo"]),
        (("A village", "US", "America/Denver", None), []),
        (("New York", "US", "America/Denver", None), ["America/Denver"]),
        (("Springfield", "US", "America/Chicago", None), []),
        (("Aarhus", "DK", "Europe/Copenhagen", (AARHUS[1], AARHUS[0])), ["km from Aarhus"]),
        (("Nowhere", "AQ", "Asia/Tokyo", AARHUS), []),
    ],
)
def test_what_looks_like_a_slip_is_asked(place, asked):
    city, country, time_zone, position = place
    found = locating.doubts(
        city=city, country=country, time_zone=time_zone, position=position, starts_at=SUMMER
    )
    assert len(found) == len(asked)
    assert all(sign in said for sign, said in zip(asked, found, strict=True))


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [((0, 0), (0, 0), 0), ((0, 179), (0, -179), 222), ((90, 0), (-90, 50), 20015)],
)
def test_distances_go_around_the_globe(here, there, km):
    assert round(locating.kilometres(here, there)) == km


def test_a_city_alone_is_enough_and_shown_before_it_is_sent(propose):
    first = propose(city="Munich", country="", time_zone="", latitude="", longitude="")
    assert first.status_code == 422
    page = words(first)
    assert "We filled in for Munich, Germany: country, time zone, position." in page
    assert 'value="Europe/Berlin"' in page
    assert not LocalSite.objects.exists()
    again = first.context["form"].data.dict()
    assert propose(**again, seen="Munich · DE · Europe/Berlin").status_code == 302
    site = LocalSite.objects.get()
    assert (site.country, site.time_zone) == ("DE", "Europe/Berlin")
    assert site.latitude == Decimal("48.13743")


def test_who_has_seen_the_question_may_be_right(propose):
    first = propose(time_zone="Asia/Tokyo")
    assert first.status_code == 422
    page = words(first)
    assert "Is the time zone right?" in page
    assert 'name="seen" value="Aarhus · DK · Asia/Tokyo"' in page
    assert propose(time_zone="Asia/Seoul", seen="Aarhus · DK · Asia/Tokyo").status_code == 422
    assert propose(time_zone="Asia/Tokyo", seen="Aarhus · DK · Asia/Tokyo").status_code == 302


def test_a_position_may_stay_empty(propose):
    typed = {"latitude": "", "longitude": ""}
    assert propose(**typed).status_code == 422
    seen = "Aarhus · DK · Europe/Copenhagen"
    assert propose(**typed, seen=seen).status_code == 302
    assert LocalSite.objects.get().latitude is None


def test_nothing_is_asked_about_what_is_wrong_anyway(propose):
    page = words(propose(time_zone="Mars/Olympus"))
    assert "Is the time zone right?" not in page
    assert "send it once more" not in page


def test_changing_a_site_asks_as_well(client, at):
    at(MOMENTS["making"])
    site = LocalSiteFactory()
    client.force_login(site.organizers.get())
    url = reverse("sites:edit", args=[site.jam.slug, site.pk])
    response = client.post(url, {**TYPED, "time_zone": "Asia/Tokyo"})
    assert response.status_code == 422
    site.refresh_from_db()
    assert site.time_zone == "Europe/Copenhagen"
