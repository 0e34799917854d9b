"""Later revisions: beside what is rated, labelled, and never in its place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from jam.config.demo import files
from jam.errors import Refused
from jam.models import Act, Message
from submissions import freezing, services
from submissions.models import Revision, Submission
from submissions.permissions import drafts
from tests.factories import RATINGS_OPEN, RESULTS, TICK, JamFactory, UserFactory
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db

NOW = RATINGS_OPEN + timedelta(days=1)
CLOSED = RATINGS_OPEN - timedelta(minutes=30)


@pytest.fixture
def submission():
    """Frozen, and then changed by its team."""
    submission = SubmissionFactory(body="We looked inside.")
    hand_in(submission)
    freezing.close(submission.jam, CLOSED)
    Submission.objects.update(body="We looked inside twice.")
    submission.refresh_from_db()
    return submission


def team(submission):
    return submission.contributors.first().user


def add(submission, **changes) -> Revision:
    by = changes.pop("by", None)
    how = {"by": by() if by else team(submission), "note": "We looked again.", "moment": NOW}
    return services.add_later(submission=submission, **{**how, **changes})


def url_of(submission, page="") -> str:
    return f"/jams/{submission.jam.slug}/submissions/{submission.pk}/{page}"


def test_it_is_kept_beside_what_is_rated(submission):
    frozen = submission.frozen
    revision = add(submission)
    submission.refresh_from_db()
    assert submission.frozen == frozen
    assert (revision.number, revision.origin) == (2, Revision.Origin.LATER)
    assert revision.content["body"] == "We looked inside twice."
    assert frozen.content["body"] == "We looked inside."
    assert add(submission) == revision, "what is the same is one revision"
    act = Act.objects.get(verb="added a later revision")
    assert (act.actor, act.reason) == (team(submission), "We looked again.")
    text = Message.objects.get(key=f"receipt:{revision.pk}").text
    for told in ("added later: We looked again.", "what was frozen, which stays", revision.digest):
        assert told in text, told


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (RATINGS_OPEN - TICK, "closed"),
        (RATINGS_OPEN, None),
        (RATINGS_OPEN + TICK, None),
        (RESULTS, None),
        (RESULTS + timedelta(days=900), None),
    ],
)
def test_they_begin_when_nothing_replaces_what_is_rated_any_more(submission, moment, refusal):
    if refusal:
        with pytest.raises(Refused, match=refusal):
            add(submission, moment=moment)
    else:
        assert add(submission, moment=moment).number == 2


def disqualify(submission):
    submission.disqualified_at, submission.disqualification_reason = NOW, "Copied"


@pytest.mark.parametrize(
    ("prepare", "changes", "refusal"),
    [
        (None, {"by": UserFactory}, "not_team"),
        (lambda s: setattr(s, "withdrawn_at", NOW), {}, "withdrawn"),
        (disqualify, {}, "disqualified"),
        (lambda s: setattr(s, "frozen", None), {}, "closed"),
        (lambda s: setattr(s, "licence", ""), {}, "incomplete"),
        (None, {"note": "  "}, "no_note"),
    ],
)
def test_refusals(submission, prepare, changes, refusal):
    if prepare:
        prepare(submission)
        submission.save()
    with pytest.raises(Refused, match=refusal):
        add(submission, **changes)
    assert Revision.objects.count() == 1


def test_there_is_an_end_to_them(submission, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_LATER", 1)
    add(submission)
    Submission.objects.update(body="Thrice.")
    with pytest.raises(Refused, match="too_many"):
        add(submission)


def test_before_rating_opens_extra_time_replaces_what_is_frozen_instead(submission):
    organizer = UserFactory()
    submission.jam.organizers.add(organizer)
    services.grant_time(submission=submission, by=organizer, reason="Power cut", moment=CLOSED,
                        expires_at=NOW + timedelta(days=1))  # fmt: skip
    with pytest.raises(Refused, match="not_later"):
        add(submission, moment=RATINGS_OPEN - TICK)
    how = {"submission": submission, "by": team(submission)}
    late = services.hand_in(**how, moment=RATINGS_OPEN - TICK)
    submission.refresh_from_db()
    assert submission.frozen == late
    # The time runs on, but what comes now is later.
    with pytest.raises(Refused, match="in_rating"):
        services.hand_in(**how, moment=RATINGS_OPEN)
    Submission.objects.update(body="Thrice.")
    assert add(submission, moment=RATINGS_OPEN).origin == Revision.Origin.LATER
    submission.refresh_from_db()
    assert submission.frozen == late


def test_nobody_is_invited_any_more(submission):
    with pytest.raises(Refused, match="closed"):
        services.renew_invitation(submission=submission, by=team(submission), moment=NOW)


def test_the_database_wants_a_note(submission):
    revision = add(submission)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(note="")


@pytest.mark.postgres
def test_the_database_lets_no_later_revision_be_frozen_nor_anothers(submission):
    later, other = add(submission), hand_in(SubmissionFactory(jam=submission.jam))
    for revision in (later, other):
        with pytest.raises(IntegrityError, match="frozen_is_own"), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(frozen=revision)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.bulk_update([_with(submission, frozen=later)], ["frozen"])


def _with(submission, **values):
    for name, value in values.items():
        setattr(submission, name, value)
    return submission


# -- pages -------------------------------------------------------------------------------------


def test_the_team_writes_sees_what_changes_and_adds_it(client, at, submission):
    at(NOW)
    client.force_login(team(submission))
    assert "Write a later revision" in client.get(url_of(submission)).content.decode()
    words = {"title": "Work again", "abstract": submission.abstract, "licence": "MIT",
             "body": "We looked twice.", "version": submission.version, "later": "1",
             "links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0"}  # fmt: skip
    page = client.post(url_of(submission, "edit/"), words, follow=True)
    assert page.redirect_chain[-1][0] == url_of(submission, "later/")
    text = page.content.decode()
    assert "Work again" in text
    assert "<del>" in text
    page = client.post(url_of(submission, "later/"), {"note": " "})
    assert page.status_code == 422
    assert "Say in a sentence what changed." in page.content.decode()
    page = client.post(url_of(submission, "later/"), {"note": "Looked again."}, follow=True)
    text = page.content.decode()
    for told in ("Revision 2 is kept.", "added later: not what is rated", "Looked again."):
        assert told in text, told
    assert (
        "The draft is the same as revision 2."
        in client.get(url_of(submission, "later/")).content.decode()
    )


def test_what_cannot_be_added_yet_says_so_and_keeps_the_note(client, at, submission):
    Submission.objects.update(licence="")
    at(NOW)
    client.force_login(team(submission))
    assert "Add this revision" not in client.get(url_of(submission, "later/")).content.decode()
    page = client.post(url_of(submission, "later/"), {"note": "Licence dropped."})
    assert page.status_code == 403
    assert "Licence dropped." in page.content.decode()


def test_everybody_reads_what_is_rated_and_that_there_is_something_later(client, at, submission):
    at(NOW)
    assert "later revision" not in client.get(url_of(submission)).content.decode()
    upload = ContentFile(files.report("Work", ["A"], "We asked", "We looked"), "new.pdf")
    file = services.add_file(submission=submission, by=team(submission), upload=upload, moment=NOW)
    assert client.get(url_of(submission, f"files/{file.pk}/")).status_code == 404
    add(submission)
    text = client.get(url_of(submission)).content.decode()
    assert "We looked inside." in text
    assert "twice" not in text
    assert "Its team has added a later revision, which is not rated." in text
    assert client.get(url_of(submission, f"files/{file.pk}/")).status_code == 200
    changes = client.get(url_of(submission, "changes/")).content.decode()
    for told in ("From revision 1 to revision 2.", "We looked again.", "twice", "new.pdf"):
        assert told in changes, told
    assert client.get(url_of(submission, "revisions/2/SHA256SUMS")).status_code == 200
    rater = UserFactory()
    client.force_login(rater)
    rating = client.get(f"/jams/{submission.jam.slug}/rate/{submission.pk}/")
    assert "Raters rate exactly this." in rating.content.decode()
    assert "which is not rated" in rating.content.decode()


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("", "From revision 1 to revision 2."),
        ("before=2&after=1", "From revision 2 to revision 1."),
        ("before=2&after=2", "Nothing differs"),
        ("before=x&after=", "From revision 1 to revision 2."),
        ("before=7", None),
        ("before=99999999999999999999", "From revision 1 to revision 2."),
    ],
)
def test_any_two_that_one_may_see_are_compared(client, at, submission, query, answer):
    at(NOW)
    add(submission)
    page = client.get(url_of(submission, f"changes/?{query}"))
    assert page.status_code == (200 if answer else 404)
    assert not answer or answer in page.content.decode()


def test_where_nothing_was_added_the_page_says_so(client, at, submission):
    at(NOW)
    assert "nothing was added later" in client.get(url_of(submission, "changes/")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_changes_ask_the_same(client, at, rows, submission, django_assert_num_queries):
    at(NOW)
    for number in range(rows):
        Submission.objects.update(body=f"{number}")
        add(submission)
    client.get(url_of(submission))
    # Jam, submission, its contributors, the revisions, the two.
    with django_assert_num_queries(5):
        client.get(url_of(submission, "changes/"))


def test_the_longest_difference_fits_on_a_page(client, at):
    submission = SubmissionFactory(jam=JamFactory(), body="<b>&\n" * 40_000)
    hand_in(submission)
    freezing.close(submission.jam, CLOSED)
    Submission.objects.update(body="".join(f"{n} 'x' <i>\n" for n in range(16_000)))
    at(NOW)
    add(submission)
    assert len(client.get(url_of(submission, "changes/")).content) < 150_000


def test_marks_are_told_in_words_and_nothing_runs(client, at, submission):
    Submission.objects.update(body="We looked <script>inside</script> thrice.")
    at(NOW)
    add(submission)
    text = client.get(url_of(submission, "changes/")).content.decode()
    assert "<script>inside" not in text
    assert '<ins><span class="visually-hidden"> [added: </span>' in text
