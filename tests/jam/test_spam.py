"""Signs of spam: which texts bear them, who sees them, and that a person decides."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from jam import spam
from jam.errors import Refused
from jam.models import Act, Cleared, RoleHolder, SignUpAnswer, SignUpQuestion
from jam.parts import Reader
from jam.spam import Sign, signs_of
from submissions.models import Card, Comment, SubmissionRules
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory
from tests.submissions.factories import SubmissionFactory, frozen_submission

pytestmark = pytest.mark.django_db
NOW = MOMENTS["finished"]
ADVERT = "Visit our casino at once"


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer")


@pytest.fixture
def jam(organizer):
    jam = JamFactory(slug="inside")
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def moderator(jam, organizer):
    user = UserFactory()
    RoleHolder.objects.create(jam=jam, user=user, role="moderator", given_at=NOW)
    return user


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("", []),
        ("We look inside small models, see https://example.org/ for more of what we did.", []),
        ("https://example.org/a https://example.org/b", [Sign.LINKS]),
        ("Look: www.example.org/offer", [Sign.LINKS]),
        (ADVERT, [Sign.SELLING]),
        ("BUY NOW and pay later", [Sign.SELLING]),
        ("Our casinology is not one", []),
        ("forex: https://example.org/", [Sign.LINKS, Sign.SELLING]),
    ],
)
def test_signs_of_one_text(text, signs):
    assert signs_of(text) == signs


def suspects(jam, user):
    found = spam.suspects_of(jam, Reader(user, NOW))
    return {(str(one.written.kind), one.signs) for one in found}


def everything(jam):
    """Advertising wherever people can write."""
    person = UserFactory(bio=ADVERT)
    mine = ParticipationFactory(jam=jam, user=person, shown=True)
    question = SignUpQuestion.objects.get_or_create(jam=jam, text="Who are you?")[0]
    SignUpAnswer.objects.create(participation=mine, question=question, text=f"{ADVERT}!")
    IdeaFactory(jam=jam, title="An idea", text=f"{ADVERT}, friends")
    SubmissionFactory(jam=jam, by=person, title=f"{ADVERT}, now")
    work = frozen_submission(jam)
    Comment.objects.create(
        submission=work, author=person, text=f"{ADVERT} …", written_at=MOMENTS["finished"]
    )
    Card.objects.create(
        jam=jam, participation=mine, author=person, text=f"{ADVERT} – really", time_zone="UTC",
        hours=1, shown_at=NOW,
    )  # fmt: skip


def test_it_is_found_wherever_people_write(jam, organizer):
    everything(jam)
    everything(JamFactory())
    kinds = ["Idea", "Profile", "Answer at sign-up", "Comment", "Card", "Submission"]
    assert suspects(jam, organizer) == {(kind, (Sign.SELLING,)) for kind in kinds}


def test_moderators_see_neither_answers_nor_drafts(jam, moderator):
    everything(jam)
    kinds = ["Idea", "Profile", "Comment", "Card"]
    assert suspects(jam, moderator) == {(kind, (Sign.SELLING,)) for kind in kinds}


def test_moderators_do_not_learn_who_takes_part(jam, moderator, organizer):
    shown, hidden = (UserFactory(bio=ADVERT) for _ in range(2))
    ParticipationFactory(jam=jam, user=shown, shown=True)
    ParticipationFactory(jam=jam, user=hidden, shown=False)

    def found(user):
        return {one.written.by for one in spam.suspects_of(jam, Reader(user, NOW))}

    assert found(moderator) == {shown}
    assert found(organizer) == {shown, hidden}


def test_nor_who_made_what_in_a_blind_jam(client, at, jam, moderator, organizer):
    author = UserFactory(display_name="Anna Author")
    frozen_submission(jam, by=author, title=ADVERT)
    SubmissionRules.objects.filter(jam=jam).update(blind=True)
    for user, moment, is_told in (
        (moderator, MOMENTS["rating"], False),
        (organizer, MOMENTS["rating"], True),
        (moderator, NOW, True),
    ):
        at(moment)
        client.force_login(user)
        page = client.get("/jams/inside/spam/").content.decode()
        assert ADVERT in page
        assert ("Anna Author" in page) == is_told
        assert (f"/people/{author.pk}/" in page) == is_told


def test_the_same_words_of_several(jam, organizer):
    for _ in range(2):
        IdeaFactory(jam=jam, title="Join my great newsletter", text="You will love it")
        IdeaFactory(jam=jam, title="Same", text="Short")
    IdeaFactory(jam=jam, title="Another", text="Said by one person alone, and only once")
    assert suspects(jam, organizer) == {("Idea", (Sign.REPEATED,))}
    assert len(spam.suspects_of(jam, Reader(organizer, NOW))) == 2


def test_what_is_cleared_is_not_found_again(jam, organizer):
    IdeaFactory(jam=jam, title=ADVERT)
    [suspect] = spam.suspects_of(jam, Reader(organizer, NOW))
    with pytest.raises(Refused):
        spam.clear(jam=jam, suspect=suspect, by=UserFactory(), moment=NOW)
    for _twice in range(2):
        spam.clear(jam=jam, suspect=suspect, by=organizer, moment=NOW)
    assert suspects(jam, organizer) == set()
    act = Act.objects.get(verb="found no spam in")
    assert ADVERT not in act.target_name
    again = Cleared.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_the_page(client, at, jam, organizer, moderator):
    at(NOW)
    everything(jam)
    here = "/jams/inside/spam/"
    for user, status in ((UserFactory(), 403), (moderator, 200), (organizer, 200)):
        client.force_login(user)
        assert client.get(here).status_code == status
    page = client.get(here)
    assert ADVERT in page.content.decode()
    keys = [one.key for one in page.context["page"]]
    client.post(here, {"clear": keys[0]})
    client.post(here, {"clear": "jam.idea:999999"})
    assert Cleared.objects.count() == 1
    assert [one.key for one in client.get(here).context["page"]] == keys[1:]


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_asks_as_much_however_much_there_is(
    client, at, jam, organizer, n, django_assert_num_queries
):
    for _ in range(n):
        everything(jam)
    at(NOW)
    client.force_login(organizer)
    client.get("/jams/inside/spam/")
    with django_assert_num_queries(10):
        response = client.get("/jams/inside/spam/")
    assert response.context["page"].paginator.count == 6 * n
