"""The ladder of drafts and of what was frozen, and asking the hosts of links."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from jam import fetching
from jam import link_answers as asking
from submissions import freezing, ladders, link_answers, services, tasks
from submissions.models import File, Revision, Submission
from tests.factories import MOMENTS, RESULTS, SUBMISSIONS_CLOSE, JamFactory
from tests.submissions.factories import SubmissionFactory, frozen_submission, hand_in
from tests.submissions.making import code, notebook, words
from tests.submissions.test_pages import draft, url_of

pytestmark = pytest.mark.django_db
NOW = MOMENTS["making"]
DATA = "## Data\n\nMade by the script."
READY = notebook(
    words("How to run it"),
    code("%pip install numpy==1.26.4", 1),
    code("rng = default_rng(1)", 2, "1"),
)


@pytest.fixture
def own(client, at):
    """A complete draft of the person who is logged in, while the jam is being made."""
    at(NOW)
    submission = SubmissionFactory()
    client.force_login(submission.contributors.get().user)
    return submission


def add(submission, content=READY) -> File:
    by = submission.contributors.get().user
    upload = ContentFile(content, "experiment.ipynb")
    return services.add_file(submission=submission, by=by, upload=upload, moment=NOW)


def fresh(submission) -> Submission:
    return Submission.objects.with_content().get(pk=submission.pk)


# -- drafting ----------------------------------------------------------------------------------


def test_contributors_see_it_tick_while_drafting(client, own):
    assert (
        "Upload a notebook or the code as a zip"
        in client.get(url_of(own, "edit/")).content.decode()
    )
    upload = ContentFile(READY, "experiment.ipynb")
    client.post(url_of(own, "files/"), {"file": upload})
    page = client.get(url_of(own, "edit/")).content.decode()
    assert "For level 2" in page
    assert "It says where the data are from" in page
    answer = client.post(url_of(own, "autosave/"), draft(own, body=DATA)).json()
    assert "For level 2" not in answer["html"]["#ladder"]
    assert "Levels 3 and 4 are for raters" in answer["html"]["#ladder"]
    assert ladders.of_draft(fresh(own)).level == 2


def test_others_see_no_ladder_of_a_draft(client, own):
    client.logout()
    assert client.get(url_of(own)).status_code == 404


def test_a_file_that_was_taken_out_counts_no_more(own):
    file = add(own)
    assert ladders.of_draft(fresh(own)).level == 1
    services.remove_file(submission=own, by=file.uploaded_by, file_id=file.pk, moment=NOW)
    assert ladders.of_draft(fresh(own)).level == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_of_the_editor_do_not_grow(client, own, rows, django_assert_num_queries):
    for n in range(rows):
        add(own, notebook(code("x", 1, str(n))))
        own.links.create(kind="demo", url=f"https://example.org/{n}")
    client.get(url_of(own, "edit/"))
    with django_assert_num_queries(8):
        client.get(url_of(own, "edit/"))


# -- frozen ------------------------------------------------------------------------------------


def test_what_was_found_is_kept_with_the_revision_and_no_part_of_its_digest(own):
    file = add(own)
    revision = hand_in(own)
    assert revision.findings == {file.sha256: file.findings}
    assert revision.digest == freezing.digest_of(revision.content)
    assert "findings" not in revision.content
    own.frozen = revision
    own.save()
    # However the file fares afterwards: it is not opened any more.
    file.content.delete(save=False)
    assert ladders.of_frozen(fresh(own)).level == 1


def test_files_from_before_there_was_a_ladder_are_looked_at_by_the_sweep(own):
    file, lost = add(own), add(own, notebook(code("y", 1, "2")))
    revision = hand_in(own)
    found = revision.findings[file.sha256]
    File.objects.update(findings=None)
    Revision.objects.update(findings=None)
    lost.content.storage.delete(lost.content.name)
    own.frozen = Revision.objects.get()
    assert ladders.of_frozen(own).is_pending
    tasks.look_at_files()
    tasks.look_at_files()
    revision.refresh_from_db()
    assert revision.findings[file.sha256] == found
    assert revision.findings[lost.sha256] == {"kind": "notebook", "unreadable": True}
    own.frozen = revision
    assert not ladders.of_frozen(own).is_pending


# -- asking hosts ------------------------------------------------------------------------------


@pytest.fixture
def hosts(monkeypatch, settings):
    """What hosts answer, by address: a status, or why there is none; and which were asked."""
    settings.CHECK_LINKS = True
    answers, asked = {}, []

    def ask(url, *, seconds):
        asked.append(url)
        answer = answers.get(url, 200)
        if isinstance(answer, int):
            return fetching.Fetched(url, answer, "text/html")
        raise fetching.NotFetched(answer)

    monkeypatch.setattr(asking.fetching, "ask", ask)
    answers["asked"] = asked
    return answers


def with_links(submission, *urls) -> Submission:
    for url in urls:
        submission.links.create(kind="demo", url=url)
    return submission


def test_nobody_is_asked_unless_the_operator_allows_it(own, hosts, settings, at):
    with_links(own, "https://example.org/a")
    settings.CHECK_LINKS = False
    tasks.ask_links()
    assert hosts["asked"] == []
    settings.CHECK_LINKS = True
    tasks.ask_links()
    assert hosts["asked"] == ["https://example.org/a"]


def test_what_hosts_said_is_shown_and_decides_nothing(client, own, hosts):
    urls = ["https://example.org/a", "https://example.org/gone", "https://nobody.example.org/"]
    with_links(own, *urls, "http://localhost/x")
    hosts |= {urls[1]: 404, urls[2]: fetching.FetchRefusal.UNKNOWN}
    before = ladders.of_draft(fresh(own)).level
    link_answers.ask_due(NOW)
    own.refresh_from_db()
    assert {url: (a["there"], a["answer"]) for url, a in own.link_answers.items()} == {
        urls[0]: (True, 200),
        urls[1]: (False, 404),
        urls[2]: (False, "unknown"),
    }
    assert ladders.of_draft(fresh(own)).level == before
    page = client.get(url_of(own, "edit/")).content.decode()
    assert page.count("did not answer on") == 2
    assert page.count("· answered on") == 1


def test_a_day_later_they_are_asked_again_and_new_ones_sooner(own, hosts):
    with_links(own, "https://example.org/a")
    link_answers.ask_due(NOW)
    link_answers.ask_due(NOW + link_answers.HOLDS)
    assert len(hosts["asked"]) == 1
    link_answers.ask_due(NOW + link_answers.HOLDS + timedelta(seconds=1))
    assert len(hosts["asked"]) == 2
    later = NOW + link_answers.HOLDS + timedelta(minutes=20)
    with_links(own, "https://example.org/b")
    Submission.objects.update(saved_at=later)
    link_answers.ask_due(later)
    assert hosts["asked"][2:] == ["https://example.org/b"]


@pytest.mark.parametrize(
    ("fields", "moment", "is_asked"),
    [
        ({}, NOW, True),
        ({"withdrawn_at": NOW}, NOW, False),
        ({}, RESULTS + link_answers.UNTIL - timedelta(seconds=1), True),
        ({}, RESULTS + link_answers.UNTIL, False),
    ],
)
def test_whose_links_are_asked(hosts, fields, moment, is_asked):
    submission = with_links(SubmissionFactory(**fields), "https://example.org/a")
    SubmissionFactory(jam=submission.jam)
    with_links(SubmissionFactory(jam=JamFactory(published_at=None)), "https://example.org/b")
    link_answers.ask_due(moment)
    assert bool(hosts["asked"]) == is_asked


def test_of_what_was_frozen_its_own_links_are_asked(hosts):
    submission = with_links(SubmissionFactory(), "https://example.org/frozen")
    submission.frozen = hand_in(submission)
    submission.save()
    submission.links.all().delete()
    with_links(submission, "https://example.org/later")
    link_answers.ask_due(SUBMISSIONS_CLOSE)
    assert hosts["asked"] == ["https://example.org/frozen"]


def test_one_host_is_asked_only_so_often_and_the_rest_later(hosts, monkeypatch):
    monkeypatch.setattr(asking, "MOST_A_MINUTE", 2)
    urls = [f"https://example.org/{n}" for n in range(3)]
    submission = with_links(SubmissionFactory(), *urls, "https://example.net/")
    link_answers.ask_due(NOW)
    assert hosts["asked"] == [*urls[:2], "https://example.net/"]
    link_answers.ask_due(NOW)
    assert len(hosts["asked"]) == 3
    link_answers.ask_due(NOW + timedelta(minutes=1))
    assert hosts["asked"][3:] == [urls[2]]
    submission.refresh_from_db()
    assert len(submission.link_answers) == 4


def test_a_sweep_ends_in_time_and_two_ask_nobody_twice(hosts, monkeypatch):
    for n in range(2):
        with_links(SubmissionFactory(), f"https://example.org/{n}")
    both = list(link_answers.due(NOW))
    monkeypatch.setattr(link_answers, "due", lambda moment: link_answers.Submission.objects.none())
    link_answers.ask_due(NOW)
    monkeypatch.setattr(link_answers, "due", lambda moment: _Sliced(both))
    link_answers.ask_due(NOW)
    link_answers.ask_due(NOW)
    assert len(hosts["asked"]) == 2
    Submission.objects.update(links_asked_at=None)
    monkeypatch.setattr(link_answers, "SECONDS_OF_A_SWEEP", -1)
    link_answers.ask_due(NOW)
    assert len(hosts["asked"]) == 2


class _Sliced(list):
    """What another sweep had found before this one was done."""


def test_frozen_work_shows_what_hosts_said(client, at, hosts):
    submission = SubmissionFactory()
    with_links(submission, "https://github.com/team/work/tree/v1.0")
    frozen = frozen_submission(submission.jam)
    submission.frozen = hand_in(submission)
    submission.save()
    at(MOMENTS["rating"])
    link_answers.ask_due(MOMENTS["rating"])
    page = client.get(url_of(submission)).content.decode()
    assert "code host · <code>v1.0</code> · answered on" in page
    assert "answered on" not in client.get(url_of(frozen)).content.decode()
