"""The ladder itself: its levels, the checks of the first two, and what to do for the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.reproducibility import files, links, texts

NAMES = (
    gettext_lazy("Nothing to run"),
    gettext_lazy("Something to run, and described"),
    gettext_lazy("Set up so that a stranger could run it"),
    gettext_lazy("One person ran it"),
    gettext_lazy("Two or more ran it as described"),
)
NO_LICENCE = ("", "LicenseRef-All-Rights-Reserved")


@dataclass(frozen=True)
class Check:
    """One thing that a level asks for. Where it is not met, `todo` tells its team what to do,
    `anchor` where in the editor, and `finding` everybody what was found, if it is not plain."""

    level: int
    label: Any
    is_met: bool
    todo: str = ""
    anchor: str = "files"
    finding: str = ""


@dataclass(frozen=True)
class Rung:
    """One level of the ladder, as it is drawn."""

    level: int
    name: Any
    is_reached: bool
    is_current: bool


@dataclass(frozen=True)
class ShownLink:
    """A link with what its address says, and what was heard when it was last asked."""

    label: str
    url: str
    house: Any
    version: str
    fault: str
    asked_at: datetime | None = None
    has_answered: bool = False
    # The status of the answer, or why there was none.
    answer: Any = ""


@dataclass(frozen=True)
class Ladder:
    """How far somebody gets with a submission: what the checks found, and how many `ran` it, of
    whom so many `as_described`."""

    checks: tuple[Check, ...]
    links: tuple[ShownLink, ...] = ()
    is_pending: bool = False
    ran: int = 0
    as_described: int = 0

    def with_people(self, ran: int, as_described: int) -> Ladder:
        """The same with what people found who ran it, or tried to."""
        return replace(self, ran=ran, as_described=as_described)

    @cached_property
    def checked_level(self) -> int:
        """The level by the checks alone."""
        missing = {check.level for check in self.checks if not check.is_met}
        return 0 if 1 in missing else 1 if 2 in missing else 2

    @cached_property
    def level(self) -> int:
        """The level reached. Whoever ran it has shown more than checks can, so that what these
        miss does not count against it."""
        if self.as_described >= 2:
            return 4
        return 3 if self.ran else self.checked_level

    @property
    def name(self) -> Any:
        return NAMES[self.level]

    @property
    def rungs(self) -> list[Rung]:
        """The levels from the bottom up."""
        return [
            Rung(level, name, min(1, self.level) <= level <= self.level, level == self.level)
            for level, name in enumerate(NAMES)
        ]

    @property
    def met(self) -> list[Check]:
        return [check for check in self.checks if check.is_met]

    @property
    def todo(self) -> list[Check]:
        """What is missing for the next level that checks decide."""
        return [
            check
            for check in self.checks
            if not check.is_met and check.level == self.checked_level + 1
        ]

    @property
    def todo_level(self) -> int:
        return self.checked_level + 1


def ladder_of(
    content: Mapping[str, Any],
    findings: Mapping[str, Any],
    answers: Mapping[str, Any] | None = None,
) -> Ladder:
    """The ladder of what was, or would be, handed in.

    `content` is as a revision keeps it. `findings` are of its files, by their SHA-256: a file that
    has none is still to be looked at. `answers` are what the links' hosts said, by address.
    """
    runnable = [file for file in content["files"] if files.needs_a_look(file["kind"])]
    looked_at = [
        (file["name"], found) for file in runnable if (found := findings.get(file["sha256"]))
    ]
    addresses = [(link, links.look_at(link["url"])) for link in content["links"]]
    checks = (
        *_first_level(content, runnable, looked_at, addresses),
        *_second_level(content, looked_at, addresses),
    )
    answers = answers or {}
    return Ladder(
        checks,
        tuple(_shown(link, address, answers.get(address.url)) for link, address in addresses),
        is_pending=len(looked_at) < len(runnable),
    )


Looked = Sequence[tuple[str, Mapping[str, Any]]]
Addresses = Sequence[tuple[Mapping[str, Any], links.Address]]


def _shown(
    link: Mapping[str, Any], address: links.Address, answer: Mapping[str, Any] | None
) -> ShownLink:
    return ShownLink(
        label=link.get("label") or address.url,
        url=address.url,
        house=address.house.label if address.house else "",
        version=address.version[:12],
        fault=str(address.fault.label) if address.fault else "",
        asked_at=datetime.fromisoformat(answer["at"]) if answer else None,
        has_answered=bool(answer and answer["there"]),
        answer=answer["answer"] if answer else "",
    )


def _first_level(
    content: Mapping[str, Any], runnable: Sequence[Any], looked_at: Looked, addresses: Addresses
) -> Iterator[Check]:
    archives = [(name, found) for name, found in looked_at if found["kind"] == "archive"]
    linked = any(link["kind"] in ("repository", "notebook") for link, _address in addresses)
    yield Check(
        1,
        _("There is something to run"),
        any(file["kind"] == "notebook" for file in runnable)
        or any(found.get("code") for _name, found in archives)
        or linked,
        _("Upload a notebook or the code as a zip, or link to it."),
    )
    without = [name for name, found in archives if not found.get("readme")]
    described = bool(content["body"].strip()) or any(found.get("words") for _n, found in looked_at)
    yield Check(
        1,
        _("It says what it is and how it is run"),
        not without and described,
        _("Put a README into it that says how to run it.")
        if without
        else _("Say in the text or in the notebook what it does and how to run it."),
        "files" if without else "id_body",
        _("%(name)s has no README.") % {"name": without[0]} if without else "",
    )
    yield Check(
        1,
        _("A licence lets others run it and build on it"),
        content["licence"] not in NO_LICENCE,
        _("Choose a licence that lets others use it."),
        "id_licence",
    )
    if addresses:
        wrong = [address for _link, address in addresses if address.fault]
        yield Check(
            1,
            _("The links are well formed"),
            not wrong,
            anchor="links",
            finding=f"{wrong[0].url[:80]} – {wrong[0].fault.label}" if wrong else "",
        )


def _second_level(
    content: Mapping[str, Any], looked_at: Looked, addresses: Addresses
) -> Iterator[Check]:
    notebooks = list(_notebooks(looked_at))
    every = [found for _name, found in [*looked_at, *notebooks]]
    yield _dependencies(every)
    if notebooks:
        yield _in_order(notebooks)
        yield _without_errors(notebooks)
    yield Check(
        2,
        _("Chance begins at a seed, or there is none"),
        any(found.get("seed") or found.get("no_chance") for found in every)
        or texts.says_no_chance(content["body"]),
        _("Set a seed in the notebook or the code, such as default_rng(0) or manual_seed(0), or "
          "write in the text that nothing is random."),
    )  # fmt: skip
    yield Check(
        2,
        _("It says where the data are from"),
        any(link["kind"] == "data" for link, _address in addresses)
        or texts.tells_of_data(content["body"])
        or any(found.get("data") for found in every),
        _("Link to the data, or write a section “Data”, if only to say that there are none."),
        "links",
    )
    repositories = [address for link, address in addresses if link["kind"] == "repository"]
    if repositories:
        yield Check(
            2,
            _("The code is named as it was: a commit or a tag"),
            bool(content["commit"]) or all(address.version for address in repositories),
            _("State the commit, or link to a tag; a branch moves on."),
            "id_commit",
        )


def _notebooks(looked_at: Looked) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The notebooks among the files, and those in their archives."""
    for name, found in looked_at:
        if found["kind"] == "notebook":
            yield name, found
        for inner in found.get("notebooks", ()):
            yield inner["name"], inner


