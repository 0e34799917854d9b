"""What is kept of people, said to everybody, and forgotten when its time has come."""

from __future__ import annotations

import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from jam import forgetting, giving_roles, parts, tasks
from jam.errors import Refused
from jam.forgetting import RetentionRefusal
from jam.models import Act, Message, Retention, RoleInvitation, SignUpAnswer, SignUpQuestion
from jam.roles import Role
from jam.trust import Period
from sites import services as site_services
from sites.models import LocalSite, Place
from tests.factories import (
    MOMENTS,
    RESULTS,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import MessageFactory
from tests.sites.factories import LocalSiteFactory, PlaceFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]
DAY = timedelta(days=1)
LONG_AFTER = RESULTS + timedelta(days=400)


@pytest.fixture
def organizer():
    return UserFactory()


@pytest.fixture
def jam(organizer, at):
    at(NOW)
    jam = JamFactory(slug="night", published_at=None)
    jam.organizers.add(organizer)
    return jam


def publish(jam):
    type(jam).objects.filter(pk=jam.pk).update(published_at=MOMENTS["announced"])


def keep(jam, organizer, **days):
    forgetting.change(jam=jam, by=organizer, days=days, moment=NOW)


def answered(jam) -> SignUpAnswer:
    question = SignUpQuestion.objects.get_or_create(jam=jam, text="Where from?")[0]
    return SignUpAnswer.objects.create(
        participation=ParticipationFactory(jam=jam), question=question, text="From afar"
    )


def refusal_of(**values):
    with pytest.raises(Refused) as refused, transaction.atomic():
        forgetting.change(**values, moment=NOW)
    return refused.value.refusal


# -- forgetting --------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["organizer", "own", "archive"])
def test_nobody_reads_an_answer_past_its_day_though_no_worker_runs(
    jam, organizer, client, at, whose, tmp_path
):
    publish(jam)
    own = answered(jam).participation.user
    due = RESULTS + 90 * DAY

    def read(moment) -> str:
        at(moment)
        if whose == "archive":
            archive = tmp_path / f"{moment.timestamp()}.zip"
            call_command("export_jam", jam.slug, str(archive))
            with zipfile.ZipFile(archive) as made:
                return "".join(made.read(name).decode() for name in made.namelist())
        if whose == "organizer":
            client.force_login(organizer)
            return client.get(f"/jams/{jam.slug}/people/{own.pk}/").content.decode()
        own.set_password(password := "look-inside-2030")
        own.save()
        client.force_login(own)
        client.post("/accounts/reauthenticate/", {"password": password})
        return client.get(reverse("jam:own_data_download")).content.decode()

    assert "From afar" in read(due - TICK)
    assert "From afar" not in read(due)
    assert "From afar" not in read(due + TICK)
    assert Act.objects.filter(verb="forgot", jam=jam).count() == 1


def test_what_is_due_later_is_forgotten_then_though_it_is_kept_when(jam, settings):
    settings.PAGE_CACHE_SECONDS = 10
    answer, place = answered(jam), LocalSiteFactory(jam=jam, contact="Call Sita")
    for days, left in ((90, "Call Sita"), (180, "")):
        forgetting.forget_overdue(jam, RESULTS + days * DAY)
        assert not SignUpAnswer.objects.filter(pk=answer.pk).exists()
        place.refresh_from_db()
        assert place.contact == left


def test_answers_go_at_their_instant_and_not_before(jam):
    answer, other = answered(jam), answered(JamFactory(results_at=RESULTS + 30 * DAY))
    due = RESULTS + 90 * DAY
    assert forgetting.forget_due(due - TICK) == 0
    assert SignUpAnswer.objects.count() == 2
    assert forgetting.forget_due(due) == 1
    assert list(SignUpAnswer.objects.all()) == [other]
    # Who took part stays.
    answer.participation.refresh_from_db()
    act = Act.objects.get(verb="forgot")
    assert (act.jam, act.actor, act.after) == (jam, None, {"what": "answers", "rows": 1})


def test_a_second_sweep_finds_nothing_and_says_nothing(jam):
    answered(jam)
    assert [forgetting.forget_due(LONG_AFTER) for _ in range(2)] == [1, 0]
    assert Act.objects.filter(verb="forgot").count() == 1
    # What comes afterwards goes as well.
    answered(jam)
    assert forgetting.forget_due(LONG_AFTER) == 1


