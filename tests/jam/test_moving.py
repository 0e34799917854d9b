"""Moving the dates of a jam: what it means is said first, and what was promised holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jam import moving
from jam.errors import Refused
from jam.models import Act, ScheduleChange
from jam.moving import NOTICE, MoveRefusal, move_refusals
from jam.permissions import SetUpRefusal
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    RATINGS_OPEN,
    RESULTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import ScheduleItemFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(at):
    # So that whoever signs in now is still signed in when the jam is made.
    at(MOMENTS["announced"])


@pytest.fixture
def organizer(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def jam(organizer):
    jam = JamFactory(slug="night")
    jam.organizers.add(organizer)
    return jam


def times(jam, **moves) -> dict[str, datetime]:
    return moving.instants(jam) | moves


@pytest.mark.parametrize(
    ("moment", "moves", "refusals"),
    [
        # Nothing has begun: anything ahead may move anywhere ahead.
        (START - TICK, {"starts_at": START + HOUR}, {}),
        (START - DAY, {"starts_at": START - DAY + TICK}, {}),
        (START - DAY, {"starts_at": START - DAY}, {"starts_at": MoveRefusal.INTO_THE_PAST}),
        (START - DAY, {"submissions_close_at": START + HOUR}, {}),
        # What has passed stays.
        (START, {"starts_at": START + HOUR}, {"starts_at": MoveRefusal.PASSED}),
        (SUBMISSIONS_CLOSE - TICK, {"submissions_close_at": SUBMISSIONS_CLOSE + HOUR}, {}),
        (
            SUBMISSIONS_CLOSE,
            {"submissions_close_at": SUBMISSIONS_CLOSE + HOUR},
            {"submissions_close_at": MoveRefusal.PASSED},
        ),
        # While people are at it, it ends sooner only with a day left.
        (START, {"submissions_close_at": START + NOTICE}, {}),
        (
            START,
            {"submissions_close_at": START + NOTICE - TICK},
            {"submissions_close_at": MoveRefusal.TOO_SOON},
        ),
        (
            SUBMISSIONS_CLOSE - HOUR,
            {"submissions_close_at": SUBMISSIONS_CLOSE - TICK},
            {"submissions_close_at": MoveRefusal.TOO_SOON},
        ),
        (SUBMISSIONS_CLOSE, {"ratings_open_at": RATINGS_OPEN - HOUR + TICK}, {}),
        (RATINGS_OPEN, {"ratings_close_at": RATINGS_OPEN + NOTICE}, {}),
        (
            RATINGS_OPEN,
            {"ratings_close_at": RATINGS_OPEN + NOTICE - TICK},
            {"ratings_close_at": MoveRefusal.TOO_SOON},
        ),
        (RATINGS_OPEN, {"results_at": RESULTS - HOUR}, {}),
        # Appeals are something that people are at.
        (
            RATINGS_CLOSE + HOUR,
            {"results_at": RESULTS - HOUR},
            {"results_at": MoveRefusal.TOO_SOON},
        ),
        (RATINGS_CLOSE + HOUR, {"results_at": RESULTS + DAY}, {}),
        # Once the results are out, nothing moves.
        (RESULTS, {"results_at": RESULTS + DAY}, {"results_at": MoveRefusal.PASSED}),
    ],
)
def test_what_may_be_moved(jam, moment, moves, refusals):
    assert move_refusals(jam, times(jam, **moves), moment) == refusals
    jam.published_at = None
    assert move_refusals(jam, times(jam, **moves), moment) == {}


def move(jam, by, moment=MOMENTS["making"], reason="The hall burns", seen=None, **moves):
    return moving.move(
        jam=jam, times=times(jam, **moves), seen=seen, by=by, reason=reason, moment=moment,
    )  # fmt: skip


def test_a_move_is_done_told_and_logged(jam, organizer):
    deadline = ScheduleItemFactory(
        jam=jam, kind="deadline", starts_at=SUBMISSIONS_CLOSE, ends_at=None
    )
    move(jam, organizer, submissions_close_at=SUBMISSIONS_CLOSE + 30 * TICK)
    jam.refresh_from_db()
    assert jam.submissions_close_at == SUBMISSIONS_CLOSE + 30 * TICK
    change = ScheduleChange.objects.get()
    assert (change.boundary, change.was_at) == ("submissions_close_at", SUBMISSIONS_CLOSE)
    deadline.refresh_from_db()
    assert deadline.starts_at == jam.submissions_close_at
    act = Act.objects.get()
    assert (act.verb, act.actor, act.reason) == ("moved dates", organizer, "The hall burns")
    assert act.before == {"submissions_close_at": SUBMISSIONS_CLOSE.isoformat()}
    assert act.after == {"submissions_close_at": jam.submissions_close_at.isoformat()}


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"reason": " "}, MoveRefusal.NO_REASON),
        ({"results_at": RESULTS}, MoveRefusal.NOTHING),
        ({"starts_at": START + HOUR}, MoveRefusal.PASSED),
    ],
)
def test_what_is_not_done(jam, organizer, said, refusal):
    moves = {} if "results_at" in said else {"results_at": RESULTS + DAY}
    with pytest.raises(Refused) as refused:
        move(jam, organizer, **(moves | said))
    assert refused.value.refusal == refusal
    assert not Act.objects.exists()


def test_only_organizers_move_dates(jam):
    with pytest.raises(Refused) as refused:
        move(jam, UserFactory(), results_at=RESULTS + DAY)
    assert refused.value.refusal == SetUpRefusal.NOT_ORGANIZER


def test_a_draft_is_moved_without_a_word(client, jam, at):
    at(MOMENTS["making"])
    jam.published_at = None
    jam.save()
    data = posted(client) | {"starts_at": "2030-05-03T10:00"}
    assert client.post("/jams/night/dates/", data).status_code == 302
    jam.refresh_from_db()
    assert jam.starts_at == datetime(2030, 5, 3, 10, tzinfo=UTC)
    assert not ScheduleChange.objects.exists()
    assert Act.objects.get().verb == "moved dates"


# -- the page ------------------------------------------------------------------------------------


def posted(client) -> dict[str, str]:
    """The form as a browser would post it, which knows no seconds."""
    form = client.get("/jams/night/dates/").context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    return {name: value.strftime("%Y-%m-%dT%H:%M") for name, value in values.items()}


def test_what_it_means_is_said_before_it_is_done(client, jam, at):
    at(MOMENTS["making"])
    ParticipationFactory.create_batch(3, jam=jam)
    ParticipationFactory(jam=jam, cancelled_at=MOMENTS["making"])
    data = posted(client) | {"submissions_close_at": "2030-05-07T17:00",
                             "ratings_open_at": "2030-05-07T18:00"}  # fmt: skip
    response = client.post("/jams/night/dates/", data)
    page = response.content.decode().replace("\xa0", " ")
    assert response.status_code == 200
    assert "Submissions close: 2 days later" in page
    assert "Rating opens: 2 days later" in page
    assert "3 people will be told." in page
    jam.refresh_from_db()
    assert jam.submissions_close_at == SUBMISSIONS_CLOSE
    # Without a reason it is asked once more, with the same dates in it.
    confirmed = data | {"confirm": "1"}
    response = client.post("/jams/night/dates/", confirmed | {"reason": ""})
    assert response.status_code == 422
    assert "Say why" in response.content.decode()
    assert 'value="2030-05-07T17:00"' in response.content.decode()
    response = client.post("/jams/night/dates/", confirmed | {"reason": "Rain"})
    assert response.headers["Location"] == "/jams/night/set-up/"
    jam.refresh_from_db()
    assert jam.submissions_close_at == SUBMISSIONS_CLOSE + 2 * DAY
    assert jam.starts_at == START


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ({}, "Nothing is moved"),
        ({"submissions_close_at": "2030-05-04T00:00"}, "in the middle of it"),
        ({"ratings_open_at": "2030-05-05T17:01"}, "at least two minutes after"),
        ({"results_at": ""}, "This field is required"),
        ({"results_at": "2030-05-03T21:00"}, "still to come"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_and_what_was_typed_is_there(client, jam, at, moves, words):
    at(MOMENTS["making"])
    response = client.post("/jams/night/dates/", posted(client) | moves)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert moves.get("results_at", "") in page
    assert not Act.objects.exists()


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize(
    ("zone", "field", "typed"),
    [
        ("America/New_York", "results_at", "9999-12-31T23:59"),
        ("Asia/Tokyo", "results_at", "9999-12-31T23:59"),
        ("Asia/Tokyo", "starts_at", "0001-01-01T00:00"),
        ("America/New_York", "starts_at", "0001-01-01T00:00"),
    ],
)
def test_years_that_no_clock_reaches_are_refused(client, jam, published, zone, field, typed):
    jam.time_zone = zone
    jam.published_at = jam.published_at if published else None
    jam.save()
    response = client.post("/jams/night/dates/", posted(client) | {field: typed})
    assert response.status_code == 422
    assert typed in response.content.decode()


def test_what_has_passed_is_not_in_the_form(client, jam, at):
    at(MOMENTS["making"])
    form = client.get("/jams/night/dates/").context["form"]
    assert [name for name in form.fields if form.fields[name].disabled] == ["starts_at"]
    data = posted(client) | {"starts_at": "2030-06-01T10:00"}
    response = client.post("/jams/night/dates/", data)
    assert "Nothing is moved" in response.content.decode()


@pytest.mark.parametrize("phase", ["announced", "making"])
def test_seconds_that_no_field_shows_are_kept(client, jam, at, phase):
    at(MOMENTS[phase])
    jam.starts_at = START + timedelta(seconds=30, microseconds=5)
    jam.results_at = RESULTS + timedelta(seconds=30, microseconds=5)
    jam.save()
    response = client.post("/jams/night/dates/", posted(client))
    assert "Nothing is moved" in response.content.decode()


def test_times_are_by_the_clock_of_the_jam(client, jam, at):
    at(MOMENTS["announced"])
    jam.time_zone = "America/New_York"
    jam.save()
    assert posted(client)["starts_at"] == "2030-05-03T13:00"


def test_the_admin_shows_the_dates_of_a_published_jam_and_leads_there(client, jam, at):
    at(MOMENTS["announced"])
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    response = client.get(f"/admin/jam/jam/{jam.pk}/change/")
    assert not set(moving.FIELDS) & set(response.context["adminform"].form.fields)
    assert 'href="/jams/night/dates/"' in response.content.decode()
    jam.published_at = None
    jam.save()
    response = client.get(f"/admin/jam/jam/{jam.pk}/change/")
    assert set(moving.FIELDS) <= set(response.context["adminform"].form.fields)
