"""The pages of jams, as visitors, participants and organizers see them in each phase."""

from __future__ import annotations

import warnings
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.urls import reverse
from django.utils.html import escape

from jam import parts
from jam.models import Jam, Participation
from jam.part import JamPart
from tests.factories import (
    MOMENTS,
    RESULTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import TIMES, HostFactory, ResourceFactory, ScheduleItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor_only(monkeypatch):
    """The pages as they are without the parts of the apps above."""
    monkeypatch.setattr(parts, "_parts", [JamPart()])


@pytest.fixture
def jam() -> Jam:
    return JamFactory(title="Looking Inside", slug="inside", hue=210)


def sign_in(client, at, moment, **fields):
    at(moment)
    user = UserFactory(**fields)
    client.force_login(user)
    return user


def words(response) -> str:
    """The text of a page, without what is only spacing."""
    return " ".join(response.content.decode().split())


# -- lists -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["jam:front", "jam:list"])
@pytest.mark.parametrize(
    ("moment", "shelf"),
    [
        (START - TICK, "Coming up"),
        (START, "Running now"),
        (RESULTS - TICK, "Running now"),
        (RESULTS, "Past jams"),
    ],
)
def test_a_jam_is_where_its_phase_puts_it(client, at, jam, name, moment, shelf):
    at(moment)
    page = words(client.get(reverse(name)))
    assert f"<h2>{shelf}</h2>" in page
    assert "Looking Inside" in page
    others = {"Coming up", "Running now", "Past jams"} - {shelf}
    assert not [other for other in others if f"<h2>{other}</h2>" in page]


def test_what_runs_is_shown_large_with_its_line(client, at, jam):
    at(MOMENTS["rating"])
    page = words(client.get("/"))
    assert "is-big" in page
    assert "Rating closes" in page
    assert "data-countdown" in page


@pytest.mark.parametrize("name", ["jam:front", "jam:list"])
def test_drafts_are_there_for_their_organizers_only(client, at, name):
    draft = JamFactory(title="Secret plan", published_at=None)
    url = reverse(name)
    at(MOMENTS["announced"])
    assert "Secret plan" not in words(client.get(url))
    user = sign_in(client, at, MOMENTS["announced"])
    assert "Secret plan" not in words(client.get(url))
    draft.organizers.add(user)
    page = words(client.get(url))
    assert "Secret plan" in page
    assert "Draft" in page


@pytest.mark.parametrize("name", ["jam:front", "jam:list"])
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("signed_in", "queries"), [(False, 3), (True, 5)])
def test_lists_ask_the_same_however_long(
    client, at, django_assert_num_queries, name, rows, signed_in, queries
):
    for days in (0, -60, 60):
        shifted = {name: instant + timedelta(days=days) for name, instant in TIMES.items()}
        JamFactory.create_batch(rows, **shifted)
    at(MOMENTS["making"])
    if signed_in:
        sign_in(client, at, MOMENTS["making"])
    url = reverse(name)
    with django_assert_num_queries(queries):
        page = client.get(url)
    assert words(page).count('<li class="jam-card') == 3 * rows


def test_long_lists_go_on_page_by_page(client, at, django_assert_num_queries):
    JamFactory.create_batch(26)
    at(MOMENTS["announced"])
    front = words(client.get("/"))
    assert front.count('<li class="jam-card') == 6
    assert "/jams/?when=upcoming" in front
    assert words(client.get("/jams/")).count('<li class="jam-card') == 12
    with django_assert_num_queries(2):
        first = client.get("/jams/?when=upcoming")
    assert words(first).count('<li class="jam-card') == 24
    assert "?when=upcoming&amp;page=2" in words(first)
    second = words(client.get("/jams/?when=upcoming&page=2"))
    assert second.count('<li class="jam-card') == 2
    assert words(client.get("/jams/?when=nonsense")).count('<li class="jam-card') == 12


def test_an_empty_house_says_so(client, at):
    at(START)
    assert "No jam yet" in words(client.get("/"))
    assert "No jam here" in words(client.get("/jams/"))


