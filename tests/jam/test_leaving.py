"""One's own data to take along, and closing an account: nothing tells who it was, and nothing that
counts changes."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client

from jam import services
from jam.errors import Refused
from jam.models import Act, Message, Participation, User
from ratings import freezing
from ratings.models import Rating, Standing
from sites.models import Place
from submissions.models import Contributor, Submission
from tests.factories import MOMENTS, RESULTS, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import MessageFactory
from tests.ratings.factories import frozen_submission, rate, small_jam
from tests.sites.factories import PlaceFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
PASSWORD = "look-inside-2030"
SAID = {
    "email": "ada@example.org",
    "display_name": "Ada Lovelace",
    "affiliation": "Analytical Engines",
    "bio": "Notes.",
    "links": "https://ada.example.org",
}


@pytest.fixture
def ada():
    user = UserFactory(**SAID)
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user) -> Client:
    """And asked again who they are."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def close(user, moment=MOMENTS["making"]) -> User:
    services.close_account(user=user, by=user, moment=moment)
    user.refresh_from_db()
    return user


def everything_in_the_database() -> str:
    """All rows of all tables, as text."""
    from django.apps import apps
    from django.core import serializers

    return "\n".join(
        serializers.serialize("json", model.objects.all()) for model in apps.get_models()
    )


def test_nothing_tells_who_it_was(ada, at):
    at(MOMENTS["making"])
    jam = JamFactory()
    client = signed_in(ada)
    client.post(f"{jam.get_absolute_url()}join/")
    client.post("/profile/", {**SAID, "bio": "More notes.", "time_zone": "UTC"})
    SubmissionFactory(jam=jam, by=ada, title="A draft")
    PlaceFactory(participation=Participation.objects.get(user=ada), shown=True)
    SocialAccount.objects.create(user=ada, provider="github", uid="ada-lovelace")
    Authenticator.objects.create(user=ada, type="totp", data={"secret": "ada"})
    MessageFactory(user=ada, to=ada.email, text="Dear Ada Lovelace")
    assert "Ada" in everything_in_the_database()
    close(ada)
    left = everything_in_the_database()
    # As words: random digests and invitations may hold the letters.
    for word in ("Ada", "ada", "Analytical", "notes", "Notes"):
        assert not re.search(rf"\b{word}\b", left), word
    assert ada.email == f"closed-{ada.pk}@account.invalid"
    assert str(ada) == "Someone"
    assert not ada.is_active
    for model in (EmailAddress, SocialAccount, Authenticator, Message):
        assert not model.objects.filter(user=ada).exists()
    assert client.get("/my-jams/").status_code == 302
    assert not client.login(username=SAID["email"], password=PASSWORD)
    assert Act.objects.get(verb="closed the account").target_name == f"person {ada.pk}"


def test_jams_that_still_take_people_are_left_and_lone_drafts_withdrawn(ada):
    jam = JamFactory()
    alone, shared = SubmissionFactory(jam=jam, by=ada), SubmissionFactory(jam=jam)
    Contributor.objects.create(submission=shared, user=ada, confirmed_at=MOMENTS["making"])
    place = PlaceFactory(participation=Participation.objects.get(user=ada))
    close(ada)
    assert not Participation.objects.active().filter(user=ada).exists()
    assert Submission.objects.get(pk=alone.pk).withdrawn_at
    assert Submission.objects.get(pk=shared.pk).withdrawn_at is None
    assert not Place.objects.unreleased().filter(pk=place.pk).exists()


def test_ratings_go_on_counting_and_results_do_not_change(ada):
    jam = small_jam()
    for number in range(3):
        rate(frozen_submission(jam), 1 + number, 5, by=ada, signed=True)
        rate(frozen_submission(jam), 3, 3)
    close(ada, MOMENTS["rating"])
    assert Rating.objects.complete().filter(rater=ada, signed=False).count() == 3
    results = freezing.results_of(jam, RESULTS)
    assert results.ratings == 6

    other = User.objects.get(pk=Rating.objects.exclude(rater=ada).first().rater_id)
    before = list(Standing.objects.order_by("pk").values())
    close(other, RESULTS)
    assert list(Standing.objects.order_by("pk").values()) == before
    assert freezing.results_of(jam, RESULTS) == results


def test_what_was_handed_in_keeps_the_names_it_was_handed_in_under(ada):
    jam = small_jam()
    submission = frozen_submission(jam, by=ada)
    close(ada, MOMENTS["rating"])
    submission.refresh_from_db()
    assert submission.frozen.content["contributors"][0]["name"] == "Ada Lovelace"
    assert submission in Submission.objects.in_the_running()
    page = Client().get(submission.get_absolute_url())
    assert page.status_code == 200


def test_twice_is_as_once(ada):
    close(ada)
    close(ada, MOMENTS["rating"])
    assert User.objects.filter(email__startswith="closed-").count() == 1
    assert Act.objects.filter(verb="closed the account").count() == 1


