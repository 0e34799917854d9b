"""A language that nobody speaks, made of the English: from right to left, two fifths longer, and
each text between marks, so that what is not translated shows."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import polib
from django.conf import settings

CODE = "ar-xb"
OPEN, CLOSE = "⟦", "⟧"
# What has to stay as it is: values, tags and entities.
_KEPT = re.compile(r"(%\(\w+\)(?:\.\d)?[sdf]|%%|%s|\{\w*\}|<[^>]+>|&\w+;)")
_FORMAT = re.compile(r"^[DjMYHilFT,:\s]+$")
_LETTERS = str.maketrans("aeiouyAEIOUYcnsz", "àéîöüýÀÉÎÖÜÝçñšž")


def pseudo(text: str) -> str:
    """The text in this language."""
    # Formats of dates are no words.
    if not text.strip() or _FORMAT.match(text):
        return text
    pieces = _KEPT.split(text)
    changed = (
        piece if place % 2 else piece.translate(_LETTERS) for place, piece in enumerate(pieces)
    )
    start = text[: len(text) - len(text.lstrip())]
    end = text[len(text.rstrip()) :]
    longer = "~" * max(1, len(text) * 2 // 5 // 2)
    return f"{start}{OPEN}{''.join(changed).strip()} {longer}{CLOSE}{end}"


def build(folder: Path) -> None:
    """Write the compiled catalogue of this language below `folder`, a folder of catalogues."""
    spanish = settings.BASE_DIR / "locale/es/LC_MESSAGES/django.po"
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=2; plural=n != 1;",
    }
    for entry in polib.pofile(str(spanish)):
        if entry.msgid_plural:
            forms = {0: pseudo(entry.msgid), 1: pseudo(entry.msgid_plural)}
            entry = polib.POEntry(
                msgid=entry.msgid, msgid_plural=entry.msgid_plural, msgstr_plural=forms
            )
        else:
            entry = polib.POEntry(
                msgctxt=entry.msgctxt, msgid=entry.msgid, msgstr=pseudo(entry.msgid)
            )
        catalogue.append(entry)
    target = folder / "ar_XB/LC_MESSAGES/django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save_as_mofile(str(target))
    assert gettext.find("django", str(folder), ["ar_XB"])
