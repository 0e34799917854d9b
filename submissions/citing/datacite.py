"""DataCite's metadata (schema 4): what an archive wants to know of a deposit.

There is no DOI yet: the archive that takes the deposit gives one.
"""

from __future__ import annotations

import json
from typing import Any

from submissions.citing.work import Person, Work


def creator(person: Person) -> dict[str, Any]:
    """A contributor; what kind of name it is, is said where it could be parted."""
    name = person.name
    fields: dict[str, Any] = {"name": name.whole}
    if not name.is_whole:
        given = " ".join(part for part in (name.given, name.suffix) if part)
        fields = {
            "name": f"{name.sorted_by}, {given}",
            "nameType": "Personal",
            "givenName": given,
            "familyName": name.sorted_by,
        }
    if person.affiliation:
        fields["affiliation"] = [{"name": person.affiliation}]
    if person.orcid:
        fields["nameIdentifiers"] = [
            {
                "nameIdentifier": person.orcid_url,
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }
        ]
    return fields


def metadata(work: Work) -> dict[str, Any]:
    """The metadata of a work."""
    rights = {
        "rights": work.licence,
        "rightsUri": work.licence_url,
        "rightsIdentifier": work.licence,
        "rightsIdentifierScheme": "SPDX",
        "schemeUri": "https://spdx.org/licenses/",
    }
    fields: dict[str, Any] = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceType": "Submission to a hackathon", "resourceTypeGeneral": "Text"},
        "creators": [creator(person) for person in work.people] or [{"name": work.publisher}],
        "titles": [{"title": work.title}],
        "publisher": {"name": work.publisher},
        "publicationYear": str(work.handed_in.year),
        "dates": [{"date": str(work.handed_in), "dateType": "Submitted"}],
        "version": str(work.version),
        "url": work.url,
        "alternateIdentifiers": [
            {"alternateIdentifier": work.url, "alternateIdentifierType": "URL"},
            {"alternateIdentifier": work.sha256, "alternateIdentifierType": "SHA-256"},
        ],
        "relatedIdentifiers": [
            {
                "relatedIdentifier": work.jam_url,
                "relatedIdentifierType": "URL",
                "relationType": "IsPartOf",
            }
        ],
        "descriptions": [
            {"description": text, "descriptionType": kind}
            for text, kind in ((work.abstract, "Abstract"), (work.note, "TechnicalInfo"))
            if text
        ],
        "subjects": [{"subject": tag} for tag in work.tags],
        "rightsList": [rights] if work.licence else [],
        "sizes": [f"{file['size']} bytes" for file in work.files],
    }
    if work.repository:
        fields["relatedIdentifiers"].append(
            {
                "relatedIdentifier": work.repository,
                "relatedIdentifierType": "URL",
                "relationType": "IsSupplementedBy",
            }
        )
    return {name: value for name, value in fields.items() if value}


def write(work: Work) -> str:
    """The metadata of a work as a file."""
    return json.dumps(metadata(work), ensure_ascii=False, indent=2) + "\n"
