"""Which SVG drawings are shown: as pictures, in which no browser runs or fetches anything."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

LARGEST = 1_000_000
# Elements, those that stand for others unfolded.
MOST_ELEMENTS = 200_000
# Ways to bring a whole page, or a picture that is not looked at, into a drawing.
_REFUSED = {"image", "feImage", "foreignObject", "script", "iframe"}
_REFERENCE = re.compile(r"""href\s*=\s*["']\s*#([^"']+?)\s*["']""")


def is_plain(svg: str) -> bool:
    """Whether an SVG is whole and drawn in reasonable time: parts that stand for parts that stand
    for parts would unfold without end."""
    if len(svg) > LARGEST or "<!ENTITY" in svg:
        return False
    uses = Counter(_REFERENCE.findall(svg))
    parser = ElementTree.XMLPullParser(("start", "end"))
    try:
        parser.feed(svg)
        parser.close()
    except (ElementTree.ParseError, ValueError):
        return False
    count, begun, sizes = 0, [], Counter[str]()
    for event, element in parser.read_events():
        name, used = element.tag.rpartition("}")[2], element.get("id") in uses
        if event == "start":
            count += 1
            is_odd = count == 1 and name != "svg"
            if is_odd or name in _REFUSED or (name == "use" and begun):
                return False
            if used:
                begun.append(count)
        elif used:
            sizes[element.get("id", "")] += count - begun.pop() + 1
    return count + sum(n * sizes[name] for name, n in uses.items()) <= MOST_ELEMENTS
