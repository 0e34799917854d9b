"""A local site is found on the map and in the list, and proposed with a town of the gazetteer."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from jam.timeline import Phase
from sites import services
from sites.models import LocalSite
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.sites.factories import LocalSiteFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOMS = [
    ("Harbour Hall", "Copenhagen", "DK", "55.67610", "12.56830"),
    ("The Bridge", "Malmö", "SE", "55.60587", "13.00073"),
    ("Casa do Jatobá", "São Paulo", "BR", "-23.54750", "-46.63611"),
]


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_a_site_is_found_and_another_proposed(visit, is_accessible, viewport, scheme):
    look = {"viewport": viewport, "color_scheme": scheme}
    jam = JamFactory()
    boss = UserFactory()
    jam.organizers.add(boss)
    for name, city, country, latitude, longitude in ROOMS:
        position = {"latitude": Decimal(latitude), "longitude": Decimal(longitude)}
        LocalSiteFactory(jam=jam, name=name, city=city, country=country, **position)
    move(jam, Phase.MAKING)
    here = f"/jams/{jam.slug}/sites/"

    # A visitor: two sites lie together, one far away; each is reached by the keyboard.
    reader = visit(**look, geolocation={"latitude": -23.6, "longitude": -46.7})
    reader.context.grant_permissions(["geolocation"])
    reader.goto(here)
    world = reader.locator(".world-map.is-live")
    expect(world.get_by_role("button", name="Local sites here: 2")).to_be_visible()
    is_accessible(reader)
    far = world.get_by_role("button", name="Casa do Jatobá, São Paulo, Brazil, 20 places left")
    far.focus()
    row = reader.locator("[data-site]", has_text="Casa do Jatobá")
    expect(row).to_have_class("tile is-marked")
    far.press("Enter")
    link = world.get_by_role("link", name="Casa do Jatobá")
    expect(link).to_be_focused()
    # It is there at once, and fades in, where the reader does not mind movement.
    expect(world.locator(".leaflet-popup")).to_have_css("opacity", "1")
    is_accessible(reader)
    link.press("Escape")
    expect(far).to_be_focused()
    expect(link).to_have_count(0)
    row.get_by_role("link").focus()
    expect(far).to_have_class(re.compile("is-marked"))
    world.get_by_role("button", name="Local sites here: 2").press("Enter")
    expect(world.get_by_role("button", name="Harbour Hall, Copenhagen")).to_be_visible()

    # Where they are is asked of the browser once they press the button, and sent rounded.
    reader.get_by_role("button", name="Near me").click()
    expect(reader).to_have_url(re.compile("near=-23.6%2C-46.7"))
    expect(reader.locator("[data-site] h2").first).to_have_text("Casa do Jatobá")

    # Without scripts there are a drawing and the list.
    plain = visit(**look, java_script_enabled=False)
    plain.goto(f"{here}?near=Lund")
    expect(plain.locator(".world-dot")).to_have_count(2)
    expect(plain.locator("[data-site] h2").first).to_have_text("The Bridge")

    # A participant proposes one: the town brings its country, its clock and its position.
    person = visit(**look)
    log_in(person, ParticipationFactory(jam=jam).user)
    person.goto(f"{here}propose/")
    city = person.get_by_role("combobox", name="City")
    city.press_sequentially("munc")
    expect(person.get_by_role("option").first).to_contain_text("Munich")
    is_accessible(person)
    city.press("ArrowDown")
    city.press("Enter")
    expect(city).to_have_value("Munich")
    expect(person.get_by_label("Country")).to_have_value("DE")
    expect(person.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    expect(person.get_by_label("Latitude")).to_have_value("48.13743")
    for label, text in [
        ("Name", "Isar"),
        ("Venue", "Room 1"),
        ("Address", "Street"),
        ("Places", "9"),
    ]:
        person.get_by_label(label, exact=False).first.fill(text)
    person.get_by_label("Time zone").fill("Asia/Tokyo")
    person.get_by_label("I agree to the code of conduct", exact=False).check()
    person.get_by_role("button", name="Propose this local site").click()
    expect(person.get_by_role("alert")).to_contain_text("Is the time zone right?")
    is_accessible(person)
    person.get_by_label("Time zone").fill("Europe/Berlin")
    person.get_by_role("button", name="Propose this local site").click()
    expect(person.get_by_text("The organizers look at your proposal")).to_be_visible()

    # An organizer sees the proposal on the map; others do once it is approved.
    site = LocalSite.objects.get(name="Isar")
    organizer = visit(**look)
    log_in(organizer, boss)
    organizer.goto(f"{here}?q=munchen")
    pin = organizer.get_by_role("button", name="Isar, Munich, Germany, proposed")
    expect(pin).to_be_visible()
    services.approve(site=site, by=boss, moment=site.proposed_at)
    reader.goto(f"{here}?q=münchen")
    expect(reader.get_by_role("button", name="Isar, Munich, Germany")).to_be_visible()
