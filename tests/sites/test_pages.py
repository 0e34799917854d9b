"""The pages of local sites, as visitors, participants and organizers see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import TestCase
from django.urls import reverse

from jam import parts, scheduling
from jam.models import Act, Announcement, ScheduleItem
from sites.models import LocalSite, Place
from sites.part import SitesPart
from sites.views.map import PER_PAGE
from sites.views.site import PEOPLE_PER_PAGE
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
    site_in,
    taken,
)

pytestmark = pytest.mark.django_db
ACTIONS = ["join", "leave", "wait", "stop_waiting", "show", "open", "close", "approve", "decline"]


@pytest.fixture(autouse=True)
def _now(at):
    at(MOMENTS["making"])


def words(response) -> str:
    """The text of a page, without what is only spacing."""
    return " ".join(response.content.decode().split())


def list_url(jam) -> str:
    return reverse("sites:list", args=[jam.slug])


def url_of(site, name="detail") -> str:
    return reverse(f"sites:{name}", args=[site.jam.slug, site.pk])


def sign_in(client, who: str, site, **fields):
    """Sign in as someone who has to do with the site, or not."""
    match who:
        case "visitor":
            return None
        case "site organizer":
            user = site.organizers.get()
        case "organizer":
            user = UserFactory()
            site.jam.organizers.add(user)
        case "participant":
            user = ParticipationFactory(jam=site.jam, **fields).user
        case "holder":
            user = PlaceFactory(site=site, **fields).participation.user
        case _:
            user = UserFactory()
    client.force_login(user)
    return user


# -- the list --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("visitor", {"closed", "open", "full"}),
        ("participant", {"closed", "open", "full"}),
        ("organizer", set(STATES)),
    ],
)
def test_who_sees_which_sites_on_the_list(client, who, seen):
    jam = JamFactory()
    sites = [site_in(state, jam=jam, name=f"Hall {state}") for state in STATES]
    sign_in(client, who, sites[0])
    page = words(client.get(list_url(jam)))
    assert {state for state in STATES if f"Hall {state}" in page} == seen


def test_who_proposed_sees_the_proposal_first(client):
    jam = JamFactory()
    LocalSiteFactory(jam=jam, name="Open hall", city="Aachen")
    mine = site_in("proposed", jam=jam, name="My hall")
    sign_in(client, "site organizer", mine)
    page = words(client.get(list_url(jam)))
    assert page.index("My hall") < page.index("Open hall")
    assert "proposed" in page


@pytest.mark.parametrize("phase", MOMENTS)
def test_the_list_in_each_phase(client, at, phase):
    at(MOMENTS[phase])
    site = LocalSiteFactory(city="Aarhus", capacity=3)
    PlaceFactory(site=site)
    sign_in(client, "participant", site)
    page = words(client.get(list_url(site.jam)))
    assert "Aarhus, Denmark" in page
    before_closing = phase in ("announced", "making")
    assert ("2 places left" in page) is before_closing
    assert ("Propose a local site" in page) is before_closing
    assert ("1 person took part here" in page) is not before_closing


def test_online_is_a_card_of_those_who_choose_none(client):
    site = LocalSiteFactory()
    PlaceFactory(site=site)
    ParticipationFactory(jam=site.jam, cancelled_at=MOMENTS["announced"])
    ParticipationFactory()
    PlaceFactory(site=site, released_at=MOMENTS["making"])
    sign_in(client, "participant", site)
    page = words(client.get(list_url(site.jam)))
    assert "2 participants without a local site" in page
    assert page.count("your place") == 1


def test_ones_own_place_is_marked(client):
    site = LocalSiteFactory()
    LocalSiteFactory(jam=site.jam)
    sign_in(client, "holder", site)
    assert words(client.get(list_url(site.jam))).count("your place") == 1


def test_the_search_stays_in_the_address(client):
    jam = JamFactory()
    LocalSiteFactory.create_batch(PER_PAGE + 1, jam=jam, city="Aarhus")
    LocalSiteFactory(jam=jam, name="Castle", city="Prague", country="CZ")
    page = words(client.get(list_url(jam), {"q": "denmark"}))
    assert "Castle" not in page
    assert "?q=denmark&amp;page=2" in page
    assert "Castle" in words(client.get(list_url(jam), {"q": "PRAGUE"}))
    assert "No local site matches" in words(client.get(list_url(jam), {"q": "Nowhere"}))
    assert "No local site matches" not in words(client.get(list_url(jam)))


@pytest.mark.parametrize("query", [{"q": "a\0b"}, {"q": "x" * 9999}, {"page": "-1"}, {"page": "x"}])
def test_odd_searches_are_answered(client, query):
    assert client.get(list_url(LocalSiteFactory().jam), query).status_code == 200


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        ("announced", "There are no local sites yet"),
        ("making", "There are no local sites yet"),
        ("closing", "There were no local sites"),
        ("finished", "There were no local sites"),
    ],
)
def test_a_jam_without_sites_says_so(client, at, phase, said):
    at(MOMENTS[phase])
    assert said in words(client.get(list_url(JamFactory())))


@pytest.mark.parametrize(("who", "queries"), [("visitor", 3), ("participant", 6), ("organizer", 5)])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_however_long(client, django_assert_num_queries, who, queries, rows):
    jam = JamFactory()
    sites = LocalSiteFactory.create_batch(rows, jam=jam)
    for site in sites:
        PlaceFactory.create_batch(rows, site=site)
    sign_in(client, who, sites[0])
    with django_assert_num_queries(queries):
        page = words(client.get(list_url(jam)))
    assert page.count("places left") == rows


# -- one site --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["visitor", "other", "participant", "site organizer", "organizer"])
@pytest.mark.parametrize(
    ("phase", "state"),
    [
        *[(phase, "open") for phase in MOMENTS if phase != "making"],
        *[("making", state) for state in STATES],
    ],
)
def test_the_page_in_each_phase_and_state(client, at, phase, state, who):
    at(MOMENTS[phase])
    site = site_in(state, name="Harbour Hall")
    sign_in(client, who, site)
    response = client.get(url_of(site))
    runs = who in ("site organizer", "organizer")
    if state in ("proposed", "declined") and not runs:
        assert response.status_code == 404
        return
    page = words(response)
    assert '<h1 dir="auto">Harbour Hall</h1>' in page
    assert ("Run this local site" in page) == runs
    assert ("Ring the bell twice" in page) == runs
    assert ("+45 1234" in page) == runs
    before_closing = phase in ("announced", "making")
    may_join = who == "participant" and state == "open" and before_closing
    assert ("Take a place" in page) == may_join
    assert ("Join the jam to take a place" in page) == (
        who not in ("participant",) and state == "open" and before_closing
    )
    if state == "full" and before_closing:
        assert "This site is full." in page
    if state == "declined":
        assert "Too far out" in page


def test_signed_out_readers_get_no_form_and_no_session(client):
    site = LocalSiteFactory()
    for url in (url_of(site), list_url(site.jam)):
        response = client.get(url)
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert not response.cookies
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("who", "named"),
    [
        ("visitor", {"Ada Open"}),
        ("holder", {"Ada Open"}),
        ("site organizer", {"Ada Open", "Bob Shy"}),
        ("organizer", {"Ada Open", "Bob Shy"}),
    ],
)
def test_people_are_named_if_they_agreed(client, who, named):
    site = LocalSiteFactory()
    PlaceFactory(site=site, participation__user__display_name="Ada Open")
    PlaceFactory(site=site, participation__user__display_name="Bob Shy", shown=False)
    PlaceFactory(
        site=site,
        participation__user__display_name="Cleo Gone",
        released_at=MOMENTS["making"],
    )
    sign_in(client, who, site)
    page = words(client.get(url_of(site)))
    assert {name for name in ("Ada Open", "Bob Shy", "Cleo Gone") if name in page} == named
    assert ("1 person who is not named here" in page) == ("Bob Shy" not in named)
    assert ("not shown to others" in page) == ("Bob Shy" in named)


def test_many_people_come_page_by_page(client, django_assert_max_num_queries):
    site = LocalSiteFactory(capacity=100)
    PlaceFactory.create_batch(PEOPLE_PER_PAGE + 2, site=site)
    page = words(client.get(url_of(site)))
    assert page.count('class="person"') == PEOPLE_PER_PAGE
    assert words(client.get(url_of(site), {"page": 2})).count('class="person"') == 2


def test_how_to_get_in_is_for_those_who_have_a_place(client):
    site = LocalSiteFactory()
    user = sign_in(client, "participant", site)
    assert "Ring the bell twice" not in words(client.get(url_of(site)))
    page = words(client.post(url_of(site, "join"), follow=True))
    assert "Ring the bell twice" in page
    assert "+45 1234" in page
    jam_url = reverse("jam:cancel", args=[site.jam.slug])
    client.post(jam_url)
    assert not Place.objects.unreleased().filter(participation__user=user).exists()
    assert "Ring the bell twice" not in words(client.get(url_of(site)))


def test_a_place_elsewhere_does_not_open_this_door(client):
    site = LocalSiteFactory()
    sign_in(client, "holder", LocalSiteFactory(jam=site.jam))
    page = words(client.get(url_of(site)))
    assert "Ring the bell twice" not in page
    assert "You give back the place that you have elsewhere." in page


def test_times_are_told_by_the_clock_there_and_by_the_readers(client):
    site = LocalSiteFactory(time_zone="Asia/Tokyo")
    user = sign_in(client, "participant", site)
    user.time_zone = "America/New_York"
    user.save()
    page = words(client.get(url_of(site)))
    # The jam starts at 17:00 UTC.
    assert "Sat 4 May 2030, 02:00 JST" in page
    assert "Fri 3 May 2030, 13:00 EDT" in page


def test_the_position_leads_to_a_map(client):
    assert "mlat=55.67610&amp;mlon=12.56830" in words(client.get(url_of(LocalSiteFactory())))
    nowhere = LocalSiteFactory(latitude=None, longitude=None)
    assert "openstreetmap" not in words(client.get(url_of(nowhere)))


def test_what_people_write_is_not_markup(client):
    evil = "<script>alert(1)</script>"
    site = LocalSiteFactory(
        name=evil, venue=evil, address=evil, city=evil, hours=evil, facilities=evil,
        access=evil, contact=evil,
    )  # fmt: skip
    sign_in(client, "organizer", site)
    for url in (url_of(site), list_url(site.jam), url_of(site, "edit")):
        assert evil not in client.get(url).content.decode()


def test_other_parts_add_their_sections(client, monkeypatch):
    site = LocalSiteFactory()

    class Other(parts.Part):
        def place_sections(self, jam, place, reader):
            section = {"sites": [taken(place)]}
            return [parts.Section("Made here", "made", "sites/_section.html", section)]

    monkeypatch.setattr(parts, "_parts", [*parts._parts, Other()])
    assert "<h2>Made here</h2>" in words(client.get(url_of(site)))


@pytest.mark.parametrize(
    ("who", "queries"),
    [("visitor", 4), ("participant", 8), ("holder", 8), ("organizer", 8), ("site organizer", 9)],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_site_asks_the_same_however_much_there_is_to_it(
    client, django_assert_num_queries, settings, who, queries, rows
):
    site = LocalSiteFactory()
    PlaceFactory.create_batch(rows, site=site)
    for n in range(rows):
        at = {"starts_at": START + timedelta(days=1, hours=n)}
        site.jam.schedule.create(kind="talk", title=f"For all {n}", **at)
        site.schedule.create(kind="social", title=f"Here {n}", **at)
        site.messages.create(
            author=UserFactory(), text=f"Keys {n}", written_at=START, of_the_jam=True
        )
        site.pictures.create(content="x.webp", shows=f"Hall {n}", width=4, height=3, added_at=START)
        Announcement.objects.create(
            jam=site.jam, author=site.organizers.get(), title=f"Told {n}", text="…",
            audience="site", audience_of=site.pk,
            written_at=START, confirmed_at=START, send_at=START,
        )  # fmt: skip
    sign_in(client, who, site)
    settings.PAGE_CACHE_SECONDS = 10
    client.get(url_of(site), {"page": 1})
    with django_assert_num_queries(queries):
        page = words(client.get(url_of(site)))
    assert page.count('class="person"') == rows + (who == "holder")
    assert page.count("Hall ") == page.count("For all ") == page.count("Here ") == rows
    assert page.count("Keys ") == (rows if "organizer" in who else 0)
    assert page.count("Told ") == (0 if who in ("visitor", "participant") else rows)


def test_what_changes_in_a_schedule_is_on_the_page_of_a_site_at_once(client, settings):
    settings.PAGE_CACHE_SECONDS = 10
    site = LocalSiteFactory()
    user = sign_in(client, "organizer", site)
    assert "The keynote" not in words(client.get(url_of(site)))
    at = START + timedelta(days=1)
    item = ScheduleItem(jam=site.jam, kind="talk", title="The keynote", starts_at=at)
    with TestCase.captureOnCommitCallbacks(execute=True):
        scheduling.add(item=item, by=user, moment=MOMENTS["making"])
    assert "The keynote" in words(client.get(url_of(site)))


@pytest.mark.parametrize("pk", [0, 999, 10**30])
def test_sites_that_are_not_there(client, pk):
    jam = LocalSiteFactory().jam
    assert client.get(f"/jams/{jam.slug}/sites/{pk}/").status_code == 404


def test_a_site_is_found_under_its_own_jam_only(client):
    site = LocalSiteFactory()
    other = JamFactory()
    assert client.get(reverse("sites:detail", args=[other.slug, site.pk])).status_code == 404
    assert client.get(reverse("sites:list", args=["none"])).status_code == 404


def test_the_sites_of_a_draft_are_for_its_organizers(client):
    site = LocalSiteFactory(jam__published_at=None)
    assert client.get(url_of(site)).status_code == 404
    assert client.get(list_url(site.jam)).status_code == 404
    sign_in(client, "organizer", site)
    assert client.get(url_of(site)).status_code == 200


# -- proposing and editing -------------------------------------------------------------------


def propose_url(jam) -> str:
    return reverse("sites:propose", args=[jam.slug])


def test_a_proposal(client):
    jam = JamFactory()
    user = ParticipationFactory(jam=jam, user__time_zone="Europe/Copenhagen").user
    client.force_login(user)
    assert client.get(propose_url(jam)).context["form"]["time_zone"].value() == user.time_zone
    response = client.post(propose_url(jam), TYPED, follow=True)
    site = LocalSite.objects.get()
    assert response.redirect_chain == [(url_of(site), 302)]
    assert list(site.organizers.all()) == [user]
    assert "you are told by mail" in words(response)
    assert "proposed" in words(response)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "This field is required"),
        ("time_zone", "Mars/Olympus", "“Mars/Olympus” is not a time zone"),
        ("capacity", "0", "greater than or equal to 1"),
        ("capacity", "9999999999", "less than or equal to"),
        ("country", "XX", "Select a valid choice"),
        ("latitude", "91", "less than or equal to 90"),
        ("longitude", "", "A position is both"),
        ("city", "a\0b", "Null characters are not allowed"),
    ],
)
def test_nothing_is_lost_when_something_is_wrong(client, field, value, said):
    jam = JamFactory()
    client.force_login(ParticipationFactory(jam=jam).user)
    typed = TYPED | {"access": "Through the <yard> 🚪", field: value}
    response = client.post(propose_url(jam), typed)
    page = words(response)
    assert response.status_code == 422
    assert said in page
    assert "Through the &lt;yard&gt; 🚪" in page
    assert 'value="Harbour Street 9"' in page
    assert not LocalSite.objects.exists()


@pytest.mark.parametrize(
    ("is_in", "moment", "status"),
    [
        (True, SUBMISSIONS_CLOSE - TICK, 302),
        (True, SUBMISSIONS_CLOSE, 403),
        (True, SUBMISSIONS_CLOSE + TICK, 403),
        (False, MOMENTS["making"], 403),
    ],
)
def test_proposing_has_its_time_and_its_people(client, at, is_in, moment, status):
    at(moment)
    jam = JamFactory()
    user = ParticipationFactory(jam=jam).user if is_in else UserFactory()
    client.force_login(user)
    assert client.get(propose_url(jam)).status_code == (200 if status == 302 else 403)
    response = client.post(propose_url(jam), TYPED)
    assert response.status_code == status
    if status == 403:
        page = words(response)
        assert 'value="Under the Bridge"' in page
        assert ("Join the jam first." in page) is not is_in
        assert ("Submissions have closed" in page) is is_in


def test_visitors_sign_in_before_they_propose_or_act(client):
    site = LocalSiteFactory()
    urls = [propose_url(site.jam), *[url_of(site, name) for name in ("edit", *ACTIONS)]]
    for url in urls:
        for response in (client.get(url), client.post(url)):
            assert response.headers["Location"] == f"{reverse('account_login')}?next={url}"


@pytest.mark.parametrize(
    ("who", "state", "status"),
    [
        ("site organizer", "open", 200),
        ("site organizer", "proposed", 200),
        ("site organizer", "declined", 200),
        ("organizer", "proposed", 200),
        ("participant", "open", 403),
        ("holder", "open", 403),
        ("other", "closed", 403),
        ("other", "proposed", 404),
        ("participant", "declined", 404),
    ],
)
def test_who_may_edit(client, who, state, status):
    site = site_in(state)
    sign_in(client, who, site)
    assert client.get(url_of(site, "edit")).status_code == status
    response = client.post(url_of(site, "edit"), TYPED)
    assert response.status_code == (302 if status == 200 else status)
    site.refresh_from_db()
    assert (site.name == "Under the Bridge") == (status == 200)


def test_editing_keeps_what_was_typed(client):
    site = LocalSiteFactory()
    PlaceFactory.create_batch(2, site=site)
    sign_in(client, "site organizer", site)
    response = client.post(url_of(site, "edit"), TYPED | {"capacity": "1"})
    assert response.status_code == 422
    page = words(response)
    assert "More people than that have a place here" in page
    assert 'value="Under the Bridge"' in page
    site.refresh_from_db()
    assert site.capacity == 20


# -- buttons ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "shown"), [({"shown": "on"}, True), ({}, False)])
def test_joining_with_or_without_ones_name(client, typed, shown):
    site = LocalSiteFactory()
    user = sign_in(client, "participant", site)
    response = client.post(url_of(site, "join"), typed, follow=True)
    assert "You have a place here." in words(response)
    place = Place.objects.unreleased().get(participation__user=user)
    assert (place.site, place.shown) == (site, shown)


@pytest.mark.parametrize(
    ("who", "state", "name", "said"),
    [
        ("other", "open", "join", "Join the jam first."),
        ("holder", "open", "join", "You have a place here already."),
        ("participant", "full", "join", "This site is full."),
        ("participant", "closed", "join", "This site is not open for joining yet."),
        ("participant", "open", "leave", "You have no place here."),
        ("site organizer", "open", "open", "It is so already."),
        ("site organizer", "proposed", "open", "The organizers have not approved this site."),
        ("organizer", "closed", "approve", "It is so already."),
    ],
)
def test_what_is_refused_is_said_on_the_page(client, who, state, name, said):
    site = site_in(state)
    sign_in(client, who, site)
    before = Place.objects.unreleased().count()
    response = client.post(url_of(site, name), follow=True)
    assert response.redirect_chain == [(url_of(site), 302)]
    assert f'<p class="message message-warning">{said}</p>' in words(response)
    assert Place.objects.unreleased().count() == before
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    ("moment", "name", "places"),
    [
        (SUBMISSIONS_CLOSE - TICK, "join", 1),
        (SUBMISSIONS_CLOSE, "join", 0),
        (SUBMISSIONS_CLOSE + TICK, "join", 0),
        (SUBMISSIONS_CLOSE - TICK, "leave", 0),
        (SUBMISSIONS_CLOSE, "leave", 1),
        (SUBMISSIONS_CLOSE + TICK, "leave", 1),
    ],
)
def test_places_change_until_submissions_close(client, at, moment, name, places):
    at(moment)
    site = LocalSiteFactory()
    sign_in(client, "participant" if name == "join" else "holder", site)
    response = client.post(url_of(site, name), follow=True)
    assert taken(site).taken == places
    done = {"join": 1, "leave": 0}[name] == places
    assert ("Submissions have closed" in words(response)) is not done


@pytest.mark.parametrize(
    ("who", "state", "name", "after"),
    [
        ("site organizer", "closed", "open", "open"),
        ("organizer", "closed", "open", "open"),
        ("site organizer", "open", "close", "closed"),
        ("site organizer", "full", "close", "closed"),
        ("organizer", "proposed", "approve", "closed"),
        ("organizer", "declined", "approve", "closed"),
    ],
)
def test_running_a_site(client, who, state, name, after):
    site = site_in(state)
    sign_in(client, who, site)
    assert url_of(site, name) in words(client.get(url_of(site)))
    assert client.post(url_of(site, name)).headers["Location"] == url_of(site)
    assert taken(site).state == after


@pytest.mark.parametrize("name", ["open", "close", "approve", "decline"])
@pytest.mark.parametrize(
    ("who", "state", "status"),
    [("participant", "open", 403), ("participant", "proposed", 404), ("other", "declined", 404)],
)
def test_what_only_organizers_do(client, name, who, state, status):
    site = site_in(state)
    sign_in(client, who, site)
    assert client.post(url_of(site, name), {"reason": "So"}).status_code == status
    assert taken(site).state == state


@pytest.mark.parametrize("name", ["approve", "decline"])
def test_site_organizers_do_not_decide(client, name):
    site = site_in("proposed")
    sign_in(client, "site organizer", site)
    response = client.post(url_of(site, name), {"reason": "So"})
    assert response.status_code == 403
    assert "Only organizers may do that." in words(response)


@pytest.mark.parametrize("name", ACTIONS)
def test_after_signing_in_a_button_leads_back_to_the_site(client, name):
    site = LocalSiteFactory()
    sign_in(client, "participant", site)
    assert client.get(url_of(site, name)).headers["Location"] == url_of(site)
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    ("state", "reason", "said", "kept"),
    [
        ("proposed", "", "Say why", ""),
        ("proposed", "  ", "Say why", ""),
        ("proposed", "x" * 2001, "at most 2000 characters", "x" * 2001),
        ("proposed", "a\0b", "Null characters are not allowed", "a"),
        ("full", "It burnt down", "People have a place here", "It burnt down"),
        ("declined", "Once more", "It is so already", "Once more"),
    ],
)
def test_declining_that_is_refused_keeps_the_reason(client, state, reason, said, kept):
    site = site_in(state)
    sign_in(client, "organizer", site)
    response = client.post(url_of(site, "decline"), {"reason": reason})
    assert response.status_code == 422
    page = words(response)
    assert said in page
    assert kept in page
    assert taken(site).state == state


def test_declining(client):
    site = site_in("proposed")
    sign_in(client, "organizer", site)
    response = client.post(url_of(site, "decline"), {"reason": "Too far out"}, follow=True)
    assert "Its organizers are told why by mail." in words(response)
    assert "Declined: Too far out" in words(response)
    sign_in(client, "site organizer", site)
    assert "Too far out" in words(client.get(url_of(site)))


# -- on the jam's page -----------------------------------------------------------------------


def overview(client, site) -> str:
    return words(client.get(site.jam.get_absolute_url()))


def test_the_jam_counts_its_approved_sites(client):
    jam = JamFactory()
    sites = [site_in(state, jam=jam) for state in STATES]
    response = client.get(sites[0].jam.get_absolute_url())
    numbers = {str(number.label): number.value for number in response.context["numbers"]}
    assert numbers["local sites"] == 3


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (MOMENTS["announced"], True),
        (SUBMISSIONS_CLOSE - TICK, True),
        (SUBMISSIONS_CLOSE, False),
        (SUBMISSIONS_CLOSE + TICK, False),
        (MOMENTS["finished"], False),
    ],
)
def test_sites_are_on_the_overview_until_submissions_close(client, at, moment, shown):
    at(moment)
    site = LocalSiteFactory(name="Harbour Hall")
    assert ("Harbour Hall" in overview(client, site)) is shown


def test_up_to_three_sites_near_the_reader_with_places_left(client):
    jam = JamFactory()
    for state in STATES:
        site_in(state, jam=jam, name=f"Hall {state}", city="A")
    for zone in ("Asia/Tokyo", "Europe/Prague", "Europe/Oslo"):
        site = LocalSiteFactory(jam=jam, name=zone, city=zone, time_zone=zone)
    sign_in(client, "participant", site)
    page = overview(client, site)
    assert "Hall open" in page
    assert not [state for state in STATES if state != "open" and f"Hall {state}" in page]
    assert page.count('class="tile"') == 3
    assert "Local sites near you" not in page
    user = ParticipationFactory(jam=jam, user__time_zone="Asia/Tokyo").user
    client.force_login(user)
    page = overview(client, site)
    assert page.index("Local sites near you") < page.index("Asia/Tokyo") < page.index("Hall open")


STEP = "Choose a local site, or stay online"


@pytest.mark.parametrize(
    ("who", "state", "phase", "offered"),
    [
        ("participant", "open", "announced", True),
        ("participant", "full", "announced", False),
        ("participant", "closed", "announced", False),
        ("participant", "proposed", "announced", False),
        ("holder", "open", "announced", False),
        ("visitor", "open", "announced", False),
        ("other", "open", "announced", False),
        # In making, the submission is what matters more.
        ("participant", "open", "making", False),
        ("participant", "open", "closing", False),
    ],
)
def test_the_step_of_who_has_no_place(client, at, who, state, phase, offered):
    at(MOMENTS[phase])
    site = site_in(state)
    sign_in(client, who, site)
    assert (STEP in overview(client, site)) is offered


def test_the_step_is_offered_until_the_jam_starts():
    # From then on a submission is what matters more, and its step costs the statement.
    site = LocalSiteFactory()
    row = ParticipationFactory(jam=site.jam)
    for moment, weight in [(START - TICK, 30), (START, None), (START + TICK, None)]:
        step = SitesPart().step(site.jam, parts.Reader(row.user, moment, lambda: row))
        assert (step and step.weight) == weight
