"""Citing a submission: what was handed in, in the formats that reference managers read.

Everything is made from the frozen record alone, so that a citation never changes. The formats are
pure functions of a `Work`: no database, no clock, no request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from submissions.citing import bibtex, cff, csl, datacite, ris
from submissions.citing.work import Work


class Format(NamedTuple):
    """A way to write a citation down."""

    label: str
    content_type: str
    write: Callable[[Work], str]


# By the name of the file.
FORMATS = {
    "citation.bib": Format("BibTeX", "application/x-bibtex", bibtex.write),
    "citation.ris": Format("RIS", "application/x-research-info-systems", ris.write),
    "citation.json": Format("CSL-JSON", "application/vnd.citationstyles.csl+json", csl.write),
    "CITATION.cff": Format("CITATION.cff", "application/yaml", cff.write),
    "datacite.json": Format("DataCite", "application/vnd.datacite.datacite+json", datacite.write),
}
