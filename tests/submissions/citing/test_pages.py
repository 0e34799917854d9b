"""The page of a submission says how to cite it, to people and to machines; files from it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import bibtexparser
import pytest

from jam.models import User
from submissions import freezing
from submissions.citing import FORMATS
from submissions.models import Submission
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.jam.factories import HostFactory
from tests.submissions.factories import SubmissionFactory, frozen_submission, hand_in

pytestmark = pytest.mark.django_db


class Head(HTMLParser):
    """The meta tags of a page, and its linked data."""

    def __init__(self, text: str):
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, str] = {}
        self.scripts: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.meta.setdefault(name, []).append(given["content"])
        if tag == "link":
            self.links[given["rel"]] = given["href"]
        if tag == "script" and given.get("type") == "application/ld+json":
            self.inside = True
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "script"

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data


@pytest.fixture
def work(at) -> Submission:
    at(MOMENTS["rating"])
    jam = JamFactory(title="Night & Day")
    HostFactory(jam=jam, name="The hosts")
    author = UserFactory(display_name="Ada </script><b>", affiliation="Analytical")
    submission = frozen_submission(jam, title="Inside <i>", by=author, tags="first, second")
    submission.site = None
    return submission


def cite(work: Submission, file: str = "") -> str:
    return f"/jams/{work.jam.slug}/submissions/{work.pk}/" + (f"cite/{file}" if file else "")


def test_the_head_of_the_page_tells_machines(client, work):
    head = Head(client.get(cite(work)).content.decode())
    address = f"http://localhost:8000{cite(work)}"
    assert head.links["canonical"].endswith(cite(work))
    assert head.meta["citation_title"] == ["Inside <i>"]
    assert head.meta["citation_author"] == ["Ada </script><b>"]
    assert head.meta["citation_author_institution"] == ["Analytical"]
    assert head.meta["citation_conference_title"] == ["Night & Day"]
    assert head.meta["citation_publication_date"] == ["2030/05/03"]
    assert head.meta["citation_keywords"] == ["first", "second"]
    assert head.meta["og:title"] == ["Inside <i>"]
    (told,) = [json.loads(script) for script in head.scripts]
    assert told["@type"] == "ScholarlyArticle"
    assert told["author"][0]["name"] == "Ada </script><b>"
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["identifier"]["value"] == work.frozen.digest
    assert told["url"].endswith(cite(work)), address


def test_the_page_tells_people_and_leads_to_every_file(client, work):
    text = client.get(cite(work)).content.decode()
    section = re.search(r'<section class="sheet cite".*?</section>', text, re.S)[0]
    assert "(2030). Inside &lt;i&gt;. Submission to Night &amp; Day, revision 1." in section
    for file in FORMATS:
        assert f'href="{cite(work, file)}"' in section
        response = client.get(cite(work, file))
        assert response["Content-Disposition"] == f'attachment; filename="{file}"'
        assert response.status_code == 200
    (entry,) = bibtexparser.parse_string(client.get(cite(work, "citation.bib")).text).entries
    assert entry.fields_dict["publisher"].value == "{The hosts}"


def test_a_citation_is_of_what_was_handed_in(client, work):
    before = {file: client.get(cite(work, file)).content for file in FORMATS}
    Submission.objects.update(title="Another", abstract="else", licence="MIT")
    User.objects.update(display_name="Someone else", affiliation="")
    assert {file: client.get(cite(work, file)).content for file in FORMATS} == before


def test_a_file_costs_three_statements(client, work, django_assert_num_queries):
    client.get(cite(work))
    # The jam, the submission, the hosts.
    with django_assert_num_queries(3):
        client.get(cite(work, "citation.bib"))


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"withdrawn_at": MOMENTS["rating"]}, 404),
        ({"withdrawn_at": MOMENTS["finished"]}, 200),
        ({"disqualified_at": MOMENTS["rating"], "disqualification_reason": "x"}, 404),
    ],
)
def test_only_what_everybody_may_see_is_cited(client, work, change, status):
    Submission.objects.update(**change)
    client.force_login(work.contributors.get().user)
    assert client.get(cite(work, "citation.ris")).status_code == status
    page = client.get(cite(work)).content.decode()
    assert ("citation_title" in page) == ("Cite this" in page) == (status == 200)


def test_a_format_that_there_is_not_is_not_there(client, work):
    assert client.get(cite(work, "citation.doc")).status_code == 404


def test_what_was_withdrawn_after_the_results_says_so(client, work):
    Submission.objects.update(withdrawn_at=MOMENTS["finished"])
    assert "withdrawn by its authors" in client.get(cite(work, "citation.bib")).text


def test_drafts_are_not_cited(client, at):
    submission = SubmissionFactory()
    at(MOMENTS["making"])
    hand_in(submission)
    client.force_login(submission.contributors.get().user)
    assert client.get(cite(submission, "citation.bib")).status_code == 404
    at(MOMENTS["closing"])
    assert freezing.close(submission.jam, MOMENTS["closing"])
    assert client.get(cite(submission, "citation.bib")).status_code == 200
