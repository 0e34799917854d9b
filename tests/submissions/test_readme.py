"""The text of a draft begun from a README: its HTML, its letters, its pictures, its address."""

from __future__ import annotations

import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from jam import fetching, markdown
from submissions import files, services
from submissions.models import Submission
from submissions.reading import readme
from tests.factories import MOMENTS
from tests.submissions.corpus.archives import packed
from tests.submissions.corpus.images import drawn
from tests.submissions.factories import SubmissionFactory

NOW = MOMENTS["making"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("# Probe\n\nPlain *words*.", "# Probe\n\nPlain *words*."),
        ("---\nlicense: mit\ntags:\n- a\n---\n# Probe", "# Probe"),
        ("---\n\nA line above", "---\n\nA line above"),
        ('<h1 align="center">Probe</h1>', "# Probe"),
        ('<p>\n    <img src="a b.png" alt="A plot">\n</p>', "![A plot](a%20b.png)"),
        ('<a href="https://x.org/">a</a> and <b>b</b>', "[a](https://x.org/) and **b**"),
        ("<details><summary>More</summary>\n\n- a\n  - b\n\n</details>", "**More**\n\n- a\n  - b"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
         "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("a<!-- hidden -->b<script>x()</script>c<style>p{}</style>", "abc"),
        ("`<b>` and\n\n```html\n<b>x</b>\n```", "`<b>` and\n\n```html\n<b>x</b>\n```"),
        ("$a<b$ and $c>d$; <https://x.org>; a < b", "$a<b$ and $c>d$; <https://x.org>; a < b"),
        ("<unknown>x</unknown>", "<unknown>x</unknown>"),
    ],
)  # fmt: skip
def test_html_becomes_markdown_and_code_stays(written, read):
    assert readme.markdown_of(written.encode()).strip() == read


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("für".encode(), "für"),
        ("\ufefffür".encode(), "für"),
        ("für".encode("utf-16"), "für"),
        ("für".encode("cp1252"), "für"),
        ("fÃ¼r â€œunsâ€\x9d".encode(), "für “uns”"),
        ("fÃ¼r\nright: Ã¼ für".encode(), "für\nright: Ã¼ für"),
        ("À la carte, Âme".encode(), "À la carte, Âme"),
        (b"a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_letters_are_read_as_they_were_meant(content, text):
    assert readme.decoded(content) == text


def test_what_is_no_text_is_told():
    with pytest.raises(readme.NotText):
        readme.markdown_of(drawn("PNG"))


@pytest.mark.parametrize(
    "bad",
    ["<", "<a ", "<!--", "[", "![](", "`a", "$a", "~~~\n", "<tr><td>", "---\n", "[![a](b)", "[a]: ",
     "<div>", "</div>", "<script>", "&", "`a`[b](c)"],
)  # fmt: skip
def test_no_text_takes_long(bad):
    began = time.process_time()
    text = readme.markdown_of((bad * (readme.LONGEST // len(bad))).encode())
    readme.with_targets(text, lambda target, is_picture: None)
    assert time.process_time() - began < 5


def test_scripts_in_it_are_text_at_most():
    written = (
        b'<img src="javascript:x()" onerror="x()"><a href="javascript:x()">a</a><svg onload=x()>'
    )
    html = markdown.render(readme.markdown_of(written))
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "<svg" not in html


def test_links_lead_where_the_reader_can_follow():
    text = "[a](docs/a.md) ![b](b.png) [c](https://x.org) [d](#part) [![e](e.png)](https://y.org)"
    found = readme.with_targets(
        text, lambda target, is_picture: "/p/" if is_picture and target == "b.png"
        else None if readme.is_relative(target) else target
    )  # fmt: skip
    assert found == "a ![b](/p/) [c](https://x.org) [d](#part) [e](https://y.org)"


@pytest.mark.parametrize(
    ("address", "raw"),
    [
        ("https://github.com/o/r", "https://raw.githubusercontent.com/o/r/HEAD/README.md"),
        ("https://github.com/o/r/blob/main/a/R.md", "https://raw.githubusercontent.com/o/r/main/a/R.md"),
        ("https://gitlab.com/o/r/-/blob/main/R.md", "https://gitlab.com/o/r/-/raw/main/R.md"),
        ("https://example.org/README.md", "https://example.org/README.md"),
        ("https://github.com/o/r/issues/1", "https://github.com/o/r/issues/1"),
    ],
)  # fmt: skip
def test_where_the_readme_itself_stands(address, raw):
    assert readme.raw_address(address) == raw


# -- by the web ----------------------------------------------------------------------------------


@pytest.fixture
def web(client, at, db):
    at(NOW)
    client.own = SubmissionFactory(body="")
    user = client.own.contributors.get().user
    client.force_login(user)
    client.here = f"/jams/{client.own.jam.slug}/submissions/{client.own.pk}/readme/"
    client.add = lambda content, name: services.add_file(
        submission=Submission.objects.with_content().get(pk=client.own.pk), by=user,
        upload=ContentFile(content, name), moment=NOW,
    )  # fmt: skip
    return client


def body_of(web) -> str:
    return Submission.objects.get(pk=web.own.pk).body


def upload(content: bytes = b"# Probe\n\nWords.") -> dict:
    return {"file": SimpleUploadedFile("README.md", content)}


def test_an_empty_text_begins_with_the_readme(web):
    page = web.post(web.here, upload(), follow=True)
    assert body_of(web) == "# Probe\n\nWords."
    assert "The README is in the text." in page.content.decode()


def test_words_that_are_there_stay_until_somebody_says_what(web):
    Submission.objects.update(body="Mine.")
    page = web.post(web.here, upload())
    assert "There is a text already" in page.content.decode()
    assert body_of(web) == "Mine."
    words = {"act": "use", "text": "# Probe", "version": 0}
    web.post(web.here, {**words, "how": "below"})
    assert body_of(web) == "Mine.\n\n# Probe"
    # Somebody has saved since: asked again, nothing lost.
    again = web.post(web.here, {**words, "how": "replace"})
    assert again.status_code == 409
    assert "# Probe" in again.content.decode()
    web.post(web.here, {**words, "how": "replace", "version": 1})
    assert body_of(web) == "# Probe"
    assert web.post(web.here, {**words, "text": " ", "version": 2}).status_code == 422
    assert body_of(web) == "# Probe"


def test_pictures_of_an_archive_come_along(web):
    text = (b"# Probe\n\n![Plot](figures/plot.png) ![Gone](no.png) ![Up](../../x.png) "
            b"![Bad](bad.png) [docs](docs/a.md) ![Far](https://x.org/a.png)")  # fmt: skip
    archive = web.add(packed(("r/README.md", text), ("r/figures/plot.png", drawn("PNG")),
                             ("r/bad.png", b"<svg>")), "code.zip")  # fmt: skip
    assert "code.zip: r/README.md" in web.get(web.here).content.decode()
    web.post(web.here, {"archive": archive.pk})
    picture = web.own.files.get(kind="image")
    address = f"/jams/{web.own.jam.slug}/submissions/{web.own.pk}/files/{picture.pk}/"
    assert body_of(web) == (
        f"# Probe\n\n![Plot]({address}) Gone Up Bad docs ![Far](https://x.org/a.png)"
    )
    assert web.get(address).status_code == 200


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "Choose where the README is."),
        ({"archive": "999"}, "Select a valid choice"),
        (upload(b"\0\1\2"), "This is no text."),
        (upload(b" \n"), "Nothing is in it."),
        (upload(b"a" * (1024 * 1024 + 1)), "1 MB is the most"),
        (upload(b"a b " * 60_000), "too long"),
    ],
)
def test_what_is_not_taken_and_why(web, data, reason):
    web.add(packed(("README", b"x")), "code.zip")
    page = web.post(web.here, data)
    assert page.status_code == 422
    assert reason in page.content.decode()
    assert body_of(web) == ""


def test_an_address_is_asked_only_where_the_operator_allows_it(web, settings, monkeypatch):
    asked = []

    def fetch(address, *, most):
        asked.append(address)
        return fetching.Fetched(address, 200, "text/plain", b"![a](b.png) [c](d.md)")

    monkeypatch.setattr("jam.fetching.fetch", fetch)
    data = {"address": "https://github.com/o/r"}
    assert web.post(web.here, data).status_code == 422
    settings.FETCH_READMES = True
    assert web.post(web.here, {"address": "http://example.org/README.md"}).status_code == 422
    assert asked == []
    web.post(web.here, data)
    base = "https://raw.githubusercontent.com/o/r/HEAD"
    assert asked == [f"{base}/README.md"]
    assert body_of(web) == f"![a]({base}/b.png) [c]({base}/d.md)"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (fetching.Fetched("https://x.org/a", 404, "text/plain"), "No README stands there."),
        (fetching.Fetched("http://x.org/a", 200, "text/plain", b"x"), "No README stands there."),
        (fetching.Fetched("https://x.org/a", 200, "text/html", b"<p>"), "A page stands there"),
        (fetching.NotFetched(fetching.FetchRefusal.NOT_PUBLIC), "not lead to a public place"),
    ],
)
def test_what_another_house_answers(web, settings, monkeypatch, answer, reason):
    settings.FETCH_READMES = True

    def fetch(address, *, most):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("jam.fetching.fetch", fetch)
    page = web.post(web.here, {"address": "https://x.org/a"})
    assert page.status_code == 422
    assert reason in page.content.decode()