def test_visitors_leave_no_trace(client, at, jam):
    at(MOMENTS["making"])
    for url in ("/", "/jams/", "/jams/inside/", "/jams/inside/schedule/",
                "/jams/inside/calendar.ics", "/jams/inside/theme.css"):  # fmt: skip
        response = client.get(url)
        assert response.status_code == 200
        assert "csrfmiddlewaretoken" not in response.content.decode()
    assert not client.cookies
    assert not Session.objects.exists()


# -- my jams ---------------------------------------------------------------------------------


def test_my_jams_are_for_those_who_are_signed_in(client):
    assert client.get("/my-jams/").headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize(
    ("moment", "shelf"),
    [
        (MOMENTS["announced"], "You take part in"),
        (RESULTS - TICK, "You take part in"),
        (RESULTS, "Over, with results"),
    ],
)
def test_joined_jams_stay_until_the_results_are_out(client, at, jam, moment, shelf):
    user = sign_in(client, at, moment)
    ParticipationFactory(jam=jam, user=user)
    page = words(client.get("/my-jams/"))
    assert f"<h2>{shelf}</h2>" in page
    assert "Looking Inside" in page


def test_cancelled_jams_and_those_of_others_are_not_mine(client, at, jam):
    user = sign_in(client, at, MOMENTS["making"])
    ParticipationFactory(jam=jam, user=user, cancelled_at=MOMENTS["making"])
    ParticipationFactory(jam=jam)
    page = words(client.get("/my-jams/"))
    assert "Looking Inside" not in page
    assert "You take part in no jam yet" in page
    assert 'href="/jams/"' in page


def test_organized_jams_are_mine_drafts_too(client, at):
    draft = JamFactory(title="Secret plan", published_at=None)
    draft.organizers.add(sign_in(client, at, MOMENTS["announced"]))
    page = words(client.get("/my-jams/"))
    assert "You organize" in page
    assert "Secret plan" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_my_jams_ask_the_same_however_many(client, at, django_assert_num_queries, rows):
    user = sign_in(client, at, MOMENTS["making"])
    for jam in JamFactory.create_batch(rows):
        ParticipationFactory(jam=jam, user=user)
        jam.organizers.add(user)
    with django_assert_num_queries(5):
        page = client.get("/my-jams/")
    assert words(page).count('<li class="jam-card') == 2 * rows


# -- the jam's own page ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "visitor", "participant"),
    [
        (MOMENTS["announced"], "Sign up to join", "You are in"),
        (START - TICK, "Sign up to join", "You are in"),
        (START, "Sign up to join", "You are in, and it has begun"),
        (SUBMISSIONS_CLOSE - TICK, "Sign up to join", "You are in, and it has begun"),
        (SUBMISSIONS_CLOSE, "Taking in the last submissions", "Taking in the last submissions"),
        (MOMENTS["rating"], "are being rated", "are being rated"),
        (MOMENTS["counting"], "Counting", "Counting"),
        (MOMENTS["finished"], "This jam is over", "This jam is over"),
    ],
)
def test_the_next_step(client, at, floor_only, jam, moment, visitor, participant):
    at(moment)
    assert visitor in words(client.get("/jams/inside/"))
    user = sign_in(client, at, moment)
    ParticipationFactory(jam=jam, user=user)
    page = words(client.get("/jams/inside/"))
    assert participant in page
    assert page.count("btn-primary") <= 1


@pytest.mark.parametrize(
    ("moment", "may"), [(SUBMISSIONS_CLOSE - TICK, True), (SUBMISSIONS_CLOSE, False)]
)
def test_joining_is_one_click_until_submissions_close(client, at, floor_only, jam, moment, may):
    sign_in(client, at, moment)
    page = words(client.get("/jams/inside/"))
    assert ('action="/jams/inside/join/"' in page) == may


@pytest.mark.parametrize(
    ("moment", "may"), [(SUBMISSIONS_CLOSE - TICK, True), (SUBMISSIONS_CLOSE, False)]
)
def test_so_is_cancelling(client, at, floor_only, jam, moment, may):
    user = sign_in(client, at, moment)
    ParticipationFactory(jam=jam, user=user)
    page = words(client.get("/jams/inside/"))
    assert ('action="/jams/inside/cancel/"' in page) == may


