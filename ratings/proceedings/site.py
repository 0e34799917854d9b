"""What is in the zip of the proceedings: pages, files, data, citations, and what they are shown
with. Every address is relative, and nothing is asked of the network."""

from __future__ import annotations

import json
import mimetypes
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from jam import markdown
from jam.models import Jam
from ratings import awards, explaining, publishing
from ratings.models import RatingRules, Results
from ratings.proceedings.sheets import OnDisk, Sheet, at_home, lines_of, name_of, sheets_of
from ratings.tally import files as tally_files
from submissions.citing import FORMATS, bibtex
from submissions.freezing import bytes_of
from submissions.models import File
from submissions.reading import cells, notebook
from submissions.reading.pages import document_of

# Lines of a page of contents, and of results.
PER_PAGE = 250
CHUNK = 64 * 1024
STYLES = ("vendor/bootstrap/bootstrap.min.css", "css/tokens.css", "css/site.css", "css/reader.css",
          "vendor/katex/katex.min.css", "css/proceedings.css")  # fmt: skip
SCRIPTS = ("vendor/katex/katex.min.js", "js/proceedings.js")
# Where a page is cut to put what is too long to be held.
CUT = "<!-- cut -->"


class Entry(NamedTuple):
    """A file of the zip: its path, and its content in pieces."""

    path: str
    pieces: Iterable[bytes]


def entries(results: Results) -> Iterator[Entry]:
    """All files of the proceedings, each to be read before the next."""
    jam = results.jam
    yield from _assets(jam)
    yield from _front(jam, results)
    with tempfile.TemporaryFile() as together:
        for sheet in sheets_of(results, OnDisk()):
            yield from _of_submission(jam, sheet)
            together.write(bibtex.write(sheet.citation.work).encode() + b"\n")
        together.seek(0)
        yield Entry("citations.bib", iter(lambda: together.read(CHUNK), b""))
    yield Entry("print.html", (piece.encode() for piece in printed(results, OnDisk(""), on_disk())))
    yield from _data(results)
    yield Entry("datacite.json", [_json(_collection(jam, results))])
    yield Entry("README.txt", [render_to_string("proceedings/README.txt", {
        "jam": jam, "results": results, "site": settings.SITE_URL,
    }).encode()])  # fmt: skip


# -- pages -----------------------------------------------------------------------------------


def on_disk(root: str = "") -> dict[str, Any]:
    """What a page is shown with, from a page that reaches the first one by `root`."""
    return {
        "root": root,
        "styles": [f"{root}assets/{path}" for path in (*STYLES, "theme.css")],
        "scripts": [f"{root}assets/{path}" for path in SCRIPTS],
        "is_on_disk": True,
    }


def about(jam: Jam, results: Results) -> dict[str, Any]:
    """What the first page tells of the jam and its results."""
    return {
        "jam": jam,
        "results": results,
        "hosts": list(jam.hosts.values_list("name", flat=True)),
        "rule_words": explaining.rule_in_words(results.rule, results.least),
        "awards": awards.awards_of(results),
        "address": settings.SITE_URL + jam.get_absolute_url(),
        "has_judges": results.standings.filter(criterion=None, judges_n__gt=0).exists(),
        "has_intervals": results.rule == RatingRules.Rule.ADJUSTED,
        "description": at_home(markdown.render(jam.description), 0, []),
    }


