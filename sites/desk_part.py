"""What local sites bring to the organizers' desk."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jam.desk import DeskPage, Group
from jam.models import Jam
from jam.parts import Part, Reader


class DeskPart(Part):
    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        url = reverse("sites:list", args=[jam.slug])
        return [DeskPage(Group.PLACES, "sites", _("Local sites"), url)]