def test_signing_up_leads_back_to_the_jam(client, at, floor_only, jam):
    at(MOMENTS["announced"])
    page = words(client.get("/jams/inside/"))
    assert "/accounts/signup/?next=%2Fjams%2Finside%2F" in page
    assert "/accounts/login/?next=%2Fjams%2Finside%2F" in page


@pytest.mark.parametrize(
    ("moment", "is_over"),
    [(RESULTS - TICK, False), (RESULTS, True)],
)
def test_a_jam_that_is_over_says_so(client, at, floor_only, jam, moment, is_over):
    at(moment)
    page = words(client.get("/jams/inside/"))
    assert ("This jam is over. It ran from" in page) == is_over


def test_the_page_tells_all_of_it(client, at, floor_only, jam):
    jam.tagline, jam.hashtag = "For the curious.", "#inside"
    jam.description = "# Welcome 🧑‍🔬\n\n$x$\n\n# How it goes"
    jam.save()
    HostFactory(jam=jam, name="Apart", url="https://apart.example")
    ResourceFactory(jam=jam, section="Read", title="A paper", kind="paper")
    ResourceFactory(jam=jam, section="Try", title="A notebook")
    ScheduleItemFactory.create_batch(4, jam=jam)
    ParticipationFactory.create_batch(2, jam=jam)
    ParticipationFactory(jam=jam, cancelled_at=START)
    at(MOMENTS["announced"])
    page = words(client.get("/jams/inside/"))
    for text in (
        '<h1 dir="auto">Looking Inside</h1>', "For the curious.", "#inside", "https://apart.example",
        'href="#text-welcome', 'href="#text-how-it-goes"', '<span class="math">x</span>',
        "<h3>Read</h3>", "A paper", "<h3>Try</h3>", "A notebook",
        "<dt>joined</dt><dd>2</dd>", "Submissions close", "/jams/inside/theme.css",
    ):  # fmt: skip
        assert text in page
    assert page.count('class="happening"') == 3


def test_next_on_the_schedule_is_what_is_not_over(client, at, floor_only, jam):
    now = ScheduleItemFactory(jam=jam, title="Going on", starts_at=START, ends_at=RESULTS)
    ScheduleItemFactory(jam=jam, title="Long gone", starts_at=START - TICK, ends_at=START)
    ScheduleItemFactory(jam=jam, title="A point", starts_at=START, ends_at=None)
    ScheduleItemFactory(jam=jam, title="To come", starts_at=START + TICK, ends_at=None)
    assert list(jam.schedule.not_over(START)) == [now, jam.schedule.get(title="To come")]
    at(START)
    page = words(client.get("/jams/inside/"))
    assert "Going on" in page
    assert "To come" in page
    assert "Long gone" not in page
    assert "A point" not in page


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("signed_in", "queries"), [(False, 4), (True, 6)])
def test_the_page_asks_the_same_however_much_there_is(
    client, at, floor_only, django_assert_num_queries, jam, rows, signed_in, queries
):
    HostFactory.create_batch(rows, jam=jam)
    ResourceFactory.create_batch(rows, jam=jam)
    ScheduleItemFactory.create_batch(rows, jam=jam)
    ParticipationFactory.create_batch(rows, jam=jam)
    at(MOMENTS["announced"])
    if signed_in:
        ParticipationFactory(jam=jam, user=sign_in(client, at, MOMENTS["announced"]))
    with django_assert_num_queries(queries):
        assert client.get("/jams/inside/").status_code == 200


@pytest.mark.parametrize("phase", MOMENTS)
@pytest.mark.parametrize("who", ["visitor", "participant", "organizer"])
def test_the_page_with_all_its_parts_asks_ten_times_at_most(
    client, at, django_assert_max_num_queries, jam, phase, who
):
    ScheduleItemFactory(jam=jam)
    at(MOMENTS[phase])
    if who != "visitor":
        user = sign_in(client, at, MOMENTS[phase])
        ParticipationFactory(jam=jam, user=user)
        if who == "organizer":
            jam.organizers.add(user)
    # Whoever comes first after a boundary makes what is due.
    client.get("/jams/inside/")
    # Nor does it ask more where nothing is kept yet.
    caches["process"].clear()
    with django_assert_max_num_queries(10):
        assert client.get("/jams/inside/").status_code == 200


