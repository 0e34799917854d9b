"""The reproducibility ladder: how far a stranger could get with what was handed in.

Levels 0 to 2 come from checks that run nothing and ask nobody: `files` are looked at once, when
they are stored, and `ladder_of` puts what was found together with the text and the links. Levels 3
and 4 come from people who ran it. The ladder gives no stars.
"""

from .files import KINDS, look_at, needs_a_look
from .ladder import Check, Ladder, Rung, ladder_of

__all__ = ["KINDS", "Check", "Ladder", "Rung", "ladder_of", "look_at", "needs_a_look"]
