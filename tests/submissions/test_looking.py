"""Finding a team: the board, who sees it, and what people and teams ask each other."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from jam import blocking
from jam import services as jam_services
from jam.errors import Refused
from jam.models import Message, Participation, Report
from submissions import services, waking
from submissions.models import Ask, Card, Contributor, SubmissionRules
from submissions.permissions import TeamRefusal
from submissions.permissions.looking import MOST_ASKS, MOST_INVITATIONS, LookingRefusal
from submissions.services import looking
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.sites.factories import LocalSiteFactory, PlaceFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
MAKING, ANNOUNCED, CLOSING = (MOMENTS[name] for name in ("making", "announced", "closing"))
SAID = {"text": "I like circuits.", "skills": "PyTorch, drawing", "interests": "vision",
        "languages": " da en ", "time_zone": "UTC", "wakes_at": 8, "sleeps_at": 22}  # fmt: skip
TYPED = SAID | {"languages": ["da", "en"]}


@pytest.fixture
def jam():
    return JamFactory()


@pytest.fixture
def ask(client, at):
    """Ask a page as somebody, or send it a form."""
    at(MAKING)

    def ask(user, path, data=None):
        client.force_login(user)
        return client.get(path) if data is None else client.post(path, data)

    return ask


def person(jam, **fields):
    return ParticipationFactory(jam=jam, **fields).user


def card_of(user, jam, **said):
    return services.show_card(jam=jam, by=user, said=SAID | said, moment=MAKING)


def team_card(submission, by, **said):
    return services.show_card(
        jam=submission.jam, by=by, said=SAID | said, submission=submission, moment=MAKING
    )


def asked(submission, user, by=None, text="May I?", moment=MAKING):
    return services.ask(submission=submission, user=user, by=by or user, text=text, moment=moment)


def refusal_of(act, **values):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(**values)
    return refused.value.refusal


def team_of(submission):
    return set(Contributor.objects.filter(submission=submission).values_list("user", flat=True))


# -- hours -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "wakes", "sleeps", "hours"),
    [
        ("UTC", 8, 10, {8, 9}),
        ("UTC", 22, 2, {22, 23, 0, 1}),
        ("UTC", 5, 5, set(range(24))),
        ("Europe/Copenhagen", 8, 10, {6, 7}),
        ("America/Los_Angeles", 8, 10, {15, 16}),
        ("Asia/Kolkata", 8, 10, {2, 3}),
        ("Asia/Kathmandu", 8, 10, {2, 3}),
    ],
)
def test_hours_are_told_in_utc(zone, wakes, sleeps, hours):
    summer = datetime(2031, 7, 1, tzinfo=UTC)
    found = waking.waking_hours(zone, wakes, sleeps, summer)
    assert {hour for hour in range(24) if found >> hour & 1} == hours


def test_every_stretch_that_shares_enough_is_found():
    mine = waking.waking_hours("UTC", 8, 12, MAKING)
    found = waking.sharing(mine, 3)
    for start in range(24):
        for end in range(24):
            other = waking.waking_hours("UTC", start, end, MAKING)
            assert (other in found) == (waking.shared(mine, other) >= 3)


# -- the board ---------------------------------------------------------------------------------


def test_nobody_is_on_the_board_who_did_not_put_up_a_card(jam, ask):
    me, other = person(jam), person(jam, user__display_name="Ada Byron")
    board = f"/jams/{jam.slug}/teams/"
    assert "Ada Byron" not in ask(me, board).content.decode()
    answer = ask(other, f"{board}mine/", TYPED)
    assert answer.status_code == 302
    page = ask(me, board).content.decode()
    assert "Ada Byron" in page
    assert "Danish, English" in page
    ask(other, f"{board}mine/", {"act": "remove"})
    assert "Ada Byron" not in ask(me, board).content.decode()


def test_to_others_there_is_no_board(jam, ask, client):
    card = card_of(person(jam), jam)
    for path in ("", "mine/", "asks/", f"{card.pk}/", f"{card.pk}/report/"):
        assert ask(UserFactory(), f"/jams/{jam.slug}/teams/{path}").status_code == 404
    client.logout()
    assert client.get(f"/jams/{jam.slug}/teams/").url.startswith("/accounts/login/")


def test_what_was_typed_stays(jam, ask):
    wrong = TYPED | {"text": "", "skills": "x" * 201, "languages": ["xx"]}
    answer = ask(person(jam), f"/jams/{jam.slug}/teams/mine/", wrong)
    assert answer.status_code == 422
    assert "x" * 201 in answer.content.decode()


def test_filters_stay_in_the_address(jam, ask):
    me = person(jam)
    site = LocalSiteFactory(jam=jam)
    here = ParticipationFactory(jam=jam, user__display_name="Hanne Here")
    PlaceFactory(site=site, participation=here)
    card_of(here.user, jam, text="Vision 眼", languages=" ja ")
    night = person(jam, user__display_name="Nils Night")
    card_of(night, jam, wakes_at=22, sleeps_at=4, skills="Rust", languages="")
    made = SubmissionFactory(jam=jam, by=person(jam, user__display_name="Tilda Team"))
    team_card(made, made.contributors.get().user, text="We plot.", interests="toys")
    names = {"Hanne Here", "Nils Night", "Tilda Team"}
    for query, found in (
        ("", names),
        ("q=眼", {"Hanne Here"}),
        ("q=rust", {"Nils Night"}),
        ("q=tilda+toys", {"Tilda Team"}),
        ("kind=people", {"Hanne Here", "Nils Night"}),
        ("kind=teams", {"Tilda Team"}),
        ("kind=nonsense&site=99999999999999999999&hours=%00", names),
        (f"site={site.pk}", {"Hanne Here"}),
        ("site=online", {"Nils Night", "Tilda Team"}),
        ("language=ja", {"Hanne Here"}),
        ("language=en", {"Tilda Team"}),
        ("hours=9", {"Hanne Here", "Tilda Team"}),
        ("q=nobody", set()),
    ):
        page = ask(me, f"/jams/{jam.slug}/teams/?{query}").content.decode()
        assert {name for name in names if name in page} == found, query


def test_the_board_asks_a_constant_number_of_statements(
    jam, ask, client, django_assert_num_queries
):
    me = person(jam)
    board = f"/jams/{jam.slug}/teams/"
    ask(me, board)
    for n in (1, 2):
        for _ in range(n):
            card_of(person(jam), jam)
            made = SubmissionFactory(jam=jam)
            team_card(made, made.contributors.get().user)
            asked(made, me)
        with django_assert_num_queries(8):
            client.get(board)
        with django_assert_num_queries(6):
            client.get(f"{board}asks/")


def test_a_card_goes_with_what_it_is_of(jam, ask):
    me, other = person(jam), person(jam)
    card_of(other, jam)
    made = SubmissionFactory(jam=jam)
    author = made.contributors.get().user
    card = team_card(made, author)
    assert Card.objects.visible_to(me, jam).count() == 2
    jam_services.cancel(jam=jam, user=other, moment=MAKING)
    services.withdraw(submission=made, by=author, moment=MAKING)
    assert not Card.objects.visible_to(me, jam).exists()
    assert ask(me, f"/jams/{jam.slug}/teams/{card.pk}/").status_code == 404


def test_it_is_over_when_submissions_close(jam, ask, at):
    me, other = person(jam), person(jam, user__display_name="Ada Byron")
    card = card_of(other, jam)
    at(CLOSING)
    board = f"/jams/{jam.slug}/teams/"
    assert "Ada Byron" not in ask(me, board).content.decode()
    assert ask(me, f"{board}{card.pk}/").status_code == 404
    assert ask(me, f"{board}mine/", TYPED).status_code == 403


# -- asking and inviting -----------------------------------------------------------------------


def test_a_person_asks_and_the_team_accepts(jam, ask):
    made = SubmissionFactory(jam=jam)
    author, me = made.contributors.get().user, person(jam, user__display_name="Ada")
    card = team_card(made, author)
    answer = ask(me, f"/jams/{jam.slug}/teams/{card.pk}/", {"text": "I draw 🎨"})
    assert answer.url == f"/jams/{jam.slug}/teams/asks/"
    mail = Message.objects.get(to=author.email)
    assert mail.kind == "teams"
    assert "I draw 🎨" in mail.text
    page = ask(author, answer.url).content.decode()
    assert "Ada asks to join your team" in page
    ask(author, answer.url, {"ask": Ask.objects.get().pk, "act": "accept"})
    assert team_of(made) == {author.pk, me.pk}
    assert "You are on the team" in Message.objects.get(to=me.email).subject


def test_a_team_invites_and_the_person_decides(jam, ask):
    made = SubmissionFactory(jam=jam)
    author, whom, other = made.contributors.get().user, person(jam), person(jam)
    for user, act, team in ((whom, "accept", True), (other, "decline", False)):
        card = card_of(user, jam)
        path = f"/jams/{jam.slug}/teams/{card.pk}/"
        assert "Invite" in ask(author, path).content.decode()
        ask(author, path, {"team": made.pk, "text": "Join us"})
        invitation = Ask.objects.get(user=user)
        assert invitation.is_invitation
        asks = f"/jams/{jam.slug}/teams/asks/"
        # Not the team's own to answer.
        ask(author, asks, {"ask": invitation.pk, "act": "accept"})
        assert user.pk not in team_of(made)
        ask(user, asks, {"ask": invitation.pk, "act": act})
        assert (user.pk in team_of(made)) == team


def test_nobody_invites_for_a_team_that_is_not_theirs(jam, ask):
    made, card = SubmissionFactory(jam=jam), card_of(person(jam), jam)
    answer = ask(person(jam), f"/jams/{jam.slug}/teams/{card.pk}/", {"team": made.pk, "text": "Hi"})
    assert answer.status_code == 422
    assert not Ask.objects.exists()


def test_what_is_refused(jam):
    made = SubmissionFactory(jam=jam)
    author, me = made.contributors.get().user, person(jam)

    def may(user=me, by=None, moment=MAKING):
        return refusal_of(asked, submission=made, user=user, by=by, moment=moment)

    assert may(moment=ANNOUNCED) == LookingRefusal.NOT_STARTED
    assert may(moment=CLOSING) == TeamRefusal.CLOSED
    assert may(user=UserFactory()) == LookingRefusal.NOT_IN
    assert may(user=author) == TeamRefusal.ALREADY_IN
    assert may(by=person(jam)) == LookingRefusal.NOT_TEAM
    first = asked(made, me)
    assert may() == LookingRefusal.ALREADY
    assert may(by=author) == LookingRefusal.ALREADY
    services.withdraw_ask(ask=first, by=me, moment=MAKING)
    values = {"ask": first, "by": author, "accept": True, "moment": MAKING}
    assert refusal_of(services.answer_ask, **values) == LookingRefusal.ANSWERED
    second = asked(made, me)
    values = {"ask": second, "by": me, "accept": True, "moment": MAKING}
    assert refusal_of(services.answer_ask, **values) == LookingRefusal.NOT_ASKED
    values = {"ask": second, "by": author, "moment": MAKING}
    assert refusal_of(services.withdraw_ask, **values) == LookingRefusal.NOT_ASKER
    SubmissionRules.objects.filter(jam=jam).update(team_size=1)
    jam.refresh_from_db()
    values = {"ask": second, "by": author, "accept": True, "moment": MAKING}
    assert refusal_of(services.answer_ask, **values) == TeamRefusal.FULL


def test_open_questions_are_few(jam):
    me, made = person(jam), SubmissionFactory(jam=jam)
    for _ in range(MOST_ASKS):
        asked(SubmissionFactory(jam=jam), me)
    values = {"submission": made, "user": me}
    assert refusal_of(asked, **values) == LookingRefusal.TOO_MANY
    by = made.contributors.get().user
    for _ in range(MOST_INVITATIONS):
        asked(made, person(jam), by=by)
    values = {"submission": made, "user": person(jam), "by": by}
    assert refusal_of(asked, **values) == LookingRefusal.TOO_MANY


def test_who_cancels_is_asked_and_asks_no_more(jam):
    made, me = SubmissionFactory(jam=jam), person(jam)
    question = asked(made, me)
    card_of(me, jam)
    jam_services.cancel(jam=jam, user=me, moment=MAKING)
    question.refresh_from_db()
    assert question.outcome == Ask.Outcome.WITHDRAWN
    assert not Card.objects.exists()


def test_blocked_people_do_not_meet_and_nobody_is_told(jam, ask):
    made = SubmissionFactory(jam=jam)
    author, me = made.contributors.get().user, person(jam)
    theirs, mine = team_card(made, author), card_of(me, jam)
    question = asked(made, me)
    mails = Message.objects.count()
    blocking.block(user=author, whom=me, moment=MAKING)
    question.refresh_from_db()
    assert question.outcome == Ask.Outcome.WITHDRAWN
    board = f"/jams/{jam.slug}/teams/"
    assert ask(me, f"{board}{theirs.pk}/").status_code == 404
    assert ask(author, f"{board}{mine.pk}/").status_code == 404
    assert theirs not in Card.objects.visible_to(me, jam)
    assert mine not in Card.objects.visible_to(author, jam)
    for by in (me, author):
        values = {"submission": made, "user": me, "by": by}
        assert refusal_of(asked, **values) == LookingRefusal.NOT_AVAILABLE
    assert Message.objects.count() == mails
    blocking.unblock(user=author, whom=me, moment=MAKING)
    assert asked(made, me).is_open


def test_organizers_take_a_card_down_with_a_reason(jam, ask):
    jam.organizers.add(organizer := UserFactory())
    author = person(jam)
    card = card_of(author, jam)
    path = f"/jams/{jam.slug}/teams/{card.pk}/"
    ask(person(jam), f"{path}report/", {"reason": "Rude"})
    assert Report.objects.open().get().target_path == path
    assert ask(organizer, path, {"act": "remove", "reason": " "}).status_code == 422
    assert ask(person(jam), path, {"act": "remove", "reason": "x"}).status_code == 403
    ask(organizer, path, {"act": "remove", "reason": "No adverts"})
    assert not Card.objects.exists()
    assert "No adverts" in Message.objects.get(to=author.email).text
    assert not Report.objects.open().exists()


def test_who_leaves_leaves_no_words(jam):
    made, me = SubmissionFactory(jam=jam), person(jam)
    card_of(me, jam)
    asked(made, me, text="My number is 5")
    assert "My number is 5" in str(looking.said_by(me))
    jam_services.close_account(user=me, by=me, moment=MAKING)
    assert not Card.objects.exists()
    assert Ask.objects.get().text == ""


def test_the_database_keeps_cards_and_asks_in_order(jam):
    made = SubmissionFactory(jam=jam)
    me = ParticipationFactory(jam=jam)
    card = SAID | {"jam": jam, "author": me.user, "hours": 1, "shown_at": MAKING}
    asking = {"submission": made, "user": me.user, "by": me.user, "made_at": MAKING}
    Ask.objects.create(**asking)
    for wrong in (
        lambda: Card.objects.create(**card),
        lambda: Card.objects.create(**card, submission=made, participation=me),
        lambda: Card.objects.create(**card | {"text": ""}, participation=me),
        lambda: Card.objects.create(**card | {"hours": 0}, participation=me),
        lambda: Card.objects.create(**card | {"wakes_at": 24}, participation=me),
        lambda: Ask.objects.create(**asking),
        lambda: Ask.objects.create(**asking, outcome="accepted"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


# -- races -------------------------------------------------------------------------------------


def together(*acts):
    """Do all of `acts` at the same time; what each came to."""
    start, came = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            start.wait()
            act()
            came[place] = "done"
        except Refused as refused:
            came[place] = refused.refusal.value
        except Exception as error:  # noqa: BLE001 -- told by the assertion
            came[place] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came


needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="races are tested on PostgreSQL"
)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_one_place_is_given_once_however_many_are_accepted_at_once(jam):
    SubmissionRules.objects.filter(jam=jam).update(team_size=3)
    made = SubmissionFactory(jam=jam)
    author = made.contributors.get().user
    asks = [asked(made, person(jam)) for _ in range(8)]
    came = together(
        *(
            lambda one=one: services.answer_ask(ask=one, by=author, accept=True, moment=MAKING)
            for one in asks
        )
    )
    assert Counter(came) == {"done": 2, "full": 6}
    assert len(team_of(made)) == 3
    assert Ask.objects.filter(outcome="accepted").count() == 2


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_questions_at_once_one_stands(jam):
    made, me = SubmissionFactory(jam=jam), person(jam)
    author = made.contributors.get().user
    came = together(*[lambda: asked(made, me)] * 3, *[lambda: asked(made, me, by=author)] * 3)
    assert Counter(came) == {"done": 1, "already": 5}


@needs_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_asking_accepting_leaving_and_cancelling_at_once_leave_all_in_order(jam, seed):
    SubmissionRules.objects.filter(jam=jam).update(team_size=3)
    made = SubmissionFactory(jam=jam)
    author = made.contributors.get().user
    people = [person(jam) for _ in range(6)]
    asks = [asked(made, user) for user in people]
    acts = []
    for user, one in zip(people, asks, strict=True):
        acts += [
            lambda one=one: services.answer_ask(ask=one, by=author, accept=True, moment=MAKING),
            lambda one=one, user=user: services.withdraw_ask(ask=one, by=user, moment=MAKING),
            lambda user=user: jam_services.cancel(jam=jam, user=user, moment=MAKING),
            lambda user=user: services.leave_team(submission=made, user=user, moment=MAKING),
            lambda user=user: blocking.block(user=user, whom=author, moment=MAKING),
        ]
    random.Random(seed).shuffle(acts)
    came = together(*acts)
    known = {"done", *LookingRefusal.values, *TeamRefusal.values}
    assert set(came) <= known, came
    team = team_of(made)
    assert author.pk in team
    assert len(team) <= 3
    active = Participation.objects.active().filter(jam=jam).values_list("user", flat=True)
    assert team <= set(active)
    assert not Ask.objects.open().exclude(user__in=active).exists()
