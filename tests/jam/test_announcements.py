"""Announcements: who may write to whom, counted before, sent once, read by whom they are for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from jam import announcing, choices, outbox, tasks, telling
from jam.announcing import AnnouncementRefusal
from jam.audiences import Audience, audiences_of, people_in
from jam.choices import How
from jam.errors import Refused
from jam.models import Announcement, Message
from ratings.models import Rating
from tests.factories import MOMENTS, TICK, JamFactory, ParticipationFactory, UserFactory
from tests.ratings.factories import frozen_submission, rate, small_jam
from tests.sites.factories import LocalSiteFactory, PlaceFactory
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db

NOW = MOMENTS["making"]
HOUR = timedelta(hours=1)
EVERYONE, JOINED = Audience("everyone", "everybody"), Audience("participants", "participants")


@pytest.fixture
def jam():
    jam = JamFactory()
    jam.organizers.add(UserFactory(display_name="Org"))
    return jam


@pytest.fixture
def organizer(jam):
    return jam.organizers.get()


def write(jam, by, audience=JOINED, send_at=None, **words):
    words = {"title": "Pizza at eight", "text": "In the **kitchen** 🍕."} | words
    return announcing.write(jam=jam, by=by, audience=audience, send_at=send_at, moment=NOW, **words)


def send(announcement, by, moment=NOW):
    announcing.confirm(announcement=announcement, by=by, moment=moment)
    return announcing.send_due(moment)


def names(people) -> set[str]:
    return set(people.values_list("display_name", flat=True))


def test_who_is_in_which_audience(jam, organizer):
    site = LocalSiteFactory(jam=jam, name="Loft")
    here = PlaceFactory(site=site, participation__jam=jam, participation__user__display_name="Here")
    maker = UserFactory(display_name="Maker")
    hand_in(SubmissionFactory(jam=jam, by=maker))
    SubmissionFactory(jam=jam, by=UserFactory(display_name="Drafting"))
    ParticipationFactory(jam=jam, user=UserFactory(display_name="Gone"), cancelled_at=NOW)
    ParticipationFactory(user=UserFactory(display_name="Elsewhere"))

    def those(name, of=None):
        return names(people_in(jam, name, of, NOW))

    assert those("participants") == {"Here", "Maker", "Drafting"}
    assert those("without-submission") == {"Here", "Drafting"}
    assert those("site", site.pk) == {"Here"}
    assert those("everyone") >= {"Here", "Maker", "Drafting", "Org"}
    assert not those("everyone") & {"Gone", "Elsewhere"}
    assert those("nobody") == those("site", 0) == those("behind") == set()
    here.participation.user.is_active = False
    here.participation.user.save()
    assert those("site", site.pk) == set()


def test_raters_are_behind_whatever_stars_they_gave():
    jam = small_jam()
    one = frozen_submission(jam)
    for stars, name in (((1, None), "Low"), ((5, None), "High")):
        rate(one, *stars, by=UserFactory(display_name=name))
    rate(one, 3, 3, by=UserFactory(display_name="Done"))
    assert Rating.objects.filter(completed_at=None).count() == 2
    assert names(people_in(jam, "behind", None, MOMENTS["rating"])) == {"Low", "High"}


def test_organizers_write_to_all_site_organizers_to_their_own_site(jam, organizer):
    own, other = LocalSiteFactory(jam=jam), LocalSiteFactory(jam=jam)
    host = UserFactory()
    own.organizers.add(host)
    assert [a.key for a in audiences_of(jam, host)] == [f"site-{own.pk}"]
    keys = {"everyone", "participants", "without-submission", "behind",
            f"site-{own.pk}", f"site-{other.pk}"}  # fmt: skip
    assert {a.key for a in audiences_of(jam, organizer)} == keys
    assert audiences_of(jam, UserFactory()) == []
    write(jam, host, Audience("site", "Loft", own.pk))
    for by, audience in ((host, JOINED), (host, Audience("site", "x", other.pk)),
                         (UserFactory(), JOINED)):  # fmt: skip
        with pytest.raises(Refused) as refused:
            write(jam, by, audience)
        assert refused.value.refusal == AnnouncementRefusal.NOT_YOURS


def test_what_is_counted_is_what_is_sent(jam, organizer):
    wants, not_at_all, daily = (ParticipationFactory(jam=jam).user for _ in range(3))
    choices.choose(user=not_at_all, chosen={announcing.KIND: How.NEVER}, moment=NOW)
    choices.choose(user=daily, chosen={announcing.KIND: How.DAILY}, moment=NOW)
    announcement = write(jam, organizer)
    assert announcing.reach(announcement, NOW) == announcing.Reach(people=3, mails=2)
    assert Message.objects.count() == 0
    assert send(announcement, organizer) == 2
    assert set(Message.objects.values_list("user", "is_daily")) == {
        (wants.pk, False), (daily.pk, True),
    }  # fmt: skip
    assert announcing.send_due(NOW + HOUR) == 0
    message = Message.objects.get(user=wants)
    assert "In the **kitchen** 🍕." in message.text
    assert "<strong>kitchen</strong> 🍕" in message.html
    assert f"/announcements/{announcement.pk}/" in message.text
    announcement.refresh_from_db()
    assert announcement.sent_at == NOW


def test_who_joins_afterwards_reads_it_and_gets_no_mail(jam, organizer, client, at):
    announcement = write(jam, organizer, send_at=NOW + HOUR)
    announcing.confirm(announcement=announcement, by=organizer, moment=NOW)
    before = ParticipationFactory(jam=jam, joined_at=NOW + HOUR).user
    after = ParticipationFactory(jam=jam, joined_at=NOW + HOUR + TICK).user
    assert announcing.send_due(NOW + HOUR - TICK) == 0
    # The worker was away for a while.
    assert announcing.send_due(NOW + 5 * HOUR) == 1
    assert Message.objects.get().user == before
    at(NOW + 5 * HOUR)
    client.force_login(after)
    assert b"Pizza at eight" in client.get(jam.get_absolute_url()).content


def test_a_sweep_that_was_away_for_days_sends_nothing_old(jam, organizer):
    ParticipationFactory(jam=jam)
    announcement = write(jam, organizer)
    announcing.confirm(announcement=announcement, by=organizer, moment=NOW)
    assert announcing.send_due(NOW + announcing.NEWS) == 0
    announcement.refresh_from_db()
    assert announcement.sent_at


def test_it_changes_until_it_goes_out(jam, organizer):
    announcement = write(jam, organizer, send_at=NOW + HOUR)
    words = dict(announcement=announcement, by=organizer, title="Pasta", text="At nine",
                 audience=JOINED)  # fmt: skip
    announcing.confirm(announcement=announcement, by=organizer, moment=NOW)
    changed = announcing.change(**words, send_at=NOW + 2 * HOUR, moment=NOW)
    assert changed.state_at(NOW + HOUR) == "scheduled"
    assert announcing.change(**words, send_at=None, moment=NOW).state_at(NOW) == "draft"
    announcing.change(**words, send_at=NOW + HOUR, moment=NOW)
    announcing.confirm(announcement=announcement, by=organizer, moment=NOW)
    with pytest.raises(Refused) as refused:
        announcing.change(**words, send_at=NOW, moment=NOW)
    assert refused.value.refusal == AnnouncementRefusal.PAST
    announcing.send_due(NOW + HOUR)
    for act in (
        lambda: announcing.change(**words, send_at=None, moment=NOW + HOUR),
        # It arrived before the time, but the mails are written.
        lambda: announcing.cancel(announcement=announcement, by=organizer, moment=NOW),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.refusal == AnnouncementRefusal.SENT


def test_what_is_cancelled_is_told_to_nobody(jam, organizer):
    ParticipationFactory(jam=jam)
    announcement = write(jam, organizer, send_at=NOW + HOUR)
    announcing.confirm(announcement=announcement, by=organizer, moment=NOW)
    announcing.cancel(announcement=announcement, by=organizer, moment=NOW + HOUR - TICK)
    assert announcing.send_due(NOW + HOUR) == 0
    assert not announcing.shown_to(jam, organizer, NOW + HOUR).exists()
    with pytest.raises(Refused) as refused:
        announcing.confirm(announcement=announcement, by=organizer, moment=NOW)
    assert refused.value.refusal == AnnouncementRefusal.CANCELLED


def test_a_draft_jam_announces_nothing(organizer, jam):
    jam.published_at = None
    jam.save()
    with pytest.raises(Refused) as refused:
        send(write(jam, organizer), organizer)
    assert refused.value.refusal == AnnouncementRefusal.DRAFT_JAM


def test_a_run_that_dies_is_taken_up_and_tells_nobody_twice(jam, organizer, monkeypatch):
    people = [ParticipationFactory(jam=jam).user for _ in range(7)]
    announcement = write(jam, organizer)
    announcing.confirm(announcement=announcement, by=organizer, moment=NOW)
    monkeypatch.setattr(telling, "PORTION", 2)
    post, written = outbox.post, []

    def dying(**words):
        written.append(words["user"])
        if len(written) % 4 == 0:
            raise KeyboardInterrupt
        return post(**words)

    monkeypatch.setattr(outbox, "post", dying)
    deaths = 0
    while not Announcement.objects.filter(sent_at__isnull=False).exists():
        try:
            tasks.announcing.send_due(NOW)
        except KeyboardInterrupt:
            deaths += 1
        # Portions are whole: a death takes back its own alone.
        assert Message.objects.count() % 2 == 0 or Message.objects.count() == 7
    assert deaths >= 2
    assert sorted(Message.objects.values_list("user", flat=True)) == [p.pk for p in people]
    outbox.send_due(NOW)
    assert len({sent.to[0] for sent in mail.outbox}) == len(mail.outbox) == 7


def test_everybody_reads_what_is_for_everybody(jam, organizer, client, at):
    at(NOW + HOUR)
    public = write(jam, organizer, EVERYONE, title="Open to all")
    inner = write(jam, organizer, JOINED, title="Inner news")
    draft = write(jam, organizer, EVERYONE, title="Unfinished")
    send(public, organizer)
    send(inner, organizer)
    place = reverse("jam:announcements", args=[jam.slug])
    expected = {
        "visitor": ({"Open to all"}, (200, 404, 404)),
        "stranger": ({"Open to all"}, (200, 404, 404)),
        "participant": ({"Open to all", "Inner news"}, (200, 200, 404)),
        "organizer": ({"Open to all", "Inner news", "Unfinished"}, (200, 200, 200)),
    }
    people = {"stranger": UserFactory(), "participant": ParticipationFactory(jam=jam).user,
              "organizer": organizer}  # fmt: skip
    for name, (titles, statuses) in expected.items():
        client.logout()
        if name in people:
            client.force_login(people[name])
        page = client.get(place).content.decode()
        assert {t for t in ("Open to all", "Inner news", "Unfinished") if t in page} == titles
        seen = [client.get(row.get_absolute_url()).status_code for row in (public, inner, draft)]
        assert tuple(seen) == statuses, name
    feed = client.get(reverse("jam:news_feed", args=[jam.slug])).content.decode()
    assert "Open to all" in feed
    assert "Inner news" not in feed
    assert "&lt;strong&gt;kitchen" in feed


def test_written_previewed_counted_and_sent_on_its_pages(jam, organizer, client, at):
    organizer.time_zone = "America/New_York"
    organizer.save()
    for _ in range(3):
        ParticipationFactory(jam=jam)
    at(NOW)
    client.force_login(organizer)
    form = reverse("jam:announce", args=[jam.slug])
    typed = {"title": "Pizza", "text": "At *eight*", "audience": "participants", "send_at": ""}
    wrong = client.post(form, typed | {"title": "", "send_at": "2001-01-01T10:00"})
    assert (wrong.status_code, b"At *eight*" in wrong.content) == (422, True)
    past = client.post(form, typed | {"send_at": "2001-01-01T10:00"})
    assert (past.status_code, b"That time has passed" in past.content) == (422, True)
    answer = client.post(form, typed | {"send_at": "2030-05-04T09:30"}, follow=True)
    page = answer.content.decode()
    announcement = Announcement.objects.get()
    assert announcement.send_at.isoformat() == "2030-05-04T13:30:00+00:00"
    for words in ("Goes to 3 people", "Schedule for 3 people", "<em>eight</em>", "As a mail"):
        assert words in page
    edit = reverse("jam:edit_announcement", args=[jam.slug, announcement.pk])
    assert b"2030-05-04T09:30" in client.get(edit).content
    page = client.post(edit, typed, follow=True).content.decode()
    assert "Send to 3 people" in page
    sent = client.post(
        reverse("jam:send_announcement", args=[jam.slug, announcement.pk]), follow=True
    )
    assert b"on its way" in sent.content.lower()
    tasks.announce_due()
    assert Message.objects.count() == 3


def test_a_preview_prints_a_script_as_text_in_both_forms_of_the_mail(jam, organizer, client, at):
    at(NOW)
    it = write(jam, organizer, title="<script>hit()</script>", text="<script>hit()</script>")
    client.force_login(organizer)
    page = client.get(it.get_absolute_url()).content
    assert b"<script>hit()" not in page
    assert page.count(b"&lt;script&gt;hit()") >= 4


@pytest.mark.parametrize(
    "fields",
    [{"title": ""}, {"text": ""}, {"audience": ""}, {"confirmed_at": NOW}, {"sent_at": NOW}],
)
def test_the_database_keeps_announcements_whole(jam, organizer, fields):
    announcement = write(jam, organizer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=announcement.pk).update(**fields)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_much_for_one_row_as_for_three(
    jam, organizer, client, at, rows, django_assert_num_queries
):
    at(NOW)
    for n in range(rows):
        LocalSiteFactory(jam=jam)
        send(write(jam, organizer, EVERYONE, title=f"News {n}"), organizer)
        write(jam, organizer, title=f"Draft {n}")
    place = reverse("jam:announcements", args=[jam.slug])
    with django_assert_num_queries(3):
        client.get(place)
    client.force_login(organizer)
    with django_assert_num_queries(7):
        client.get(place)
    client.force_login(ParticipationFactory(jam=jam).user)
    with django_assert_num_queries(6):
        client.get(place)
