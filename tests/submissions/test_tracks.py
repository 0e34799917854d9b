"""Tracks: chosen in the draft, kept by the freezing, found in the gallery, moved by organizers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jam.models import Act, Message
from submissions import freezing, services, tracks
from submissions.checklist import missing_from
from submissions.models import Revision, Submission, Track
from submissions.permissions import OrganizerRefusal, move_refusal
from tests.factories import (
    MOMENTS,
    RATINGS_OPEN,
    RESULTS,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    UserFactory,
)
from tests.ratings.test_admin import change_page, filled
from tests.ratings.test_rating_pages import text_of
from tests.submissions.factories import SubmissionFactory, frozen_submission, hand_in
from tests.submissions.test_services import member, refusal_of, save

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]
CLOSED = SUBMISSIONS_CLOSE + timedelta(minutes=2)
REASON = "It is about people, not about plants."
No = OrganizerRefusal


@pytest.fixture
def jam():
    jam = JamFactory()
    jam.plants = Track.objects.create(jam=jam, name="Plants", order=1, description="What grows.")
    jam.people = Track.objects.create(jam=jam, name="People", order=2)
    return jam


@pytest.fixture
def organizer(jam):
    organizer = UserFactory(is_staff=True)
    jam.organizers.add(organizer)
    return organizer


def with_content(submission) -> Submission:
    return Submission.objects.with_content().get(pk=submission.pk)


def move(submission, by, track, reason=REASON, moment=MOMENTS["rating"]) -> None:
    tracks.move_track(submission=submission, by=by, track=track, reason=reason, moment=moment)


def test_two_tracks_of_a_jam_have_different_names(jam):
    with transaction.atomic(), pytest.raises(IntegrityError):
        Track.objects.create(jam=jam, name="Plants")
    Track.objects.create(jam=JamFactory(), name="Plants")


# -- the draft ---------------------------------------------------------------------------------


def test_the_checklist_asks_for_a_track_where_the_jam_has_any(jam):
    without = SubmissionFactory(jam=jam)
    (missing,) = missing_from(with_content(without))
    assert (str(missing.label), missing.anchor) == ("A track", "id_track")
    assert not missing_from(with_content(SubmissionFactory(jam=jam, track=jam.plants)))
    assert not missing_from(with_content(SubmissionFactory()))


def editor(submission, name="edit") -> str:
    return f"/jams/{submission.jam.slug}/submissions/{submission.pk}/{name}/"


def posted(submission, **fields) -> dict[str, object]:
    kept = ("title", "abstract", "body", "licence", "version")
    return {name: getattr(submission, name) for name in kept} | {
        "links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0", **fields
    }  # fmt: skip


@pytest.mark.parametrize(("name", "status"), [("edit", 302), ("autosave", 200)])
def test_it_is_chosen_in_the_editor(at, client, jam, name, status):
    at(NOW)
    elsewhere = Track.objects.create(jam=JamFactory(), name="Elsewhere")
    draft = SubmissionFactory(jam=jam)
    client.force_login(member(draft))
    page = client.get(editor(draft)).content.decode()
    assert "What grows" not in page
    assert '<select name="track"' in page
    assert "Plants" in page
    assert "Elsewhere" not in page
    response = client.post(editor(draft, name), posted(draft, track=jam.people.pk))
    assert response.status_code == status
    draft.refresh_from_db()
    assert draft.track == jam.people
    response = client.post(editor(draft, name), posted(draft, track=elsewhere.pk))
    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.track == jam.people


def test_the_autosave_ticks_the_checklist(at, client, jam):
    at(NOW)
    draft = SubmissionFactory(jam=jam)
    client.force_login(member(draft))
    answer = client.post(editor(draft, "autosave"), posted(draft, track=jam.people.pk)).json()
    assert "is-missing" not in answer["html"]["#checklist"]


def test_without_tracks_the_editor_does_not_ask(at, client):
    at(NOW)
    draft = SubmissionFactory()
    client.force_login(member(draft))
    assert 'name="track"' not in client.get(editor(draft)).content.decode()
    assert client.post(editor(draft), posted(draft, track=1)).status_code == 302


# -- what is frozen ------------------------------------------------------------------------------


def test_what_is_frozen_names_the_track_only_where_there_is_one(jam):
    content = freezing.content_of(with_content(SubmissionFactory(jam=jam, track=jam.plants)))
    assert content["track"] == "Plants"
    assert "track" not in freezing.content_of(with_content(SubmissionFactory()))


def test_at_the_deadline_a_draft_without_a_track_is_not_complete(jam):
    submission = SubmissionFactory(jam=jam)
    freezing.close(jam, CLOSED)
    submission.refresh_from_db()
    assert not submission.is_frozen


@pytest.mark.parametrize("chosen", ["people", None])
def test_what_was_handed_in_stands_in_the_track_that_it_names(jam, chosen):
    submission = SubmissionFactory(jam=jam, track=jam.plants)
    hand_in(submission)
    # Incomplete since then, so that the deadline takes what was handed in.
    save(submission, licence="", track=getattr(jam, chosen) if chosen else None)
    freezing.close(jam, CLOSED)
    submission.refresh_from_db()
    assert submission.frozen.content["track"] == "Plants"
    assert submission.track == jam.plants


def test_what_was_handed_in_before_there_were_tracks_stands_in_none():
    jam = JamFactory()
    submission = SubmissionFactory(jam=jam)
    hand_in(submission)
    track = Track.objects.create(jam=jam, name="Late idea")
    save(submission, licence="", track=track)
    freezing.close(jam, CLOSED)
    submission.refresh_from_db()
    assert submission.is_frozen
    assert submission.track is None


def test_a_track_that_was_renamed_keeps_its_submissions(jam):
    submission = SubmissionFactory(jam=jam, track=jam.plants)
    hand_in(submission)
    save(submission, licence="")
    Track.objects.filter(pk=jam.plants.pk).update(name="Green things")
    freezing.close(jam, CLOSED)
    submission.refresh_from_db()
    assert submission.track == jam.plants


def test_what_is_handed_in_late_stays_in_its_track(at, client, jam, organizer):
    submission = SubmissionFactory(jam=jam, track=jam.plants)
    services.grant_time(
        submission=submission, by=organizer, expires_at=RATINGS_OPEN + timedelta(hours=1),
        reason="The hall lost its power.", moment=NOW,
    )  # fmt: skip
    freezing.close(jam, CLOSED)
    submission.refresh_from_db()
    saved = save(submission, moment=CLOSED, track=jam.people, abstract="Better.")
    assert (saved.track, saved.abstract) == (jam.plants, "Better.")
    at(CLOSED)
    client.force_login(member(submission))
    assert (
        "disabled" in client.get(editor(submission)).content.decode().split('name="track"')[1][:99]
    )
    revision = services.hand_in(submission=submission, by=member(submission), moment=CLOSED)
    assert (revision.origin, revision.content["track"]) == (Revision.Origin.LATE, "Plants")


# -- moving --------------------------------------------------------------------------------------


def test_organizers_move_it_and_the_team_is_told(jam, organizer):
    submission = frozen_submission(jam, track=jam.plants, title="Roots")
    move(submission, organizer, jam.people)
    submission.refresh_from_db()
    assert submission.track == jam.people
    assert submission.frozen.content["track"] == "Plants"
    act = Act.objects.get(verb="moved to another track")
    assert (act.actor, act.before, act.after, act.reason) == (
        organizer, {"track": "Plants"}, {"track": "People"}, REASON
    )  # fmt: skip
    message = Message.objects.get()
    assert message.to == member(submission).email
    assert "“Roots” is in another track" in message.subject
    assert "“People”" in message.text
    assert REASON in message.text


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (MOMENTS["closing"], None),
        (MOMENTS["rating"], None),
        (RESULTS - TICK, None),
        (RESULTS, No.RESULTS_OUT),
    ],
)
def test_until_the_results(jam, organizer, moment, refusal):
    assert move_refusal(organizer, frozen_submission(jam, track=jam.plants), moment) == refusal


@pytest.mark.parametrize(
    ("who", "where", "reason", "refusal"),
    [
        ("team", "people", REASON, No.NOT_ORGANIZER),
        ("staff", "people", REASON, No.NOT_ORGANIZER),
        ("organizer", "plants", REASON, No.NO_TRACK),
        ("organizer", "elsewhere", REASON, No.NO_TRACK),
        ("organizer", "people", "  ", No.NO_REASON),
    ],
)
def test_why_it_is_not_moved(jam, organizer, who, where, reason, refusal):
    submission = frozen_submission(jam, track=jam.plants)
    jam.elsewhere = Track.objects.create(jam=JamFactory(), name="Elsewhere")
    by = {
        "team": member(submission), "staff": UserFactory(is_staff=True), "organizer": organizer
    }[who]  # fmt: skip
    asked = {"submission": submission, "by": by, "track": getattr(jam, where), "reason": reason}
    assert refusal_of(tracks.move_track, **asked, moment=MOMENTS["rating"]) == refusal
    submission.refresh_from_db()
    assert submission.track == jam.plants
    assert not Message.objects.exists()


def test_until_it_is_frozen_the_team_chooses(jam, organizer):
    draft = SubmissionFactory(jam=jam, track=jam.plants)
    asked = {"submission": draft, "by": organizer, "track": jam.people, "reason": REASON}
    assert refusal_of(tracks.move_track, **asked, moment=NOW) == No.NOT_FROZEN


def test_the_page_of_the_organizers_moves_it(at, client, jam, organizer):
    submission = frozen_submission(jam, track=jam.plants, track_reason="It grows.")
    page = f"/jams/{jam.slug}/submissions/{submission.pk}/organize/"
    at(MOMENTS["rating"])
    client.force_login(organizer)
    shown = client.get(page)
    assert "It is in “Plants”" in text_of(shown)
    assert "Its team, of “Plants”: It grows." in text_of(shown)
    options = shown.content.decode().split('name="track"')[1].split("</select>")[0]
    assert ("People" in options, "Plants" in options) == (True, False)
    wrong = client.post(page, {"act": "move", "track": jam.plants.pk, "reason": REASON})
    assert wrong.status_code == 422
    done = client.post(page, {"act": "move", "track": jam.people.pk, "reason": REASON}, follow=True)
    assert "The submission is in that track" in text_of(done)
    assert "moved to another track" in text_of(done)
    at(RESULTS)
    assert "Move to another track" not in text_of(client.get(page))


def test_nothing_is_to_be_moved_in_a_jam_without_tracks(at, client):
    submission = frozen_submission(JamFactory())
    at(MOMENTS["rating"])
    client.force_login(UserFactory(is_superuser=True))
    page = client.get(f"/jams/{submission.jam.slug}/submissions/{submission.pk}/organize/")
    assert "another track" not in text_of(page)


# -- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def shown(at, jam):
    """Two in one track, one in another; a draft that went on elsewhere."""
    made = [
        frozen_submission(jam, title=title, track=track)
        for title, track in [("Roots", jam.plants), ("Leaves", jam.plants), ("Faces", jam.people)]
    ]
    freezing.close(jam, CLOSED)
    at(MOMENTS["rating"])
    return made


@pytest.mark.parametrize(
    ("track", "titles"),
    [
        ("plants", {"Roots", "Leaves"}),
        ("people", {"Faces"}),
        ("", {"Roots", "Leaves", "Faces"}),
        ("x", {"Roots", "Leaves", "Faces"}),
        ("9" * 90, set()),
    ],
)
def test_the_gallery_by_track(client, jam, shown, track, titles):
    value = getattr(jam, track).pk if track in ("plants", "people") else track
    response = client.get(f"/jams/{jam.slug}/submissions/", {"track": value})
    assert {card.title for card in response.context["cards"]} == titles
    if track in ("plants", "people"):
        assert f'<option value="{value}" selected>' in response.content.decode()
        assert response.context["query"] == f"track={value}&"


def test_the_gallery_of_a_jam_without_tracks_has_no_such_filter(client, at):
    submission = frozen_submission(JamFactory())
    at(MOMENTS["rating"])
    page = client.get(f"/jams/{submission.jam.slug}/submissions/").content.decode()
    assert 'name="track"' not in page


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_gallery(at, client, jam, size, django_assert_num_queries):
    for _ in range(size):
        frozen_submission(jam, track=jam.plants)
    freezing.close(jam, CLOSED)
    at(MOMENTS["rating"])
    # Jam, how many, which, cards, sites, tracks.
    with django_assert_num_queries(5):
        client.get(f"/jams/{jam.slug}/submissions/", {"track": jam.plants.pk})


def test_the_page_of_a_submission_tells_its_track(client, jam, shown, organizer):
    page = f"/jams/{jam.slug}/submissions/{shown[0].pk}/"
    assert "Track: Plants" in text_of(client.get(page))
    move(shown[0], organizer, jam.people)
    assert "Track: People" in text_of(client.get(page))
    client.force_login(UserFactory())
    assert "Track: People" in text_of(client.get(f"/jams/{jam.slug}/rate/{shown[0].pk}/"))


@pytest.mark.parametrize("phase", ["announced", "making", "rating", "finished"])
def test_the_page_of_the_jam_lists_them(at, client, jam, phase):
    at(MOMENTS[phase])
    page = client.get(f"/jams/{jam.slug}/")
    said = text_of(page)
    assert said.index("Plants What grows. People") > said.index("Each submission is in one of them")
    linked = f"/submissions/?track={jam.plants.pk}" in page.content.decode()
    assert linked is (phase in ("rating", "finished"))


def test_a_jam_without_tracks_has_no_such_section(client, at):
    at(NOW)
    assert 'id="tracks"' not in client.get(f"/jams/{JamFactory().slug}/").content.decode()


def test_organizers_set_them_up_in_the_admin(at, client, jam, organizer):
    at(MOMENTS["announced"])
    client.force_login(organizer)
    page = change_page(jam)
    new = {"tracks-TOTAL_FORMS": 3, "tracks-2-name": "Stones", "tracks-2-order": 3,
           "tracks-2-jam": jam.pk}  # fmt: skip
    response = client.post(page, filled(client.get(page)) | new)
    assert response.status_code == 302, response.context["errors"]
    assert [track.name for track in jam.tracks.all()] == ["Plants", "People", "Stones"]


def test_a_track_that_is_in_use_is_not_deleted_in_the_admin(at, client, jam, organizer):
    SubmissionFactory(jam=jam, track=jam.plants)
    at(NOW)
    client.force_login(organizer)
    page = change_page(jam)
    gone = {"tracks-0-DELETE": "on"}
    assert client.post(page, filled(client.get(page)) | gone).status_code == 200
    assert jam.tracks.count() == 2
