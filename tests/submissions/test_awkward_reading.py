"""Every awkward notebook and report has a page that says what it is, or why it is not shown.

They are put where files are stored as they are, also those that no upload would be taken of: what
is taken may change, and a file that was stored once is read for years.
"""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from django.core.files.base import ContentFile

from submissions.models import Closing, File
from tests.factories import MOMENTS, JamFactory
from tests.submissions.corpus import Awkward, corpus
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db

READ = [awkward for awkward in corpus() if awkward.name.endswith((".ipynb", ".pdf"))]
# What nothing that was read may bring into a page.
TAGS = {"script", "iframe", "base", "form", "style", "object", "embed", "math", "meta", "link"}


class Harmful(HTMLParser):
    """The tags and attributes in a document that could act or lead astray."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] * (tag in TAGS)
        for name, value in attrs:
            is_address = name in ("href", "src", "action", "data", "poster")
            if name.startswith("on") or name in ("style", "srcdoc", "formaction") or (
                is_address and not re.match(r"https?://|/(?!/)|#", value or "")
            ):  # fmt: skip
                self.found.append(f"{tag} {name}={value}")


def stored(*awkward: Awkward) -> list[File]:
    """The files in a submission that was frozen with them."""
    submission = SubmissionFactory(jam=JamFactory())
    files = [
        File.objects.create(
            submission=submission, name=one.name, size=1, sha256=f"{n:064x}",
            kind="report" if one.name.endswith(".pdf") else "notebook",
            content=ContentFile(one.make(), one.name), content_type="x/y",
            uploaded_at=MOMENTS["making"], uploaded_by=submission.contributors.get().user,
        )
        for n, one in enumerate(awkward)
    ]  # fmt: skip
    submission.frozen = hand_in(submission)
    submission.save()
    Closing.objects.create(jam=submission.jam, closed_at=MOMENTS["closing"], handed_in=1)
    return files


def path_of(file: File) -> str:
    submission = file.submission
    return f"/jams/{submission.jam.slug}/submissions/{submission.pk}/files/{file.pk}/read/"


@pytest.mark.parametrize("awkward", READ, ids=lambda awkward: awkward.name)
def test_an_awkward_file_is_read_or_said_to_be_unreadable(client, at, awkward):
    at(MOMENTS["rating"])
    path = path_of(*stored(awkward))
    began = time.process_time()
    response = client.get(path)
    # A browser reads a report; test_hostile_files.py asks one. Nothing hangs, also where other
    # work shares the processor: alone the longest takes five seconds.
    assert time.process_time() - began < 20
    assert response.status_code == 200
    assert len(response.content) < 150_000
    if awkward.name.endswith(".pdf"):
        return
    page = response.content.decode()
    assert awkward.shows in page
    document = page[page.index('<div class="document') : page.rindex("</article>")]
    assert Harmful(document).found == []
    for picture in re.findall(r'src="([^"]+/pictures/\d+/)"', document):
        answer = client.get(picture)
        assert answer.status_code == 200
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Content-Type"].startswith("image/")
        assert ("svg" in answer["Content-Type"]) == ("Content-Disposition" in answer)
    # Its last page, and what is searched in it, are no larger.
    for more in (f"{path}?at=999999999", path.split("files/")[0] + "search/?q=a"):
        response = client.get(more)
        assert response.status_code == 200
        assert len(response.content) < 150_000


def test_the_second_reader_does_not_wait(client, at, django_assert_num_queries):
    at(MOMENTS["rating"])
    path = path_of(*stored(next(a for a in READ if a.name == "long-markdown.ipynb")))
    client.get(path)
    began = time.process_time()
    # Jam, submission, contributors; the notebook is kept.
    with django_assert_num_queries(3):
        client.get(path)
    assert time.process_time() - began < 0.5


def test_a_file_that_is_gone_is_told(client, at):
    at(MOMENTS["rating"])
    (file,) = stored(next(a for a in READ if a.name == "empty.ipynb"))
    file.content.storage.delete(file.content.name)
    assert "not on this server any more" in client.get(path_of(file)).content.decode()
    picture = path_of(file).replace("/read/", "/pictures/0/")
    assert client.get(picture).status_code == 404
