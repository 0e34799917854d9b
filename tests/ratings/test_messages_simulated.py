"""Three weeks of a jam: everything that is to be told is told once, to the right people, at a right
hour, while workers are killed again and again and organizers move the deadline."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection

from jam import choices
from jam import tasks as jam_tasks
from jam.choices import How
from jam.models import Jam, Message, User
from ratings import tasks as ratings_tasks
from ratings.models import Results
from submissions import tasks as submissions_tasks
from tests.factories import (
    RATINGS_CLOSE,
    RESULTS,
    START,
    SUBMISSIONS_CLOSE,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.ratings.factories import rate
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# When organizers move the deadline, and by how much; three hours after the first reminder of it.
MOVED_AT, BY = SUBMISSIONS_CLOSE - 21 * HOUR, 5 * HOUR
CLOSE = SUBMISSIONS_CLOSE + BY
RATINGS_OPEN = CLOSE + HOUR
# No worker runs, nor beat.
DEAD = (RATINGS_CLOSE - 40 * HOUR, RATINGS_CLOSE - 20 * HOUR)
SWEEPS = (
    jam_tasks.remind_due,
    submissions_tasks.remind_due,
    submissions_tasks.close_due,
    ratings_tasks.freeze_due,
    ratings_tasks.news_due,
    ratings_tasks.remind_behind,
    ratings_tasks.tell_due,
    jam_tasks.send_mail_due,
)


class Killed(BaseException):
    """What no line of ours may catch, as a killed process runs no more lines."""


@contextmanager
def killing(chance: random.Random, share: float):
    """A process that dies before some of its statements, whichever they are."""

    def execute(run, sql, params, many, context):
        # Writes are few, and the gaps between them are what matters.
        dies = {"SELECT": share, "INSERT": 5 * share, "UPDATE": 5 * share}.get(sql[:6], 0)
        if chance.random() < dies:
            raise Killed(sql[:60])
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield


@dataclass(frozen=True)
class Told:
    """A mail that went out, as the reader's program shows it: copies under the same id are one."""

    to: str
    subject: str
    at: datetime
    local: datetime
    body: str


class Simulation:
    def __init__(self, seed: int, at) -> None:
        self.chance, self.at = random.Random(seed), at
        self.deaths, self.copies = 0, 0
        self.told: dict[str, Told] = {}
        self.jam = JamFactory(title="Deep")
        self.people: dict[str, User] = {}

    def person(self, name, zone, how=None, quiet=None, digest_at=8, joins=True) -> User:
        user = UserFactory(email=f"{name}@example.org", display_name=name, time_zone=zone)
        chosen = dict.fromkeys(choices.kinds(), how) if how else {}
        choices.choose(user=user, chosen=chosen, quiet=quiet, digest_at=digest_at,
                       moment=START - 10 * DAY)  # fmt: skip
        if joins:
            ParticipationFactory(jam=self.jam, user=user, joined_at=START - 5 * DAY)
        self.people[name] = user
        return user

    def moments(self) -> list[datetime]:
        """Each hour, a little late as sweeps are, around whatever happens; else each six."""
        events = (START - DAY, START, CLOSE - DAY, CLOSE - HOUR, CLOSE, RATINGS_OPEN, DEAD[1],
                  RESULTS)  # fmt: skip
        hours = int((RESULTS + 3 * DAY - START + 2 * DAY) / HOUR)
        regular = [START - 2 * DAY + n * HOUR for n in range(hours)]
        regular = [
            moment + self.chance.randrange(60) * MINUTE
            for n, moment in enumerate(regular)
            if n % 6 == 0 or any(abs(moment - event) < 15 * HOUR for event in events)
        ]
        near = [event + n * 11 * MINUTE for event in events for n in range(-1, 4)]
        return sorted(m for m in {*regular, *near} if not DEAD[0] <= m < DEAD[1])

    def sweep(self, moment: datetime) -> None:
        """All sweeps, in any order; three in ten by a process that does not live long."""
        self.at(moment)
        share = self.chance.choice((0.03, 0.1)) if self.chance.random() < 0.3 else 0
        for task in self.chance.sample(SWEEPS, len(SWEEPS)):
            before = len(mail.outbox)
            try:
                with killing(self.chance, share):
                    task()
            except Killed:
                self.deaths += 1
            for sent in mail.outbox[before:]:
                self.note(sent, moment)

    def note(self, sent, moment: datetime) -> None:
        (address,) = sent.to
        zone = ZoneInfo(self.people[address.partition("@")[0]].time_zone)
        told = Told(address, sent.subject, moment, moment.astimezone(zone), sent.body)
        name = sent.extra_headers["Message-ID"]
        if name in self.told:
            self.copies += 1
            assert (self.told[name].to, self.told[name].body) == (told.to, told.body)
        else:
            self.told[name] = told

    def of(self, name: str) -> list[Told]:
        return [told for told in self.told.values() if told.to == f"{name}@example.org"]


