"""On-time work is never refused, late work never taken, and all is frozen once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from jam.errors import Refused
from jam.models import Message
from jam.timeline import SETTLING
from submissions import freezing, services
from submissions.models import Closing, Contributor, Revision, Submission
from submissions.permissions import DraftRefusal
from submissions.tasks import close_due, send_receipts
from tests.factories import MOMENTS, START, SUBMISSIONS_CLOSE, TICK, JamFactory, UserFactory
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db
DUE = SUBMISSIONS_CLOSE + SETTLING


def member(submission):
    return submission.contributors.get().user


def frozen(submission) -> Revision | None:
    return Submission.objects.select_related("frozen").get(pk=submission.pk).frozen


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (START - TICK, DraftRefusal.NOT_STARTED),
        (START, None),
        (START + TICK, None),
        (SUBMISSIONS_CLOSE - TICK, None),
        (SUBMISSIONS_CLOSE, DraftRefusal.CLOSED),
        (SUBMISSIONS_CLOSE + TICK, DraftRefusal.CLOSED),
    ],
)
def test_handing_in_is_open_from_the_start_to_the_deadline(moment, refusal):
    submission = SubmissionFactory()
    call = {"submission": submission, "by": member(submission), "moment": moment}
    if refusal is None:
        assert services.hand_in(**call).arrived_at == moment
    else:
        with pytest.raises(Refused) as caught:
            services.hand_in(**call)
        assert caught.value.refusal == refusal
        assert not Revision.objects.exists()


@pytest.mark.parametrize(
    ("moment", "is_due"), [(DUE - TICK, False), (DUE, True), (DUE + TICK, True)]
)
def test_nothing_is_frozen_before_the_last_request_can_have_come(moment, is_due):
    submission = SubmissionFactory()
    closing = freezing.close(submission.jam, moment)
    assert (closing is not None) == is_due
    assert (frozen(submission) is not None) == is_due


def test_a_complete_draft_counts_as_handed_in_without_a_click():
    submission = SubmissionFactory()
    freezing.close(submission.jam, DUE)
    revision = frozen(submission)
    assert revision.origin == Revision.Origin.DEADLINE
    assert revision.arrived_at == SUBMISSIONS_CLOSE
    assert revision.handed_in_by is None
    message = Message.objects.get()
    assert message.to == member(submission).email
    assert revision.digest in message.text


def test_an_incomplete_draft_does_not_count():
    submission = SubmissionFactory(licence="")
    closing = freezing.close(submission.jam, DUE)
    assert closing.handed_in == 0
    assert frozen(submission) is None
    assert not Message.objects.exists()


def test_of_a_draft_that_became_incomplete_the_last_hand_in_counts():
    submission = SubmissionFactory()
    first = hand_in(submission)
    Submission.objects.update(abstract="")
    freezing.close(submission.jam, DUE)
    assert frozen(submission) == first


def test_the_last_complete_state_counts_over_an_earlier_hand_in():
    submission = SubmissionFactory()
    hand_in(submission)
    Submission.objects.update(title="Better")
    freezing.close(submission.jam, DUE)
    revision = frozen(submission)
    assert (revision.number, revision.title) == (2, "Better")


def test_what_was_handed_in_as_it_is_gets_no_second_revision():
    submission = SubmissionFactory()
    first = hand_in(submission)
    freezing.close(submission.jam, DUE)
    assert frozen(submission) == first
    assert Revision.objects.count() == 1


def test_withdrawn_drafts_stay_withdrawn():
    submission = SubmissionFactory()
    services.withdraw(submission=submission, by=member(submission), moment=MOMENTS["making"])
    assert freezing.close(submission.jam, DUE).handed_in == 0
    assert not Submission.objects.in_the_running().exists()


def test_a_disqualified_one_is_frozen_so_that_it_can_be_reinstated():
    submission = SubmissionFactory()
    organizer = UserFactory()
    submission.jam.organizers.add(organizer)
    act = {"submission": submission, "by": organizer, "moment": MOMENTS["making"]}
    services.disqualify(reason="Not made during the jam", **act)
    freezing.close(submission.jam, DUE)
    assert not Submission.objects.in_the_running().exists()
    services.reinstate(reason="We were wrong", **act)
    assert Submission.objects.in_the_running().get() == submission


def test_nothing_changes_after_the_freezing():
    submission = SubmissionFactory()
    freezing.close(submission.jam, DUE)
    with pytest.raises(Refused):
        # A request that claims to have come in time, but cannot have.
        services.save_draft(
            submission=submission,
            by=member(submission),
            fields={"title": "Too late"},
            links=None,
            version=0,
            moment=SUBMISSIONS_CLOSE - TICK,
        )
    assert frozen(submission).title == submission.title


def test_what_arrived_in_time_is_taken_until_all_is_frozen():
    submission = SubmissionFactory()
    on_time = SUBMISSIONS_CLOSE - TICK
    services.hand_in(submission=submission, by=member(submission), moment=on_time)
    freezing.close(submission.jam, DUE)
    assert frozen(submission).arrived_at == on_time


def test_ten_deliveries_close_once(at):
    submission = SubmissionFactory()
    at(DUE)
    for _ in range(10):
        close_due()
    assert Closing.objects.count() == 1
    assert Revision.objects.count() == 1
    assert Message.objects.count() == 1
    assert frozen(submission) is not None


def test_the_sweep_leaves_alone_what_is_not_due(at):
    SubmissionFactory()
    at(DUE - timedelta(seconds=1))
    close_due()
    assert not Closing.objects.exists()


def test_one_jam_that_fails_does_not_keep_the_others_open(at, monkeypatch):
    bad, good = SubmissionFactory().jam, SubmissionFactory().jam
    close = freezing.close

    def sometimes(jam, moment):
        if jam == bad:
            raise RuntimeError("broken")
        return close(jam, moment)

    monkeypatch.setattr(freezing, "close", sometimes)
    at(DUE)
    close_due()
    assert [closing.jam for closing in Closing.objects.all()] == [good]


def test_with_celery_dead_a_visitor_closes_the_jam(client, at):
    submission = SubmissionFactory(title="Seen by visitors")
    at(MOMENTS["rating"])
    response = client.get(f"/jams/{submission.jam.slug}/submissions/")
    assert "Seen by visitors" in response.content.decode()
    assert Closing.objects.get().handed_in == 1


def test_a_crash_in_the_middle_leaves_nothing(monkeypatch):
    submission = SubmissionFactory()

    def crash(*args, **kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr(freezing, "send_receipt", crash)
    with pytest.raises(RuntimeError):
        freezing.close(submission.jam, DUE)
    assert not Closing.objects.exists()
    assert not Revision.objects.exists()
    assert frozen(submission) is None


@pytest.mark.parametrize("submissions", [1, 12])
def test_closing_asks_the_same_however_many(submissions, django_assert_num_queries, monkeypatch):
    jam = JamFactory()
    for _ in range(submissions):
        SubmissionFactory(jam=jam)
    # Mails are one by one, and have a test of their own.
    monkeypatch.setattr(freezing, "send_receipt", lambda *args: None)
    with django_assert_num_queries(17):
        freezing.close(jam, DUE)


def test_receipts_of_a_large_jam_follow_in_portions(at, monkeypatch):
    monkeypatch.setattr(freezing, "RECEIPTS", 2)
    jam = JamFactory()
    for _ in range(5):
        SubmissionFactory(jam=jam)
    at(DUE)
    counts = []
    for work in (close_due, *[send_receipts] * 4):
        work()
        counts.append(Message.objects.filter(key__startswith="receipt:").count())
    assert counts == [2, 4, 5, 5, 5]
    assert {m.user_id for m in Message.objects.all()} == {
        c.user_id for c in Contributor.objects.all()
    }


def test_a_large_jam_is_frozen_in_portions(monkeypatch):
    monkeypatch.setattr(freezing, "PORTION", 2)
    jam = JamFactory()
    whole = [SubmissionFactory(jam=jam) for _ in range(5)]
    SubmissionFactory(jam=jam, title="")
    assert freezing.close(jam, DUE).handed_in == 5
    assert all(frozen(submission) is not None for submission in whole)


# -- races -------------------------------------------------------------------------------------


def together(*calls) -> list:
    """Run the calls at once, each in a thread of its own; what they return or raise."""
    barrier, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call) -> None:
        try:
            barrier.wait(30)
            outcomes[place] = call()
        except Exception as error:  # noqa: BLE001 -- the outcome is what is tested
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_hand_in_once():
    submission = SubmissionFactory()
    user = member(submission)
    moment = SUBMISSIONS_CLOSE - TICK
    outcomes = together(
        *[lambda: services.hand_in(submission=submission, by=user, moment=moment)] * 20
    )
    assert {revision.number for revision in outcomes} == {1}
    assert Revision.objects.count() == 1
    assert Message.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_ten_workers_and_visitors_close_once():
    submission = SubmissionFactory()
    outcomes = together(*[lambda: freezing.close(submission.jam, DUE)] * 10)
    assert len({closing.pk for closing in outcomes}) == 1
    assert Closing.objects.count() == Revision.objects.count() == Message.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_hand_in_beside_the_closing_is_frozen_or_refused_but_never_lost():
    jam = JamFactory()
    for _ in range(10):
        submission = SubmissionFactory(jam=jam, title="Before")
        Submission.objects.filter(pk=submission.pk).update(title="At the last moment")
    submissions = list(Submission.objects.prefetch_related("contributors__user"))

    def hand(submission):
        user = submission.contributors.all()[0].user
        return services.hand_in(submission=submission, by=user, moment=SUBMISSIONS_CLOSE - TICK)

    outcomes = together(
        lambda: freezing.close(jam, DUE),
        *[lambda submission=submission: hand(submission) for submission in submissions],
    )
    assert isinstance(outcomes[0], Closing)
    for submission, outcome in zip(submissions, outcomes[1:], strict=True):
        kept = frozen(submission)
        assert kept.title == "At the last moment"
        assert isinstance(outcome, Refused) or outcome == kept
