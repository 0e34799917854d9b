"""Resources: arranged by organizers, marked and reported by those who use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from jam import link_answers, resource_links, resources, tasks
from jam.errors import Refused
from jam.fetching import Fetched, FetchRefusal, NotFetched
from jam.models import Act, Message, Report, Resource, Worked
from jam.resources import MOST_STEPS, ResourceRefusal
from jam.views.resources import PER_PAGE
from tests.factories import MOMENTS, RESULTS, TICK, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import ResourceFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]
SAID = {"title": "A notebook", "url": "https://example.org/a", "kind": "notebook", "section": "Try",
        "description": "It *runs*.", "level": "beginner", "minutes": 30,
        "starts_here": False}  # fmt: skip


@pytest.fixture(autouse=True)
def _now(at):
    at(NOW)


@pytest.fixture
def jam():
    return JamFactory()


@pytest.fixture
def organizer(jam):
    user = UserFactory()
    jam.organizers.add(user)
    return user


def titles(jam) -> list[str]:
    return list(jam.resources.values_list("title", flat=True))


def shelf(jam, *rows: str) -> dict[str, Resource]:
    """Resources named like "Read: A", in this order."""
    made = {}
    for order, row in enumerate(rows):
        section, title = row.split(": ")
        made[title] = ResourceFactory(jam=jam, section=section, title=title, order=order)
    return made


# -- arranging -------------------------------------------------------------------------------


def test_organizers_add_change_and_remove(jam, organizer, client):
    client.force_login(organizer)
    add = reverse("jam:add_resource", args=[jam.slug])
    short = client.post(add, SAID | {"url": "not an address", "starts_here": ""})
    assert (short.status_code, b"It *runs*." in short.content) == (422, True)
    client.post(add, SAID | {"starts_here": "on"})
    made = Resource.objects.get()
    page = client.get(reverse("jam:resources", args=[jam.slug])).content.decode()
    for text in ("<em>runs</em>", "for beginners", "30 minutes", "Start here"):
        assert text in page
    change = reverse("jam:change_resource", args=[jam.slug, made.pk])
    assert b"It *runs*." in client.get(change).content
    client.post(change, SAID | {"title": "Another", "minutes": "", "starts_here": ""})
    made.refresh_from_db()
    assert (made.title, made.minutes, made.starts_here) == ("Another", None, False)
    client.post(reverse("jam:arrange_resources", args=[jam.slug]), {"act": f"remove-{made.pk}"})
    assert not Resource.objects.exists()
    assert Act.objects.get(verb="removed").before == {"url": SAID["url"], "section": "Try"}


def test_others_arrange_nothing(jam, client):
    made = ResourceFactory(jam=jam)
    client.force_login(ParticipationFactory(jam=jam).user)
    for page in (
        reverse("jam:add_resource", args=[jam.slug]),
        reverse("jam:arrange_resources", args=[jam.slug]),
        reverse("jam:change_resource", args=[jam.slug, made.pk]),
    ):
        assert client.get(page).status_code == 403
        assert client.post(page, SAID).status_code == 403
    for act in (
        lambda by: resources.add(jam=jam, by=by, said=SAID, moment=NOW),
        lambda by: resources.change(resource=made, by=by, said=SAID, moment=NOW),
        lambda by: resources.remove(resource=made, by=by, moment=NOW),
        lambda by: resources.move(resource=made, by=by, down=True, moment=NOW),
    ):
        with pytest.raises(Refused) as refused:
            act(UserFactory())
        assert refused.value.refusal == ResourceRefusal.NOT_ORGANIZER


@pytest.mark.parametrize(
    ("moved", "down", "order"),
    [
        ("A", True, "BAXCY"),
        ("A", False, "ABXCY"),
        ("C", False, "ACBXY"),
        ("C", True, "ABCXY"),
        ("X", True, "ABCYX"),
    ],
)
def test_each_is_moved_within_its_section(jam, organizer, moved, down, order):
    made = shelf(jam, "Read: A", "Read: B", "Try: X", "Read: C", "Try: Y")
    resources.move(resource=made[moved], by=organizer, down=down, moment=NOW)
    listed = "".join(titles(jam))
    assert [c for c in listed if c in "ABC"] == [c for c in order if c in "ABC"]
    assert [c for c in listed if c in "XY"] == [c for c in order if c in "XY"]


def test_a_new_one_comes_last_in_its_section(jam, organizer):
    shelf(jam, "Read: A", "Try: X")
    resources.add(jam=jam, by=organizer, said=SAID | {"title": "B", "section": "Read"}, moment=NOW)
    resources.add(jam=jam, by=organizer, said=SAID | {"title": "N", "section": "New"}, moment=NOW)
    assert titles(jam) == ["A", "B", "X", "N"]


def test_the_path_has_few_steps(jam, organizer, client):
    ResourceFactory.create_batch(MOST_STEPS, jam=jam, starts_here=True)
    client.force_login(organizer)
    full = client.post(reverse("jam:add_resource", args=[jam.slug]), SAID | {"starts_here": "on"})
    assert (full.status_code, b"seven steps" in full.content) == (422, True)
    assert Resource.objects.count() == MOST_STEPS


@pytest.mark.parametrize("fields", [{"title": ""}, {"minutes": 0}, {"minutes": 10_081}])
def test_what_the_database_refuses(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourceFactory(**fields)


# -- the page --------------------------------------------------------------------------------


def test_filters_stay_in_the_address_and_offer_what_there_is(jam, client):
    ResourceFactory(jam=jam, title="B", kind="notebook", level="beginner", section="Try", order=1)
    ResourceFactory(jam=jam, title="A", kind="paper", level="expert", section="Read", order=0)
    page = reverse("jam:resources", args=[jam.slug])

    def found(**asked: str) -> list[str]:
        return [r.title for r in client.get(page, asked).context["page"]]

    assert [found(kind="paper"), found(level="beginner"), found(section="Try")] == [
        ["A"], ["B"], ["B"],
    ]  # fmt: skip
    assert [found(kind="paper", section="Try"), found(kind="nonsense")] == [[], ["A", "B"]]
    assert b"dataset" not in client.get(page).content


@pytest.mark.parametrize("n", [1, 3])
def test_statements_do_not_grow_with_resources(jam, client, n, django_assert_num_queries):
    made = ResourceFactory.create_batch(n, jam=jam, section="Read")
    user = ParticipationFactory(jam=jam).user
    Worked.objects.bulk_create(Worked(resource=r, user=user, marked_at=NOW) for r in made)
    with django_assert_num_queries(2):
        client.get(reverse("jam:resources", args=[jam.slug]))
    client.force_login(user)
    with django_assert_num_queries(4):
        client.get(reverse("jam:resources", args=[jam.slug]))
    jam.organizers.add(user)
    with django_assert_num_queries(5):
        client.get(reverse("jam:arrange_resources", args=[jam.slug]))


def test_however_much_there_is_a_page_stays_a_page(jam, client):
    ResourceFactory.create_batch(400, jam=jam, description="d" * 2000)
    client.force_login(ParticipationFactory(jam=jam).user)
    page = reverse("jam:resources", args=[jam.slug])
    first, last = client.get(page), client.get(page, {"page": 99})
    assert len(first.content) < 150_000
    assert len(last.context["page"]) == 400 % PER_PAGE
    assert len(client.get(jam.get_absolute_url()).content) < 150_000


def test_the_path_is_shown_to_who_joined_and_has_no_draft(jam, client):
    ResourceFactory(jam=jam, title="First this", starts_here=True)
    ResourceFactory(jam=jam, title="Something else")
    begins = "These steps lead to one"
    assert begins not in client.get(jam.get_absolute_url()).content.decode()
    user = ParticipationFactory(jam=jam).user
    client.force_login(user)
    page = client.get(jam.get_absolute_url()).content.decode()
    assert (begins in page, "First this" in page, "Something else" in page) == (True, True, False)
    contributor = SubmissionFactory(jam=jam).contributors.get().user
    client.force_login(contributor)
    page = client.get(jam.get_absolute_url()).content.decode()
    assert (begins in page, "Something else" in page) == (False, True)


# -- marks and reports -----------------------------------------------------------------------


def test_it_worked_for_each_once(jam, client):
    made = ResourceFactory(jam=jam)
    button = reverse("jam:worked_resource", args=[jam.slug, made.pk])
    client.force_login(UserFactory())
    client.post(button)
    assert not Worked.objects.exists()
    for _n in range(2):
        client.force_login(ParticipationFactory(jam=jam).user)
        client.post(button)
        client.post(button)
    page = reverse("jam:resources", args=[jam.slug])
    assert "worked for 2 people" in client.get(page).content.decode()
    client.post(button, {"act": "undo"})
    client.post(button, {"act": "undo"})
    assert "worked for 1 person" in client.get(page).content.decode()


def test_what_does_not_work_is_reported_and_a_new_address_settles_it(jam, organizer, client):
    made = ResourceFactory(jam=jam, title="Gone notebook")
    user = ParticipationFactory(jam=jam).user
    client.force_login(user)
    client.post(reverse("jam:report_resource", args=[jam.slug, made.pk]), {"reason": "It is 404"})
    assert "It is 404" in Message.objects.get(user=organizer).text
    client.force_login(organizer)
    arrange = reverse("jam:arrange_resources", args=[jam.slug])
    assert "Somebody says that it does not work" in client.get(arrange).content.decode()
    change = reverse("jam:change_resource", args=[jam.slug, made.pk])
    client.post(change, SAID | {"starts_here": ""})
    assert not Report.objects.open().exists()


# -- links that do not answer ----------------------------------------------------------------


@pytest.fixture
def hosts(monkeypatch):
    """What hosts answer, by address; None: nothing at all."""
    answers: dict[str, int | None] = {}

    def ask(url, *, seconds):
        status = answers.get(url, 200)
        if status is None:
            raise NotFetched(FetchRefusal.NO_ANSWER)
        return Fetched(url, status, "text/html", b"")

    monkeypatch.setattr(link_answers.fetching, "ask", ask)
    return answers


def ask_after(hours: int) -> None:
    resource_links.ask_due(NOW + timedelta(hours=hours))


def test_organizers_are_told_once_of_what_has_not_answered_for_a_day(jam, organizer, hosts):
    gone, fine = ResourceFactory(jam=jam, url="https://gone.example/"), ResourceFactory(jam=jam)
    hosts[gone.url] = 404
    ask_after(0)
    gone.refresh_from_db()
    fine.refresh_from_db()
    assert (gone.link_dead_since, fine.link_dead_since) == (NOW, None)
    assert not Message.objects.exists()
    for hours in (12, 24, 25, 49, 74):
        ask_after(hours)
    message = Message.objects.get()
    assert (message.user, gone.url in message.text) == (organizer, True)
    hosts[gone.url] = 200
    ask_after(100)
    gone.refresh_from_db()
    assert (gone.link_dead_since, gone.link_answer["answer"]) == (None, 200)


def test_a_new_address_is_asked_anew(jam, organizer, hosts):
    made = ResourceFactory(jam=jam, url="https://gone.example/")
    hosts[made.url] = None
    ask_after(0)
    made = resources.change(resource=made, by=organizer, said=SAID, moment=NOW)
    assert (made.link_dead_since, made.link_asked_at) == (None, None)
    ask_after(1)
    made.refresh_from_db()
    assert made.link_answer["there"] is True


@pytest.mark.parametrize(
    ("fields", "after", "is_due"),
    [
        ({}, link_answers.UNTIL - TICK, True),
        ({}, link_answers.UNTIL, False),
        ({"published_at": None}, timedelta(0), False),
    ],
)
def test_whose_links_are_asked(fields, after, is_due):
    ResourceFactory(jam=JamFactory(**fields))
    assert resource_links.due(RESULTS + after).exists() == is_due


def test_only_where_the_operator_allows_it(jam, hosts, settings):
    made = ResourceFactory(jam=jam)
    tasks.ask_links()
    made.refresh_from_db()
    assert made.link_asked_at is None
    settings.CHECK_LINKS = True
    tasks.ask_links()
    made.refresh_from_db()
    assert made.link_asked_at == NOW
