"""Who lacks ratings, who is behind, and that they are reminded, but not too often."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from jam.models import Message
from ratings import coverage, reminding, services, tasks
from ratings.models import RatingRules
from ratings.queue import next_submission
from submissions import freezing as submissions_freezing
from tests.factories import MOMENTS, RATINGS_CLOSE, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam

pytestmark = pytest.mark.django_db
NOW = MOMENTS["rating"]
DAY = timedelta(days=1)


def page_of(jam) -> str:
    return f"/jams/{jam.slug}/rate/coverage/"


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_numbers():
    jam = small_jam(target=2)
    full, half, none = (frozen_submission(jam, title=title) for title in ("Full", "Half", "None"))
    frozen_submission(jam, withdrawn_at=NOW)
    for _ in range(3):
        rate(full, 3, 3)
    rate(half, 3, 3)
    rate(half, 1, 1, by=JudgeFactory(jam=jam).user)
    rater = UserFactory()
    assert next_submission(jam, rater, NOW) == none
    rules = RatingRules.of(jam)
    found = coverage.coverage_of(jam, rules)
    assert (found.submissions, found.covered, found.needed, found.raters, found.behind) == (
        3,
        1,
        2,
        5,
        1,
    )
    lacks = coverage.lacks_of(list(coverage.lacking(jam, rules)), rules)
    assert [(lack.submission.title, lack.counted, lack.under_way) for lack in lacks] == [
        ("Half", 1, 0), ("None", 0, 1)
    ]  # fmt: skip
    [person] = coverage.behind(jam, NOW)
    assert (person, person.begun, person.completed, person.last_saved) == (rater, 1, 0, NOW)


def test_a_jam_with_nothing_to_rate_needs_nothing():
    jam = small_jam()
    found = coverage.coverage_of(jam, RatingRules.of(jam))
    assert (found.submissions, found.covered, found.needed, found.raters, found.conflicts) == (
        0,
    ) * 5


@pytest.mark.parametrize(
    "phase", ["announced", "making", "closing", "rating", "counting", "finished"]
)
def test_organizers_see_it_and_nobody_else_does(at, client, phase):
    jam, organizer = small_jam(), UserFactory()
    jam.organizers.add(organizer)
    submission = frozen_submission(jam, title="Lonely work")
    services.skip(submission=submission, rater=UserFactory(), reason="Too long", moment=NOW)
    at(MOMENTS[phase])
    assert client.get(page_of(jam)).status_code == 302
    client.force_login(UserFactory())
    assert client.get(page_of(jam)).status_code == 403
    client.force_login(organizer)
    said = text_of(client.get(page_of(jam)))
    assert "Lonely work" in said
    assert "Too long" in said


def test_who_coordinates_judges_is_told_neither_who_rates_nor_why_somebody_skipped(at, client):
    at(NOW)
    jam = small_jam()
    work, other = frozen_submission(jam, title="Good work"), frozen_submission(jam)
    rater = UserFactory(display_name="Rita Rater")
    services.skip(submission=work, rater=rater, reason="Dreadful", moment=NOW)
    assert next_submission(jam, rater, NOW) == other
    coordinator, organizer = UserFactory(), UserFactory()
    jam.organizers.add(organizer)
    jam.role_holders.create(user=coordinator, role="coordinator", given_at=NOW)
    for user, is_told in ((coordinator, False), (organizer, True)):
        client.force_login(user)
        page = client.get(page_of(jam)).content.decode()
        assert "Good work" in page
        assert ("Rita Rater" in page) == is_told
        assert ("Dreadful" in page) == is_told


def test_who_organizes_and_contributes_learns_with_the_results_why_theirs_was_skipped(at, client):
    at(NOW)
    jam, organizer, other = small_jam(), UserFactory(), UserFactory()
    jam.organizers.add(organizer, other)
    work = frozen_submission(jam, by=organizer)
    services.skip(submission=work, rater=UserFactory(), reason="Dreadful", moment=NOW)
    log = f"/jams/{jam.slug}/log/"
    for user, moment, is_told in (
        (organizer, NOW, False),
        (other, NOW, True),
        (organizer, MOMENTS["finished"], True),
    ):
        at(moment)
        client.force_login(user)
        for page in (page_of(jam), log, f"{log}log.csv"):
            response = client.get(page)
            body = response.getvalue() if response.streaming else response.content
            assert (b"Dreadful" in body) == is_told


def test_coverage_does_not_depend_on_what_was_given(at, client):
    said = []
    for stars in (1, 5):
        jam, organizer = small_jam(), UserFactory(display_name="Org")
        jam.title, jam.slug = "One", f"one-{stars}"
        jam.save()
        jam.organizers.add(organizer)
        for title in ("A", "B"):
            rate(frozen_submission(jam, title=title), stars, stars)
        at(NOW)
        client.force_login(organizer)
        said.append(text_of(client.get(page_of(jam))))
    assert said[0] == said[1]


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_of_the_coverage(at, client, rows, django_assert_num_queries):
    jam, organizer = small_jam(), UserFactory()
    jam.organizers.add(organizer)
    for _ in range(rows):
        submission = frozen_submission(jam)
        next_submission(jam, UserFactory(), NOW)
        services.skip(submission=submission, rater=UserFactory(), reason="?", moment=NOW)
    submissions_freezing.close(jam, NOW)
    at(NOW)
    client.force_login(organizer)
    # Session, user, jam, rules, numbers, lacks and their counts, people, skips.
    with django_assert_num_queries(9):
        client.get(page_of(jam))


def test_who_is_behind_is_reminded_once_a_day_and_three_times_at_most(at):
    jam, behind, done = small_jam(), UserFactory(), UserFactory()
    first, second = frozen_submission(jam), frozen_submission(jam)
    rate(first, 3, None, by=behind)
    rate(second, 3, 3, by=done)
    counts = []
    for hours in (1, 23, 24, 25, 47, 48, 72, 73, 96, 120, 200):
        at(NOW + timedelta(hours=hours))
        tasks.remind_behind()
        counts.append(Message.objects.count())
    assert counts == [0, 0, 1, 1, 1, 2, 3, 3, 3, 3, 3]
    mail = Message.objects.first()
    assert mail.user == behind
    assert mail.subject == "1 rating that you began does not count yet"
    assert f"/jams/{jam.slug}/rate/" in mail.text


def test_whoever_goes_on_or_skips_is_left_in_peace():
    jam, goes_on, skips = small_jam(), UserFactory(), UserFactory()
    submission = frozen_submission(jam)
    rate(submission, 3, None, by=goes_on)
    next_submission(jam, skips, NOW)
    services.skip(submission=submission, rater=skips, moment=NOW)
    rate(submission, 3, 4, by=goes_on, moment=NOW + DAY)
    assert reminding.remind(jam, NOW + 3 * DAY) == 0
    rate(submission, 3, None, by=goes_on, moment=NOW + DAY)
    assert reminding.remind(jam, NOW + 3 * DAY) == 1


def test_a_draft_that_goes_away_makes_no_second_mail_of_a_day():
    jam, behind = small_jam(), UserFactory()
    early, late = frozen_submission(jam), frozen_submission(jam)
    rate(early, 3, None, by=behind)
    assert next_submission(jam, behind, NOW + DAY, after=early) == late
    assert reminding.remind(jam, NOW + 2 * DAY) == 1
    services.skip(submission=late, rater=behind, moment=NOW + 2 * DAY)
    assert reminding.remind(jam, NOW + 2 * DAY + DAY / 2) == 0
    assert reminding.remind(jam, NOW + 3 * DAY) == 1


def test_nobody_is_reminded_when_rating_is_over(at):
    jam = small_jam()
    rate(frozen_submission(jam), 3, None)
    at(RATINGS_CLOSE)
    tasks.remind_behind()
    assert not Message.objects.exists()
