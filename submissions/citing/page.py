"""What the page of a submission says of itself to machines and to people who want to cite it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from submissions.citing import FORMATS, bibtex
from submissions.citing.work import Person, Work, work_of
from submissions.models import Submission, is_blind

# As many names as a line of references can bear; the files have them all.
MOST_NAMED = 10
# Within a script element nothing may look like its end, or like a comment.
_IN_A_SCRIPT = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


class Citation:
    """A work for the page of its submission; nothing is computed that the template does not ask."""

    def __init__(self, work: Work, page: str):
        self.work, self.page = work, page

    @cached_property
    def text(self) -> str:
        """How to cite it, in a sentence, with names as they are written."""
        names = [person.name.whole for person in self.work.people]
        listed = ", ".join(names[:MOST_NAMED])
        if len(names) > MOST_NAMED:
            listed = _("%(names)s et al.") % {"names": listed}
        return _("%(names)s (%(year)s). %(title)s. Submission to %(jam)s, revision %(version)s. "
                 "%(url)s") % {
            "names": listed,
            "year": self.work.handed_in.year,
            "title": self.work.title,
            "jam": self.work.jam,
            "version": self.work.version,
            "url": self.work.url,
        }  # fmt: skip

    @property
    def bibtex(self) -> str:
        return bibtex.write(self.work)

    @property
    def files(self) -> list[tuple[str, str]]:
        """The formats to download: name and address."""
        return [(format.label, f"{self.page}cite/{file}") for file, format in FORMATS.items()]

    @property
    def highwire(self) -> list[tuple[str, str]]:
        """What reference managers and scholarly search engines look for, by name."""
        work = self.work
        told = [("citation_title", work.title)]
        for person in work.people:
            told.append(("citation_author", person.name.whole))
            if person.affiliation:
                told.append(("citation_author_institution", person.affiliation))
            if person.orcid:
                told.append(("citation_author_orcid", person.orcid_url))
        told += [
            ("citation_publication_date", f"{work.handed_in:%Y/%m/%d}"),
            ("citation_conference_title", work.jam),
            ("citation_abstract_html_url", work.url),
            ("citation_public_url", work.url),
        ]
        told += [
            ("citation_pdf_url", f"{work.url}files/{file['id']}/")
            for file in work.files
            if file["kind"] == "report"
        ][:1]
        return told + [("citation_keywords", tag) for tag in work.tags]

    @property
    def open_graph(self) -> list[tuple[str, str]]:
        """What a link to it shows elsewhere, by property."""
        work = self.work
        return [
            ("og:type", "article"),
            ("og:site_name", "Peerjam"),
            ("og:title", work.title),
            ("og:description", work.abstract),
            ("og:url", work.url),
            ("og:image", f"{work.url}picture.png"),
            ("og:image:type", "image/png"),
            ("og:image:width", "1200"),
            ("og:image:height", "630"),
            ("og:image:alt", work.title),
            ("article:published_time", str(work.handed_in)),
        ]

    @property
    def schema_org(self) -> SafeString:
        """The same as linked data (schema.org), safe within a script element."""
        told = json.dumps(schema_org(self.work), ensure_ascii=False)
        return mark_safe(told.translate(_IN_A_SCRIPT))  # noqa: S308 -- escaped just now


def citation_of(submission: Submission, moment: datetime) -> Citation | None:
    """The citation of a submission that everybody may see, and whose authors everybody may know;
    of others there is none."""
    if not submission.is_public or is_blind(submission.jam, moment):
        return None
    return Citation(work_of(submission), submission.get_absolute_url())


def schema_org(work: Work) -> dict[str, Any]:
    """A work in the words of schema.org."""
    told = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": work.url,
        "url": work.url,
        "name": work.title,
        "headline": work.title[:110],
        "abstract": work.abstract,
        "author": [_person(person) for person in work.people],
        "datePublished": str(work.handed_in),
        "version": work.version,
        "keywords": list(work.tags),
        "license": work.licence_url,
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": "SHA-256",
            "value": work.sha256,
        },
        "isPartOf": {
            "@type": "Event",
            "name": work.jam,
            "url": work.jam_url,
            "startDate": str(work.began),
            "endDate": str(work.ended),
        },
        "codeRepository": work.repository,
    }
    return {name: value for name, value in told.items() if value}


def _person(person: Person) -> dict[str, Any]:
    name = person.name
    told: dict[str, Any] = {
        "@type": "Person",
        "@id": person.orcid_url,
        "name": name.whole,
        "givenName": name.given,
        "familyName": name.sorted_by,
    }
    if person.affiliation:
        told["affiliation"] = {"@type": "Organization", "name": person.affiliation}
    return {key: value for key, value in told.items() if value}
