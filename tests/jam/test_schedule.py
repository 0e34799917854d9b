"""Changing what stands in a schedule, and telling those who come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jam import choices, outbox, schedule_news, scheduling
from jam.errors import Refused
from jam.models import Act, Message, ScheduleChange, ScheduleItem
from jam.permissions import ScheduleRefusal
from jam.schedule_news import GATHERING
from sites.models import SiteChange
from sites.schedule import people_at
from tests.factories import (
    MOMENTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import ScheduleItemFactory
from tests.sites.factories import LocalSiteFactory, PlaceFactory, SiteItemFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["announced"]
HOUR = timedelta(hours=1)


@pytest.fixture
def organizer():
    return UserFactory()


@pytest.fixture
def jam(organizer):
    jam = JamFactory(slug="inside", title="Looking inside")
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def item(jam):
    return ScheduleItemFactory(jam=jam, title="Keynote")


@pytest.fixture
def joined(jam):
    return ParticipationFactory(jam=jam, user__time_zone="Europe/Copenhagen").user


def move(item, by, hours=1, moment=NOW):
    fields = {"starts_at": item.starts_at + hours * HOUR, "ends_at": item.ends_at + hours * HOUR}
    return scheduling.change(item=item, by=by, fields=fields, moment=moment)


def tell(moment=NOW + GATHERING):
    return schedule_news.tell_due(ScheduleChange, schedule_news.participants_of, moment)


def test_each_change_is_counted_logged_and_noted(item, organizer):
    moved = move(item, organizer)
    cancelled = scheduling.cancel(item=moved, by=organizer, reason=" Flu ", moment=NOW)
    assert (cancelled.cancelled_at, cancelled.cancel_reason) == (NOW, "Flu")
    back = scheduling.bring_back(item=cancelled, by=organizer, moment=NOW)
    assert [moved.sequence, cancelled.sequence, back.sequence] == [1, 2, 3]
    renamed = scheduling.change(item=back, by=organizer, fields={"title": "Talk"}, moment=NOW)
    same = scheduling.change(item=back, by=organizer, fields={"title": "Talk"}, moment=NOW)
    assert renamed.sequence == same.sequence == 4
    verbs = list(Act.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["changed", "cancelled", "brought back", "changed"]
    noted = ScheduleChange.objects.values_list("was_at", "was_cancelled")
    assert list(noted) == [(item.starts_at, False), (moved.starts_at, False),
                           (moved.starts_at, True)]  # fmt: skip


def test_a_draft_has_nobody_to_tell(item, organizer):
    item.jam.published_at = None
    item.jam.save()
    assert move(item, organizer).sequence == 1
    assert not ScheduleChange.objects.exists()


@pytest.mark.parametrize(
    ("who", "act", "refusal"),
    [
        ("stranger", "change", ScheduleRefusal.NOT_ORGANIZER),
        ("stranger", "add", ScheduleRefusal.NOT_ORGANIZER),
        ("stranger", "cancel", ScheduleRefusal.NOT_ORGANIZER),
        ("stranger", "bring_back", ScheduleRefusal.NOT_ORGANIZER),
        ("organizer", "bring_back", ScheduleRefusal.NOT_CANCELLED),
        ("organizer", "no_reason", ScheduleRefusal.NO_REASON),
        ("organizer", "cancelled", ScheduleRefusal.CANCELLED),
    ],
)
def test_who_may_not_do_what(item, organizer, who, act, refusal):
    by = organizer if who == "organizer" else UserFactory()
    acts = {
        "change": lambda: move(item, by),
        "add": lambda: scheduling.add(item=ScheduleItem(jam=item.jam), by=by, moment=NOW),
        "cancel": lambda: scheduling.cancel(item=item, by=by, reason="x", moment=NOW),
        "no_reason": lambda: scheduling.cancel(item=item, by=by, reason=" ", moment=NOW),
        "bring_back": lambda: scheduling.bring_back(item=item, by=by, moment=NOW),
        "cancelled": lambda: move(item, by),
    }
    if act == "cancelled":
        scheduling.cancel(item=item, by=by, reason="x", moment=NOW)
    with pytest.raises(Refused) as refused:
        acts[act]()
    assert refused.value.refusal == refusal


def test_a_schedule_has_an_end(item, organizer, monkeypatch):
    monkeypatch.setattr(scheduling, "MOST_ITEMS", 1)
    new = ScheduleItem(jam=item.jam, title="New", kind="talk", starts_at=START)
    with pytest.raises(Refused) as refused:
        scheduling.add(item=new, by=organizer, moment=NOW)
    assert refused.value.refusal == ScheduleRefusal.FULL


def test_a_site_is_run_by_its_own_organizers_and_by_those_of_the_jam(organizer, jam):
    host = UserFactory()
    item = SiteItemFactory(site=LocalSiteFactory(jam=jam, organizer=host))
    for by in (host, organizer):
        item = scheduling.change(item=item, by=by, fields={"title": str(by.pk)}, moment=NOW)
    assert item.sequence == 2
    with pytest.raises(Refused):
        scheduling.cancel(item=item, by=UserFactory(), reason="x", moment=NOW)


@pytest.mark.parametrize(
    "values",
    [
        {"ends_at": START, "starts_at": START},
        {"cancelled_at": START},
        {"cancel_reason": "x"},
        {"sequence": -1},
    ],
)
def test_the_database_refuses_what_cannot_be(item, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduleItem.objects.filter(pk=item.pk).update(**values)


@pytest.mark.parametrize("values", [{}, {"item": True, "boundary": "starts_at"},
                                    {"item": True, "told_at": NOW}])  # fmt: skip
def test_a_change_is_of_one_thing_and_told_in_a_notice(item, values):
    values = {**values, **({"item": item} if "item" in values else {})}
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduleChange.objects.create(jam=item.jam, was_at=START, made_at=NOW, **values)


# -- boundaries --------------------------------------------------------------------------------


def test_a_moved_boundary_takes_the_deadline_along_that_tells_of_it(jam, joined):
    deadline = ScheduleItemFactory(
        jam=jam, kind="deadline", starts_at=SUBMISSIONS_CLOSE, ends_at=None
    )
    jam.submissions_close_at += HOUR / 2
    jam.save()
    before = {"submissions_close_at": SUBMISSIONS_CLOSE, "starts_at": START}
    scheduling.boundaries_moved(jam=jam, before=before, moment=NOW)
    deadline.refresh_from_db()
    assert (deadline.starts_at, deadline.sequence) == (SUBMISSIONS_CLOSE + HOUR / 2, 1)
    assert ScheduleChange.objects.get().boundary == "submissions_close_at"
    assert tell() == 1
    assert "“Submissions close” is now Sunday 5 May 2030, 19:30 CEST" in Message.objects.get().text


# -- telling -----------------------------------------------------------------------------------


def test_who_joined_is_told_once_in_their_own_zone(item, organizer, joined):
    ParticipationFactory(jam=item.jam, cancelled_at=NOW)
    ParticipationFactory()
    move(item, organizer)
    assert tell(NOW + GATHERING - TICK) == 0
    assert [tell(), tell(), tell(NOW + HOUR)] == [1, 0, 0]
    mail = Message.objects.get()
    assert (mail.to, mail.kind) == (joined.email, "schedule")
    assert mail.subject == "Moved: Keynote"
    assert "now begins Saturday 4 May 2030, 01:00 CEST (Fri 23:00 UTC)" in mail.text
    assert "Before, it was to begin Saturday 4 May 2030, 00:00 CEST" in mail.text
    assert ScheduleChange.objects.get().told_at == NOW + GATHERING


def test_small_changes_go_into_one_mail_and_there_and_back_is_no_news(item, organizer, joined):
    other = ScheduleItemFactory(jam=item.jam, title="Dinner")
    item = move(item, organizer)
    scheduling.change(item=item, by=organizer, fields={"place": "Hall"}, moment=NOW + 3 * TICK)
    other = move(other, organizer, 1, NOW + GATHERING / 2)
    move(other, organizer, -1, NOW + GATHERING / 2)
    assert tell() == 0
    assert tell(NOW + 2 * GATHERING) == 1
    mail = Message.objects.get()
    assert mail.subject == "The schedule of Looking inside has changed"
    assert "Hall" in mail.text
    assert "Dinner" not in mail.text


def test_gathering_ends_however_many_changes_come(item, organizer, joined):
    for minutes in range(0, 21, 4):
        move(item, organizer, 1, NOW + timedelta(minutes=minutes))
        item.refresh_from_db()
    assert tell(NOW + timedelta(minutes=20)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"place": "Hall"}, "takes place here now: Hall"),
        ({"ends_at": START + 7 * HOUR}, "now ends Saturday"),
        ({"ends_at": None}, "has no fixed end any more"),
        ({"title": "Other", "speaker": "Neel"}, None),
    ],
)
def test_what_is_told(item, organizer, joined, fields, words):
    scheduling.change(item=item, by=organizer, fields=fields, moment=NOW)
    assert tell() == (1 if words else 0)
    assert words is None or words in Message.objects.get().text


def test_cancelled_and_brought_back(item, organizer, joined):
    item = scheduling.cancel(item=item, by=organizer, reason="Flu", moment=NOW)
    tell()
    scheduling.bring_back(item=item, by=organizer, moment=NOW + HOUR)
    tell(NOW + 2 * HOUR)
    first, second = Message.objects.order_by("pk")
    assert "is cancelled. The reason: Flu" in first.text
    assert "takes place after all" in second.text


def test_what_was_over_is_no_news_and_who_wants_no_mail_gets_none(item, organizer, joined):
    move(item, organizer, -2, moment=item.ends_at)
    assert tell(item.ends_at + HOUR) == 0
    choices.choose(user=joined, chosen={"schedule": choices.How.NEVER}, moment=NOW)
    other = ScheduleItemFactory(jam=item.jam)
    move(other, organizer)
    assert tell() == 0
    assert not Message.objects.exists()
    assert not ScheduleChange.objects.filter(told_at=None).exists()


def test_a_sweep_that_dies_is_taken_up_where_it_was(item, organizer, jam, monkeypatch):
    people = [ParticipationFactory(jam=jam).user for _ in range(5)]
    monkeypatch.setattr(schedule_news, "CHUNK", 2)
    move(item, organizer)
    post, left = outbox.post, [3]

    def dying(**mail):
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        return post(**mail)

    monkeypatch.setattr(outbox, "post", dying)
    with pytest.raises(SystemExit):
        tell()
    # Whole chunks are written, or nothing of them.
    assert Message.objects.count() == 2
    left[0] = 99
    assert tell(NOW + HOUR) == 3
    assert set(Message.objects.values_list("to", flat=True)) == {user.email for user in people}
    assert tell(NOW + 2 * HOUR) == 0


def test_a_large_jam_is_told_in_several_sweeps(item, organizer, jam, monkeypatch):
    for _ in range(5):
        ParticipationFactory(jam=jam)
    monkeypatch.setattr(schedule_news, "CHUNK", 2)
    monkeypatch.setattr(schedule_news, "MOST_A_SWEEP", 2)
    move(item, organizer)
    assert [tell() for _ in range(4)] == [2, 2, 1, 0]


def test_at_a_site_those_are_told_who_have_a_place(organizer, jam, joined):
    site = LocalSiteFactory(jam=jam, name="Under the Bridge")
    here = PlaceFactory(site=site).participation.user
    PlaceFactory(site=LocalSiteFactory(jam=jam))
    PlaceFactory(site=site, released_at=NOW)
    item = SiteItemFactory(site=site, title="Dinner")
    scheduling.cancel(item=item, by=organizer, reason="No cook", moment=NOW)
    assert tell() == 0
    assert schedule_news.tell_due(SiteChange, people_at, NOW + GATHERING) == 1
    mail = Message.objects.get()
    assert (mail.to, mail.subject) == (here.email, "Cancelled: Dinner")
    assert f"/jams/inside/sites/{site.pk}/schedule/" in mail.text