def _front(jam: Jam, results: Results) -> Iterator[Entry]:
    """The contents and the results, each on as many pages as it needs."""
    told = about(jam, results) | on_disk()
    for name in ("index", "results"):
        pages = max(1, -(-results.submissions // PER_PAGE))
        lines = lines_of(results)
        for number in range(1, pages + 1):
            text = render_to_string(
                f"proceedings/{name}.html",
                told
                | {
                    "lines": list(islice(lines, PER_PAGE)),
                    "page": number,
                    "pages": [
                        (n, _numbered(name, n), n == number) for n in range(1, pages + 1)
                    ] if pages > 1 else [],
                },
            )  # fmt: skip
            yield Entry(_numbered(name, number), [text.encode()])


def _numbered(name: str, number: int) -> str:
    return f"{name}.html" if number == 1 else f"{name}-{number}.html"


def _of_submission(jam: Jam, sheet: Sheet) -> Iterator[Entry]:
    """The page of a submission, its notebooks and files, its record and its citations."""
    folder = f"submissions/{sheet.submission.pk}/"
    shown = on_disk("../../") | {"jam": jam, "address": sheet.citation.work.url}
    stored = File.objects.in_bulk([kept.file["id"] for kept in sheet.files])
    notebooks = {}
    for kept in sheet.others:
        if kept.file["kind"] == File.Kind.NOTEBOOK:
            found = list(_of_notebook(stored[kept.file["id"]], sheet, shown))
            if found:
                notebooks[kept.file["id"]] = found[0].path
            yield from (Entry(folder + entry.path, entry.pieces) for entry in found)
    page = render_to_string(
        "proceedings/submission.html", shown | {"sheet": sheet, "notebooks": notebooks}
    )
    yield Entry(f"{folder}index.html", [page.encode()])
    yield Entry(f"{folder}record.json", [bytes_of(sheet.submission.frozen)])
    for name, form in FORMATS.items():
        yield Entry(f"{folder}cite/{name}", [form.write(sheet.citation.work).encode()])
    for kept in sheet.files:
        yield Entry(f"{folder}files/{name_of(kept.file)}", _read(stored[kept.file["id"]]))


def _read(stored: File) -> Iterator[bytes]:
    with stored.content.open("rb") as content:
        yield from iter(lambda: content.read(CHUNK), b"")


def _of_notebook(stored: File, sheet: Sheet, shown: dict[str, Any]) -> Iterator[Entry]:
    """A notebook as a page, and its pictures; nothing where it cannot be shown."""
    with stored.content.open("rb") as content:
        raw = content.read(notebook.LARGEST + 1)
    try:
        opened = notebook.read(raw)
    except notebook.Unreadable:
        return
    names = [
        f"notebook-{stored.pk}-{number}{mimetypes.guess_extension(picture.content_type) or ''}"
        for number, picture in enumerate(opened.pictures)
    ]
    document = document_of(cells.blocks_of(opened, names.__getitem__))
    html = at_home("".join(document.pages), sheet.submission.pk, sheet.files)
    page = render_to_string(
        "proceedings/notebook.html", shown | {"sheet": sheet, "file": stored, "html": html}
    )
    yield Entry(f"notebook-{stored.pk}.html", [page.encode()])
    for name, picture in zip(names, opened.pictures, strict=True):
        yield Entry(name, [picture.content])


def printed(results: Results, places: Any, shown: dict[str, Any]) -> Iterator[str]:
    """Everything in one document, in pieces: the results, then each submission."""
    jam = results.jam
    told = about(jam, results) | shown | {"cut": mark_safe(CUT)}  # noqa: S308 -- ours
    head, table, tail = render_to_string("proceedings/print.html", told).split(CUT)
    yield head
    for line in lines_of(results):
        yield render_to_string("proceedings/_line.html", told | {"line": line, "in_print": True})
    yield table
    for sheet in sheets_of(results, places):
        yield render_to_string(
            "proceedings/_sheet.html",
            told | {"sheet": sheet, "in_print": True, "address": sheet.citation.work.url},
        )
    yield tail


# -- data and what pages are shown with ----------------------------------------------------------


def _data(results: Results) -> Iterator[Entry]:
    yield Entry("data/rules.json", [_json(publishing.rules_of(results))])
    for rule in RatingRules.Rule:
        rows = tally_files.lines(publishing.standings_of(results, rule))
        yield Entry(f"data/standings-{rule}.csv", (_bytes(row) for row in rows))
    if results.offers_file:
        yield Entry("data/ratings.csv", publishing.ratings_of(results))


def _collection(jam: Jam, results: Results) -> dict[str, Any]:
    """The proceedings as a whole, in DataCite's words."""
    address = settings.SITE_URL + jam.get_absolute_url()
    hosts = list(jam.hosts.values_list("name", flat=True)) or ["Peerjam"]
    parts = [line.pk for line in lines_of(results) if line.has_page]
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceType": "Proceedings of a hackathon",
                  "resourceTypeGeneral": "Collection"},
        "creators": [{"name": host} for host in hosts],
        "titles": [{"title": _("Proceedings of %(jam)s") % {"jam": jam.title}}],
        "publisher": {"name": ", ".join(hosts)},
        "publicationYear": str(results.frozen_at.year),
        "dates": [{"date": str(results.frozen_at.date()), "dateType": "Issued"}],
        "version": str(results.version),
        "url": address,
        "relatedIdentifiers": [
            {
                "relatedIdentifier": f"{address}submissions/{pk}/",
                "relatedIdentifierType": "URL",
                "relationType": "HasPart",
            }
            for pk in parts
        ],
    }  # fmt: skip


def _assets(jam: Jam) -> Iterator[Entry]:
    fonts = [f"vendor/fonts/{path.name}" for path in _folder("vendor/fonts").glob("*.woff2")]
    maths = [f"vendor/katex/fonts/{path.name}" for path in _folder("vendor/katex/fonts").iterdir()]
    for name in (*STYLES, *SCRIPTS, *sorted(fonts), *sorted(maths)):
        yield Entry(f"assets/{name}", [_folder(name).read_bytes()])
    yield Entry("assets/theme.css", [f":root{{--jam-hue:{jam.hue}}}\n".encode()])


def _folder(name: str) -> Path:
    """Where a static file, or a folder of them, lies at its source."""
    return Path(finders.find(name))


def _json(told: Any) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _bytes(piece: bytes | str) -> bytes:
    return piece.encode() if isinstance(piece, str) else piece
