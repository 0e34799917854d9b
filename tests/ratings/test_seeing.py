"""Seeing a jam as somebody else: what they would see, and nothing comes of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from jam import caching, parts, seeing
from jam.models import Act, Jam, Message, Participation, User
from jam.seeing import SeeRefusal, Sight, see_refusal
from jam.set_up import Role
from ratings.models import Judge, Rating, RatingRules, Results
from submissions.models import Closing, Contributor, Submission
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    RATINGS_OPEN,
    RESULTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    ParticipationFactory,
    UserFactory,
)
from tests.world import World, addresses

pytestmark = pytest.mark.django_db
MODELS = (User, Jam, Participation, Submission, Contributor, Judge, Rating, Closing, Results, Act,
          Message)  # fmt: skip


def look(client, world, user, role, at):
    """Begin to see the jam so; the cookie alone, since the form has tests of its own."""
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    sight = Sight(world.jam, Role(role), at)
    client.cookies[seeing.COOKIE] = seeing.cookie_of(sight, user)


def stock() -> dict:
    """All that stands in the tables of people's doings."""
    return {model: list(model.objects.order_by("pk").values()) for model in MODELS}


# -- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "moment", "refusal"),
    [
        (START, RATINGS_OPEN, None),
        (RATINGS_CLOSE - TICK, START, None),
        (RATINGS_CLOSE, START, SeeRefusal.RESULTS),
        (RESULTS, RESULTS - TICK, SeeRefusal.RESULTS),
        (RATINGS_CLOSE + timedelta(hours=1), RESULTS - TICK, SeeRefusal.RESULTS),
        (RESULTS, RESULTS, None),
        (RESULTS + timedelta(days=367), RESULTS, SeeRefusal.FAR),
        (START - timedelta(days=367), RESULTS, SeeRefusal.FAR),
    ],
)
def test_nothing_after_the_end_of_rating_is_seen_before_the_results(at, moment, refusal):
    jam = Jam(starts_at=START, submissions_close_at=SUBMISSIONS_CLOSE, ratings_open_at=RATINGS_OPEN,
              ratings_close_at=RATINGS_CLOSE, results_at=RESULTS)  # fmt: skip
    assert see_refusal(jam, at, moment) == refusal


# -- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59", "soon"])
def test_years_that_no_clock_reaches_are_refused(client, at, zone, moment):
    world = World("making", at)
    Jam.objects.update(time_zone=zone)
    client.force_login(world.people["organizer"], "django.contrib.auth.backends.ModelBackend")
    said = {"role": "visitor", "when": "now", "at": moment}
    assert client.post("/jams/night/see-as/", said).status_code == 422


def test_the_form_begins_it_and_ends_it(client, at):
    world = World("making", at)
    client.force_login(world.people["organizer"], "django.contrib.auth.backends.ModelBackend")
    page = "/jams/night/see-as/"
    wrong = client.post(page, {"role": "rater", "when": "now", "at": "2030-06-01T10:00"})
    assert wrong.status_code == 422
    assert "Until the results are out" in wrong.content.decode()
    assert "after-results_at" not in client.get(page).content.decode()
    client.post(page, {"role": "visitor", "when": "before-starts_at", "at": ""})
    said = client.get("/jams/night/").content.decode()
    assert "You see “Night of Circuits” as a visitor who is signed out" in said
    assert "Sign up to join" in said
    # Other pages stay as they are, and are marked.
    assert "You see “Night of Circuits”" in client.get("/my-jams/").content.decode()
    assert "Now you see it as" in client.get(page).content.decode()
    client.post(page, {"stop": "1"})
    assert "You see “Night" not in client.get("/jams/night/").content.decode()


@pytest.mark.parametrize("role", ["stranger", "participant", "judge", "staff"])
def test_who_does_not_organize_the_jam_does_not_see_it_so(client, at, role):
    world = World("making", at)
    look(client, world, world.people[role], "visitor", MOMENTS["announced"])
    assert "You see “Night" not in client.get("/jams/night/").content.decode()


