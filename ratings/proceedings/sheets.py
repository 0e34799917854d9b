"""What the proceedings say of each submission and of the results, for their templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from jam import markdown
from jam.models import Jam
from ratings import awards, explaining
from ratings.models import RatingRules, Results, Standing
from submissions.citing.page import Citation
from submissions.citing.work import work_of
from submissions.models import File, Submission

# Submissions that are fetched at once: memory does not grow with the jam.
PORTION = 50
Rule = RatingRules.Rule
# Addresses within our own pages, as they stand in what people wrote.
_OWN = re.compile(r'(?P<attribute>src|href)="(?P<path>/[^"]*)"')
_FILE = re.compile(r"/jams/[\w-]+/submissions/(?P<pk>\d+)/files/(?P<file>\d+)/?")
_ANCHOR = re.compile(r'(?P<before> (?:id="|href="#))')
# Signs that some file systems do not take in a name.
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True)
class Line:
    """A line of the results; without a page where the submission is not there to be read."""

    pk: int
    rank: int | None
    title: str
    names: str
    state: str
    score: float | None
    low: float | None
    high: float | None
    places: str
    n: int
    judges: float | None
    has_page: bool


class Places:
    """Where things lie, as addresses from the page that names them."""

    def file(self, pk: int, file: dict[str, Any]) -> str:
        raise NotImplementedError

    def folder(self, pk: int) -> str:
        """What the page of a submission, its citations and its record are in."""
        raise NotImplementedError

    def prefix(self, pk: int) -> str:
        """What the anchors of a submission begin with, where others are in the same document."""
        return f"s{pk}-"


@dataclass(frozen=True)
class OnDisk(Places):
    """In the zip: from its own page a submission's folder is none, from other pages `root`."""

    root: str | None = None

    def folder(self, pk: int) -> str:
        return "" if self.root is None else f"{self.root}submissions/{pk}/"

    def file(self, pk: int, file: dict[str, Any]) -> str:
        return quote(f"{self.folder(pk)}files/{name_of(file)}")

    def prefix(self, pk: int) -> str:
        return "" if self.root is None else super().prefix(pk)


@dataclass(frozen=True)
class Online(Places):
    """On the pages of the jam."""

    jam: Jam

    def folder(self, pk: int) -> str:
        return reverse("submissions:detail", args=[self.jam.slug, pk])

    def file(self, pk: int, file: dict[str, Any]) -> str:
        return reverse("submissions:file", args=[self.jam.slug, pk, file["id"]])


def name_of(file: dict[str, Any]) -> str:
    """A name that every file system takes, and that no other file of the jam has."""
    name = _UNSAFE.sub("_", file["name"]).strip(". ")[-120:]
    return f"{file['id']}-{name or 'file'}"


@dataclass(frozen=True)
class Kept:
    """A file of a submission, and its address."""

    file: dict[str, Any]
    url: str


@dataclass(frozen=True)
class Sheet:
    """All that is told of one submission."""

    submission: Submission
    content: dict[str, Any]
    line: Line
    citation: Citation
    prizes: list[str]
    files: list[Kept]
    folder: str
    body: SafeString

    @property
    def images(self) -> list[Kept]:
        return [kept for kept in self.files if kept.file["kind"] == File.Kind.IMAGE]

    @property
    def others(self) -> list[Kept]:
        return [kept for kept in self.files if kept.file["kind"] != File.Kind.IMAGE]


def line_of(standing: Standing, results: Results) -> Line:
    """The line of a standing, with its submission and that one's frozen revision fetched."""
    submission, is_adjusted = standing.submission, results.rule == Rule.ADJUSTED
    state = "" if standing.n else "unrated"
    if submission.withdrawn_at:
        state = "withdrawn"
    elif submission.disqualified_at:
        state = "disqualified"
    submission.jam = results.jam
    return Line(
        pk=submission.pk,
        rank=standing.rank,
        title=submission.frozen.title,
        names=submission.frozen.names,
        state=state,
        score=standing.score_by(results.rule),
        low=standing.low if is_adjusted else None,
        high=standing.high if is_adjusted else None,
        places=explaining.likely_places(standing) if is_adjusted else "",
        n=standing.n,
        judges=standing.judges_mean,
        has_page=submission.is_public,
    )


def lines_of(results: Results) -> Iterator[Line]:
    """The results overall, from the first place down."""
    standings = (
        results.standings.filter(criterion=None)
        .select_related("submission__frozen")
        .defer("submission__body", "submission__frozen__content")
        .in_order()
    )
    for standing in standings.iterator(chunk_size=500):
        yield line_of(standing, results)


def sheets_of(results: Results, places: Places) -> Iterator[Sheet]:
    """Every submission that may be read, from the first place down, a portion at a time."""
    overall = results.standings.filter(criterion=None)
    keys = list(overall.in_order().values_list("submission", flat=True))
    won = prizes_of(results)
    hosts = list(results.jam.hosts.values_list("name", flat=True))
    for start in range(0, len(keys), PORTION):
        some = keys[start : start + PORTION]
        fetched = overall.filter(submission__in=some).defer("submission__body")
        found = {
            standing.submission_id: standing
            for standing in fetched.select_related(
                "submission__frozen", "submission__correction", "submission__track"
            )
        }
        there = set(there_are(results.jam, some))
        for pk in some:
            line = line_of(found[pk], results)
            if not line.has_page:
                continue
            submission = found[pk].submission
            submission.jam, submission.frozen.submission = results.jam, submission
            content = submission.frozen.content
            files = [
                Kept(file, places.file(pk, file))
                for file in content["files"]
                if file["id"] in there
            ]
            yield Sheet(
                submission=submission,
                content=content,
                line=line,
                citation=Citation(work_of(submission, publisher=hosts), places.folder(pk)),
                prizes=won.get(pk, []),
                files=files,
                folder=places.folder(pk),
                body=at_home(markdown.render(content["body"]), pk, files, places.prefix(pk)),
            )


def there_are(jam: Jam, submissions: list[int]) -> Iterator[int]:
    """The files of submissions that are still in the storage."""
    for file in File.objects.filter(submission__in=submissions, submission__jam=jam):
        if file.content.storage.exists(file.content.name):
            yield file.pk


def at_home(html: str, pk: int, files: list[Kept], prefix: str = "") -> SafeString:
    """What somebody wrote, with addresses that lead somewhere from a disk: pictures of our own to
    the files beside, all else to where we are in the network. `prefix` keeps its anchors apart
    from those of others in the same document."""
    by_id = {kept.file["id"]: kept.url for kept in files}

    def led(found: re.Match[str]) -> str:
        attribute, path = found["attribute"], found["path"]
        own = _FILE.fullmatch(path)
        if own and int(own["pk"]) == pk and int(own["file"]) in by_id:
            return f'{attribute}="{by_id[int(own["file"])]}"'
        # A picture that is not here would be asked for over the network.
        return f'{"title" if attribute == "src" else "href"}="{settings.SITE_URL}{path}"'

    if prefix:
        html = _ANCHOR.sub(rf"\g<before>{prefix}", html)
    return mark_safe(_OWN.sub(led, html))  # noqa: S308 -- cleaned before, and addresses of ours


def prizes_of(results: Results) -> dict[int, list[str]]:
    """The titles of the prizes that submissions won, by the submission."""
    won: dict[int, list[str]] = {}
    for award in awards.awards_of(results):
        won.setdefault(award.submission, []).append(award.prize.title)
    return won
