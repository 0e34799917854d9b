"""The desk of a jam, where its organizers see what is to be done and find all their pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import parts

if TYPE_CHECKING:
    from jam.models import Jam


class Group(TextChoices):
    """What pages for organizers are about, in the order in which they are shown."""

    SET_UP = "set_up", _("Set-up")
    PEOPLE = "people", _("People")
    PLACES = "places", _("Places")
    SUBMISSIONS = "submissions", _("Submissions")
    RATINGS = "ratings", _("Ratings")
    MESSAGES = "messages", _("Messages")
    FAIRNESS = "fairness", _("Fairness")


@dataclass(frozen=True)
class DeskPage:
    """A page for organizers; one that means nothing yet says in `to_come` when it will."""

    group: Group
    name: str
    label: Any
    url: str
    to_come: Any = ""


@dataclass(frozen=True)
class Navigation:
    """All pages for organizers, by group; `current` is the one that is shown, if it is one."""

    groups: tuple[tuple[Group, tuple[DeskPage, ...]], ...]
    current: DeskPage | None = None


def navigation(jam: Jam, reader: parts.Reader, current: str = "") -> Navigation:
    """The pages of every part for `reader`, who organizes `jam`."""
    pages = [page for part in parts.all_parts() for page in part.desk_pages(jam, reader)]
    groups = ((group, tuple(page for page in pages if page.group == group)) for group in Group)
    return Navigation(
        tuple((group, own) for group, own in groups if own),
        next((page for page in pages if page.name == current), None),
    )
