"""The one pipeline for what people write: what it gives, and what it never lets through."""

from __future__ import annotations

import re
import time

import pytest
from django.template import Context, Template

from jam import markdown
from jam.config.demo import hackathon
from jam.markdown import Heading, headings, render

VIDEO = "KV5gbOmHbjU"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** ~~c~~ `d`", "<em>a</em> <strong>b</strong> <s>c</s> <code>d</code>"),
        ("- a\n- b", "<li>a</li>"),
        ("> a", "<blockquote>"),
        ("```py\na<b\n```", '<code class="language-py">a&lt;b'),
        ("[x](https://e.org)", '<a href="https://e.org" rel="nofollow noopener">x</a>'),
        ("see https://e.org/a_(b).", ">https://e.org/a_(b)</a>."),
        ("(https://e.org)", '(<a href="https://e.org"'),
        ("`https://e.org`", "<code>https://e.org</code>"),
        ("|a|\n|:-:|\n|b|", '<th class="text-center">a</th>'),
        ("$x<y$", '<span class="math">x&lt;y</span>'),
        ("$$\n\\frac{a}{b}\n$$", '<div class="math math-display">\\frac{a}{b}</div>'),
        ("so $$x$$ is", '<span class="math math-display">x</span>'),
        ("$a_1 * b_2 * c$", "a_1 * b_2 * c"),
        ("it costs $5 or $6", "it costs $5 or $6"),
        ("a[^1]\n\n[^1]: note", 'class="footnote-ref"'),
        ("![a plot](/media/plot.png)", '<img src="/media/plot.png" alt="a plot">'),
        ("🧑‍🔬 👩🏽‍🚀 🇩🇰 漢字 עברית नमस्ते", "🧑‍🔬 👩🏽‍🚀 🇩🇰 漢字 עברית नमस्ते"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_what_it_gives(text, html):
    assert html in render(text)


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.youtube.com/watch?v={VIDEO}",
        f"https://www.youtube.com/watch?list=x&v={VIDEO}&t=3",
        f"https://youtu.be/{VIDEO}?t=3",
        f"http://m.youtube.com/watch?v={VIDEO}",
        f"https://www.youtube.com/live/{VIDEO}",
        f"<https://youtu.be/{VIDEO}>",
    ],
)
def test_a_video_alone_is_offered_for_playing(url):
    html = render(f"Before\n\n{url}\n\nAfter")
    assert f'data-embed-src="https://www.youtube-nocookie.com/embed/{VIDEO}"' in html
    assert 'class="embed"' in html
    assert "<iframe" not in html
    assert "<p>Before</p>" in html
    assert "<p>After</p>" in html
    assert "<p><div" not in html


def test_vimeo_too():
    assert 'src="https://player.vimeo.com/video/76979871"' in render("https://vimeo.com/76979871")


@pytest.mark.parametrize(
    "text",
    [
        f"See https://youtu.be/{VIDEO} for more",
        f"https://youtu.be.evil.org/{VIDEO}",
        f"https://evil.org/?https://youtu.be/{VIDEO}",
        "https://www.youtube.com/watch?v=short",
        f"`https://youtu.be/{VIDEO}`",
    ],
)
def test_other_links_are_no_videos(text):
    assert "data-embed-src" not in render(text)


def test_pictures_from_elsewhere_are_links():
    html = render("![a plot](https://e.org/plot.png)")
    assert "<img" not in html
    assert 'href="https://e.org/plot.png"' in html
    assert ">a plot</a>" in html


def test_a_badge_in_a_link_stays_one_link():
    html = render("[![build](https://e.org/b.svg)](https://e.org/ci)")
    assert html.count("<a ") == 1
    assert 'href="https://e.org/ci"' in html
    assert "build" in html


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# a\n\n## b\n\n# c", [2, 3, 2]),
        ("## a\n\n### b", [2, 3]),
        ("# a\n\n#### b\n\n###### c", [2, 3, 4]),
        ("#### a\n\n# b", [2, 2]),
    ],
)
def test_headings_begin_below_the_title_and_skip_no_level(text, levels):
    assert [heading.level for heading in headings(text)] == levels
    assert [int(level) for level in re.findall(r"<h(\d)", render(text))] == levels


