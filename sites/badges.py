"""Badges on paper: eight on an A4 sheet, each with a name, where it belongs, and a code."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno

from jam import drawing, lettering
from jam.paper import Paper

PER_SHEET, COLUMNS = 8, 2
# As many as are made within two seconds.
PER_FILE = 80
# In millimetres.
WIDTH, HEIGHT = 95.0, 67.0
LEFT, TOP = (210 - COLUMNS * WIDTH) / 2, (297 - 4 * HEIGHT) / 2
INSET, BAND, CODE = 7.0, 4.0, 20.0


@dataclass(frozen=True)
class Badge:
    name: str
    affiliation: str
    address: str


def sheets(people: int) -> int:
    """How many files the badges of so many people are in."""
    return -(-people // PER_FILE)


def pdf_of(site: str, jam: str, hue: int, badges: Sequence[Badge]) -> bytes:
    """Badges as PDF, to be cut along thin lines."""
    paper = Paper("P")
    paper.pdf.set_title(f"{site} – {jam}")
    for number, badge in enumerate(badges):
        place = number % PER_SHEET
        if place == 0 and number:
            paper.pdf.add_page()
        row, column = divmod(place, COLUMNS)
        _draw(paper, badge, site, jam, hue, LEFT + column * WIDTH, TOP + row * HEIGHT)
    return bytes(paper.pdf.output())


def _draw(paper: Paper, badge: Badge, site: str, jam: str, hue: int, x: float, y: float) -> None:
    pdf = paper.pdf
    tone = drawing.rgb(0.48, 0.15, hue)
    pdf.set_draw_color(200)
    pdf.set_line_width(0.1)
    pdf.rect(x, y, WIDTH, HEIGHT)
    pdf.set_fill_color(*tone)
    pdf.rect(x, y, WIDTH, BAND, style="F")
    room, left = WIDTH - 2 * INSET, x + INSET
    at = y + BAND + 3
    at = paper.write(jam, at, left=left, fonts=lettering.TITLE, size=9, colour=tone, most=1,
                     room=room)  # fmt: skip
    at = paper.write(badge.name, at + 1, left=left, fonts=lettering.TITLE, size=22, most=2,
                     room=room, smallest=14)  # fmt: skip
    if badge.affiliation:
        paper.write(badge.affiliation, at + 0.5, left=left, size=11, colour=paper.soft, most=2,
                    room=room - (CODE if at > y + 36 else 0))  # fmt: skip
    paper.write(site, y + HEIGHT - 10, left=left, size=9, colour=paper.soft, most=1,
                room=room - CODE - 3)  # fmt: skip
    code = io.BytesIO()
    segno.make(badge.address, error="l", micro=False).save(code, kind="png", scale=4, border=0)
    pdf.image(code, x + WIDTH - INSET - CODE, y + HEIGHT - CODE - 4, CODE, CODE)
