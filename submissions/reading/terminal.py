"""What a program wrote to a terminal, as HTML: colours by class, lines as they ended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Colours and weights; then every other command, which is left out.
_COMMAND = re.compile(
    r"\x1b\[([0-9;]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.?|\x07"
)
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
# Commands in a text beyond which its colours are left out: each costs more bytes than it has.
MOST_COLOURS = 2_000


def shown(text: str) -> SafeString:
    """The text as safe HTML."""
    return mark_safe("".join(_spans(settled(text))))  # noqa: S308 -- escaped


def settled(text: str) -> str:
    """The text as it stood in the end: progress bars write over their line again and again."""
    if "\r" not in text and "\b" not in text:
        return text
    text = text.replace("\r\n", "\n").replace("\b", "")
    return "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))


def plain(text: str) -> str:
    """The words alone, for searching."""
    return _COMMAND.sub("", settled(text))


def _spans(text: str) -> Iterator[str]:
    if text.count("\x1b") > MOST_COLOURS:
        yield escape(plain(text))
        return
    classes: dict[str, str] = {}
    at = 0
    for command in _COMMAND.finditer(text):
        yield _span(text[at : command.start()], classes)
        at = command.end()
        if command[1] is not None:
            _apply(command[1], classes)
    yield _span(text[at:], classes)


def _span(text: str, classes: dict[str, str]) -> str:
    if not text:
        return ""
    if not classes:
        return escape(text)
    return f'<span class="{" ".join(sorted(classes.values()))}">{escape(text)}</span>'


def _apply(command: str, classes: dict[str, str]) -> None:
    """Change what holds from here on, as the codes of `command` say."""
    codes = iter([int(code[:4] or 0) for code in command.split(";")])
    for code in codes:
        if code == 0:
            classes.clear()
        elif code == 1:
            classes["weight"] = "ansi-bold"
        elif code == 22:
            classes.pop("weight", None)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            classes["colour"] = f"ansi-{_NAMES[code % 10]}"
        elif code == 39:
            classes.pop("colour", None)
        elif code in (38, 48):
            # A colour of a larger table: the first sixteen have names, the others are left out.
            table, number = next(codes, 0), next(codes, 99)
            if code == 38 and table == 5 and number < 16:
                classes["colour"] = f"ansi-{_NAMES[number % 8]}"
