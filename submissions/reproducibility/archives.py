"""What an archive of code brings for whoever wants to run it. Nothing is unpacked to disk."""

from __future__ import annotations

from typing import IO, Any

from submissions.reading import archives
from submissions.reading.archives import Contents
from submissions.reproducibility import notebooks, texts
from submissions.reproducibility.texts import Requirements

# So many files of a sort are read, and so much of each.
MOST_SOURCES, MOST_NOTEBOOKS, MOST_LISTS = 40, 10, 5
LARGEST_NOTEBOOK = 10 * 1024 * 1024
README = ("readme", "readme.*")
SOURCES = ("*.py", "*.r", "*.jl")
# What resolvers write, with the exact version of everything.
LOCKS = (
    "*.lock",
    "conda-lock.yml",
    "package-lock.json",
    "pnpm-lock.yaml",
    "manifest.toml",
    "go.sum",
)
LISTS = {
    "requirements*.txt": texts.requirements_in,
    "environment*.y*ml": texts.environment_in,
    "pyproject.toml": texts.pyproject_in,
}
# Name what is needed in a form that is not taken apart here.
OTHER_LISTS = ("setup.py", "setup.cfg", "pipfile", "description", "project.toml", "package.json",
               "dockerfile")  # fmt: skip


def look_at(file: IO[bytes]) -> dict[str, Any]:
    """The findings of an archive: plain values, to be kept with the file."""
    try:
        return _findings(file, archives.contents_of(file))
    except archives.ArchiveRefused:
        return {"kind": "archive", "unreadable": True}


def _findings(file: IO[bytes], contents: Contents) -> dict[str, Any]:
    def text_of(name: str) -> str:
        content = archives.read(file, name, texts.LONGEST_TEXT)
        return texts.tidy(content.decode(errors="replace"))

    readmes = [entry for entry in contents.named(*README) if entry.name.count("/") <= 1]
    words = text_of(readmes[0].name) if readmes else ""
    sources = contents.named(*SOURCES)[:MOST_SOURCES]
    looked_at = [
        {"name": entry.name[-120:]}
        | (
            notebooks.look_at(archives.read(file, entry.name, LARGEST_NOTEBOOK))
            if entry.size <= LARGEST_NOTEBOOK
            else {"kind": "notebook", "unreadable": True}
        )
        for entry in contents.named("*.ipynb")[:MOST_NOTEBOOKS]
    ]
    required = Requirements()
    if contents.named(*LOCKS):
        required.named = 1
    else:
        lists = [
            reader(text_of(entry.name))
            for pattern, reader in LISTS.items()
            for entry in contents.named(pattern)[:MOST_LISTS]
        ]
        lists = [found for found in lists if found.named]
        # The most exact of them holds: an abstract list beside it is no fault.
        required = min(lists, key=lambda found: len(found.loose), default=required)
        if not lists and contents.named(*OTHER_LISTS):
            required.add(contents.named(*OTHER_LISTS)[0].name.rpartition("/")[2], is_pinned=False)
    return {
        "kind": "archive",
        "code": bool(sources or looked_at),
        "readme": bool(words.strip()),
        "words": bool(words.strip()),
        "data": texts.tells_of_data(words),
        "no_chance": texts.says_no_chance(words),
        "named": required.named,
        "loose": required.loose,
        "seed": any(texts.sets_a_seed(text_of(entry.name)) for entry in sources),
        "notebooks": looked_at,
    }
