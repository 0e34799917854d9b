"""Trying a jam out: the whole life of a copy, of which nothing stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import translation

from jam import dry_run
from jam.dry_run import FIRST_KEY, DryRunRefusal, Scene, moments_of, play_through
from jam.errors import Refused
from jam.models import Act, Jam, Message, SignUpQuestion, User
from jam.permissions import SetUpRefusal
from ratings.models import Criterion, Prize, RatingRules
from submissions.models import Question, Submission
from tests.factories import MOMENTS, RESULTS, START, JamFactory, UserFactory
from tests.ratings.factories import rate
from tests.sites.factories import LocalSiteFactory, SiteItemFactory
from tests.submissions.factories import frozen_submission

pytestmark = pytest.mark.django_db
NOW = MOMENTS["announced"]


@pytest.fixture(autouse=True)
def _now(at):
    at(NOW)
    cache.clear()


@pytest.fixture
def organizer(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def jam(organizer):
    jam = JamFactory(slug="night", title="Night", published_at=None)
    jam.organizers.add(organizer)
    return jam


def played(jam, by):
    # As a page has it.
    jam = Jam.objects.get(pk=jam.pk)
    return {one.scene: one for one in play_through(jam=jam, by=by, moment=NOW)}


def lines(one) -> list[str]:
    return [line.text for line in one.lines]


def told(scenes) -> list:
    """What is told, without digests: they are of keys, too."""
    return [
        (scene, one.lines, [(mail.subject, mail.people) for mail in one.mails])
        for scene, one in scenes.items()
    ]


def stock() -> dict[str, list]:
    """All that stands in the database."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


# -- the life of the copy ------------------------------------------------------------------------


def test_the_whole_life_is_played(jam, organizer):
    scenes = played(jam, organizer)
    assert list(scenes) == [scene for scene in Scene if scene in scenes]
    assert {scene: one.at for scene, one in scenes.items()} == {
        scene: at for scene, at in moments_of(jam).items() if scene in scenes
    }
    assert not [line for one in scenes.values() for line in one.lines if line.is_trouble]
    assert lines(scenes[Scene.SIGN_UP]) == ["8 people join.", "Person H cancels."]
    assert lines(scenes[Scene.START]) == ["6 people begin 4 submissions."]
    assert lines(scenes[Scene.LAST_HOUR])[:2] == [
        "“What team A made” is handed in.",
        "“What team B made” is handed in.",
    ]
    assert "A licence" in lines(scenes[Scene.LAST_HOUR])[2]
    assert lines(scenes[Scene.DEADLINE]) == ["Who hands in now reads: Submissions have closed."]
    assert lines(scenes[Scene.FREEZING]) == [
        "3 submissions are in and will be rated.",
        "1 of them is a complete draft that nobody handed in: it counts all the same.",
        "1 draft lacks something and is not in.",
        "Who comments now reads: Nobody comments while submissions are being rated.",
    ]
    assert lines(scenes[Scene.RATING]) == [
        "The queue hands out work, and 16 ratings come back, from 7 people."
    ]
    assert lines(scenes[Scene.RATED]) == [
        "Person G comments on “What team A made”, and Person A answers.",
        "Who wants to rate now reads: Rating has closed.",
    ]
    assert [line for line in lines(scenes[Scene.RESULTS]) if line.startswith("Place ")] == [
        "Place 1: “What team C made”, with 6 ratings",
        "Place 2: “What team A made”, with 5 ratings",
        "Place 3: “What team B made”, with 5 ratings",
    ]


def test_the_mails_of_each_scene_are_told(jam, organizer):
    scenes = played(jam, organizer)

    def subjects(scene):
        return [(one.people, one.subject) for one in scenes[scene].mails]

    assert subjects(Scene.EVE) == [(7, "Night starts soon")]
    assert subjects(Scene.START) == [(7, "Night has begun")]
    assert (2, "“What team A made” is in") in subjects(Scene.LAST_HOUR)
    assert [people for people, _subject in subjects(Scene.FREEZING)] == [1]
    assert (2, "Person G on “What team A made”") in subjects(Scene.RATED)
    assert (1, "Person A answered you") in subjects(Scene.RATED)
    assert (7, "The results of Night are out") in subjects(Scene.RESULTS)
    [soon] = scenes[Scene.EVE].mails
    assert "http://testserver/jams/night/" in soon.text or "/jams/night/" in soon.text
    assert "/mails/stop/" not in soon.text
    assert "starts soon" not in soon.text


