from __future__ import annotations

import hashlib
import json
import threading

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction

from jam.config.demo import files as demo_files
from jam.errors import Refused
from jam.models import Act, Message, Participation
from jam.services import cancel
from submissions import freezing, services
from submissions.models import Contributor, File, Revision, Submission, SubmissionRules
from submissions.permissions import DraftRefusal, OrganizerRefusal, TeamRefusal, WithdrawRefusal
from tests.factories import (
    MOMENTS,
    RESULTS,
    START,
    SUBMISSIONS_CLOSE,
    TICK,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.submissions.factories import SubmissionFactory, frozen_submission

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]
PDF = demo_files.report("Work", ["A"], "We asked", "We looked")


def member(submission):
    return submission.contributors.order_by("pk").first().user


def refusal_of(call, **kwargs):
    with pytest.raises(Refused) as caught:
        call(**kwargs)
    return caught.value.refusal


def save(
    submission, *, version=None, by=None, links=None, answers=None, part=None, moment=NOW, **fields
) -> Submission:
    return services.save_draft(
        submission=submission,
        by=by or member(submission),
        fields=fields,
        links=links,
        answers=answers,
        part=part,
        version=submission.version if version is None else version,
        moment=moment,
    )


# -- starting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_in", "moment", "refusal"),
    [
        (True, START - TICK, DraftRefusal.NOT_STARTED),
        (True, START, None),
        (True, SUBMISSIONS_CLOSE - TICK, None),
        (True, SUBMISSIONS_CLOSE, DraftRefusal.CLOSED),
        (False, NOW, DraftRefusal.NOT_IN),
    ],
)
def test_who_may_start_when(is_in, moment, refusal):
    jam = JamFactory()
    user = ParticipationFactory(jam=jam).user if is_in else UserFactory()
    if refusal is None:
        submission = services.start(jam=jam, by=user, moment=moment)
        assert member(submission) == user
    else:
        assert refusal_of(services.start, jam=jam, by=user, moment=moment) == refusal


# -- saving ------------------------------------------------------------------------------------


def test_a_save_is_kept_with_its_links():
    links = [{"kind": "repository", "url": "https://git.example.org/a", "label": "👩‍🔬 code"}]
    submission = save(SubmissionFactory(), title="नया शीर्षक", links=links)
    assert (submission.title, submission.version) == ("नया शीर्षक", 1)
    assert submission.links.get().label == "👩‍🔬 code"


def test_a_stale_save_overwrites_nothing():
    submission = SubmissionFactory()
    save(submission, title="Mine")
    with pytest.raises(services.StaleDraft) as caught:
        save(submission, title="Theirs", version=0)
    assert caught.value.submission.title == "Mine"
    assert caught.value.submission.saved_by == member(submission)
    assert Submission.objects.get().title == "Mine"


def test_saving_what_is_there_is_never_stale():
    submission = SubmissionFactory()
    save(submission, title="Same")
    assert save(submission, title="Same", version=0).version == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"withdrawn_at": NOW}, DraftRefusal.WITHDRAWN),
        (
            {"disqualified_at": NOW, "disqualification_reason": "spam"},
            DraftRefusal.DISQUALIFIED,
        ),
    ],
)
def test_what_may_still_be_written(change, refusal):
    submission = SubmissionFactory(**change)
    if refusal is None:
        assert save(submission, title="New").title == "New"
    else:
        assert refusal_of(save, submission=submission, title="New") == refusal


def test_strangers_write_nothing():
    submission = SubmissionFactory()
    for act in (services.hand_in, services.renew_invitation):
        refusal = refusal_of(act, submission=submission, by=UserFactory(), moment=NOW)
        assert refusal == DraftRefusal.NOT_TEAM


# -- handing in --------------------------------------------------------------------------------


@pytest.mark.parametrize("lacking", ["title", "abstract", "body", "licence"])
def test_an_incomplete_draft_is_not_handed_in(lacking):
    submission = SubmissionFactory(**{lacking: ""})
    call = {"submission": submission, "by": member(submission), "moment": NOW}
    assert refusal_of(services.hand_in, **call) == DraftRefusal.INCOMPLETE


