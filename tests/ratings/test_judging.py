"""Judges: invited by mail or by a link, given work by hand, talking to each other."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jam import giving_roles, outbox, services
from jam.errors import Refused
from jam.giving_roles import RoleRefusal
from jam.models import Act, Ban, Message, User
from jam.roles import TABLE, Right, Role
from ratings import judging
from ratings.judging import JudgingRefusal
from ratings.models import Conflict, Judge, JudgeAssignment, JudgeLink, JudgeNote, Rating
from ratings.permissions import awarding_refusal, rater_refusal
from ratings.queue import next_submission
from ratings.raters import rater_in
from ratings.views import judges
from tests.factories import MOMENTS, RATINGS_CLOSE, RESULTS, TICK, ParticipationFactory, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam

pytestmark = pytest.mark.django_db
NOW, COUNTING, FINISHED = MOMENTS["rating"], MOMENTS["counting"], MOMENTS["finished"]


@pytest.fixture
def coordinator():
    return UserFactory(display_name="Cora Coordinator")


@pytest.fixture
def jam(coordinator, at):
    at(NOW)
    jam = small_jam(criteria=1)
    giving_roles.give(jam=jam, user=coordinator, role=Role.COORDINATOR, by=coordinator, moment=NOW)
    return jam


def page_of(jam, path="judges/") -> str:
    return f"/jams/{jam.slug}/rate/{path}"


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def refusal_of(act, *args, moment=NOW, **values):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(*args, **values, moment=moment)
    return refused.value.refusal


def link(jam, by, name="Ada Judge", **more):
    return judging.invite_by_link(jam=jam, by=by, name=name, moment=NOW, **more)


def opened(secret) -> Client:
    """A browser in which the link was opened."""
    client = Client()
    assert client.get(f"/judge/{secret}/").status_code == 200
    assert client.post(f"/judge/{secret}/").status_code == 302
    return client


# -- by mail -----------------------------------------------------------------------------------


def test_a_judge_is_invited_by_mail(jam, coordinator, client):
    user = UserFactory(email="ada@example.org")
    client.force_login(coordinator)
    client.post(page_of(jam), {"act": "invite", "email": "ada@example.org"})
    assert Message.objects.filter(to="ada@example.org").count() == 1
    assert "ada@example.org" in text_of(client.get(page_of(jam)))
    [asked] = giving_roles.offered_to(user, NOW)
    giving_roles.answer(invitation=asked, user=user, accepts=True, moment=NOW)
    assert Judge.objects.get(jam=jam).user == user
    assert Act.objects.filter(verb="named a judge", target_name=f"person {user.pk}").exists()


def test_once_rating_has_closed_nobody_becomes_a_judge(jam, coordinator):
    user = UserFactory()
    asked = giving_roles.invite(jam=jam, by=coordinator, role=Role.JUDGE, email=user.email,
                                moment=NOW)  # fmt: skip
    answer = {"invitation": asked, "user": user, "accepts": True, "moment": RATINGS_CLOSE}
    assert refusal_of(giving_roles.answer, **answer) == RoleRefusal.CLOSED
    # Confirming an address goes on working.
    giving_roles.take_up(user=user, moment=RATINGS_CLOSE)
    assert not Judge.objects.exists()
    giving_roles.answer(**{**answer, "moment": RATINGS_CLOSE - TICK})
    assert Judge.objects.get().user == user


# -- by a link ---------------------------------------------------------------------------------


def test_a_link_opens_a_session_that_judges(jam, coordinator):
    work = frozen_submission(jam, title="Good work")
    made, secret = link(jam, coordinator)
    assert secret not in str(vars(made))
    assert JudgeLink.objects.get().digest == judging.digest_of(secret)
    judge = opened(secret)
    assert made.judge.user.display_name == "Ada Judge"
    page = judge.get(page_of(jam, ""))
    assert "Ada Judge" in text_of(page)
    assert "My jams" not in text_of(page)
    drawn = judge.post(page_of(jam, "next/"))
    assert drawn.url == page_of(jam, f"{work.pk}/")
    criterion = jam.criteria.get()
    judge.post(drawn.url, {f"stars_{criterion.pk}": "4", "version": ""})
    assert Rating.objects.complete().get().rater == made.judge.user
    assert {"made a judge’s link", "opened a judge’s link", "named a judge"} <= set(
        Act.objects.filter(jam=jam).values_list("verb", flat=True)
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/jams/{jam}/rate/", 200),
        ("get", "/jams/{jam}/", 200),
        ("get", "/jams/{jam}/submissions/", 200),
        ("get", "/jams/{jam}/theme.css", 200),
        ("post", "/jams/{jam}/join/", 403),
        ("post", "/jams/{jam}/ideas/propose/", 403),
        ("get", "/jams/{jam}/ideas/propose/", 403),
        ("get", "/jams/{jam}/participants/", 403),
        ("get", "/jams/{jam}/rate/judges/", 403),
        ("get", "/jams/{jam}/rate/coverage/", 403),
        ("post", "/jams/{jam}/reports/new/", 403),
        ("get", "/jams/{other}/", 403),
        ("get", "/jams/{other}/rate/", 403),
        ("post", "/jams/{other}/rate/next/", 403),
        ("post", "/jams/{other}/join/", 403),
        ("get", "/my-jams/", 403),
        ("get", "/profile/", 403),
        ("post", "/profile/", 403),
        ("get", "/account/data/", 403),
        ("get", "/account/data/download/", 403),
        ("post", "/account/leave/", 403),
        ("get", "/account/roles/", 403),
        ("get", "/accounts/email/", 403),
        ("post", "/accounts/password/set/", 403),
        ("get", "/admin/", 403),
        ("get", "/people/{person}/", 403),
        ("post", "/accounts/logout/", 302),
    ],
)
def test_and_does_nothing_else(jam, coordinator, method, path, status):
    other = small_jam()
    judge = opened(link(jam, coordinator)[1])
    path = path.format(jam=jam.slug, other=other.slug, person=coordinator.pk)
    assert getattr(judge, method)(path).status_code == status
    assert not User.objects.filter(participations__isnull=False).exists()


def test_a_link_that_is_ended_ends_its_sessions_at_once(jam, coordinator):
    made, secret = link(jam, coordinator)
    judge = opened(secret)
    judging.revoke_link(judge=made.judge, by=coordinator, moment=NOW)
    gone = judge.get(page_of(jam, ""))
    # Signed out: what everybody sees.
    assert "Ada Judge" not in text_of(gone)
    assert judge.post(page_of(jam, "next/")).url.startswith("/accounts/login/")
    assert judge.get(f"/judge/{secret}/").status_code == 404
    assert judge.post(f"/judge/{secret}/").status_code == 404
    again = {"judge": made.judge, "by": coordinator}
    assert refusal_of(judging.revoke_link, **again) == JudgingRefusal.NO_LINK


def test_even_if_its_session_was_not_found(jam, coordinator):
    """Sessions are deleted, and each request asks for the link besides."""
    made, secret = link(jam, coordinator)
    judge = opened(secret)
    JudgeLink.objects.filter(pk=made.pk).update(revoked_at=NOW)
    refused = judge.get(page_of(jam, ""))
    assert refused.status_code == 403
    assert "does not hold any more" in text_of(refused)
    assert "_auth_user_id" not in judge.session


def test_a_link_holds_until_its_hour(jam, coordinator, at):
    _made, secret = link(jam, coordinator, days=1)
    judge = opened(secret)
    at(NOW + timedelta(days=1) - TICK)
    assert Client().get(f"/judge/{secret}/").status_code == 200
    assert "Ada Judge" in text_of(judge.get(page_of(jam, "")))
    at(NOW + timedelta(days=1))
    assert Client().get(f"/judge/{secret}/").status_code == 404
    assert "Ada Judge" not in text_of(judge.get(page_of(jam, "")))


def test_a_new_link_ends_the_old_one(jam, coordinator):
    made, secret = link(jam, coordinator)
    _new, other = judging.renew_link(judge=made.judge, by=coordinator, moment=NOW)
    assert Client().get(f"/judge/{secret}/").status_code == 404
    assert opened(other).get(page_of(jam, "")).status_code == 200
    assert Judge.objects.count() == 1
    named = JudgeFactory(jam=jam)
    about = {"judge": named, "by": coordinator}
    assert refusal_of(judging.renew_link, **about) == JudgingRefusal.HAS_ACCOUNT


def test_nobody_tries_links_without_end(jam, coordinator, client, monkeypatch):
    monkeypatch.setattr(judges, "OPENED_AN_HOUR", 5)
    _made, secret = link(jam, coordinator)
    for _ in range(5):
        assert client.get("/judge/nonsense/").status_code == 404
    assert client.get(f"/judge/{secret}/").status_code == 403


def test_opening_it_signs_somebody_else_out(jam, coordinator):
    _made, secret = link(jam, coordinator)
    client = Client()
    client.force_login(coordinator)
    assert "signs you out" in text_of(client.get(f"/judge/{secret}/"))
    client.post(f"/judge/{secret}/")
    assert client.get(page_of(jam)).status_code == 403


def test_no_mail_goes_to_who_has_none(jam, coordinator):
    made, _secret = link(jam, coordinator)
    sent = outbox.post(user=made.judge.user, key="x", subject="x", paragraphs=[], moment=NOW)
    assert sent is None
    assert not made.judge.user.has_usable_password()
    assert not made.judge.user.is_reachable
    assert UserFactory().is_reachable


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": " "}, JudgingRefusal.NO_NAME),
        ({"name": "x" * 81}, JudgingRefusal.NO_NAME),
        ({"days": 0}, JudgingRefusal.BAD_DAYS),
        ({"days": 121}, JudgingRefusal.BAD_DAYS),
        ({"moment": RATINGS_CLOSE}, JudgingRefusal.CLOSED),
    ],
)
def test_a_link_wants_a_name_and_an_end(jam, coordinator, change, refusal):
    values = {"jam": jam, "by": coordinator, "name": "Ada", "days": 5, **change}
    assert refusal_of(judging.invite_by_link, **values) == refusal
    assert not JudgeLink.objects.exists()


def test_a_jam_has_room_for_so_many_judges(jam, coordinator, monkeypatch):
    monkeypatch.setattr(judging, "MOST_JUDGES", 1)
    link(jam, coordinator)
    about = {"jam": jam, "by": coordinator, "name": "Bob"}
    assert refusal_of(judging.invite_by_link, **about) == JudgingRefusal.TOO_MANY
    # One of them loses theirs all the same.
    judging.renew_link(judge=Judge.objects.get(), by=coordinator, moment=NOW)


# -- who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.JUDGE])
def test_rights_go_by_the_table(jam, coordinator, role):
    """Those that are asked for here; the others in tests/jam/test_roles.py."""
    user = UserFactory()
    giving_roles.give(jam=jam, user=user, role=role, by=user, moment=NOW)
    coordinates = judging.coordinate_refusal(user, jam) is None
    assert coordinates == (Right.JUDGES in TABLE[role])
    reads = judging.notes_refusal(rater_in(jam, user), COUNTING) is None
    assert reads == (Right.DELIBERATE in TABLE[role])
    awards = awarding_refusal(rater_in(jam, user), COUNTING) is None
    assert awards == (Right.AWARDS in TABLE[role])


def test_judges_have_theirs(jam):
    jam.rating_rules.eligibility = "judges"
    jam.rating_rules.save()
    user = JudgeFactory(jam=jam).user
    rater = rater_in(jam, user)
    assert (rater_refusal(rater) is None) == (Right.RATE in TABLE[Role.JUDGE])
    assert (awarding_refusal(rater, COUNTING) is None) == (Right.AWARDS in TABLE[Role.JUDGE])
    assert (judging.notes_refusal(rater, COUNTING) is None) == (
        Right.DELIBERATE in TABLE[Role.JUDGE]
    )
    assert judging.coordinate_refusal(user, jam) == JudgingRefusal.NOT_COORDINATOR
    assert rater_refusal(rater_in(jam, UserFactory())) is not None


# By right: an address that only those open who have it, and when.
OPENS = {
    Right.SET_UP: ("resources/arrange/", NOW),
    Right.ANNOUNCE: ("announcements/write/", NOW),
    Right.PEOPLE: ("answers/", NOW),
    Right.SUBMISSIONS: ("submissions/{work}/organize/", NOW),
    Right.MODERATE: ("reports/", NOW),
    Right.JUDGES: ("rate/judges/", NOW),
    Right.COVERAGE: ("rate/coverage/", NOW),
    Right.AWARDS: ("rate/awards/", COUNTING),
    Right.DELIBERATE: ("rate/notes/", COUNTING),
    Right.INTEGRITY: ("rate/integrity/", COUNTING),
    Right.LOG: ("log/", NOW),
    Right.EXPORT: ("exports/", NOW),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", OPENS)
def test_every_right_is_asked_for_at_its_address(jam, client, at, role, right):
    user = UserFactory()
    giving_roles.give(jam=jam, user=user, role=role, by=user, moment=NOW)
    path, moment = OPENS[right]
    at(moment)
    client.force_login(user)
    path = path.format(work=frozen_submission(jam).pk)
    status = client.get(f"/jams/{jam.slug}/{path}").status_code
    assert status == (200 if right in TABLE[role] else 403)


def test_no_right_is_left_out():
    # Giving roles and rating are tested above; local sites have people of their own.
    assert set(Right) - set(OPENS) == {Right.ROLES, Right.RATE, Right.SITES}


# -- work by hand ------------------------------------------------------------------------------


def assign(judge, *works, by, moment=NOW):
    return judging.assign(
        judge=judge, submissions=[work.pk for work in works], by=by, moment=moment
    )


def test_what_is_given_by_hand_comes_before_the_queue(jam, coordinator):
    first, second, third = (frozen_submission(jam, title=title) for title in "ABC")
    judge = JudgeFactory(jam=jam)
    for work in (second, third):
        rate(work, 3)
        rate(work, 3)
    assert assign(judge, third, second, by=coordinator) == 2
    assert assign(judge, third, by=coordinator) == 0
    order = []
    for _ in range(3):
        drawn = next_submission(jam, judge.user, NOW)
        order.append(drawn)
        rate(drawn, 4, by=judge.user)
    assert order == [third, second, first]
    assert next_submission(jam, UserFactory(), NOW) == first


def test_a_conflict_stands_in_the_way(jam, coordinator, client):
    mine, close, gone, work = (frozen_submission(jam, title=title) for title in "ABCD")
    judge = JudgeFactory(jam=jam)
    mine.contributors.create(user=judge.user, confirmed_at=NOW, order=9)
    Conflict.objects.create(submission=close, rater=judge.user, kind="close", declared_at=NOW)
    type(gone).objects.filter(pk=gone.pk).update(withdrawn_at=NOW)
    about = {"judge": judge, "by": coordinator}
    for one, refusal in (
        (mine, JudgingRefusal.OWN),
        (close, JudgingRefusal.CONFLICT),
        (gone, JudgingRefusal.OUT_OF_RUNNING),
        (frozen_submission(small_jam()), JudgingRefusal.OUT_OF_RUNNING),
    ):
        # All or nothing.
        both = {**about, "submissions": [work.pk, one.pk]}
        assert refusal_of(judging.assign, **both) == refusal
    assert not JudgeAssignment.objects.exists()
    # Declared afterwards, it is not drawn, and the coordinator sees why.
    assign(judge, work, by=coordinator)
    Conflict.objects.create(submission=work, rater=judge.user, kind="close", declared_at=NOW)
    assert next_submission(jam, judge.user, NOW) is None
    client.force_login(coordinator)
    page = text_of(client.get(page_of(jam, f"judges/{judge.pk}/")))
    assert "conflict of interest" in page


def test_it_is_taken_back(jam, coordinator, client):
    work, judge = frozen_submission(jam), JudgeFactory(jam=jam)
    client.force_login(coordinator)
    path = page_of(jam, f"judges/{judge.pk}/")
    client.post(path, {"submission": [work.pk]})
    assert judge.assignments.get().given_by == coordinator
    assert client.post(path, {}).status_code == 302
    client.post(path, {"act": "take", "submission": work.pk})
    assert not judge.assignments.exists()
    client.post(path, {"act": "take", "submission": work.pk})
    assert list(
        Act.objects.filter(target_type="submissions.submission", actor=coordinator)
        .order_by("pk")
        .values_list("verb", flat=True)
    ) == ["gave to a judge", "took from a judge"]


def test_how_far_they_are(jam, coordinator, client):
    works = [frozen_submission(jam, title=title) for title in "ABC"]
    judge = JudgeFactory(jam=jam)
    assign(judge, *works[:2], by=coordinator)
    rate(works[0], 2, by=judge.user)
    rate(works[2], 5, by=judge.user)
    rate(works[1], None, by=judge.user)
    [row] = judging.progress_of(jam)
    assert (row.given, row.done, row.completed, row.begun, row.conflicts) == (2, 1, 2, 1, 0)
    assert row.last_saved == NOW
    assert row.holds_until is None
    client.force_login(coordinator)
    assert "1 of 2" in text_of(client.get(page_of(jam)))
    client.force_login(judge.user)
    page = text_of(client.get(page_of(jam, "")))
    assert "Given to you" in page


def test_who_has_rated_stays_a_judge(jam, coordinator):
    """Else what they gave would count as a peer's."""
    work, judge = frozen_submission(jam), JudgeFactory(jam=jam)
    rate(work, 4, by=judge.user)
    about = {"judge": judge, "by": coordinator}
    assert refusal_of(judging.take_off, **about) == JudgingRefusal.HAS_RATED
    other, _secret = link(jam, coordinator)
    judging.take_off(judge=other.judge, by=coordinator, moment=NOW)
    assert list(Judge.objects.all()) == [judge]
    assert refusal_of(judging.take_off, **about, moment=RATINGS_CLOSE) == JudgingRefusal.CLOSED


