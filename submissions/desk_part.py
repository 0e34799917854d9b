"""What submissions bring to the organizers' desk."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jam.desk import DeskPage, Group
from jam.models import Jam
from jam.parts import Part, Reader


class DeskPart(Part):
    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        pages = [
            DeskPage(
                Group.SUBMISSIONS,
                "teams",
                _("People and teams who look for each other"),
                reverse("submissions:board", args=[jam.slug]),
            )
        ]
        if reader.user.is_staff:
            url = reverse("admin:submissions_submission_changelist") + f"?jam__id__exact={jam.pk}"
            pages.append(DeskPage(Group.SUBMISSIONS, "admin", _("As a table, in the admin"), url))
        return pages