def test_a_cookie_is_good_for_whom_it_was_made_and_for_an_hour(client, at):
    world = World("making", at)
    organizer = world.people["organizer"]
    look(client, world, organizer, "visitor", MOMENTS["making"])
    theirs = client.cookies[seeing.COOKIE].value
    for cookie in (theirs[:-1], "", "x:y:z"):
        client.cookies[seeing.COOKIE] = cookie
        assert "You see “Night" not in client.get("/jams/night/").content.decode()
    client.cookies[seeing.COOKIE] = theirs
    assert "You see “Night" in client.get("/jams/night/").content.decode()
    at(MOMENTS["making"] + timedelta(hours=1, seconds=1))
    assert "You see “Night" not in client.get("/jams/night/").content.decode()
    at(MOMENTS["making"])
    client.force_login(world.people["superuser"], "django.contrib.auth.backends.ModelBackend")
    client.cookies[seeing.COOKIE] = theirs
    assert "You see “Night" not in client.get("/jams/night/").content.decode()


# -- what ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "moment", "path", "words"),
    [
        ("visitor", MOMENTS["announced"], "", "Sign up to join"),
        ("visitor", MOMENTS["making"], "schedule/", "Schedule"),
        ("participant", MOMENTS["announced"], "", "You take part in this jam."),
        ("contributor", MOMENTS["making"], "", "What you made"),
        ("participant", SUBMISSIONS_CLOSE + timedelta(minutes=1), "", "Taking in the last"),
        ("rater", MOMENTS["rating"], "rate/", "Rate the next one"),
        ("judge", MOMENTS["rating"], "rate/", "Rate the next one"),
        ("visitor", MOMENTS["rating"], "submissions/", "Work"),
    ],
)
def test_the_page_is_theirs_at_that_moment(client, at, role, moment, path, words):
    world = World("making", at)
    look(client, world, world.people["organizer"], role, moment)
    response = client.get(f"/jams/night/{path}")
    assert response.status_code == 200
    assert words in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_results_are_seen_once_they_are_out_and_not_before(client, at):
    world = World("finished", at)
    page = f"/jams/night/results/{world.submission.pk}/"
    look(client, world, world.people["organizer"], "visitor", MOMENTS["finished"])
    assert client.get(page).status_code == 200
    look(client, world, world.people["organizer"], "visitor", MOMENTS["rating"])
    assert client.get(page).status_code == 302


def test_a_draft_is_seen_as_it_will_be(client, at):
    world = World("draft", at)
    look(client, world, world.people["organizer"], "visitor", MOMENTS["announced"])
    page = client.get("/jams/night/").content.decode()
    assert "Sign up to join" in page
    assert "This is a draft" not in page
    assert not Jam.objects.get().is_published


@pytest.mark.parametrize(
    ("phase", "role"),
    [
        ("draft", "visitor"),
        ("making", "contributor"),
        ("rating", "rater"),
        ("rating", "judge"),
        ("finished", "contributor"),
    ],
)
def test_nothing_is_written_on_any_page(client, at, phase, role, mailoutbox):
    world = World(phase, at)
    user = world.people["organizer"]
    last = RESULTS + timedelta(days=1) if phase == "finished" else RATINGS_CLOSE - TICK
    seen = {name for part in parts.all_parts() for name in part.pages_to_see()}
    paths = {each.name: world.path(each) for each in addresses() if each.name in seen}
    assert paths.keys() == seen
    before, files = stock(), stored()
    for moment in (SUBMISSIONS_CLOSE + timedelta(minutes=3), last):
        look(client, world, user, role, moment)
        session = dict(client.session)
        for name, path in paths.items():
            assert client.get(path).status_code in (200, 302, 403, 404), name
        assert dict(client.session) == session
    assert stock() == before
    assert stored() == files
    assert mailoutbox == []


def stored() -> set[str]:
    """Every file that is kept."""
    root = Path(default_storage.location)
    return {str(path) for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/jams/night/join/", "/jams/night/publish/", "/profile/",
                                  "/jams/night/set-up/texts/", "/language/"])  # fmt: skip
def test_nothing_is_sent_meanwhile(client, at, method, path):
    world = World("making", at)
    look(client, world, world.people["organizer"], "participant", MOMENTS["making"])
    before = stock()
    response = getattr(client, method)(path, {"display_name": "New", "time_zone": "UTC"})
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()
    assert stock() == before


def test_what_was_typed_in_another_window_is_there_again_afterwards(client, at):
    world = World("making", at)
    look(client, world, world.people["organizer"], "visitor", START)
    page, typed = "/jams/night/roles/", {"email": "mona@example.org", "role": "moderator"}
    said = client.post(page, typed, headers={"origin": "http://testserver"})
    assert said.status_code == 403
    assert not world.jam.role_invitations.exists()
    del client.cookies[seeing.COOKIE]
    assert "mona@example.org" in client.get(page).content.decode()


