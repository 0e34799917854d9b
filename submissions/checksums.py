"""What anybody needs to check a revision by themselves: names, hashes, commands."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from submissions import freezing
from submissions.models import Revision

# What the list itself is saved as.
LIST = "SHA256SUMS"


@dataclass(frozen=True)
class Checked:
    """Something to be fetched from `path`, saved as `name`, and held against its SHA-256."""

    name: str
    sha256: str
    path: str


def content_name(revision: Revision) -> str:
    """What the content of a revision is saved as."""
    return f"submission-{revision.submission_id}-revision-{revision.number}.json"


def checked(revision: Revision, slug: str) -> list[Checked]:
    """The content and the files of a revision of a submission to the jam `slug`, each under a name
    of its own, also where two of its files have the same."""
    here = [slug, revision.submission_id]
    content = freezing.bytes_of(revision)
    found = [
        Checked(
            content_name(revision),
            hashlib.sha256(content).hexdigest(),
            reverse("submissions:record_content", args=[*here, revision.number]),
        )
    ]
    taken = {LIST.casefold(), found[0].name.casefold()}
    for file in revision.content["files"]:
        name = file["name"]
        if name.casefold() in taken:
            name = f"{file['id']}-{name}"
        taken.add(name.casefold())
        path = reverse("submissions:file", args=[*here, file["id"]])
        found.append(Checked(name, file["sha256"], path))
    return found


def listed(found: list[Checked]) -> str:
    """The list as `sha256sum --check` reads it."""
    return "".join(f"{each.sha256}  {each.name}\n" for each in found)


def commands(found: list[Checked], path: str, absolute: Callable[[str], str]) -> str:
    """What to type to fetch everything into an empty folder and check it; `path` is the list's,
    and `absolute` makes a path a whole address."""
    fetched = [(LIST, path), *((each.name, each.path) for each in found)]
    lines = [
        f"curl -fsS -o {shlex.quote(f'./{name}')} {shlex.quote(absolute(where))}"
        for name, where in fetched
    ]
    return "\n".join([*lines, f"sha256sum --check {LIST}"])
