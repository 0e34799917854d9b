"""Covers as pictures: draws what `jam.covers` describes, where no browser does it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from PIL import Image, ImageDraw

from jam import covers

Point = tuple[float, float]
# Drawn so many times as large and then made smaller, which smooths the edges.
FINER = 2
_TONE = re.compile(r"oklch\(([\d.]+) ([\d.]+) (\d+)\)")
_STEP = re.compile(r"([MLQThlz])([^MLQThlz]*)")
_NUMBER = re.compile(r"-?[\d.]+")


def rgb(lightness: float, chroma: float, hue: float) -> tuple[int, int, int]:
    """A colour of OKLCH (hue in degrees) as red, green and blue from 0 to 255, cut off where
    screens end. The matrices are those of Björn Ottosson's definition of Oklab."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )

    def shown(value: float) -> int:
        value = min(max(value, 0.0), 1.0)
        curved = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
        return round(255 * curved)

    red, green, blue = linear
    return shown(red), shown(green), shown(blue)


def cover(seed: object, hue: int, width: int, height: int) -> Image.Image:
    """The cover of a seed and a hue, cut to `width` and `height`."""
    scale = FINER * max(width / covers.WIDTH, height / covers.HEIGHT)
    size = (FINER * width, FINER * height)
    picture = Image.new("RGB", size)
    shift = (
        (size[0] - scale * covers.WIDTH) / 2,
        (size[1] - scale * covers.HEIGHT) / 2,
    )
    draw = ImageDraw.Draw(picture)
    for mark in ElementTree.fromstring(covers.cover(seed, hue)):  # noqa: S314 -- drawn by us
        _draw(draw, mark, scale, shift)
    return picture.resize((width, height), Image.Resampling.BOX)


def _draw(draw: ImageDraw.ImageDraw, mark: ElementTree.Element, scale: float, shift: Point) -> None:
    def number(name: str) -> float:
        return float(mark.get(name, "0"))

    def placed(x: float, y: float) -> Point:
        return scale * x + shift[0], scale * y + shift[1]

    fill, stroke = _tone(mark.get("fill")), _tone(mark.get("stroke"))
    width = round(scale * number("stroke-width"))
    if mark.tag == "rect":
        x, y = number("x"), number("y")
        ends = [placed(x, y), placed(x + number("width"), y + number("height"))]
        draw.rounded_rectangle(ends, scale * number("rx"), fill)
    elif mark.tag == "circle":
        # A line of SVG lies half outside, one of Pillow's inside.
        x, y, r = number("cx"), number("cy"), number("r") + number("stroke-width") / 2
        draw.ellipse([placed(x - r, y - r), placed(x + r, y + r)], fill, stroke, width)
    else:
        points = [placed(x, y) for x, y in _points(mark.get("d", ""))]
        if fill:
            draw.polygon(points, fill)
        if stroke:
            draw.line(points, stroke, width, joint="curve")


def _tone(text: str | None) -> tuple[int, int, int] | None:
    found = _TONE.fullmatch(text or "")
    return rgb(*map(float, found.groups())) if found else None


def _points(path: str) -> Iterator[Point]:
    """The corners of a path, and enough points on its curves."""
    x = y = 0.0
    bend = (0.0, 0.0)
    for step, rest in _STEP.findall(path):
        numbers = [float(n) for n in _NUMBER.findall(rest)]
        match step:
            case "M" | "L":
                x, y = numbers
            case "h":
                x += numbers[0]
            case "l":
                x, y = x + numbers[0], y + numbers[1]
            case "Q" | "T":
                # A curve that goes on smoothly has its bend mirrored.
                bend = (
                    (numbers[0], numbers[1]) if step == "Q" else (2 * x - bend[0], 2 * y - bend[1])
                )
                end = (numbers[-2], numbers[-1])
                for n in range(1, 24):
                    t = n / 24
                    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
                    yield a * x + b * bend[0] + c * end[0], a * y + b * bend[1] + c * end[1]
                x, y = end
            case _:
                return
        yield x, y
