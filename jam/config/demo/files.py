"""Small files for the demonstration's submissions: a report and a notebook, made from the text."""

from __future__ import annotations

import io
import json
import textwrap
import zipfile


def report(title: str, names: list[str], abstract: str, body: str) -> bytes:
    """A PDF of plain pages in Helvetica; what Latin-1 lacks is left out."""
    lines = [title, ", ".join(names), "", *textwrap.wrap(abstract, 88), ""]
    for paragraph in body.splitlines():
        lines += textwrap.wrap(paragraph, 88) or [""]
    pages = [lines[start : start + 48] for start in range(0, len(lines), 48)]

    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        stream = b"BT /F1 10 Tf 14 TL 56 780 Td\n"
        for line in page:
            text = line.encode("latin-1", "ignore")
            for special in (b"\\", b"(", b")"):
                text = text.replace(special, b"\\" + special)
            stream += b"(%s) '\n" % text
        stream += b"ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))

    document = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(document)
    document += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    document += b"".join(b"%010d 00000 n \n" % place for place in places)
    document += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return document


def notebook(title: str, abstract: str, is_set_up: bool = False) -> bytes:
    """A notebook of few cells, run in order; if it is set up for others, it says what it needs and
    where its data are from."""
    needs = {
        "cell_type": "code",
        "id": "needs",
        "metadata": {},
        "execution_count": 1,
        "source": "%pip install --quiet numpy==1.26.4",
        "outputs": [],
    }
    data = {
        "cell_type": "markdown",
        "id": "data",
        "metadata": {},
        "source": "## Data\n\nThe prompts are made below; nothing else is read.",
    }
    first = 2 if is_set_up else 1
    cells = [
        {
            "cell_type": "markdown",
            "id": "title",
            "metadata": {},
            "source": f"# {title}\n{abstract}",
        },
        {
            "cell_type": "code",
            "id": "seed",
            "metadata": {},
            "execution_count": first,
            "source": "import numpy as np\nrng = np.random.default_rng(0)",
            "outputs": [],
        },
        {
            "cell_type": "code",
            "id": "mean",
            "metadata": {},
            "execution_count": first + 1,
            "source": "round(float(rng.normal(size=1000).mean()), 3)",
            "outputs": [
                {
                    "output_type": "execute_result",
                    "execution_count": first + 1,
                    "metadata": {},
                    "data": {"text/plain": "-0.048"},
                }
            ],
        },
    ]
    if is_set_up:
        cells[1:1] = [data, needs]
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"language_info": {"name": "python"}},
        "cells": cells,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def archive(title: str, abstract: str) -> bytes:
    """An archive of code: how to run it, what it needs, and a script with its seed."""
    files = {
        "README.md": f"# {title}\n\n{abstract}\n\n## Run it\n\n```\npip install -r requirements.txt\n"
        "python run.py\n```\n\nIt takes four minutes on a laptop and writes `results.csv`.\n",
        "requirements.txt": "numpy==1.24.2\ntorch==2.0.0\n",
        "run.py": "import numpy as np\n\nrng = np.random.default_rng(0)\n"
        "print(round(float(rng.normal(size=1000).mean()), 3))\n",
        "data/prompts.csv": "prompt,expected\nThe capital of Denmark is,Copenhagen\n",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            # The same day for each, so that the same words make the same file.
            made.writestr(zipfile.ZipInfo(name, (2023, 4, 15, 12, 0, 0)), content)
    return packed.getvalue()
