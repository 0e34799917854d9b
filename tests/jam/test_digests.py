"""When mails come: quiet hours, one mail a day, and nothing that is over or was moved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from jam import choices, digests, outbox, services
from jam.choices import How
from jam.models import Jam, MailHours, Message
from jam.part import JamPart
from jam.parts import MailKind
from tests.factories import START, TICK, JamFactory, ParticipationFactory, UserFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT = START + 6 * HOUR  # 23:00 UTC, a Friday
MORNING = NIGHT + 9 * HOUR


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    kinds = [MailKind("news", "news"), MailKind("more", "more")]
    monkeypatch.setattr(JamPart, "mail_kinds", lambda part: kinds)


def person(how=How.NOW, quiet=(22, 8), digest_at=8, **fields):
    user = UserFactory(**fields)
    choices.choose(user=user, chosen={"news": how, "more": how}, quiet=quiet, digest_at=digest_at,
                   moment=START - DAY)  # fmt: skip
    return type(user).objects.get(pk=user.pk)


def post(user, key="k", kind="news", moment=NIGHT, **words):
    words = {"subject": f"About {key}", "paragraphs": [f"Words of {key}."]} | words
    return outbox.post(user=user, key=key, kind=kind, moment=moment, **words)


def sweep(moment) -> int:
    digests.gather_due(moment)
    return outbox.send_due(moment)


def test_it_waits_for_the_morning():
    post(person())
    assert [sweep(m) for m in (NIGHT, MORNING - TICK, MORNING, MORNING)] == [0, 0, 1, 0]


def test_what_always_comes_does_not_wait():
    post(person(), kind="")
    assert sweep(NIGHT) == 1


def test_what_would_be_over_by_then_goes_at_once():
    user = person()
    post(user, "over", until=MORNING)
    post(user, "not over", until=MORNING + TICK)
    assert sweep(NIGHT) == 1
    assert mail.outbox[0].subject == "About over"


def test_nothing_comes_after_the_fact():
    user = person(quiet=None)
    post(user, until=NIGHT + HOUR)
    assert sweep(NIGHT + HOUR) == 0
    message = Message.objects.get()
    assert message.left_out_at == NIGHT + HOUR
    assert sweep(NIGHT + 2 * HOUR) == 0
    assert post(user) is None


def test_a_sweep_that_was_held_up_until_night_lets_people_sleep():
    post(person(), moment=NIGHT - 3 * HOUR)
    assert [sweep(m) for m in (NIGHT, MORNING)] == [0, 1]


@pytest.mark.parametrize("how", [How.NOW, How.DAILY])
def test_what_tells_of_a_boundary_that_was_moved_is_left_out(how):
    user, jam = person(how, quiet=None), JamFactory()
    post(user, jam=jam, boundary="starts_at", moment=START)
    Jam.objects.filter(pk=jam.pk).update(starts_at=START + HOUR)
    assert sweep(START + DAY) == 0
    jam.refresh_from_db()
    post(user, "anew", jam=jam, boundary="starts_at", moment=START)
    assert sweep(START + 2 * DAY) == 1


def test_who_leaves_a_jam_hears_no_more_of_its_start():
    user = person()
    participation = ParticipationFactory(user=user)
    post(user, jam=participation.jam, boundary="starts_at")
    services.cancel(jam=participation.jam, user=user, moment=NIGHT)
    assert sweep(MORNING) == 0


def test_one_mail_a_day_tells_all_by_jam():
    user = person(How.DAILY, digest_at=9, time_zone="Europe/Copenhagen")
    deep, wide = JamFactory(title="Deep"), JamFactory(title="Wide 🌊")
    post(user, "a", jam=deep, action_label="Look", action_path="/a/")
    post(user, "b", jam=wide, kind="more")
    post(user, "c", jam=deep)
    post(user, "d", until=NIGHT + 2 * HOUR)
    nine = START.replace(hour=7) + DAY
    # What would be over by then comes by itself.
    assert [sweep(m) for m in (NIGHT, nine - TICK, nine, nine, nine + DAY)] == [1, 0, 1, 0, 0]
    digest = mail.outbox[-1]
    assert digest.subject == "About a, and 2 more"
    html = digest.alternatives[0].content
    for body in (digest.body, html):
        at = [body.index(words) for words in ("Deep", "Words of a.", "Words of c.", "Wide 🌊",
                                              "Words of b.")]  # fmt: skip
        assert at == sorted(at)
        assert "/a/" in body
    assert html.count('class="button"') == 1
    assert Message.objects.filter(digest__isnull=False).count() == 3


def test_what_comes_after_the_digest_is_in_the_next():
    user = person(How.DAILY)
    post(user, "a")
    assert sweep(MORNING) == 1
    post(user, "b", moment=MORNING)
    post(user, "c", moment=MORNING + DAY - TICK)
    assert [sweep(m) for m in (MORNING + HOUR, MORNING + DAY)] == [0, 1]
    assert "Words of b." in mail.outbox[-1].body
    assert "Words of a." not in mail.outbox[-1].body


def test_one_click_in_a_digest_stops_all_that_comes_in_it(client):
    user = person(How.DAILY)
    choices.choose(user=user, chosen={"more": How.NOW}, moment=START)
    post(user)
    sweep(MORNING)
    link = mail.outbox[-1].extra_headers["List-Unsubscribe"].strip("<>")
    client.post("/" + link.split("/", 3)[3], {"List-Unsubscribe": "One-Click"})
    assert (choices.how(user, "news"), choices.how(user, "more")) == (How.NEVER, How.NOW)


def test_what_waits_is_told_as_chosen_last():
    user = person(How.DAILY)
    for key in ("a", "b"):
        post(user, key, kind={"a": "news", "b": "more"}[key])
    choices.choose(user=user, chosen={"news": How.NOW, "more": How.NEVER}, digest_at=8,
                   moment=NIGHT + HOUR)  # fmt: skip
    assert sweep(NIGHT + HOUR) == 1
    assert sweep(MORNING + DAY) == 0
    assert mail.outbox[0].subject == "About a"


class Killed(BaseException):
    """What no line of ours may catch."""


def test_a_worker_that_dies_anywhere_leaves_each_thing_told_once():
    """Killed before its first statement, its second, and so on, each time with a world of its own,
    and then run again when claims have run out."""
    deaths = 0
    for n in range(20):
        Message.objects.all().delete()
        mail.outbox.clear()
        quiet, daily = person(), person(How.DAILY)
        post(quiet, "now")
        post(daily, "a")
        post(daily, "b", kind="more")
        left = [n]

        def execute(run, sql, params, many, context, left=left):
            if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
                left[0] -= 1
                if left[0] < 0:
                    raise Killed(sql)
            return run(sql, params, many, context)

        try:
            with connection.execute_wrapper(execute):
                sweep(MORNING)
        except Killed:
            deaths += 1
        for later in (outbox.CLAIM, 2 * outbox.CLAIM, DAY):
            sweep(MORNING + later)
        # A copy may come of a death between the server's yes and our note of it: under its own id.
        sent = {m.extra_headers["Message-ID"]: m for m in mail.outbox}
        assert len(mail.outbox) <= len(sent) + 1
        assert sorted(m.subject for m in sent.values()) == ["About a, and 1 more", "About now"], n
    assert 10 < deaths < 20


@pytest.mark.parametrize(
    "fields",
    [
        {"quiet_from": 22, "quiet_until": None},
        {"quiet_from": None, "quiet_until": 8},
        {"quiet_from": 8, "quiet_until": 8},
        {"quiet_from": 24, "quiet_until": 8},
        {"digest_at": 24},
    ],
)
def test_the_database_keeps_hours_whole(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        MailHours.objects.create(user=UserFactory(), **fields)


@pytest.mark.parametrize(
    "fields",
    [{"is_daily": True}, {"boundary": "starts_at"}, {"left_out_at": START, "sent_at": START}],
)
def test_the_database_keeps_mails_whole(fields):
    message = outbox.put(to="a@example.org", subject="s", text="t", moment=START)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**fields)
