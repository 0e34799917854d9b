"""CITATION.cff 1.2.0, to be put into the repository of the work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from submissions.citing.work import Person, Work


def author(person: Person) -> dict[str, Any]:
    """A person by their parts; whoever has none is an entity, which has a name alone."""
    name = person.name
    if name.is_whole:
        fields = {"name": name.whole}
    else:
        fields = {
            "family-names": name.family,
            "given-names": name.given,
            "name-particle": name.particle,
            "name-suffix": name.suffix,
            "affiliation": person.affiliation,
        }
    return {key: value for key, value in (fields | {"orcid": person.orcid_url}).items() if value}


def citation(work: Work) -> dict[str, Any]:
    """What the file says, as plain values."""
    # An entry without people cannot be, and is nobody's.
    authors = [author(person) for person in work.people] or [{"name": work.publisher}]
    preferred = {
        "type": "conference-paper",
        "title": work.title,
        "authors": authors,
        "year": work.handed_in.year,
        "month": work.handed_in.month,
        "date-published": str(work.handed_in),
        "conference": {
            "name": work.jam,
            "date-start": str(work.began),
            "date-end": str(work.ended),
            "website": work.jam_url,
        },
        "publisher": {"name": work.publisher},
        "url": work.url,
        "version": str(work.version),
        "notes": work.note,
    }
    fields = {
        "cff-version": "1.2.0",
        "message": "If you build on this work, please cite it as below.",
        "type": "software",
        "title": work.title,
        "abstract": work.abstract,
        "authors": authors,
        "keywords": list(dict.fromkeys(work.tags)),
        "license": work.licence,
        "version": str(work.version),
        "date-released": str(work.handed_in),
        "url": work.url,
        "repository-code": work.repository,
        "commit": work.commit,
        "identifiers": [
            {"type": "url", "value": work.url, "description": "The page of this submission"},
            {
                "type": "other",
                "value": f"sha256:{work.sha256}",
                "description": f"The record of revision {work.version}",
            },
        ],
        "preferred-citation": preferred,
    }
    return {key: value for key, value in fields.items() if value}


def _lines(value: Any, depth: int = 0) -> Iterator[str]:
    """Plain values as YAML; every text in quotes, as JSON has them, which YAML reads as well."""
    indent = "  " * depth
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, (dict, list)):
                yield f"{indent}{key}:"
                yield from _lines(inner, depth + 1)
            else:
                yield f"{indent}{key}: {json.dumps(inner, ensure_ascii=False)}"
        return
    for inner in value:
        if isinstance(inner, dict):
            first, *rest = _lines(inner, depth + 1)
            yield f"{indent}- {first.strip()}"
            yield from rest
        else:
            yield f"{indent}- {json.dumps(inner, ensure_ascii=False)}"


def write(work: Work) -> str:
    """The file of a work."""
    return "\n".join([*_lines(citation(work)), ""])
