"""What the floor brings to the organizers' desk."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jam.desk import DeskPage, Group
from jam.models import Jam
from jam.parts import Part, Reader


class DeskPart(Part):
    """Set-up, people and messages."""

    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        def page(group: Group, name: str, label: str) -> DeskPage:
            return DeskPage(group, name, label, reverse(f"jam:{name}", args=[jam.slug]))

        pages = [
            page(Group.SET_UP, "set_up", _("What is missing")),
            page(Group.SET_UP, "texts", _("Texts and look")),
            page(Group.SET_UP, "dates", _("Dates")),
            page(Group.SET_UP, "hosts", _("Hosts")),
            page(Group.SET_UP, "schedule", _("Schedule")),
            page(Group.SET_UP, "arrange_resources", _("Resources")),
            page(Group.SET_UP, "sign_up_questions", _("Questions at sign-up")),
            page(Group.PEOPLE, "participants", _("List of participants")),
            page(Group.PEOPLE, "answers", _("Answers at sign-up")),
            page(Group.PEOPLE, "roles", _("Roles")),
            page(Group.MESSAGES, "announcements", _("Announcements")),
            page(Group.MESSAGES, "reports", _("Reports")),
            page(Group.FAIRNESS, "log", _("Log of acts")),
            page(Group.FAIRNESS, "exports", _("Tables to take away")),
        ]
        if reader.user.is_staff:
            url = reverse("admin:jam_jam_change", args=[jam.pk])
            pages.append(DeskPage(Group.SET_UP, "settings", _("All settings"), url))
        return pages
