"""The picture that a link to a submission shows elsewhere: 1200 × 630, drawn once and kept."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from jam import drawing, lettering
from submissions.citing.work import one_line
from submissions.models import Submission

logger = logging.getLogger(__name__)

WIDTH, HEIGHT = 1200, 630
# Raised whenever the drawing changes, so that none is kept that was drawn otherwise.
DRAWING = 1
MARGIN, COVER = 64, 214
ROOM = WIDTH - 2 * MARGIN
PAPER, INK, SOFT = (0.984, 0.006, 85), (0.235, 0.02, 275), (0.44, 0.018, 275)
TITLE_SIZES = (76, 66, 56, 48)
MOST_NAMED = 12


@dataclass(frozen=True)
class Drawn:
    """All that the picture depends on."""

    title: str
    names: tuple[str, ...]
    jam: str
    seed: str
    hue: int

    @property
    def path(self) -> str:
        """Where it is kept: a name that says all that it shows."""
        told = json.dumps([DRAWING, self.title, self.names, self.jam, self.seed, self.hue])
        digest = hashlib.sha256(told.encode()).hexdigest()
        return f"pictures/{digest[:2]}/{digest}.png"


def drawn_of(submission: Submission) -> Drawn:
    """What is drawn of a frozen submission: what was handed in, by whom it is credited to."""
    content, jam = submission.shown, submission.jam
    return Drawn(
        title=one_line(content["title"]),
        names=tuple(one_line(each["name"]) for each in content["contributors"]),
        jam=one_line(jam.title),
        seed=f"submission-{submission.pk}",
        hue=jam.hue,
    )


def is_kept(drawn: Drawn) -> bool:
    return default_storage.exists(drawn.path)


def kept(drawn: Drawn) -> bytes:
    """The picture, as PNG: drawn unless it was before."""
    if is_kept(drawn):
        with default_storage.open(drawn.path) as picture:
            return picture.read()
    content = draw(drawn)
    try:
        default_storage.save(drawn.path, ContentFile(content))
    except OSError:
        # A full disk keeps nobody from seeing it.
        logger.exception("a picture could not be kept")
    return content


def draw(drawn: Drawn) -> bytes:
    """The picture, as PNG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), drawing.rgb(*PAPER))
    picture.paste(drawing.cover(drawn.seed, drawn.hue, WIDTH, COVER))
    pen = ImageDraw.Draw(picture)
    jam = drawing.rgb(0.48, 0.15, drawn.hue)
    at = COVER + 36
    at = _write(pen, at, lettering.shortened(drawn.jam, _measure(lettering.TITLE, 30), ROOM, 1),
                lettering.TITLE, 30, jam)  # fmt: skip
    _write_title(pen, at + 8, drawn.title)
    names = ", ".join(drawn.names[:MOST_NAMED])
    if len(drawn.names) > MOST_NAMED:
        names = _("%(names)s and others") % {"names": names}
    # Our own name stands to their right.
    told = lettering.shortened(names, _measure(lettering.TEXT, 30), ROOM - 210, 2)
    _write(pen, HEIGHT - 48 - 37 * len(told), told, lettering.TEXT, 30,
           drawing.rgb(*SOFT), ROOM - 210)  # fmt: skip
    _sign(pen, jam)
    written = io.BytesIO()
    # A palette of 128 is enough for two fonts and five tones, and a third of the size.
    picture.quantize(128, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _write_title(pen: ImageDraw.ImageDraw, at: int, title: str) -> None:
    """As large as two lines allow, or three small ones."""
    for size in TITLE_SIZES:
        measure = _measure(lettering.TITLE, size)
        found = lettering.lines(title, measure, ROOM, 3 if size < 56 else 2)
        if found is not None:
            break
    else:
        found = lettering.shortened(title, measure, ROOM, 3)
    _write(pen, at, found, lettering.TITLE, size, drawing.rgb(*INK))


def _write(
    pen: ImageDraw.ImageDraw,
    at: int,
    lines: Sequence[str],
    fonts: Sequence[str],
    size: int,
    colour: tuple[int, int, int],
    room: int = ROOM,
) -> int:
    """Write lines below each other, from either edge of the `room`; where they end."""
    from_right = lettering.is_from_right(" ".join(lines))
    for line in lines:
        x: float = MARGIN
        if from_right:
            x = MARGIN + room - _measure(fonts, size)(line)
        for run in lettering.runs(line, fonts, from_right):
            font = _font(run.font, size)
            pen.text((x, at + size), run.text, colour, font, anchor="ls", direction=_way(run))
            x += font.getlength(run.text, direction=_way(run))
        at += round(size * 1.22)
    return at


def _sign(pen: ImageDraw.ImageDraw, colour: tuple[int, int, int]) -> None:
    """Our name in the corner, with the two rings."""
    font = _font(lettering.TITLE[0], 30)
    x, y = WIDTH - MARGIN - font.getlength("Peerjam"), HEIGHT - 54
    pen.text((x, y), "Peerjam", drawing.rgb(*INK), font, anchor="ls")
    for n in (2, 1):
        centre = x - 8 - 15 * n
        pen.ellipse([centre - 10, y - 21, centre + 10, y - 1], outline=colour, width=4)


def _measure(fonts: Sequence[str], size: int):
    def width(text: str) -> float:
        return sum(
            _font(run.font, size).getlength(run.text, direction=_way(run))
            for run in lettering.runs(text, fonts)
        )

    return width


def _way(run: lettering.Run) -> str:
    return "rtl" if run.is_from_right else "ltr"


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    path = lettering.path_of(name)
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)