def test_comments_are_written_at_once_where_the_jam_lets_them_be(jam, organizer):
    jam.submission_rules.discussion = "open"
    jam.submission_rules.save()
    scenes = played(jam, organizer)
    said = "Person G comments on “What team A made”, and Person A answers."
    assert lines(scenes[Scene.FREEZING])[-1] == said
    assert said not in lines(scenes[Scene.RATED])


def sites_of(jam):
    """One with a line and an hour by which people are to be there, and a larger one."""
    hour = START + timedelta(hours=3)
    return [
        LocalSiteFactory(jam=jam, name="Attic", capacity=2, no_shows_at=hour),
        LocalSiteFactory(jam=jam, name="Hall", capacity=30),
        LocalSiteFactory(jam=jam, name="Arena", capacity=3000),
    ]


def test_places_are_taken_waited_for_given_back_and_lost(jam, organizer):
    sites_of(jam)
    scenes = played(jam, organizer)
    assert not [line for one in scenes.values() for line in one.lines if line.is_trouble]
    assert lines(scenes[Scene.SIGN_UP])[2:] == [
        "2 people take a place at “Attic”.",
        "“Attic” is full: 1 person waits for a place.",
        "3 people take a place at “Hall”.",
    ]
    assert lines(scenes[Scene.EVE]) == [
        "Person A gives the place at “Attic” back, and Person E takes it."
    ]
    assert (1, "A place at “Attic” is yours to take") in [
        (one.people, one.subject) for one in scenes[Scene.EVE].mails
    ]
    assert lines(scenes[Scene.START])[:2] == [
        "1 person comes to “Attic” and is checked in.",
        "2 people come to “Hall” and are checked in.",
    ]
    assert lines(scenes[Scene.LAST_DAY]) == [
        "1 person has not come to “Attic” by its hour and has lost the place."
    ]
    assert "Your place at “Attic” has been given on" in [
        one.subject for one in scenes[Scene.LAST_DAY].mails
    ]


def test_a_site_that_is_over_before_it_begins_is_trouble(jam, organizer):
    LocalSiteFactory(jam=jam, name="Attic", ends_at=moments_of(jam)[Scene.SIGN_UP])
    [line] = [line for line in played(jam, organizer)[Scene.SIGN_UP].lines if line.is_trouble]
    assert line.text.startswith("Who wants a place at “Attic” reads: ")


def test_where_doors_are_closed_before_the_start_that_is_trouble(jam, organizer):
    LocalSiteFactory(jam=jam, name="Attic", ends_at=START)
    trouble = [line.text for line in played(jam, organizer)[Scene.START].lines if line.is_trouble]
    assert len(trouble) == 1
    assert trouble[0].startswith("Nobody can be checked in at “Attic”: ")


def test_what_only_waits_for_a_decision_is_no_site_of_it(jam, organizer):
    LocalSiteFactory(jam=jam, name="Attic", approved_at=None, is_open=False)
    assert "Attic" not in repr(played(jam, organizer))


def test_what_the_jam_asks_is_answered(jam, organizer):
    SignUpQuestion.objects.create(
        jam=jam, text="Where?", kind="choice", options="Here\nThere", is_required=True
    )
    Question.objects.create(jam=jam, text="Ready?", kind="yes_no", is_required=True)
    rules = jam.submission_rules
    rules.report_required = rules.repository_required = True
    rules.team_size, rules.ai_tools = 1, "required"
    rules.save()
    scenes = played(jam, organizer)
    assert "Each answers 1 question at sign-up." in lines(scenes[Scene.SIGN_UP])
    assert lines(scenes[Scene.START]) == ["4 people begin 4 submissions."]
    assert "3 submissions are in and will be rated." in lines(scenes[Scene.FREEZING])


@pytest.mark.parametrize(
    ("eligibility", "told"),
    [
        ("verified", "16 ratings come back, from 7 people"),
        ("contributors", "2 people may not rate"),
        ("judges", "6 ratings come back, from 2 people"),
    ],
)
def test_who_may_rate_by_the_rules_does(jam, organizer, eligibility, told):
    RatingRules.objects.filter(jam=jam).update(eligibility=eligibility)
    scenes = played(jam, organizer)
    assert told in "\n".join(lines(scenes[Scene.RATING]))
    assert ("2 judges are named." in lines(scenes[Scene.SIGN_UP])) == (eligibility == "judges")


def test_judges_come_where_a_criterion_is_theirs(jam, organizer):
    Criterion.objects.filter(jam=jam, order=0).update(judges_only=True)
    assert "2 judges are named." in lines(played(jam, organizer)[Scene.SIGN_UP])