def test_the_numbers_of_a_large_jam_are_counted_once_in_half_a_minute(
    client, at, floor_only, jam, monkeypatch
):
    def joined() -> bool:
        return "<dd>3</dd>" in client.get("/jams/inside/").content.decode()

    ParticipationFactory.create_batch(2, jam=jam)
    at(MOMENTS["announced"])
    assert not joined()
    ParticipationFactory(jam=jam)
    assert joined()

    monkeypatch.setattr(parts, "LARGE", 1)
    assert joined()
    ParticipationFactory(jam=jam)
    assert joined()
    at(MOMENTS["announced"] + timedelta(seconds=31))
    assert not joined()


@pytest.mark.parametrize("page", ["/jams/inside/resources/", "/jams/inside/schedule/"])
def test_however_much_there_is_a_page_stays_a_page(client, at, jam, page):
    ResourceFactory.create_batch(300, jam=jam, description="d" * 400)
    ScheduleItemFactory.create_batch(300, jam=jam, description="d" * 400)
    at(MOMENTS["announced"])
    first, last = client.get(page), client.get(f"{page}?page=5")
    assert len(first.content) < 150_000
    assert "page=2" in words(first)
    assert "page=4" in words(last)


def test_a_part_adds_sections_tabs_numbers_and_a_weightier_step(client, at, jam, monkeypatch):
    class MorePart(parts.Part):
        def tabs(self, jam, reader):
            return [parts.Tab("extra", "Extra", "/extra/", to_come="from Friday")]

        def step(self, jam, reader):
            return parts.Step(50, "Do this first")

        def sections(self, jam, reader):
            return [parts.Section("Much more", "more", "jam/more_for_tests.html", {})]

    monkeypatch.setattr(parts, "_parts", [MorePart(), JamPart()])
    monkeypatch.setattr(
        "django.template.loaders.filesystem.Loader.get_contents", _with_a_template_for_tests()
    )
    at(MOMENTS["announced"])
    page = words(client.get("/jams/inside/"))
    for text in ("Extra", "from Friday", "Do this first", "<h2>Much more</h2>", "a section of more",
                 'href="#more"'):  # fmt: skip
        assert text in page
    assert "Sign up to join" not in page


def _with_a_template_for_tests():
    from django.template.loaders.filesystem import Loader

    original = Loader.get_contents

    def contents(self, origin):
        if origin.template_name == "jam/more_for_tests.html":
            return "a section of {{ section.anchor }}"
        return original(self, origin)

    return contents


# -- drafts and publishing -------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["/jams/draft/", "/jams/draft/schedule/", "/jams/draft/calendar.ics", "/jams/draft/theme.css"],
)
def test_a_draft_exists_for_its_organizers_only(client, at, url):
    draft = JamFactory(slug="draft", published_at=None)
    at(MOMENTS["announced"])
    assert client.get(url).status_code == 404
    user = sign_in(client, at, MOMENTS["announced"])
    assert client.get(url).status_code == 404
    draft.organizers.add(user)
    response = client.get(url)
    assert response.status_code == 200
    assert "public" not in response.headers.get("Cache-Control", "")


def test_an_organizer_publishes_with_one_button(client, at, floor_only):
    draft = JamFactory(slug="draft", published_at=None)
    draft.organizers.add(sign_in(client, at, MOMENTS["announced"]))
    page = words(client.get("/jams/draft/"))
    assert "This is a draft." in page
    assert 'action="/jams/draft/publish/"' in page
    response = client.post("/jams/draft/publish/", follow=True)
    assert "is published. Everybody can see it now." in words(response)
    assert "This is a draft." not in words(response)
    draft.refresh_from_db()
    assert draft.published_at == MOMENTS["announced"]
    assert "published already" in words(client.post("/jams/draft/publish/", follow=True))


@pytest.mark.parametrize(("published", "status"), [(True, 403), (False, 404)])
def test_nobody_else_publishes(client, at, published, status):
    JamFactory(slug="other", published_at=START if published else None)
    sign_in(client, at, MOMENTS["announced"])
    response = client.post("/jams/other/publish/")
    assert response.status_code == status
    if status == 403:
        assert "Only organizers may publish a jam." in words(response)


# -- the buttons -----------------------------------------------------------------------------


