"""What submissions bring to the organizers' desk."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jam.desk import DeskPage, Group
from jam.models import Jam
from jam.parts import Part, Reader


class DeskPart(Part):
    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        set_up = (
            ("submission_rules", _("Rules for submissions"), "rules"),
            ("tracks", _("Tracks"), "tracks"),
            ("submission_questions", _("Questions to submissions"), "questions"),
        )
        pages = [
            *(
                DeskPage(Group.SET_UP, name, label, reverse(f"submissions:{page}", args=[jam.slug]))
                for name, label, page in set_up
            ),
            DeskPage(
                Group.SUBMISSIONS,
                "teams",
                _("People and teams who look for each other"),
                reverse("submissions:board", args=[jam.slug]),
            ),
        ]
        if reader.user.is_staff:
            url = reverse("admin:submissions_submission_changelist") + f"?jam__id__exact={jam.pk}"
            pages.append(DeskPage(Group.SUBMISSIONS, "admin", _("As a table, in the admin"), url))
        return pages
