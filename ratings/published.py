"""Taking in a jam that was held elsewhere, from its table of submissions and its published results.

The games shop gives its hosts two tables: the submissions, and for each rated one its place, score
and mean on each criterion. The ratings behind them are not given to anybody, so what comes of it
is a finished jam whose results are kept as they were published, and cannot be counted again.
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.text import Truncator

from jam import caching, log, timeline
from jam.archive.tables import Malformed
from jam.mending import mended
from jam.models import Jam, User
from ratings.models import Criterion, RatingRules, Results, Standing
from ratings.tally.table import OVERALL
from submissions import freezing
from submissions.models import Closing, Link, Revision, Submission, SubmissionRules

# Columns of the table of submissions, by the names that they go by.
KNOWN = {
    "number": ("submission", "id", "number"),
    "title": ("title", "name", "game", "game title", "submission title"),
    "people": ("contributors", "authors", "author", "submitter", "submitted by", "team"),
    "url": ("url", "link", "game url", "submission url"),
    "abstract": ("abstract", "short text", "short description", "description", "tagline"),
}
NEEDED = ("number", "title")
RESULT = ("submission", "rating_count", "criterion", "rank", "score", "raw_score")
# Scores and means are printed with three digits after the point.
ROUNDED = 0.0011
MOST_ROWS = 1_000_000


@dataclass(frozen=True)
class Work:
    """A submission as its table has it."""

    number: int
    title: str
    people: tuple[str, ...]
    url: str
    abstract: str

    @property
    def short(self) -> str:
        """The abstract, or as much of it as one may have."""
        return Truncator(self.abstract).chars(280)

    @property
    def long(self) -> str:
        """All of what is too long for an abstract."""
        return self.abstract if self.short != self.abstract else ""


@dataclass(frozen=True)
class Line:
    """A line of published results."""

    number: int
    n: int
    criterion: str
    rank: int
    score: float
    raw: float


@dataclass
class Published:
    """What two tables say of a jam; `mended` is how many texts had been decoded wrongly."""

    works: list[Work] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    digest: str = ""
    mended: int = 0

    @property
    def criteria(self) -> list[str]:
        """The names of the criteria, in the order of the table."""
        names = dict.fromkeys(line.criterion for line in self.lines)
        return [name for name in names if name != OVERALL]


def read(submissions: TextIO, results: TextIO) -> Published:
    """What the tables say, once all of it fits together. Raises Malformed."""
    found = Published()
    found.works = list(_works(submissions, found))
    found.digest = hashlib.sha256(results.read().encode()).hexdigest()
    results.seek(0)
    found.lines = list(_lines(results, found))
    known = {work.number for work in found.works}
    seen: set[tuple[int, str]] = set()
    counts: dict[int, int] = {}
    for place, line in enumerate(found.lines, 2):
        where = f"results, line {place}"
        if line.number not in known:
            raise Malformed(f"there is no submission {line.number}", where)
        if (line.number, line.criterion) in seen:
            raise Malformed("this submission has this criterion already", where)
        if counts.setdefault(line.number, line.n) != line.n:
            raise Malformed("this submission had another number of ratings before", where)
        seen.add((line.number, line.criterion))
    if not found.lines:
        raise Malformed("there is no line", "results")
    for number in counts:
        for name in [OVERALL, *found.criteria]:
            if (number, name) not in seen:
                raise Malformed(f"submission {number} has no line for “{name}”", "results")
    return found


def _table(file: TextIO, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a file of CSV by the names of their columns, each with where it stands."""
    rows = csv.DictReader(file, strict=True)
    try:
        header = [cell.strip().casefold() for cell in rows.fieldnames or []]
        if len(set(header)) != len(header):
            raise Malformed("a column is there twice", f"{name}, line 1")
        rows.fieldnames = header
        for number, row in enumerate(rows, 2):
            if number > MOST_ROWS:
                raise Malformed("has too many lines", name)
            if None in row or None in row.values():
                raise Malformed("has more or fewer cells than the first", f"{name}, line {number}")
            yield f"{name}, line {number}", row
    except csv.Error as error:
        raise Malformed(str(error), name) from None