def _dependencies(every: Sequence[Mapping[str, Any]]) -> Check:
    lists = [found for found in every if found.get("named")]
    label = _("What it needs is named, with exact versions")
    if not lists:
        todo = _("Put a requirements.txt or a lock file into the zip, or a cell “%pip install "
                 "name==1.2.3” into the notebook.")  # fmt: skip
        return Check(2, label, False, todo)
    loose = min((found["loose"] for found in lists), key=len)
    finding = _("Without an exact version: %(names)s.") % {"names": ", ".join(loose)}
    todo = _("Write them as name==1.2.3.")
    return Check(2, label, not loose, todo, finding=finding if loose else "")


def _in_order(notebooks: Looked) -> Check:
    label = _("Notebooks were run from top to bottom, and show what came out")
    finding = next(filter(None, (_disorder_in(*each) for each in notebooks)), "")
    return Check(2, label, not finding, _("Restart, run all cells, and save."), finding=finding)


def _disorder_in(name: str, found: Mapping[str, Any]) -> str:
    """What is out of order in one notebook; nothing where all is well."""
    here = {"name": name}
    if found.get("unreadable"):
        return _("%(name)s is too large to be looked at, or damaged.") % here
    if not found["cells"]:
        return _("%(name)s has no code in it.") % here
    for number in found["not_run"][:1]:
        return _("Code cell %(n)s of %(name)s was not run.") % {**here, "n": number}
    for number in found["out_of_order"][:1]:
        return _("From code cell %(n)s on, %(name)s was not run in order.") % {**here, "n": number}
    return "" if found["outputs"] else _("%(name)s shows no outputs.") % here


def _without_errors(notebooks: Looked) -> Check:
    label = _("No cell ends in an error")
    for name, found in notebooks:
        for number in found.get("errors", ())[:1]:
            here = {"name": name, "n": number}
            finding = _("Code cell %(n)s of %(name)s ends in an error.") % here
            return Check(2, label, False, _("Mend it, run all cells, and save."), finding=finding)
    return Check(2, label, True)
