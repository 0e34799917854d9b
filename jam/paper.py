"""Writing on paper, with the letters of every script: what certificates and badges share."""

from __future__ import annotations

from collections.abc import Sequence

from jam import drawing, lettering

# In millimetres, as all lengths here; sizes of type are in points.
POINT = 25.4 / 72


class Paper:
    """A4 that is written on; `orientation` is "L" across, or "P" upright."""

    ink, soft = drawing.rgb(0.235, 0.02, 275), drawing.rgb(0.44, 0.018, 275)

    def __init__(self, orientation: str):
        # Imported here, as few processes ever print anything.
        from fpdf import FPDF

        self.fonts: set[str] = set()
        self.pdf = FPDF(orientation, "mm", "A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.c_margin = 0
        self.pdf.add_page()

    def width(self, run: lettering.Run, size: float) -> float:
        """How wide a run is; afterwards it can be written."""
        if run.font not in self.fonts:
            self.pdf.add_font(run.font, fname=lettering.unpacked(run.font))
            self.fonts.add(run.font)
        self.pdf.set_font(run.font, size=size)
        self.pdf.set_text_shaping(True, direction="rtl" if run.is_from_right else "ltr")
        return self.pdf.get_string_width(run.text)

    def write(
        self,
        text: str,
        at: float,
        *,
        left: float,
        room: float,
        fonts: Sequence[str] = tuple(lettering.TEXT),
        size: float,
        colour: tuple[int, int, int] = ink,
        most: int = 2,
        smallest: float = 0,
    ) -> float:
        """Write a text in lines below `at`, smaller where it has no room; where it ends."""

        def measure(line: str) -> float:
            return sum(self.width(run, size) for run in lettering.runs(line, fonts))

        while size > smallest > 0 and lettering.lines(text, measure, room, most) is None:
            size -= 2
        lines = lettering.shortened(text, measure, room, most)
        from_right = lettering.is_from_right(text)
        self.pdf.set_text_color(*colour)
        for line in lines:
            runs = lettering.runs(line, fonts, from_right)
            widths = [self.width(run, size) for run in runs]
            # The sheet is read from the left, whatever a name is.
            x = left
            height = size * POINT * 1.3
            for run, width in zip(runs, widths, strict=True):
                self.width(run, size)
                self.pdf.set_xy(x, at)
                self.pdf.cell(width, height, run.text)
                x += width
            at += height
        return at
