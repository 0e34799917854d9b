"""Beginning a jam: a name and dates, a template, or an earlier jam."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jam import beginning, jam_templates, wall_clock
from jam.errors import Refused
from jam.jam_templates import EVENING, SCRATCH, TEMPLATES, WEEK, WEEKEND
from jam.models import Act, Jam, ScheduleItem
from jam.permissions import CreateRefusal, copy_refusal, create_refusal
from jam.wall_clock import Shift
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import TIMES, HostFactory, ScheduleItemFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["announced"]
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def _now(at):
    at(NOW)


@pytest.fixture
def organizer(client):
    user = UserFactory(is_staff=True, time_zone="Europe/Berlin")
    client.force_login(user)
    return user


def begin(by, template=SCRATCH, **said):
    said = {"title": "Looking Inside", "times": TIMES, "time_zone": "UTC"} | said
    return beginning.begin(by=by, template=template, moment=NOW, **said)


# -- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anyone", "fields", "refusal"),
    [
        (False, {"is_staff": True}, None),
        (False, {}, CreateRefusal.STAFF_ONLY),
        (True, {}, None),
        (True, {"verified": False}, CreateRefusal.UNVERIFIED),
    ],
)
def test_who_may_begin_one(settings, client, anyone, fields, refusal):
    settings.ANYONE_MAY_CREATE_JAMS = anyone
    user = UserFactory(**fields)
    assert create_refusal(user) == refusal
    client.force_login(user)
    assert client.get("/jams/new/").status_code == (403 if refusal else 200)
    assert ("/jams/new/" in client.get("/my-jams/").content.decode()) == (refusal is None)
    if refusal:
        with pytest.raises(Refused) as refused:
            begin(user)
        assert refused.value.refusal == refusal
        assert not Jam.objects.exists()


def test_only_who_organizes_a_jam_begins_another_from_it(client, organizer):
    source = JamFactory(title="Of others", slug="of-others")
    assert copy_refusal(organizer, source) == CreateRefusal.NOT_ORGANIZER
    assert client.get("/jams/new/?from=of-others").status_code == 404
    assert "Of others" not in client.get("/jams/new/").content.decode()
    with pytest.raises(Refused):
        beginning.begin_from(
            source=source, chosen=frozenset(), by=organizer, title="x", times=TIMES,
            time_zone="UTC", moment=NOW,
        )  # fmt: skip
    source.organizers.add(organizer)
    assert client.get("/jams/new/?from=of-others").status_code == 200
    assert "Of others" in client.get("/jams/new/").content.decode()


# -- what comes of it ----------------------------------------------------------------------------


def test_a_name_and_a_start_are_enough(client, organizer):
    page = client.get("/jams/new/")
    form = page.context["form"]
    data = {"title": "Looking Inside", "time_zone": form["time_zone"].value(),
            "starts_at": form["starts_at"].value()}  # fmt: skip
    response = client.post("/jams/new/", data)
    jam = Jam.objects.get()
    assert response.headers["Location"] == f"/jams/{jam.slug}/set-up/"
    assert (jam.slug, jam.time_zone, jam.is_published) == ("looking-inside", "Europe/Berlin", False)
    assert list(jam.organizers.all()) == [organizer]
    start = jam.starts_at.astimezone(BERLIN)
    assert (start.weekday(), start.hour, start.minute) == (4, 17, 0)
    assert timedelta(days=27) < jam.starts_at - NOW < timedelta(days=36)
    jam.full_clean()
    # Complete with every part's defaults.
    assert jam.criteria.count() == 5
    assert jam.rating_rules.target == 5
    assert jam.submission_rules.team_size == 6
    assert Act.objects.get().verb == "created"


def test_times_that_are_given_hold_and_the_others_follow_them(client, organizer):
    data = {
        "title": "Short",
        "time_zone": "UTC",
        "starts_at": "2030-07-05T10:00",
        "submissions_close_at": "2030-07-05T16:00",
        "results_at": "2030-07-25T12:00",
    }
    client.post("/jams/new/", data)
    jam = Jam.objects.get()
    assert jam.submissions_close_at == datetime(2030, 7, 5, 16, tzinfo=UTC)
    assert jam.ratings_open_at == datetime(2030, 7, 5, 17, tzinfo=UTC)
    assert jam.ratings_close_at == datetime(2030, 7, 19, 17, tzinfo=UTC)
    assert jam.results_at == datetime(2030, 7, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "This field is required"),
        ({"starts_at": ""}, "This field is required"),
        ({"starts_at": "2030-04-30T16:59"}, "still to come"),
        ({"starts_at": "0001-01-01T00:00"}, "still to come"),
        ({"starts_at": "9999-12-31T23:59"}, "still to come"),
        ({"starts_at": "0001-01-01T00:00", "time_zone": "Asia/Tokyo"}, "still to come"),
        ({"results_at": "9999-12-31T23:59", "time_zone": "America/Lima"}, "still to come"),
        ({"starts_at": "soon"}, "Enter a valid date/time"),
        ({"starts_at": "2031-03-30T02:30", "time_zone": "Europe/Berlin"}, "Clocks change"),
        ({"submissions_close_at": "2030-07-05T09:00"}, "must be after “Start”"),
        ({"results_at": "2030-07-05T09:00"}, "must be at least two minutes after"),
        ({"submissions_close_at": "9999-07-05T09:00"}, "within ten years"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_there(client, organizer, changed, words):
    data = {"title": "Looking Inside", "time_zone": "UTC", "starts_at": "2030-07-05T10:00"}
    response = client.post("/jams/new/", data | changed)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert 'value="Looking Inside"' in page or "title" in changed
    assert not Jam.objects.exists()


def test_what_was_typed_is_there_again_after_signing_in(client):
    data = {"title": "Looking Inside", "time_zone": "UTC", "starts_at": "2030-07-05T10:00"}
    client.post("/jams/new/?template=week", data, headers={"Origin": "http://testserver"})
    client.force_login(UserFactory(is_staff=True))
    assert 'value="Looking Inside"' in client.get("/jams/new/?template=week").content.decode()


def test_nobody_begins_jams_without_end(client, organizer):
    data = {"title": "Again", "time_zone": "UTC", "starts_at": "2030-07-05T10:00"}
    answers = [client.post("/jams/new/", data).status_code for _n in range(31)]
    assert answers == [302] * 30 + [422]


# -- addresses -----------------------------------------------------------------------------------


def test_every_jam_gets_an_address_of_its_own():
    user = UserFactory(is_staff=True)
    titles = [
        "Looking Inside",
        "Looking inside!",
        "Looking Inside",
        "New",
        "夜の回路",
        "—",
        "x" * 120,
    ]
    slugs = [begin(user, title=title).slug for title in titles]
    assert slugs[:6] == ["looking-inside", "looking-inside-2", "looking-inside-3", "new-2", "jam",
                         "jam-2"]  # fmt: skip
    assert len(slugs[6]) == 72


def test_who_is_second_takes_the_next_address(monkeypatch):
    user = UserFactory(is_staff=True)
    begin(user)
    free = iter(["looking-inside", "looking-inside-2"])
    monkeypatch.setattr(beginning, "free_address", lambda title: next(free))
    assert begin(user).slug == "looking-inside-2"


def test_no_jam_hides_the_page_where_jams_are_begun():
    with pytest.raises(ValidationError):
        Jam(title="New", slug="new", **TIMES).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        JamFactory(slug="new")


# -- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=str)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Pacific/Apia"])
@pytest.mark.parametrize("days", range(0, 365, 31))
def test_a_template_is_complete_on_any_day(template, zone, days):
    zone = ZoneInfo(zone)
    start = template.first(NOW + timedelta(days=days), zone)
    assert start.astimezone(zone).weekday() == template.weekday
    times = jam_templates.laid_out(start, template.gaps, zone)
    Jam(title="x", slug="x", time_zone=zone.key, **times).full_clean()


@pytest.mark.parametrize("template", [WEEKEND, WEEK, EVENING], ids=lambda each: each.name)
def test_what_a_template_brings_is_valid_and_lies_within_the_jam(client, organizer, template):
    page = client.get(f"/jams/new/?template={template.name}")
    form = page.context["form"]
    data = {name: form[name].value() for name in ("time_zone", "starts_at")}
    client.post(f"/jams/new/?template={template.name}", data | {"title": "It"})
    jam = Jam.objects.get()
    assert "## How it goes" in jam.description
    items = list(jam.schedule.all())
    assert len(items) == len(template.schedule)
    for row in [*items, *jam.sign_up_questions.all()]:
        row.full_clean()
    assert items[0].starts_at == jam.starts_at
    assert max(item.ends_at for item in items) <= jam.results_at + timedelta(hours=1)
    assert jam.sign_up_questions.count() == len(template.questions)
    assert Act.objects.filter(verb="began from a template").get().after == {
        "template": template.name
    }


def test_a_template_changes_what_does_not_suit_it():
    jam = begin(UserFactory(is_staff=True), EVENING)
    assert jam.rating_rules.eligibility == "participants"
    assert jam.submission_rules.team_size == 4
    assert begin(UserFactory(is_staff=True), WEEK).rating_rules.eligibility == "verified"


@pytest.mark.parametrize("query", ["from=%00", "from=no-such", "template=%00", "from=" + "x" * 999])
def test_what_nobody_can_begin_from(client, organizer, query):
    assert client.get(f"/jams/new/?{query}").status_code == 404


def test_a_template_that_there_is_not(client, organizer):
    assert client.get("/jams/new/?template=party").status_code == 404
    assert client.post("/jams/new/?template=party", {"title": "x"}).status_code == 404


# -- the clock on the wall -----------------------------------------------------------------------


def test_what_was_at_ten_is_at_ten_though_clocks_have_changed():
    # Summer time ends on 27 October 2030.
    before, after = datetime(2030, 10, 4, 15, tzinfo=UTC), datetime(2030, 11, 1, 16, tzinfo=UTC)
    shift = Shift.between(before, BERLIN, after, BERLIN)
    assert shift.by == timedelta(days=28)
    talk = datetime(2030, 10, 5, 8, tzinfo=UTC)
    assert shift.moved(talk).astimezone(BERLIN) == datetime(2030, 11, 2, 10, tzinfo=BERLIN)
    # What keeps to a clock of its own, keeps to it.
    there = datetime(2030, 10, 5, 10, tzinfo=NEW_YORK)
    assert shift.moved(there, NEW_YORK) == datetime(2030, 11, 2, 10, tzinfo=NEW_YORK)


def test_ten_in_one_zone_becomes_ten_in_another():
    before = datetime(2030, 10, 4, 17, tzinfo=BERLIN)
    shift = Shift.between(before, BERLIN, datetime(2030, 11, 1, 17, tzinfo=NEW_YORK), NEW_YORK)
    moved = shift.moved(datetime(2030, 10, 5, 10, tzinfo=BERLIN))
    assert moved == datetime(2030, 11, 2, 10, tzinfo=NEW_YORK)


def test_an_hour_that_is_left_out_turns_nothing_around():
    # Between two and three there is nothing on 31 March 2030 in Berlin.
    shift = Shift(timedelta(days=7), BERLIN, BERLIN)
    begins, ends = (
        datetime(2030, 3, 24, 2, 30, tzinfo=BERLIN),
        datetime(2030, 3, 24, 3, 15, tzinfo=BERLIN),
    )
    begin, end = shift.stretch(begins, ends)
    assert end - begin == timedelta(minutes=45)
    assert shift.stretch(begins, None) == (begin, None)
    assert shift.stretch(None, None) == (None, None)


def test_days_are_days_by_the_clock_and_hours_are_time_that_passes():
    eve = datetime(2030, 10, 26, 17, tzinfo=BERLIN)
    later = wall_clock.later_by_the_clock(eve, timedelta(days=1), BERLIN)
    assert later == datetime(2030, 10, 27, 17, tzinfo=BERLIN)
    assert later - eve == timedelta(hours=25)
    night = datetime(2030, 10, 26, 23, tzinfo=BERLIN)
    soon = wall_clock.later_by_the_clock(night, timedelta(hours=5), BERLIN)
    assert soon - night == timedelta(hours=5)


def test_another_edition_is_offered_on_the_same_day_of_the_week():
    jam = JamFactory(time_zone="Europe/Berlin")
    again = wall_clock.again_after(jam, jam.zone, START + timedelta(days=200))
    assert timedelta(days=228) <= again - START < timedelta(days=236)
    old, new = START.astimezone(BERLIN), again.astimezone(BERLIN)
    assert (old.weekday(), old.hour) == (new.weekday(), new.hour)
    # One that lies far ahead is not offered sooner.
    assert wall_clock.again_after(jam, jam.zone, START - timedelta(days=200)) == START


# -- the page ------------------------------------------------------------------------------------


def test_what_there_is_can_be_chosen_and_the_rest_is_not_offered(client, organizer):
    source = JamFactory(slug="first", time_zone="Europe/Berlin")
    source.organizers.add(organizer)
    HostFactory(jam=source)
    form = client.get("/jams/new/?from=first").context["form"]
    offered = [name for name, _label in form.fields["chosen"].choices]
    assert offered == ["texts", "hosts", "submission rules", "rating rules", "criteria"]
    assert form.fields["chosen"].initial == offered


def test_an_earlier_jam_from_the_page(client, organizer):
    source = JamFactory(slug="first", tagline="Two days.")
    source.organizers.add(organizer)
    ScheduleItemFactory(jam=source, title="Opening", speaker="Ada")
    ParticipationFactory(jam=source)
    data = {"title": "Second", "time_zone": "UTC", "starts_at": "2031-05-02T17:00",
            "chosen": ["schedule", "criteria"]}  # fmt: skip
    client.post("/jams/new/?from=first", data)
    jam = Jam.objects.get(slug="second")
    item = ScheduleItem.objects.get(jam=jam)
    assert item.starts_at - jam.starts_at == timedelta(hours=5)
    assert (item.title, item.speaker) == ("Opening", "")
    assert jam.tagline == ""
    assert not jam.participations.exists()
    act = Act.objects.filter(verb="began from an earlier jam").get()
    assert act.after == {"from": "first", "with": ["criteria", "schedule"]}


@pytest.mark.parametrize("jams", [1, 3])
def test_the_page_asks_as_often_for_many_earlier_jams(
    client, organizer, jams, django_assert_num_queries
):
    for jam in JamFactory.create_batch(jams):
        jam.organizers.add(organizer)
    with django_assert_num_queries(3):
        client.get("/jams/new/")
