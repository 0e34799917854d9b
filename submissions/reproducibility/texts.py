"""What source code and lists of requirements say of how a run can be repeated.

All of it is told from the text alone, line by line; nothing is run, and nothing is looked up.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field

# More than this of one text is not looked at, nor longer lines: nobody wrote them by hand.
LONGEST_TEXT, LONGEST_LINE = 2_000_000, 2_000
# So many names are told of what has no exact version.
MOST_NAMES = 5

_SEED = re.compile(
    r"\brandom\.seed\(\s*[^)\s]"
    r"|\b(?:default_rng|RandomState|manual_seed|manual_seed_all|PRNGKey|Generator)\(\s*[^)\s]"
    r"|\brandom\.key\(\s*[^)\s]"
    r"|\b(?:set_seed|set_random_seed|set_all_seeds|seed_everything|seed_all|fix_seeds?)\("
    r"|\b(?:random_state|seed|random_seed)\s*=\s*\d"
    r"|\bset\.seed\(\s*[^)\s]"  # R
    r"|\bRandom\.seed!\(\s*[^)\s]",  # Julia
)
_NO_CHANCE = re.compile(
    r"\b(?:is|are|fully|entirely|completely) deterministic\b"
    r"|\b(?:no|without any|without) randomness\b"
    r"|\bnothing (?:here )?is random\b",
    re.IGNORECASE,
)
_DATA_HEADING = re.compile(
    r"^(?:#{1,6}[ \t]*|\*\*)(?:\d[\d.]*[ \t]*)?(?:the |our )?"
    r"(?:data|data ?sets?|data (?:and|&) \w+|\w+ (?:and|&) data|data availability|"
    r"availability of data|data statement)\b[ \t:.*#]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_REQUIREMENT = re.compile(rf"({_NAME})(?:\[[^\]]*\])?\s*(.*)$")
# One requirement on a line of its own, in a comment, a list or a block of text.
_PIN_LINE = re.compile(
    rf"""^[ \t#*"'`-]*({_NAME})(?:\[[\w, -]*\])?[ \t]*==[ \t]*\d[\w.+!-]*["',;` \t]*$""",
    re.MULTILINE,
)
_INSTALL = re.compile(
    r"^[ \t]*[%!] *(?:(?:python3?|\{sys\.executable\}) -m +|uv +)?pip3? +install +(.+)$",
    re.MULTILINE,
)
_CONDA = re.compile(r"^[ \t]*[%!] *(?:conda|mamba|micromamba) +install +(.+)$", re.MULTILINE)
_FIXED_SOURCE = re.compile(r"@[0-9a-f]{7,40}\b|#sha256=|\.(?:whl|tar\.gz|zip)\b")
_ENVIRONMENT_LINE = re.compile(rf"^\s*-\s+[\"']?(?:[\w-]+::)?({_NAME})\s*([=<>!~][^\"'#]*)?")
# Options of pip and conda that are followed by a value.
_WITH_VALUE = {"-r", "-c", "-e", "-i", "-f", "-t", "-n", "-p", "--index-url", "--extra-index-url",
               "--find-links", "--requirement", "--constraint", "--target", "--name",
               "--channel"}  # fmt: skip


@dataclass
class Requirements:
    """How many things are required, and which of them, a few, without an exact version."""

    named: int = 0
    loose: list[str] = field(default_factory=list)

    def add(self, name: str, is_pinned: bool) -> None:
        self.named += 1
        if not is_pinned and name not in self.loose and len(self.loose) < MOST_NAMES:
            self.loose.append(name)

    def absorb(self, other: Requirements) -> None:
        for name in other.loose:
            self.add(name, is_pinned=False)
        self.named += other.named - len(other.loose)


def tidy(text: str) -> str:
    """The text as far as it is looked at: without what is too long to be written by hand."""
    lines = text[:LONGEST_TEXT].splitlines()
    return "\n".join(line for line in lines if len(line) <= LONGEST_LINE)


def without_comments(source: str) -> str:
    """Source code up to the first sign of a comment on each line."""
    return "\n".join(line.partition("#")[0] for line in source.splitlines())


def sets_a_seed(source: str) -> bool:
    """Whether source code gives a generator of random numbers a number to begin with."""
    return bool(_SEED.search(without_comments(source)))


def says_no_chance(text: str) -> bool:
    """Whether a text says that there is no chance in the work."""
    return bool(_NO_CHANCE.search(text))


def tells_of_data(text: str) -> bool:
    """Whether a text in Markdown has a section about its data."""
    return bool(_DATA_HEADING.search(text))


def pins_in_text(text: str) -> int:
    """How many lines are nothing but a requirement with its exact version."""
    return len(_PIN_LINE.findall(text))


def installed_in(source: str) -> Requirements:
    """What the cells of a notebook install by %pip, !pip, %conda and the like."""
    found = Requirements()
    for match in _INSTALL.finditer(source):
        for word in _wanted(match[1]):
            _add_requirement(found, word)
    for match in _CONDA.finditer(source):
        for word in _wanted(match[1]):
            name, sign, _version = word.rpartition("::")[2].partition("=")
            found.add(name, bool(sign))
    return found


def _wanted(arguments: str) -> Iterable[str]:
    words = iter(arguments.partition(" #")[0].partition(";")[0].split()[:200])
    for word in words:
        if word.startswith("-"):
            if word in _WITH_VALUE:
                next(words, "")
        elif (word := word.strip("\"'")) and not word.startswith((".", "/", "&", "|", ">")):
            yield word


def requirements_in(text: str) -> Requirements:
    """What a requirements.txt asks for."""
    found = Requirements()
    for line in text.replace("\\\n", " ").splitlines():
        line = line.partition(" #")[0].strip()
        if line and not line.startswith(("#", "-", ".", "/")):
            _add_requirement(found, line)
    return found


def _add_requirement(found: Requirements, line: str) -> None:
    if line.startswith(("git+", "http://", "https://")):
        found.add(line[:60], bool(_FIXED_SOURCE.search(line)))
    elif match := _REQUIREMENT.match(line.partition(";")[0].strip()):
        wanted = match[2]
        if wanted.startswith("@"):
            found.add(match[1], bool(_FIXED_SOURCE.search(wanted)))
        else:
            found.add(match[1], wanted.startswith("==") and "*" not in wanted)


def environment_in(text: str) -> Requirements:
    """What a conda environment.yml asks for, its list for pip included."""
    found, is_listing = Requirements(), False
    for line in text.splitlines():
        if line and not line[0].isspace() and not line.startswith(("-", "#")):
            is_listing = line.startswith("dependencies:")
        elif is_listing and (match := _ENVIRONMENT_LINE.match(line)):
            exact = (match[2] or "").strip()
            if exact or match[1] not in ("pip", "python"):
                found.add(match[1], exact.startswith("=") and "*" not in exact)
    return found


def pyproject_in(text: str) -> Requirements:
    """What a pyproject.toml asks for; nothing where it cannot be read."""
    found = Requirements()
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return found
    project = document.get("project")
    wanted = project.get("dependencies") if isinstance(project, dict) else None
    for line in wanted if isinstance(wanted, list) else []:
        if isinstance(line, str):
            _add_requirement(found, line)
    return found