def test_an_address_inside_is_not_asked(web, settings):
    settings.FETCH_READMES = True
    for address in ("https://127.0.0.1/README.md", "https://[::1]/", "https://10.0.0.1/a"):
        page = web.post(web.here, {"address": address})
        assert "does not lead to a public place" in page.content.decode()


def test_it_is_closed_when_drafts_are(web, at):
    at(MOMENTS["rating"])
    assert web.get(web.here).status_code == 302
    assert web.post(web.here, upload()).status_code == 302
    assert body_of(web) == ""


def test_a_full_submission_takes_the_words_without_the_pictures(web, monkeypatch):
    archive = web.add(packed(("README", b"![a](a.png)"), ("a.png", drawn("PNG"))), "code.zip")
    monkeypatch.setattr("submissions.files.MOST_FILES", 1)
    web.post(web.here, {"archive": archive.pk})
    assert body_of(web) == "a"
    assert files.MOST_FILES == 1


def test_an_archive_is_a_document_of_the_reader(web):
    content = packed(("README.md", b"# x"), *[(f"data/<b>{n}.csv", b"1") for n in range(250)])
    archive = web.add(content, "code.zip")
    page = web.get(f"/jams/{web.own.jam.slug}/submissions/{web.own.pk}/files/{archive.pk}/read/")
    text = page.content.decode()
    assert "251 files" in text
    assert "README.md" in text
    assert "data/&lt;b&gt;249.csv" in text