# -- the page ----------------------------------------------------------------------------------


def test_the_secret_is_shown_once(jam, coordinator, client):
    client.force_login(coordinator)
    made = client.post(page_of(jam), {"act": "link", "name": "Ada", "days": "7"})
    found = re.search(r"/judge/([\w-]+)/", made.content.decode())
    assert Client().get(f"/judge/{found[1]}/").status_code == 200
    assert "no-store" in made["Cache-Control"]
    assert found[1] not in client.get(page_of(jam)).content.decode()
    judge = Judge.objects.get()
    again = client.post(page_of(jam), {"act": "renew", "judge": judge.pk})
    assert found[1] not in again.content.decode()
    client.post(page_of(jam), {"act": "revoke", "judge": judge.pk})
    assert JudgeLink.objects.filter(revoked_at=None).count() == 0
    client.post(page_of(jam), {"act": "off", "judge": judge.pk})
    assert not Judge.objects.exists()


def test_what_is_typed_wrongly_stays(jam, coordinator, client):
    client.force_login(coordinator)
    wrong = client.post(page_of(jam), {"act": "link", "name": "Ada", "days": "9999"})
    assert wrong.status_code == 422
    assert 'value="Ada"' in wrong.content.decode()
    wrong = client.post(page_of(jam), {"act": "invite", "email": "nobody"})
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.content.decode()
    assert client.post(page_of(jam), {"act": "nonsense"}).status_code == 404
    for act in ("renew", "revoke", "off"):
        junk = client.post(page_of(jam), {"act": act, "judge": "9" * 30})
        assert junk.status_code == 404
    assert client.post(page_of(jam), {"act": "withdraw", "invitation": "x"}).status_code == 302


