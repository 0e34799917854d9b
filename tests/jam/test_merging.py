"""Merging two accounts of one person: what moves, what stays, what is said beforehand, and that
nothing that is decided changes."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction
from django.test import Client

from jam import giving_roles, merging, parts, services
from jam.errors import Refused
from jam.merging import MergeRefusal
from jam.models import (
    Act,
    Ban,
    Block,
    MailChoice,
    MailHours,
    Message,
    Participation,
    RoleHolder,
    User,
)
from jam.roles import Role
from ratings import freezing
from ratings.models import Judge, Rating, RatingRules, Standing
from sites.models import Place
from submissions.models import Ask, Contributor, Submission
from tests.factories import MOMENTS, RESULTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam
from tests.sites.factories import LocalSiteFactory, PlaceFactory
from tests.submissions.factories import SubmissionFactory
from tests.world import ROLES, World

pytestmark = pytest.mark.django_db
MAKING = MOMENTS["making"]
PASSWORD = "look-inside-2030"


@pytest.fixture
def ada():
    return UserFactory(email="ada@example.org", display_name="Ada")


@pytest.fixture
def old():
    return UserFactory(email="old@example.org", display_name="Old Ada")


@pytest.fixture
def operator():
    return UserFactory(is_superuser=True, is_staff=True)


@pytest.fixture
def merge(ada, old, operator):
    def merge(moment=MAKING, **people):
        who = {"user": ada, "other": old, "by": operator, **people}
        merging.merge(**who, moment=moment)
        ada.refresh_from_db()
        old.refresh_from_db()

    return merge


@pytest.fixture
def refusal(merge):
    def refusal(**values):
        with pytest.raises(Refused) as refused, transaction.atomic():
            merge(**values)
        return refused.value.refusal

    return refusal


def shown(ada, old) -> dict[str, tuple[int, int]]:
    """By label, how many move and how many stay."""
    found = merging.lines(merging.plan(ada, old))
    return {str(line.label): (line.moving, line.staying) for line in found}


# -- every reference ---------------------------------------------------------------------------


def references() -> set[tuple[type, str]]:
    return {
        (model, each.name)
        for model in apps.get_models(include_auto_created=True)
        for each in model._meta.concrete_fields
        if each.remote_field and each.remote_field.model is User
    }


def test_every_reference_to_a_person_moves_or_stays_for_a_reason():
    named = [
        (each.model, each.field, each) for part in parts.all_parts() for each in part.belongings()
    ]
    assert len(named) == len({(model, field) for model, field, _each in named})
    assert {(model, field) for model, field, _each in named} == references()
    for _model, _field, each in named:
        if isinstance(each, merging.Moves):
            # Where something may be left behind, a reason can be shown.
            limited = each.but or list(merging._unique_with(each.model, each.field))
            assert not limited or each.why, each
        else:
            assert each.why


# -- what moves --------------------------------------------------------------------------------


def test_what_one_has_is_the_others(ada, old, merge):
    jam = JamFactory()
    submission = SubmissionFactory(jam=jam, by=old)
    place = PlaceFactory(participation=Participation.objects.get(user=old))
    site = LocalSiteFactory(organizer=old)
    idea = IdeaFactory(author=old)
    giving_roles.give(jam=JamFactory(), user=old, role=Role.MODERATOR, by=old, moment=START)
    MailHours.objects.create(user=old, quiet_from=22, quiet_until=8, digest_at=9)
    merge()
    assert Participation.objects.active().get(user=ada).jam == jam
    assert Place.objects.unreleased().get(participation__user=ada) == place
    assert Contributor.objects.get(submission=submission).user == ada
    assert Submission.objects.get(pk=submission.pk).withdrawn_at is None
    idea.refresh_from_db()
    assert idea.author == ada
    assert list(site.organizers.all()) == [ada]
    assert RoleHolder.objects.get().user == ada
    assert MailHours.objects.get().user == ada
    assert old.is_closed
    assert not old.is_active
    assert (ada.email, ada.display_name) == ("ada@example.org", "Ada")


def test_either_address_signs_in(ada, old, merge):
    ada.set_password(PASSWORD)
    ada.save()
    merge()
    assert EmailAddress.objects.get(user=ada, primary=True).email == "ada@example.org"
    assert EmailAddress.objects.get(user=ada, primary=False).email == "old@example.org"
    client = Client()
    client.post("/accounts/login/", {"login": "old@example.org", "password": PASSWORD})
    assert client.get("/profile/").status_code == 200
    assert client.get("/accounts/email/").status_code == 200


def test_an_address_that_was_never_confirmed_goes(ada, operator, merge):
    old = UserFactory(email="never@example.org", verified=False)
    merge(other=old)
    assert not EmailAddress.objects.filter(email="never@example.org").exists()


def test_both_addresses_are_told_and_the_log_tells_of_both(ada, old, operator, merge):
    merge()
    told = Message.objects.filter(key=f"merged:{old.pk}")
    assert set(told.values_list("to", "user")) == {
        ("ada@example.org", ada.pk),
        ("old@example.org", ada.pk),
    }
    lines = dict(Act.objects.filter(actor=operator).values_list("verb", "target_id"))
    assert lines["took over an account"] == str(ada.pk)
    assert lines["was merged into an account"] == lines["closed the account"] == str(old.pk)
    line = Act.objects.get(verb="took over an account")
    assert line.after["account"] == f"person {old.pk}"
    assert "example.org" not in str(line.after)


@pytest.mark.parametrize("is_said", [True, False])
def test_who_owned_a_jam_owns_it_on(ada, old, merge, is_said):
    jam, other = JamFactory(), UserFactory()
    if is_said:
        services.set_up(jam=jam, by=old, moment=START)
    for user in (old, other):
        jam.organizers.add(user)
    merge()
    assert giving_roles.owners_of(jam) == [ada.pk]
    # Where only judges rate, organizers' ratings count: they stay among them.
    assert old in jam.organizers.all()


# -- what cannot -------------------------------------------------------------------------------


def test_what_both_have_stays_behind_and_is_given_back(ada, old, merge):
    jam = JamFactory()
    shared = SubmissionFactory(jam=jam, by=ada)
    ParticipationFactory(jam=jam, user=old)
    Contributor.objects.create(submission=shared, user=old, confirmed_at=MAKING)
    alone = SubmissionFactory(jam=jam, by=old)
    MailChoice.objects.create(user=ada, kind="news", how="never", chosen_at=MAKING)
    MailChoice.objects.create(user=old, kind="news", how="now", chosen_at=MAKING)
    assert shown(ada, old)["Jams in which they take part"] == (0, 1)
    assert shown(ada, old)["Choices of mails"] == (0, 1)
    assert shown(ada, old)["Submissions to which they contributed"][1] == 1
    merge()
    assert not Participation.objects.active().filter(user=old).exists()
    assert list(shared.contributors.values_list("user", flat=True)) == [ada.pk]
    assert list(alone.contributors.values_list("user", flat=True)) == [ada.pk]
    alone.refresh_from_db()
    assert alone.withdrawn_at is None
    assert MailChoice.objects.get().how == "never"


def test_blocks_and_asks_between_the_two_end(ada, old, merge):
    third = UserFactory()
    for by, whom in ((ada, old), (old, ada), (old, third), (third, old)):
        Block.objects.create(by=by, whom=whom, made_at=MAKING)
    submission = SubmissionFactory(by=ada)
    Ask.objects.create(submission=submission, user=old, by=ada, made_at=MAKING)
    merge()
    assert set(Block.objects.values_list("by", "whom")) == {
        (ada.pk, third.pk),
        (third.pk, ada.pk),
    }
    assert not Ask.objects.open().exists()


def test_refusals(ada, old, operator, refusal):
    assert refusal(by=ada) == MergeRefusal.NOT_OPERATOR
    assert refusal(other=ada) == MergeRefusal.SAME
    assert refusal(other=UserFactory(is_superuser=True)) == MergeRefusal.OPERATOR
    assert refusal(other=UserFactory(is_active=False)) == MergeRefusal.CLOSED
    by_link = UserFactory(email=User.unreachable_address("judge-1"))
    assert refusal(other=by_link) == MergeRefusal.BY_LINK
    assert refusal(user=by_link) == MergeRefusal.BY_LINK
    jam = ParticipationFactory(user=old).jam
    mine = ParticipationFactory(user=ada, jam=jam, cancelled_at=MAKING)
    assert refusal() == MergeRefusal.LEFT
    mine.delete()
    for banned, there in ((ada, old), (old, ada)):
        ParticipationFactory(user=there, jam=JamFactory())
        ban = Ban.objects.create(
            jam=there.participations.last().jam, user=banned, by=operator, reason="Rude",
            made_at=MAKING,
        )  # fmt: skip
        assert refusal() == MergeRefusal.BANNED
        ban.delete()
    assert not Act.objects.filter(verb="took over an account").exists()


def test_the_other_way_round_what_was_left_stays_a_trace(ada, old, merge):
    jam = ParticipationFactory(user=old).jam
    ParticipationFactory(user=ada, jam=jam, cancelled_at=MAKING)
    merge(user=old, other=ada)
    assert Participation.objects.active().get(jam=jam).user == old


def test_twice_is_refused(merge, refusal):
    merge()
    assert refusal() == MergeRefusal.CLOSED


# -- ratings -----------------------------------------------------------------------------------


def results_of(jam) -> list:
    freezing.results_of(jam, RESULTS)
    rows = Standing.objects.filter(results__jam=jam, criterion=None).order_by("submission")
    return list(rows.values_list("submission", "n", "raw", "rank", "adjusted_score"))


def rated(by, others=2, **rules):
    """A jam of three submissions, each rated by `by` and by others."""
    jam = small_jam(**rules)
    for number in range(3):
        submission = frozen_submission(jam)
        rate(submission, 1 + number, 5, by=by)
        for _other in range(others):
            rate(submission, 3, 4)
    return jam


def test_ratings_move_until_the_results_are_out(ada, old, merge):
    jam = rated(old)
    with transaction.atomic():
        as_it_was = results_of(jam)
        transaction.set_rollback(True)
    merge(MOMENTS["rating"])
    assert Rating.objects.filter(rater=ada).count() == 3
    assert not Rating.objects.filter(rater=old).exists()
    # Who gave them is of no weight.
    assert [row[:4] for row in results_of(jam)] == [row[:4] for row in as_it_was]


def test_results_and_what_they_are_counted_from_do_not_change(ada, old, merge):
    jam = rated(old)
    results = freezing.results_of(jam, RESULTS)
    before = list(Standing.objects.order_by("pk").values())
    assert shown(ada, old)["What they rated, and what hangs on it"] == (0, 3)
    merge(MOMENTS["finished"])
    assert list(Standing.objects.order_by("pk").values()) == before
    assert Rating.objects.filter(rater=old).count() == 3
    for ballot in (freezing.ballot_of(results), freezing.current_ballot(jam)):
        assert freezing.digest_of(ballot) == results.digest


@pytest.mark.parametrize("how", ["rated", "judges", "organizes", "contributed"])
def test_ratings_stay_where_the_kept_account_is_somebody(ada, old, merge, how):
    jam = rated(old)
    match how:
        case "rated":
            rate(Submission.objects.filter(jam=jam).first(), 2, 2, by=ada)
        case "judges":
            JudgeFactory(jam=jam, user=ada)
        case "organizes":
            jam.organizers.add(ada)
        case "contributed":
            frozen_submission(jam, by=ada)
    with transaction.atomic():
        as_it_was = results_of(jam)
        transaction.set_rollback(True)
    merge(MOMENTS["rating"])
    assert Rating.objects.complete().filter(rater=old).count() == 3
    assert results_of(jam) == as_it_was


def test_a_judge_moves_with_what_they_rated(ada, old, merge):
    jam = small_jam(eligibility=RatingRules.Eligibility.JUDGES)
    JudgeFactory(jam=jam, user=old)
    rate(frozen_submission(jam), 2, 4, by=old)
    merge(MOMENTS["rating"])
    assert Judge.objects.get(jam=jam).user == ada
    counted = Rating.objects.of_counted_raters(RatingRules.of(jam))
    assert counted.get().rater == ada


@pytest.mark.parametrize("kept_rates", [True, False])
def test_what_they_rated_of_their_own_does_not_count(ada, old, merge, kept_rates):
    rater, author = (ada, old) if kept_rates else (old, ada)
    jam = small_jam()
    rate(frozen_submission(jam, by=author), 5, 5, by=rater)
    other = rate(frozen_submission(jam), 5, 5, by=rater)
    assert any("1 rating is of work" in note for note in merging.notes(ada, old))
    merge(MOMENTS["rating"])
    assert Rating.objects.filter(voided_at=None).get() == other
    assert Act.objects.filter(verb="voided a rating", jam=jam).count() == 1


def test_what_they_rated_of_their_own_stands_once_the_results_are_out(ada, old, merge):
    jam = small_jam()
    rate(frozen_submission(jam, by=old), 5, 5, by=ada)
    freezing.results_of(jam, RESULTS)
    assert merging.notes(ada, old) == ["They can then sign in with old@example.org too."]
    merge(MOMENTS["finished"])
    assert Rating.objects.get().voided_at is None


@pytest.mark.parametrize("phase", ["rating", "finished"])
def test_whoever_is_merged_with_whomever_nothing_that_counts_changes(at, phase):
    world = World(phase, at)
    operator, jam = world.people["superuser"], world.jam
    before = freezing.digest_of(freezing.current_ballot(jam))
    merged = 0
    for kept in ("stranger", "contributor", "judge", "organizer"):
        for role in ROLES[1:-1]:
            who = {"user": world.people[kept], "other": world.people[role], "by": operator}
            with transaction.atomic():
                if merging.merge_refusal(operator, who["user"], who["other"], world.moment) is None:
                    merged += 1
                    counted = jam_ratings(jam)
                    merging.merge(**who, moment=world.moment)
                    # What has become somebody's own is voided, and only before the results.
                    assert phase == "rating" or jam_ratings(jam) == counted
                    if phase == "finished":
                        assert freezing.digest_of(freezing.current_ballot(jam)) == before
                transaction.set_rollback(True)
    assert merged > 30


def jam_ratings(jam) -> int:
    return Rating.objects.complete().filter(submission__jam=jam, voided_at=None).count()


# -- the page ----------------------------------------------------------------------------------


@pytest.fixture
def ask(client, ada, operator):
    def ask(data=None, by=operator):
        client.force_login(by)
        path = f"/people/{ada.pk}/merge/"
        return client.get(path) if data is None else client.post(path, data)

    return ask


def test_only_operators_open_it_and_find_the_way(ada, old, operator, ask, client):
    for user in (old, UserFactory(is_staff=True)):
        assert ask(by=user).status_code == 403
        assert ask({"other": old.email, "act": "merge", "sure": "yes"}, by=user).status_code == 403
        assert "/merge/" not in client.get(f"/people/{ada.pk}/").content.decode()
    assert ask().status_code == 200
    assert f"/people/{ada.pk}/merge/" in client.get(f"/people/{ada.pk}/").content.decode()
    jam = ParticipationFactory(user=ada).jam
    page = client.get(f"/jams/{jam.slug}/people/{ada.pk}/").content.decode()
    assert f"/people/{ada.pk}/merge/" in page
    assert ask({"other": old.email, "act": "look"}).status_code == 200
    assert not Act.objects.filter(verb="took over an account").exists()


def test_it_says_what_moves_and_then_does_it(ada, old, ask):
    jam, shared = ParticipationFactory(user=old).jam, JamFactory()
    for user in (ada, old):
        ParticipationFactory(user=user, jam=shared)
    page = ask({"other": "OLD@example.org", "act": "look"}).content.decode()
    for words in ("Jams in which they take part", "Both take part in it.", "cannot be undone",
                  "sign in with old@example.org too"):  # fmt: skip
        assert words in page
    unsure = ask({"other": old.email, "act": "merge"})
    assert unsure.status_code == 422
    assert "Tick the box first" in unsure.content.decode()
    assert not Participation.objects.filter(user=ada, jam=jam).exists()
    done = ask({"other": old.email, "act": "merge", "sure": "yes"})
    assert done.url == f"/people/{ada.pk}/"
    assert Participation.objects.filter(user=ada, jam=jam).exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "This field is required"),
        ("nobody", "valid email"),
        ("nobody@example.org", "No account has this address."),
        ("ada@example.org", "not two accounts, but one"),
    ],
)
def test_what_is_wrong_is_said(ask, said, words):
    response = ask({"other": said, "act": "look"})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert f'value="{said}"' in response.content.decode() or not said


def test_a_closed_account_has_no_such_page(ada, ask):
    services.close_account(user=ada, by=ada, moment=MAKING)
    assert ask().status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_statements(ada, old, rows, django_assert_num_queries):
    for _number in range(rows):
        ParticipationFactory(user=old)
        IdeaFactory(author=old)
    # Two for each of 57 references that move, however much there is.
    with django_assert_num_queries(114):
        merging.lines(merging.plan(ada, old))
