"""Questions at sign-up: answered after one click or before it counts, and read by whom they may."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from jam import blocking, services, signing_up, spreadsheets
from jam.errors import Refused
from jam.models import Participation, SignUpAnswer, SignUpQuestion, User
from jam.permissions import JoinRefusal
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.sites.factories import LocalSiteFactory, PlaceFactory

pytestmark = pytest.mark.django_db
MAKING = MOMENTS["making"]


@pytest.fixture
def jam():
    return JamFactory()


@pytest.fixture
def diet(jam):
    return SignUpQuestion.objects.create(jam=jam, text="What do you eat?", is_required=True)


@pytest.fixture
def field(jam):
    return SignUpQuestion.objects.create(
        jam=jam, text="What is your field?", kind="choice", options="Maths\nOther", is_public=True
    )


@pytest.fixture
def ask(client, at):
    at(MAKING)

    def ask(user, path, data=None):
        client.force_login(user)
        return client.get(path) if data is None else client.post(path, data)

    ask.client = client
    return ask


def said_by(user):
    return dict(
        SignUpAnswer.objects.filter(participation__user=user).values_list("question", "text")
    )


def test_without_a_required_question_the_click_joins_and_questions_follow(jam, field, ask):
    user = UserFactory()
    answer = ask(user, f"/jams/{jam.slug}/join/", {"conduct": jam.conduct_digest})
    assert answer.url == f"/jams/{jam.slug}/sign-up/"
    assert Participation.objects.active().filter(user=user).exists()
    ask(user, answer.url, {f"q{field.pk}": "Maths", "shown": "on"})
    assert said_by(user) == {field.pk: "Maths"}
    assert Participation.objects.get(user=user).shown


def test_a_required_answer_comes_before_the_joining(jam, diet, field, ask):
    user = UserFactory()
    address = f"/jams/{jam.slug}/sign-up/"
    assert f'href="{address}">Join' in ask(user, jam.get_absolute_url()).content.decode()
    assert ask(user, f"/jams/{jam.slug}/join/", {}).url == address
    wrong = ask(user, address, {f"q{field.pk}": "Maths", f"q{diet.pk}": " "})
    assert wrong.status_code == 422
    assert '<option value="Maths" selected>' in wrong.content.decode()
    assert not Participation.objects.exists()
    told = {f"q{diet.pk}": "Bread 🍞", "conduct": jam.conduct_digest}
    assert ask(user, address, told).url == jam.get_absolute_url()
    joined = Participation.objects.get(user=user)
    assert (joined.is_active, joined.shown, joined.has_agreed) == (True, False, True)
    assert said_by(user) == {diet.pk: "Bread 🍞"}


def test_no_other_door_leads_around_a_required_answer(jam, diet):
    user = UserFactory()
    with pytest.raises(Refused) as refused:
        services.join(jam=jam, user=user, moment=MAKING)
    assert refused.value.refusal == JoinRefusal.QUESTIONS
    assert not Participation.objects.exists()
    with pytest.raises(Refused):
        signing_up.join(jam=jam, user=user, answers={}, shown=False, moment=MAKING)
    mine = signing_up.join(jam=jam, user=user, answers={diet.pk: "x"}, shown=False, moment=MAKING)
    services.cancel(jam=jam, user=user, moment=MAKING)
    assert services.join(jam=jam, user=user, moment=MAKING) == mine


def test_answers_change_until_submissions_close(jam, field, ask, at):
    user = ParticipationFactory(jam=jam).user
    address = f"/jams/{jam.slug}/sign-up/"
    ask(user, address, {f"q{field.pk}": "Maths"})
    ask(user, address, {f"q{field.pk}": ""})
    assert said_by(user) == {}
    at(MOMENTS["closing"])
    assert ask(user, address).status_code == 403
    assert ask(user, address, {f"q{field.pk}": "Maths"}).status_code == 403
    assert said_by(user) == {}


def test_an_option_that_is_none_is_refused(jam, field, ask):
    user = ParticipationFactory(jam=jam).user
    assert ask(user, f"/jams/{jam.slug}/sign-up/", {f"q{field.pk}": "Else"}).status_code == 422


def test_a_question_with_answers_stays(jam, diet):
    said(ParticipationFactory(jam=jam), diet, "Bread")
    with pytest.raises(ProtectedError), transaction.atomic():
        diet.delete()


def said(participation, question, text):
    return SignUpAnswer.objects.create(
        participation=participation, question=question, text=text, is_public=question.is_public
    )


def test_public_answers_are_read_by_those_who_take_part(jam, diet, field, ask):
    one = ParticipationFactory(jam=jam, shown=True, user__display_name="Ada")
    said(one, diet, "Bread")
    said(one, field, "Maths")
    hidden = ParticipationFactory(jam=jam, user__display_name="Bob")
    said(hidden, field, "Other")
    address = f"/jams/{jam.slug}/participants/"
    page = ask(hidden.user, address).content.decode()
    assert "Ada" in page
    assert "Maths" in page
    assert "Bread" not in page
    assert page.count("Other") == 0
    assert "Ada" in ask(hidden.user, f"{address}?q=math").content.decode()
    assert "Nobody matches" in ask(hidden.user, f"{address}?q=bread").content.decode()
    assert ask(UserFactory(), address).status_code == 403


def test_what_was_answered_in_private_stays_so(jam, diet, ask):
    one = ParticipationFactory(jam=jam, shown=True)
    said(one, diet, "Bread")
    diet.is_public = True
    diet.save()
    assert "Bread" not in ask(one.user, f"/jams/{jam.slug}/participants/").content.decode()
    ask(one.user, f"/jams/{jam.slug}/sign-up/", {f"q{diet.pk}": "Bread", "shown": "on"})
    assert "Bread" in ask(one.user, f"/jams/{jam.slug}/participants/").content.decode()


def test_one_is_on_the_list_by_choice(jam, ask):
    user = ParticipationFactory(jam=jam, user__display_name="Ada Byron").user
    other, address = ParticipationFactory(jam=jam).user, f"/jams/{jam.slug}/participants/"
    assert "Ada Byron" not in ask(other, address).content.decode()
    ask(user, address, {"shown": "yes"})
    assert "Ada Byron" in ask(other, address).content.decode()
    blocking.block(user=other, whom=user, moment=MAKING)
    assert "Ada Byron" not in ask(other, address).content.decode()
    blocking.unblock(user=other, whom=user, moment=MAKING)
    ask(user, address, {"shown": "no"})
    assert "Ada Byron" not in ask(other, address).content.decode()


def test_organizers_read_all_and_organizers_of_a_site_theirs(jam, diet, ask):
    organizer, host = UserFactory(), UserFactory()
    jam.organizers.add(organizer)
    site = LocalSiteFactory(jam=jam, organizer=host)
    here, away = ParticipationFactory(jam=jam), ParticipationFactory(jam=jam)
    PlaceFactory(site=site, participation=here)
    said(here, diet, "Bread")
    said(away, diet, "Soup")
    for user, read in ((organizer, {"Bread", "Soup"}), (host, {"Bread"})):
        page = ask(user, f"/jams/{jam.slug}/answers/").content.decode()
        table = ask(user, f"/jams/{jam.slug}/answers/answers.csv").getvalue().decode()
        for text in (page, table):
            assert {word for word in ("Bread", "Soup") if word in text} == read
    for address in ("answers/", "answers/answers.csv", "sign-up/preview/"):
        assert ask(here.user, f"/jams/{jam.slug}/{address}").status_code == 403


def test_the_table_is_read_back_and_runs_nothing(jam, diet, ask):
    jam.organizers.add(organizer := UserFactory())
    one = ParticipationFactory(jam=jam, user__display_name="王, “Ω” 🚀")
    said(one, diet, '=HYPERLINK("http://x")\nsoup')
    body = ask(organizer, f"/jams/{jam.slug}/answers/answers.csv").getvalue().decode()
    head, row = csv.reader(io.StringIO(body.removeprefix("\ufeff"), newline=""))
    assert head[-1] == "What do you eat?"
    assert (row[0], row[-1]) == ("王, “Ω” 🚀", '\'=HYPERLINK("http://x")\nsoup')


@pytest.mark.parametrize(
    "value", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"]
)
def test_no_cell_is_a_formula(value):
    assert spreadsheets.cell(value) == f"'{value}"


def test_the_preview_shows_the_form(jam, diet, ask):
    jam.organizers.add(organizer := UserFactory())
    page = ask(organizer, f"/jams/{jam.slug}/sign-up/preview/").content.decode()
    assert f'name="q{diet.pk}"' in page


def test_lists_ask_a_constant_number_of_statements(
    jam, diet, field, ask, django_assert_num_queries
):
    jam.organizers.add(organizer := UserFactory())
    me = ParticipationFactory(jam=jam).user
    for n in (1, 2):
        for _ in range(n):
            said(one := ParticipationFactory(jam=jam, shown=True), diet, "Bread")
            said(one, field, "Maths")
        for user, path, statements in (
            (me, "participants", 6),
            (organizer, "answers", 6),
            (me, "sign-up", 6),
        ):
            ask(user, f"/jams/{jam.slug}/")
            with django_assert_num_queries(statements):
                ask.client.get(f"/jams/{jam.slug}/{path}/")


def test_the_database_keeps_what_was_asked_in_order(jam, diet):
    one = ParticipationFactory(jam=jam)
    said(one, diet, "Bread")
    for wrong in (
        lambda: said(one, diet, "Soup"),
        lambda: said(ParticipationFactory(jam=jam), diet, ""),
        lambda: SignUpQuestion.objects.create(jam=jam, text=diet.text),
        lambda: SignUpQuestion.objects.create(jam=jam, text="Which?", kind="choice"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_who_leaves_takes_the_answers_along(jam, diet):
    one = ParticipationFactory(jam=jam, shown=True)
    said(one, diet, "Bread")
    services.close_account(user=one.user, by=one.user, moment=MAKING)
    assert not SignUpAnswer.objects.exists()
    assert not Participation.objects.get().shown


def test_blocks_are_made_and_taken_back(ask):
    me, other = UserFactory(), UserFactory(display_name="Eve Nixon")
    assert "Block" in ask(me, f"/people/{other.pk}/").content.decode()
    ask(me, f"/people/{other.pk}/block/", {})
    ask(me, f"/people/{other.pk}/block/", {})
    assert "Eve Nixon" in ask(me, "/account/blocks/").content.decode()
    assert blocking.is_between(other, [me.pk])
    ask(me, f"/people/{me.pk}/block/", {})
    assert me.blocks.count() == 1
    ask(me, f"/people/{other.pk}/block/", {"undo": "yes"})
    assert not blocking.is_between(other, [me.pk])
    assert User.objects.count() == 2