def test_it_is_theirs_alone(jam, client):
    judge = JudgeFactory(jam=jam)
    for user in (UserFactory(), ParticipationFactory(jam=jam).user, judge.user):
        client.force_login(user)
        for path in ("judges/", f"judges/{judge.pk}/"):
            assert client.get(page_of(jam, path)).status_code == 403
            assert client.post(page_of(jam, path), {"act": "link"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_statements(jam, coordinator, client, rows, django_assert_num_queries):
    for number in range(rows):
        made, _secret = link(jam, coordinator, name=f"Judge {number}")
        works = [frozen_submission(jam, title=f"{number} {n}") for n in range(2)]
        assign(made.judge, works[0], by=coordinator)
        rate(works[0], 3, by=made.judge.user)
    client.force_login(coordinator)
    client.get(page_of(jam))
    # Session, reader, jam; count, judges; invitations.
    with django_assert_num_queries(6):
        client.get(page_of(jam))
    # Session, reader, jam; judge; given; count, submissions.
    with django_assert_num_queries(7):
        client.get(page_of(jam, f"judges/{made.judge.pk}/"))


# -- notes -------------------------------------------------------------------------------------


def test_judges_talk_once_rating_has_closed(jam, coordinator, client, at):
    work, judge = frozen_submission(jam, title="Good work"), JudgeFactory(jam=jam)
    path = page_of(jam, f"{work.pk}/notes/")
    client.force_login(judge.user)
    assert client.get(path).status_code == 403
    assert client.get(page_of(jam, "notes/")).status_code == 403
    at(COUNTING)
    assert "Good work" in text_of(client.get(page_of(jam, "notes/")))
    assert client.post(path, {"text": " "}).status_code == 422
    assert client.post(path, {"text": "It is <b>bold</b>."}).status_code == 302
    client.force_login(coordinator)
    page = client.get(path).content.decode()
    assert "It is &lt;b&gt;bold&lt;/b&gt;." in page
    assert "1 note" in text_of(client.get(page_of(jam, "notes/")))
    act = Act.objects.get(verb="wrote a judges’ note")
    assert (act.actor, act.target_name) == (judge.user, f"note {JudgeNote.objects.get().pk}")
    at(RESULTS)
    assert client.get(path).status_code == 200
    late = client.post(path, {"text": "Too late"})
    assert late.status_code == 422
    assert "Too late" in late.content.decode()


def test_and_nobody_else_reads_it(jam, client, at):
    work = frozen_submission(jam)
    organizer, author = UserFactory(), UserFactory()
    jam.organizers.add(organizer)
    work.contributors.create(user=author, confirmed_at=NOW, order=9)
    at(FINISHED)
    for user in (organizer, author, UserFactory()):
        client.force_login(user)
        for path in ("notes/", f"{work.pk}/notes/"):
            assert client.get(page_of(jam, path)).status_code == 403


def test_a_judge_who_is_kept_out_neither_reads_nor_places(jam, client, at):
    work, judge = frozen_submission(jam), JudgeFactory(jam=jam)
    Ban.objects.create(jam=jam, user=judge.user, by=UserFactory(), reason="Bribes", made_at=NOW)
    at(COUNTING)
    client.force_login(judge.user)
    for path in ("notes/", f"{work.pk}/notes/", "awards/"):
        assert client.get(page_of(jam, path)).status_code == 403
    about = {"submission": work, "by": judge.user, "text": "Well"}
    assert refusal_of(judging.write, **about, moment=COUNTING) == JudgingRefusal.NOT_JUDGE


@pytest.mark.parametrize("why", ["own", "conflict"])
def test_not_about_what_is_ones_own(jam, client, at, why):
    work, judge = frozen_submission(jam, title="Good work"), JudgeFactory(jam=jam)
    if why == "own":
        work.contributors.create(user=judge.user, confirmed_at=NOW, order=9)
    else:
        Conflict.objects.create(submission=work, rater=judge.user, kind="close", declared_at=NOW)
    at(COUNTING)
    client.force_login(judge.user)
    assert "Good work" not in text_of(client.get(page_of(jam, "notes/")))
    assert client.get(page_of(jam, f"{work.pk}/notes/")).status_code == 403
    about = {"submission": work, "by": judge.user, "text": "Well", "moment": COUNTING}
    assert refusal_of(judging.write, **about) in (
        JudgingRefusal.OWN_WORK,
        JudgingRefusal.OWN_CONFLICT,
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_of_the_notes(jam, client, at, rows, django_assert_num_queries):
    judge = JudgeFactory(jam=jam)
    for number in range(rows):
        work = frozen_submission(jam, title=f"Work {number}")
        judging.write(submission=work, by=judge.user, text="Well", moment=COUNTING)
    at(COUNTING)
    client.force_login(judge.user)
    client.get(page_of(jam, "notes/"))
    # Session, reader, jam, rater; count, submissions.
    with django_assert_num_queries(6):
        client.get(page_of(jam, "notes/"))
    # Session, reader, jam, rater; submission; count, notes.
    with django_assert_num_queries(7):
        client.get(page_of(jam, f"{work.pk}/notes/"))


# -- the database ------------------------------------------------------------------------------


def test_the_database_keeps_the_rules_of_judging(jam, coordinator):
    made, _secret = link(jam, coordinator)
    work = frozen_submission(jam)
    assign(made.judge, work, by=coordinator)
    own = {"judge": made.judge, "made_by": coordinator, "made_at": NOW, "expires_at": FINISHED}
    for model, row in (
        (JudgeLink, {**own, "digest": "x"}),
        (JudgeLink, {**own, "digest": made.digest, "revoked_at": NOW}),
        (JudgeLink, {**own, "digest": "", "revoked_at": NOW}),
        (JudgeLink, {**own, "digest": "y", "revoked_at": NOW, "expires_at": NOW}),
        (JudgeAssignment, {"judge": made.judge, "submission": work, "given_by": coordinator,
                           "given_at": NOW}),
        (JudgeNote, {"submission": work, "author": coordinator, "text": "", "written_at": NOW}),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**row)


def test_their_own_data_tells_of_it(jam, coordinator):
    from jam import parts

    judge = JudgeFactory(jam=jam)
    work = frozen_submission(jam, title="Good work")
    assign(judge, work, by=coordinator)
    judging.write(submission=work, by=judge.user, text="Well", moment=COUNTING)
    held = {}
    for part in parts.all_parts():
        held |= part.personal_data(judge.user)
    assert held["notes as a judge"][0]["text"] == "Well"
    assert held["given to judge"][0]["submission__frozen__title"] == "Good work"
    services.close_account(user=judge.user, by=judge.user, moment=COUNTING)
    assert JudgeNote.objects.exists()
