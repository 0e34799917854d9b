"""What the desk tells: decisions, what is coming, the funnel and the charts, in all phases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from jam import reporting, services
from jam.models import Announcement
from ratings import freezing, integrity
from ratings.models import Appeal, Prize, RatingRules
from submissions.models import Contributor, LateGrant
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    START,
    SUBMISSIONS_CLOSE,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import ResourceFactory
from tests.ratings.factories import rate
from tests.sites.factories import LocalSiteFactory, PlaceFactory, SiteItemFactory, WaitFactory
from tests.submissions.factories import SubmissionFactory, frozen_submission, hand_in

pytestmark = pytest.mark.django_db
MAKING, RATING = MOMENTS["making"], MOMENTS["rating"]
COUNTING, FINISHED = MOMENTS["counting"], MOMENTS["finished"]


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer")


@pytest.fixture
def jam(organizer):
    jam = JamFactory(title="Looking Inside", slug="inside")
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def desk(client, at, organizer, jam):
    """The text of the desk at a moment."""

    def desk(moment=MAKING, user=organizer):
        at(moment)
        client.force_login(user)
        response = client.get(f"/jams/{jam.slug}/desk/")
        assert response.status_code == 200
        return response.context

    return desk


def told(context) -> list[str]:
    return [decision.text for decision in context["decisions"]]


def chart(context, name):
    return next((chart for chart in context["charts"] if chart.name == name), None)


def bars(context, name) -> list[tuple[str, int, int]]:
    return [(str(bar.label), bar.value, bar.whole) for bar in chart(context, name).bars]


# -- what needs a decision -------------------------------------------------------------------


def test_a_quiet_jam_lets_its_organizer_sleep(desk):
    for moment in (MOMENTS["announced"], MAKING, RATING, FINISHED):
        assert told(desk(moment)) == []


def test_what_waits_is_told_with_the_page_where_it_is_decided(desk, jam, organizer):
    reporting.report(
        target=UserFactory(), jam=jam, by=UserFactory(), reason="Rude", moment=MAKING
    )  # fmt: skip
    ResourceFactory(jam=jam, link_dead_since=MAKING)
    ResourceFactory(jam=jam)
    Announcement.objects.create(
        jam=jam, author=organizer, title="Soon", text="Soon", audience="everyone",
        audience_label="everybody", written_at=MAKING,
    )  # fmt: skip
    LocalSiteFactory(jam=jam, approved_at=None, is_open=False)
    LocalSiteFactory(jam=jam)
    found = desk()
    assert told(found) == [
        "1 report is open.",
        "The address of 1 resource does not answer.",
        "1 announcement is written and not sent.",
        "1 local site is proposed.",
    ]
    assert [decision.url for decision in found["decisions"]] == [
        f"/jams/inside/{path}/"
        for path in ("reports", "resources/arrange", "announcements", "sites")
    ]


def test_whoever_a_report_is_about_is_not_told_that_there_is_one(desk, jam, organizer):
    other = UserFactory()
    jam.organizers.add(other)
    reporting.report(target=other, jam=jam, by=UserFactory(), reason="Rude", moment=MAKING)
    assert told(desk()) == ["1 report is open."]
    assert told(desk(user=other)) == []


def test_what_waits_in_other_jams_is_not_told(desk):
    LocalSiteFactory(approved_at=None, is_open=False)
    ResourceFactory(link_dead_since=MAKING)
    assert told(desk()) == []


def test_a_draft_is_to_be_published(desk, jam):
    jam.published_at = None
    jam.save()
    found = desk()
    assert told(found) == ["This jam is a draft: nobody but its organizers sees it."]
    assert chart(found, "signups").lines[0].total == 0


def rated_jam(jam):
    """Two submissions with two ratings each."""
    ours, theirs = frozen_submission(jam, title="Ours"), frozen_submission(jam, title="Theirs")
    for submission in (ours, theirs):
        for stars in (1, 5):
            rate(submission, *[stars] * jam.criteria.count())
    return ours, theirs


def test_between_rating_and_results_the_ratings_are_to_be_looked_into(desk, jam, organizer):
    ours, theirs = rated_jam(jam)
    Appeal.objects.create(
        submission=ours, author=UserFactory(), text="But look", made_at=COUNTING
    )  # fmt: skip
    Prize.objects.create(jam=jam, title="The oddest", kind=Prize.Kind.CHOICE)
    assert told(desk(RATING)) == []
    # Some ratings are still being taken in.
    assert told(desk(RATINGS_CLOSE)) == []
    assert told(desk(COUNTING)) == [
        "Rating has closed: see what stands out before the results are out.",
        "1 appeal has no answer.",
        "1 prize that goes by choice has no winner.",
    ]
    # Who contributed may neither look into the ratings nor read appeals.
    Contributor.objects.create(submission=theirs, user=organizer, confirmed_at=MAKING)
    assert told(desk(COUNTING)) == ["1 prize that goes by choice has no winner."]


def test_what_was_voided_after_the_results_wants_a_correction(desk, jam, organizer):
    submission, _other = rated_jam(jam)
    jam.organizers.add(by := UserFactory())
    freezing.results_of(jam, FINISHED)
    assert told(desk(FINISHED)) == []
    rating = submission.ratings.first()
    pair = (submission.pk, RatingRules.of(jam).pseudonym_of(rating.rater_id))
    later = FINISHED + timedelta(hours=1)
    integrity.void(jam=jam, pairs=[pair], by=by, reason="Not a person", moment=later)
    assert told(desk(later)) == [
        "Ratings were voided or restored since the results: they do not show it."
    ]
    integrity.correct(jam=jam, by=by, reason="As voided", moment=later + timedelta(hours=1))
    assert told(desk(later + timedelta(hours=2))) == []


# -- what is coming --------------------------------------------------------------------------


def coming(context) -> list[str]:
    return [str(one.text) for one in context["coming"]]


def test_what_is_coming_in_its_order(desk, jam, organizer):
    Announcement.objects.create(
        jam=jam, author=organizer, title="Half time", text="!", audience="everyone",
        audience_label="everybody", written_at=MAKING, confirmed_at=MAKING,
        send_at=START + timedelta(hours=24),
    )  # fmt: skip
    site = LocalSiteFactory(jam=jam, name="Aarhus")
    SiteItemFactory(site=site, title="Doors", starts_at=START - timedelta(hours=1))
    SiteItemFactory(title="Elsewhere")
    LateGrant.objects.create(
        submission=SubmissionFactory(jam=jam), expires_at=SUBMISSIONS_CLOSE + timedelta(hours=3),
        reason="Ill", given_by=organizer, given_at=MAKING,
    )  # fmt: skip
    after = [
        "Announcement: Half time",
        "Submissions close",
        "Rating opens",
        "The time ends that was granted to a submission",
        "Rating closes",
        "Results",
    ]
    assert coming(desk(MOMENTS["announced"])) == ["Doors at Aarhus", "Start", *after]
    assert coming(desk(MAKING)) == after
    assert coming(desk(COUNTING)) == ["Results"]
    assert coming(desk(FINISHED)) == []


# -- the funnel and the charts ---------------------------------------------------------------


def test_the_funnel_counts_people_who_take_part_and_how_far_they_came(desk, jam):
    people = [ParticipationFactory(jam=jam).user for _ in range(6)]
    empty, begun, done = (
        SubmissionFactory(jam=jam, by=one, title=title, body="")
        for one, title in zip(people, ("", "Begun", "Done"), strict=False)
    )
    Contributor.objects.create(submission=done, user=people[3], order=1, confirmed_at=MAKING)
    hand_in(done)
    rated = frozen_submission(jam, by=people[4], title="Rated")
    rate(rated, *[3] * jam.criteria.count(), by=people[0])
    # Neither those who left the jam nor those on what was withdrawn come so far.
    services.cancel(jam=jam, user=ParticipationFactory(jam=jam).user, moment=MAKING)
    SubmissionFactory(jam=jam, by=people[5], withdrawn_at=MAKING)
    assert bars(desk(RATING), "funnel") == [
        ("have joined", 6, 6),
        ("are on a team", 5, 6),
        ("have begun to write", 4, 6),
        ("have handed in", 3, 6),
        ("have rated others", 1, 6),
    ]


def test_sign_ups_lie_over_those_of_the_jams_before(desk, jam, organizer, client):
    def joined(jam, *days):
        for day in days:
            ParticipationFactory(jam=jam, joined_at=jam.starts_at + timedelta(days=day))

    joined(jam, -200, -3, -3, -1)
    year = timedelta(days=365)
    times = {
        field: getattr(jam, field) - year
        for field in ("starts_at", "submissions_close_at", "ratings_open_at", "ratings_close_at",
                      "results_at", "published_at")
    }  # fmt: skip
    before = JamFactory(title="The first one", **times)
    before.organizers.add(organizer)
    joined(before, -20, -2, 1)
    joined(JamFactory(**times), -5)
    found = chart(desk(START - timedelta(days=2)), "signups")
    assert [(line.label, line.total) for line in found.lines] == [
        ("Looking Inside", 4), ("The first one", 3)
    ]  # fmt: skip
    assert found.summary == "4 so far. At this point “The first one” had 2."
    assert found.rows[0] == ("−30", (1, 0))
    assert found.rows[-1] == ("2", (None, 3))
    page = client.get(f"/jams/{jam.slug}/desk/").content.decode()
    assert page.count('<path class="line-earlier" d="M0 5H36" stroke-dasharray="7 4"/>') == 1


def test_submissions_by_hours_to_the_deadline(desk, jam):
    assert chart(desk(MOMENTS["announced"]), "submissions") is None
    hand_in(SubmissionFactory(jam=jam))
    hand_in(submission := SubmissionFactory(jam=jam))
    hand_in(submission)
    hand_in(SubmissionFactory(jam=jam, withdrawn_at=MAKING))
    found = chart(desk(MAKING + timedelta(hours=1)), "submissions")
    assert (found.head, found.lines[0].total) == ("Hours to the deadline", 2)
    assert [row for row in found.rows if row[1][0]] == [("−42", (2,))]


def test_ratings_and_how_many_each_submission_has(desk, jam):
    jam.rating_rules.target = 3
    jam.rating_rules.save()
    submission, _other = frozen_submission(jam), frozen_submission(jam)
    assert chart(desk(MAKING), "ratings") is None
    for _ in range(4):
        rate(submission, *[3] * jam.criteria.count())
    found = desk(RATING)
    assert chart(found, "ratings").lines[0].total == 4
    assert bars(found, "coverage") == [("0", 1, 2), ("1", 0, 2), ("2", 0, 2), ("3 or more", 1, 2)]


def test_how_the_sites_fill(desk, jam):
    assert chart(desk(), "sites") is None
    full = LocalSiteFactory(jam=jam, name="Full", capacity=1)
    PlaceFactory(site=full)
    WaitFactory(site=full)
    LocalSiteFactory(jam=jam, name="Empty", capacity=5)
    LocalSiteFactory(jam=jam, approved_at=None, is_open=False)
    found = desk()
    assert bars(found, "sites") == [("Full", 1, 1), ("Empty", 0, 5)]
    assert chart(found, "sites").bars[0].note == "1 waits"


def filled(jam, organizer, n):
    """A jam in which everything is there `n` times."""
    for number in range(n):
        submission = frozen_submission(jam)
        rate(submission, *[3] * jam.criteria.count())
        site = LocalSiteFactory(jam=jam)
        PlaceFactory(site=site)
        SiteItemFactory(site=site, starts_at=FINISHED, ends_at=None)
        ResourceFactory(jam=jam, link_dead_since=MAKING)
        Announcement.objects.create(
            jam=jam, author=organizer, title=f"News {number}", text="!", audience="everyone",
            audience_label="everybody", written_at=MAKING, confirmed_at=MAKING, send_at=FINISHED,
        )  # fmt: skip
        earlier = JamFactory(
            starts_at=START - timedelta(days=300 + number),
            submissions_close_at=START - timedelta(days=290),
        )
        earlier.organizers.add(organizer)
        frozen_submission(earlier)


@pytest.mark.parametrize("n", [1, 3])
def test_the_desk_asks_as_much_however_much_there_is(
    client, at, jam, organizer, n, django_assert_num_queries
):
    filled(jam, organizer, n)
    at(RATING)
    client.force_login(organizer)
    # The first visit after the deadline freezes what was handed in.
    client.get(f"/jams/{jam.slug}/desk/")
    with django_assert_num_queries(10):
        response = client.get(f"/jams/{jam.slug}/desk/")
    assert len(response.context["charts"]) == 6


def test_the_desk_tells_nothing_of_what_was_given(client, at, jam, organizer):
    """Whatever raters give, the page is the same until rating has closed."""
    submissions = [frozen_submission(jam, title=title) for title in ("A", "B")]
    ratings = [rate(one, *[1] * jam.criteria.count()) for one in submissions]
    at(RATING)
    client.force_login(organizer)

    def page() -> str:
        said = client.get(f"/jams/{jam.slug}/desk/").content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", said)

    before = page()
    ratings[1].scores.update(stars=5)
    assert page() == before