def test_headings_lead_to_their_places():
    text = "# First *steps*\n\n# First steps\n\n# 始め\n\n# !"
    assert headings(text) == (
        Heading(2, "text-first-steps", "First steps"),
        Heading(2, "text-first-steps--2", "First steps"),
        Heading(2, "text-始め", "始め"),
        Heading(2, "text-section", "!"),
    )
    for heading in headings(text):
        assert f'id="{heading.anchor}"' in render(text)


def test_the_text_of_the_first_jam_comes_out_whole():
    html = render(hackathon.JAM["description"])
    assert "🧑‍🔬" in html
    assert "math-display" in html
    assert "<table>" in html
    assert "data-embed-src" in html


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](//evil.org/x.png)",
    '![x" onerror="alert(1)](https://e.org/a.png)',
    '[x](https://e.org "t\\" onclick=\\"alert(1)")',
    "<javascript:alert(1)>",
    "$<img src=x onerror=alert(1)>$",
    "$$\n</div><script>alert(1)</script>\n$$",
    "$$</span><svg onload=alert(1)>$$",
    '```"><script>alert(1)</script>\nx\n```',
    "``` onload=alert(1)\nx\n```",
    "# <script>alert(1)</script>",
    '# " onmouseover="alert(1)',
    "|<script>|\n|-|\n|<svg/onload=alert(1)>|",
    "[^<script>]\n\n[^<script>]: <script>alert(1)</script>",
    "<style>*{display:none}</style>",
    "<iframe src=https://evil.org></iframe>",
    "<form action=https://evil.org><input name=password></form>",
    "<div style=position:fixed>x</div>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "\x00<script\x00>alert(1)</script>",
    'https://e.org/"onmouseover="alert(1)',
    f'https://youtu.be/{VIDEO}?"><script>alert(1)</script>',
    "<a href='https://e.org' id=location name=cookie>x</a>",
]
TAG = re.compile(r"<[a-zA-Z/!][^>]*>")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "around", ["{}", "> - {}", "**{}**", "a\n\n{}\n\nb", "[{}](https://e.org)"]
)
def test_nothing_hostile_comes_through(text, around):
    html = render(around.format(text))
    tags = " ".join(TAG.findall(html)).lower()
    for forbidden in (
        "<script", "<svg", "<style", "<iframe", "<form", "<input", "<math", "<noscript", "<!--",
        "javascript:", "vbscript:", "data:", " style=", ' src="//', " name=",
    ):  # fmt: skip
        assert forbidden not in tags.replace("data-embed", "")
    assert not re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tags))
    assert not re.search(r'<img[^>]+src="(?!/[^/])', html)


@pytest.mark.parametrize(
    "unit",
    ["[", "![", "[a](", "*a ", "**a", "_a*", "`", "$", "$$", "$$\n", ">", "- ", "* ", "|",
     "|a|b|\n|-|-|\n", "<", "<a", "&", "\\", "[^a]", "[^1]: x\n", "# a\n", "#", "https://a.b ",
     "[a]: b\n", "![a](b)", "(", "\n", "a\n===\n"],
)  # fmt: skip
def test_long_and_deeply_nested_texts_do_not_hang(unit):
    text = unit * (40_000 // len(unit))
    begin = time.perf_counter()
    render(text)
    headings(text)
    assert time.perf_counter() - begin < 20


def test_what_is_longer_than_any_field_is_shown_as_it_is():
    text = "[<script>" * 120_000
    begin = time.perf_counter()
    html = render(text)
    assert time.perf_counter() - begin < 2
    assert html.startswith("<pre>[&lt;script&gt;")
    assert headings(text) == ()


def test_nesting_has_an_end():
    html = render(">" * 5000 + " deep")
    assert html.count("<blockquote>") <= markdown.DEEPEST_NESTING


def test_the_filter_takes_what_there_is():
    template = Template("{% load markdown %}{{ text|markdown }}")
    assert template.render(Context({"text": "*a* <b>"})).strip() == "<p><em>a</em> &lt;b&gt;</p>"
    assert template.render(Context({"text": None})) == ""
