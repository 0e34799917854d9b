"""What organizers did, told with the results: in numbers, naming nobody, and not before."""

from __future__ import annotations

import pytest

from jam import log
from ratings import fairness, freezing, integrity
from ratings.verbs import TELLING
from submissions import services as submission_services
from tests.factories import MOMENTS, RESULTS, UserFactory
from tests.ratings.factories import frozen_submission, rate, small_jam
from tests.ratings.test_integrity import pair_of

pytestmark = pytest.mark.django_db
COUNTING = MOMENTS["counting"]


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer")


@pytest.fixture
def jam(organizer):
    jam = small_jam(criteria=1)
    jam.organizers.add(organizer)
    return jam


def page(client, at, jam, moment, path="results/", user=None):
    at(moment)
    client.logout()
    if user:
        client.force_login(user)
    return client.get(f"/jams/{jam.slug}/{path}").content.decode()


def void(jam, ratings, by, act=integrity.void):
    pairs = [pair_of(rating) for rating in ratings]
    act(jam=jam, pairs=pairs, by=by, reason="Somebody’s friend", moment=COUNTING)


def test_it_is_told_with_the_results_and_not_before(jam, organizer, client, at):
    work = frozen_submission(jam, title="Good work")
    ratings = [rate(work, stars) for stars in (1, 2, 3)]
    void(jam, ratings[:2], organizer)
    void(jam, ratings[:1], organizer, integrity.restore)
    submission_services.disqualify(submission=work, by=organizer, reason="Copied", moment=COUNTING)
    submission_services.reinstate(submission=work, by=organizer, reason="No", moment=COUNTING)
    before = page(client, at, jam, COUNTING)
    assert "What the organizers did" not in before
    assert "voided" not in before
    after = page(client, at, jam, RESULTS)
    told = after.split("What the organizers did")[1].split("</section>")[0]
    assert (
        "2 ratings voided, 1 voided rating restored, 1 disqualification, 1 disqualification lifted."
        in told
    )
    assert "Olga" not in told
    assert "Somebody’s friend" not in told
    assert "Good work" not in told


def test_where_nothing_was_done_it_says_so(jam, client, at):
    rate(frozen_submission(jam), 3)
    assert "They voided no rating" in page(client, at, jam, RESULTS)


def test_what_the_clock_and_other_jams_did_is_not_told(jam, organizer):
    log.record("disqualified", jam, by=None, jam=jam, moment=COUNTING)
    log.record("disqualified", jam, by=organizer, jam=small_jam(), moment=COUNTING)
    log.record("joined", jam, by=organizer, jam=jam, moment=COUNTING)
    assert fairness.summary_of(jam) == []


def test_every_act_that_is_told_has_words(jam, organizer):
    for verb in fairness.TOLD:
        log.record(verb, jam, by=organizer, jam=jam, moment=COUNTING)
    told = fairness.summary_of(jam)
    assert len(told) == len(fairness.TOLD)
    assert all(phrase.startswith("1 ") for phrase in told)


def test_organizers_who_contributed_do_not_learn_it_from_the_log_before(jam, organizer, client, at):
    """What is voided, and that somebody appeals, tells what raters gave."""
    work = frozen_submission(jam)
    void(jam, [rate(work, 1)], organizer)
    author = UserFactory()
    work.contributors.create(user=author, confirmed_at=COUNTING, order=9)
    jam.organizers.add(author)
    for verb in TELLING:
        log.record(verb, work, by=organizer, jam=jam, moment=COUNTING)
    log.record("changed", jam, by=organizer, jam=jam, moment=COUNTING)

    def seen_by(user, moment):
        at(moment)
        client.force_login(user)
        body = b"".join(client.get(f"/jams/{jam.slug}/log/log.csv")).decode()
        return {verb for verb in (*TELLING, "changed") if f",{verb}," in body}

    assert seen_by(organizer, COUNTING) == {*TELLING, "changed"}
    assert seen_by(author, COUNTING) == {"changed"}
    assert freezing.results_of(jam, RESULTS)
    assert seen_by(author, RESULTS) == {*TELLING, "changed"}