def _works(file: TextIO, found: Published) -> Iterator[Work]:
    numbers: set[int] = set()
    for where, row in _table(file, "submissions"):
        names = {key: next((n for n in known if n in row), None) for key, known in KNOWN.items()}
        for key in NEEDED:
            if names[key] is None:
                raise Malformed(f"has no column “{KNOWN[key][0]}”", "submissions, line 1")
        cells = {key: _text(row[name], found) if name else "" for key, name in names.items()}
        number = _whole(cells["number"], f"{where}, {names['number']}")
        if number in numbers:
            raise Malformed(f"submission {number} is there twice", where)
        numbers.add(number)
        if not cells["title"]:
            raise Malformed("has no title", where)
        if cells["url"]:
            try:
                URLValidator(("http", "https"))(cells["url"])
            except ValidationError:
                raise Malformed(f"“{cells['url'][:80]}” is no address", where) from None
        people = tuple(p.strip() for p in cells["people"].split(",") if p.strip())
        for key, most in {"title": 160, "url": 500, "abstract": 10_000}.items():
            if len(cells[key]) > most:
                raise Malformed(f"the {key} is longer than {most} characters", where)
        yield Work(number, cells["title"], people, cells["url"], cells["abstract"])


def _lines(file: TextIO, found: Published) -> Iterator[Line]:
    for where, row in _table(file, "results"):
        if missing := [name for name in RESULT if name not in row]:
            raise Malformed(f"has no column “{missing[0]}”", "results, line 1")
        name = _text(row["criterion"], found)
        if not name or len(name) > 80:
            raise Malformed("a criterion has a name of up to 80 characters", where)
        line = Line(
            _whole(row["submission"], f"{where}, submission"),
            _whole(row["rating_count"], f"{where}, rating_count"),
            OVERALL if name.casefold() == OVERALL else name,
            _whole(row["rank"], f"{where}, rank"),
            _score(row["score"], f"{where}, score"),
            _score(row["raw_score"], f"{where}, raw_score"),
        )
        if not line.n or not line.rank:
            raise Malformed("places and numbers of ratings begin with 1", where)
        if line.score > line.raw + ROUNDED:
            raise Malformed("the score is above the mean", where)
        yield line


def _text(cell: str, found: Published) -> str:
    """A cell without blanks around it, repaired where it was decoded wrongly."""
    plain = " ".join(cell.replace("\0", "").split())
    better = mended(plain)
    found.mended += better != plain
    return better


def _whole(cell: str, where: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 10):
        raise Malformed(f"“{cell[:40]}” is no whole number", where)
    return int(cell)


def _score(cell: str, where: str) -> float:
    try:
        found = float(cell)
    except ValueError:
        found = math.nan
    if not 0 <= found <= 5:
        raise Malformed(f"“{cell[:40]}” is no number of stars", where)
    return found


def median_of(lines: list[Line]) -> float:
    """The median number of ratings that the scores were marked down by, which the table does not
    tell: the smallest that explains every score. Raises Malformed where none does."""
    most = max(line.n for line in lines)
    for halves in range(2 * most + 1):
        median = halves / 2
        if all(abs(_marked_down(line, median) - line.score) <= ROUNDED for line in lines):
            return median
    raise Malformed("no median number of ratings explains the scores", "results")


def _marked_down(line: Line, median: float) -> float:
    return line.raw * (math.sqrt(line.n / median) if line.n < median else 1)


# -- writing -------------------------------------------------------------------------------------


