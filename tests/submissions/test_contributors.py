"""Contributors: in which order they stand, what each did, and corrections by organizers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jam.models import Act, Message
from jam.parts import Reader, next_step, steps_of, with_facts
from jam.services import cancel, close_account
from ratings.models import Rating
from submissions import crediting, freezing, services
from submissions.models import Contributor, Correction, Revision, Role, Submission
from submissions.models.credit import validate_roles
from submissions.permissions import DraftRefusal, OrderRefusal, OrganizerRefusal, TeamRefusal
from tests.factories import (
    MOMENTS,
    RESULTS,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    UserFactory,
)
from tests.ratings.factories import rate
from tests.ratings.test_races import race
from tests.ratings.test_rating_pages import text_of
from tests.submissions.factories import SubmissionFactory, frozen_submission
from tests.submissions.test_services import refusal_of, save
from tests.submissions.test_tracks import editor, posted, with_content

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]
CLOSED = SUBMISSIONS_CLOSE + timedelta(minutes=2)
REASON = "Grace wrote the code, and was ill on Sunday."
No = OrganizerRefusal


@pytest.fixture
def draft():
    """Of three, who joined one after the other."""
    ada, grace, mary = (
        UserFactory(display_name=name, affiliation=f"House of {name}")
        for name in ("Ada", "Grace", "Mary")
    )
    draft = SubmissionFactory(by=ada)

    for user in (grace, mary):
        services.join_team(submission=draft, user=user, moment=NOW)
    draft.ada, draft.grace, draft.mary = ada, grace, mary
    return draft


def names(submission) -> str:
    content = freezing.content_of(with_content(submission))
    return " ".join(person["name"] for person in content["contributors"])


def keys(submission, *people) -> list[int]:
    return [getattr(submission, name).pk for name in people]


def propose(draft, by, *people, seen=("ada", "grace", "mary"), moment=NOW) -> None:
    services.propose_order(
        submission=draft, by=by, order=keys(draft, *people), seen=keys(draft, *seen), moment=moment
    )


def agree(draft, by, *people, moment=NOW) -> None:
    services.agree_to_order(submission=draft, by=by, seen=keys(draft, *people), moment=moment)


def waiting(draft) -> str:
    return " ".join(map(str, with_content(draft).not_agreed))


NEW = ("mary", "ada", "grace")


# -- the order -----------------------------------------------------------------------------------


def test_whoever_joins_stands_last_and_brings_their_affiliation(draft):
    assert names(draft) == "Ada Grace Mary"
    grace = draft.contributors.get(user=draft.grace)
    assert (grace.order, grace.affiliation) == (1, "House of Grace")


def test_an_order_holds_once_all_have_agreed(draft):
    propose(draft, draft.mary, *NEW)
    assert (names(draft), waiting(draft)) == ("Ada Grace Mary", "Ada Grace")
    agree(draft, draft.ada, *NEW)
    assert (names(draft), waiting(draft)) == ("Ada Grace Mary", "Grace")
    agree(draft, draft.grace, *NEW)
    assert (names(draft), waiting(draft)) == ("Mary Ada Grace", "")
    assert Act.objects.filter(verb="agreed on the order").count() == 1


def test_another_proposal_takes_the_place_of_the_first(draft):
    propose(draft, draft.mary, *NEW)
    agree(draft, draft.ada, *NEW)
    propose(draft, draft.grace, "grace", "mary", "ada", seen=NEW)
    assert waiting(draft) == "Mary Ada"
    propose(draft, draft.ada, "ada", "grace", "mary", seen=("grace", "mary", "ada"))
    assert (waiting(draft), names(draft)) == ("", "Ada Grace Mary")
    assert not with_content(draft).proposed_team


def test_they_are_told_once_an_hour_at_most(draft):
    propose(draft, draft.mary, *NEW)
    propose(draft, draft.mary, "mary", "grace", "ada", seen=NEW)
    told = Message.objects.filter(key__startswith="order:").order_by("pk")
    assert [message.user for message in told] == [draft.ada, draft.grace]
    assert "Mary proposes another order" in told[0].text


def test_whoever_joins_meanwhile_agrees_as_well(draft):
    propose(draft, draft.mary, *NEW)
    late = draft.late = UserFactory(display_name="Late")
    services.join_team(submission=draft, user=late, moment=NOW)
    assert names(draft) == "Ada Grace Mary Late"
    for user in (draft.ada, draft.grace, late):
        assert names(draft) == "Ada Grace Mary Late"
        agree(draft, user, *NEW, "late")
    assert names(draft) == "Mary Ada Grace Late"


@pytest.mark.parametrize("leave", [services.leave_team, cancel])
def test_when_the_last_who_had_not_agreed_leaves_the_order_holds(draft, leave):
    propose(draft, draft.mary, *NEW)
    agree(draft, draft.ada, *NEW)
    who = {"submission": draft} if leave is services.leave_team else {"jam": draft.jam}
    leave(user=draft.grace, moment=NOW, **who)
    assert (names(draft), waiting(draft)) == ("Mary Ada", "")


def test_when_whoever_was_to_be_moved_leaves_nothing_is_proposed_any_more(draft):
    propose(draft, draft.ada, *NEW)
    services.leave_team(submission=draft, user=draft.mary, moment=NOW)
    assert names(draft) == "Ada Grace"
    assert not with_content(draft).proposed_team


def test_at_the_deadline_what_not_all_agreed_to_does_not_hold(draft):
    propose(draft, draft.mary, *NEW)
    freezing.close(draft.jam, CLOSED)
    draft.refresh_from_db()
    assert draft.frozen.names == "Ada, Grace, Mary"
    asked = {"submission": draft, "by": draft.ada, "moment": CLOSED}
    refusal = refusal_of(services.agree_to_order, seen=keys(draft, *NEW), **asked)
    assert refusal == DraftRefusal.CLOSED


@pytest.mark.parametrize(
    ("by", "order", "seen", "moment", "refusal"),
    [
        ("stranger", NEW, ("ada", "grace", "mary"), NOW, DraftRefusal.NOT_TEAM),
        ("ada", NEW, ("ada", "grace", "mary"), SUBMISSIONS_CLOSE - TICK, None),
        ("ada", NEW, ("ada", "grace", "mary"), SUBMISSIONS_CLOSE, DraftRefusal.CLOSED),
        ("ada", NEW, ("grace", "ada", "mary"), NOW, OrderRefusal.CHANGED),
        ("ada", ("mary", "ada"), ("ada", "grace", "mary"), NOW, OrderRefusal.CHANGED),
        ("ada", ("mary", "ada", "ada"), ("ada", "grace", "mary"), NOW, OrderRefusal.CHANGED),
        ("ada", ("mary", "ada", "stranger"), ("ada", "grace", "mary"), NOW, OrderRefusal.CHANGED),
    ],
)
def test_who_may_propose_what(draft, by, order, seen, moment, refusal):
    draft.stranger = UserFactory()
    asked = {"submission": draft, "by": getattr(draft, by), "order": keys(draft, *order),
             "seen": keys(draft, *seen), "moment": moment}  # fmt: skip
    if refusal is None:
        services.propose_order(**asked)
    else:
        assert refusal_of(services.propose_order, **asked) == refusal
    assert bool(with_content(draft).proposed_team) is (refusal is None)


def test_who_may_agree_to_what(draft):
    asked = {"submission": draft, "by": draft.ada, "moment": NOW}
    agreeing = services.agree_to_order
    assert refusal_of(agreeing, seen=keys(draft, *NEW), **asked) == OrderRefusal.NO_PROPOSAL
    propose(draft, draft.mary, *NEW)
    old = keys(draft, "ada", "grace", "mary")
    assert refusal_of(agreeing, seen=old, **asked) == OrderRefusal.CHANGED
    agree(draft, draft.ada, *NEW)
    assert refusal_of(agreeing, seen=keys(draft, *NEW), **asked) == OrderRefusal.AGREED


def test_agreement_is_to_a_proposed_order(draft):
    with transaction.atomic(), pytest.raises(IntegrityError):
        draft.contributors.update(agreed_at=NOW)


def test_the_editor_orders_by_buttons(at, client, draft):
    at(NOW)
    client.force_login(draft.ada)
    seen = "-".join(map(str, keys(draft, "ada", "grace", "mary")))
    wanted = "-".join(map(str, keys(draft, "grace", "ada", "mary")))
    page = client.get(editor(draft)).content.decode()
    assert page.count(f'value="{wanted}/{seen}"') == 2, "the first later, or the second earlier"
    # What is in the form is saved as well.
    moved = posted(draft, title="Typed", order=f"{wanted}/{seen}")
    response = client.post(editor(draft), moved)
    assert response["Location"].endswith("/edit/#team")
    draft.refresh_from_db()
    assert draft.title == "Typed"
    said = text_of(client.get(editor(draft)))
    assert "Until all have agreed, this one holds: Ada, Grace, Mary." in said
    assert "Not agreed yet: Grace, Mary." in said
    for user in (draft.grace, draft.mary):
        client.force_login(user)
        page = client.get(editor(draft)).content.decode()
        assert f'name="order" value="{wanted}/{wanted}"' in page
        draft.refresh_from_db()
        client.post(editor(draft), posted(draft, order=f"{wanted}/{wanted}"))
    assert names(draft) == "Grace Ada Mary"
    stale = client.post(editor(draft), posted(draft, order=f"{seen}/{seen}"), follow=True)
    assert "Nobody proposes another order any more" in text_of(stale)


@pytest.mark.parametrize("asked", ["", "/", "x", "1-2", "9" * 99, "1-²/1", "-/-"])
def test_an_order_that_is_none_is_refused_in_the_page(at, client, draft, asked):
    at(NOW)
    client.force_login(draft.ada)
    response = client.post(editor(draft), posted(draft, order=asked))
    assert response.status_code == 302
    assert names(draft) == "Ada Grace Mary"


def test_the_next_step_says_who_has_not_agreed(draft):
    def told():
        jam = with_facts(type(draft.jam).objects.all()).get()
        reader = Reader(draft.ada, NOW, lambda: draft.ada.participations.get())
        return next_step(steps_of(jam, reader)).text

    assert "order" not in told()
    propose(draft, draft.mary, *NEW)
    assert "not agreed yet: Ada, Grace" in told()


# -- what each did -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "fits"),
    [
        ([], True),
        (["software"], True),
        (["investigation", "software", "writing-review-editing"], True),
        (["software", "investigation"], False),
        (["software", "software"], False),
        (["cooking"], False),
        ("software", False),
    ],
)
def test_roles_are_those_of_credit(roles, fits):
    assert len(Role) == 14
    if fits:
        validate_roles(roles)
    else:
        with pytest.raises(ValidationError):
            validate_roles(roles)


@pytest.mark.parametrize(("name", "status"), [("edit", 302), ("autosave", 200)])
def test_each_says_their_own(at, client, draft, name, status):
    at(NOW)
    client.force_login(draft.grace)
    page = client.get(editor(draft)).content.decode()
    assert 'value="House of Grace"' in page
    told = posted(draft, affiliation="Navy", role_software="on", role_investigation="on")
    assert client.post(editor(draft, name), told).status_code == status
    ada, grace, _mary = freezing.content_of(with_content(draft))["contributors"]
    assert (grace["affiliation"], grace["roles"]) == ("Navy", ["investigation", "software"])
    assert "roles" not in ada
    assert client.get(editor(draft)).content.decode().count(" checked") == 2


def test_a_part_is_saved_as_the_rest_is(draft):
    part = {"affiliation": "Navy", "roles": ["software"]}
    saved = save(draft, by=draft.grace, part=part)
    assert saved.version == 1
    assert save(draft, by=draft.grace, part=part, version=0).version == 1
    with pytest.raises(services.StaleDraft):
        save(draft, by=draft.grace, part={"affiliation": "Yale"}, version=0)


def test_the_affiliation_is_as_of_the_jam_and_the_orcid_of_the_profile(draft):
    draft.ada.affiliation, draft.ada.orcid = "Elsewhere", "0000-0002-1825-0097"
    draft.ada.save()
    ada, grace, _mary = freezing.content_of(with_content(draft))["contributors"]
    assert ada["orcid"] == "0000-0002-1825-0097"
    assert ada["affiliation"] == "House of Ada"
    assert set(grace) == {"id", "name", "affiliation"}


def test_whoever_leaves_for_good_takes_it_along_save_from_what_was_handed_in(at, client):
    user = UserFactory(display_name="Ada", affiliation="Engines", orcid="0000-0002-1825-0097")
    work = SubmissionFactory(by=user)
    Contributor.objects.update(affiliation="Engines")
    freezing.close(work.jam, CLOSED)
    close_account(user=user, by=user, moment=MOMENTS["rating"])
    user.refresh_from_db()
    assert (user.orcid, work.contributors.get().affiliation) == ("", "")
    work.refresh_from_db()
    assert work.frozen.content["contributors"][0]["orcid"] == "0000-0002-1825-0097"
    at(MOMENTS["rating"])
    page = client.get(work.get_absolute_url()).content.decode()
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in page


def test_the_page_tells_who_did_what(at, client, draft):
    save(draft, by=draft.grace, part={"roles": ["software", "writing-original-draft"]})
    freezing.close(draft.jam, CLOSED)
    at(MOMENTS["rating"])
    assert "Contributions Grace: Software, Writing – original draft" in text_of(
        client.get(draft.get_absolute_url())
    )


# -- after the freezing ----------------------------------------------------------------------------


@pytest.fixture
def work(draft):
    """Frozen."""
    freezing.close(draft.jam, CLOSED)
    draft.refresh_from_db()
    draft.organizer = UserFactory(display_name="Olga")
    draft.jam.organizers.add(draft.organizer)
    draft.new = UserFactory(display_name="New", affiliation="Yale")
    Message.objects.all().delete()
    return draft


def correct(work, *people, by=None, reason=REASON, moment=MOMENTS["rating"]) -> Correction:
    return crediting.correct_contributors(
        submission=work,
        by=by or work.organizer,
        order=[getattr(work, name) for name in people],
        reason=reason,
        moment=moment,
    )


def test_organizers_correct_who_contributed(work):
    digest = work.frozen.digest
    correct(work, "new", "grace", "ada")
    work.refresh_from_db()
    assert [person["name"] for person in work.credited] == ["New", "Grace", "Ada"]
    assert [c.user for c in work.contributors.all()] == [work.new, work.grace, work.ada]
    assert work.frozen.digest == digest == freezing.digest_of(work.frozen.content)
    assert [p["name"] for p in work.frozen.content["contributors"]] == ["Ada", "Grace", "Mary"]
    assert work.frozen.names == "New, Grace, Ada"
    assert "new" in work.frozen.search_index
    act = Act.objects.get(verb="corrected the contributors")
    assert (act.actor, act.reason) == (work.organizer, REASON)
    assert act.before["order"] == keys(work, "ada", "grace", "mary")
    told = Message.objects.filter(key__startswith="corrected:")
    assert {message.user for message in told} == {work.ada, work.grace, work.mary, work.new}
    assert all(REASON in message.text and "New, Grace, Ada" in message.text for message in told)


def test_a_second_correction_stands_beside_the_first(work):
    first = correct(work, "grace", "ada", "mary")
    second = correct(work, "grace", "ada")
    work.refresh_from_db()
    assert work.correction == second
    assert list(work.corrections.all()) == [second, first]


def test_whose_account_is_closed_keeps_the_name_that_was_handed_in(work):
    close_account(user=work.ada, by=work.ada, moment=MOMENTS["rating"])
    correct(work, "mary", "grace", "ada")
    work.refresh_from_db()
    assert work.frozen.names == "Mary, Grace, Ada"


@pytest.mark.parametrize(
    ("by", "people", "reason", "refusal"),
    [
        ("ada", ("ada",), REASON, No.NOT_ORGANIZER),
        ("new", ("new",), REASON, No.NOT_ORGANIZER),
        ("organizer", (), REASON, No.NOBODY),
        ("organizer", ("ada", "grace", "mary"), REASON, No.NOTHING_TO_DO),
        ("organizer", ("ada",), " ", No.NO_REASON),
    ],
)
def test_why_contributors_are_not_corrected(work, by, people, reason, refusal):
    asked = {"submission": work, "by": getattr(work, by), "reason": reason, "moment": RESULTS,
             "order": [getattr(work, name) for name in people]}  # fmt: skip
    assert refusal_of(crediting.correct_contributors, **asked) == refusal
    assert not Message.objects.exists()


def test_until_it_is_frozen_its_team_decides(draft):
    organizer = UserFactory(is_superuser=True)
    asked = {"submission": draft, "by": organizer, "order": [draft.ada], "reason": REASON}
    assert refusal_of(crediting.correct_contributors, **asked, moment=NOW) == No.NOT_CLOSED
    asked = {"submission": draft, "user": draft.ada, "moment": SUBMISSIONS_CLOSE}
    assert refusal_of(services.leave_team, **asked) == TeamRefusal.CLOSED


def test_the_database_wants_a_reason_and_a_frozen_submission(work):
    with transaction.atomic(), pytest.raises(IntegrityError):
        Correction.objects.create(
            submission=work, contributors=[], reason="", made_by=work.organizer, made_at=NOW
        )
    correction = correct(work, "ada")
    with transaction.atomic(), pytest.raises(IntegrityError):
        Submission.objects.filter(pk=work.pk).update(frozen=None, correction=correction)


def test_a_rating_of_what_is_found_to_be_ones_own_does_not_count(work):
    stars = [3] * work.jam.criteria.count()
    rating, other = rate(work, *stars, by=work.new), rate(work, *stars, by=UserFactory())
    correct(work, "ada", "grace", "mary", "new")
    rating.refresh_from_db()
    other.refresh_from_db()
    assert (rating.voided_by, other.voided_at) == (work.organizer, None)
    assert Rating.objects.exclude(void_reason="").get().void_reason == (
        "Its rater is a contributor of the submission."
    )


def test_what_is_handed_in_late_names_them_as_corrected(work):
    services.grant_time(
        submission=work, by=work.organizer, expires_at=CLOSED + timedelta(minutes=30),
        reason="The hall lost its power.", moment=CLOSED,
    )  # fmt: skip
    correct(work, "grace", "ada", moment=CLOSED)
    revision = services.hand_in(submission=work, by=work.ada, moment=CLOSED)
    work.refresh_from_db()
    assert (revision.origin, revision.names) == (Revision.Origin.LATE, "Grace, Ada")
    assert work.correction is None


def test_the_page_of_the_organizers_corrects_it(at, client, work):
    at(MOMENTS["rating"])
    client.force_login(work.organizer)
    page = f"/jams/{work.jam.slug}/submissions/{work.pk}/organize/"
    asked = {"act": "correct", "reason": REASON}
    places = {f"place_{user.pk}": place for user, place in
              [(work.ada, "2"), (work.grace, "1"), (work.mary, "")]}  # fmt: skip
    assert "Correct the contributors" in text_of(client.get(page))
    for wrong, why in [
        ({f"place_{work.mary.pk}": "1"}, "Two people cannot have the same place."),
        ({"add": "nobody@example.org"}, "Nobody has an account with this address."),
        ({"add": work.ada.email}, "They are a contributor already."),
        ({"add": "no address"}, "Enter a valid email address."),
        ({f"place_{work.ada.pk}": "9"}, "Select a valid choice."),
        ({"reason": ""}, "This field is required."),
    ]:
        response = client.post(page, asked | places | wrong)
        assert (response.status_code, why in text_of(response)) == (422, True), why
    done = client.post(page, asked | places | {"add": work.new.email.upper()}, follow=True)
    assert "The contributors are corrected" in text_of(done)
    client.logout()
    shown = text_of(client.get(work.get_absolute_url()))
    assert f"Contributors corrected by Olga, because: {REASON}" in shown
    assert "Mary" not in shown
    client.force_login(UserFactory())
    beside = text_of(client.get(f"/jams/{work.jam.slug}/rate/{work.pk}/"))
    assert "because: " + REASON in beside
    record = f"/jams/{work.jam.slug}/submissions/{work.pk}/revisions/1/"
    assert "Mary" in text_of(client.get(record))


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_page(at, client, size, django_assert_num_queries):
    work = frozen_submission(JamFactory())
    for _ in range(size):
        work.contributors.create(user=UserFactory(), confirmed_at=NOW)
    freezing.close(work.jam, CLOSED)
    organizer = UserFactory()
    work.jam.organizers.add(organizer)
    crediting.correct_contributors(
        submission=work, by=organizer, order=[c.user for c in work.contributors.all()][1:],
        reason=REASON, moment=MOMENTS["rating"],
    )  # fmt: skip
    at(MOMENTS["rating"])
    with django_assert_num_queries(3):
        client.get(work.get_absolute_url())


# -- races -----------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_two_who_agree_at_once_have_agreed(draft, attempt):
    propose(draft, draft.mary, *NEW)
    seen = keys(draft, *NEW)

    def agreeing(user):
        return lambda: services.agree_to_order(submission=draft, by=user, seen=seen, moment=NOW)

    assert race(agreeing(draft.ada), agreeing(draft.grace)) == [None, None]
    assert names(draft) == "Mary Ada Grace"
    assert Act.objects.filter(verb="agreed on the order").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_one_agrees_as_another_leaves(draft, attempt):
    propose(draft, draft.mary, *NEW)
    seen = keys(draft, *NEW)

    def agreeing():
        services.agree_to_order(submission=draft, by=draft.ada, seen=seen, moment=NOW)

    def leaving():
        services.leave_team(submission=draft, user=draft.grace, moment=NOW)

    outcomes = race(agreeing, leaving)
    assert outcomes[1] is None
    if outcomes[0] is not None:
        # Grace had left by then: what Ada saw was not what was proposed any more.
        assert outcomes[0].refusal == OrderRefusal.CHANGED
        agree(draft, draft.ada, "mary", "ada")
    assert names(draft) == "Mary Ada"
    assert not with_content(draft).proposed_team


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_all_but_one_leave_at_once(draft):
    outcomes = race(
        *(
            lambda user=user: services.leave_team(submission=draft, user=user, moment=NOW)
            for user in (draft.ada, draft.grace, draft.mary)
        )
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "NoneType", "NoneType", "Refused"
    ]  # fmt: skip
    assert draft.contributors.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_once_are_one(draft):
    seen = keys(draft, "ada", "grace", "mary")

    def proposing(user, *people):
        return lambda: services.propose_order(
            submission=draft, by=user, order=keys(draft, *people), seen=seen, moment=NOW
        )

    outcomes = race(proposing(draft.ada, *NEW), proposing(draft.mary, "mary", "grace", "ada"))
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert [outcome.refusal for outcome in refused] == [OrderRefusal.CHANGED]
    assert len(with_content(draft).not_agreed) == 2