def test_three_weeks_of_a_jam(at):
    sim = Simulation(seed=7, at=at)
    at(START - 4 * DAY)
    jam = sim.jam
    sim.person("ada", "UTC")
    bo = sim.person("bo", "America/Los_Angeles", quiet=(22, 8))
    chen = sim.person("chen", "Asia/Tokyo", quiet=(22, 8))
    dee = sim.person("dee", "Europe/Copenhagen", how=How.NEVER)
    eve = sim.person("eve", "Asia/Kolkata", how=How.DAILY, digest_at=7)
    gus = sim.person("gus", "Europe/Copenhagen")
    hana = sim.person("hana", "Pacific/Auckland", quiet=(21, 7), how=How.DAILY, digest_at=5)
    sim.person("ian", "UTC", joins=False)
    for user in (bo, chen, dee):
        SubmissionFactory(jam=jam, by=user, title=f"Draft of {user}", licence="",
                          created_at=START + HOUR)  # fmt: skip
    complete = {
        user: SubmissionFactory(jam=jam, by=user, title=f"Work of {user}", created_at=START + HOUR)
        for user in (gus, hana, eve)
    }
    late = {"has_joined": False, "has_moved": False, "has_rated": False, "is_in": False}
    for moment in sim.moments():
        if moment >= START - 10 * HOUR and not late["has_joined"]:
            # Joins between the reminder and the start: it has just read when that is.
            late["has_joined"] = True
            jo = sim.person("jo", "UTC", joins=False)
            ParticipationFactory(jam=jam, user=jo, joined_at=moment)
        if moment >= SUBMISSIONS_CLOSE - 30 * HOUR and not late["is_in"]:
            late["is_in"] = True
            for submission in complete.values():
                hand_in(submission)
        if moment >= MOVED_AT and not late["has_moved"]:
            late["has_moved"] = True
            Jam.objects.filter(pk=jam.pk).update(submissions_close_at=CLOSE,
                                                 ratings_open_at=RATINGS_OPEN)  # fmt: skip
        if moment >= RATINGS_OPEN + 3 * DAY and not late["has_rated"]:
            late["has_rated"] = True
            complete[gus].refresh_from_db()
            # Hana has rated what there is for her; Gus one of two; Eve none.
            for rater, rated in ((hana, (gus, eve)), (gus, (hana,))):
                for of in rated:
                    submission = complete[of]
                    submission.refresh_from_db()
                    rate(submission, *[4] * jam.criteria.count(), by=rater, moment=moment)
        sim.sweep(moment)

    assert (sim.deaths > 50, sim.copies > 0) == (True, True)
    assert Results.objects.filter(jam=jam).count() == 1
    check_hours(sim)
    check_at_once(sim)
    check_digests(sim)


def check_hours(sim: Simulation) -> None:
    """Quiet hours are quiet, save for what could not wait."""
    for told in sim.told.values():
        user = User.objects.get(email=told.to)
        own = choices.hours_of(user)
        hour = told.local.hour
        if own.quiet_from is not None and not own.quiet_until <= hour < own.quiet_from:
            # An hour before the deadline it is night in Tokyo, and too late in the morning.
            assert told.to.startswith("chen")
            assert CLOSE - HOUR <= told.at < CLOSE
    assert not sim.of("dee")
    assert not sim.of("ian")


def check_at_once(sim: Simulation) -> None:
    """Who gets what comes as: how often, and from when to when."""
    slack = 2 * HOUR
    news = {
        "Deep starts soon": [(START - DAY, START - DAY + slack)],
        "Deep has begun": [(START, START + slack)],
        "Rating has opened in Deep": [(RATINGS_OPEN, RATINGS_OPEN + slack)],
        "The results of Deep are out": [(RESULTS, RESULTS + slack)],
    }
    first = SUBMISSIONS_CLOSE - DAY
    lacking = [(first, MOVED_AT), (CLOSE - DAY, CLOSE - DAY + slack), (CLOSE - HOUR, CLOSE)]
    # In Tokyo the start, and the opening of rating, are told in the morning; and what was to be
    # told of the first deadline waits until it is moved, so it is left out.
    morning = {
        "Deep has begun": datetime.fromisoformat("2030-05-04T08:00+09:00"),
        "Deep starts soon": datetime.fromisoformat("2030-05-03T08:00+09:00"),
    }
    woken = datetime.fromisoformat("2030-05-05T08:00+09:00")
    # Once for each deadline, and not in the last hour.
    idle = {"You have not begun, and Deep closes soon": lacking[:2]}
    reminder = "One thing is missing from “Draft of {}”"
    expected = {
        "ada": news | idle,
        "jo": {subject: when for subject, when in (news | idle).items() if "starts" not in subject},
        "bo": news | {reminder.format("bo"): lacking},
        "chen": news
        | {subject: [(when, when + slack)] for subject, when in morning.items()}
        | {reminder.format("chen"): [(woken, woken + slack), lacking[2]]},
        "gus": news
        | {"Rating ends soon, and you have 1 to go": [(DEAD[1], DEAD[1] + slack)]}
        | {"What raters say of “Work of gus”": [(RESULTS, RESULTS + slack)]},
    }
    for name, subjects in expected.items():
        by_subject = defaultdict(list)
        for told in sim.of(name):
            by_subject[told.subject].append(told)
        assert set(by_subject) - {s for s in by_subject if "is in" in s} == set(subjects), name
        for subject, windows in subjects.items():
            at = sorted(told.at for told in by_subject[subject])
            assert len(at) == len(windows), (name, subject, at)
            for told_at, (opens, closes) in zip(at, windows, strict=True):
                assert opens <= told_at < closes, (name, subject, told_at)


def check_digests(sim: Simulation) -> None:
    """What comes in one mail a day: each thing once, and one mail a day at most."""
    for name, hour in (("eve", 7), ("hana", 7)):
        told = [mail for mail in sim.of(name) if "is in" not in mail.subject]
        assert told
        assert max(Counter(mail.local.date() for mail in told).values()) == 1
        # Sweeps are six hours apart at quiet times, and some die.
        assert all(hour <= mail.local.hour < hour + 12 for mail in told), name
        gathered = Message.objects.filter(user__email=f"{name}@example.org", is_daily=True)
        assert {message.digest is not None for message in gathered} == {True}
        for message in gathered:
            assert sum(f"* {message.subject}\n" in mail.body for mail in told) == 1
        subjects = {message.subject for message in gathered}
        assert {"Deep has begun", "The results of Deep are out"} <= subjects
        assert any("Rating ends soon" in subject for subject in subjects) is (name == "eve")