def test_a_report_stands_for_a_body_and_a_jam_may_require_it():
    submission = SubmissionFactory(body="")
    user = member(submission)
    services.add_file(submission=submission, by=user, upload=ContentFile(PDF, "a.pdf"), moment=NOW)
    SubmissionRules.objects.update(report_required=True, repository_required=True)
    call = {"submission": submission, "by": user, "moment": NOW}
    assert refusal_of(services.hand_in, **call) == DraftRefusal.INCOMPLETE
    link = {"kind": "repository", "url": "https://git.example.org/a", "label": ""}
    save(submission, links=[link])
    assert services.hand_in(**call).number == 1


def test_the_receipt_has_hashes_that_anybody_can_check():
    submission = SubmissionFactory()
    user = member(submission)
    services.add_file(submission=submission, by=user, upload=ContentFile(PDF, "a.pdf"), moment=NOW)
    revision = services.hand_in(submission=submission, by=user, moment=NOW)
    assert revision.content["files"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
    text = json.dumps(revision.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert revision.digest == hashlib.sha256(text.encode()).hexdigest()
    mail = Message.objects.get()
    assert revision.digest in mail.text
    assert f"in this order: {user.display_name}." in mail.text
    assert hashlib.sha256(PDF).hexdigest() in mail.text


def test_handing_in_the_same_twice_is_one_revision_and_one_mail():
    submission = SubmissionFactory()
    call = {"submission": submission, "by": member(submission)}
    first = services.hand_in(**call, moment=NOW)
    assert services.hand_in(**call, moment=NOW + TICK) == first
    save(submission, title="Changed")
    second = services.hand_in(**call, moment=NOW + TICK)
    assert second.number == 2
    assert Message.objects.count() == 2


def test_a_file_that_is_removed_stays_with_its_revision():
    submission = SubmissionFactory()
    user = member(submission)
    file = services.add_file(
        submission=submission, by=user, upload=ContentFile(PDF, "a.pdf"), moment=NOW
    )
    revision = services.hand_in(submission=submission, by=user, moment=NOW)
    services.remove_file(submission=submission, by=user, file_id=file.pk, moment=NOW)
    assert File.objects.get().removed_at == NOW
    assert list(revision.files.all()) == [file]
    assert file.content.storage.exists(file.content.name)


def test_the_same_file_twice_is_one_file():
    submission = SubmissionFactory()
    add = {"submission": submission, "by": member(submission), "moment": NOW}
    first = services.add_file(upload=ContentFile(PDF, "a.pdf"), **add)
    assert services.add_file(upload=ContentFile(PDF, "b.pdf"), **add) == first


def test_handing_in_takes_few_statements(django_assert_max_num_queries):
    submission = SubmissionFactory()
    user = member(submission)
    with django_assert_max_num_queries(16):
        services.hand_in(submission=submission, by=user, moment=NOW)


# -- teams -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "size", "moment", "refusal"),
    [
        ({}, 2, NOW, None),
        ({}, 1, NOW, TeamRefusal.FULL),
        ({}, 2, SUBMISSIONS_CLOSE - TICK, None),
        ({}, 2, SUBMISSIONS_CLOSE, TeamRefusal.CLOSED),
        ({"withdrawn_at": NOW}, 2, NOW, TeamRefusal.WITHDRAWN),
    ],
)
def test_who_may_join_a_team(change, size, moment, refusal):
    submission = SubmissionFactory(**change)
    SubmissionRules.objects.update(team_size=size)
    user = ParticipationFactory(jam=submission.jam).user
    call = {"submission": submission, "user": user, "moment": moment}
    if refusal is None:
        services.join_team(**call)
        assert submission.contributors.count() == 2
        assert refusal_of(services.join_team, **call) in TeamRefusal
    else:
        assert refusal_of(services.join_team, **call) == refusal


def test_joining_a_team_joins_the_jam():
    submission = SubmissionFactory()
    user = UserFactory()
    services.join_team(submission=submission, user=user, moment=NOW)
    assert Participation.objects.active().filter(user=user).exists()


def test_the_last_one_does_not_leave_but_withdraws():
    submission = SubmissionFactory()
    first, second = member(submission), UserFactory()
    leave = {"submission": submission, "moment": NOW}
    assert refusal_of(services.leave_team, user=first, **leave) == TeamRefusal.LAST_ONE
    services.join_team(submission=submission, user=second, moment=NOW)
    services.leave_team(user=first, **leave)
    assert member(submission) == second
    assert refusal_of(services.leave_team, user=first, **leave) == TeamRefusal.NOT_TEAM


def test_cancelling_leaves_a_submission_to_the_others():
    submission = SubmissionFactory()
    first, second = member(submission), UserFactory()
    services.join_team(submission=submission, user=second, moment=NOW)
    cancel(jam=submission.jam, user=first, moment=NOW)
    assert [c.user for c in submission.contributors.all()] == [second]
    cancel(jam=submission.jam, user=second, moment=NOW)
    submission.refresh_from_db()
    assert submission.withdrawn_at == NOW


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_people_want_the_last_place_on_a_team():
    submission = SubmissionFactory()
    SubmissionRules.objects.update(team_size=2)
    users = [UserFactory() for _ in range(20)]
    barrier, outcomes = threading.Barrier(20), []

    def run(user) -> None:
        try:
            barrier.wait(30)
            services.join_team(submission=submission, user=user, moment=NOW)
            outcomes.append("in")
        except Refused as refused:
            outcomes.append(refused.refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes.count("in") == 1
    assert outcomes.count(TeamRefusal.FULL) == 19
    assert Contributor.objects.filter(submission=submission).count() == 2


# -- withdrawing and disqualifying -------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (NOW, None),
        (RESULTS - TICK, None),
        (RESULTS, WithdrawRefusal.RESULTS_OUT),
        (RESULTS + TICK, WithdrawRefusal.RESULTS_OUT),
    ],
)
def test_withdrawing_until_the_results(moment, refusal):
    submission = frozen_submission(JamFactory())
    call = {"submission": submission, "by": member(submission), "moment": moment}
    if refusal is None:
        services.withdraw(**call)
        assert not Submission.objects.in_the_running().exists()
        assert refusal_of(services.withdraw, **call) == WithdrawRefusal.ALREADY
        assert Message.objects.get().user == member(submission)
    else:
        assert refusal_of(services.withdraw, **call) == refusal


