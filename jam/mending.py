"""Text as people meant it: what was decoded wrongly on the way here is offered repaired.

“Ã©” for “é” or “ðŸš€” for a rocket come of copying from programs that took UTF-8 for Windows'
letters. Whatever a form brings is looked at before its view sees it. If something looks so, the
words come back beside their repaired form, to choose; nothing is stored until then. What a script
saves by itself, and what is handed in, is never held up: it is stored as typed, and that is said.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ftfy
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext as _

# A letter that begins a sign in UTF-8, before one that goes on with it, as Windows reads them.
_LIKELY = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122]"
)
# Accents that letters of Latin, Greek, Cyrillic and kana are written with.
_COMBINED = re.compile("[\u0300-\u036f\u3099\u309a]")
# Lines that are shown; there may be a whole report of them.
MOST_SHOWN = 20
# How many lines of a reader's are remembered as meant so.
MOST_MEANT = 200
_DECIDED, _MEANT = "mending", "meant-as-typed"


def mended(text: str) -> str:
    """`text` with what was decoded wrongly, also twice, as it was before; the rest untouched."""
    return "\n".join(_mended_line(line) for line in text.split("\n"))


def _mended_line(line: str) -> str:
    while _LIKELY.search(line) and (better := ftfy.fix_encoding(line)) != line:
        line = better
    return line


def composed(text: str) -> str:
    """`text` with letters and their accents as one sign each, so that it is found by either.

    Signs that stand alone stay as they are, even those that Unicode holds for the same as others:
    in names they are not.
    """
    if not _COMBINED.search(text):
        return text
    pieces, base = [], ""
    for sign in text:
        if unicodedata.combining(sign) and base:
            base += sign
            continue
        pieces.append(unicodedata.normalize("NFC", base) if len(base) > 1 else base)
        base = sign
    pieces.append(unicodedata.normalize("NFC", base) if len(base) > 1 else base)
    return "".join(pieces)


@dataclass(frozen=True)
class Odd:
    """A line that looks as if it was decoded wrongly, as typed and as it may have been meant."""

    typed: str
    mended: str


def odd_lines(words: QueryDict, meant: set[str]) -> Iterator[Odd]:
    """The lines of a form that look wrong, save those of which somebody said that they are right
    (`meant`, by `mark`)."""
    for name, values in words.lists():
        if "password" in name:
            continue
        for line in (line for value in values for line in value.split("\n")):
            better = _mended_line(line)
            if better != line and mark(line) not in meant:
                yield Odd(line.strip(), better.strip())


def mark(line: str) -> str:
    """What a line is remembered by."""
    digest = hashlib.sha256(line.strip().encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]


class AsMeant:
    """The middleware: composes what was typed, and asks about what looks wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "odd_words", None) and isinstance(response, JsonResponse):
            _say_so(response)
        return response

    # Once it is known that the reader may send forms at all.
    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # Searches as well, so that what was typed on another machine is found.
        if "%" in request.META.get("QUERY_STRING", ""):
            request.GET = _as_one_sign(request.GET)
        if request.method != "POST":
            return None
        try:
            words = _as_one_sign(request.POST)
            for file in (file for _name, files in request.FILES.lists() for file in files):
                file.name = composed(file.name or "")
        except UnreadablePostError:
            return None
        request.POST = words
        meant = request.session.get(_MEANT, []) if words else []
        odd = list(odd_lines(words, set(meant)))
        if not odd:
            return None
        if words.get(_DECIDED) == "typed":
            request.session[_MEANT] = [*meant, *(mark(line.typed) for line in odd)][-MOST_MEANT:]
            return None
        if "application/json" in request.headers.get("Accept", ""):
            request.odd_words = True
            return None
        if "hand_in" in words:
            messages.warning(request, _warning(odd[0]))
            return None
        return _ask(request, words, odd)


def _as_one_sign(words: QueryDict) -> QueryDict:
    same = QueryDict(mutable=True, encoding=words.encoding)
    for name, values in words.lists():
        is_text = "password" not in name
        same.setlist(name, [composed(value) if is_text else value for value in values])
    same._mutable = False
    return same


def _ask(request: HttpRequest, words: QueryDict, odd: list[Odd]) -> HttpResponse:
    """The page that shows both, with everything else of the form kept for either button."""
    # Nobody's password is written into a page; it is asked for again.
    kept = [
        (name, value)
        for name, values in words.lists()
        for value in values
        if "csrf" not in name and "password" not in name
    ]
    context = {
        "odd": odd[:MOST_SHOWN],
        "more": max(0, len(odd) - MOST_SHOWN),
        "typed": kept,
        "mended": [(name, mended(value)) for name, value in kept],
        "has_files": bool(request.FILES),
        "has_password": any("password" in name for name in words),
        "path": request.get_full_path(),
        "decided": _DECIDED,
    }
    return render(request, "jam/mending.html", context, status=422)


def _warning(odd: Odd) -> str:
    return _(
        "It is stored as typed, but “%(typed)s” looks as if it was decoded wrongly on the way. It "
        "may have been “%(mended)s”."
    ) % {"typed": odd.typed[:60], "mended": odd.mended[:60]}  # fmt: skip


def _say_so(response: JsonResponse) -> None:
    """Add to what a script is answered what it is to show."""
    answer = json.loads(response.content)
    if response.status_code == 200 and isinstance(answer, dict):
        answer["notice"] = _(
            "Saved as typed. Something in it looks as if it was decoded wrongly on the way: press "
            "“Save” to see it repaired."
        )  # fmt: skip
        response.content = json.dumps(answer).encode()
