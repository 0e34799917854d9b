"""Citation files are read by programs that are not ours, and say there what they said here."""

from __future__ import annotations

import json
from pathlib import Path

import bibtexparser
import jsonschema
import pytest
import rispy
import yaml
from bibtexparser import middlewares
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from datacite import schema45
from pylatexenc.latex2text import LatexNodes2Text

from submissions.citing import FORMATS, bibtex, cff, csl, datacite, ris
from submissions.citing.names import Name
from submissions.citing.work import Person, Work
from tests.submissions.citing.works import NAMES, WORKS, work

# The schema of the Citation File Format 1.2.0, as its authors publish it (CC BY 4.0).
CFF_SCHEMA = json.loads((Path(__file__).parent / "data" / "cff-1.2.0.json").read_text())


@pytest.fixture(params=WORKS)
def each(request) -> Work:
    return WORKS[request.param]


def read(text: str) -> str:
    """LaTeX as text."""
    return LatexNodes2Text(keep_braced_groups=False).latex_to_text(text).replace("\n", " ")


def test_bibtex_is_one_entry_that_says_the_same(each):
    library = bibtexparser.parse_string(bibtex.write(each))
    assert not library.failed_blocks
    (entry,) = library.entries
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    assert (entry.key, entry.entry_type) == (each.key, "inproceedings")
    assert fields["month"] == "may"
    assert fields["year"] == "2030"
    assert fields["url"] == each.url
    # Spaces after a macro's name are TeX's.
    for name, told in {"title": each.title, "booktitle": each.jam, "note": each.note}.items():
        assert "".join(read(fields[name]).split()) == "".join(
            LatexNodes2Text().latex_to_text(bibtex.escaped(told)).split()
        ), name
        assert told == undone(fields[name]), name


def undone(value: str) -> str:
    """What was escaped, by hand and without TeX."""
    value = value.removeprefix("{").removesuffix("}") if value.startswith("{") else value
    for escaped, sign in sorted(((e, s) for s, e in bibtex._ESCAPED.items()), reverse=True):
        value = value.replace(escaped, {"{": "\1", "}": "\2", "\\": "\3"}.get(sign, sign))
    return value.replace("\1", "{").replace("\2", "}").replace("\3", "\\")


def test_bibtex_parts_names_as_we_do(each):
    stack = [middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()]
    (entry,) = bibtexparser.parse_string(bibtex.write(each), append_middleware=stack).entries
    if not each.people:
        assert "author" not in entry.fields_dict
        return
    parted = entry.fields_dict["author"].value
    assert len(parted) == len(each.people)
    for parts, person in zip(parted, each.people, strict=True):
        name = person.name
        if name.is_whole:
            assert undone(" ".join(parts.last)) == name.whole
        else:
            assert " ".join(parts.first) == name.given
            assert " ".join([*parts.von, *parts.last]) == name.sorted_by
            assert " ".join(parts.jr) == name.suffix


def test_ris_is_one_record_that_says_the_same(each):
    (record,) = rispy.loads(ris.write(each))
    assert record["type_of_reference"] == "CPAPER"
    assert record["title"] == each.title
    assert record["secondary_title"] == each.jam
    assert record["year"] == "2030"
    assert record["urls"] == [each.url]
    assert record.get("abstract", "") == each.abstract
    assert record.get("keywords", []) == list(each.tags)
    assert record.get("authors", []) == [ris.author(person.name) for person in each.people]


def test_ris_parts_a_name_by_commas_alone():
    assert ris.author(Name("Ludwig van Beethoven", "Ludwig", "van", "Beethoven")) \
        == "van Beethoven, Ludwig"  # fmt: skip
    assert "," not in ris.author(Name("Smith & Sons, Ltd."))


# It does not know all variables of the schema, and says so.
@pytest.mark.filterwarnings("ignore:The following arguments")
def test_csl_is_cited_by_a_processor(each):
    source = CiteProcJSON(json.loads(csl.write(each)))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem(each.key.lower())]))
    (line,) = [str(item) for item in bibliography.bibliography()]
    assert "2030" in line
    # Of four and more the first is named.
    for person in each.people[: 1 if len(each.people) > 3 else 3]:
        assert person.name.family in line
        assert not person.name.is_whole or person.name.whole in line
    (item,) = json.loads(csl.write(each))
    assert item["title"] == each.title
    assert len(item["author"] if each.people else []) == len(each.people)


def test_cff_keeps_its_schema_and_says_the_same(each):
    told = yaml.safe_load(cff.write(each))
    assert told == cff.citation(each)
    jsonschema.Draft7Validator(CFF_SCHEMA).validate(told)
    assert told["preferred-citation"]["title"] == told["title"] == each.title
    assert len(told["authors"]) == max(1, len(each.people))


def test_datacite_keeps_its_schema(each):
    told = json.loads(datacite.write(each))
    schema45.validate(told)
    assert told["titles"] == [{"title": each.title}]
    assert "doi" not in told


@pytest.mark.parametrize("file", FORMATS)
def test_an_orcid_is_in_every_format_that_has_a_place_for_it(file):
    person = Person(Name("Ada Lovelace", "Ada", "", "Lovelace"), "", "0000-0002-1825-0097")
    text = FORMATS[file].write(work(people=(person,)))
    assert (person.orcid in text) == (file in ("CITATION.cff", "datacite.json"))


@pytest.mark.parametrize("file", FORMATS)
def test_which_version_and_what_has_become_of_it_are_told(file):
    text = FORMATS[file].write(WORKS["late and withdrawn"])
    for told in ("handed in late", "withdrawn", "0f" * 32):
        assert told in text.replace("\\_", "_")


def test_keys_are_plain_and_of_one_submission_each():
    assert work(names=["Łukasz Żółć"]).key == "zoc2030-7"
    assert work(names=["毛泽东"]).key == "submission2030-7"
    assert {WORKS[kind].key.isascii() for kind in NAMES} == {True}
