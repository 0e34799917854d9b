"""What ratings bring to the organizers' desk; nothing of it depends on their values."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from jam import timeline
from jam.desk import DeskPage, Group
from jam.models import Jam
from jam.parts import Part, Reader


class DeskPart(Part):
    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        moment = reader.moment
        closed = "" if jam.rating_window.is_over(moment) else _from(jam.ratings_close_at)
        out = "" if timeline.results_due(jam, moment) else _from(jam.results_at)

        def page(group: Group, name: str, label: str, to_come: str = "") -> DeskPage:
            url = reverse(f"ratings:{name}", args=[jam.slug])
            return DeskPage(group, name, label, url, to_come)

        rules = reverse("ratings:rules", args=[jam.slug])
        pages = [
            DeskPage(Group.SET_UP, "rating_rules", _("Rules for rating"), rules),
            page(Group.SET_UP, "criteria", _("Criteria")),
            page(Group.SET_UP, "prizes", _("Prizes")),
            page(Group.RATINGS, "coverage", _("Coverage")),
            page(Group.RATINGS, "judges", _("Judges")),
        ]
        if jam.has_choice_prizes:
            pages.append(page(Group.RATINGS, "awards", _("Awards"), closed))
        return [
            *pages,
            page(Group.RATINGS, "ceremony", _("Ceremony"), out),
            page(Group.FAIRNESS, "integrity", _("Integrity"), closed),
            page(Group.FAIRNESS, "appeals", _("Appeals and feedback"), closed),
        ]


def _from(at: datetime) -> str:
    return _("from %(when)s") % {"when": date_format(localtime(at), _("D j M"))}
