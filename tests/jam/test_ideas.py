"""Ideas: who may do what with them and when, what the database holds, and their pages."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from jam import proposing
from jam.errors import Refused
from jam.models import Act, Idea, IdeaTag, Interest, Message
from jam.permissions import (
    IdeaRefusal,
    change_idea_refusal,
    propose_idea_refusal,
)
from jam.views.ideas import MOST_A_DAY, MOST_LOOKS, PER_PAGE
from submissions.models import Origin
from tests.factories import (
    MOMENTS,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import IdeaFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(at):
    at(MOMENTS["announced"])


@pytest.fixture
def jam():
    return JamFactory()


@pytest.fixture
def organizer(jam):
    user = UserFactory(display_name="Olga")
    jam.organizers.add(user)
    return user


@pytest.mark.parametrize(
    ("is_in", "after", "refusal"),
    [
        (True, -TICK, None),
        (True, 0 * TICK, IdeaRefusal.CLOSED),
        (True, TICK, IdeaRefusal.CLOSED),
        (False, -TICK, IdeaRefusal.NOT_IN),
    ],
)
def test_whoever_joined_proposes_until_submissions_close(jam, is_in, after, refusal):
    participation = ParticipationFactory(jam=jam) if is_in else None
    assert propose_idea_refusal(jam, participation, SUBMISSIONS_CLOSE + after) == refusal


def test_who_cancelled_does_not(jam):
    participation = ParticipationFactory(jam=jam, cancelled_at=MOMENTS["announced"])
    with pytest.raises(Refused) as refused:
        proposing.propose(jam=jam, by=participation.user, title="T", text="x",
                          moment=MOMENTS["making"])  # fmt: skip
    assert refused.value.refusal == IdeaRefusal.NOT_IN


@pytest.mark.parametrize(
    ("fields", "is_author", "after", "refusal"),
    [
        ({}, True, -TICK, None),
        ({}, True, 0 * TICK, IdeaRefusal.CLOSED),
        ({}, False, -TICK, IdeaRefusal.NOT_AUTHOR),
        ({"withdrawn_at": MOMENTS["announced"]}, True, -TICK, IdeaRefusal.WITHDRAWN),
        ({"hidden_at": MOMENTS["announced"], "hidden_reason": "?"}, True, -TICK,
         IdeaRefusal.HIDDEN),
    ],
)  # fmt: skip
def test_its_author_changes_it_until_submissions_close(fields, is_author, after, refusal):
    idea = IdeaFactory(**fields)
    user = idea.author if is_author else UserFactory()
    assert change_idea_refusal(user, idea, SUBMISSIONS_CLOSE + after) == refusal


@pytest.mark.parametrize(
    "fields",
    [{"title": ""}, {"text": ""}, {"hidden_at": MOMENTS["making"], "hidden_reason": ""}],
)
def test_what_the_database_refuses(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        IdeaFactory(**fields)


def test_proposed_changed_and_taken_back(jam, client):
    author = ParticipationFactory(jam=jam).user
    client.force_login(author)
    propose = reverse("jam:propose_idea", args=[jam.slug])
    short = client.post(propose, {"title": "", "text": "Look at the *heads*."})
    assert short.status_code == 422
    assert b"Look at the *heads*." in short.content
    client.post(propose, {"title": "Which heads copy?", "text": "Look at the *heads*."})
    idea = Idea.objects.get()
    page = client.get(idea.get_absolute_url()).content.decode()
    assert "<em>heads</em>" in page
    client.post(f"{idea.get_absolute_url()}edit/", {"title": "Which heads?", "text": "Look."})
    assert "Which heads?" in client.get(reverse("jam:ideas", args=[jam.slug])).content.decode()
    client.post(f"{idea.get_absolute_url()}withdraw/")
    assert "Which heads?" not in client.get(reverse("jam:ideas", args=[jam.slug])).content.decode()
    assert client.get(idea.get_absolute_url()).status_code == 200
    client.logout()
    assert client.get(idea.get_absolute_url()).status_code == 404
    assert list(Act.objects.order_by("pk").values_list("verb", flat=True)) == [
        "proposed", "changed", "withdrew",
    ]  # fmt: skip


def test_organizers_hide_with_a_reason_that_the_author_is_told_and_can_undo_it(
    jam, organizer, client
):
    idea = IdeaFactory(jam=jam, title="Buy my course")
    client.force_login(organizer)
    page = f"{idea.get_absolute_url()}hide/"
    empty = client.post(page, {"reason": " "})
    assert (empty.status_code, b"required" in empty.content) == (422, True)
    client.post(page, {"reason": "This sells something."})
    mail = Message.objects.get(user=idea.author)
    assert "This sells something." in mail.text
    client.logout()
    assert client.get(idea.get_absolute_url()).status_code == 404
    assert b"Buy my course" not in client.get(reverse("jam:ideas", args=[jam.slug])).content
    client.force_login(organizer)
    client.post(page, {"act": "show"})
    client.logout()
    assert client.get(idea.get_absolute_url()).status_code == 200
    assert Act.objects.filter(verb="showed again").get().before == {
        "reason": "This sells something."
    }


def test_words_are_looked_for_in_title_text_and_author(jam, client):
    IdeaFactory(jam=jam, title="Copying heads", author__display_name="Ada")
    IdeaFactory(jam=jam, title="Other", text="On copying", author__display_name="Bo")
    IdeaFactory(
        jam=jam, title="Überraschung in Łódź", text="Señales", author__display_name="Zoë Ærø"
    )
    IdeaFactory(title="Copying elsewhere")

    def found(words: str) -> int:
        response = client.get(reverse("jam:ideas", args=[jam.slug]), {"q": words})
        return response.context["page"].paginator.count

    asked = (
        "COPYING",
        "copying ada",
        "bo",
        "none of it",
        "\0",
        "uberraschung lodz",
        "SEÑALES",
        "zoe aero",
        "\u0301",
    )
    assert [found(words) for words in asked] == [2, 1, 1, 0, 3, 1, 1, 1, 3]


@pytest.mark.parametrize("n", [1, 3])
def test_statements_do_not_grow_with_ideas(jam, client, n, django_assert_num_queries):
    ideas = IdeaFactory.create_batch(n, jam=jam)
    client.force_login(ParticipationFactory(jam=jam).user)
    for idea in ideas:
        IdeaTag.objects.bulk_create(IdeaTag(idea=idea, name=f"tag {k}") for k in range(n))
        Interest.objects.create(
            idea=idea, user=UserFactory(), is_shown=True, marked_at=MOMENTS["announced"]
        )
    with django_assert_num_queries(7):
        assert client.get(reverse("jam:ideas", args=[jam.slug])).context["page"].paginator.count
    with django_assert_num_queries(8):
        client.get(ideas[0].get_absolute_url())
    client.logout()
    with django_assert_num_queries(4):
        client.get(ideas[0].get_absolute_url())


def test_the_list_is_paged(jam, client):
    IdeaFactory.create_batch(PER_PAGE + 1, jam=jam)
    response = client.get(reverse("jam:ideas", args=[jam.slug]), {"page": 2})
    assert len(response.context["page"]) == 1


def test_a_jam_that_is_over_has_the_tab_only_where_there_are_ideas(jam, at, client):
    tab = reverse("jam:ideas", args=[jam.slug]).encode()
    assert tab in client.get(jam.get_absolute_url()).content
    at(MOMENTS["finished"])
    assert tab not in client.get(jam.get_absolute_url()).content
    IdeaFactory(jam=jam)
    assert tab in client.get(jam.get_absolute_url() + "schedule/").content


def test_nobody_floods_the_list(jam, client):
    client.force_login(ParticipationFactory(jam=jam).user)
    page = reverse("jam:propose_idea", args=[jam.slug])
    for n in range(MOST_A_DAY):
        client.post(page, {"title": f"Idea {n}", "text": "x", "go_on": "1"})
    response = client.post(page, {"title": "One more", "text": "kept", "go_on": "1"})
    assert (response.status_code, b"kept" in response.content) == (403, True)
    assert Idea.objects.count() == MOST_A_DAY


def test_what_was_typed_waits_until_after_signing_in(jam, client):
    user = ParticipationFactory(jam=jam).user
    page = reverse("jam:propose_idea", args=[jam.slug])
    typed = {"title": "Heads", "text": "In the train"}
    client.post(page, typed, headers={"Origin": "http://testserver"})
    client.force_login(user)
    assert b"In the train" in client.get(page).content


# -- tags, sorting, what sounds alike --------------------------------------------------------


def test_tags_of_any_script_are_kept_small_each_once_and_lead_to_their_ideas(jam, client):
    client.force_login(ParticipationFactory(jam=jam).user)
    page = reverse("jam:propose_idea", args=[jam.slug])
    typed = {"title": "Heads", "text": "x", "tags": "#Vision,  Ｓparse   Codes،視覚, vision"}
    client.post(page, typed)
    idea = Idea.objects.get()
    assert [tag.name for tag in idea.tags.all()] == ["vision", "sparse codes", "視覚"]
    IdeaFactory(jam=jam, title="Another")
    listed = reverse("jam:ideas", args=[jam.slug])
    assert list(client.get(listed, {"tag": "視覚"}).context["page"]) == [idea]
    assert list(client.get(listed, {"q": "codes"}).context["page"]) == [idea]
    edit = f"{idea.get_absolute_url()}edit/"
    assert "vision, sparse codes, 視覚" in client.get(edit).content.decode()
    client.post(edit, {"title": "Heads", "text": "x", "tags": ""})
    assert not idea.tags.exists()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("tags", "a,b,c,d,e,f,g", "six are enough"),
        ("tags", "long " * 20, "Is a comma missing?"),
        ("links", "javascript:alert(1)", "is not a web address"),
    ],
)
def test_what_a_form_refuses_stays_in_it(jam, client, field, typed, said):
    client.force_login(ParticipationFactory(jam=jam).user)
    page = reverse("jam:propose_idea", args=[jam.slug])
    response = client.post(page, {"title": "Heads", "text": "Words", field: typed})
    assert (response.status_code, said in response.content.decode()) == (422, True)
    assert not Idea.objects.exists()


def test_sorted_by_interest_and_by_what_no_team_is_on_with_pinned_ones_first(jam, client):
    old, wanted, pinned = IdeaFactory.create_batch(3, jam=jam)
    for _n in range(2):
        Interest.objects.create(idea=wanted, user=UserFactory(), marked_at=MOMENTS["announced"])
    Interest.objects.create(idea=old, user=UserFactory(), marked_at=MOMENTS["announced"])
    draft = SubmissionFactory(jam=jam)
    Origin.objects.create(submission=draft, idea=old, claimed_at=MOMENTS["making"])
    listed = reverse("jam:ideas", args=[jam.slug])

    def order(sort: str) -> list[Idea]:
        return list(client.get(listed, {"sort": sort}).context["page"])

    assert [order("new"), order("nonsense")] == [[pinned, wanted, old]] * 2
    assert order("interest") == [wanted, old, pinned]
    assert order("free") == [pinned, wanted]
    Idea.objects.filter(pk=old.pk).update(pinned_at=MOMENTS["making"])
    assert order("interest") == [old, wanted, pinned]
    page = client.get(listed, {"sort": "interest", "q": "idea"}).content.decode()
    assert "2 interested" in page
    assert "one team is on it" in page


def test_whoever_proposes_what_is_there_is_shown_it_once(jam, client):
    there = IdeaFactory(jam=jam, title="Which attention heads copy names?")
    IdeaFactory(jam=jam, title="Weather in Greenland")
    client.force_login(ParticipationFactory(jam=jam).user)
    page = reverse("jam:propose_idea", args=[jam.slug])
    typed = {"title": "Attention heads that copy", "text": "In the *train*"}
    asked = client.post(page, typed)
    assert (asked.status_code, asked.context["alike"]) == (422, [there])
    assert "In the *train*" in asked.content.decode()
    assert client.post(page, typed | {"go_on": "1"}).status_code == 302
    assert Idea.objects.filter(title=typed["title"]).exists()


def test_what_sounds_alike_is_told_while_typing(jam, client, django_assert_num_queries):
    IdeaFactory(jam=jam, title="Which attention heads copy names?")
    IdeaFactory(jam=jam, title="Attention heads again", withdrawn_at=MOMENTS["announced"])
    look = reverse("jam:alike_ideas", args=[jam.slug])
    asked = {"title": "attention heads copy", "text": "of names"}
    client.force_login(UserFactory())
    assert client.get(look, asked).status_code == 403
    client.force_login(ParticipationFactory(jam=jam).user)
    with django_assert_num_queries(5):
        found = client.get(look, asked).content.decode()
    assert "Which attention heads copy names?" in found
    assert "again" not in found
    assert client.get(look, {"title": " "}).content.strip() == b""
    for _n in range(MOST_LOOKS):
        last = client.get(look, asked)
    assert last.status_code == 429
