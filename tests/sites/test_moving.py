"""Organizers of the jam move somebody to another local site, and back."""

from __future__ import annotations

import pytest

from jam.errors import Refused
from jam.models import Act, Message
from sites import services
from sites.models import Place, Wait
from sites.permissions import SiteRefusal
from tests.factories import (
    MOMENTS,
    SUBMISSIONS_CLOSE,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.sites.factories import LocalSiteFactory, PlaceFactory, WaitFactory, site_in

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer")


@pytest.fixture
def jam(organizer):
    jam = JamFactory(slug="inside")
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def site(jam):
    return LocalSiteFactory(jam=jam, name="The Loft")


@pytest.fixture
def participation(jam):
    return ParticipationFactory(jam=jam)


def place_of(participation):
    return Place.objects.unreleased().filter(participation=participation).first()


def move(participation, to, organizer, reason="Too loud", moment=NOW):
    return services.move(
        jam=participation.jam, user=participation.user, to=to, by=organizer, reason=reason,
        moment=moment,
    )  # fmt: skip


def test_moved_there_and_back_and_online(site, participation, organizer):
    other = LocalSiteFactory(jam=site.jam, name="The Cellar")
    PlaceFactory(site=site, participation=participation, shown=True)
    move(participation, other, organizer)
    assert (place_of(participation).site, place_of(participation).shown) == (other, True)
    move(participation, site, organizer)
    assert place_of(participation).site == site
    assert move(participation, None, organizer) is None
    assert place_of(participation) is None
    mails = Message.objects.filter(user=participation.user).order_by("pk")
    assert [mail.subject for mail in mails] == [
        "You have a place at “The Cellar” now",
        "You have a place at “The Loft” now",
        "You have no place at “The Loft” any more",
    ]
    assert all("Too loud" in mail.text for mail in mails)
    acts = Act.objects.filter(verb="moved").order_by("pk")
    assert [(act.before["site"], act.after["site"]) for act in acts] == [
        ("The Loft", "The Cellar"), ("The Cellar", "The Loft"), ("The Loft", None)
    ]  # fmt: skip
    assert {act.actor for act in acts} == {organizer}


def test_who_waited_there_waits_no_longer(jam, organizer, participation):
    site = LocalSiteFactory(jam=jam, is_open=False)
    wait = WaitFactory(site=site, participation=participation)
    # That a site is closed for joining does not hinder organizers.
    move(participation, site, organizer)
    wait.refresh_from_db()
    assert (wait.ending, place_of(participation).site) == (Wait.Ending.ACCEPTED, site)


def refused(*args, **values):
    with pytest.raises(Refused) as refused:
        move(*args, **values)
    return refused.value.refusal


@pytest.mark.parametrize("state", ["proposed", "declined"])
def test_only_to_sites_that_are_approved(jam, participation, organizer, state):
    there = site_in(state, jam=jam)
    assert refused(participation, there, organizer) == SiteRefusal.NOT_APPROVED


def test_why_somebody_is_not_moved(jam, site, participation, organizer):
    assert refused(participation, site, UserFactory()) == SiteRefusal.NOT_ORGANIZER
    runner = site.organizers.get()
    assert refused(participation, site, runner) == SiteRefusal.NOT_ORGANIZER
    late = {"moment": SUBMISSIONS_CLOSE}
    assert refused(participation, site, organizer, **late) == SiteRefusal.CLOSED
    assert refused(participation, site, organizer, reason=" ") == SiteRefusal.OTHER_NO_REASON
    assert refused(participation, None, organizer) == SiteRefusal.NOTHING_TO_DO
    elsewhere = LocalSiteFactory()
    assert refused(participation, elsewhere, organizer) == SiteRefusal.NOT_APPROVED
    assert refused(participation, site_in("full", jam=jam), organizer) == SiteRefusal.FULL
    left = ParticipationFactory(jam=jam, cancelled_at=NOW)
    assert refused(left, site, organizer) == SiteRefusal.OTHER_NOT_IN
    ended = LocalSiteFactory(jam=jam, ends_at=MOMENTS["announced"])
    assert refused(participation, ended, organizer) == SiteRefusal.OVER
    assert place_of(participation) is None


def test_a_place_that_is_offered_to_somebody_in_line_stays_theirs(jam, participation, organizer):
    site = LocalSiteFactory(jam=jam, capacity=1)
    WaitFactory(site=site)
    assert refused(participation, site, organizer) == SiteRefusal.FULL


def test_the_form(client, at, jam, site, participation, organizer):
    at(NOW)
    here = f"/jams/inside/people/{participation.user.pk}/"
    client.force_login(organizer)
    assert f"{here}move/" in client.get(here).content.decode()
    assert "The Loft (0 of 20)" in client.get(f"{here}move/").content.decode()
    wrong = client.post(f"{here}move/", {"to": site.pk, "reason": ""})
    assert wrong.status_code == 422
    assert f'<option value="{site.pk}" selected>' in wrong.content.decode()
    assert client.post(f"{here}move/", {"to": "9" * 30, "reason": "x"}).status_code == 422
    assert client.post(f"{here}move/", {"to": site.pk, "reason": "Too loud"}).url == here
    page = client.get(here).content.decode()
    assert "The Loft (1 of 20)" in client.get(f"{here}move/").content.decode()
    assert "Too loud" in page
    client.force_login(UserFactory())
    assert client.post(f"{here}move/", {"to": "", "reason": "x"}).status_code == 403
    assert place_of(participation).site == site
