"""RIS: a tag, two spaces, a hyphen, a value; a line each."""

from __future__ import annotations

from collections.abc import Iterator

from submissions.citing.names import Name
from submissions.citing.work import Work


def author(name: Name) -> str:
    """Family name, given names, suffix, by commas; a whole name has no comma that parts it."""
    if name.is_whole:
        return name.whole.replace(",", " ")
    return ", ".join(part for part in (name.sorted_by, name.given, name.suffix) if part)


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    yield "TY", "CPAPER"
    for person in work.people:
        yield "AU", author(person.name)
    yield "TI", work.title
    yield "T2", work.jam
    yield "PY", str(work.handed_in.year)
    yield "DA", f"{work.handed_in:%Y/%m/%d}/"
    yield "CY", work.place
    yield "PB", work.publisher
    yield "ET", str(work.version)
    yield "AB", work.abstract
    for tag in work.tags:
        yield "KW", tag
    yield "UR", work.url
    yield "N1", work.note
    yield "C1", f"Licence: {work.licence}" if work.licence else ""
    yield "ID", work.key


def write(work: Work) -> str:
    """The record of a work."""
    lines = [f"{tag}  - {value}" for tag, value in _fields(work) if value]
    return "\r\n".join([*lines, "ER  - ", ""])
