"""Everybody of a jam, one person's part in it, and what organizers do about them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import IntegrityError, transaction

from jam import log, removing, reporting, services
from jam.errors import Refused
from jam.models import Act, Ban, Message
from jam.permissions import JoinRefusal, PersonRefusal
from ratings import feedback
from ratings.permissions import RatingRefusal, rater_refusal
from ratings.raters import rater_in
from sites.models import Place
from submissions.models import Contributor
from submissions.permissions import CommentRefusal, comment_refusal
from tests.factories import (
    MOMENTS,
    SUBMISSIONS_CLOSE,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import IdeaFactory, MessageFactory
from tests.ratings.factories import rate
from tests.sites.factories import LocalSiteFactory, PlaceFactory
from tests.submissions.factories import SubmissionFactory, frozen_submission

pytestmark = pytest.mark.django_db
MAKING, RATING = MOMENTS["making"], MOMENTS["rating"]


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer")


@pytest.fixture
def jam(organizer):
    jam = JamFactory(title="Looking Inside", slug="inside")
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def person(jam):
    return ParticipationFactory(jam=jam, user=UserFactory(display_name="Paula Person")).user


@pytest.fixture
def ask(client, at, organizer):
    def ask(path, data=None, user=organizer, moment=MAKING):
        at(moment)
        client.force_login(user)
        return client.get(path) if data is None else client.post(path, data)

    return ask


def refusal_of(act, **values):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(**values, moment=MAKING)
    return refused.value.refusal


def mails_to(user) -> list[str]:
    return [mail.subject for mail in Message.objects.filter(user=user).order_by("pk")]


def acts(jam) -> list[tuple[str, str, str]]:
    return [
        (act.verb, act.target_name, act.reason)
        for act in Act.objects.filter(jam=jam).order_by("pk")
    ]


# -- taking somebody out ---------------------------------------------------------------------


def test_who_is_taken_out_loses_place_and_team_and_is_told_why(jam, organizer, person):
    mate = SubmissionFactory(jam=jam)
    Contributor.objects.create(submission=mate, user=person, order=1, confirmed_at=MAKING)
    alone = SubmissionFactory(jam=jam, by=person)
    place = PlaceFactory(site=LocalSiteFactory(jam=jam), participation=person.participations.get())
    removing.remove(jam=jam, user=person, by=organizer, reason=" Rude ", moment=MAKING)
    assert not person.participations.get().is_active
    place.refresh_from_db()
    alone.refresh_from_db()
    assert (place.released_at, alone.withdrawn_at) == (MAKING, MAKING)
    assert not mate.contributors.filter(user=person).exists()
    mail = Message.objects.get(user=person)
    assert mail.subject == "You no longer take part in Looking Inside"
    assert "Rude" in mail.text
    assert "/jams/inside/reports/new/" in mail.text
    done = Act.objects.filter(jam=jam)
    assert {act.actor for act in done} == {organizer}
    assert acts(jam)[-1] == ("removed", f"person {person.pk} – Looking Inside", "Rude")
    # They may join again.
    services.join(jam=jam, user=person, moment=MAKING)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"by": "person"}, PersonRefusal.NOT_ORGANIZER),
        ({"user": "stranger"}, PersonRefusal.NOT_IN),
        ({"reason": "  "}, PersonRefusal.NO_REASON),
    ],
)
def test_why_somebody_is_not_taken_out(jam, organizer, person, change, refusal):
    people = {"person": person, "stranger": UserFactory()}
    values = {"jam": jam, "user": person, "by": organizer, "reason": "Rude"}
    values |= {name: people.get(value, value) for name, value in change.items()}
    assert refusal_of(removing.remove, **values) == refusal
    assert person.participations.get().is_active


# -- bans ------------------------------------------------------------------------------------


def test_who_is_banned_neither_joins_nor_rates_nor_comments(jam, organizer, person):
    submission = frozen_submission(jam)
    removing.ban(jam=jam, user=person, by=organizer, reason="Spam", moment=MAKING)
    assert not person.participations.get().is_active
    assert refusal_of(services.join, jam=jam, user=person) == JoinRefusal.BANNED
    assert rater_refusal(rater_in(jam, person)) == RatingRefusal.BANNED
    after = MOMENTS["finished"]
    assert comment_refusal(person, submission, "open", after) == CommentRefusal.BANNED
    assert mails_to(person) == ["You cannot take part in Looking Inside"]
    # Elsewhere, and others, as before.
    services.join(jam=JamFactory(), user=person, moment=MAKING)
    services.join(jam=jam, user=UserFactory(), moment=MAKING)
    removing.lift(jam=jam, user=person, by=organizer, moment=RATING)
    assert mails_to(person)[-1] == "You may take part in Looking Inside again"
    assert rater_refusal(rater_in(jam, person)) is None
    assert services.join(jam=jam, user=person, moment=MAKING).is_active
    assert [verb for verb, _who, _why in acts(jam) if "ban" in verb] == ["banned", "lifted a ban"]


def test_somebody_who_never_joined_can_be_banned(jam, organizer):
    stranger = UserFactory()
    removing.ban(jam=jam, user=stranger, by=organizer, reason="Spam", moment=MAKING)
    assert refusal_of(services.join, jam=jam, user=stranger) == JoinRefusal.BANNED


def test_the_page_of_the_jam_tells_who_is_banned_and_offers_no_button(jam, organizer, person, ask):
    removing.ban(jam=jam, user=person, by=organizer, reason="Spam", moment=MAKING)
    page = ask(jam.get_absolute_url(), user=person).content.decode()
    assert f"/jams/{jam.slug}/join/" not in page
    assert "The organizers keep you out of this jam." in page


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"by": "person"}, PersonRefusal.NOT_ORGANIZER),
        ({"user": "organizer"}, PersonRefusal.ORGANIZER),
        ({"user": "moderator"}, PersonRefusal.HELPER),
        ({"user": "banned"}, PersonRefusal.BANNED),
        ({"reason": "  "}, PersonRefusal.NO_REASON),
    ],
)
def test_why_somebody_is_not_banned(jam, organizer, person, change, refusal):
    people = {"person": person, "organizer": organizer, "banned": UserFactory(),
              "moderator": UserFactory()}  # fmt: skip
    jam.role_holders.create(user=people["moderator"], role="moderator", given_at=MAKING)
    removing.ban(jam=jam, user=people["banned"], by=organizer, reason="Spam", moment=MAKING)
    values = {"jam": jam, "user": person, "by": organizer, "reason": "Spam"}
    values |= {name: people.get(value, value) for name, value in change.items()}
    assert refusal_of(removing.ban, **values) == refusal
    assert Ban.objects.count() == 1


def test_why_a_ban_is_not_lifted(jam, organizer, person):
    values = {"jam": jam, "user": person}
    assert refusal_of(removing.lift, by=organizer, **values) == PersonRefusal.NOT_BANNED
    assert refusal_of(removing.lift, by=person, **values) == PersonRefusal.NOT_ORGANIZER


def test_the_database_keeps_bans_in_order(jam, organizer, person):
    def ban(**values):
        given = {"jam": jam, "user": person, "by": organizer, "reason": "x", "made_at": MAKING}
        return Ban.objects.create(**{**given, **values})

    ban(lifted_at=RATING, lifted_by=organizer)
    ban()
    for wrong in ({}, {"user": organizer, "reason": ""}, {"user": organizer, "lifted_at": RATING}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ban(**wrong)


# -- the list --------------------------------------------------------------------------------


def names(response) -> list[str]:
    return [str(person) for person in response.context["page"]]


def test_the_list_is_searched_and_filtered(jam, organizer, person, ask):
    here = f"/jams/{jam.slug}/people/"
    left = ParticipationFactory(jam=jam, user=UserFactory(display_name="Lea Left")).user
    services.cancel(jam=jam, user=left, moment=MAKING)
    unconfirmed = UserFactory(display_name="Una", verified=False, affiliation="Lab of Loops")
    ParticipationFactory(jam=jam, user=unconfirmed, joined_at=MAKING)
    banned = UserFactory(display_name="Bo", email="bo@spam.example")
    removing.ban(jam=jam, user=banned, by=organizer, reason="Spam", moment=MAKING)
    MessageFactory(jam=jam, user=person, to=person.email, error="550 no such mailbox")
    ParticipationFactory(user=UserFactory(display_name="Elsewhere"))
    assert names(ask(here)) == ["Una", "Paula Person"]
    for query, found in {
        "state=left": ["Lea Left"],
        "state=banned": ["Bo"],
        "state=unconfirmed": ["Una"],
        "state=mails": ["Paula Person"],
        "state=nonsense": ["Una", "Paula Person"],
        "q=loops+lab": ["Una"],
        "q=PAULA": ["Paula Person"],
        "q=spam.example&state=banned": ["Bo"],
        "q=nobody": [],
        "q=%00": ["Una", "Paula Person"],
    }.items():
        assert names(ask(f"{here}?{query}")) == found, query


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_as_much_however_many_they_are(
    jam, organizer, client, at, n, django_assert_num_queries
):
    for _ in range(n):
        user = ParticipationFactory(jam=jam).user
        MessageFactory(jam=jam, user=user, to=user.email, error="!")
    at(MAKING)
    client.force_login(organizer)
    with django_assert_num_queries(5):
        assert len(names(client.get(f"/jams/{jam.slug}/people/"))) == n


# -- the page about a person -----------------------------------------------------------------


def page_of(jam, person) -> str:
    return f"/jams/{jam.slug}/people/{person.pk}/"


def test_the_page_tells_a_persons_whole_part_in_the_jam_and_of_no_other(jam, person, ask):
    others = JamFactory()
    IdeaFactory(jam=jam, author=person, title="A loop")
    IdeaFactory(jam=others, author=person, title="Not here")
    SubmissionFactory(jam=jam, by=person, title="Our work")
    SubmissionFactory(jam=others, by=person, title="Other work")
    PlaceFactory(
        site=LocalSiteFactory(jam=jam, name="The Loft"), participation=jam.participations.get()
    )
    MessageFactory(jam=jam, user=person, to=person.email, subject="Welcome in", bounce="full",
                   sent_at=MAKING, bounced_at=MAKING)  # fmt: skip
    MessageFactory(user=person, to=person.email, subject="Your password")
    page = ask(page_of(jam, person)).content.decode()
    ideas = f"?q={quote(person.display_name)}"
    for told in (ideas, "Our work", "The Loft", "Welcome in", "came back"):
        assert told in page
    for untold in ("Not here", "Other work", "Your password"):
        assert untold not in page


def test_ratings_are_counted_and_not_told(jam, person, ask):
    submission = frozen_submission(jam)
    rating = rate(submission, *[1] * jam.criteria.count(), by=person, strong="So strong")
    page = ask(page_of(jam, person), moment=RATING).content.decode()
    assert "<dt>Completed</dt><dd>1</dd>" in page
    assert "So strong" not in page
    rating.scores.update(stars=5)

    def without_tokens(text):
        return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]

    again = ask(page_of(jam, person), moment=RATING).content.decode()
    assert without_tokens(again) == without_tokens(page)


def test_an_organizer_does_not_find_out_who_reported_them(jam, organizer, person, ask):
    other = UserFactory()
    jam.organizers.add(other)
    reporting.report(target=other, jam=jam, by=person, reason="Rude", moment=MAKING)
    assert "reported" not in ask(page_of(jam, person), user=other).content.decode()


def test_nor_by_the_mails_of_others(jam, organizer, person, ask):
    other = UserFactory(display_name="Odd Organizer")
    jam.organizers.add(other)
    made = reporting.report(target=other, jam=jam, by=person, about_person=other, reason="Rude",
                            moment=MAKING)  # fmt: skip
    reporting.write(report=made, by=organizer, text="We look into it", moment=MAKING)
    reporting.close(report=made, by=organizer, moment=MAKING)
    assert mails_to(person)
    assert mails_to(organizer)
    for whose in (person, organizer):
        page = ask(page_of(jam, whose), user=other).content.decode()
        assert "report of" not in page
        assert "Somebody reports" not in page


def test_nor_does_an_author_find_out_who_rated_their_work(jam, person, ask):
    """By the mail that tells the rater of the answer."""
    author = UserFactory()
    jam.organizers.add(author)
    submission = frozen_submission(jam, by=author, title="Good work")
    rating = rate(submission, *[1] * jam.criteria.count(), by=person, weak="So weak")
    finished = MOMENTS["finished"]
    feedback.answer(rating=rating, author=author, text="Thank you", moment=finished)
    assert mails_to(person) == ["The authors of “Good work” answered"]
    page = ask(page_of(jam, person), user=author, moment=finished).content.decode()
    assert "Good work" not in page


def test_only_organizers_and_only_people_of_the_jam(jam, person, ask):
    assert ask(page_of(jam, person), user=person).status_code == 403
    assert ask(page_of(jam, person), {"act": "ban", "reason": "x"}, user=person).status_code == 403
    assert ask(page_of(jam, UserFactory())).status_code == 404
    left = ParticipationFactory(jam=jam, cancelled_at=MAKING).user
    assert ask(page_of(jam, left)).status_code == 200


def test_acts_on_the_page(jam, person, ask):
    here = page_of(jam, person)
    empty = ask(here, {"act": "remove", "reason": " "})
    assert empty.status_code == 422
    assert "Say why: the person is told." in empty.content.decode()
    assert ask(here, {"act": "nonsense"}).status_code == 302
    assert ask(here, {"act": "ban", "reason": "Spam"}).url == here
    assert "Lift the ban" in ask(here).content.decode()
    assert ask(here, {"act": "ban", "reason": "Spam"}).status_code == 422
    assert ask(here, {"act": "lift"}).url == here
    assert not Ban.objects.in_force().exists()


def test_who_has_not_confirmed_is_asked_once_more_in_their_language(jam, ask):
    person = UserFactory(verified=False, language="es")
    ParticipationFactory(jam=jam, user=person)
    assert ask(page_of(jam, person), {"act": "resend"}).status_code == 302
    mail = Message.objects.get(to=person.email)
    assert "Confirma" in mail.subject
    assert acts(jam)[-1][:2] == ("asked to confirm the address", f"person {person.pk}")
    confirmed = ParticipationFactory(jam=jam).user
    assert ask(page_of(jam, confirmed), {"act": "resend"}).status_code == 422


def test_nobody_is_asked_where_no_mail_arrives(jam, ask):
    left = ParticipationFactory(jam=jam).user
    services.close_account(user=left, by=left, moment=MOMENTS["rating"])
    page = ask(page_of(jam, left), moment=RATING).content.decode()
    assert "account.invalid" not in page
    assert "Ask them once more" not in page
    assert "account.invalid" not in ask(f"/jams/{jam.slug}/people/").content.decode()
    assert ask(page_of(jam, left), {"act": "resend"}).status_code == 422
    assert not Message.objects.filter(to__endswith="account.invalid").exists()


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_asks_as_much_however_much_there_is(
    jam, organizer, person, client, at, n, django_assert_num_queries
):
    mine = person.participations.get()
    for _ in range(n):
        IdeaFactory(jam=jam, author=person)
        frozen_submission(jam, by=person)
        PlaceFactory(
            site=LocalSiteFactory(jam=jam), participation=mine, released_at=MAKING
        )  # fmt: skip
        MessageFactory(jam=jam, user=person, to=person.email)
        log.record("joined", mine, by=person, jam=jam, moment=MAKING)
        Ban.objects.create(
            jam=jam, user=person, by=organizer, reason="x", made_at=MAKING, lifted_at=MAKING,
            lifted_by=organizer,
        )  # fmt: skip
    assert Place.objects.count() == n
    at(SUBMISSIONS_CLOSE)
    client.force_login(organizer)
    with django_assert_num_queries(10):
        assert client.get(page_of(jam, person)).status_code == 200
