"""What in files and links names their authors, and how it is taken out."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from django.core.files.base import ContentFile
from pypdf import PdfReader, PdfWriter

from jam.config.demo import files as demo_files
from submissions import files
from submissions.reading import giveaways
from submissions.reading.archives import Contents, Entry
from submissions.reading.pdf_facts import look
from tests.submissions.corpus.archives import packed
from tests.submissions.corpus.images import with_exif

TEAM = ["Jane Doe", "jane@example.org"]


def pdf(details: dict[str, str] | None = None, password: str = "", author: str = "A") -> bytes:
    document = demo_files.report("Circuits", [author], "We asked", "We looked")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(document)))
    if details:
        writer.add_metadata(details)
        writer.xmp_metadata = (
            b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"  # noqa: E501
            b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
            b"xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator><rdf:Seq><rdf:li>J. Doe"
            b"</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
            b"<?xpacket end='w'?>"
        )
    if password:
        writer.encrypt("" if password == "of the owner" else password, "owner")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def notebook(**metadata) -> dict:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": metadata,
        "cells": [
            {
                "cell_type": "code",
                "source": ["open('/home/jane/data.csv')\n", "open(r'C:\\Users\\Jane D\\a.csv')"],
                "metadata": {"executionInfo": {"user": {"displayName": "Jane Doe", "userId": "7"}}},
                "outputs": [{"text": "/home/jovyan/work, /home/user/x, ~/y"}],
            }
        ],
    }


def told(found) -> set[tuple[str, str]]:
    return {(giveaway.where.value, giveaway.text) for giveaway in found}


DETAILS = {"/Author": "Jane Doe", "/Title": "Draft of Jane's", "/Producer": "pdfTeX-1.40"}


def test_what_a_pdf_gives_away_and_a_stripped_copy_does_not():
    content = pdf(DETAILS, author="Jane Doe")
    inspected = files.inspect(ContentFile(content, "report.pdf"), TEAM)
    assert told(inspected.gives_away) == {
        ("author", "Jane Doe"), ("author", "J. Doe"), ("details", "Draft of Jane's"),
        ("page", "Jane Doe"),
    }  # fmt: skip
    stripped = files.strip("report", "report.pdf", content, TEAM)
    # What is printed on a page only its authors can change.
    assert told(stripped.gives_away) == {("page", "Jane Doe")}
    kept = stripped.content.read()
    assert b"J. Doe" not in kept
    assert b"pdfTeX" not in kept
    assert hashlib.sha256(kept).hexdigest() == stripped.sha256 != inspected.sha256
    assert "We looked" in look(kept).text


def test_a_pdf_that_says_nothing_gives_nothing_away():
    assert files.inspect(ContentFile(pdf(), "report.pdf"), TEAM).gives_away == ()


def test_a_pdf_with_a_password_is_refused_and_one_that_only_its_owner_may_change_is_not():
    with pytest.raises(files.FileRefused, match="asks for a password"):
        files.inspect(ContentFile(pdf(password="secret"), "a.pdf"))
    content = pdf(DETAILS, password="of the owner")
    assert ("author", "Jane Doe") in told(files.inspect(ContentFile(content, "a.pdf")).gives_away)
    assert files.strip("report", "a.pdf", content).gives_away == ()


def test_a_pdf_that_takes_too_long_is_not_held_against_its_authors(monkeypatch):
    monkeypatch.setattr("submissions.reading.pdf_facts.PATIENCE", 0.001)
    assert files.inspect(ContentFile(pdf(DETAILS), "a.pdf")).gives_away == ()
    with pytest.raises(files.FileRefused, match="No copy without the names"):
        files.strip("report", "a.pdf", pdf(DETAILS))


def test_what_a_notebook_gives_away_and_a_stripped_copy_does_not():
    document = notebook(authors=[{"name": "Jane Doe"}], kernelspec={"name": "python3"})
    content = json.dumps(document).encode()
    inspected = files.inspect(ContentFile(content, "a.ipynb"), TEAM)
    assert told(inspected.gives_away) == {
        ("author", "Jane Doe"), ("runner", "Jane Doe"), ("path", "/home/jane"),
        ("path", r"C:\\Users\\Jane D"), ("text", "Jane Doe"),
    }  # fmt: skip
    stripped = files.strip("notebook", "a.ipynb", content, TEAM)
    assert stripped.gives_away == ()
    kept = json.loads(stripped.content.read())
    assert "/home/user/data.csv" in kept["cells"][0]["source"][0]
    assert kept["metadata"] == {"kernelspec": {"name": "python3"}}


@pytest.mark.parametrize(
    "odd",
    [{"metadata": 1}, {"metadata": {"authors": 7}}, {"cells": [1, {"metadata": []}]},
     {"metadata": {"author": "\ud800\x00 x"}}, {"worksheets": [{"cells": None}, 3]}],
)  # fmt: skip
def test_odd_notebooks_are_looked_at_all_the_same(odd):
    document = {"nbformat": 4, "cells": [], **odd}
    content = json.dumps(document).encode()
    for found in files.inspect(ContentFile(content, "a.ipynb"), TEAM).gives_away:
        found.text.encode()
    files.strip("notebook", "a.ipynb", content)


def test_what_a_camera_told_is_gone():
    inspected = files.inspect(ContentFile(with_exif(6), "photo.jpg"), TEAM)
    kept = inspected.content.read()
    assert inspected.gives_away == ()
    assert b"Jane" not in kept
    assert b"Exif" not in kept


def test_what_an_archive_gives_away():
    content = packed((".git/config", b"x"), (".git/HEAD", b"x"), ("CITATION.cff", b"x"),
                     ("jane_doe/a.py", b"x"), ("results of Jane Doe.csv", b"x"))  # fmt: skip
    found = files.inspect(ContentFile(content, "a.zip"), TEAM).gives_away
    assert told(found) == {
        ("history", ".git/"), ("listed", "CITATION.cff"), ("path", "results of Jane Doe.csv"),
    }  # fmt: skip
    assert giveaways.in_archive(Contents((Entry("src/a.py", 1),)), TEAM) == []


def test_what_a_file_is_called_may_give_names_away():
    found = files.inspect(ContentFile(pdf(), "final-jane_v2.pdf"), TEAM).gives_away
    assert told(found) == {("name", "final-jane_v2.pdf")}
    assert giveaways.in_name("report.pdf", TEAM) == []


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://github.com/janedoe/probe", "janedoe"),
        ("https://www.github.com/janedoe", "janedoe"),
        ("https://janedoe.github.io/probe/", "janedoe"),
        ("https://huggingface.co/spaces/janedoe/probe", "janedoe"),
        ("https://git.sr.ht/~janedoe/probe", "janedoe"),
        ("https://www.youtube.com/@janedoe", "janedoe"),
        ("https://www.youtube.com/watch?v=x", None),
        ("https://github.com/", None),
        ("https://huggingface.co/datasets", None),
        ("https://example.org/janedoe", None),
        ("https://[", None),
    ],
)
def test_whose_page_a_link_leads_to(url, owner):
    assert [giveaway.text for giveaway in giveaways.in_link(url)] == ([owner] if owner else [])
