"""Roles: who has which, how they come to it and lose it, and what each may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.db import IntegrityError, transaction

from jam import giving_roles, removing, reporting, services
from jam.errors import Refused
from jam.giving_roles import RoleRefusal, owners_of
from jam.models import Act, Jam, Message, Report, RoleHolder, RoleInvitation
from jam.roles import HELPING, ORGANIZING, TABLE, Right, Role, may
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory

pytestmark = pytest.mark.django_db
MAKING = MOMENTS["making"]
GIVEN = [role for role in Role if role != Role.JUDGE]


@pytest.fixture
def owner():
    return UserFactory(display_name="Olga Owner")


@pytest.fixture
def jam(owner, at):
    at(MAKING)
    jam = JamFactory(slug="night")
    services.set_up(jam=jam, by=owner, moment=START)
    return jam


def having(jam, role, **person):
    """Somebody who has this role alone."""
    user = UserFactory(**person)
    giving_roles.give(jam=jam, user=user, role=role, by=user, moment=START)
    return user


def fresh(jam) -> Jam:
    """As another request would load it."""
    return Jam.objects.get(pk=jam.pk)


def refusal_of(act, **values):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(**values, moment=MAKING)
    return refused.value.refusal


@pytest.fixture
def ask(client):
    def ask(user, data=None, path="/jams/night/roles/"):
        client.force_login(user)
        return client.get(path) if data is None else client.post(path, data)

    return ask


# -- the table ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", GIVEN)
@pytest.mark.parametrize("right", Right)
def test_each_role_has_the_rights_of_the_table_and_no_others(jam, role, right):
    user = having(jam, role)
    asked = [fresh(jam), Jam.objects.visible_to(user).get(pk=jam.pk)]
    for loaded in asked:
        if right == Right.ROLES:
            allowed = giving_roles.give_refusal(user, loaded, Role.MODERATOR) is None
        else:
            allowed = may(user, loaded, right)
        assert allowed == (right in TABLE[role])


@pytest.mark.parametrize("right", Right)
def test_whoever_has_no_role_or_one_elsewhere_has_no_right(jam, right):
    other = JamFactory()
    for role in GIVEN:
        assert not may(having(other, role), fresh(jam), right)
    assert not may(ParticipationFactory(jam=jam).user, jam, right)
    assert may(UserFactory(is_superuser=True), jam, right)


def test_the_table_knows_every_role_and_gives_every_right_to_somebody():
    assert set(TABLE) == set(Role)
    assert set().union(*TABLE.values()) == set(Right)
    assert TABLE[Role.ORGANIZER] < TABLE[Role.OWNER]
    assert not set(ORGANIZING) & set(HELPING)


@pytest.mark.parametrize("role", GIVEN)
def test_a_draft_is_there_for_those_who_have_a_role(jam, role, client):
    Jam.objects.filter(pk=jam.pk).update(published_at=None)
    client.force_login(having(jam, role))
    assert client.get("/jams/night/").status_code == 200
    assert jam.title in client.get("/my-jams/").content.decode()
    client.force_login(UserFactory())
    assert client.get("/jams/night/").status_code == 404


# -- owners ------------------------------------------------------------------------------------


def test_the_first_organizer_owns_a_jam_where_nobody_is_said_to():
    jam, first, second = JamFactory(), UserFactory(), UserFactory()
    assert owners_of(jam) == []
    jam.organizers.add(first)
    jam.organizers.add(second)
    assert owners_of(jam) == [first.pk]
    # Who owned it silently is not displaced by another owner.
    giving_roles.give(jam=jam, user=second, role=Role.OWNER, by=first, moment=MAKING)
    assert owners_of(jam) == [first.pk, second.pk]


def test_who_creates_a_jam_owns_it(jam, owner):
    assert owners_of(jam) == [owner.pk]
    assert jam.organizers.get() == owner
    jam.organizers.clear()
    assert owners_of(jam) == []


def test_a_jam_always_has_an_owner(jam, owner):
    organizer = having(jam, Role.ORGANIZER)
    take = {"jam": jam, "user": owner, "by": owner}
    for role in ORGANIZING:
        assert refusal_of(giving_roles.take, **take, role=role) == RoleRefusal.LAST_OWNER
    for to in (Role.MODERATOR, Role.ORGANIZER):
        change = {**take, "role": Role.OWNER, "to": to}
        assert refusal_of(giving_roles.change, **change) == RoleRefusal.LAST_OWNER
    assert owners_of(jam) == [owner.pk]
    giving_roles.give(jam=jam, user=organizer, role=Role.OWNER, by=owner, moment=MAKING)
    giving_roles.take(**take, role=Role.OWNER, moment=MAKING)
    assert owners_of(jam) == [organizer.pk]
    # Who owned it goes on organizing.
    assert fresh(jam).is_organized_by(owner)


def test_an_owner_whose_account_is_closed_is_followed_by_the_first_organizer(jam, owner):
    organizer = having(jam, Role.ORGANIZER)
    services.close_account(user=owner, by=owner, moment=MAKING)
    assert owners_of(jam) == [organizer.pk]


@pytest.mark.parametrize("role", [role for role in GIVEN if role != Role.OWNER])
def test_only_owners_give_and_take_roles(jam, owner, role):
    user, other = having(jam, role), having(jam, Role.MODERATOR)
    about = {"jam": jam, "by": user}
    for act in (
        lambda: refusal_of(giving_roles.invite, **about, role=Role.MODERATOR, email="a@b.example"),
        lambda: refusal_of(giving_roles.take, **about, user=other, role=Role.MODERATOR),
        lambda: refusal_of(giving_roles.take, **about, user=owner, role=Role.OWNER),
        lambda: refusal_of(giving_roles.change, **about, user=user, role=role, to=Role.OWNER),
    ):
        assert act() == RoleRefusal.NOT_OWNER
    # One's own is given back without asking.
    giving_roles.take(**about, user=user, role=role, moment=MAKING)
    assert not giving_roles.has_role(jam, user, role)


@pytest.mark.parametrize(
    ("role", "to"),
    [(role, to) for role in GIVEN for to in GIVEN if role != to],
)
def test_a_role_is_changed_into_any_other(jam, owner, role, to):
    user = having(jam, role)
    giving_roles.change(jam=jam, user=user, role=role, to=to, by=owner, moment=MAKING)
    held = dict(giving_roles.holders_of(fresh(jam)))[user]
    assert held == [to]
    verbs = list(Act.objects.filter(target_id=user.pk).values_list("verb", flat=True))
    assert "gave a role" in verbs or (role, to) == (Role.OWNER, Role.ORGANIZER)
    same = {"jam": jam, "user": user, "by": owner, "role": to, "to": to}
    assert refusal_of(giving_roles.change, **same) == RoleRefusal.ALREADY


def test_what_nobody_has_cannot_be_taken(jam, owner):
    about = {"jam": jam, "user": UserFactory(), "by": owner}
    for role in [*GIVEN, "nonsense"]:
        assert refusal_of(giving_roles.take, **about, role=role) == RoleRefusal.NOT_HELD


@pytest.mark.parametrize("role", GIVEN)
@pytest.mark.parametrize("to", GIVEN)
def test_nobody_is_given_a_role_unasked(jam, owner, ask, role, to):
    """By naming them where the page names those who have one."""
    stranger = UserFactory()
    ask(owner, {"act": "change", "user": stranger.pk, "role": role, "to": to})
    assert stranger not in dict(giving_roles.holders_of(fresh(jam)))


def test_who_does_not_organize_a_jam_any_more_does_not_find_it_among_theirs(jam, owner, client):
    former = having(jam, Role.OWNER)
    # As the admin does.
    jam.organizers.remove(former)
    client.force_login(former)
    assert jam.title not in client.get("/my-jams/").content.decode()


def test_whoever_loses_a_role_is_told_and_the_log_tells(jam, owner):
    user = having(jam, Role.MODERATOR)
    giving_roles.take(jam=jam, user=user, role=Role.MODERATOR, by=owner, moment=MAKING)
    assert "Your role in" in Message.objects.get(to=user.email).subject
    act = Act.objects.filter(verb="took a role").get()
    assert (act.actor, act.target_id, act.before) == (owner, str(user.pk), {"role": "moderator"})
    assert not may(user, fresh(jam), Right.MODERATE)


# -- invitations -------------------------------------------------------------------------------


def invite(jam, by, email, role=Role.MODERATOR, moment=MAKING):
    return giving_roles.invite(jam=jam, by=by, role=role, email=email, moment=moment)


@pytest.mark.parametrize("role", GIVEN)
def test_who_has_an_account_says_yes(jam, owner, ask, role):
    user = UserFactory(email="mona@example.org")
    asked = invite(jam, owner, "Mona@Example.org", role)
    mail = Message.objects.get(to="mona@example.org")
    assert "/account/roles/" in mail.text
    assert not giving_roles.has_role(jam, user, role)
    page = ask(user, path="/account/roles/").content.decode()
    assert jam.title in page
    said = ask(user, {"invitation": asked.pk, "act": "accept"}, "/account/roles/")
    assert said.url == "/jams/night/"
    assert giving_roles.has_role(jam, user, role)
    # The address stands nowhere any more.
    assert not RoleInvitation.objects.exists()
    lines = Act.objects.filter(jam=jam)
    assert {"invited", "accepted", "gave a role"} <= set(lines.values_list("verb", flat=True))
    assert not any("mona" in f"{act.target_name}{act.before}{act.after}" for act in lines)


def test_or_no(jam, owner, ask):
    user = UserFactory()
    asked = invite(jam, owner, user.email)
    ask(user, {"invitation": asked.pk, "act": "decline"}, "/account/roles/")
    assert not giving_roles.has_role(jam, user, Role.MODERATOR)
    assert not RoleInvitation.objects.exists()
    assert Act.objects.filter(verb="declined", actor=user).count() == 1


def test_an_invitation_is_for_whoever_confirmed_its_address(jam, owner, ask):
    asked = invite(jam, owner, "mona@example.org")
    stranger = UserFactory()
    claims = UserFactory(email="mona@example.org", verified=False)
    for user in (stranger, claims):
        assert jam.title not in ask(user, path="/account/roles/").content.decode()
        ask(user, {"invitation": asked.pk, "act": "accept"}, "/account/roles/")
        assert not giving_roles.has_role(jam, user, Role.MODERATOR)
    assert RoleInvitation.objects.exists()


def test_who_has_no_account_yet_has_the_role_once_the_address_is_confirmed(jam, owner, client):
    invite(jam, owner, "mona@example.org", Role.ORGANIZER)
    invite(jam, owner, "mona@example.org", Role.COORDINATOR)
    user = UserFactory(email="mona@example.org", verified=False)
    assert list(dict(giving_roles.holders_of(jam))) == [owner]
    key = EmailConfirmationHMAC(EmailAddress.objects.get(user=user)).key
    client.post(f"/accounts/confirm-email/{key}/")
    assert dict(giving_roles.holders_of(fresh(jam)))[user] == [Role.ORGANIZER, Role.COORDINATOR]
    assert not RoleInvitation.objects.exists()


@pytest.mark.parametrize("leaves", ["taken", "in the admin", "closed"])
def test_an_invitation_holds_as_long_as_its_sender_may_give_the_role(jam, owner, leaves):
    sender, friend = having(jam, Role.OWNER), UserFactory()
    asked = invite(jam, sender, friend.email, Role.OWNER)
    kept = invite(jam, owner, "mona@example.org", Role.OWNER)
    match leaves:
        case "taken":
            giving_roles.take(jam=jam, user=sender, role=Role.ORGANIZER, by=owner, moment=MAKING)
            assert list(RoleInvitation.objects.all()) == [kept]
            assert Act.objects.filter(verb="withdrew", actor=owner).count() == 1
        case "in the admin":
            jam.organizers.remove(sender)
        case "closed":
            services.close_account(user=sender, by=sender, moment=MAKING)
    answer = {"invitation": asked, "user": friend, "accepts": True}
    assert refusal_of(giving_roles.answer, **answer) == RoleRefusal.GONE
    # Whoever has just confirmed the address is none the worse.
    giving_roles.take_up(user=friend, moment=MAKING)
    assert not giving_roles.has_role(jam, friend, Role.OWNER)


def test_who_merely_organizes_has_invited_nobody(jam, owner):
    sender = having(jam, Role.OWNER)
    invite(jam, sender, "mona@example.org", Role.MODERATOR)
    judge = invite(jam, sender, "judy@example.org", Role.JUDGE)
    giving_roles.take(jam=jam, user=sender, role=Role.OWNER, by=owner, moment=MAKING)
    # Organizers invite judges as well.
    assert list(RoleInvitation.objects.all()) == [judge]


@pytest.mark.parametrize("role", [*GIVEN, Role.JUDGE])
def test_who_is_kept_out_takes_no_role(jam, owner, role):
    user = UserFactory()
    asked = invite(jam, owner, user.email, role)
    removing.ban(jam=jam, user=user, by=owner, reason="Spam", moment=MAKING)
    answer = {"invitation": asked, "user": user, "accepts": True}
    assert refusal_of(giving_roles.answer, **answer) == RoleRefusal.BANNED
    giving_roles.answer(**{**answer, "accepts": False}, moment=MAKING)
    assert not RoleInvitation.objects.exists()


def test_an_invitation_ends_and_can_be_made_anew(jam, owner):
    user = UserFactory()
    asked = invite(jam, owner, user.email, moment=MAKING - giving_roles.HOLDS)
    answer = {"invitation": asked, "user": user, "accepts": True}
    assert refusal_of(giving_roles.answer, **answer) == RoleRefusal.GONE
    assert not giving_roles.offered_to(user, MAKING).exists()
    assert invite(jam, owner, user.email).pk != asked.pk
    last = MAKING + giving_roles.HOLDS - timedelta(microseconds=1)
    assert giving_roles.offered_to(user, last).count() == 1


def test_nobody_is_invited_twice_and_not_without_end(jam, owner, monkeypatch):
    invite(jam, owner, "mona@example.org")
    again = {"jam": jam, "by": owner, "role": Role.MODERATOR, "email": "MONA@example.org"}
    assert refusal_of(giving_roles.invite, **again) == RoleRefusal.INVITED
    monkeypatch.setattr(giving_roles, "MOST_INVITATIONS", 1)
    other = {**again, "email": "other@example.org"}
    assert refusal_of(giving_roles.invite, **other) == RoleRefusal.TOO_MANY


def test_nobody_learns_whether_an_address_has_an_account(jam, owner, ask):
    UserFactory(email="known@example.org", display_name="Known Person")
    pages = []
    for name in ("known", "never"):
        ask(owner, {"email": f"{name}@example.org", "role": "moderator"})
        pages.append(ask(owner).content.decode())
        RoleInvitation.objects.all().delete()
    assert "known@example.org" in pages[0]
    assert "Known Person" not in pages[0]
    assert {message.text for message in Message.objects.filter(to="known@example.org")} == {
        message.text for message in Message.objects.filter(to="never@example.org")
    }


# -- the page ----------------------------------------------------------------------------------


def test_the_page_is_for_those_who_have_a_role(jam, owner, ask):
    for role in GIVEN:
        response = ask(having(jam, role))
        assert response.status_code == 200
        assert ("Invite somebody" in response.content.decode()) == (role == Role.OWNER)
    for user in (UserFactory(), ParticipationFactory(jam=jam).user):
        assert ask(user).status_code == 403
        assert ask(user, {"email": "a@example.org", "role": "owner"}).status_code == 403


def test_an_owner_works_with_the_page(jam, owner, ask):
    wrong = ask(owner, {"email": "nobody", "role": "moderator"})
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.content.decode()
    assert ask(owner, {"email": "a@example.org", "role": "judge"}).status_code == 422
    assert ask(owner, {"email": "a@example.org", "role": "moderator"}).status_code == 302
    twice = ask(owner, {"email": "a@example.org", "role": "moderator"}).content.decode()
    assert str(RoleRefusal.INVITED.label) in twice
    asked = RoleInvitation.objects.get()
    assert "a@example.org" in ask(owner).content.decode()
    ask(owner, {"act": "withdraw", "invitation": asked.pk})
    assert not RoleInvitation.objects.exists()
    user = having(jam, Role.MODERATOR)
    about = {"user": user.pk, "role": "moderator"}
    ask(owner, {**about, "act": "change", "to": "coordinator"})
    assert giving_roles.has_role(jam, user, Role.COORDINATOR)
    ask(owner, {**about, "role": "coordinator", "act": "take"})
    assert not RoleHolder.objects.filter(user=user).exists()
    for junk in ({"act": "take"}, {**about, "act": "change", "to": "king"},
                 {**about, "act": "take", "role": "\0"}, {**about, "act": "take", "role": "judge"},
                 {"act": "withdraw", "invitation": "9" * 30}):  # fmt: skip
        assert ask(owner, junk).status_code in (302, 404)


def test_who_gives_the_last_role_back_is_led_to_the_jam(jam, ask):
    user = having(jam, Role.MODERATOR)
    gone = ask(user, {"act": "take", "user": user.pk, "role": "moderator"})
    assert gone.url == "/jams/night/"


@pytest.mark.parametrize("rows", [1, 3])
def test_statements(jam, owner, client, rows, django_assert_num_queries):
    for number in range(rows):
        having(jam, Role.MODERATOR)
        invite(jam, owner, f"a{number}@example.org")
    client.force_login(owner)
    # Session, reader, jam; twice the owners (to see, to give); organizers, helpers, invitations.
    with django_assert_num_queries(10):
        client.get("/jams/night/roles/")


# -- what moderators do --------------------------------------------------------------------------


def test_a_moderator_looks_into_reports_and_is_told_of_them(jam, ask):
    moderator, coordinator = having(jam, Role.MODERATOR), having(jam, Role.COORDINATOR)
    reporter = UserFactory()
    idea = IdeaFactory(jam=jam)
    made = reporting.report(target=idea, jam=jam, by=reporter, reason="Rude", moment=MAKING)
    assert Message.objects.filter(to=moderator.email, kind="reports").count() == 1
    assert not Message.objects.filter(to=coordinator.email).exists()
    Jam.objects.update(description="One night.")
    page = ask(moderator, path="/jams/night/").content.decode()
    led = page.index(">moderator</span>"), page.index('href="/jams/night/spam/"')
    assert max(led) < page.index('id="about"'), "what they have to do stands above the description"
    assert "/spam/" not in ask(coordinator, path="/jams/night/").content.decode()
    assert ask(moderator, path="/jams/night/reports/").status_code == 200
    assert ask(moderator, path=made.get_absolute_url()).status_code == 200
    assert ask(coordinator, path="/jams/night/reports/").status_code == 403
    assert ask(coordinator, path=made.get_absolute_url()).status_code == 404
    path = f"/jams/night/ideas/{idea.pk}/hide/"
    assert "hide/" in ask(moderator, path=idea.get_absolute_url()).content.decode()
    assert ask(moderator, {"reason": "Rude"}, path).status_code == 302
    assert Report.objects.get().closed_by == moderator
    assert set(Act.objects.filter(actor=moderator, jam=jam).values_list("verb", flat=True)) >= {
        "hid",
        "closed a report",
    }
    # Hidden, and still there for those who may show it again.
    assert ask(moderator, path=idea.get_absolute_url()).status_code == 200
    assert ask(coordinator, path=idea.get_absolute_url()).status_code == 404
    assert ask(moderator, {"act": "show", "reason": ""}, path).status_code == 302


def test_what_is_reported_of_a_moderator_they_do_not_learn(jam, ask):
    moderator = having(jam, Role.MODERATOR)
    made = reporting.report(
        target=moderator, jam=jam, by=UserFactory(), reason="Rude", moment=MAKING
    )
    assert not Message.objects.filter(to=moderator.email).exists()
    assert ask(moderator, path=made.get_absolute_url()).status_code == 404


def test_nor_what_is_told_of_their_behaviour(jam, owner, ask):
    """With no page that it is about: whoever tells it says of whom."""
    moderator = having(jam, Role.MODERATOR, display_name="Mo Moderator")
    path, witness = "/jams/night/reports/new/", UserFactory()
    assert "Mo Moderator" in ask(witness, path=path).content.decode()
    ask(witness, {"reason": "Shouts at people", "about": moderator.pk}, path)
    made = Report.objects.get()
    assert made.about_person == moderator
    assert not Message.objects.filter(to=moderator.email).exists()
    assert Message.objects.filter(to=owner.email).exists()
    assert ask(moderator, path=made.get_absolute_url()).status_code == 404


# -- the database --------------------------------------------------------------------------------


def test_the_database_keeps_the_rules_of_roles(jam, owner):
    user = UserFactory()
    held = {"jam": jam, "user": user, "given_at": START}
    RoleHolder.objects.create(**held, role=Role.MODERATOR)
    asked = {"jam": jam, "invited_by": owner, "invited_at": START, "expires_at": MAKING}
    RoleInvitation.objects.create(**asked, role=Role.MODERATOR, email="a@example.org")
    for model, row in (
        (RoleHolder, {**held, "role": Role.MODERATOR}),
        (RoleHolder, {**held, "role": Role.ORGANIZER}),
        (RoleHolder, {**held, "role": "king"}),
        (RoleInvitation, {**asked, "role": Role.MODERATOR, "email": "A@example.org"}),
        (RoleInvitation, {**asked, "role": "king", "email": "b@example.org"}),
        (RoleInvitation, {**asked, "role": Role.OWNER, "email": "b@example.org",
                          "expires_at": START}),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**row)


def test_who_leaves_helps_no_more_and_is_invited_nowhere(jam, owner):
    user = having(jam, Role.MODERATOR)
    invite(jam, owner, user.email, Role.COORDINATOR)
    services.close_account(user=user, by=user, moment=MAKING)
    assert not RoleHolder.objects.filter(user=user).exists()
    assert not RoleInvitation.objects.exists()
