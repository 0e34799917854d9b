"""Documents, their pages and addresses; notebooks as safe HTML; words found in all of them."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile

from jam import markdown
from submissions import services
from submissions.models import Closing, File
from submissions.reading import cells, documents, drawings, notebook, terminal
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.submissions.corpus import notebooks, pdfs
from tests.submissions.factories import SubmissionFactory, hand_in


def shown(*given, **more) -> str:
    read = notebook.read(notebooks.notebook(*given, **more))
    return "".join(block.html for block in cells.blocks_of(read, lambda n: f"/jams/p/{n}/"))


# -- a text in pieces ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "## One\n\nA *word*.\n\n## Two\n\n- a\n- b\n\n> quoted\n\n| a |\n|---|\n| 1 |\n",
        "Said[^1].\n\n[^1]: Why.\n\nMore[^1].",
        "[a][x]\n\n[x]: https://example.org\n\n$$\nx\n$$",
        "",
    ],
)
def test_the_pieces_of_a_text_are_the_text(text):
    pieces = list(markdown.pieces(text, size=200))
    assert "".join(piece.html for piece in pieces) == markdown.render(text)
    assert tuple(h for piece in pieces for h in piece.headings) == markdown.headings(text)


@pytest.mark.parametrize(
    "body",
    ["<" * 200_000, "    " + "&" * 190_000, "```\n" + "\N{SNOWMAN}" * 190_000, "# a\n" * 50_000,
     "- a\n" * 50_000, "| a " * 40_000],
    ids=range(6),
)  # fmt: skip
def test_no_page_of_a_text_is_large(body):
    document = documents.text_of(body)
    assert all(len(page.encode()) < 90_000 for page in document.pages)
    assert document.starts == tuple(sorted(set(document.starts)))


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["&", "漢", "x"])
def test_nor_is_one_with_many_long_headings(client, at, sign):
    body = "".join(f"# {sign * 900}\n\n" for _ in range(200))
    submission = SubmissionFactory(jam=JamFactory(), body=body)
    submission.frozen = hand_in(submission)
    submission.save()
    Closing.objects.create(jam=submission.jam, closed_at=MOMENTS["closing"], handed_in=1)
    at(MOMENTS["rating"])
    home = submission.get_absolute_url()
    for path in (home, f"{home}search/?q={sign if sign != '&' else '%26'}"):
        assert len(client.get(path).content) < 150_000


def test_a_long_text_is_cut_between_its_paragraphs_and_nothing_is_lost():
    body = "\n\n".join(f"## Part {n}\n\n" + f"word{n} " * 300 for n in range(90))
    document = documents.text_of(body)
    assert len(document.pages) > 2
    words = re.findall(r"word\d+", "".join(document.pages))
    assert words == re.findall(r"word\d+", body)
    assert [document.page_of(start) for start in document.starts] == list(
        range(len(document.pages))
    )
    assert [entry.title for entry in document.entries] == [f"Part {n}" for n in range(90)]


# -- notebooks -------------------------------------------------------------------------------


def test_headings_of_a_notebook_are_levelled_over_its_cells_and_have_an_address_each():
    html = shown(*(notebooks.markdown(text) for text in ("# A", "## B", "## B", "#### C", "# A")))
    assert re.findall(r'<(h\d) id="([^"]+)"', html) == [
        ("h2", "in-a"), ("h3", "in-b"), ("h3", "in-b--2"), ("h4", "in-c"), ("h2", "in-a--2"),
    ]  # fmt: skip


def test_outputs_of_a_stream_are_one_and_long_ones_are_folded():
    some = [notebooks.stream(f"line {n}\n") for n in range(40)]
    html = shown(notebooks.code(*some, notebooks.stream("oops", "stderr")))
    assert html.count("<details>") == 1
    assert "10 more lines" in html
    assert html.index("line 29") < html.index("<details>") < html.index("line 30")
    assert html.count("output-stderr") == 1


def test_a_table_keeps_what_makes_it_a_table():
    table = (
        "<style>p{}</style><table border=1 class=dataframe style=x><thead><tr><th></th>"
        "<th colspan=2 onclick=hit()>a</th></tr></thead>"
        "<tr><th>0</th><td>1</td></tr></table>"
    )
    html = shown(notebooks.code(notebooks.data(text_html=table, text_plain="never")))
    assert '<th colspan="2">a</th>' in html
    assert "<td></td>" in html
    assert "never" not in html
    assert not re.search("style|class=dataframe|onclick|border", html.split("<table")[1])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text_html": "<script>hit()</script>", "text_plain": "instead"}, "instead"),
        ({"text_html": "<script>hit()</script>"}, "Nothing in a notebook is run"),
        ({"application_javascript": "hit()"}, "Nothing in a notebook is run"),
        ({"application_x": "?"}, "cannot be shown here"),
        ({"text_latex": "$$x^2$$"}, '<div class="math math-display">x^2</div>'),
        ({"text_markdown": "# *a*"}, "<em>a</em>"),
        ({"application_json": {"a": 1}}, "{&quot;a&quot;: 1}"),
    ],
)
def test_what_is_shown_of_an_output(data, said):
    html = shown(notebooks.code(notebooks.data(**data)))
    assert said in html
    assert "hit()" not in html


def test_pictures_have_addresses_in_their_order_and_attached_ones_are_found():
    raw = notebooks.pictures()
    read = notebook.read(raw)
    html = "".join(b.html for b in cells.blocks_of(read, lambda n: f"/jams/p/{n}/"))
    assert re.findall(r'src="/jams/p/(\d)/"', html) == ["0", "1", "2", "3", "4"]
    assert [picture.content_type for picture in read.pictures] == [
        "image/png", "image/png", "image/gif", "image/svg+xml", "image/png",
    ]  # fmt: skip
    assert read.pictures[0].content == notebooks.picture()


# -- terminals and drawings ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain <b>", "plain &lt;b&gt;"),
        ("\x1b[31mred\x1b[0m.", '<span class="ansi-red">red</span>.'),
        ("\x1b[1;92mup\x1b[39mb\x1b[22mc", '<span class="ansi-bold ansi-green">up</span>'
         '<span class="ansi-bold">b</span>c'),
        ("\x1b[38;5;1mr\x1b[38;5;200m\x1b[38;2;1;2;3mr", '<span class="ansi-red">r</span>'
         '<span class="ansi-red">r</span>'),
        ("\x1b[m\x1b[2K\x1b[?25lx\x1b]0;title\x07y\x1b", "xy"),
        ("\x1b[999999999999m\x1b[;;mx", "x"),
        ("10%\r50%\r100%\ndone\r\n", "100%\ndone\n"),
        ("10%\r", "10%"),
    ],
)  # fmt: skip
def test_what_a_terminal_would_have_shown(text, html):
    assert terminal.shown(text) == html


@pytest.mark.parametrize(
    ("svg", "is_plain"),
    [
        (notebooks.DRAWING, True),
        ("<?xml version='1.0' encoding='utf-8'?><!DOCTYPE svg PUBLIC 'a' 'b'><svg/>", True),
        ("<svg><g id='a'/><use href='#a'/><use href=\"#a\"/></svg>", True),
        (notebooks.unfolding(), False),
        ("<svg id='a'><use href='#a'/></svg>", False),
        ("<svg><g id='a'>" + "<g/>" * 3000 + "</g>" + "<use href='#a'/>" * 100 + "</svg>", False),
        ("<svg><image href='x.png'/></svg>", False),
        ("<svg xmlns:s='x'><s:foreignObject/></svg>", False),
        ("<html/>", False),
        ("<svg>", False),
        ("", False),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", False),
        ("<svg>" + "<g>" * 50_000 + "</g>" * 50_000 + "</svg>", True),
        ("<svg>" + " " * 1_000_000 + "</svg>", False),
    ],
    ids=range(14),
)  # fmt: skip
def test_which_drawings_are_shown(svg, is_plain):
    assert drawings.is_plain(svg) is is_plain


# -- pages -----------------------------------------------------------------------------------


@pytest.fixture
def work(db):
    body = "\n\n".join(f"## Part {n}\n\n" + f"word{n} " * 300 for n in range(90))
    submission = SubmissionFactory(jam=JamFactory(), body=body)
    add = {"submission": submission, "by": submission.contributors.get().user,
           "moment": MOMENTS["making"]}  # fmt: skip
    services.add_file(upload=ContentFile(pdfs.pdf(), "report.pdf"), **add)
    ran = notebooks.code(notebooks.data(image_png=notebooks.encoded(notebooks.picture())))
    found = notebooks.markdown("## Found\n\nThe Straße ends.")
    services.add_file(upload=ContentFile(notebooks.notebook(ran, found), "a.ipynb"), **add)
    submission.frozen = hand_in(submission)
    submission.save()
    Closing.objects.create(jam=submission.jam, closed_at=MOMENTS["closing"], handed_in=1)
    cache.clear()
    return submission


def test_a_text_is_turned_page_by_page_and_its_contents_lead_everywhere(client, at, work):
    at(MOMENTS["rating"])
    home = work.get_absolute_url()
    page = client.get(home).content.decode()
    assert "word0 " in page
    assert "word89 " not in page
    last = re.search(r'href="([^"]+)" data-document>Part 89<', page)[1]
    assert re.fullmatch(re.escape(home) + r"\?at=\d+#text-part-89", last)
    page = client.get(last).content.decode()
    assert "word89 " in page
    assert 'href="#text-part-89"' in page
    for odd in ("x", "-1", "9" * 400, "²", ""):
        assert client.get(home, {"at": odd}).status_code == 200


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("word89", ["Text · Part 89"]),
        ("WORD89 part", []),
        ("strasse", ["a.ipynb · Found"]),
        ("", []),
        ("<script>", []),
    ],
)
def test_words_are_found_where_they_stand(client, at, work, words, places):
    at(MOMENTS["rating"])
    page = client.get(f"{work.get_absolute_url()}search/", {"q": words}).content.decode()
    assert re.findall(r"<li><a href=[^>]+>([^<]+)</a><p>", page) == places
    assert "<script>" not in page


def test_documents_cost_few_statements(client, at, work, django_assert_num_queries):
    at(MOMENTS["rating"])
    home = work.get_absolute_url()
    report, notebook_file = File.objects.order_by("pk")
    # Jam, submission and contributors; the notebook itself, once.
    for path, count in ((f"{home}files/{report.pk}/read/", 3),
                        (f"{home}files/{notebook_file.pk}/read/", 4),
                        (f"{home}files/{notebook_file.pk}/read/", 3),
                        (f"{home}files/{notebook_file.pk}/pictures/0/", 4),
                        (f"{home}search/?q=word1", 3)):  # fmt: skip
        with django_assert_num_queries(count):
            assert client.get(path).status_code == 200


def test_nothing_is_read_of_a_draft_or_of_what_came_later(client, at, work):
    at(MOMENTS["rating"])
    author = work.contributors.get().user
    draft = SubmissionFactory(jam=work.jam, body="word")
    home = work.get_absolute_url()
    _report, notebook_file = File.objects.order_by("pk")
    paths = [f"{draft.get_absolute_url()}search/?q=word",
             f"{draft.get_absolute_url()}files/{notebook_file.pk}/read/",
             f"{home}files/{notebook_file.pk + 1}/read/",
             f"{home}files/{notebook_file.pk}/pictures/1/"]  # fmt: skip
    for user in (None, UserFactory(), author):
        if user:
            client.force_login(user)
        assert [client.get(path).status_code for path in paths] == [404] * 4
