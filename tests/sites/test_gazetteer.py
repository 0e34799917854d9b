"""The world's towns: found by any of their names, with what is known of them."""

from __future__ import annotations

import zoneinfo
from decimal import Decimal

import pytest
from django_countries import countries

from sites import gazetteer
from sites.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("São  Paulo", "sao paulo"),
        ("SAO-PAULO", "sao paulo"),
        ("Łódź", "lodz"),
        ("København", "kobenhavn"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Xi’an", "xian"),
        ("Ｔｏｋｙｏ", "tokyo"),
        ("東京", "東京"),
        ("मुंबई", "मुंबई"),
        ("🎈 \0", ""),
    ],
)
def test_words_are_compared_without_what_people_leave_out(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("sao paulo", ("São Paulo", "BR")),
        ("München", ("Munich", "DE")),
        ("munich", ("Munich", "DE")),
        ("東京", ("Tokyo", "JP")),
        ("санкт", ("Saint Petersburg", "RU")),
        ("koben", ("Copenhagen", "DK")),
        ("new yo", ("New York City", "US")),
        ("Paris", ("Paris", "FR")),
        ("Paris, US", ("Paris", "US")),
        ("paris, united st", ("Paris", "US")),
        ("Springfield, il", ("Springfield", "US")),
    ],
)
def test_the_town_that_is_meant_comes_first(asked, first):
    town = gazetteer.suggest(asked)[0]
    assert (town.name, town.country) == first


@pytest.mark.parametrize(
    "asked", ["", " ", ",", "\0", "k", "zzzzqq", "🎈", "\ud800x", "paris, zz", "x" * 9999]
)
def test_what_nothing_begins_with_finds_nothing(asked):
    assert gazetteer.suggest(asked) == []


def test_two_letters_find_the_towns_of_just_that_name():
    assert len(gazetteer.suggest("Bo")) == len(gazetteer.known_as("Bo"))
    assert gazetteer.suggest("qz") == []
    assert len(gazetteer.suggest("san")) == 8


def test_a_town_has_its_position_its_clock_and_its_country():
    town = gazetteer.find("Köbenhavn", "DK")
    assert (town.latitude, town.longitude) == (Decimal("55.67594"), Decimal("12.56553"))
    assert (town.time_zone, str(town)) == ("Europe/Copenhagen", "Copenhagen, Denmark")
    assert gazetteer.find("Paris").country == "FR"
    assert str(gazetteer.find("Paris", "US")) == "Paris, TX, United States of America"
    assert gazetteer.find("Copenhagen", "JP") is None
    assert gazetteer.find("", "DK") is None


def test_the_largest_towns_are_known():
    assert [town.name for town in gazetteer.largest(3)] == ["Shanghai", "Beijing", "Shenzhen"]


def test_names_of_one_town_have_it_in_common():
    assert gazetteer.known_as("München") & gazetteer.known_as("Munich")
    assert not gazetteer.known_as("München") & gazetteer.known_as("Vienna")


def test_every_line_of_the_files_can_be_used():
    names = (gazetteer.FOLDER / "names.tsv").read_bytes().splitlines()
    keys = [line.partition(b"\t")[0] for line in names]
    assert keys == sorted(keys)
    towns = (gazetteer.FOLDER / "towns.tsv").read_bytes()
    starts = {0, *(at + 1 for at, byte in enumerate(towns) if byte == 10)} - {len(towns)}
    assert {int(line.partition(b"\t")[2], 36) for line in names} == starts
    lines = [line.split("\t") for line in towns.decode().splitlines()]
    people = [int(line[5]) for line in lines]
    assert people == sorted(people, reverse=True)
    assert {line[6] for line in lines} <= zoneinfo.available_timezones()
    assert {line[1] for line in lines} - set(dict(countries)) <= {"XK"}


def test_countries_have_a_middle_and_their_clocks():
    denmark = gazetteer.country("DK")
    assert denmark.time_zones == {"Europe/Copenhagen"}
    assert 54 < denmark.latitude < 58
    assert 8 < denmark.longitude < 13
    assert "America/New_York" in gazetteer.country("US").time_zones
    assert gazetteer.country("ZZ") is None
    nowhere = {code for code in dict(countries) if gazetteer.country(code) is None}
    # Where nobody lives.
    assert nowhere <= {"AQ", "BV", "HM", "IO", "TF", "UM", "TK", "SJ", "GS", "PN"}