def test_disqualifying_is_an_organizers_act_with_a_reason_and_reversible():
    submission = frozen_submission(JamFactory())
    organizer = UserFactory()
    act = {"submission": submission, "moment": NOW}
    stranger = refusal_of(services.disqualify, by=member(submission), reason="x", **act)
    assert stranger == OrganizerRefusal.NOT_ORGANIZER
    submission.jam.organizers.add(organizer)
    no_reason = refusal_of(services.disqualify, by=organizer, reason=" ", **act)
    assert no_reason == OrganizerRefusal.NO_REASON
    services.disqualify(by=organizer, reason="Plagiarism", **act)
    assert not Submission.objects.public().exists()
    assert "Plagiarism" in Message.objects.get().text
    services.reinstate(by=organizer, reason="A mistake", **act)
    assert Submission.objects.public().exists()
    assert list(Act.objects.order_by("pk").values_list("verb", "reason")) == [
        ("disqualified", "Plagiarism"),
        ("reinstated", "A mistake"),
    ]


# -- the database ------------------------------------------------------------------------------


def test_the_database_numbers_revisions():
    submission = frozen_submission(JamFactory())
    revision = Revision.objects.get()
    revision.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        revision.save()
    assert submission.revisions.count() == 1


def test_the_database_wants_a_reason_and_one_contribution():
    submission = SubmissionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.update(disqualified_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contributor.objects.create(submission=submission, user=member(submission), confirmed_at=NOW)


def test_the_content_of_a_revision_is_all_that_was_there():
    submission = SubmissionFactory(tags="probing,  🧠 circuits", commit="abc1234")
    content = freezing.content_of(Submission.objects.with_content().get())
    assert content["tags"] == ["probing", "🧠 circuits"]
    assert content["contributors"][0]["name"] == member(submission).display_name
    assert set(content) == {
        "title", "abstract", "body", "tags", "licence", "commit", "site", "links", "files",
        "contributors",
    }  # fmt: skip