def test_join_and_cancel_lead_back_and_say_what_came_of_it(client, at, jam):
    user = sign_in(client, at, MOMENTS["announced"])
    joined = client.post("/jams/inside/join/", follow=True)
    assert joined.redirect_chain == [("/jams/inside/", 302)]
    assert "You take part in Looking Inside." in words(joined)
    assert Participation.objects.active().get().user == user
    cancelled = client.post("/jams/inside/cancel/", follow=True)
    assert "You no longer take part in Looking Inside." in words(cancelled)
    assert not Participation.objects.active().exists()


@pytest.mark.parametrize(
    ("button", "moment", "label"),
    [
        ("join", SUBMISSIONS_CLOSE, "Submissions have closed, so nobody can join any more."),
        ("cancel", SUBMISSIONS_CLOSE, "You do not take part in this jam."),
    ],
)
def test_a_refusal_is_said_on_the_page(client, at, jam, button, moment, label):
    sign_in(client, at, moment)
    response = client.post(f"/jams/inside/{button}/", follow=True)
    assert response.status_code == 200
    assert label in words(response)
    assert not Participation.objects.exists()


@pytest.mark.parametrize("button", ["join", "cancel", "publish"])
def test_buttons_need_a_person_and_a_post(client, at, jam, button):
    at(MOMENTS["announced"])
    url = f"/jams/inside/{button}/"
    assert client.post(url).headers["Location"] == f"/accounts/login/?next={url}"
    sign_in(client, at, MOMENTS["announced"])
    assert client.get(url).headers["Location"] == "/jams/inside/"
    assert not Participation.objects.exists()


def test_a_jam_that_is_not_there(client, at):
    at(START)
    with warnings.catch_warnings(action="error"):
        for slug in ("nowhere", "n" * 300):
            assert client.get(f"/jams/{slug}/").status_code == 404
    assert Jam._meta.get_field("slug").max_length == parts.LONGEST_SLUG
    sign_in(client, at, START)
    assert client.post("/jams/nowhere/join/").status_code == 404


# -- schedule and theme ----------------------------------------------------------------------


def test_the_schedule_is_told_by_day_with_what_is_now_and_next(client, at, floor_only, jam):
    at(START + timedelta(hours=5))
    ScheduleItemFactory(jam=jam, title="Before", starts_at=START, ends_at=START + TICK)
    ScheduleItemFactory(jam=jam, title="Now it is", speaker="Neel", kind="keynote",
                        stream_url="https://s.example", description="**Bring** paper")  # fmt: skip
    ScheduleItemFactory(jam=jam, title="Later on", starts_at=START + timedelta(days=1),
                        ends_at=None, recording_url="https://r.example")  # fmt: skip
    response = client.get("/jams/inside/schedule/")
    page = words(response)
    days = {
        day.isoformat(): {str(entry.title): entry.state for entry in entries}
        for day, entries in response.context["days"]
    }
    assert days["2030-05-03"] == {"Start": "over", "Before": "over", "Now it is": "now"}
    assert days["2030-05-04"] == {"Later on": "next"}
    assert days["2030-05-05"] == {"Submissions close": "later", "Rating opens": "later"}
    for text in ("Friday 3 May 2030", "keynote", "Neel", "https://s.example", "https://r.example",
                 "<strong>Bring</strong>", "is-now", "is-next", "22:00 UTC"):  # fmt: skip
        assert text in page


def test_a_deadline_in_the_organizers_words_is_told_once(client, at, floor_only, jam):
    at(START)
    ScheduleItemFactory(jam=jam, title="Pens down", kind="deadline", starts_at=SUBMISSIONS_CLOSE,
                        ends_at=None)  # fmt: skip
    ScheduleItemFactory(jam=jam, title="A talk", starts_at=RESULTS, ends_at=None)
    days = client.get("/jams/inside/schedule/").context["days"]
    titles = [str(entry.title) for _, entries in days for entry in entries]
    assert titles == ["Start", "Pens down", "Rating opens", "Rating closes", "A talk", "Results"]
    feed = client.get("/jams/inside/calendar.ics").content.decode()
    assert feed.count("BEGIN:VEVENT") == len(titles)


