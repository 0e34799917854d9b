"""What submissions keep of people: all of it for good."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jam.parts import Part
from jam.trust import Kept, Moves, Stays
from submissions.belongings import BELONGINGS


class TrustPart(Part):
    """Who made what."""

    def kept(self) -> list[Kept]:
        return [
            Kept(
                _("What you handed in, with the names of its team"),
                _("It was published under them, is cited under them, and stays checkable."),
            ),
            Kept(
                _("Comments on submissions, and cards of who looked for a team"),
                _("Others have answered them. You can delete your own."),
            ),
        ]

    def belongings(self) -> list[Moves | Stays]:
        return BELONGINGS
