"""Notebooks of every format that say, hide or unfold more than they should."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

from PIL import Image

from tests.submissions.corpus import Awkward
from tests.submissions.corpus.images import png

RUN = "<script>hit()</script>"
HTML = (
    f"{RUN}<img src=x onerror=hit()><svg onload=hit()><script>hit()</script></svg>"
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe><a href='javascript:hit()'>a link</a>"
    "<form action=javascript:hit()><button>go</button></form><style>body{display:none}</style>"
    "<p style='position:fixed;inset:0' onclick=hit()>kept words</p><base href=//evil.example>"
    "<math><mtext></mtext><mglyph><style><img src=x onerror=hit()></style></math>"
)
DRAWING = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9' onload='hit()'>"
    "<circle r='4' onclick='hit()'/></svg>"
)


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "teal").save(drawn, form)
    return drawn.getvalue()


def encoded(content: bytes) -> str:
    return base64.encodebytes(content).decode()


def notebook(*cells: Any, **more: Any) -> bytes:
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}
    return json.dumps(document).encode()


def code(*outputs: Any, source: Any = "run()", **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": 1, "source": source, "outputs": outputs,
            "metadata": {}, **more}  # fmt: skip


def markdown(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}, **more}


def data(**kinds: Any) -> dict[str, Any]:
    """An output; `text_html` stands for text/html."""
    found = {kind.replace("_", "/", 1): value for kind, value in kinds.items()}
    return {"output_type": "display_data", "metadata": {}, "data": found}


def stream(text: Any, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def format_3() -> bytes:
    outputs = [
        {"output_type": "stream", "stream": "stdout", "text": ["printed\n", "twice"]},
        {"output_type": "pyout", "prompt_number": 2, "text": ["{1: 2}"], "html": ["<b>bold</b>"]},
        {"output_type": "display_data", "png": encoded(picture()), "text": "<Figure>"},
        {"output_type": "display_data", "javascript": "hit()", "svg": DRAWING},
        {"output_type": "pyerr", "ename": "KeyError", "evalue": "x", "traceback": ["no key x"]},
    ]
    cells = [
        {"cell_type": "heading", "level": 1, "source": ["Formats of ", "old"]},
        {"cell_type": "code", "input": ["1 + 1"], "prompt_number": 2, "outputs": outputs},
        {"cell_type": "heading", "level": "x", "source": "Odd level"},
    ]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""},
                       "worksheets": [{"cells": cells}, "odd"]}).encode()  # fmt: skip


def errors() -> bytes:
    trace = [
        "\x1b[0;31m---\x1b[0m",
        "\x1b[1;32mError\x1b[0m: \x1b]8;;http://x\x07no\x1b]8;;\x07",
    ]
    return notebook(
        code({"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": trace}),
        code({"output_type": "error", "ename": "<b>E", "evalue": None, "traceback": None}),
        code(stream("plain \x1b[38;5;208morange \x1b[48;2;1;2;3mboth \x1b[999mend", "stderr")),
    )


def odd() -> bytes:
    """Values of every type where others belong."""
    values: list[Any] = [None, 1, 1.5, True, "x", [], {}, [None, 1, [2]], {"a": {}}]
    cells: list[Any] = [*values]
    for value in values:
        cells += [
            {"cell_type": value, "source": value, "outputs": value, "attachments": value},
            code(
                value, {"output_type": value}, data(text_plain=value, image_png=value), source=value
            ),
            code({"output_type": "stream", "name": value, "text": value}, execution_count=value),
            code({"output_type": "error", "traceback": value, "ename": value}),
            markdown(value, attachments={"a": value, "b": {"image/png": value}}),
            {"cell_type": "heading", "level": value, "source": value},
        ]
    kernel = {"kernelspec": 7, "language_info": {"name": ["odd"], "version": {}}}
    return notebook(*cells, code(stream("said at last")), metadata=kernel)


def unfolding(levels: int = 20) -> str:
    """A drawing of parts that stand for two of the part before."""
    parts = "".join(
        f"<g id='g{n}'><use href='#g{n - 1}'/><use href='#g{n - 1}'/></g>" for n in range(1, levels)
    )
    return (f"<svg xmlns='http://www.w3.org/2000/svg'><g id='g0'><circle r='1'/></g>{parts}"
            f"<use href='#g{levels - 1}'/></svg>")  # fmt: skip


def of_lines(count: int) -> str:
    return "".join(f"line {n} of many <b>\n" for n in range(count))


def pictures() -> bytes:
    polyglot = picture() + b"<script>hit()</script>"
    bomb = png(50_000, 50_000, b"")
    outputs = [
        data(image_png=encoded(picture())),
        data(image_png="not base64 !!", text_plain="instead of bad base64"),
        data(image_png=encoded(b"GIF89a" + b"\0" * 40), text_plain="instead of no PNG"),
        data(image_jpeg=encoded(picture("PNG")), text_plain="instead of a PNG that says JPEG"),
        data(image_png=encoded(bomb), text_plain="instead of a bomb"),
        data(image_png=encoded(polyglot)),
        data(image_gif=[encoded(picture("GIF"))]),
        data(**{"image_svg+xml": DRAWING}),
        data(**{"image_svg+xml": unfolding(), "text_plain": "instead of what unfolds"}),
        data(**{"image_svg+xml": "<svg><", "text_plain": "instead of no drawing"}),
        data(**{"image_svg+xml": "<!DOCTYPE svg [<!ENTITY a 'aaa'>]><svg>&a;</svg>",
                "text_plain": "instead of entities"}),
    ]  # fmt: skip
    attached = {"a b.png": {"image/png": encoded(picture())}, "../x.png": {"image/png": "?"}}
    text = "![attached](attachment:a%20b.png) ![no](attachment:../x.png) ![](javascript:hit())"
    return notebook(*(code(output) for output in outputs), markdown(text, attachments=attached))


def texts() -> bytes:
    return notebook(
        markdown(
            f"# Hostile {RUN}\n\n{HTML}\n\n[a](javascript:hit()) $\\href{{javascript:hit()}}{{x}}$"
        ),
        markdown("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\n\nwords $e^{i\\pi}$"),
        code(data(text_markdown=f"## {RUN}\n\n[a](javascript:hit())")),
        code(data(text_latex=r"$\displaystyle \href{javascript:hit()}{x}$")),
        code(data(text_plain=RUN), stream(RUN), source=RUN),
        {"cell_type": "raw", "source": HTML},
        {"cell_type": RUN, "source": "of no kind"},
    )


def deep_html() -> bytes:
    return notebook(code(data(text_html="<div>" * 15_000 + "deep", text_plain="instead of depth")))


def tables() -> bytes:
    wide = "<table><tr><th></th><td colspan=65534 rowspan=65534 style=x>wide</td></tr></table>"
    many = "<table>" + "<tr><td>1</td></tr>" * 50_000 + "</table>"
    return notebook(code(data(text_html=wide)), code(data(text_html=many, text_plain="too many")))


def scripts() -> bytes:
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}
    return notebook(
        code(data(text_html=HTML)),
        code(data(application_javascript="hit()")),
        code({"output_type": "display_data", "data": widget}),
        code(data(text_html=RUN)),
    )


LONG = "x" * 3_000_000
FILES = [
    Awkward("old.ipynb", format_3, "notebook", shows="Formats of old"),
    Awkward("errors.ipynb", errors, "notebook", shows='<span class="ansi-red">---</span>'),
    Awkward("scripts.ipynb", scripts, "notebook", shows="kept words"),
    Awkward("texts.ipynb", texts, "notebook", shows="math-display"),
    Awkward("odd.ipynb", odd, "notebook", shows="said at last"),
    Awkward("pictures.ipynb", pictures, "notebook", shows="instead of a bomb"),
    Awkward("deep-html.ipynb", deep_html, "notebook", shows="cell-1"),
    Awkward("tables.ipynb", tables, "notebook", shows="too many"),
    Awkward("empty.ipynb", notebook, "notebook", shows="This notebook is empty"),
    Awkward("of-the-future.ipynb", lambda: notebook(markdown("From 2090"), nbformat=9), "notebook",
            shows="From 2090"),
    Awkward("other-kernel.ipynb", lambda: notebook(code(source="¯\\_(ツ)_/¯"), metadata={
        "kernelspec": {"name": "<x>"}, "language_info": {"name": "../../etc"}}), "notebook",
        shows="ツ"),
    Awkward("half-a-million-lines.ipynb", lambda: notebook(code(stream(of_lines(400_000)))),
            "notebook", shows="more lines"),
    Awkward("one-line.ipynb", lambda: notebook(code(stream(LONG), source=LONG)), "notebook",
            shows="The rest of it is in the file"),
    Awkward("progress.ipynb", lambda: notebook(code(stream("\r".join(
        f"{n}%" for n in range(101)) + "\nsettled", "stderr"))), "notebook", shows="settled"),
    Awkward("colours.ipynb", lambda: notebook(code(stream("\x1b[31mx\x1b[0m" * 100_000))),
            "notebook", shows="output-stdout"),
    Awkward("many-cells.ipynb", lambda: notebook(*[code(source="1")] * 90_000), "notebook",
            shows="cell-1"),
    Awkward("million-cells.ipynb", lambda: notebook(*[{}] * 1_000_000), "notebook",
            shows="too many parts"),
    Awkward("many-outputs.ipynb", lambda: notebook(code(*[data(text_plain="9" * 900)] * 9_000)),
            "notebook", shows="in the file"),
    Awkward("many-headings.ipynb", lambda: notebook(markdown("# a\n" * 30_000)), "notebook",
            shows="Contents"),
    Awkward("long-markdown.ipynb", lambda: notebook(*[markdown("*a* [b](c) " * 9_000)] * 40),
            "notebook", shows="Read on"),
    Awkward("nested-markdown.ipynb", lambda: notebook(markdown("> " * 9_000 + "deep"),
            markdown("[" * 50_000), markdown("- " * 9_000)), "notebook", shows="cell-1"),
    Awkward("half-characters.ipynb", lambda: notebook(markdown("\ud800 a \udfff \x00 b"),
            code(stream("\x00\ufffe\x1b"))), "notebook", shows="b</p>"),
    Awkward("with-mark.ipynb", lambda: b"\xef\xbb\xbf" + notebook(markdown("marked")), "notebook",
            shows="marked"),
    Awkward("deep.ipynb", lambda: b'{"nbformat":4,"cells":' + b"[" * 100_000, refused="be read",
            shows="cannot be read"),
    Awkward("cut-off.ipynb", lambda: notebook(code(stream("x")))[:-9], refused="be read",
            shows="cannot be read"),
    Awkward("latin-1.ipynb", lambda: json.dumps({"nbformat": 4, "cells": [markdown("é")]},
            ensure_ascii=False).encode("latin-1"), refused="be read", shows="cannot be read"),
    Awkward("utf-16.ipynb", lambda: b"{" + notebook(markdown("wide")).decode().encode("utf-16"),
            refused="be read", shows="cannot be read"),
    Awkward("large-number.ipynb", lambda: b'{"nbformat":' + b"9" * 100_000 + b',"cells":[]}',
            refused="be read", shows="cannot be read"),
    Awkward("not-one.ipynb", lambda: b'{"cells": 7}', refused="not a Jupyter", shows="is empty"),
    Awkward("huge.ipynb", lambda: notebook(pad="x" * 11_000_000), refused="may have",
            shows="too large"),
]  # fmt: skip
