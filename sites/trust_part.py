"""What local sites keep of people, and forget."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from jam.models import Jam
from jam.parts import Part
from jam.trust import Kept, Moves, Period, Stays
from sites.belongings import BELONGINGS
from sites.models import LocalSite, Place


class TrustPart(Part):
    """Who came to which local site, and how its organizers are reached."""

    def kept(self) -> list[Kept]:
        return [
            Kept(
                _("Whether you came to a local site, when, and who checked you in"),
                _("Whoever ran the place had to know who was in the house."),
                Period.ATTENDANCE,
            ),
            Kept(
                _("Whom to ask about a local site"),
                _("People who wanted to come had to find it."),
                Period.CONTACTS,
            ),
            Kept(
                _("At which local site you had a place"),
                _("It stands with what was made there."),
            ),
        ]

    def forget(self, jam: Jam, period: Period, moment: datetime) -> int:
        sites = LocalSite.objects.filter(jam=jam)
        match period:
            case Period.ATTENDANCE:
                came = Q(checked_in_at__isnull=False) | Q(did_not_come=True)
                places = Place.objects.filter(came, site__jam=jam)
                # Who came and who did not look alike from now on; else all would count as those
                # who did not.
                sites.filter(no_shows_at__isnull=False).update(no_shows_at=None)
                return places.update(checked_in_at=None, checked_in_by=None, did_not_come=False)
            case Period.CONTACTS:
                return sites.exclude(contact="").update(contact="")
        return 0

    def belongings(self) -> list[Moves | Stays]:
        return BELONGINGS