def test_a_button_says_that_it_does_nothing(at):
    world = World("making", at)
    client = Client(enforce_csrf_checks=True)
    look(client, world, world.people["organizer"], "participant", MOMENTS["making"])
    response = client.post("/jams/night/join/", {"csrfmiddlewaretoken": ""})
    assert response.status_code == 403
    assert "This cannot be seen so" in response.content.decode()
    # When it has ended, the token is not there all the same.
    client.cookies.pop(seeing.COOKIE)
    response = client.post("/jams/night/join/", {"csrfmiddlewaretoken": ""})
    assert response.status_code == 403
    assert not Participation.objects.filter(user=world.people["organizer"]).exists()


def test_whoever_looks_can_sign_out(client, at):
    world = World("making", at)
    look(client, world, world.people["organizer"], "participant", MOMENTS["making"])
    assert client.post("/accounts/logout/").status_code == 302
    assert "You see “Night" not in client.get("/jams/night/").content.decode()


def test_a_page_that_was_opened_so_changes_nothing_afterwards(client, at):
    world = World("making", at)
    look(client, world, world.people["organizer"], "participant", MOMENTS["making"])
    page = client.get("/jams/night/").content.decode()
    assert 'name="csrfmiddlewaretoken" value=""' in page
    assert page.count('name="csrfmiddlewaretoken"') == page.count(
        'name="csrfmiddlewaretoken" value=""'
    )


@pytest.mark.parametrize(
    "path", ["desk/", "set-up/", "participants/", "rate/notes/", "rate/coverage/", "log/",
             "rate/integrity/", "dates/"]
)  # fmt: skip
def test_pages_for_others_are_not_shown_so(client, at, path):
    world = World("rating", at)
    look(client, world, world.people["organizer"], "visitor", MOMENTS["rating"])
    assert "This cannot be seen so" in client.get(f"/jams/night/{path}").content.decode()


def test_nothing_is_kept_for_others(client, at, settings, monkeypatch):
    settings.PAGE_CACHE_SECONDS = 5
    monkeypatch.setattr(parts, "LARGE", 0)
    world = World("making", at)
    look(client, world, world.people["organizer"], "participant", MOMENTS["making"])
    caches["process"].clear()
    client.get("/jams/night/")
    kept = caches["process"].get(parts.numbers_key("night"))
    assert kept is None
    assert caching.kept(world.jam, "hosts", lambda: "made anew") == "made anew"


def test_messages_wait_for_whom_they_are(client, at):
    world = World("making", at)
    look(client, world, world.people["organizer"], "visitor", MOMENTS["making"])
    client.get("/jams/night/participants/")
    client.cookies.pop(seeing.COOKIE)
    client.post("/jams/night/join/")
    look(client, world, world.people["organizer"], "visitor", MOMENTS["making"])
    assert "You take part in Night" not in client.get("/jams/night/").content.decode()
    client.cookies.pop(seeing.COOKIE)
    assert "You take part in Night" in client.get("/jams/night/").content.decode()


def test_what_goes_wrong_in_a_page_leaves_nothing(client, at, monkeypatch):
    world = World("making", at)
    look(client, world, world.people["organizer"], "participant", MOMENTS["making"])
    before = stock()

    def fails(self, *args, **kwargs):
        UserFactory()
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    monkeypatch.setattr("jam.views.jams.DetailView.get_context_data", fails)
    client.raise_request_exception = False
    # SQLite calls it a trouble of its own, PostgreSQL ours.
    assert client.get("/jams/night/").status_code in (500, 503)
    assert stock() == before


def test_a_rater_of_a_jam_where_contributors_rate_has_handed_in(client, at):
    world = World("rating", at)
    RatingRules.objects.filter(jam=world.jam).update(eligibility="contributors")
    look(client, world, world.people["organizer"], "rater", MOMENTS["rating"])
    assert "Rate the next one" in client.get("/jams/night/rate/").content.decode()


def test_other_jams_are_as_they_are(client, at):
    world = World("making", at)
    other = ParticipationFactory().jam
    look(client, world, world.people["organizer"], "participant", MOMENTS["rating"])
    page = client.get(other.get_absolute_url()).content.decode()
    assert "You take part in this jam." not in page
    assert "You see “Night of Circuits”" in page
