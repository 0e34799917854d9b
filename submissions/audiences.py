"""To whom organizers may announce something about submissions: those who have handed in nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext as _

from jam.audiences import Audience
from jam.models import Jam, Participation, User
from jam.parts import Part
from submissions.models import Contributor

NAME = "without-submission"


class AudiencesPart(Part):
    """The audiences of this part."""

    def audiences(self, jam: Jam, by: User) -> list[Audience]:
        if not jam.is_organized_by(by):
            return []
        return [Audience(NAME, _("participants who have handed in nothing"))]

    def people_in(self, jam: Jam, name: str, of: int | None, moment: datetime) -> Any:
        return empty_handed(jam) if name == NAME else None

    def announced_to(self, jam: Jam, user: User, moment: datetime) -> Q:
        return Q(Exists(empty_handed(jam).filter(pk=user.pk)), audience=NAME)

    def involved(self, jam: Jam) -> list[Any]:
        return [Contributor.objects.filter(submission__jam=jam).values("user")]


def empty_handed(jam: Jam) -> QuerySet[User]:
    """Participants on no team that has handed anything in."""
    joined = Participation.objects.active().filter(jam=jam)
    handed_in = Contributor.objects.filter(
        submission__jam=jam, submission__withdrawn_at=None, submission__revisions__isnull=False
    )
    people = User.objects.filter(pk__in=joined.values("user"))
    return people.exclude(pk__in=handed_in.values("user"))
