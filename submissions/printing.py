"""Certificates on paper: one page, A4 across, with the letters of every script."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from jam import drawing, lettering
from jam.paper import Paper
from submissions import certificates
from submissions.models import Certificate

# In millimetres, as all lengths here; sizes of type are in points.
WIDTH, HEIGHT, MARGIN = 297, 210, 24
COVER, CODE = 46, 30
SOFT = Paper.soft


class Page(Paper):
    """A sheet with a margin, written on from the top down."""

    def __init__(self) -> None:
        super().__init__("L")

    def write(self, text: str, at: float, *, room: float = WIDTH - 2 * MARGIN, **how: Any) -> float:
        return super().write(text, at, left=float(MARGIN), room=room, **how)


def pdf_of(certificate: Certificate) -> bytes:
    """A certificate as PDF, in the language that it was issued in; the same bytes for the same
    facts."""
    with translation.override(certificates.language_of(certificate)):
        return _drawn(certificate)


def _drawn(certificate: Certificate) -> bytes:
    facts, jam = certificate.facts, certificate.jam
    page = Page()
    pdf, tone = page.pdf, drawing.rgb(0.48, 0.15, jam.hue)
    title = str(certificate.get_kind_display())
    pdf.set_title(f"{title} – {facts['name']}")
    pdf.set_author(", ".join(facts["hosts"]) or "Peerjam")
    pdf.set_creation_date(certificate.issued_at)
    pdf.set_lang(certificates.language_of(certificate))
    cover = drawing.cover(certificate.cover_seed, jam.hue, 1782, COVER * 6)
    pdf.image(cover, 0, 0, WIDTH, COVER)

    at = page.write(facts["jam"], COVER + 12, fonts=lettering.TITLE, size=14, colour=tone, most=1)
    at = page.write(title, at + 1, fonts=lettering.TITLE, size=20, most=1)
    at = page.write(_("This certifies that"), at + 6, size=13, colour=SOFT, most=1)
    at = page.write(facts["name"], at + 1, fonts=lettering.TITLE, size=38, most=2,
                    smallest=24)  # fmt: skip
    at = page.write(facts["sentence"], at + 2, size=16, most=4, smallest=11)
    for label, value in facts["details"]:
        at = page.write(f"{label}: {value}", at + 1, size=10.5, colour=SOFT, most=1)

    foot, room = HEIGHT - MARGIN - CODE + 6, WIDTH - 2 * MARGIN - CODE - 10
    address = certificates.address(certificate)
    at = foot + 5
    if facts["hosts"]:
        hosts = _("%(hosts)s, hosts of this jam") % {"hosts": ", ".join(facts["hosts"])}
        at = page.write(hosts, at, fonts=lettering.TITLE, size=11, most=1, room=room)
    issued = _("Issued on %(day)s. Whether it still holds can be checked here:") % {
        "day": certificates.day(certificate.issued_at, jam)
    }
    at = page.write(issued, at, size=10.5, colour=SOFT, most=1, room=room)
    top = at
    at = page.write(address, at, size=10.5, colour=tone, most=2, room=room)
    pdf.link(MARGIN, top, room, at - top, address)
    code = io.BytesIO()
    segno.make(address, error="m", micro=False).save(code, kind="png", scale=8, border=0)
    pdf.image(code, WIDTH - MARGIN - CODE, foot, CODE, CODE, alt_text=address, link=address)
    return bytes(pdf.output())
