"""A double click begins one thing; whoever means to begin another can."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ratings import judging
from ratings.models import Judge, JudgeLink
from submissions import services
from submissions.models import Submission
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.ratings.test_races import race

NOW, SECOND = MOMENTS["making"], timedelta(seconds=1)


def hidden_in(text: str) -> dict[str, str]:
    """What the form of a page has hidden about when it was shown."""
    return {"shown_at": re.search(r'name="shown_at" value="([^"]*)"', text)[1]}


def form_of(client, page: str) -> dict[str, str]:
    return hidden_in(client.get(page).content.decode())


@pytest.fixture
def jam(client, at, db):
    at(NOW)
    jam = JamFactory()
    client.force_login(ParticipationFactory(jam=jam).user)
    return jam


@pytest.mark.parametrize("page", ["", "submissions/"])
def test_two_clicks_begin_one_draft(client, at, jam, page):
    shown = form_of(client, f"/jams/{jam.slug}/{page}")
    drafts = set()
    for n in (1, 2):
        at(NOW + n * SECOND)
        response = client.post(f"/jams/{jam.slug}/submissions/start/", shown)
        drafts.add(response["Location"])
    own = Submission.objects.get()
    assert drafts == {f"/jams/{jam.slug}/submissions/{own.pk}/edit/"}
    # The gallery shown anew offers another one, and means it.
    at(NOW + 3 * SECOND)
    shown = form_of(client, f"/jams/{jam.slug}/submissions/")
    at(NOW + 4 * SECOND)
    client.post(f"/jams/{jam.slug}/submissions/start/", shown)
    assert Submission.objects.count() == 2


@pytest.mark.parametrize(
    "shown",
    [
        *("", "yesterday", "2026-99-99", "2020-01-01T00:00:00", "\0"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_whoever_does_not_say_when_begins_another(client, jam, shown):
    for _ in range(2):
        client.post(f"/jams/{jam.slug}/submissions/start/", {"shown_at": shown})
    assert Submission.objects.count() == 2


def test_a_draft_that_somebody_came_to_or_withdrew_is_not_what_they_began(jam):
    user, other = ParticipationFactory(jam=jam).user, ParticipationFactory(jam=jam).user
    of_other = services.start(jam=jam, by=other, moment=NOW)
    services.join_team(submission=of_other, user=user, moment=NOW + SECOND)
    own = services.start(jam=jam, by=user, shown_at=NOW, moment=NOW + SECOND)
    assert own != of_other
    services.withdraw(submission=own, by=user, moment=NOW + SECOND)
    assert services.start(jam=jam, by=user, shown_at=NOW, moment=NOW + SECOND) != own


def test_two_clicks_make_one_link_and_the_page_that_is_left_shows_one_that_holds(client, at, jam):
    organizer = UserFactory()
    jam.organizers.add(organizer)
    client.force_login(organizer)
    page = f"/jams/{jam.slug}/rate/judges/"
    said = {**form_of(client, page), "act": "link", "name": "Ada", "days": "7"}
    for n in (1, 2):
        at(NOW + n * SECOND)
        response = client.post(page, said)
    assert Judge.objects.count() == 1
    secret = response.context["url"].rstrip("/").rpartition("/")[2]
    assert [judging.found_by(secret, NOW)] == list(JudgeLink.objects.filter(revoked_at=None))
    # Another name is somebody else, and so is the same one on a page that was shown anew.
    client.post(page, {**said, "name": "Grace"})
    at(NOW + 3 * SECOND)
    shown = form_of(client, page)
    at(NOW + 4 * SECOND)
    client.post(page, {**said, **shown})
    assert JudgeLink.objects.filter(revoked_at=None).count() == Judge.objects.count() == 3


def test_a_link_that_somebody_has_seen_holds_on(client, at, jam):
    """The page that shows a link offers another one, and may be for somebody of the same name."""
    organizer = UserFactory()
    jam.organizers.add(organizer)
    client.force_login(organizer)
    page = f"/jams/{jam.slug}/rate/judges/"
    said = {**form_of(client, page), "act": "link", "name": "Judge", "days": "7"}
    at(NOW + SECOND)
    made = client.post(page, said)
    at(NOW + 2 * SECOND)
    next_form = hidden_in(made.content.decode())
    client.post(page, {**said, **next_form})
    assert JudgeLink.objects.filter(revoked_at=None).count() == Judge.objects.count() == 2
    # Nor does one that was opened end because an older page is still about.
    for link in JudgeLink.objects.all():
        judging.use(link=link, moment=NOW + 3 * SECOND)
    at(NOW + 4 * SECOND)
    client.post(page, said)
    assert JudgeLink.objects.filter(revoked_at=None).count() == Judge.objects.count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_begin_one_draft_and_make_one_link():
    jam, organizer = JamFactory(), UserFactory()
    jam.organizers.add(organizer)
    user = ParticipationFactory(jam=jam).user
    values = {"jam": jam, "shown_at": NOW, "moment": NOW + SECOND}
    begun = race(*[lambda: services.start(by=user, **values)] * 4)
    assert {draft.pk for draft in begun} == {Submission.objects.get().pk}
    made = race(*[lambda: judging.invite_by_link(by=organizer, name="Ada", **values)] * 4)
    assert sum(judging.found_by(secret, NOW + SECOND) is not None for _link, secret in made) == 1
    assert Judge.objects.count() == 1
