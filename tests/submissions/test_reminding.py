"""A day and an hour before the deadline teams hear what their drafts lack; who has not begun
hears of it a day before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from jam import choices, outbox
from jam.choices import How
from jam.models import Act, Message
from submissions import reminding, tasks
from submissions.models import Contributor
from tests.factories import (
    MOMENTS,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
LONG_AGO = MOMENTS["making"]


@pytest.fixture
def jam():
    return JamFactory()


@pytest.mark.parametrize(
    ("before", "mails"),
    [
        (DAY + TICK, 0),
        (DAY, 1),
        (HOUR + TICK, 1),
        (HOUR, 1),
        (TICK, 1),
        (timedelta(0), 0),
        (-TICK, 0),
    ],
)
def test_it_is_told_from_a_day_before_until_the_deadline(jam, before, mails):
    SubmissionFactory(jam=jam, licence="")
    reminding.remind(jam, SUBMISSIONS_CLOSE - before)
    assert Message.objects.count() == mails


def test_each_is_told_twice_however_often_it_is_swept(jam, at):
    draft = SubmissionFactory(jam=jam, licence="", abstract="")
    for before in (DAY, DAY - HOUR, HOUR, HOUR - TICK):
        at(SUBMISSIONS_CLOSE - before)
        tasks.remind_due()
        tasks.remind_due()
    messages = list(Message.objects.order_by("created_at"))
    assert [message.created_at for message in messages] == [
        SUBMISSIONS_CLOSE - DAY,
        SUBMISSIONS_CLOSE - HOUR,
    ]
    for message in messages:
        assert message.subject == f"2 things are missing from “{draft.title}”"
        assert "– An abstract" in message.text
        assert "– A licence" in message.text
        assert f"/submissions/{draft.pk}/edit/" in message.text
    assert Act.objects.filter(verb__startswith="reminded").count() == 2


def test_only_teams_of_drafts_that_lack_something_are_told(jam):
    SubmissionFactory(jam=jam)
    SubmissionFactory(jam=jam, licence="", withdrawn_at=LONG_AGO)
    # Begun when it was too late to be reminded of it.
    SubmissionFactory(jam=jam, licence="", created_at=SUBMISSIONS_CLOSE - DAY)
    handed_in = SubmissionFactory(jam=jam)
    hand_in(handed_in)
    handed_in.licence = ""
    handed_in.save()
    mate = UserFactory()
    Contributor.objects.create(submission=handed_in, user=mate, confirmed_at=LONG_AGO)
    assert reminding.remind(jam, SUBMISSIONS_CLOSE - DAY) == 1
    assert Message.objects.count() == 2
    assert mate.email in Message.objects.values_list("to", flat=True)


def test_a_run_that_died_goes_on_without_telling_twice(jam, monkeypatch):
    for _ in range(3):
        SubmissionFactory(jam=jam, licence="")
    told, tell = [], reminding._tell

    def die(submission, *args):
        if len(told) == 2:
            raise ConnectionError
        tell(submission, *args)
        told.append(submission)

    monkeypatch.setattr(reminding, "_tell", die)
    with pytest.raises(ConnectionError), transaction.atomic():
        reminding.remind(jam, SUBMISSIONS_CLOSE - DAY)
    monkeypatch.undo()
    reminding.remind(jam, SUBMISSIONS_CLOSE - DAY)
    assert Message.objects.count() == 3


def test_a_deadline_that_was_moved_is_a_new_one(jam):
    SubmissionFactory(jam=jam, licence="")
    reminding.remind(jam, SUBMISSIONS_CLOSE - DAY)
    jam.submissions_close_at += timedelta(minutes=30)
    jam.save()
    reminding.remind(jam, SUBMISSIONS_CLOSE - DAY + timedelta(minutes=30))
    assert Message.objects.count() == 2


def test_drafts_of_jams_are_not_told_of(jam, at):
    SubmissionFactory(jam=jam, licence="")
    jam.published_at = None
    jam.save()
    at(SUBMISSIONS_CLOSE - DAY)
    tasks.remind_due()
    assert not Message.objects.exists()


# -- those who have not begun ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "mails"),
    [(DAY + TICK, 0), (DAY, 1), (HOUR + TICK, 1), (HOUR, 0), (timedelta(0), 0)],
)
def test_who_has_not_begun_hears_of_it_a_day_before_and_not_in_the_last_hour(jam, before, mails):
    ParticipationFactory(jam=jam, joined_at=LONG_AGO)
    assert reminding.remind_idle(jam, SUBMISSIONS_CLOSE - before) == mails


def test_who_has_begun_or_left_or_just_joined_hears_nothing(jam, at):
    idle = ParticipationFactory(jam=jam, joined_at=LONG_AGO).user
    withdrew = ParticipationFactory(jam=jam, joined_at=LONG_AGO).user
    SubmissionFactory(jam=jam, by=withdrew, withdrawn_at=LONG_AGO)
    SubmissionFactory(jam=jam, by=ParticipationFactory(jam=jam, joined_at=LONG_AGO).user)
    ParticipationFactory(jam=jam, joined_at=LONG_AGO, cancelled_at=LONG_AGO)
    ParticipationFactory(jam=jam, joined_at=SUBMISSIONS_CLOSE - DAY + TICK)
    ParticipationFactory(joined_at=LONG_AGO, jam=JamFactory(published_at=None))
    at(SUBMISSIONS_CLOSE - DAY + HOUR)
    tasks.remind_due()
    tasks.remind_due()
    assert set(Message.objects.values_list("to", flat=True)) == {idle.email, withdrew.email}
    assert Message.objects.count() == 2


# -- what waited overnight ---------------------------------------------------------------------


def asleep(user):
    """Have `user` sleep through the first reminder, until two hours after it."""
    choices.choose(user=user, chosen={}, quiet=(16, 19), digest_at=8, moment=LONG_AGO)


def in_the_morning() -> Message:
    outbox.send_due(SUBMISSIONS_CLOSE - DAY + 3 * HOUR)
    return Message.objects.get()


@pytest.fixture
def draft(jam):
    draft = SubmissionFactory(jam=jam, licence="", abstract="")
    asleep(draft.contributors.get().user)
    reminding.remind(jam, SUBMISSIONS_CLOSE - DAY)
    assert Message.objects.get().due_at is not None
    return draft


def test_what_is_missing_still_is_told_in_the_morning(draft):
    written = Message.objects.get().text
    assert in_the_morning().sent_at is not None
    assert Message.objects.get().text == written


def test_a_draft_that_was_completed_overnight_is_not_told_of(draft):
    draft.licence, draft.abstract = "MIT", "We looked."
    draft.save()
    message = in_the_morning()
    assert (message.sent_at, message.left_out_at is None) == (None, False)


def test_of_a_draft_that_lacks_less_by_then_no_more_is_told(draft, mailoutbox):
    draft.abstract = "We looked."
    draft.save()
    in_the_morning()
    (mail,) = mailoutbox
    assert mail.subject == f"One thing is missing from “{draft.title}”"
    assert "An abstract" not in mail.body
    assert "An abstract" not in mail.alternatives[0][0]
    assert "– A licence" in mail.body


def test_a_digest_tells_what_is_so_when_it_goes(jam, at):
    draft = SubmissionFactory(jam=jam, licence="")
    user = draft.contributors.get().user
    choices.choose(user=user, chosen={reminding.KIND: How.DAILY}, quiet=None, digest_at=8,
                   moment=LONG_AGO)  # fmt: skip
    reminding.remind(jam, SUBMISSIONS_CLOSE - DAY)
    message = Message.objects.get()
    assert message.due_at is not None
    draft.licence = "MIT"
    draft.save()
    assert not outbox.is_of_use(message, SUBMISSIONS_CLOSE - 2 * HOUR)


def test_who_has_begun_overnight_is_not_told_that_they_have_not(jam):
    user = ParticipationFactory(jam=jam, joined_at=LONG_AGO).user
    asleep(user)
    reminding.remind_idle(jam, SUBMISSIONS_CLOSE - DAY)
    SubmissionFactory(jam=jam, by=user)
    message = in_the_morning()
    assert (message.sent_at, message.left_out_at is None) == (None, False)