def test_the_schedule_follows_the_readers_zone(client, at, floor_only, jam):
    sign_in(client, at, START, time_zone="Pacific/Auckland")
    days = [day.isoformat() for day, _ in client.get("/jams/inside/schedule/").context["days"]]
    assert days[0] == "2030-05-04"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_schedule_asks_the_same_however_long(
    client, at, floor_only, django_assert_num_queries, jam, rows
):
    ScheduleItemFactory.create_batch(rows, jam=jam)
    at(START)
    with django_assert_num_queries(3):
        page = client.get("/jams/inside/schedule/")
    assert words(page).count("Talk") >= rows


def test_the_theme_is_the_jams_hue_and_may_be_kept(client, at, jam, django_assert_num_queries):
    at(START)
    with django_assert_num_queries(1):
        response = client.get("/jams/inside/theme.css")
    assert response.content == b":root{--jam-hue:210}\n"
    assert response.headers["Content-Type"].startswith("text/css")
    assert "public" in response.headers["Cache-Control"]
    again = client.get(
        "/jams/inside/theme.css", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304


# -- people ----------------------------------------------------------------------------------


def test_a_person_is_shown_to_those_who_are_signed_in(client, at):
    person = UserFactory(
        display_name="Ada <L>", affiliation="Analytical", bio="*Looms* <script>",
        links="https://a.example\nhttps://b.example", email="ada@secret.example",
    )  # fmt: skip
    at(START)
    url = f"/people/{person.pk}/"
    assert client.get(url).status_code == 302
    sign_in(client, at, START)
    page = words(client.get(url))
    for text in (escape("Ada <L>"), "Analytical", "<em>Looms</em> &lt;script&gt;",
                 "https://a.example", "https://b.example"):  # fmt: skip
        assert text in page
    assert "ada@secret.example" not in page


def test_who_may_not_log_in_any_more_is_not_shown(client, at):
    sign_in(client, at, START)
    assert client.get(f"/people/{UserFactory(is_active=False).pk}/").status_code == 404


def test_the_profile_is_changed_in_place(client, at):
    user = sign_in(client, at, START)
    assert 'name="affiliation"' in words(client.get("/profile/"))
    told = {"display_name": "Ada", "affiliation": "", "bio": "🧑‍🔬", "links": "",
            "time_zone": "Europe/Copenhagen"}  # fmt: skip
    response = client.post("/profile/", told, follow=True)
    assert "Your profile is saved." in words(response)
    user.refresh_from_db()
    assert (user.display_name, user.bio, user.time_zone) == ("Ada", "🧑‍🔬", "Europe/Copenhagen")


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("links", "not a link", "is not a web address"),
        ("links", "javascript:alert(1)", "is not a web address"),
        ("time_zone", "Mars/Olympus", "not one of the available choices"),
        ("display_name", "", "required"),
    ],
)
def test_a_profile_with_errors_keeps_what_was_typed(client, at, field, value, error):
    user = sign_in(client, at, START)
    told = {"display_name": "New name", "affiliation": "", "bio": "all these words", "links": "",
            "time_zone": "UTC", field: value}  # fmt: skip
    response = client.post("/profile/", told)
    assert response.status_code == 422
    assert error in words(response)
    assert "all these words" in words(response)
    user.refresh_from_db()
    assert user.display_name != "New name"


def test_an_old_name_of_a_zone_is_kept(client, at):
    user = sign_in(client, at, START, time_zone="Etc/GMT+3")
    told = {"display_name": "Ada", "affiliation": "", "bio": "", "links": "",
            "time_zone": "Etc/GMT+3"}  # fmt: skip
    assert client.post("/profile/", told).status_code == 302
    user.refresh_from_db()
    assert user.time_zone == "Etc/GMT+3"


def test_markdown_is_previewed_for_those_who_are_signed_in(client, at):
    at(START)
    assert client.post("/markdown/", {"text": "*a*"}).status_code == 302
    sign_in(client, at, START)
    assert client.get("/markdown/").status_code == 405
    response = client.post("/markdown/", {"text": "*a* <script>"})
    assert response.content == b"<p><em>a</em> &lt;script&gt;</p>\n"


def test_what_is_too_large_is_said_to_be(client, at):
    sign_in(client, at, START)
    response = client.post("/markdown/", {"text": "x" * 3_000_000})
    # A form with files is read piece by piece and counted by field.
    assert response.status_code == 413
