"""Mail: posted in the transaction that decides, sent once, retried, and never twice."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from jam import outbox
from jam.models import Message
from tests.factories import START, TICK, JamFactory, UserFactory
from tests.jam.factories import MessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken_server(monkeypatch):
    """A mail server that refuses until it is told to work."""
    state = {"works": False, "asked": 0}
    send = outbox._send

    def sending(message, server):
        state["asked"] += 1
        if not state["works"]:
            raise ConnectionRefusedError("try later")
        return send(message, server)

    monkeypatch.setattr(outbox, "_send", sending)
    return state


def test_a_mail_is_written_once_for_each_key_and_address():
    user, other = UserFactory(), UserFactory()
    words = dict(key="deadline", subject="Soon", paragraphs=["One day left."], moment=START)
    assert outbox.post(user=user, **words)
    assert outbox.post(user=user, **words) is None
    assert outbox.post(user=other, **words)
    assert Message.objects.count() == 2


def test_the_database_allows_one_mail_per_key_and_address():
    first = MessageFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageFactory(key=first.key, to=first.to)


def test_a_mail_is_written_with_its_transaction_or_not_at_all():
    with transaction.atomic():
        outbox.put(to="a@example.org", subject="s", text="t", moment=START)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_mail_says_the_same_in_text_and_html(settings):
    jam = JamFactory(title="Small <Jam> & friends", hue=120)
    user = UserFactory(email="ada@example.org")
    message = outbox.post(
        user=user,
        key="k",
        subject="News\nof the jam",
        paragraphs=["It is <open> & running.", "Come."],
        moment=START,
        jam=jam,
        action_label="Look",
        action_path="/jams/x/",
    )
    assert message.subject == "News of the jam"
    for words in ("It is <open> & running.", "Come.", "Look", f"{settings.SITE_URL}/jams/x/"):
        assert words in message.text
    assert "It is &lt;open&gt; &amp; running." in message.html
    assert f'href="{settings.SITE_URL}/jams/x/"' in message.html
    assert outbox.hue_hex(120) in message.html


def test_what_waits_is_sent_once(at):
    message = MessageFactory(html="<p>Something happened.</p>")
    assert outbox.send_due(START) == 1
    assert outbox.send_due(START) == 0
    (sent,) = mail.outbox
    assert sent.to == [message.to]
    assert sent.subject == "News"
    assert sent.alternatives[0].content == "<p>Something happened.</p>"
    message.refresh_from_db()
    assert (message.sent_at, message.attempts, message.error) == (START, 1, "")


def test_a_failed_mail_is_tried_again_when_its_claim_has_run_out(broken_server):
    message = MessageFactory()
    assert outbox.send_due(START) == 0
    message.refresh_from_db()
    assert (message.sent_at, message.error) == (None, "try later")
    broken_server["works"] = True
    assert outbox.send_due(START + outbox.CLAIM - TICK) == 0
    assert broken_server["asked"] == 1
    assert outbox.send_due(START + outbox.CLAIM) == 1
    message.refresh_from_db()
    assert (message.sent_at, message.attempts, message.error) == (START + outbox.CLAIM, 2, "")


def test_one_bad_address_does_not_hold_up_the_rest(monkeypatch):
    bad, good = MessageFactory(), MessageFactory()
    send = outbox._send

    def sending(message, server):
        if message.pk == bad.pk:
            raise ValueError("no such person")
        return send(message, server)

    monkeypatch.setattr(outbox, "_send", sending)
    assert outbox.send_due(START) == 1
    assert [sent.to for sent in mail.outbox] == [[good.to]]


def test_after_enough_attempts_a_mail_is_left_alone(broken_server):
    MessageFactory()
    moment = START
    for _ in range(outbox.MOST_ATTEMPTS + 3):
        outbox.send_due(moment)
        moment += outbox.CLAIM
    assert broken_server["asked"] == outbox.MOST_ATTEMPTS


def test_a_worker_that_died_before_sending_loses_nothing():
    """Its claim runs out, and the next sweep takes the mail over."""
    message = MessageFactory(claimed_at=START, attempts=1)
    assert outbox.send_due(START + timedelta(minutes=1)) == 0
    assert outbox.send_due(START + outbox.CLAIM) == 1
    message.refresh_from_db()
    assert message.attempts == 2


def test_a_worker_that_died_after_sending_repeats_itself_recognizably(monkeypatch):
    """The second copy has the Message-ID of the first, so mail programs show one."""
    message = MessageFactory()
    note = Message.objects.filter(pk=message.pk).update
    outbox.send_due(START)
    note(sent_at=None)
    outbox.send_due(START + outbox.CLAIM)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_claim_taken_by_another_in_between_is_respected(monkeypatch):
    message = MessageFactory()
    other = MessageFactory()
    send = outbox._send

    def meanwhile(sending, server):
        # While the first mail is on its way, another worker claims the second.
        Message.objects.filter(pk=other.pk).update(claimed_at=START, attempts=1)
        return send(sending, server)

    monkeypatch.setattr(outbox, "_send", meanwhile)
    assert outbox.send_due(START) == 1
    assert [sent.to for sent in mail.outbox] == [[message.to]]


def test_a_sweep_is_over_before_its_claims_run_out(monkeypatch):
    """A slow mail server must not have another worker take a mail that is under way."""
    for _ in range(5):
        MessageFactory()
    seconds = iter(range(0, 1000, 20))
    monkeypatch.setattr(outbox.time, "monotonic", lambda: next(seconds))
    assert outbox.send_due(START) == 2
    assert outbox.SWEEP < outbox.CLAIM / 2
    monkeypatch.undo()
    assert outbox.send_due(START) == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once():
    for _ in range(20):
        MessageFactory()
    ready = threading.Barrier(2)
    counts, problems = [], []

    def work():
        try:
            ready.wait(timeout=10)
            counts.append(outbox.send_due(START))
        except Exception as error:  # noqa: BLE001 -- told below, in the thread of the test
            problems.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert problems == []
    assert sum(counts) == 20
    assert len({sent.to[0] for sent in mail.outbox}) == len(mail.outbox) == 20