def test_where_nothing_can_be_rated_that_is_trouble(jam, organizer):
    jam.criteria.all().delete()
    scenes = played(jam, organizer)
    [line] = scenes[Scene.RATING].lines
    assert line.is_trouble
    assert line.text == "Nobody gives a rating that counts."
    assert "Without a place: “What team A made”, with 0 ratings" in lines(scenes[Scene.RESULTS])


def test_prizes_go_by_place(jam, organizer):
    Prize.objects.create(jam=jam, title="First", kind=Prize.Kind.PLACE, place=1)
    assert "1 prize goes by place." in lines(played(jam, organizer)[Scene.RESULTS])


def test_a_jam_of_an_evening_is_over_within_its_hours(organizer):
    hour = timedelta(hours=1)
    jam = JamFactory(
        submissions_close_at=START + hour / 2,
        ratings_open_at=START + hour / 2 + timedelta(minutes=2),
        ratings_close_at=START + hour,
        results_at=START + hour + timedelta(minutes=2),
    )
    jam.organizers.add(organizer)
    moments = moments_of(jam)
    assert list(moments.values()) == sorted(moments.values())
    scenes = played(jam, organizer)
    assert "3 submissions are in and will be rated." in lines(scenes[Scene.FREEZING])
    assert Scene.RESULTS in scenes


# -- nothing stays -------------------------------------------------------------------------------


def test_the_database_and_the_files_are_as_they_were(
    client, jam, organizer, django_capture_on_commit_callbacks, monkeypatch
):
    frozen_submission(jam)
    sites_of(jam)
    jam.submission_rules.report_required = True
    jam.submission_rules.save()
    stored = []
    monkeypatch.setattr(default_storage, "_save", lambda name, content: stored.append(name))
    before, people = stock(), User.objects.count()
    with django_capture_on_commit_callbacks() as after:
        assert client.post("/jams/night/dry-run/").status_code == 200
    now = stock()
    assert {table for table in now if now[table] != before[table]} <= {"sqlite_sequence"}
    assert (after, stored, mail.outbox) == ([], [], [])
    assert (User.objects.count(), Jam.objects.count()) == (people, 1)
    assert not Message.objects.exists()
    assert not Act.objects.filter(verb="froze results").exists()