@transaction.atomic
def take_in(
    *, published: Published, jam: Jam, organizer: User, origin: str, moment: datetime
) -> Results:
    """Save `jam`, which has its texts and instants, with everything that was published of it."""
    median = median_of(published.lines)
    jam.imported_at, jam.imported_from = moment, origin
    jam.published_at = jam.starts_at
    jam.save()
    jam.organizers.add(organizer)
    RatingRules.objects.create(
        jam=jam, rule=RatingRules.Rule.ITCH, ratings_file=RatingRules.RatingsFile.NEVER
    )
    SubmissionRules.objects.create(jam=jam, ai_tools=SubmissionRules.AiTools.OFF)
    Closing.objects.create(
        jam=jam,
        closed_at=jam.submissions_close_at + timeline.SETTLING,
        handed_in=len(published.works),
    )
    keys = _submissions(published.works, jam)
    results = _results(published, jam, keys, median)
    after = {"from": origin, "submissions": len(keys), "digest": results.digest}
    log.record("imported the jam", jam, by=None, jam=jam, after=after, moment=moment)
    caching.forget()
    return results


def _submissions(works: list[Work], jam: Jam) -> dict[int, int]:
    """The keys of the submissions, by their numbers."""
    at = jam.submissions_close_at
    made = Submission.objects.bulk_create(
        [
            Submission(
                jam=jam,
                number=work.number,
                title=work.title,
                abstract=work.short,
                body=work.long,
                created_at=jam.starts_at,
                saved_at=at,
            )
            for work in sorted(works, key=lambda work: work.number)
        ],
        batch_size=500,
    )
    by_number = {work.number: work for work in works}
    revisions = [_revision(submission, by_number[submission.number], at) for submission in made]
    Revision.objects.bulk_create(revisions, batch_size=500)
    for submission, revision in zip(made, revisions, strict=True):
        submission.frozen = revision
    Submission.objects.bulk_update(made, ["frozen"], batch_size=500)
    Link.objects.bulk_create(
        Link(submission=submission, kind=Link.Kind.DEMO, url=url)
        for submission in made
        if (url := by_number[submission.number].url)
    )
    return {submission.number: submission.pk for submission in made}


def _revision(submission: Submission, work: Work, at: datetime) -> Revision:
    links = [{"kind": Link.Kind.DEMO.value, "url": work.url, "label": ""}] if work.url else []
    # Nobody of them has an account here, whose key would stand there.
    people = [{"id": 0, "name": name, "affiliation": ""} for name in work.people]
    content = {
        "title": work.title, "abstract": work.short, "body": work.long, "tags": [], "licence": "",
        "commit": "", "site": "", "links": links, "files": [], "contributors": people,
    }  # fmt: skip
    return Revision(
        submission=submission,
        number=1,
        origin=Revision.Origin.HANDED_IN,
        content=content,
        digest=freezing.digest_of(content),
        title=work.title,
        abstract=work.short,
        **freezing.searchable(content, people),
        tag_index="|",
        arrived_at=at,
    )


def _results(published: Published, jam: Jam, keys: dict[int, int], median: float) -> Results:
    criteria = Criterion.objects.bulk_create(
        Criterion(jam=jam, order=order, name=name) for order, name in enumerate(published.criteria)
    )
    ids: dict[str, int | None] = {c.name: c.pk for c in criteria} | {OVERALL: None}
    counts = {line.number: line.n for line in published.lines}
    results = Results.objects.create(
        jam=jam,
        rule=RatingRules.Rule.ITCH,
        least=1,
        submissions=len(keys),
        ratings=sum(counts.values()),
        criteria=[
            {"id": c.pk, "name": c.name, "weight": "1.00", "judges_only": False} for c in criteria
        ],
        summary={str(key or OVERALL): {"median": median} for key in ids.values()},
        digest=published.digest,
        frozen_at=jam.results_at,
    )
    rated = [
        Standing(
            results=results,
            submission_id=keys[line.number],
            criterion_id=ids[line.criterion],
            n=line.n,
            raw=line.raw,
            rank=line.rank,
            itch_score=line.score,
            itch_rank=line.rank,
        )
        for line in published.lines
    ]
    unrated = [
        Standing(results=results, submission_id=key, criterion_id=criterion, n=0)
        for number, key in keys.items()
        if number not in counts
        for criterion in ids.values()
    ]
    Standing.objects.bulk_create(rated + unrated, batch_size=2_000)
    return results
