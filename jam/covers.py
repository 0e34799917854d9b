"""Covers that are never empty: patterns drawn from a seed and a hue, the same for ever.

Attributes only, no styles, so that a strict content security policy lets them be.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable
from functools import lru_cache

WIDTH, HEIGHT = 320, 180


def _tone(lightness: float, chroma: float, hue: float) -> str:
    return f"oklch({lightness:.2f} {chroma:.2f} {hue:.0f})"


def _rings(chance: random.Random, tones: list[str]) -> list[str]:
    x, y = chance.uniform(40, 280), chance.uniform(30, 150)
    width = chance.choice((10, 14, 18))
    return [
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{width * (2 * i + 1)}" fill="none" '
        f'stroke="{tones[i % len(tones)]}" stroke-width="{width}"/>'
        for i in range(9)
    ]


def _bars(chance: random.Random, tones: list[str]) -> list[str]:
    step = chance.choice((16, 20, 32))
    return [
        f'<rect x="{x}" y="{HEIGHT - (h := chance.uniform(24, 170)):.0f}" width="{step - 4}" '
        f'height="{h:.0f}" rx="3" fill="{chance.choice(tones)}"/>'
        for x in range(8, WIDTH - 8, step)
    ]


def _dots(chance: random.Random, tones: list[str]) -> list[str]:
    angle = chance.uniform(0, 6)
    return [
        f'<circle cx="{x}" cy="{y}" '
        f'r="{3 + 8 * abs(math.sin(x / 60 + angle) * math.cos(y / 45 - angle)):.1f}" '
        f'fill="{tones[(x // 29 + y // 29) % len(tones)]}"/>'
        for x in range(16, WIDTH, 32)
        for y in range(18, HEIGHT, 36)
    ]


def _arcs(chance: random.Random, tones: list[str]) -> list[str]:
    size = 60
    marks = []
    for left in range(0, WIDTH + 1, size):
        for top in range(0, HEIGHT, size):
            x, y = left + size * chance.randint(0, 1), top + size * chance.randint(0, 1)
            radius = chance.choice((size // 2, size * 3 // 4))
            marks.append(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{chance.choice(tones)}"/>')
    return marks


def _waves(chance: random.Random, tones: list[str]) -> list[str]:
    marks = []
    for i in range(7):
        y, bend = 14 + 25 * i, chance.uniform(-34, 34)
        marks.append(
            f'<path d="M-8 {y}Q80 {y + bend:.0f} 160 {y}T328 {y}" fill="none" '
            f'stroke="{tones[i % len(tones)]}" stroke-width="{chance.choice((8, 12, 16))}"/>'
        )
    return marks


def _graph(chance: random.Random, tones: list[str]) -> list[str]:
    # One in each field of a grid, so that they keep apart and fill the picture.
    nodes = [
        (x + chance.uniform(-20, 20), y + chance.uniform(-17, 17))
        for x in range(32, WIDTH, 64)
        for y in range(30, HEIGHT, 60)
    ]
    marks = []
    for i, (x, y) in enumerate(nodes):
        near = sorted(nodes, key=lambda node: math.dist(node, (x, y)))[1:3]
        marks += [
            f'<path d="M{x:.0f} {y:.0f}L{a:.0f} {b:.0f}" stroke="{tones[i % 2]}" stroke-width="3"/>'
            for a, b in near
        ]
    marks += [
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{chance.uniform(6, 15):.0f}" '
        f'fill="{chance.choice(tones)}"/>'
        for x, y in nodes
    ]
    return marks


def _tiles(chance: random.Random, tones: list[str]) -> list[str]:
    size = 40
    marks = []
    for x in range(0, WIDTH, size):
        for y in range(0, HEIGHT, size):
            turned = chance.random() < 0.5
            path = (
                f"M{x + size} {y + size}h-{size}l{size}-{size}z"
                if turned
                else f"M{x} {y}h{size}l-{size} {size}z"
            )
            marks.append(f'<path d="{path}" fill="{chance.choice(tones)}"/>')
    return marks


FAMILIES: tuple[Callable[[random.Random, list[str]], list[str]], ...] = (
    _rings, _bars, _dots, _arcs, _waves, _graph, _tiles,
)  # fmt: skip


@lru_cache(maxsize=256)
def cover(seed: object, hue: int) -> str:
    """The SVG of a cover, 16:9, from any seed and a hue in degrees."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    chance = random.Random(digest)  # noqa: S311 -- a picture, not a secret
    hue = (hue + chance.choice((-34, -16, 0, 0, 16, 34))) % 360
    ground = _tone(chance.choice((0.93, 0.86, 0.42, 0.34)), 0.06, hue)
    tones = [
        _tone(0.52, 0.14, hue),
        _tone(0.66, 0.13, hue),
        _tone(0.78, 0.09, (hue + 40) % 360),
        _tone(0.90, 0.05, hue),
    ]
    chance.shuffle(tones)
    marks = "".join(FAMILIES[digest[0] % len(FAMILIES)](chance, tones))
    return (
        f'<svg class="cover" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" '
        f'aria-hidden="true" focusable="false"><rect width="{WIDTH}" height="{HEIGHT}" '
        f'fill="{ground}"/>{marks}</svg>'
    )


def avatar(seed: object, name: str) -> str:
    """The SVG of a person without a picture: a disc of a hue of their own, and an initial."""
    hue = hashlib.sha256(str(seed).encode()).digest()[0] * 360 // 256
    initial = next((sign for sign in name if sign.isalnum()), "?").upper()
    return (
        '<svg class="avatar" viewBox="0 0 40 40" aria-hidden="true" focusable="false">'
        f'<circle cx="20" cy="20" r="20" fill="{_tone(0.86, 0.07, hue)}"/>'
        f'<text x="20" y="26.5" text-anchor="middle" fill="{_tone(0.32, 0.08, hue)}">'
        f"{initial}</text></svg>"
    )