def test_a_copy_that_fails_leaves_nothing_either(jam, organizer, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(dry_run, "_gathered", fail)
    before = stock()
    with pytest.raises(RuntimeError):
        play_through(jam=jam, by=organizer, moment=NOW)
    now = stock()
    assert {table for table in now if now[table] != before[table]} <= {"sqlite_sequence"}


def test_nothing_of_what_people_did_in_the_jam_is_in_it(jam, organizer, at):
    """Neither their names and titles, nor what they gave: two jams that differ in that alone are
    played alike."""
    jam.published_at = START
    jam.save()
    secret = frozen_submission(jam, title="A secret")
    first = played(jam, organizer)
    rate(secret, 1, 1, 1, 1, 1)
    assert told(played(jam, organizer)) == told(first)
    assert "secret" not in repr(first)


def test_a_jam_that_is_over_is_played_as_one_to_come(jam, organizer):
    later = play_through(jam=jam, by=organizer, moment=RESULTS + timedelta(days=400))
    assert told({one.scene: one for one in later}) == told(played(jam, organizer))


# -- the page ------------------------------------------------------------------------------------


def test_who_may(client, jam, organizer):
    url = "/jams/night/dry-run/"
    assert client.get(url).status_code == 200
    with pytest.raises(Refused) as refused:
        play_through(jam=jam, by=UserFactory(), moment=NOW)
    assert refused.value.refusal == SetUpRefusal.NOT_ORGANIZER
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    Jam.objects.update(published_at=NOW)
    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403
    client.logout()
    assert client.get(url).headers["Location"].startswith("/accounts/login/")


def test_it_is_read_in_the_language_of_who_asked(client, jam, organizer):
    page = client.post("/jams/night/dry-run/").content.decode()
    assert "“What team C made”, with 6 ratings" in page
    assert "A mail to 7 people:" in page
    with translation.override("es"):
        scenes = played(jam, organizer)
    assert [one.subject for one in scenes[Scene.EVE].mails] == ["Night empieza pronto"]


def test_not_too_often(client, jam, organizer, monkeypatch):
    monkeypatch.setattr(dry_run, "MOST", 0)
    page = client.post("/jams/night/dry-run/")
    assert page.status_code == 422
    assert str(DryRunRefusal.TOO_OFTEN.label) in page.content.decode()
    assert not Submission.objects.exists()


# -- looking around in it ------------------------------------------------------------------------


def look(client, scene, role):
    return client.post("/jams/night/dry-run/", {"look": "1", "scene": scene, "role": role})


@pytest.mark.parametrize(
    ("scene", "role", "path", "words"),
    [
        (Scene.SIGN_UP, "visitor", "", "Sign up to join"),
        (Scene.START, "contributor", f"submissions/{FIRST_KEY}/edit/", "What team A made"),
        (Scene.FREEZING, "visitor", "submissions/", "What team C made"),
        (Scene.FREEZING, "participant", f"submissions/{FIRST_KEY + 2}/", "What team C made"),
        (Scene.RATING, "rater", f"rate/{FIRST_KEY}/", "What team A made"),
        (Scene.RATING, "judge", "rate/", "Rate the next one"),
        (Scene.RESULTS, "visitor", "results/", "What team C made"),
        (Scene.RESULTS, "contributor", f"results/{FIRST_KEY}/", "What team A made"),
    ],
)
def test_the_pages_of_the_copy_are_seen_under_the_address_of_the_jam(
    client, jam, scene, role, path, words
):
    before = stock()
    assert look(client, scene, role).headers["Location"] == "/jams/night/"
    response = client.get(f"/jams/night/{path}")
    assert response.status_code == 200
    page = response.content.decode()
    assert words in page
    assert "It is a copy with people who are made up." in page
    assert "/jams/night/theme.css" in page
    assert not re.search(r"/jams/[0-9a-f]{32}/", page)
    assert "no-store" in response.headers["Cache-Control"]
    now = stock()
    changed = {table for table in now if now[table] != before[table]}
    assert changed <= {"sqlite_sequence", "django_session", "usersessions_usersession"}


def test_sites_have_the_same_address_each_time_with_what_belongs_to_them(client, jam):
    attic, hall, _arena = sites_of(jam)
    SiteItemFactory(site=attic, title="Breakfast")
    Prize.objects.create(jam=jam, title="Best of the Hall", site=hall, kind="place", place=1)
    for _time in range(2):
        look(client, Scene.START, "contributor")
        # By name it is the second.
        page = client.get(f"/jams/night/sites/{FIRST_KEY + 1}/").content.decode()
        assert "Attic" in page
        assert "Breakfast" in page
        assert "Person C" in page
    look(client, Scene.RESULTS, "visitor")
    assert "Best of the Hall" in client.get("/jams/night/results/").content.decode()


def test_what_is_said_of_a_submission_is_read(client, jam):
    look(client, Scene.RESULTS, "visitor")
    page = client.get(f"/jams/night/submissions/{FIRST_KEY}/").content.decode()
    assert "An invented question." in page


def test_what_has_a_report_that_is_made_up_is_shown_all_the_same(client, jam):
    jam.submission_rules.report_required = True
    jam.submission_rules.save()
    look(client, Scene.RATING, "rater")
    for path in ("submissions/", f"submissions/{FIRST_KEY}/", f"rate/{FIRST_KEY}/"):
        assert client.get(f"/jams/night/{path}").status_code == 200


def test_the_real_jam_is_not_seen_through_it(client, jam):
    jam.published_at = START
    jam.save()
    secret = frozen_submission(jam, title="A secret")
    look(client, Scene.RESULTS, "participant")
    assert "A secret" not in client.get("/jams/night/submissions/").content.decode()
    assert client.get(f"/jams/night/submissions/{secret.pk}/").status_code == 404


def test_nothing_is_done_meanwhile_and_it_ends(client, jam):
    look(client, Scene.SIGN_UP, "visitor")
    assert client.post("/jams/night/join/").status_code == 403
    assert "Now you see it as" in client.get("/jams/night/dry-run/").content.decode()
    client.post("/jams/night/see-as/", {"stop": "1"})
    assert "made up" not in client.get("/jams/night/").content.decode()


@pytest.mark.parametrize("said", [{"scene": "never", "role": "visitor"}, {"role": "nobody"}])
def test_a_scene_that_there_is_not_is_refused(client, jam, said):
    response = client.post("/jams/night/dry-run/", {"look": "1", **said})
    assert response.status_code == 422
    assert "invalid-feedback" in response.content.decode()


def test_who_does_not_organize_it_cannot_look_around(client, jam, organizer):
    look(client, Scene.RESULTS, "visitor")
    jam.organizers.remove(organizer)
    Jam.objects.update(published_at=START)
    assert "made up" not in client.get("/jams/night/").content.decode()