def test_a_sweep_that_died_goes_on(jam, monkeypatch):
    answered(jam)
    answered(jam)

    def die(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(forgetting.log, "record", die)
        with pytest.raises(RuntimeError):
            forgetting.forget_due(LONG_AFTER)
    assert SignUpAnswer.objects.count() == 2
    assert forgetting.forget_due(LONG_AFTER) == 2


def test_who_came_is_forgotten_and_who_did_not_looks_alike(jam, organizer, at):
    site = LocalSiteFactory(jam=jam, organizer=organizer, no_shows_at=MOMENTS["rating"])
    came = PlaceFactory(site=site, participation=ParticipationFactory(jam=jam))
    site_services.check_in(site=site, place_id=came.pk, by=organizer, moment=NOW)
    stayed_away = PlaceFactory(site=site, participation=ParticipationFactory(jam=jam))
    Place.objects.filter(pk=stayed_away.pk).update(released_at=NOW, did_not_come=True)
    assert forgetting.forget(jam, Period.ATTENDANCE, LONG_AFTER) == 2
    for place in (came, stayed_away):
        place.refresh_from_db()
        told = (place.checked_in_at, place.checked_in_by, place.did_not_come)
        assert told == (None, None, False)
    # They who came have had a place, and are not taken for people who stayed away.
    assert list(Place.objects.taken(LONG_AFTER)) == [came]
    assert not Place.objects.no_shows(LONG_AFTER).exists()
    site = LocalSite.objects.get()
    assert site.counts_on_the_day(LONG_AFTER) == {"come": 0, "no_shows": 0}


def test_ways_to_reach_people_are_forgotten(jam, organizer):
    site = LocalSiteFactory(jam=jam, contact="Call Ada at 555")
    MessageFactory(jam=jam, created_at=NOW, user=organizer)
    late = MessageFactory(jam=jam, created_at=LONG_AFTER - 29 * DAY)
    elsewhere = MessageFactory(jam=JamFactory(results_at=LONG_AFTER), created_at=NOW)
    assert forgetting.forget(jam, Period.CONTACTS, LONG_AFTER) == 2
    assert set(Message.objects.all()) == {late, elsewhere}
    site.refresh_from_db()
    assert site.contact == ""


def test_invitations_that_nobody_took_up_go_with_their_end(jam, organizer):
    giving_roles.invite(jam=jam, by=organizer, role=Role.MODERATOR, email="a@example.org",
                        moment=NOW)  # fmt: skip
    forgetting.forget_due(NOW + giving_roles.HOLDS - TICK)
    assert RoleInvitation.objects.exists()
    forgetting.forget_due(NOW + giving_roles.HOLDS)
    assert not RoleInvitation.objects.exists()


def test_the_worker_does_it(jam, at):
    answered(jam)
    at(LONG_AFTER)
    tasks.forget_due()
    assert not SignUpAnswer.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_of_a_sweep_do_not_grow_with_what_is_kept(
    jam, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        answered(jam)
        MessageFactory(jam=jam, created_at=NOW)
    with django_assert_max_num_queries(30):
        forgetting.forget_due(LONG_AFTER)
    assert not SignUpAnswer.objects.exists()


# -- for how long ------------------------------------------------------------------------------


def test_periods_are_each_jams_own(jam, organizer):
    keep(jam, organizer, answers=10)
    answered(jam)
    assert forgetting.forget_due(RESULTS + 10 * DAY - TICK) == 0
    assert forgetting.forget_due(RESULTS + 10 * DAY) == 1
    act = Act.objects.get(verb="changed how long is kept")
    assert (act.actor, act.before, act.after) == (organizer, {"answers": 90}, {"answers": 10})


@pytest.mark.parametrize(
    ("is_published", "days", "refusal"),
    [
        (False, {"answers": 91}, None),
        (True, {"answers": 89}, None),
        (True, {"answers": 90}, None),
        (True, {"answers": 91}, RetentionRefusal.PROMISED),
        (True, {"answers": 1, "contacts": 181}, RetentionRefusal.PROMISED),
        (False, {"answers": 0}, RetentionRefusal.BAD_DAYS),
        (False, {"answers": 3651}, RetentionRefusal.BAD_DAYS),
    ],
)
def test_what_people_were_promised_only_becomes_less(jam, organizer, is_published, days, refusal):
    if is_published:
        publish(jam)
    if refusal is None:
        keep(jam, organizer, **days)
        assert Retention.of(type(jam).objects.get()).answers == days["answers"]
    else:
        assert refusal_of(jam=jam, by=organizer, days=days) == refusal
        assert not Retention.objects.exists()


def test_only_organizers_change_them(jam):
    user = UserFactory()
    giving_roles.give(jam=jam, user=user, role=Role.MODERATOR, by=user, moment=NOW)
    about = {"jam": jam, "by": user, "days": {"answers": 5}}
    assert refusal_of(**about) == RetentionRefusal.NOT_ORGANIZER


def test_the_database_keeps_the_limits(jam):
    for days in ({"answers": 0}, {"attendance": 3651}, {"contacts": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Retention.objects.create(jam=jam, **days)


# -- the page ----------------------------------------------------------------------------------


def test_everybody_reads_what_is_kept_and_until_when(jam, client, organizer):
    publish(jam)
    keep(jam, organizer, answers=30)
    page = client.get("/jams/night/privacy/").content.decode()
    assert "30 days after the results" in page
    assert (RESULTS + 30 * DAY).isoformat() in page
    for kept in (kept for part in parts.all_parts() for kept in part.kept()):
        assert str(kept.what) in page
    assert "For organizers" not in page
    assert client.post("/jams/night/privacy/", {"answers": "5"}).status_code == 403
    assert "/jams/night/privacy/" in client.get("/jams/night/").content.decode()


def test_every_period_is_of_something():
    kept = [kept for part in parts.all_parts() for kept in part.kept()]
    assert {each.until for each in kept} == {*Period, None}


def test_organizers_choose_there(jam, client, organizer):
    client.force_login(organizer)
    days = {"answers": "20", "attendance": "30", "contacts": "40"}
    assert client.post("/jams/night/privacy/", days).status_code == 302
    retention = Retention.objects.get()
    assert [retention.days(period) for period in Period] == [20, 30, 40]
    wrong = client.post("/jams/night/privacy/", {**days, "answers": "0"})
    assert wrong.status_code == 422
    publish(jam)
    longer = client.post("/jams/night/privacy/", {**days, "answers": "21"})
    assert longer.status_code == 422
    assert 'value="21"' in longer.content.decode()
    assert str(RetentionRefusal.PROMISED.label) in longer.content.decode()


def test_statements_of_the_page(jam, client, django_assert_num_queries):
    publish(jam)
    # Jam, its periods; the tabs ask nothing.
    with django_assert_num_queries(2):
        client.get("/jams/night/privacy/")
