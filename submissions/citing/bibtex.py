"""BibTeX, in UTF-8; fields that only biblatex knows are passed over by the older one."""

from __future__ import annotations

from submissions.citing.names import Name
from submissions.citing.work import Work

# Braces count for BibTeX even after a backslash, so that a single one would swallow the rest.
_ESCAPED = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "%": r"\%",
    "&": r"\&",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
}


def escaped(text: str) -> str:
    """A text with nothing left in it that means something to TeX."""
    return "".join(_ESCAPED.get(sign, sign) for sign in text)


def author(name: Name) -> str:
    """A name as BibTeX parts it; braces keep it from parting those that are whole."""
    if name.is_whole:
        return f"{{{escaped(name.whole)}}}"
    # Names of two words that look like a list, a particle or a suffix are read by their commas.
    parts = [escaped(part) for part in (name.sorted_by, name.suffix, name.given) if part]
    return ", ".join(parts)


def write(work: Work) -> str:
    """The entry of a work."""
    fields = {
        "author": " and ".join(author(person.name) for person in work.people),
        # Twice, so that styles leave capitals alone.
        "title": f"{{{escaped(work.title)}}}",
        "booktitle": f"{{{escaped(work.jam)}}}",
        "eventtitle": escaped(work.jam),
        "eventdate": f"{work.began}/{work.ended}",
        "venue": escaped(work.place),
        "publisher": f"{{{escaped(work.publisher)}}}",
        "year": str(work.handed_in.year),
        "month": f"{work.handed_in:%b}".lower(),
        "date": str(work.handed_in),
        "version": str(work.version),
        "url": work.url,
        "keywords": ", ".join(escaped(tag) for tag in work.tags),
        "abstract": escaped(work.abstract),
        "note": escaped(work.note),
        "copyright": escaped(work.licence),
    }
    lines = [
        # The months are BibTeX's own words.
        f"  {name} = {value}," if name == "month" else f"  {name} = {{{value}}},"
        for name, value in fields.items()
        if value.strip("{}")
    ]
    return "\n".join([f"@inproceedings{{{work.key},", *lines, "}", ""])
