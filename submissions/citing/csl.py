"""CSL-JSON, which citation processors read."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from submissions.citing.names import Name
from submissions.citing.work import Work


def author(name: Name) -> dict[str, str]:
    """A name in its parts, or as it is."""
    if name.is_whole:
        return {"literal": name.whole}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}


def _date(*days: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day] for day in days]}


def item(work: Work) -> dict[str, Any]:
    """A work as citation processors know it."""
    fields = {
        "id": work.key,
        "type": "paper-conference",
        "title": work.title,
        "author": [author(person.name) for person in work.people],
        "container-title": work.jam,
        "event-title": work.jam,
        "event-date": _date(work.began, work.ended),
        "event-place": work.place,
        "issued": _date(work.handed_in),
        "publisher": work.publisher,
        "version": str(work.version),
        "URL": work.url,
        "abstract": work.abstract,
        "keyword": ", ".join(work.tags),
        "note": work.note,
        "license": work.licence,
    }
    return {name: value for name, value in fields.items() if value}


def write(work: Work) -> str:
    """A list of one work."""
    return json.dumps([item(work)], ensure_ascii=False, indent=2) + "\n"