def test_the_only_organizer_of_a_jam_under_way_stays(ada):
    jam = JamFactory()
    jam.organizers.add(ada)
    with pytest.raises(Refused, match="only_organizer"):
        close(ada)
    other = UserFactory()
    jam.organizers.add(other)
    close(ada)
    # Who has left does not count as another.
    with pytest.raises(Refused, match="only_organizer"):
        close(other)


@pytest.mark.parametrize("leaves", ["before", "after"])
def test_an_organizer_s_ratings_count_where_only_judges_rate(ada, leaves):
    jam = small_jam(eligibility="judges")
    jam.organizers.add(ada, UserFactory())
    rate(frozen_submission(jam), 4, 5, by=ada)
    if leaves == "before":
        close(ada, MOMENTS["rating"])
    results = freezing.results_of(jam, RESULTS)
    assert results.ratings == 1
    if leaves == "after":
        close(ada, RESULTS)
    assert Rating.objects.complete().of_counted_raters(jam.rating_rules).count() == 1


def test_mails_to_every_address_of_theirs_go_and_those_of_others_stay(ada):
    """Whoever names somebody else's address, without confirming it, deletes nothing of theirs."""
    UserFactory(email="victim@example.org")
    for email in ("Victim@example.org", "New@example.org"):
        EmailAddress.objects.create(user=ada, email=email, verified=False)
    for to in ("victim@example.org", "new@example.org", "ada@example.org"):
        MessageFactory(to=to)
    close(ada)
    assert list(Message.objects.values_list("to", flat=True)) == ["victim@example.org"]


def test_the_admin_s_own_log_forgets_the_name(ada):
    LogEntry.objects.log_actions(UserFactory().pk, [ada], CHANGE, single_object=True)
    assert "Ada" in LogEntry.objects.get().object_repr
    close(ada)
    assert "Ada" not in LogEntry.objects.get().object_repr


def test_an_organizer_of_what_is_over_may_leave(ada):
    JamFactory().organizers.add(ada)
    close(ada, MOMENTS["finished"])


def test_the_only_operator_stays(ada):
    ada.is_superuser = True
    ada.save()
    with pytest.raises(Refused, match="only_operator"):
        close(ada)
    UserFactory(is_superuser=True)
    close(ada)
    assert not ada.is_superuser


# -- pages ---------------------------------------------------------------------------------


def test_the_page_asks_again_and_closes(ada):
    client = signed_in(ada)
    assert "What stays" in client.get("/account/leave/").content.decode()
    assert client.post("/account/leave/").status_code == 422
    ada.refresh_from_db()
    assert ada.is_active
    answer = client.post("/account/leave/", {"sure": "yes"}, follow=True)
    assert "Your account is closed" in answer.content.decode()
    assert client.get("/my-jams/").status_code == 302


def test_who_signed_in_long_ago_says_first_who_they_are(ada, at):
    at(MOMENTS["announced"])
    client = signed_in(ada)
    at(MOMENTS["making"])
    for path in ("/account/leave/", "/account/data/download/"):
        assert "/reauthenticate/" in client.get(path).url
    assert "/reauthenticate/" in client.post("/account/leave/", {"sure": "yes"}).url
    ada.refresh_from_db()
    assert ada.is_active


def test_the_only_organizer_reads_why_not(ada):
    JamFactory().organizers.add(ada)
    client = signed_in(ada)
    page = client.get("/account/leave/").content.decode()
    assert "Name another one first." in page
    assert 'name="sure"' not in page
    assert client.post("/account/leave/", {"sure": "yes"}).status_code == 403


def test_all_that_is_held_can_be_taken_along(ada, at):
    at(MOMENTS["rating"])
    jam = small_jam()
    frozen_submission(jam, by=ada, title="Ours")
    rate(frozen_submission(jam, title="Theirs"), 4, 2, by=ada, strong="Clear words.")
    rate(frozen_submission(jam), 4, 2, strong="Words of another.")
    MessageFactory(to=ada.email, user=ada, subject="A mail to Ada")
    ParticipationFactory()
    answer = signed_in(ada).get("/account/data/download/")
    held = answer.json()
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store"
    assert held["account"]["display_name"] == "Ada Lovelace"
    assert held["submissions"][0]["handed in"][0]["content"]["title"] == "Ours"
    assert held["ratings"][0]["strong"] == "Clear words."
    assert [score["stars"] for score in held["ratings"][0]["scores"]] == [4, 2]
    assert "A mail to Ada" in str(held["mails"])
    assert held["where signed in"][0]["ip"] == "127.0.0.1"
    text = answer.content.decode()
    assert "Words of another" not in text
    assert "password" not in text


def test_nobody_gets_the_data_of_another():
    assert Client().get("/account/data/download/").status_code == 302
    assert Client().get("/account/data/").status_code == 302
