"""The code of conduct: agreed to on joining, in the words that one was shown."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from jam import services
from jam.errors import Refused
from jam.models import Act, Participation
from jam.permissions import ConductRefusal
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def jam():
    return JamFactory(code_of_conduct="Be kind.")


def test_a_new_jam_has_one():
    assert "Be kind" in JamFactory().code_of_conduct


def test_one_click_joins_and_agrees(jam, client, at):
    at(MOMENTS["announced"])
    user = UserFactory()
    client.force_login(user)
    page = client.get(jam.get_absolute_url()).content.decode()
    assert f'href="/jams/{jam.slug}/conduct/">code of conduct</a>' in page
    assert f'value="{jam.conduct_digest}"' in page
    client.post(f"/jams/{jam.slug}/join/", {"conduct": jam.conduct_digest})
    joined = Participation.objects.get(user=user)
    assert joined.agreed_digest == jam.conduct_digest
    assert joined.agreed_at == MOMENTS["announced"]
    assert Act.objects.filter(verb="agreed to the code of conduct", actor=user).count() == 1
    page = client.get(jam.get_absolute_url()).content.decode()
    assert "Read it, and agree" not in page


@pytest.mark.parametrize("shown", ["", "0" * 64, "é\x00"])
def test_who_was_shown_other_words_joins_and_is_asked(jam, client, at, shown):
    at(MOMENTS["announced"])
    user = UserFactory()
    client.force_login(user)
    client.post(f"/jams/{jam.slug}/join/", {"conduct": shown})
    assert Participation.objects.get(user=user).agreed_at is None
    assert "Read it, and agree" in client.get(jam.get_absolute_url()).content.decode()


def test_new_words_are_agreed_to_anew_and_nothing_is_blocked(jam, client, at):
    at(MOMENTS["making"])
    user = UserFactory()
    services.join(
        jam=jam, user=user, conduct=jam.conduct_digest, moment=MOMENTS["announced"]
    )  # fmt: skip
    jam.code_of_conduct = "Be kind, and be on time."
    jam.save()
    client.force_login(user)
    page = client.get(jam.get_absolute_url()).content.decode()
    assert "changed the code of conduct since you agreed" in page
    assert client.post(f"/jams/{jam.slug}/submissions/start/").status_code == 302
    address = f"/jams/{jam.slug}/conduct/"
    assert "be on time" in client.get(address).content.decode()
    client.post(address, {"conduct": jam.conduct_digest})
    client.post(address, {"conduct": jam.conduct_digest})
    mine = Participation.objects.get(user=user)
    assert (mine.has_agreed, mine.agreed_at) == (True, MOMENTS["making"])
    assert Act.objects.filter(verb="agreed to the code of conduct").count() == 2
    assert "I agree" not in client.get(address).content.decode()


def test_nobody_agrees_to_what_has_changed_or_to_another_s(jam):
    old, user = jam.conduct_digest, ParticipationFactory(jam=jam).user
    jam.code_of_conduct = "New."
    for who, digest, refusal in (
        (user, old, ConductRefusal.CHANGED),
        (user, "", ConductRefusal.CHANGED),
        (UserFactory(), jam.conduct_digest, ConductRefusal.NOT_IN),
    ):
        with pytest.raises(Refused) as refused:
            services.agree(jam=jam, user=who, conduct=digest, moment=MOMENTS["making"])
        assert refused.value.refusal == refusal


def test_line_endings_make_no_other_words(jam):
    before = jam.conduct_digest
    jam.code_of_conduct = "Be kind.\r\n"
    assert jam.conduct_digest == before


def test_a_jam_may_have_none(client, at):
    at(MOMENTS["announced"])
    jam = JamFactory(code_of_conduct="")
    joined = ParticipationFactory(jam=jam)
    client.force_login(joined.user)
    assert "code of conduct" not in client.get(jam.get_absolute_url()).content.decode()
    assert "written none" in client.get(f"/jams/{jam.slug}/conduct/").content.decode()


def test_it_tells_whom_to_turn_to(jam, client, at, django_assert_num_queries):
    at(MOMENTS["making"])
    for n in range(3):
        jam.organizers.add(UserFactory(display_name=f"Org {n}"))
        with django_assert_num_queries(2):
            page = client.get(f"/jams/{jam.slug}/conduct/?n={n}").content.decode()
    assert all(f"Org {n}" in page for n in range(3))


def test_who_is_signed_out_is_asked_to_sign_in(jam, client):
    answer = client.post(f"/jams/{jam.slug}/conduct/", {"conduct": jam.conduct_digest})
    assert answer.url == f"/accounts/login/?next=/jams/{jam.slug}/conduct/"


def test_the_database_wants_an_agreement_to_be_to_something():
    with pytest.raises(IntegrityError):
        ParticipationFactory(agreed_at=MOMENTS["making"])
