"""What a citation says of a submission: taken from the record of what was handed in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from submissions.citing.names import Name, parts_of
from submissions.models import Revision, Submission

ORCID = re.compile(r"(\d{4}-){3}\d{3}[\dX]")
_LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


@dataclass(frozen=True)
class Person:
    """A contributor, as of when the work was handed in."""

    name: Name
    affiliation: str = ""
    orcid: str = ""

    @property
    def orcid_url(self) -> str:
        return f"https://orcid.org/{self.orcid}" if self.orcid else ""


@dataclass(frozen=True)
class Work:
    """A frozen submission, as it is cited; texts are single lines without control characters."""

    pk: int
    title: str
    abstract: str
    people: tuple[Person, ...]
    jam: str
    jam_url: str
    began: date
    ended: date
    handed_in: date
    url: str
    version: int
    sha256: str
    # As SPDX names it; empty where all rights are reserved.
    licence: str = ""
    publisher: str = "Peerjam"
    place: str = ""
    tags: tuple[str, ...] = ()
    repository: str = ""
    commit: str = ""
    is_late: bool = False
    is_withdrawn: bool = False
    files: tuple[dict[str, Any], ...] = field(default=(), hash=False)

    @property
    def key(self) -> str:
        """What authors cite it by: ASCII, and like no other submission's."""
        first = self.people[0].name if self.people else Name("")
        plain = unicodedata.normalize("NFKD", first.family or first.whole)
        word = re.sub(r"[^a-z]", "", plain.encode("ascii", "ignore").decode().lower())[:24]
        return f"{word or 'submission'}{self.handed_in.year}-{self.pk}"

    @property
    def licence_url(self) -> str:
        if not self.licence:
            return ""
        return _LICENCES.get(self.licence, f"https://spdx.org/licenses/{self.licence}.html")

    @property
    def note(self) -> str:
        """What it is and which version, in a sentence for whoever meets it in a bibliography."""
        said = [f"Submission to a hackathon, revision {self.version}"]
        if self.is_late:
            said.append("handed in late")
        if self.is_withdrawn:
            said.append("withdrawn by its authors")
        return f"{', '.join(said)}; SHA-256 of the record: {self.sha256}"


def work_of(submission: Submission, publisher: Iterable[str] = ()) -> Work:
    """The citation of a submission whose frozen revision and jam have been fetched; `publisher`
    are the hosts of the jam."""
    jam, revision = submission.jam, submission.frozen
    content = revision.content
    licence = content["licence"]
    links = {link["kind"]: link["url"] for link in reversed(content["links"])}
    return Work(
        pk=submission.pk,
        title=one_line(content["title"]),
        abstract=one_line(content["abstract"]),
        people=tuple(
            Person(
                parts_of(one_line(each["name"])),
                one_line(each.get("affiliation", "")),
                each["orcid"] if ORCID.fullmatch(each.get("orcid") or "") else "",
            )
            for each in submission.credited
        ),
        jam=one_line(jam.title),
        jam_url=settings.SITE_URL + jam.get_absolute_url(),
        began=jam.starts_at.astimezone(jam.zone).date(),
        ended=jam.submissions_close_at.astimezone(jam.zone).date(),
        handed_in=revision.arrived_at.astimezone(jam.zone).date(),
        url=address_of(submission),
        version=revision.number,
        sha256=revision.digest,
        licence="" if licence.startswith("LicenseRef-") else licence,
        publisher=one_line(", ".join(publisher)) or "Peerjam",
        place=one_line(content["site"]),
        tags=tuple(filter(None, map(one_line, content["tags"]))),
        repository=links.get("repository", ""),
        commit=content["commit"],
        is_late=revision.origin == Revision.Origin.LATE,
        is_withdrawn=submission.withdrawn_at is not None,
        files=tuple(content["files"]),
    )


def address_of(submission: Submission) -> str:
    """The permanent address of a submission."""
    page = reverse("submissions:detail", args=[submission.jam.slug, submission.pk])
    return settings.SITE_URL + page


def one_line(text: str) -> str:
    """A text on one line, without signs that no format can hold or that turn its direction."""
    spaced = "".join(sign if _may_stand(sign) else " " for sign in text)
    return unicodedata.normalize("NFC", " ".join(spaced.split()))


def _may_stand(sign: str) -> bool:
    # Joiners stay: several scripts and most emoji need them.
    if sign in "\u200c\u200d":
        return True
    is_none = ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF
    return not is_none and unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
